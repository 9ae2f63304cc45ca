"""What is known of a batch export, on disk, so that a run that was killed starts nothing twice."""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from reetrace.core.errors import OutputError

State = Literal["asked", "started", "succeeded", "failed", "unlisted"]
"""`asked`: about to be sent, or sent and not yet answered. `started`: the service named its
operation. `succeeded` and `failed` (cancelled ones too) are its ends. `unlisted`: the service said
that it had been asked before, and could not show the operation."""

_STATES = ("asked", "started", "succeeded", "failed", "unlisted")


@dataclass(frozen=True)
class Entry:
    """One export and its latest attempt."""

    digest: str
    """SHA-256 of everything that decides the result."""
    asset: str
    """Full name of the asset that holds the result when it is there."""
    attempt: int
    """Counted from 1; a new one only after the one before it ended without a result."""
    request_id: str
    """By which the service knows a repeated request."""
    state: State
    operation: str = ""
    """The service's name of the task; empty until it has told."""
    cause: str = ""
    """Why the attempt failed."""
    tile_pixels: int = 0
    """Edge of the squares the service works in, in pixels; 0 for a table."""
    eecu_seconds: float | None = None
    """Compute of the finished task as far as the service told."""


class Journal:
    """A folder with one file an export. A file in it is whole or it is not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, asset: str) -> Entry | None:
        """What is known of the export to this asset; None where nothing is.

        A file that is no entry, as a disk error may leave it, counts as none: the list of the
        service's own operations is looked through before anything is started.
        """
        try:
            content: Any = json.loads(self._path(asset).read_text(encoding="utf-8"))
            known = {field.name for field in fields(Entry)}
            entry = Entry(**{name: value for name, value in content.items() if name in known})
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, AttributeError):
            return None
        sound = entry.asset == asset and entry.state in _STATES and isinstance(entry.attempt, int)
        return entry if sound else None

    def write(self, entry: Entry) -> None:
        """Keeps an entry: written aside, brought to the disk, then renamed.

        Raises:
            OutputError: The work folder cannot be written to.
        """
        path = self._path(entry.asset)
        aside = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, aside = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(entry), file, indent=2, sort_keys=True, ensure_ascii=False)
                file.flush()
                # A power cut must not lose what a request on its way will make true.
                os.fsync(file.fileno())
            Path(aside).replace(path)
        except OSError as fault:
            if aside is not None:
                Path(aside).unlink(missing_ok=True)
            raise OutputError(
                f"{path}: cannot be written ({fault.strerror or fault}). "
                "Free some space or choose another work folder."
            ) from fault

    def _path(self, asset: str) -> Path:
        """One folder a project, for the same work folder may serve several."""
        project, name = re.fullmatch(r"projects/([^/]+)/assets/(.+)", asset).groups()  # type: ignore[union-attr]
        # Projects of some organisations carry their domain and a colon, which not every disk takes.
        return self._folder / project.replace(":", "-") / f"{name.replace('/', '-')}.json"
