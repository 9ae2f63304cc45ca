"""What was found: findings in words, land cover, change, extents, countries, small patches."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

from reetrace.core.results import Measure
from reetrace.reading import findings as sentences
from reetrace.reading import lookup, numerals
from reetrace.reading.language import quote, say, titles
from reetrace.report import told_charts, told_maps
from reetrace.report.figures import charts, extents
from reetrace.report.figures.plate import Elastic
from reetrace.report.sections.job import TEXT_MM, Job
from reetrace.report.styles import GRADE_COLOURS
from reetrace.report.tabling import layout
from reetrace.report.tagging import Node
from reetrace.report.template import Section


def findings(job: Job, section: Section) -> list[Any]:
    """The statements, each with how well it is founded."""
    made = job.opening(section, "What the images show")
    statements = sentences.findings(job.evidence)
    used = list(dict.fromkeys(each.grade for each in statements))
    key = say("; ").join(
        say("“{mark}”: {meaning}", mark=say(grade), meaning=say(sentences.GRADES[grade]))
        for grade in used
    )
    # Above what it explains: beneath, it may come to stand alone at the head of the next page.
    made.append(job.press.text(say("Marks – {marks}.", marks=key), "note"))
    made.append(job.press.space(2))
    made.append(_marked(job, [(each.grade, each.text) for each in statements]))
    made.append(job.press.space(3))
    return made


def _marked(job: Job, rows: Sequence[tuple[str, str]]) -> Any:  # noqa: ANN401 - a flowable
    from reportlab.lib.colors import HexColor

    press = job.press
    listing = Node("L", press.place)
    cells = []
    for grade, text in rows:
        mark, statement = (
            press.coloured(say(grade), GRADE_COLOURS[grade]),
            press.text(text, "finding"),
        )
        entry = Node("LI", listing)
        mark.node, statement.node = Node("Lbl", entry), Node("LBody", entry)
        cells.append([mark, statement])
    commands: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ("LINEBELOW", (0, 0), (-1, -2), 0.3, HexColor("#d5dae1")),
        ("LEFTPADDING", (0, 0), (0, -1), 7),
        ("RIGHTPADDING", (0, 0), (0, -1), 2),
    ]
    for index, (grade, _) in enumerate(rows):
        colour = HexColor(GRADE_COLOURS[grade])
        commands.append(("LINEBEFORE", (0, index), (0, index), 3.2, colour))
    made = layout(cells, (25, TEXT_MM - 25), commands)
    made.part, made.group, made.least_rows = "text", press.next_group(), 2
    return made


BARS = (
    "Bars count the pixels of the map; dots with whiskers are error-adjusted estimates with their "
    "95 % intervals, where the labels allow them."
)
"""What every chart of areas shows."""


def landcover(job: Job, section: Section) -> list[Any]:
    """Maps and areas of every class at every epoch."""
    made = job.opening(section, "Land cover")
    evidence, press = job.evidence, job.press
    maps = partial(extents.landcover, job.rasters, width_mm=TEXT_MM)
    picture = Elastic(maps, "most_mm", 150, 150, 128)
    legend = quote(evidence.legend.title)
    caption = say("Land cover by epoch. Legend “{legend}”.", legend=legend)
    made.append(press.figure(picture, caption, told_maps.landcover(evidence)))
    areas = partial(charts.class_areas, evidence, width_mm=TEXT_MM)
    made.append(
        press.figure(
            Elastic(areas, "height_mm", 72, 100, 52),
            f"{say('Areas of the classes in the study area.')} {say(BARS)}",
            told_charts.class_areas(evidence),
            least_scale=0.9,
        )
    )
    return made + _areas(job)


_MOST_COLUMNS = 5
"""Epochs that stand side by side in one table."""


def _areas(job: Job) -> list[Any]:
    epochs = [each.label for each in job.evidence.epochs]
    chunks = [epochs[at : at + _MOST_COLUMNS] for at in range(0, len(epochs), _MOST_COLUMNS)]
    return [flowable for chunk in chunks for flowable in _areas_of(job, chunk)]


def _areas_of(job: Job, epochs: list[str]) -> list[Any]:
    evidence = job.evidence
    rows: list[list[str]] = []
    reasons, pairs = [], []
    for zone_set, zone in lookup.subjects(evidence):
        areas = {
            each.epoch: each
            for each in lookup.areas(evidence, zone_set, zone, evidence.legend.target)
        }
        found = [areas[epoch] for epoch in epochs if epoch in areas]
        if not found:
            continue
        title = place_title(job, zone_set, zone)
        seen = (lookup.mapped(evidence, each) for each in found)
        rows.append([title, say("mapped"), *(numerals.value(each, unit=False) for each in seen)])
        if any(each.adjusted.value is not None for each in found):
            pairs.append((len(rows) - 1, len(rows)))
            rows.append(["", say("adjusted"), *(with_interval(each.adjusted) for each in found)])
        reasons += [each.adjusted.reason for each in found if each.adjusted.value is None]
    wide = (TEXT_MM - 62) / len(epochs)
    return job.press.table(
        say(
            "Area of the class “{landcover}” by zone and epoch, in km²: mapped, and error-adjusted "
            "with its 95 % interval.",
            landcover=lookup.target_title(evidence),
        ),
        (*titles("Zone", "Figure"), *(f"{epoch} (km²)" for epoch in epochs)),
        rows,
        (46, 16, *([wide] * len(epochs))),
        align=("left", "left", *(["right"] * len(epochs))),  # type: ignore[arg-type]
        names=(0,),
        note=blank_note(reasons, shown="empty"),
        together=pairs,
    )


def with_interval(measure: Measure) -> str:
    """A figure and its interval in one narrow cell."""
    value = numerals.value(measure, unit=False)
    return value if measure.low is None else f"{value} ({numerals.interval(measure, unit=False)})"


def place_title(job: Job, zone_set: str, zone: str) -> str:
    """A zone in a table; a country's side with its edition."""
    title = lookup.zone_title(job.evidence, zone_set, zone)
    if zone_set.startswith("countries"):
        edition = zone_set.removeprefix("countries-")
        return say("{country} side, edition {edition}", country=title, edition=edition)
    return title


