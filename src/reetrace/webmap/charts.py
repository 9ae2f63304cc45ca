"""Charts as drawings of the page: bars for what was mapped, dots and whiskers for estimates."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reetrace.core.evidence import Evidence
from reetrace.core.results import ChangeMatrix, Measure
from reetrace.core.site import ZoneSet
from reetrace.reading import lookup, numerals

WIDTH, HEIGHT = 560, 260
"""Of every drawing, in its own units."""

_LEFT, _RIGHT, _TOP, _FOOT = 52, 8, 12, 34

# Okabe-Ito colours; patterns tell them apart without colour.
_SERIES = ("#0072b2", "#e69f00", "#56b4e9", "#d55e00", "#009e73", "#cc79a7")
_GAIN, _LOSS = "#d55e00", "#56b4e9"


@dataclass(frozen=True)
class Datum:
    """One number of a chart before it is drawn."""

    group: str
    """Epoch or span, along the axis."""
    series: str
    colour: str
    bar: float | None
    estimate: Measure | None
    words: str
    """What is told on hover and by keyboard."""
    slot: int = 0
    """Place within its group, from the left."""


@dataclass(frozen=True)
class Mark:
    """A bar with its whisker, placed."""

    colour: str
    hatched: bool
    words: str
    left: float
    width: float
    top: float | None
    """None where there is no bar."""
    height: float
    middle: float
    dot: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Tick:
    """A line of the axis with its number, or a group with its name."""

    at: float
    words: str


@dataclass(frozen=True)
class Chart:
    """A chart, ready for the page."""

    title: str
    caption: str
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    groups: tuple[Tick, ...]
    zero: float
    legend: tuple[tuple[str, str, bool], ...]
    """(colour, words, hatched)."""
    has_estimates: bool


def charts(evidence: Evidence) -> list[Chart]:
    """Every chart the evidence has numbers for."""
    places = dict.fromkeys([lookup.subject(evidence), ("study-area", lookup.WHOLE)])
    made = [each for place in places for each in _of_place(evidence, *place)]
    made += [
        _of_border(evidence, each) for each in lookup.country_sets(evidence) if len(each.zones) > 1
    ]
    return [each for each in made if each is not None]


def _of_place(evidence: Evidence, zone_set: str, zone: str) -> list[Chart | None]:
    """How large the class was at every epoch, and what it gained and lost between them."""
    target = lookup.target_title(evidence)
    where = lookup.side_title(evidence, zone_set, zone)
    areas = _drawn(
        f"Area of “{target}” in {where}",
        "Bars are counted on the maps; dots are estimates put right for the maps’ errors, with "
        "their 95 % intervals.",
        _areas(evidence, zone_set, zone, target, _SERIES[0]),
    )
    changes = _drawn(
        f"Gain and loss of “{target}” in {where}",
        "Counted on the maps, over ground seen at both dates. Dots are the estimated net change "
        "with its 95 % interval.",
        _changes(evidence, zone_set, zone),
    )
    return [areas, changes]


def _of_border(evidence: Evidence, edition: ZoneSet) -> Chart | None:
    """The class on every side of one edition of the border."""
    title = (
        f"Area of “{lookup.target_title(evidence)}” by side of the border, edition "
        f"“{edition.edition or edition.title}”"
    )
    sides: list[Datum] = []
    for slot, (each, colour) in enumerate(zip(edition.zones, itertools.cycle(_SERIES))):
        name = f"{each.name} side"
        sides += _areas(evidence, edition.id, each.id, name, colour, slot)
    return _drawn(title, "A pixel is counted on the side its centre lies on.", sides)


def _areas(
    evidence: Evidence, zone_set: str, zone: str, series: str, colour: str, slot: int = 0
) -> list[Datum]:
    found = []
    for area in lookup.areas(evidence, zone_set, zone, evidence.legend.target):
        mapped = lookup.mapped(evidence, area)
        words = f"{area.epoch}, {series}: {_told(mapped)} mapped"
        if area.adjusted.value is not None:
            words += f"; estimated {numerals.with_interval(area.adjusted)}"
        elif area.adjusted.reason:
            words += f"; no estimate: {area.adjusted.reason.rstrip('.')}"
        found.append(
            Datum(area.epoch, series, colour, mapped.value, area.adjusted, f"{words}.", slot)
        )
    return found


def _changes(evidence: Evidence, zone_set: str, zone: str) -> list[Datum]:
    found = []
    labels = [each.label for each in evidence.epochs]
    for each in lookup.changes(evidence, zone_set, zone):
        if labels.index(each.last) != labels.index(each.first) + 1:
            continue
        span = f"{each.first}–{each.last}"
        if not _seen_at_both(each):
            words = f"{span}: no ground was seen at both dates."
            found.append(Datum(span, "Gain", _GAIN, None, None, words))
            continue
        net = f"; net {numerals.with_interval(each.net)}" if each.net.value is not None else ""
        gained = f"{span}: gained {_told(each.gain)}{net}."
        found.append(Datum(span, "Gain", _GAIN, each.gain.value, each.net, gained))
        lost = None if each.loss.value is None else -each.loss.value
        found.append(Datum(span, "Loss", _LOSS, lost, None, f"{span}: lost {_told(each.loss)}."))
    return found


def _seen_at_both(matrix: ChangeMatrix) -> bool:
    return any(cell.pixels for cell in matrix.cells if "not-seen" not in (cell.before, cell.after))


def _told(measure: Measure) -> str:
    if measure.value is None:
        return f"no value ({measure.reason.rstrip('.')})"
    return numerals.value(measure)


def _known(measure: Measure | None) -> bool:
    return measure is not None and measure.value is not None


def _range(data: Sequence[Datum]) -> tuple[float, float]:
    """From the lowest to the highest of everything drawn, zero always among it."""
    reached = [0.0]
    for each in data:
        ends = [each.bar]
        if each.estimate is not None:
            ends += [each.estimate.value, each.estimate.low, each.estimate.high]
        reached += [end for end in ends if end is not None]
    low, high = min(reached), max(reached)
    return low, high if high > low else low + 1.0


def _step(span: float) -> float:
    """A round distance of lines, four to eight of them."""
    power = float(10 ** math.floor(math.log10(span / 4)))
    return next(each * power for each in (1.0, 2.0, 5.0, 10.0) if span / (each * power) <= 6)  # noqa: PLR2004


def _mark(
    datum: Datum,
    groups: Sequence[str],
    series: Sequence[str],
    slots: int,
    up: Callable[[float], float],
) -> Mark:
    room = (WIDTH - _LEFT - _RIGHT) / len(groups)
    width = min(0.7 * room / slots, 70.0)
    middle = _LEFT + room * (groups.index(datum.group) + 0.5)
    left = middle + (datum.slot - slots / 2) * width
    ends = sorted([up(0.0), up(datum.bar)]) if datum.bar is not None else [up(0.0)] * 2
    estimate = datum.estimate if _known(datum.estimate) else None
    low = estimate.low if estimate is not None else None
    high = estimate.high if estimate is not None else None
    return Mark(
        colour=datum.colour,
        hatched=series.index(datum.series) % 2 == 1,
        words=datum.words,
        left=round(left, 1),
        width=round(width * 0.94, 1),
        top=ends[0] if datum.bar is not None else None,
        height=round(ends[1] - ends[0], 1),
        middle=round(left + width * 0.47, 1),
        dot=None if estimate is None or estimate.value is None else up(estimate.value),
        low=None if low is None else up(low),
        high=None if high is None else up(high),
    )


def _drawn(title: str, caption: str, data: Sequence[Datum]) -> Chart | None:
    """A chart of this data; None where there is no number in it."""
    if not any(each.bar is not None or _known(each.estimate) for each in data):
        return None
    low, high = _range(data)
    step = _step(high - low)
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step

    def up(value: float) -> float:
        share = (value - low) / (high - low)
        return round(HEIGHT - _FOOT - share * (HEIGHT - _FOOT - _TOP), 1)

    groups = list(dict.fromkeys(each.group for each in data))
    series = list(dict.fromkeys(each.series for each in data))
    room = (WIDTH - _LEFT - _RIGHT) / len(groups)
    slots = 1 + max(each.slot for each in data)
    decimals = max(0, -math.floor(math.log10(step)))
    lines = [low + step * number for number in range(round((high - low) / step) + 1)]
    return Chart(
        title=title,
        caption=caption,
        marks=tuple(_mark(each, groups, series, slots, up) for each in data),
        ticks=tuple(Tick(up(line), numerals.number(line + 0.0, decimals)) for line in lines),
        groups=tuple(
            Tick(round(_LEFT + room * (at + 0.5), 1), name) for at, name in enumerate(groups)
        ),
        zero=up(0.0),
        legend=tuple(
            (next(each.colour for each in data if each.series == name), name, at % 2 == 1)
            for at, name in enumerate(series)
        ),
        has_estimates=any(_known(each.estimate) for each in data),
    )
