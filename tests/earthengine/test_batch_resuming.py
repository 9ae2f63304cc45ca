"""Killed anywhere, an export is started once; the next run goes on where the last one stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reetrace.core.errors import ServiceError
from reetrace.engines.earthengine.journal import Journal
from tests.earthengine.batch_backend import Keeping
from tests.earthengine.conftest import Opened, OpenLoopback
from tests.earthengine.test_batch import ASSET, export, exports_of
from tests.loopback.faults import Fault

STEPS = ("unasked", "asked", "posted", "started", "polled", "succeeded", "settled")
ROOT = Path(__file__).resolve().parents[2]


class Killed(BaseException):
    """Stands for whatever ends a run without asking."""


def killing(at: str) -> Callable[[str], None]:
    """Ends the run when it comes to a step."""

    def passing(step: str) -> None:
        if step == at:
            raise Killed

    return passing


def started_tasks(opened: Opened) -> int:
    """How many tasks the service has ever been made to start."""
    return len(opened.server.operations.listing("reetrace-test"))


@pytest.mark.parametrize("lost", ["nothing", "work folder"])
@pytest.mark.parametrize("duplicates", ["same", "conflict"])
@pytest.mark.parametrize("step", STEPS)
def test_a_run_killed_at_any_step_starts_nothing_twice(
    open_loopback: OpenLoopback, tmp_path, step, duplicates, lost
):
    """Before the request, after it, while the task runs, after it ended: one task, one asset."""
    opened = open_loopback(Keeping())
    opened.server.operations.duplicates = duplicates
    with pytest.raises(Killed):
        export(exports_of(opened, tmp_path, passing=killing(step)))
    if lost == "work folder":
        shutil.rmtree(tmp_path / "exports", ignore_errors=True)

    asset = export(exports_of(opened, tmp_path))

    assert asset == ASSET
    assert opened.server.operations.ran == [ASSET]
    assert started_tasks(opened) == 1


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    ends=st.lists(st.tuples(st.sampled_from(STEPS), st.booleans()), max_size=6),
    duplicates=st.sampled_from(["same", "conflict"]),
    number=st.integers(min_value=0, max_value=2**62),
)
def test_however_often_it_is_killed_it_runs_once(
    open_loopback: OpenLoopback, tmp_path, ends, duplicates, number
):
    """Any number of kills anywhere, with or without the work folder surviving them."""
    opened = open_loopback(Keeping())
    opened.server.operations.duplicates = duplicates
    digest, work = f"{number:064x}", tmp_path / f"{number:x}"
    for step, loses_folder in ends:
        try:
            export(exports_of(opened, work, passing=killing(step)), digest=digest)
        except Killed:
            if loses_folder:
                shutil.rmtree(work, ignore_errors=True)

    export(exports_of(opened, work), digest=digest)

    assert len(opened.server.operations.ran) == 1
    assert started_tasks(opened) == 1


def test_a_request_whose_answer_was_lost_is_known_again(open_loopback: OpenLoopback, tmp_path):
    """The connection breaks after the service has started the task: the repetition is the same."""
    opened = open_loopback(Keeping())
    opened.server.faults.append(Fault("image:export", kind="reset", times=2))

    export(exports_of(opened, tmp_path))

    assert opened.server.counts()["image:export"] == 3
    assert len({body["requestId"] for body in opened.server.bodies("image:export")}) == 1
    assert started_tasks(opened) == 1


@pytest.mark.parametrize("duplicates", ["same", "conflict"])
def test_a_request_that_never_got_an_answer_is_found_by_the_next_run(
    open_loopback: OpenLoopback, tmp_path, duplicates
):
    """The first run gives up without knowing whether the task was started; it was."""
    opened = open_loopback(Keeping())
    opened.server.operations.duplicates = duplicates
    opened.server.faults.append(Fault("image:export", kind="hang", times=2))
    with pytest.raises(ServiceError, match="no answer came"):
        export(exports_of(opened, tmp_path))
    opened.server.faults.clear()

    export(exports_of(opened, tmp_path))

    assert started_tasks(opened) == 1
    assert opened.server.operations.ran == [ASSET]


def test_a_task_the_service_denies_and_hides_is_not_started_again_at_once(
    open_loopback: OpenLoopback, tmp_path
):
    """Asked before, it says, and lists nothing: whether it runs cannot be known, so we wait."""
    opened = open_loopback(Keeping())
    operations = opened.server.operations
    operations.duplicates = "conflict"
    with pytest.raises(Killed):
        export(exports_of(opened, tmp_path, passing=killing("posted")))
    (hidden,) = operations._operations
    operations.forget(hidden)

    with pytest.raises(ServiceError, match="in some minutes") as told:
        export(exports_of(opened, tmp_path))
    assert started_tasks(opened) == 0

    export(exports_of(opened, tmp_path))
    assert operations.ran == [ASSET]
    assert "\n" not in str(told.value)


def test_a_task_that_the_list_shows_late_is_waited_for(open_loopback: OpenLoopback, tmp_path):
    """Just after it was started the service may not know its own task for a moment."""
    opened = open_loopback(Keeping())
    with pytest.raises(Killed):
        export(exports_of(opened, tmp_path, passing=killing("started")))
    opened.server.faults.append(
        Fault("operations.get", status=404, status_name="NOT_FOUND", message="not found", times=2)
    )

    export(exports_of(opened, tmp_path))

    assert started_tasks(opened) == 1


def test_an_asset_that_was_removed_is_made_again(open_loopback: OpenLoopback, tmp_path):
    """Its first request id is used up, so the second attempt has another."""
    backend = Keeping()
    opened = open_loopback(backend)
    export(exports_of(opened, tmp_path))
    backend.assets.clear()

    export(exports_of(opened, tmp_path))

    first, second = opened.server.bodies("image:export")
    assert first["requestId"] != second["requestId"]
    assert opened.server.operations.ran == [ASSET, ASSET]


@pytest.mark.parametrize("duplicates", ["same", "conflict"])
def test_an_asset_that_was_removed_is_made_again_from_elsewhere(
    open_loopback: OpenLoopback, tmp_path, duplicates
):
    """Another work folder learns from the service's list which attempt comes next."""
    backend = Keeping()
    opened = open_loopback(backend)
    opened.server.operations.duplicates = duplicates
    export(exports_of(opened, tmp_path / "first"))
    backend.assets.clear()

    export(exports_of(opened, tmp_path / "second"))

    assert opened.server.operations.ran == [ASSET, ASSET]