def blank_note(reasons: Sequence[str], *, shown: Literal["dash", "empty"] = "dash") -> str:
    """Why cells of a table are blank; empty where none is."""
    why = list(dict.fromkeys(quote(each.rstrip(".")) for each in reasons if each))
    if not why:
        return ""
    words = say("; ").join(why)
    if shown == "dash":
        return say("– no estimate: {reasons}.", reasons=words)
    return say("No estimate: {reasons}.", reasons=words)


def _extent_caption(job: Job, last: str) -> str:
    if len(job.evidence.epochs) > 1:
        return say(
            "Extent of the class at every epoch over the natural colour of {epoch}; earlier "
            "extents lie on top of later ones.",
            epoch=last,
        )
    target = lookup.target_title(job.evidence)
    return say(
        "Extent of the class “{target}” over the natural colour of {epoch}.",
        target=target,
        epoch=last,
    )


def growing_extents(job: Job, section: Section) -> list[Any]:
    """Extents over the latest picture, and the first and last in yellow and red."""
    made = job.opening(section, "Extents")
    evidence, press = job.evidence, job.press
    if not any(each.geometry for each in evidence.footprints):
        made.append(press.text(say("Not run: none of this class was mapped at any epoch.")))
        return made
    extent = partial(extents.nested, job.rasters, width_mm=TEXT_MM)
    last = evidence.epochs[-1].label
    made.append(
        press.figure(
            Elastic(extent, "height_mm", 158, 158, 138),
            _extent_caption(job, last),
            told_maps.nested(evidence),
        )
    )
    if len(evidence.epochs) > 1:
        for zone_set in evidence.zone_sets:
            for zone in zone_set.zones if zone_set.id == "mines" else ():
                ends = partial(extents.first_and_last, job.rasters, zone.geometry, width_mm=TEXT_MM)
                caption = say(
                    "{zone}: {first}, {last}, and both extents, the first in yellow over the last "
                    "in red.",
                    zone=quote(zone.name),
                    first=evidence.epochs[0].label,
                    last=last,
                )
                told = told_maps.first_and_last(evidence, zone_set.id, zone.id)
                made.append(press.figure(Elastic(ends, "most_mm", 98, 118, 84), caption, told))
    return made
