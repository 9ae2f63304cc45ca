"""The border where it runs through the area of interest, under every edition."""

from __future__ import annotations

from functools import partial
from typing import Any

from reetrace.core.site import ZoneSet
from reetrace.reading import lookup, numerals
from reetrace.reading.language import quote, say, titles
from reetrace.report import told_maps
from reetrace.report.figures import borders
from reetrace.report.figures.plate import Elastic
from reetrace.report.sections.job import TEXT_MM, Job


def editions(job: Job) -> list[Any]:
    """Which outlines of countries were used, drawn beside one another, and what they hold."""
    sets = lookup.country_sets(job.evidence)
    press = job.press
    if not sets:
        return [
            press.heading(say("Border"), 1),
            press.text(
                say(
                    "Areas by country: not run. The registry gives no country outlines for this "
                    "study area, so everything is reported for the area as a whole."
                )
            ),
        ]
    rows = [
        [
            quote(each.title),
            each.edition,
            quote(each.source or each.zones[0].source),
            precision(each.precision_m or each.zones[0].precision_m),
            quote(each.licence or each.zones[0].licence),
        ]
        for each in sets
    ]
    made = press.table(
        say("Boundary editions. No edition is taken to be the true line."),
        titles("Boundary", "Edition", "Source", "Precision", "Licence"),
        rows,
        (36, 33, 61, 17, 23),
        align=("left", "left", "left", "right"),
        names=(0, 1, 2, 4),
    )
    return [press.heading(say("Border"), 1), *made, *_border_maps(job), *_country_areas(job, sets)]


def _border_maps(job: Job) -> list[Any]:
    if not borders.has_lines(job.rasters):
        return []
    lines = partial(borders.editions, job.rasters, width_mm=TEXT_MM)
    caption = say(
        "The border by every edition where it runs through the area of interest, and the extent "
        "of the class at the last epoch. Untinted ground of an edition is in no country by it."
    )
    picture = Elastic(lines, "most_mm", 104, 120, 90)
    return [job.press.figure(picture, caption, told_maps.editions(job.evidence))]


def _country_areas(job: Job, sets: list[ZoneSet]) -> list[Any]:
    """Ground on each side under every edition: the columns add up to the area of interest."""
    evidence = job.evidence
    last = evidence.epochs[-1].label
    zones = list(dict.fromkeys(zone.id for each in sets for zone in each.zones))
    rows = []
    for zone in [*zones, *lookup.LEFTOVERS]:
        row = [lookup.zone_title(evidence, sets[0].id, zone)]
        for each in sets:
            total = [
                area.mapped.value or 0.0
                for area in evidence.areas
                if (area.zone_set, area.zone, area.epoch) == (each.id, zone, last)
            ]
            row.append(numerals.number(sum(total), 2) if total else numerals.BLANK)
        rows.append(row)
    sums = [
        sum(
            area.mapped.value or 0.0
            for area in evidence.areas
            if (area.zone_set, area.epoch) == (each.id, last)
            and area.zone in (*zones, *lookup.LEFTOVERS)
        )
        for each in sets
    ]
    rows.append([say("Area of interest"), *(numerals.number(each, 2) for each in sums)])
    wide = (TEXT_MM - 50) / len(sets)
    return job.press.table(
        say("Ground of the area of interest by side of the border, in km²."),
        (say("Side"), *(f"{each.edition or each.title} (km²)" for each in sets)),
        rows,
        (50, *([wide] * len(sets))),
        align=("left", *(["right"] * len(sets))),  # type: ignore[arg-type]
        names=(0,),
        strong=(len(rows) - 1,),
        note=say(
            "Ground in no country and in two or more comes from gaps and overlaps of an edition."
        ),
    )


def precision(metres: float) -> str:
    """How far a line may be off."""
    return f"{numerals.count(metres)} m" if metres else say("not stated")
