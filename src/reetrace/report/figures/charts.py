"""Charts: areas with their intervals, gains and losses, countries, spectra."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reetrace.core.evidence import Evidence
from reetrace.core.results import Measure, ReferenceSpectrum, SpectralCheck, ZoneArea
from reetrace.report import lookup, numerals
from reetrace.report.figures.extents import FATE_COLOURS
from reetrace.report.figures.plate import INK, QUIET, RULE, Picture, Plate, drawn
from reetrace.report.figures.rasters import GAINED, LOST

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe-Ito colours whose lightness differs too; the hatch tells them apart without any.
SERIES = ("#0072b2", "#e69f00", "#56b4e9", "#d55e00", "#009e73", "#cc79a7")
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "++++")

ABSORPTION_NM = 740.0
"""Where neodymium absorbs within Sentinel-2's band 6."""


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
    right.set_title(f"{target}, enlarged, with 95 % intervals")
    return plate.print("png")


def _stacked(axes: Axes, evidence: Evidence) -> None:
    """Every class on top of the other, ground not seen at the top."""
    epochs = [each.label for each in evidence.epochs]
    floor = [0.0] * len(epochs)
    parts = [(each.name, each.title, each.colour, "") for each in evidence.legend.classes]
    parts.sort(key=lambda part: part[0] != evidence.legend.target)
    for name, title, colour, hatch in [*parts, ("not-seen", "Not seen", "#ffffff", "//////")]:
        rows = {
            each.epoch: each.mapped.value or 0.0
            for each in lookup.areas(evidence, "study-area", lookup.WHOLE, name)
        }
        heights = [rows.get(epoch, 0.0) for epoch in epochs]
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
    axes.set_title("All classes (mapped)")
    axes.set_ylabel("km²")
    _tidy(axes)
    axes.legend(loc="upper left", bbox_to_anchor=(-0.02, -0.09), ncols=3, handlelength=1.2)


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
        mapped = [each.mapped.value or 0.0 for each in areas]
        axes.bar(
            places,
            mapped,
            width=width * 0.92,
            color=colour or SERIES[order % len(SERIES)],
            edgecolor=INK,
            linewidth=0.4,
            hatch=HATCHES[order % len(HATCHES)],
            alpha=0.85,
            label=label or "Mapped (pixels counted)",
        )
        for place, each in zip(places, areas, strict=True):
            _whisker(axes, place, each.adjusted)
            _value_above(axes, place, each)
    axes.set_xticks(range(len(epochs)), epochs)
    axes.set_ylabel("km²")
    axes.margins(y=0.14)
    _tidy(axes)
    handles, labels = axes.get_legend_handles_labels()
    if any(each.adjusted.low is not None for _, areas in series for each in areas):
        from matplotlib.lines import Line2D

        handles.append(Line2D([], [], marker="o", color=INK, markersize=3, linewidth=0.8))
        labels.append("Error-adjusted, 95 % interval")
    axes.legend(
        handles, labels, loc="upper left", bbox_to_anchor=(-0.02, -0.09), ncols=3, handlelength=1.4
    )


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


