"""A batch task followed to its end, whatever the connection does meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from reetrace.core.errors import AccountError, ServiceError
from reetrace.engines.earthengine import faults
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.tasks import Task, read_task

Progress = Callable[[str, float], None]

FIRST_PAUSE_S, LONGEST_PAUSE_S, _GROWTH = 5.0, 60.0, 1.5
"""Small exports take a minute, large ones hours."""

# Each of these has cost the whole patience of the transport already.
_MOST_SILENCES = 8

_WORDS = {
    "PENDING": "waiting for its turn at Earth Engine",
    "RUNNING": "exporting at Earth Engine",
    "CANCELLING": "being cancelled at Earth Engine",
}


class Follower:
    """Asks after tasks."""

    def __init__(
        self,
        service: Service,
        progress: Progress,
        pause: Callable[[float], None],
        passing: Callable[[str], None],
    ) -> None:
        self._service = service
        self._progress = progress
        self._pause = pause
        self._passing = passing

    def look(self, name: str, *, title: str) -> Task | None:
        """How a task stands; None where the service does not know it (any more)."""
        import ee

        try:
            with self._service.calling(title):
                answer = ee.data.getOperation(name)
        except faults.AssetMissing:
            return None
        return read_task(answer, doing=title, project=self._service.project)

    def listed(self, *, title: str) -> tuple[Task, ...]:
        """All tasks of the project that the service still lists."""
        import ee

        with self._service.calling(title):
            answers = ee.data.listOperations()
        project = self._service.project
        return tuple(read_task(each, doing=title, project=project) for each in answers)

    def follow(self, task: Task, *, title: str) -> Task:
        """The task once it has ended, well or not.

        Raises:
            ServiceError: The service did not answer for long; the task goes on regardless.
        """
        try:
            return self._to_its_end(task, title)
        except ServiceError as fault:
            raise type(fault)(f"{fault} {_goes_on(task)}") from fault
        except BaseException as stop:
            # Ctrl-C ends the following, not the task; whoever prints the end says so.
            stop.add_note(_goes_on(task))
            raise

    def _to_its_end(self, task: Task, title: str) -> Task:
        pause_s, silences = FIRST_PAUSE_S, 0
        while not task.ended:
            words = _WORDS.get(task.state, task.state.lower())
            self._progress(f"{title}: {words}", task.share or 0.0)
            self._pause(pause_s)
            pause_s = min(pause_s * _GROWTH, LONGEST_PAUSE_S)
            try:
                seen = self.look(task.name, title=title)
                if seen is None:
                    raise faults.AssetMissing(
                        f"{title[:1].upper()}{title[1:]}: Earth Engine no longer knows task "
                        f"{task.short_name}. See https://code.earthengine.google.com/tasks."
                    )
            except AccountError:
                raise
            except ServiceError:
                silences += 1
                if silences > _MOST_SILENCES:
                    raise
                continue
            task, silences = seen, 0
            self._passing("polled")
        return task


def _goes_on(task: Task) -> str:
    return (
        f"The export goes on at Earth Engine as task {task.short_name}: run the same command again "
        f"to go on following it (to stop it as well: earthengine task cancel {task.short_name})."
    )
