"""Files of the evidence folder that go with a report, inside of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reetrace.core.errors import EvidenceError

Relation = Literal["Source", "Data"]

_TYPES = {".json": "application/json", ".geojson": "application/geo+json", ".csv": "text/csv"}


@dataclass(frozen=True)
class Attachment:
    """One file."""

    path: str
    """Relative to the data folder."""
    what: str
    relation: Relation
    """`Source`: what the report was made from. `Data`: what a table or figure of it shows."""
    content: bytes

    @property
    def name(self) -> str:
        """As a reader's list of attachments shows it."""
        return Path(self.path).name

    @property
    def mime_type(self) -> str:
        """The kind of file."""
        return _TYPES[Path(self.path).suffix]


def attachments(data: Path) -> tuple[Attachment, ...]:
    """The evidence, its outlines and its tables, as they lie in a data folder.

    Raises:
        EvidenceError: `evidence.json` is missing, or a file cannot be read.
    """
    wanted = [(data / "evidence.json", "every figure of this report", "Source")]
    for pattern, what in (("vectors/*.geojson", "outlines"), ("tables/*.csv", "table")):
        wanted += [
            (path, f"{what}: {path.stem.replace('_', ' ')}", "Data")
            for path in sorted(data.glob(pattern))
        ]
    return tuple(
        Attachment(path.relative_to(data).as_posix(), what, relation, _read(path))  # type: ignore[arg-type]
        for path, what, relation in wanted
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvidenceError(
            f"{path}: cannot be read ({error.strerror}). Point at the evidence folder of a run."
        ) from error
