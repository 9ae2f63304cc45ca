"""One export brought to its end: started once, found again, followed, settled.

An export is known by the digest of what decides it. Its asset, its task's description and its
request id are made of the digest, so that the service's own lists tell what was started, whatever
was lost here; the journal tells it too, and is written before a request goes out and after its
answer. Between them a run can be killed anywhere, and the next one starts nothing twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reetrace.core.errors import ServiceError
from reetrace.engines.earthengine import faults
from reetrace.engines.earthengine.following import Follower, Progress
from reetrace.engines.earthengine.journal import Entry, Journal
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.tasks import Kind, Task, failure, read_task

FOLDER = "reetrace"
"""Folder of the project's assets that holds ours."""

USUAL_TILE, LEAST_TILE = 256, 32
"""Pixels a side of the squares the service works in: its default, and the least worth trying."""

# Each round ends with a result, an error, or the knowledge that one more attempt was used up.
_MOST_ROUNDS = 5

# An asset or a task may take a moment to show in the service's lists.
_LOOKS, _LOOK_PAUSE_S = 4, 5.0


@dataclass(frozen=True)
class Wanted:
    """One result that is to be there in the end."""

    kind: Kind
    digest: str
    """SHA-256, in hex, of everything that decides it."""
    title: str
    tag: str
    request: Callable[[Entry], dict[str, Any]]
    """The body of the request that starts it, but for its id and tag."""

    @property
    def key(self) -> str:
        """What tells it from others in names: the first 16 digits of the digest."""
        return self.digest[:16]

    @property
    def place(self) -> str:
        """Name of its asset within the project's assets."""
        return place_of(self.kind, self.digest)


def place_of(kind: Kind, digest: str) -> str:
    """Name, within a project's assets, of the asset that holds what this digest stands for.

    >>> place_of("image", "0123456789abcdef" * 4)
    'reetrace/image-0123456789abcdef'
    """
    return f"{FOLDER}/{kind}-{digest[:16]}"


