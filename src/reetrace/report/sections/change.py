"""What changed: from–to maps, growth, countries, and small patches that come and go."""

from __future__ import annotations

from functools import partial
from typing import Any

from reetrace.core.results import ChangeMatrix, Measure, Patch
from reetrace.reading import lookup, numerals
from reetrace.reading.language import capital, quote, say, say_number, titles
from reetrace.report import told_charts, told_maps
from reetrace.report.figures import charts, extents
from reetrace.report.figures.plate import Elastic
from reetrace.report.sections.job import TEXT_MM, Job
from reetrace.report.sections.results import BARS, blank_note, place_title
from reetrace.report.template import Section


def change(job: Job, section: Section) -> list[Any]:
    """What became of each class between the epochs."""
    made = job.opening(section, "Change")
    evidence, press = job.evidence, job.press
    if not evidence.changes:
        made.append(press.text(say("Not run: one epoch was asked for, and a change needs two.")))
        return made
    spans = list(dict.fromkeys((each.first, each.last) for each in evidence.changes))
    fates = partial(extents.from_to, job.rasters, spans, width_mm=TEXT_MM)
    made.append(
        press.figure(
            Elastic(fates, "most_mm", 150, 150, 128),
            say(
                "What became of the ground between epochs, from class to class. Ground not seen at "
                "either epoch is hatched."
            ),
            told_maps.from_to(evidence, spans),
        )
    )
    made += _growth(job) + _matrices(job, spans)
    gains = partial(charts.gains_and_losses, evidence, width_mm=TEXT_MM)
    made.append(
        press.figure(
            Elastic(gains, "height_mm", 58, 92, 46),
            f"{say('Ground that joined and left the class, in the study area.')} {say(BARS)}",
            told_charts.gains_and_losses(evidence),
            least_scale=0.9,
        )
    )
    return made


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
                    place_title(job, zone_set, zone),
                    f"{each.first}–{each.last}",
                    _signed(lookup.mapped_change(evidence, each)),
                    _signed(each.change if each.change.low is not None else None),
                    numerals.interval(each.change, unit=False),
                    _percent(each.percent),
                    quote(each.verdict.replace("-", " ")),
                ]
            )
            if each.change.value is None or each.change.low is None:
                reasons.append(each.change.reason)
    return job.press.table(
        say(
            "Change of the class by zone and span, over ground seen at both ends. Growth is stated "
            "only where the interval of the change leaves out zero."
        ),
        (
            *titles("Zone", "Span", "Mapped (km²)"),
            f"{capital(say('adjusted'))} (km²)",
            *titles("95 % interval", "Per cent", "Verdict"),
        ),
        rows,
        (44, 18, 15, 17, 22, 31, 23),
        align=("left", "left", "right", "right", "right", "right", "left"),
        names=(0,),
        note=blank_note(reasons),
    )


def _signed(change: Measure | None) -> str:
    return numerals.BLANK if change is None else numerals.value(change, unit=False, sign=True)


def _percent(percent: Measure) -> str:
    if percent.value is None:
        return numerals.BLANK
    text = numerals.value(percent, sign=True)
    return f"{text} ({numerals.interval(percent, unit=False)})" if percent.low is not None else text


