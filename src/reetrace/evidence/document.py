"""Evidence as one JSON document, and back."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import SCHEMA_VERSION, SIMULATED_NOTICE, Evidence
from reetrace.evidence.listing import fault_of_name

T = TypeVar("T")

FORMAT = "reetrace-evidence"

# The largest study area that fits a grid gives some tens of megabytes; more is no evidence of ours.
LARGEST_JSON_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Document:
    """What `evidence.json` holds."""

    format: Literal["reetrace-evidence"]
    """Tells the file from any other JSON."""
    notice: str
    """Says so where imagery was drawn; empty where it was not."""
    evidence: Evidence


@dataclass(frozen=True)
class _VersionOnly:
    """As much of the evidence as says which version it is."""

    schema_version: str


@dataclass(frozen=True)
class _Cover:
    """As much of a document as any version of it must hold."""

    format: str
    evidence: _VersionOnly


def encode(evidence: Evidence) -> bytes:
    """The document as UTF-8 JSON, indented, fields in the order of their types."""
    notice = SIMULATED_NOTICE if evidence.simulated else ""
    return to_json(Document(FORMAT, notice, evidence))  # type: ignore[arg-type]


def decode(content: bytes, name: str) -> Evidence:
    """The evidence of a document; `name` is what an error calls the file.

    Raises:
        EvidenceError: Not JSON, not ours, of another version, or not of the shape it must have.
    """
    cover = from_json(content, _Cover, name)
    if cover.format != FORMAT:
        raise EvidenceError(f"{name}: format is {cover.format!r}, {FORMAT!r} was needed.")
    version = cover.evidence.schema_version
    if version != SCHEMA_VERSION:
        raise EvidenceError(
            f"{name}: schema version {version!r} is not known here; this reetrace reads "
            f"{SCHEMA_VERSION!r}. Use the reetrace that wrote it (see bag-info.txt)."
        )
    document = from_json(content, Document, name)
    notice = SIMULATED_NOTICE if document.evidence.simulated else ""
    if document.notice != notice:
        raise EvidenceError(
            f"{name}: notice is {document.notice!r}, but the evidence needs {notice!r}."
        )
    _refuse_paths(document.evidence, name)
    return document.evidence


def _refuse_paths(evidence: Evidence, name: str) -> None:
    """Refuses what would name a file outside of its folder: files are opened by these."""
    for record in evidence.rasters:
        if fault_of_name(record.path) or not record.path.startswith("rasters/"):
            raise EvidenceError(f"{name}: {record.path[:80]!r} is no raster of this folder.")
    labels = (each.label for each in evidence.epochs)
    for each in (*labels, evidence.site.id, evidence.study_area.id, evidence.years):
        if "/" in each or fault_of_name(each):
            raise EvidenceError(f"{name}: {each[:80]!r} cannot be part of a file's name.")


def read_bytes(path: Path) -> bytes:
    """A JSON file of the folder, refused where it is missing or too large to be ours."""
    try:
        size = path.stat().st_size
        if size > LARGEST_JSON_BYTES:
            raise EvidenceError(
                f"{path}: {size:,} bytes; no file of ours is larger than {LARGEST_JSON_BYTES:,}."
            )
        return path.read_bytes()
    except OSError as error:
        raise EvidenceError(
            f"{path}: cannot be read ({error.strerror or error}). An evidence folder was needed."
        ) from error


def from_json(content: bytes, kind: type[T], name: str) -> T:
    """JSON as a value of this type, or one line saying where it departs from it."""
    import msgspec

    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        raise EvidenceError(f"{name}: {error}. A file written by reetrace was needed.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise EvidenceError(f"{name}: no JSON that can be read ({error}).") from error


def to_json(value: object) -> bytes:
    """Indented JSON in which lists of plain values, such as outlines, keep to one line."""
    return (_laid_out(_plain(value), "") + "\n").encode("utf-8")


def _plain(value: Any) -> Any:  # noqa: ANN401 - any noun of core
    """Dataclasses as dicts, tuples as lists, numpy numbers as Python's."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value.item() if isinstance(value, np.generic) else value


def _holds_objects(value: object) -> bool:
    if isinstance(value, list):
        return any(_holds_objects(item) for item in value)
    return isinstance(value, dict)


def _laid_out(value: object, indent: str) -> str:
    import msgspec

    deeper = indent + "  "
    if isinstance(value, dict) and value:
        lines = [
            f"{deeper}{msgspec.json.encode(key).decode()}: {_laid_out(item, deeper)}"
            for key, item in value.items()
        ]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and _holds_objects(value):
        items = [deeper + _laid_out(item, deeper) for item in value]
        return "[\n" + ",\n".join(items) + f"\n{indent}]"
    return msgspec.json.encode(value).decode()