def _value_above(axes: Axes, place: float, area: ZoneArea) -> None:
    top = max(area.mapped.value or 0.0, area.adjusted.high or 0.0)
    axes.annotate(
        numerals.value(area.mapped, unit=False),
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
    for order, (title, code, values) in enumerate(
        (
            ("Became", GAINED, [each.gain for each in changes]),
            ("Left", LOST, [each.loss for each in changes]),
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
            label=f"{title} {lookup.target_title(evidence).lower()} (mapped)",
        )
        for place, each in zip(places, values, strict=True):
            axes.annotate(
                numerals.value(each, unit=False),
                (place, each.value or 0.0),
                xytext=(0, 2),
                textcoords="offset points",
                ha="center",
                size=6.2,
            )
    axes.set_xticks(range(len(labels)), labels)
    axes.set_ylabel("km²")
    axes.margins(y=0.14)
    _tidy(axes)
    axes.legend(loc="upper left", bbox_to_anchor=(-0.01, -0.11), ncols=2)
    return plate.print("png")


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
            (zone.name, lookup.areas(evidence, zone_set.id, zone.id, target))
            for zone in zone_set.zones
        ]
        bars(axes, epochs, [each for each in series if each[1]])
        axes.set_title(lookup.edition_title(zone_set))
        panels.append(axes)
    top = max(axes.get_ylim()[1] for axes in panels)
    for axes in panels:
        axes.set_ylim(0, top)
    for axes in panels[1:]:
        axes.set_ylabel("")
    return plate.print("png")


@drawn
def spectra(
    minerals: Sequence[ReferenceSpectrum],
    checks: Sequence[SpectralCheck],
    names: Sequence[str],
    *,
    simulated: bool,
    width_mm: float,
    height_mm: float,
) -> Picture:
    """Reference minerals as the sensor would see them beside the ground of every zone screened."""
    plate = Plate(width_mm, height_mm, simulated=simulated)
    panels = 1 + len(checks)
    wide = (width_mm - 12 - 9 * (panels - 1) - 2) / panels
    axes = plate.axes(12, 20, wide, height_mm - 26)
    for order, each in enumerate(minerals):
        axes.plot(
            [band.centre_nm for band in each.values],
            [band.reflectance for band in each.values],
            color=SERIES[order % len(SERIES)],
            marker="osD^v"[order % 5],
            markersize=3,
            label=each.title,
        )
    axes.set_title("Reference minerals")
    _spectral_axes(axes, legend_columns=2 if panels > 1 else 4)
    axes.set_ylabel("Reflectance")
    for position, (check, name) in enumerate(zip(checks, names, strict=True), start=1):
        axes = plate.axes(12 + position * (wide + 9), 20, wide, height_mm - 26)
        for label, colour, marker, values in (
            ("Mine ground", SERIES[3], "o", check.pit_spectrum),
            ("Matched bare ground", SERIES[0], "s", check.background_spectrum),
        ):
            if not values:
                continue
            centres = [band.centre_nm for band in values]
            axes.plot(
                centres,
                [band.reflectance for band in values],
                color=colour,
                marker=marker,
                markersize=3,
                label=label,
            )
            if all(band.low is not None and band.high is not None for band in values):
                axes.fill_between(
                    centres,
                    [band.low or 0.0 for band in values],
                    [band.high or 0.0 for band in values],
                    color=colour,
                    alpha=0.18,
                    linewidth=0,
                )
        axes.set_title(name)
        _spectral_axes(axes, legend_columns=1)
    return plate.print("png")


def _spectral_axes(axes: Axes, *, legend_columns: int) -> None:
    axes.axvline(ABSORPTION_NM, color=INK, linewidth=0.7, linestyle=(0, (3, 2)))
    axes.margins(y=0.12)
    axes.annotate(
        "740 nm",
        (ABSORPTION_NM, 1),
        xycoords=("data", "axes fraction"),
        xytext=(2, -2),
        textcoords="offset points",
        va="top",
        size=6,
    )
    axes.set_xlabel("Wavelength (nm)")
    axes.grid(visible=True, color=RULE, linewidth=0.3)
    axes.set_axisbelow(True)
    _tidy(axes, grid=False)
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(-0.02, -0.19),
        ncols=legend_columns,
        handlelength=1.8,
        columnspacing=1.0,
    )


@drawn
def depths(
    checks: Sequence[SpectralCheck],
    names: Sequence[str],
    *,
    simulated: bool,
    width_mm: float,
    height_mm: float,
) -> Picture:
    """Depth at 740 nm of mine pixels and of matched bare ground, as shares of each."""
    plate = Plate(width_mm, height_mm, simulated=simulated)
    wide = (width_mm - 12 - 9 * (len(checks) - 1) - 2) / len(checks)
    for position, (check, name) in enumerate(zip(checks, names, strict=True)):
        axes = plate.axes(12 + position * (wide + 9), 20, wide, height_mm - 26)
        edges = check.histogram_edges
        ground: dict[str, Any] = {"fill": True, "color": "#9fc5e0"}
        pit: dict[str, Any] = {"color": SERIES[3], "linewidth": 1.6}
        for label, style, counts in (
            ("Matched bare ground", ground, check.background_histogram),
            ("Mine ground", pit, check.pit_histogram),
        ):
            total = sum(counts)
            if total:
                axes.stairs(
                    [100 * each / total for each in counts],
                    edges,
                    label=f"{label} ({numerals.count(total)} pixels)",
                    **style,
                )
        axes.axvline(0, color=QUIET, linewidth=0.6)
        axes.set_title(name)
        axes.set_xlabel("Depth at 740 nm (positive is absorption)")
        axes.set_ylabel("Share of pixels (%)" if position == 0 else "")
        _tidy(axes)
        axes.legend(loc="upper left", bbox_to_anchor=(-0.02, -0.3), ncols=1, handlelength=1.4)
    return plate.print("png")


def _tidy(axes: Axes, *, grid: bool = True) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    if grid:
        axes.grid(visible=True, axis="y", color=RULE, linewidth=0.3)
        axes.set_axisbelow(True)
    axes.tick_params(axis="x", length=0)
