"""The PDF: evidence, rasters and template in, one document out, the same bytes every time."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from reetrace.core.errors import OutputError
from reetrace.core.evidence import Evidence
from reetrace.reading import lookup, numerals, wording
from reetrace.reading.rasters import Rasters
from reetrace.report import fonts
from reetrace.report.about import about
from reetrace.report.archive import finish
from reetrace.report.attached import attachments
from reetrace.report.pages import write_pages
from reetrace.report.press import Press
from reetrace.report.sections import (
    change,
    checks,
    closing,
    cover,
    front,
    ground,
    results,
    screening,
)
from reetrace.report.sections.job import Job
from reetrace.report.template import Section, Template, load_template
from reetrace.shipped import shipped

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
    "text": closing.words_only,
}


def write_pdf(evidence: Evidence, data: Path, *, templates: Path | None = None) -> Path:
    """Writes `report.pdf` into the data folder of a bag.

    Args:
        evidence: As loaded from `data/evidence.json`.
        data: Holds `evidence.json` and the rasters that the evidence names.
        templates: A user's template folder over the shipped one.

    Raises:
        TemplateError: A text misspells a fact, uses a forbidden word or a letter without a font.
        EvidenceError: `evidence.json` or a raster is missing.
        OutputError: The file could not be written.
    """
    template = load_template(shipped("templates") / "default", templates)
    document = set_report(evidence, data, template)
    path = data / NAME
    aside = path.with_name(f".{NAME}.part")
    try:
        aside.write_bytes(document)
        os.replace(aside, path)  # noqa: PTH105 - one call that replaces on every system
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise OutputError(f"{path}: the report could not be written: {error}.") from error
    return path


def set_report(evidence: Evidence, data: Path, template: Template) -> bytes:
    """The bytes of the report."""
    attached = attachments(data)
    digest = hashlib.sha256(attached[0].content).hexdigest()
    press = Press(evidence, template.brand)
    rasters = Rasters(evidence, data)
    job = Job(evidence, press, rasters, template, facts(evidence), digest, attached)
    check_words(template, job.facts)
    story: list[Any] = []
    for section in template.sections:
        press.begin(section.kind)
        story += _SECTIONS[section.kind](job, section)
    first, last = evidence.epochs[0].label, evidence.epochs[-1].label
    period = last if first == last else f"{first}–{last}"
    name = f"{evidence.site.title}, {period}"
    footer = f"{name} · {template.footer}" if template.footer else name
    fonts.check_glyphs(footer, "footer")
    sheets = write_pages(
        story, evidence=evidence, brand=template.brand, footer=footer, digest=digest
    )
    return finish(sheets, about(evidence, f"{template.title}: {name}", digest), attached)


def check_words(template: Template, facts: Mapping[str, Any]) -> None:
    """Raises TemplateError for a fault in any text, before the first figure is drawn."""
    for section in template.sections:
        where = f"section {section.kind!r}"
        wording.check(section.heading, where)
        if section.text:
            wording.check(template.words(section.text, facts), f"{where}, {section.text}")


def facts(evidence: Evidence) -> dict[str, Any]:
    """What the words of a template may speak of."""
    zone_set, zone = lookup.subject(evidence)
    return {
        "site": evidence.site.title,
        "study_area": evidence.study_area.title,
        "where": lookup.side_title(evidence, zone_set, zone),
        "first": evidence.epochs[0].label,
        "last": evidence.epochs[-1].label,
        "epochs": [each.label for each in evidence.epochs],
        "sensors": list(dict.fromkeys(each.sensor_title for each in evidence.epochs)),
        "target": lookup.target_title(evidence),
        "pixel_m": f"{evidence.grid.pixel_m:g}",
        "pixel_area": numerals.value_of_m2(evidence.grid.pixel_area_m2),
        "utm_zone": evidence.grid.epsg - 32600,
        "epsg": evidence.grid.epsg,
        "min_observations": evidence.epochs[0].min_observations,
        "season_months": list(evidence.epochs[0].months),
        "trees": evidence.models[0].knobs.trees if evidence.models else None,
        "run_id": evidence.run_id,
        "version": evidence.reetrace_version,
        "engine": evidence.engine,
        "issue_date": evidence.issue_date,
        "simulated": evidence.simulated,
        "has_change": bool(evidence.changes),
        "has_sample": bool(lookup.samples(evidence)),
        "has_countries": bool(lookup.country_sets(evidence)),
        "has_spectral": bool(evidence.spectral),
        "has_published": bool(evidence.published or evidence.faults),
        "commodity": evidence.site.commodity,
        "deposit_type": evidence.site.deposit_type,
        "mining_method": evidence.site.mining_method,
        "status": evidence.site.status.replace("-", " "),
    }


def overview(evidence: Evidence, data: Path) -> bytes:
    """A map of the extents of every epoch as PNG, for the workbook."""
    from reetrace.report.figures import extents

    return extents.nested(
        Rasters(evidence, data), width_mm=150.0, height_mm=160.0, form="png"
    ).image
