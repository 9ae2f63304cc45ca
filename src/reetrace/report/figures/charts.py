"""Charts: areas with their intervals, gains and losses, countries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reetrace.core.evidence import Evidence
from reetrace.core.results import Measure, ZoneArea
from reetrace.reading import lookup, numerals
from reetrace.reading.language import quote, say
from reetrace.reading.rasters import GAINED, LOST
from reetrace.report.figures.extents import FATE_COLOURS
from reetrace.report.figures.plate import DOTS_PER_MM, INK, RULE, Picture, Plate, drawn, entitle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe-Ito colours whose lightness differs too; the hatch tells them apart without any.
SERIES = ("#0072b2", "#e69f00", "#56b4e9", "#d55e00", "#009e73", "#cc79a7")
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "++++")


@drawn
def class_areas(evidence: Evidence, *, width_mm: float, height_mm: float) -> Picture:
    """Area of every class at every epoch; the target class also enlarged, with intervals."""
    plate = Plate(width_mm, height_mm, simulated=evidence.simulated)
    left = plate.axes(14, 14, width_mm * 0.42 - 14, height_mm - 22)
    right = plate.axes(width_mm * 0.42 + 14, 14, width_mm * 0.58 - 16, height_mm - 22)
    _stacked(left, evidence)
    target = lookup.target_title(evidence)
    areas = lookup.areas(evidence, "study-area", lookup.WHOLE, evidence.legend.target)
    bars(
        right, [each.epoch for each in areas], [("", areas)], colour=lookup.target_colour(evidence)
    )
    told = any(each.adjusted.low is not None for each in areas)
    title = say(
        "{landcover}, enlarged, with 95 % intervals" if told else "{landcover}, enlarged",
        landcover=target,
    )
    entitle(right, title)
    return plate.print("png")


def _stacked(axes: Axes, evidence: Evidence) -> None:
    """Every class on top of the other, ground not seen at the top."""
    epochs = [each.label for each in evidence.epochs]
    floor = [0.0] * len(epochs)
    parts = [(each.name, quote(each.title), each.colour, "") for each in evidence.legend.classes]
    parts.sort(key=lambda part: part[0] != evidence.legend.target)
    for name, title, colour, hatch in [*parts, ("not-seen", say("Not seen"), "#ffffff", "//////")]:
        rows = {
            each.epoch: each.mapped.value or 0.0
            for each in lookup.areas(evidence, "study-area", lookup.WHOLE, name)
        }
        heights = [rows.get(epoch, 0.0) for epoch in epochs]
        if name == "not-seen" and not any(heights):
            continue
        axes.bar(
            epochs,
            heights,
            bottom=floor,
            color=colour,
            edgecolor=INK,
            linewidth=0.4,
            hatch=hatch,
            label=title,
            width=0.62,
        )
        floor = [low + high for low, high in zip(floor, heights, strict=True)]
    entitle(axes, say("All classes (mapped)"))
    axes.set_ylabel("km²")
    _as_for_several(axes, len(epochs))
    axes.set_ylim(0, max(floor) * 1.04 or 1.0)
    tidy(axes)
    axes.legend(loc="upper left", bbox_to_anchor=beneath(axes, 4.5), ncols=3, handlelength=1.2)


def bars(
    axes: Axes,
    epochs: Sequence[str],
    series: Sequence[tuple[str, Sequence[ZoneArea]]],
    *,
    colour: str | None = None,
) -> None:
    """Mapped areas as bars; estimates with their intervals as dots with whiskers."""
    width = 0.72 / len(series)
    for order, (label, areas) in enumerate(series):
        places = [
            epochs.index(each.epoch) + (order - (len(series) - 1) / 2) * width for each in areas
        ]
        # An epoch at which nothing was seen has no bar; "nothing mapped" has one of no height.
        mapped = [math.nan if each.mapped.value is None else each.mapped.value for each in areas]
        axes.bar(
            places,
            mapped,
            width=width * 0.92,
            color=colour or SERIES[order % len(SERIES)],
            edgecolor=INK,
            linewidth=0.4,
            hatch=HATCHES[order % len(HATCHES)],
            alpha=0.85,
            label=label or say("Mapped (pixels counted)"),
        )
        for place, each in zip(places, areas, strict=True):
            _whisker(axes, place, each.adjusted)
            _value_above(axes, place, each.mapped, each.adjusted)
    axes.set_xticks(range(len(epochs)), epochs)
    axes.set_ylabel("km²")
    axes.margins(y=0.14)
    _as_for_several(axes, len(epochs))
    tidy(axes)
    told = any(each.adjusted.low is not None for _, areas in series for each in areas)
    _legend(axes, with_estimates=told, columns=3)


def _legend(axes: Axes, *, with_estimates: bool, columns: int) -> None:
    handles, labels = axes.get_legend_handles_labels()
    if with_estimates:
        from matplotlib.lines import Line2D

        handles.append(Line2D([], [], marker="o", color=INK, markersize=3, linewidth=0.8))
        labels.append(say("Error-adjusted, 95 % interval"))
    axes.legend(
        handles,
        labels,
        loc="upper left",
        bbox_to_anchor=beneath(axes, 4.5),
        ncols=columns,
        handlelength=1.4,
    )


_SEVERAL = 3


def _as_for_several(axes: Axes, number: int) -> None:
    """Leaves a single bar as slim as it would be among several."""
    beside = 0.5 + max(0, _SEVERAL - number) / 2
    axes.set_xlim(-beside, number - 1 + beside)


def _whisker(axes: Axes, place: float, measure: Measure) -> None:
    if measure.value is None or measure.low is None or measure.high is None:
        return
    below, above = measure.value - measure.low, measure.high - measure.value
    axes.errorbar(
        [place],
        [measure.value],
        yerr=[[max(below, 0.0)], [max(above, 0.0)]],
        fmt="o",
        color="white",
        ecolor="white",
        elinewidth=2.6,
        markersize=5.2,
        capsize=3.4,
        capthick=2.4,
    )
    axes.errorbar(
        [place],
        [measure.value],
        yerr=[[max(below, 0.0)], [max(above, 0.0)]],
        fmt="o",
        color=INK,
        ecolor=INK,
        elinewidth=1.0,
        markersize=3.2,
        capsize=2.6,
        capthick=1.0,
    )


def _value_above(axes: Axes, place: float, mapped: Measure, adjusted: Measure) -> None:
    top = max(mapped.value or 0.0, adjusted.high or 0.0)
    axes.annotate(
        numerals.value(mapped, unit=False),
        (place, top),
        xytext=(0, 2.5),
        textcoords="offset points",
        ha="center",
        va="bottom",
        size=6.2,
    )


@drawn
def gains_and_losses(evidence: Evidence, *, width_mm: float, height_mm: float) -> Picture:
    """Ground that became and that left the target class in every span of the study area."""
    changes = lookup.changes(evidence, "study-area", lookup.WHOLE)
    plate = Plate(width_mm, height_mm, simulated=evidence.simulated)
    axes = plate.axes(14, 13, width_mm - 16, height_mm - 16)
    labels = [f"{each.first}–{each.last}" for each in changes]
    target = lookup.target_title(evidence).lower()
    gains, losses = [each.gain for each in changes], [each.loss for each in changes]
    adjusted: list[Measure] = []
    for order, (title, code, values) in enumerate(
        (
            (say("Became {landcover} (mapped)", landcover=target), GAINED, gains),
            (say("Left {landcover} (mapped)", landcover=target), LOST, losses),
        )
    ):
        places = [index + (order - 0.5) * 0.36 for index in range(len(changes))]
        axes.bar(
            places,
            [each.value or 0.0 for each in values],
            width=0.33,
            color=FATE_COLOURS[code],
            edgecolor=INK,
            linewidth=0.4,
            hatch=HATCHES[order],
            label=title,
        )
        estimates = _estimates(evidence, code)
        adjusted += estimates
        for place, each, estimate in zip(places, values, estimates, strict=True):
            _whisker(axes, place, estimate)
            _value_above(axes, place, each, estimate)
    axes.set_xticks(range(len(labels)), labels)
    axes.set_ylabel("km²")
    axes.margins(y=0.14)
    _as_for_several(axes, len(labels))
    tidy(axes)
    _legend(axes, with_estimates=any(each.low is not None for each in adjusted), columns=3)
    return plate.print("png")


def _estimates(evidence: Evidence, code: int) -> list[Measure]:
    """The error-adjusted gain or loss of every span, where it is the area of a single cell."""
    target = evidence.legend.target
    others = [each.name for each in evidence.legend.classes if each.name != target]
    wanted = (others[0], target) if code == GAINED else (target, others[0])
    blank = Measure(None, "km²", None, None, "", "")
    return [
        next((cell.adjusted for cell in each.cells if (cell.before, cell.after) == wanted), blank)
        if len(others) == 1
        else blank
        for each in lookup.changes(evidence, "study-area", lookup.WHOLE)
    ]


@drawn
def countries(evidence: Evidence, *, width_mm: float, height_mm: float) -> Picture:
    """Target area on each country's side, one panel a boundary edition, on one scale."""
    sets = lookup.country_sets(evidence)
    plate = Plate(width_mm, height_mm, simulated=evidence.simulated)
    wide = (width_mm - 14 - 6 * (len(sets) - 1) - 2) / len(sets)
    target = evidence.legend.target
    epochs = [each.label for each in evidence.epochs]
    panels = []
    for position, zone_set in enumerate(sets):
        axes = plate.axes(14 + position * (wide + 6), 13, wide, height_mm - 21)
        series = [
            (quote(zone.name), lookup.areas(evidence, zone_set.id, zone.id, target))
            for zone in zone_set.zones
        ]
        bars(axes, epochs, [each for each in series if each[1]])
        entitle(axes, lookup.edition_title(zone_set))
        panels.append(axes)
    top = max(axes.get_ylim()[1] for axes in panels)
    for axes in panels:
        axes.set_ylim(0, top)
    for axes in panels[1:]:
        axes.set_ylabel("")
    return plate.print("png")


def beneath(axes: Axes, down_mm: float) -> tuple[float, float]:
    """Where a legend begins, however tall the chart: so many millimetres beneath its axes."""
    return -0.02, -down_mm * DOTS_PER_MM / axes.get_window_extent().height


def tidy(axes: Axes, *, grid: bool = True) -> None:
    """Leaves out what a chart does not need."""
    axes.spines[["top", "right"]].set_visible(False)
    if grid:
        axes.grid(visible=True, axis="y", color=RULE, linewidth=0.3)
        axes.set_axisbelow(True)
    axes.tick_params(axis="x", length=0)
