"""Published figures beside what a run computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reetrace.core.results import Measure, PublishedComparison
from reetrace.registry.printed import plain
from reetrace.registry.published import PublishedStudy

Lookup = Callable[[str, tuple[str, ...], str], Measure | None]
"""(zone, epochs, what) to the computed measure, or None where the run does not judge it.

The zone is `all`, a country's ISO code, or a site id. What is one of `area <class>` (km², one
epoch), `from <class> to <class>` (km²), `change of <class>` (km²), `growth of <class>` (%), all
with (first, last), `overall accuracy` (share) and `kappa`, both with one epoch.
"""


def compare_published(study: PublishedStudy, lookup: Lookup) -> tuple[PublishedComparison, ...]:
    """Each published figure that the run has a counterpart to."""
    return tuple(
        PublishedComparison(study.id, what, zone, "–".join(epochs), published, computed)
        for zone, epochs, what, published in _figures(study)
        if (computed := lookup(zone, epochs, what)) is not None
    )


def _figures(study: PublishedStudy) -> Iterator[tuple[str, tuple[str, ...], str, Measure]]:
    for area in study.areas:
        published = _measure(float(area.area_km2), "km²", area.where)
        yield area.zone, (area.epoch,), f"area {area.landcover}", published
    for each in study.transitions:
        published = _measure(float(each.area_km2), "km²", each.where)
        yield "all", (each.first, each.last), f"from {each.before} to {each.after}", published
    for change in study.changes:
        kind = "growth" if change.unit == "%" else "change"
        published = _measure(float(change.value), change.unit, change.where)
        yield change.zone, (change.first, change.last), f"{kind} of {change.landcover}", published
    for matrix in study.matrices:
        # Moved two places as decimals, so that 98.94 % is 0.9894 and not 0.9893999.
        share = float(plain(matrix.overall_percent.scaleb(-2)))
        yield "all", (matrix.epoch,), "overall accuracy", _measure(share, "share", matrix.where)
        kappa = _measure(float(matrix.kappa), "1", matrix.where)
        yield "all", (matrix.epoch,), "kappa", kappa


def _measure(value: float, unit: str, where: str) -> Measure:
    return Measure(value, unit, None, None, where, "the study prints no interval")
