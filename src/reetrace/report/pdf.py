"""The PDF: evidence, rasters and template in, one document out, the same bytes every time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from reetrace.core.errors import OutputError
from reetrace.core.evidence import Evidence
from reetrace.reading.language import ENGLISH, plain, quote, speaking
from reetrace.reading.rasters import Rasters
from reetrace.report import fonts
from reetrace.report.about import about
from reetrace.report.archive import finish
from reetrace.report.attached import Attachment, attachments
from reetrace.report.facts import facts
from reetrace.report.figures.plate import styled
from reetrace.report.letter_press import LetterPress
from reetrace.report.pages import write_pages
from reetrace.report.press import Press
from reetrace.report.sections import (
    change,
    checks,
    closing,
    cover,
    front,
    ground,
    letter,
    letter_doubts,
    results,
    screening,
)
from reetrace.report.sections.job import Job
from reetrace.report.sections.untranslated import untranslated
from reetrace.report.template import Section, Template, load_template

NAME = "report.pdf"

_SECTIONS: Mapping[str, Callable[[Job, Section], list[Any]]] = {
    "cover": cover.cover,
    "contents": front.contents,
    "findings": results.findings,
    "place": ground.place,
    "imagery": ground.images,
    "landcover": results.landcover,
    "change": change.change,
    "extents": results.growing_extents,
    "countries": change.countries,
    "patches": change.patches,
    "accuracy": checks.accuracy,
    "spectral": screening.spectral,
    "published": checks.published,
    "context": closing.context,
    "limits": closing.limits,
    "method": closing.method,
    "custody": closing.custody,
    "letterhead": letter.letterhead,
    "answer": letter.answer,
    "site": letter.site,
    "certainty": letter_doubts.certainty,
    "caveats": letter_doubts.caveats,
    "digests": letter_doubts.digests,
    "text": closing.words_only,
}


def write_pdf(
    evidence: Evidence,
    data: Path,
    *,
    templates: Template | Path | None = None,
    language: str = ENGLISH,
) -> Path:
    """Writes `report.pdf` into the data folder of a bag.

    Args:
        evidence: As loaded from `data/evidence.json`.
        data: Holds `evidence.json` and the rasters that the evidence names.
        templates: A user's template folder, or that of a shipped template, or either as it was
            loaded; the default without.
        language: Code of one of `reading.language.languages`.

    Raises:
        SettingError: There is no catalogue of the language.
        TemplateError: A text misspells a fact, uses a forbidden word or a letter without a font.
        EvidenceError: `evidence.json` or a raster is missing.
        OutputError: The file could not be written.
    """
    template = templates if isinstance(templates, Template) else load_template(templates)
    document = set_report(evidence, data, template, language=language)
    path = data / NAME
    aside = path.with_name(f".{NAME}.part")
    try:
        aside.write_bytes(document)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise OutputError(f"{path}: the report could not be written: {error}.") from error
    return path


def set_report(
    evidence: Evidence, data: Path, template: Template, *, language: str = ENGLISH
) -> bytes:
    """The bytes of the report."""
    attached = attachments(data)
    template = template.of(evidence)
    edition = template.edition(language)
    with fonts.set_in(template.brand.typeface), speaking(edition), styled():
        return _set(evidence, data, template, attached)


def _set(
    evidence: Evidence, data: Path, template: Template, attached: tuple[Attachment, ...]
) -> bytes:
    digest = hashlib.sha256(attached[0].content).hexdigest()
    press = (LetterPress if template.is_letter else Press)(evidence, template.brand)
    rasters = Rasters(evidence, data)
    job = Job(evidence, press, rasters, template, facts(evidence), digest, attached)
    template.check_words(job.facts)
    story: list[Any] = []
    for section in template.sections:
        press.begin(section.kind)
        story += _SECTIONS[section.kind](job, section)
    first, last = evidence.epochs[0].label, evidence.epochs[-1].label
    period = last if first == last else f"{first}–{last}"
    story += untranslated(job)
    name = plain(f"{quote(evidence.site.title)}, {period}")
    footer = plain(f"{name} · {quote(template.footer)}" if template.footer else name)
    fonts.check_glyphs(footer, "footer")
    sheets = write_pages(
        story, evidence=evidence, brand=template.brand, footer=footer, digest=digest
    )
    return finish(sheets, about(evidence, f"{quote(template.title)}: {name}", digest), attached)


def overview(evidence: Evidence, data: Path) -> bytes:
    """A map of the extents of every epoch as JPEG, for the workbook."""
    from reetrace.report.figures import extents

    return extents.nested(Rasters(evidence, data), width_mm=150.0, height_mm=160.0).image
