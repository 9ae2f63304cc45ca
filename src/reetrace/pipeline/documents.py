"""What people read of an evidence folder: the report, the workbook, the companion page."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence

COMPANION = "companion.html"

_OBJECTS_BETWEEN_LOOKS = 50_000

_RECORD = "template.json"


def make_documents(
    found: Evidence, data: Path, *, templates: Path | None, language: str = "en"
) -> tuple[Path, ...]:
    """Writes every document from the evidence alone; returns their places.

    Args:
        found: As it lies in `data/evidence.json`.
        data: The folder's payload, where the documents are put too.
        templates: A user's templates, layered over the shipped ones.
        language: Of the report; the workbook and the page are in English.

    Raises:
        ReetraceError: A template, a raster or a number cannot be used.
    """
    from reetrace import webmap
    from reetrace.report import render

    with _few_looks_for_garbage():
        made = render(found, data, templates=templates, language=language)
        companion = data / COMPANION
        companion.write_text(webmap.companion(found, data), encoding="utf-8", newline="\n")
    return (*made, companion)


@contextmanager
def _few_looks_for_garbage() -> Iterator[None]:
    """Documents are many small objects that live to the end: looking through them costs a tenth."""
    before = gc.get_threshold()
    # Zero is never, and stays so.
    gc.set_threshold(before[0] and max(_OBJECTS_BETWEEN_LOOKS, before[0]), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def language_of(bag: Path) -> str | None:
    """The language of the report that lies in an evidence folder; None where nothing says so.

    Raises:
        EvidenceError: The record of what the report was set with cannot be read.
    """
    record = bag / "data" / _RECORD
    if not record.is_file():
        return None
    try:
        said = json.loads(record.read_bytes()).get("language")
    except (ValueError, AttributeError, RecursionError) as fault:
        raise EvidenceError(f"{record}: is no record of a template ({fault}).") from fault
    return None if said is None else str(said)
