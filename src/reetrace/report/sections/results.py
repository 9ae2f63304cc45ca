"""What was found: findings in words, land cover, change, extents, countries, small patches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reetrace.core.results import ChangeMatrix, Measure, Patch
from reetrace.report import findings as sentences
from reetrace.report import lookup, numerals
from reetrace.report.figures import charts, extents
from reetrace.report.press import GRADE_COLOURS
from reetrace.report.sections.job import TEXT_MM, Job
from reetrace.report.template import Section

MM = 72.0 / 25.4


def findings(job: Job, section: Section) -> list[Any]:
    """The statements, each with how well it is founded."""
    made = job.opening(section, "What the images show")
    statements = sentences.findings(job.evidence)
    used = list(dict.fromkeys(each.grade for each in statements))
    made.append(_marked(job, [(each.grade, each.text) for each in statements]))
    made.append(job.press.space(3))
    key = "; ".join(f"“{grade}”: {sentences.GRADES[grade]}" for grade in used)
    made.append(job.press.text(f"Marks – {key}.", "note"))
    return made


def _marked(job: Job, rows: Sequence[tuple[str, str]]) -> Any:  # noqa: ANN401 - a flowable
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table

    press = job.press
    cells = [
        [press.coloured(grade, GRADE_COLOURS[grade]), press.text(text, "finding")]
        for grade, text in rows
    ]
    made: Any = Table(cells, colWidths=[25 * MM, (TEXT_MM - 25) * MM])
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
    made.setStyle(commands)
    made.part, made.group, made.least_rows = "text", press.next_group(), 2
    return made


def landcover(job: Job, section: Section) -> list[Any]:
    """Maps and areas of every class at every epoch."""
    made = job.opening(section, "Land cover")
    evidence, press = job.evidence, job.press
    picture = extents.landcover(job.rasters, width_mm=TEXT_MM, most_mm=150)
    made.append(press.figure(picture, f"Land cover by epoch. Legend “{evidence.legend.title}”."))
    picture = charts.class_areas(evidence, width_mm=TEXT_MM, height_mm=72)
    made.append(
        press.figure(
            picture,
            "Areas of the classes in the study area. Bars count the pixels of the map; dots with "
            "whiskers are error-adjusted estimates with their 95 % intervals, where the labels "
            "allow them.",
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
        title = _place_title(job, zone_set, zone)
        rows.append([title, "mapped", *(numerals.value(each.mapped, unit=False) for each in found)])
        if any(each.adjusted.value is not None for each in found):
            pairs.append((len(rows) - 1, len(rows)))
            rows.append(["", "adjusted", *(with_interval(each.adjusted) for each in found)])
        reasons += [each.adjusted.reason for each in found if each.adjusted.value is None]
    wide = (TEXT_MM - 62) / len(epochs)
    return job.press.table(
        f"Area of the class “{lookup.target_title(evidence)}” by zone and epoch, in km²: mapped, "
        "and error-adjusted with its 95 % interval.",
        ("Zone", "Figure", *(f"{epoch} (km²)" for epoch in epochs)),
        rows,
        (46, 16, *([wide] * len(epochs))),
        align=("left", "left", *(["right"] * len(epochs))),  # type: ignore[arg-type]
        names=(0,),
        note=_blank_note(reasons).replace(numerals.BLANK, "No adjusted row or", 1),
        together=pairs,
    )


def with_interval(measure: Measure) -> str:
    """A figure and its interval in one narrow cell."""
    value = numerals.value(measure, unit=False)
    return value if measure.low is None else f"{value} ({numerals.interval(measure, unit=False)})"


def _place_title(job: Job, zone_set: str, zone: str) -> str:
    title = lookup.zone_title(job.evidence, zone_set, zone)
    if zone_set.startswith("countries"):
        return f"{title} side, edition {zone_set.removeprefix('countries-')}"
    return title


def _blank_note(reasons: Sequence[str]) -> str:
    why = list(dict.fromkeys(each.rstrip(".") for each in reasons if each))
    return f"{numerals.BLANK} no estimate: {'; '.join(why)}." if why else ""


def change(job: Job, section: Section) -> list[Any]:
    """What became of each class between the epochs."""
    made = job.opening(section, "Change")
    evidence, press = job.evidence, job.press
    if not evidence.changes:
        made.append(press.text("Not run: one epoch was asked for, and a change needs two."))
        return made
    spans = list(dict.fromkeys((each.first, each.last) for each in evidence.changes))
    picture = extents.from_to(job.rasters, spans, width_mm=TEXT_MM, most_mm=150)
    made.append(
        press.figure(
            picture,
            "What became of the ground between epochs, from class to class. Ground not seen at "
            "either epoch is hatched.",
        )
    )
    picture = charts.gains_and_losses(evidence, width_mm=TEXT_MM, height_mm=58)
    made.append(
        press.figure(
            picture, "Ground that joined and left the class, in the study area.", least_scale=0.9
        )
    )
    return made + _growth(job) + _matrices(job, spans)


def _growth(job: Job) -> list[Any]:
    evidence = job.evidence
    rows, reasons = [], []
    for zone_set, zone in lookup.subjects(evidence):
        for each in lookup.growth(evidence, zone_set, zone):
            if zone_set.startswith("countries") and each is not lookup.whole_growth(
                evidence, zone_set, zone
            ):
                continue
            rows.append(
                [
                    _place_title(job, zone_set, zone),
                    f"{each.first}–{each.last}",
                    _signed(each.mapped_first, each.mapped_last),
                    numerals.value(each.change, unit=False, sign=True),
                    numerals.interval(each.change, unit=False),
                    _percent(each.percent),
                    each.verdict.replace("-", " "),
                ]
            )
            if each.change.value is None or each.change.low is None:
                reasons.append(each.change.reason)
    return job.press.table(
        "Change of the class by zone and span. Growth is stated only where the interval of the "
        "change leaves out zero.",
        ("Zone", "Span", "Mapped (km²)", "Change (km²)", "95 % interval", "Per cent", "Verdict"),
        rows,
        (43, 18, 15, 16, 24, 32, 22),
        align=("left", "left", "right", "right", "right", "right", "left"),
        names=(0,),
        note=_blank_note(reasons),
    )


def _signed(first: Measure, last: Measure) -> str:
    if first.value is None or last.value is None:
        return numerals.BLANK
    difference = Measure(last.value - first.value, first.unit, None, None, "difference")
    return numerals.value(difference, unit=False, sign=True)


def _percent(percent: Measure) -> str:
    if percent.value is None:
        return numerals.BLANK
    text = numerals.value(percent, sign=True)
    return f"{text} ({numerals.interval(percent, unit=False)})" if percent.low is not None else text


def _matrices(job: Job, spans: list[tuple[str, str]]) -> list[Any]:
    evidence = job.evidence
    found = lookup.changes(evidence, "study-area", lookup.WHOLE)
    pairs = [(cell.before, cell.after) for cell in found[0].cells] if found else []
    rows = [
        [
            f"{lookup.class_title(evidence, before)} – {lookup.class_title(evidence, after).lower()}",
            *(_cell(each, before, after) for each in found),
        ]
        for before, after in pairs
    ]
    whole = next(
        (each for each in found if (each.first, each.last) == (spans[-1][0], spans[-1][1])), None
    )
    adjusted = [_adjusted(whole, before, after) if whole else "" for before, after in pairs]
    wide = (TEXT_MM - 44 - 34) / max(len(found), 1)
    return job.press.table(
        "From–to areas in the study area: mapped km² for every span, and the error-adjusted "
        f"estimate for {spans[-1][0]}–{spans[-1][1]}.",
        ("From – to", *(f"{each.first}–{each.last}" for each in found), "Adjusted, 95 % interval"),
        [[*row, extra] for row, extra in zip(rows, adjusted, strict=True)],
        (44, *([wide] * len(found)), 34),
        align=("left", *(["right"] * (len(found) + 1))),  # type: ignore[arg-type]
    )


def _cell(matrix: ChangeMatrix, before: str, after: str) -> str:
    for cell in matrix.cells:
        if (cell.before, cell.after) == (before, after):
            return numerals.value(cell.mapped, unit=False)
    return numerals.BLANK


def _adjusted(matrix: ChangeMatrix, before: str, after: str) -> str:
    for cell in matrix.cells:
        if (cell.before, cell.after) == (before, after) and cell.adjusted.value is not None:
            value = numerals.value(cell.adjusted, unit=False)
            return f"{value} ({numerals.interval(cell.adjusted, unit=False)})"
    return numerals.BLANK


def growing_extents(job: Job, section: Section) -> list[Any]:
    """Extents over the latest picture, and the first and last in yellow and red."""
    made = job.opening(section, "Extents")
    evidence, press = job.evidence, job.press
    if not any(each.geometry for each in evidence.footprints):
        made.append(press.text("Not run: none of this class was mapped at any epoch."))
        return made
    picture = extents.nested(job.rasters, width_mm=TEXT_MM, height_mm=158)
    last = evidence.epochs[-1].label
    made.append(
        press.figure(
            picture,
            f"Extent of the class at every epoch over the natural colour of {last}; earlier "
            "extents lie on top of later ones.",
        )
    )
    if len(evidence.epochs) > 1:
        for zone_set in evidence.zone_sets:
            for zone in zone_set.zones if zone_set.id == "mines" else ():
                picture = extents.first_and_last(
                    job.rasters, zone.geometry, width_mm=TEXT_MM, most_mm=98
                )
                caption = (
                    f"{zone.name}: {evidence.epochs[0].label}, {last}, and both extents, the first "
                    "in yellow over the last in red."
                )
                made.append(press.figure(picture, caption))
    return made


def countries(job: Job, section: Section) -> list[Any]:
    """Areas on each side of the border, under every edition."""
    made = job.opening(section, "By country")
    evidence, press = job.evidence, job.press
    sets = lookup.country_sets(evidence)
    if not sets:
        made.append(press.text("Not run: the registry gives no country outlines here."))
        return made
    picture = charts.countries(evidence, width_mm=TEXT_MM, height_mm=68)
    made.append(
        press.figure(
            picture,
            f"Area of the class “{lookup.target_title(evidence)}” on each side, one panel a "
            "boundary edition. Where whiskers are missing, the labels allow no estimate.",
            least_scale=0.9,
        )
    )
    return made + _leftovers(job)


def _leftovers(job: Job) -> list[Any]:
    evidence = job.evidence
    target = evidence.legend.target
    rows = []
    for zone_set in lookup.country_sets(evidence):
        for zone in [*(each.id for each in zone_set.zones), *lookup.LEFTOVERS]:
            areas = {each.epoch: each for each in lookup.areas(evidence, zone_set.id, zone, target)}
            if areas:
                rows.append(
                    [
                        zone_set.edition or zone_set.title,
                        lookup.zone_title(evidence, zone_set.id, zone),
                        *(
                            numerals.value(areas[each.label].mapped, unit=False)
                            if each.label in areas
                            else numerals.BLANK
                            for each in evidence.epochs
                        ),
                    ]
                )
    wide = (TEXT_MM - 80) / len(evidence.epochs)
    return job.press.table(
        "Mapped area of the class by side and edition, in km²; every edition adds up to the same.",
        ("Edition", "Side", *(f"{each.label} (km²)" for each in evidence.epochs)),
        rows,
        (34, 46, *([wide] * len(evidence.epochs))),
        align=("left", "left", *(["right"] * len(evidence.epochs))),  # type: ignore[arg-type]
        names=(0, 1),
    )


def patches(job: Job, section: Section) -> list[Any]:
    """Small patches that come and go."""
    made = job.opening(section, "Small patches that come and go")
    evidence, press = job.evidence, job.press
    if len(evidence.epochs) < 2:  # noqa: PLR2004 - a change needs two epochs
        made.append(press.text("Not run: one epoch was asked for."))
        return made
    if not evidence.patches:
        made.append(press.text("None was found."))
        return made
    shown = sorted(evidence.patches, key=lambda each: (-(each.largest.value or 0.0), each.id))
    rows = [_patch_row(each) for each in shown[:_MOST_PATCHES]]
    rest = len(shown) - len(rows)
    return made + press.table(
        "Small patches of the class that are not there at every epoch, largest first.",
        ("Patch", "Place", "Largest", "Appeared", "Gone", "Not seen at", "Zones"),
        rows,
        (20, 40, 16, 26, 26, 19, 23),
        align=("left", "left", "right"),
        names=(0, 6),
        note=f"{rest} smaller patches are in the workbook." if rest else "",
    )


_MOST_PATCHES = 15


def _patch_row(patch: Patch) -> list[str]:
    appeared = patch.appeared_between
    gone = patch.gone_between
    return [
        patch.id,
        f"{abs(patch.latitude):.4f}° {'N' if patch.latitude >= 0 else 'S'}, "
        f"{abs(patch.longitude):.4f}° {'E' if patch.longitude >= 0 else 'W'}",
        numerals.value(patch.largest),
        f"{appeared[0]}–{appeared[1]}" if appeared[0] else f"by {appeared[1]}",
        f"{gone[0]}–{gone[1]}" if gone[1] else f"still in {gone[0]}",
        ", ".join(patch.unseen_epochs) or "none",
        ", ".join(patch.zones) or "none",
    ]
