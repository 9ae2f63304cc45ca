"""Documents made from an evidence folder alone: no engine, no account, no network, no clock."""

from __future__ import annotations

from pathlib import Path

from reetrace.core.evidence import Evidence

__all__ = ["check_templates", "render"]


def check_templates(templates: Path | None) -> None:
    """Looks at a user's templates as far as it can be done without evidence.

    Raises:
        TemplateError: A file says something it may not, or a text is missing or misspelt.
    """
    from reetrace.report.template import load_template

    load_template(templates)


def render(
    evidence: Evidence, data: Path, *, templates: Path | None = None, language: str = "en"
) -> tuple[Path, ...]:
    """The PDF report and the workbook, written into the data folder of a bag.

    Beside them comes `template.json`: the digests of every file the report was set with.

    Args:
        evidence: As loaded from `data/evidence.json`.
        data: Holds `evidence.json` and the rasters that the evidence names.
        templates: A user's template folder, or that of a shipped template; the default without.
        language: Of the report; the workbook is in English.

    Returns:
        `report.pdf` and `tables.xlsx`.

    Raises:
        TemplateError: A text misspells a fact, uses a forbidden word or a letter without a font.
        EvidenceError: A file is missing, or the numbers do not agree with one another.
        OutputError: A document could not be written.
    """
    import tempfile

    from reetrace.ledger import tabulate
    from reetrace.report.pdf import overview, write_pdf
    from reetrace.report.template import RECORD, load_template
    from reetrace.report.workbook import write_workbook

    tables = tabulate(evidence)
    template = load_template(templates)
    record = template.record(evidence, language)
    report = write_pdf(evidence, data, templates=template, language=language)
    workbook = data / "tables.xlsx"
    with tempfile.TemporaryDirectory() as folder:
        map_image = Path(folder) / "map.jpg"
        map_image.write_bytes(overview(evidence, data))
        write_workbook(evidence, tables, workbook, map_image=map_image)
    (data / RECORD).write_bytes(record)
    return report, workbook
