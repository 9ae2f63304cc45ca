"""What the words of a template may speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reetrace.core.evidence import Evidence
from reetrace.core.results import Measure
from reetrace.reading import findings, lookup, numerals
from reetrace.reading.language import quote, say


def facts(evidence: Evidence) -> dict[str, Any]:
    """Every fact by its name: words, whole numbers, lists of words, and yes or no."""
    return {**_place(evidence), **_run(evidence), **_figures(evidence), **_there(evidence)}


def _place(evidence: Evidence) -> dict[str, Any]:
    zone_set, zone = lookup.subject(evidence)
    return {
        "site": quote(evidence.site.title),
        "site_id": evidence.site.id,
        "study_area": quote(evidence.study_area.title),
        "where": lookup.side_title(evidence, zone_set, zone),
        "commodity": quote(evidence.site.commodity),
        "deposit_type": quote(evidence.site.deposit_type),
        "mining_method": quote(evidence.site.mining_method),
        "status": quote(evidence.site.status.replace("-", " ")),
    }


def _run(evidence: Evidence) -> dict[str, Any]:
    return {
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
    }


def _figures(evidence: Evidence) -> dict[str, Any]:
    """The figures of the cover, as they are printed; a figure that is blank is its reason."""
    zone_set, zone = lookup.subject(evidence)
    last = evidence.epochs[-1].label
    area = lookup.area(evidence, zone_set, zone, evidence.legend.target, last)
    growth = lookup.whole_growth(evidence, zone_set, zone)
    return {
        "what": findings.phrase(evidence),
        "area_mapped": _told(lookup.mapped(evidence, area)) if area else say("no figure"),
        "area_adjusted": _told(area.adjusted) if area else say("no figure"),
        "change": _told(growth.change) if growth else say("no figure"),
        "warnings": len(evidence.warnings),
    }


def _told(measure: Measure) -> str:
    if measure.value is None:
        reason = quote(measure.reason.rstrip(".") or "the labels allow none")
        return say("no figure ({reason})", reason=reason)
    return numerals.with_interval(measure) if measure.low is not None else numerals.value(measure)


def _there(evidence: Evidence) -> dict[str, bool]:
    return {
        "simulated": evidence.simulated,
        "has_change": bool(evidence.changes),
        "has_sample": bool(lookup.samples(evidence)),
        "has_countries": bool(lookup.country_sets(evidence)),
        "has_spectral": bool(evidence.spectral),
        "has_published": bool(evidence.published or evidence.faults),
    }


FACTS = (
    "area_adjusted", "area_mapped", "change", "commodity", "deposit_type", "engine", "epochs",
    "epsg", "first", "has_change", "has_countries", "has_published", "has_sample", "has_spectral",
    "issue_date", "last", "min_observations", "mining_method", "pixel_area", "pixel_m", "run_id",
    "season_months", "sensors", "simulated", "site", "site_id", "status", "study_area", "target",
    "trees", "utm_zone", "version", "warnings", "what", "where",
)  # fmt: skip
"""Names of all facts, known without any evidence."""

FLAGS: Mapping[str, Callable[[Evidence], bool]] = {
    "accuracy.available": lambda evidence: bool(evidence.accuracies),
    "change.available": lambda evidence: bool(evidence.changes),
    "countries.available": lambda evidence: bool(lookup.country_sets(evidence)),
    "imagery.simulated": lambda evidence: evidence.simulated,
    "patches.available": lambda evidence: bool(evidence.patches),
    "published.available": lambda evidence: bool(evidence.published or evidence.faults),
    "sample.available": lambda evidence: bool(lookup.samples(evidence)),
    "spectral.available": lambda evidence: bool(evidence.spectral),
}
"""What the `when` of a section may ask; a section is left out where the answer is no."""