class Finisher:
    """Sees to it that an asset is there."""

    def __init__(
        self,
        service: Service,
        work: Path,
        *,
        progress: Progress | None = None,
        pause: Callable[[float], None] | None = None,
        passing: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Asks nothing yet; arguments as for `Exports`."""
        self._service = service
        self._journal = Journal(work / "exports")
        self._pause = pause or time.sleep
        self._passing = passing
        self._follower = Follower(service, progress or (lambda _, __: None), self._pause, passing)
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    @property
    def folder(self) -> str:
        """Full name of the folder of our assets."""
        return f"projects/{self._service.project}/assets/{FOLDER}"

    def finished(self, wanted: Wanted) -> str:
        """Full name of the asset, once it is there.

        Raises:
            ServiceError: The task failed or was cancelled, or the service did not answer.
        """
        asset = self._asset(wanted)
        with self._guard:
            lock = self._locks.setdefault(asset, threading.Lock())
        with lock:
            for _ in range(_MOST_ROUNDS):
                if self._is_there(wanted):
                    self._close(wanted)
                    return self._kept(asset)
                if self._made(wanted):
                    return self._kept(asset)
        raise self._vanished(wanted)

    def _kept(self, asset: str) -> str:
        self._service.usage.keep_export(asset)
        return asset

    def _vanished(self, wanted: Wanted) -> ServiceError:
        return ServiceError(
            f"{_capital(wanted.title)}: the export ended well, but its asset "
            f"{self._asset(wanted)} is not there. Somebody may be removing it; run the same "
            "command again."
        )

    def _made(self, wanted: Wanted) -> bool:
        """Follows a task to its end; False where it had ended long ago and its asset is gone."""
        under_way = self._under_way(wanted)
        if under_way is None:
            return False
        entry, task = under_way
        self._settle(entry, self._follower.follow(task, title=wanted.title), wanted)
        for _ in range(_LOOKS):
            if self._is_there(wanted):
                return True
            self._pause(_LOOK_PAUSE_S)
        if not task.ended:
            # It ended before our eyes: a further attempt would fare no better.
            raise self._vanished(wanted)
        return False

    def _asset(self, wanted: Wanted) -> str:
        return f"projects/{self._service.project}/assets/{wanted.place}"

    def _is_there(self, wanted: Wanted) -> bool:
        import ee

        try:
            with self._service.calling(wanted.title):
                ee.data.getAsset(self._asset(wanted))
        except faults.AssetMissing:
            return False
        return True

    def _close(self, wanted: Wanted) -> None:
        """Writes down what an interrupted run left open although its asset is there."""
        entry = self._journal.read(self._asset(wanted))
        if entry is not None and entry.state == "started":
            task = self._follower.look(entry.operation, title=wanted.title)
            if task is not None and task.state == "SUCCEEDED":
                self._settle(entry, task, wanted)

    def _settle(self, entry: Entry, task: Task, wanted: Wanted) -> None:
        """Writes down how a task ended, and raises where it ended without a result."""
        self._service.usage.add_batch(task.eecu_seconds)
        entry = replace(entry, eecu_seconds=task.eecu_seconds)
        if task.state == "SUCCEEDED":
            self._passing("succeeded")
            self._journal.write(replace(entry, state="succeeded"))
            self._passing("settled")
            return
        fault = failure(task, title=wanted.title, project=self._service.project)
        if isinstance(fault, faults.AlreadyThere) and self._is_there(wanted):
            # Somebody else of the project, whose tasks we are not shown, was faster.
            self._journal.write(replace(entry, state="succeeded"))
            return
        if isinstance(fault, faults.MemoryExceeded) and entry.tile_pixels:
            entry = replace(entry, tile_pixels=max(entry.tile_pixels // 2, LEAST_TILE))
        self._journal.write(replace(entry, state="failed", cause=faults.quoted(task.error)))
        raise fault

    def _under_way(self, wanted: Wanted) -> tuple[Entry, Task] | None:
        """The task that is to be followed: one that was started before, by whomever, or a new one.

        None where the service says that there is something already, and it is the asset.
        """
        entry = self._journal.read(self._asset(wanted))
        if entry is not None and entry.state == "started":
            task = self._look_well(entry.operation, wanted)
            if task is not None:
                return entry, task
        latest, known = self._latest(wanted), 0 if entry is None else entry.attempt
        usual = USUAL_TILE if wanted.kind == "image" else 0
        tile = usual if entry is None else entry.tile_pixels
        if latest is not None and (
            not latest.ended
            or (entry is not None and entry.state == "asked" and latest.attempt == known)
            # Its asset may not show yet; if it stays away, that attempt is used up.
            or (latest.state == "SUCCEEDED" and latest.attempt > known)
        ):
            return self._adopted(self._entry(wanted, latest.attempt, tile), latest)
        if entry is None or entry.state != "asked":
            used = known if latest is None else max(known, latest.attempt)
            entry = self._entry(wanted, used + 1, tile)
        return self._started(entry, wanted)

    def _look_well(self, operation: str, wanted: Wanted) -> Task | None:
        """A task that the service named once; None where it has forgotten it for good."""
        for _ in range(_LOOKS):
            task = self._follower.look(operation, title=wanted.title)
            if task is not None:
                return task
            self._pause(_LOOK_PAUSE_S)
        return None

    def _started(self, entry: Entry, wanted: Wanted) -> tuple[Entry, Task] | None:
        import ee

        self._make_folder(wanted.title)
        self._passing("unasked")
        self._journal.write(entry)
        self._passing("asked")
        start = ee.data.exportImage if wanted.kind == "image" else ee.data.exportTable
        try:
            with self._service.calling(wanted.title, tag=wanted.tag):
                answer = start(entry.request_id, wanted.request(entry))
        except faults.AlreadyThere:
            return self._asked_before(entry, wanted)
        self._passing("posted")
        task = read_task(answer, doing=wanted.title, project=self._service.project)
        return self._adopted(entry, task)

    def _asked_before(self, entry: Entry, wanted: Wanted) -> tuple[Entry, Task] | None:
        """The task that an earlier request with this id started, or None for its asset."""
        for _ in range(_LOOKS):
            if self._is_there(wanted):
                return None
            latest = self._latest(wanted)
            if latest is not None and latest.attempt >= entry.attempt:
                again = self._entry(wanted, latest.attempt, entry.tile_pixels)
                return self._adopted(again, latest)
            self._pause(_LOOK_PAUSE_S)
        self._journal.write(replace(entry, state="unlisted"))
        raise ServiceError(
            f"{_capital(wanted.title)}: Earth Engine says that it was asked for this export "
            "before, and shows neither the task nor its result. Run the same command again in "
            "some minutes."
        )

    def _adopted(self, entry: Entry, task: Task) -> tuple[Entry, Task]:
        entry = replace(entry, state="started", operation=task.name)
        self._journal.write(entry)
        self._passing("started")
        return entry, task

    def _latest(self, wanted: Wanted) -> Task | None:
        """Of the tasks that the service lists for this export one under way, else the latest."""
        listed = self._follower.listed(title=wanted.title)
        ours = [each for each in listed if each.is_of(wanted.kind, wanted.key)]
        return max(ours, key=lambda each: (not each.ended, each.attempt), default=None)

    def _entry(self, wanted: Wanted, attempt: int, tile_pixels: int) -> Entry:
        # The service keeps ids by user, not by project.
        whole = f"{self._asset(wanted)} {wanted.digest} {attempt}"
        return Entry(
            digest=wanted.digest,
            asset=self._asset(wanted),
            attempt=attempt,
            request_id=f"reetrace-{hashlib.sha256(whole.encode()).hexdigest()[:40]}",
            state="asked",
            tile_pixels=tile_pixels,
        )

    def _make_folder(self, title: str) -> None:
        import ee

        try:
            with self._service.calling(title):
                ee.data.getAsset(self.folder)
        except faults.AssetMissing:
            with contextlib.suppress(faults.AlreadyThere), self._service.calling(title):
                ee.data.createAsset({"type": "FOLDER"}, self.folder)


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]
