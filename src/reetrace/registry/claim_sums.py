"""Sums of a published study that must agree: countries, classes, from–to tables, periods."""

from __future__ import annotations

from collections.abc import Iterator

from reetrace.registry.printed import Printed, plain, total
from reetrace.registry.published import PublishedStudy

WHOLE = "all"
"""The zone that is the whole study area."""

Fault = tuple[str, str, str, str]
"""Where, printed, recomputed, explanation."""


def sum_faults(study: PublishedStudy) -> Iterator[Fault]:
    """Countries against the whole, and classes against the study area."""
    by_zone = {(area.zone, area.epoch, area.landcover): area for area in study.areas}
    countries = sorted({area.zone for area in study.areas if _is_country(area.zone)})
    for (zone, epoch, landcover), whole in sorted(by_zone.items()):
        parts = [by_zone.get((country, epoch, landcover)) for country in countries]
        known = [Printed.of(part.area_km2) for part in parts if part is not None]
        if zone == WHOLE and len(known) == len(countries) > 1:
            yield from sum_fault(
                f"{whole.where}: {landcover} area, {epoch}",
                Printed.of(whole.area_km2),
                total(known),
                f"sum of {' and '.join(countries)}",
            )
    for epoch in sorted({area.epoch for area in study.areas}):
        classes = [area for area in study.areas if area.epoch == epoch and area.zone == WHOLE]
        if len(classes) > 1 and study.study_area_km2 is not None:
            yield from sum_fault(
                f"{classes[0].where}: study area, {epoch}",
                Printed.of(study.study_area_km2),
                total(Printed.of(area.area_km2) for area in classes),
                "sum of the classes",
            )


def _is_country(zone: str) -> bool:
    return len(zone) == 3 and zone.isupper()  # noqa: PLR2004 - ISO 3166-1 alpha-3


def sum_fault(where: str, printed: Printed, recomputed: Printed, what: str) -> Iterator[Fault]:
    """A printed figure against one recomputed, the room of rounding given to both."""
    if not printed.meets(recomputed):
        yield (
            where,
            f"{printed} km²",
            f"{recomputed} km²",
            f"The {what} is {recomputed} km²; rounding cannot explain the difference.",
        )


def margin_faults(study: PublishedStudy) -> Iterator[Fault]:
    """From-to tables that hold every pair of classes, against the areas of each epoch."""
    areas = {(area.epoch, area.landcover): area for area in study.areas if area.zone == WHOLE}
    for first, last in sorted({(each.first, each.last) for each in study.transitions}):
        cells = {
            (each.before, each.after): Printed.of(each.area_km2)
            for each in study.transitions
            if (each.first, each.last) == (first, last)
        }
        names = sorted({name for pair in cells for name in pair})
        if len(cells) != len(names) ** 2:
            continue
        for name in names:
            before = total(cells[name, other] for other in names)
            after = total(cells[other, name] for other in names)
            for epoch, margin in ((first, before), (last, after)):
                if (epoch, name) in areas:
                    area = areas[epoch, name]
                    yield from sum_fault(
                        f"{area.where}: {name} area, {epoch}",
                        Printed.of(area.area_km2),
                        margin,
                        f"margin of the from–to table {first}–{last}",
                    )
        if study.study_area_km2 is not None:
            yield from sum_fault(
                f"from–to table {first}–{last}: study area",
                Printed.of(study.study_area_km2),
                total(cells.values()),
                "sum of all cells",
            )


def gain_faults(study: PublishedStudy) -> Iterator[Fault]:
    """Ground gained between the first and the last epoch was gained in one of the periods."""
    for whole in study.transitions:
        if whole.before == whole.after:
            continue
        periods = sorted(
            (each.first, each.last, each.area_km2)
            for each in study.transitions
            if (each.before, each.after) == (whole.before, whole.after)
            and (each.first, each.last) != (whole.first, whole.last)
        )
        ends = [first for first, _, _ in periods] + [whole.last]
        chained = [whole.first, *(last for _, last, _ in periods)]
        if not periods or ends != chained:
            continue
        gained = total(Printed.of(area) for _, _, area in periods)
        if gained.high < Printed.of(whole.area_km2).low:
            yield (
                f"{whole.where}: {whole.before} to {whole.after}, {whole.first}–{whole.last}",
                f"{plain(whole.area_km2)} km²",
                f"at most {gained} km²",
                "More ground changed over the whole span than in all its periods together.",
            )