def test_the_compute_of_a_task_that_outlived_its_run_is_counted(
    open_loopback: OpenLoopback, tmp_path
):
    """Killed after the task ended, before that was written down: the next run asks once more."""
    opened = open_loopback(Keeping())
    with pytest.raises(Killed):
        export(exports_of(opened, tmp_path, passing=killing("succeeded")))
    opened.service.usage.batch_eecu_seconds = None

    export(exports_of(opened, tmp_path))

    assert opened.service.usage.batch_eecu_seconds == 12.5
    entry = Journal(tmp_path / "exports").read(ASSET)
    assert entry is not None
    assert (entry.state, entry.attempt, entry.eecu_seconds) == ("succeeded", 1, 12.5)


def test_ctrl_c_ends_the_following_and_not_the_task(open_loopback: OpenLoopback, tmp_path):
    """Whoever stops is told that the task goes on, and how to go on with it or end it."""
    opened = open_loopback(Keeping())

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stopped:
        export(exports_of(opened, tmp_path, pause=interrupt))

    (note,) = stopped.value.__notes__
    assert "goes on at Earth Engine as task" in note
    assert "run the same command again" in note
    assert "earthengine task cancel" in note
    assert "operations.cancel" not in opened.server.counts()
    export(exports_of(opened, tmp_path))
    assert started_tasks(opened) == 1


def test_the_command_line_says_what_goes_on(monkeypatch, capsys):
    """What was noted where the run was stopped is read by whoever stopped it."""
    from reetrace import cli

    def stopped(*notes: str) -> str:
        stop = cli._Stopped(signal.SIGINT)
        for note in notes:
            stop.add_note(note)

        def run() -> None:
            raise stop

        monkeypatch.setattr(cli, "_run", run)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 130
        return str(capsys.readouterr().err)

    assert stopped("The export goes on.").endswith("was left. The export goes on.\n")
    assert stopped().endswith("was left. The same command starts anew.\n")


CHILD = """
    import os, signal, sys
    from pathlib import Path
    from reetrace.engines.earthengine.batch import Exports
    from reetrace.engines.earthengine.service import Service
    from tests.earthengine.test_batch import export

    url, work, kill_at = sys.argv[1:]

    def passing(step):
        print(step, flush=True)
        if step == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    with Service.open(project="reetrace-test", key=None, url=url) as service:
        print(export(Exports(service, Path(work), pause=lambda _: None, passing=passing)))
"""


def test_a_process_killed_in_the_middle_of_an_export_is_resumed_by_the_next(
    open_loopback: OpenLoopback, tmp_path
):
    """A real process, a real kill that nothing can catch; the server lives on beside them."""
    opened = open_loopback(Keeping())

    def child(kill_at: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(CHILD), opened.server.url, tmp_path, kill_at],
            check=False,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        )

    killed, second = child("polled"), child("nowhere")

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert killed.stdout.split() == ["unasked", "asked", "posted", "started", "polled"]
    assert second.stdout.split() == ["polled", "succeeded", "settled", ASSET]
    assert opened.server.counts()["image:export"] == 1
    assert opened.server.operations.ran == [ASSET]
