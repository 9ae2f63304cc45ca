"""What people read of an evidence folder: the report, the workbook, the companion page."""

from __future__ import annotations

from pathlib import Path

from reetrace.core.evidence import Evidence

COMPANION = "companion.html"


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

    made = render(found, data, templates=templates, language=language)
    companion = data / COMPANION
    companion.write_text(webmap.companion(found, data), encoding="utf-8", newline="\n")
    return (*made, companion)