def _matrices(job: Job, spans: list[tuple[str, str]]) -> list[Any]:
    evidence = job.evidence
    found = lookup.changes(evidence, "study-area", lookup.WHOLE)
    pairs = [(cell.before, cell.after) for cell in found[0].cells] if found else []
    titles = {name: lookup.class_title(evidence, name) for pair in pairs for name in pair}
    rows = [
        [
            f"{titles[before]} – {titles[after].lower()}",
            *(_cell(each, before, after) for each in found),
        ]
        for before, after in pairs
    ]
    whole = next(
        (each for each in found if (each.first, each.last) == (spans[-1][0], spans[-1][1])), None
    )
    adjusted = [_adjusted(whole, before, after) if whole else "" for before, after in pairs]
    cells = whole.cells if whole else ()
    reasons = [each.adjusted.reason for each in cells if each.adjusted.value is None]
    wide = (TEXT_MM - 44 - 34) / max(len(found), 1)
    return job.press.table(
        say(
            "From–to areas in the study area: mapped km² for every span, and the error-adjusted "
            "estimate for {first}–{last}.",
            first=spans[-1][0],
            last=spans[-1][1],
        ),
        (
            say("From – to"),
            *(f"{each.first}–{each.last}" for each in found),
            say("Adjusted, 95 % interval"),
        ),
        [[*row, extra] for row, extra in zip(rows, adjusted, strict=True)],
        (44, *([wide] * len(found)), 34),
        align=("left", *(["right"] * (len(found) + 1))),  # type: ignore[arg-type]
        note=blank_note(reasons),
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


def countries(job: Job, section: Section) -> list[Any]:
    """Areas on each side of the border, under every edition."""
    made = job.opening(section, "By country")
    evidence, press = job.evidence, job.press
    sets = lookup.country_sets(evidence)
    if not sets:
        made.append(press.text(say("Not run: the registry gives no country outlines here.")))
        return made
    if not any(len(each.zones) > 1 for each in sets):
        made.append(press.text(say("The site lies on one side of every border given here.")))
        return made + _leftovers(job)
    sides = partial(charts.countries, evidence, width_mm=TEXT_MM)
    made.append(
        press.figure(
            Elastic(sides, "height_mm", 68, 96, 52),
            say(
                "Area of the class “{landcover}” on each side, one panel a boundary edition. Where "
                "whiskers are missing, the labels allow no estimate.",
                landcover=lookup.target_title(evidence),
            ),
            told_charts.countries(evidence),
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
                            numerals.value(lookup.mapped(evidence, areas[each.label]), unit=False)
                            if each.label in areas
                            else numerals.BLANK
                            for each in evidence.epochs
                        ),
                    ]
                )
    wide = (TEXT_MM - 80) / len(evidence.epochs)
    return job.press.table(
        say(
            "Mapped area of the class by side and edition, in km²; every edition adds up to the "
            "same."
        ),
        (*titles("Edition", "Side"), *(f"{each.label} (km²)" for each in evidence.epochs)),
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
        made.append(press.text(say("Not run: one epoch was asked for.")))
        return made
    if not evidence.patches:
        made.append(press.text(say("None was found.")))
        return made
    shown = sorted(evidence.patches, key=lambda each: (-(each.largest.value or 0.0), each.id))
    rows = [_patch_row(each) for each in shown[:_MOST_PATCHES]]
    rest = len(shown) - len(rows)
    return made + press.table(
        say("Small patches of the class that are not there at every epoch, largest first."),
        titles("Patch", "Place", "Largest", "Appeared", "Gone", "Not seen at", "Zones"),
        rows,
        (20, 40, 16, 24, 24, 21, 25),
        align=("left", "left", "right"),
        names=(0, 6),
        note=say_number(
            "{count} more patch, no larger than these, is in the workbook.",
            "{count} more patches, none larger than these, are in the workbook.",
            rest,
            count=rest,
        )
        if rest
        else "",
    )


_MOST_PATCHES = 15


def _patch_row(patch: Patch) -> list[str]:
    appeared = patch.appeared_between
    gone = patch.gone_between
    return [
        patch.id,
        f"{_angle(patch.latitude, 'N', 'S')}, {_angle(patch.longitude, 'E', 'W')}",
        numerals.value(patch.largest),
        f"{appeared[0]}–{appeared[1]}" if appeared[0] else say("by {epoch}", epoch=appeared[1]),
        f"{gone[0]}–{gone[1]}" if gone[1] else say("still in {epoch}", epoch=gone[0]),
        ", ".join(patch.unseen_epochs) or say("none"),
        ", ".join(patch.zones) or say("none"),
    ]


def _angle(degrees: float, positive: str, negative: str) -> str:
    return f"{abs(degrees):.4f}° {positive if degrees >= 0 else negative}"
