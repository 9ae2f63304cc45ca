"""The spectral screening as charts: reference minerals, mine ground, depths pixel by pixel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reetrace.core.results import BandValue, ReferenceSpectrum, SpectralCheck
from reetrace.reading import numerals
from reetrace.reading.language import quote, say
from reetrace.report.figures.charts import SERIES, beneath, tidy
from reetrace.report.figures.plate import (
    INK,
    QUIET,
    RULE,
    TITLE_LINE_MM,
    Picture,
    Plate,
    drawn,
    entitle,
    title_lines,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN_TO_NM = 900.0
"""Bands beyond would press the neighbourhood of 740 nm into a corner."""

ABSORPTION_NM = 740.0
"""Where neodymium absorbs within Sentinel-2's band 6."""


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
    panels = len(checks) + (1 if minerals else 0)
    wide = (width_mm - 12 - 9 * (panels - 1) - 2) / panels
    head = _head_mm(names, wide)
    places = [
        (12 + position * (wide + 9), 20, wide, height_mm - 20 - head) for position in range(panels)
    ]
    if minerals:
        axes = plate.axes(*places[0])
        for order, each in enumerate(minerals):
            _line(
                axes,
                each.values,
                quote(each.title),
                SERIES[order % len(SERIES)],
                "osD^v"[order % 5],
            )
        entitle(axes, say("Reference minerals"), most=2)
        axes.set_ylabel(say("Reflectance"))
        _spectral_axes(axes, legend_columns=2 if panels > 1 else 4)
    ground: list[Axes] = []
    for check, name, place in zip(checks, names, places[-len(checks) :], strict=True):
        axes = plate.axes(*place)
        for label, colour, marker, values in (
            (say("Mine ground"), SERIES[3], "o", check.pit_spectrum),
            (say("Matched bare ground"), SERIES[0], "s", check.background_spectrum),
        ):
            _line(axes, values, label, colour, marker)
        entitle(axes, name, most=2)
        _spectral_axes(axes, legend_columns=1)
        ground.append(axes)
    _on_one_scale(ground)
    return plate.print("png")


def _head_mm(names: Sequence[str], width_mm: float) -> float:
    """Room for the titles of panels so wide."""
    most = max(len(title_lines(name, width_mm, most=2)) for name in names)
    return 6.0 + TITLE_LINE_MM * (most - 1)


def _on_one_scale(panels: Sequence[Axes]) -> None:
    """What stands side by side can be compared."""
    low = min(axes.get_ylim()[0] for axes in panels)
    high = max(axes.get_ylim()[1] for axes in panels)
    for axes in panels:
        axes.set_ylim(low, high)


def _line(axes: Axes, values: Sequence[BandValue], label: str, colour: str, marker: str) -> None:
    """One spectrum with its interval, where it has one."""
    shown = sorted(
        (band for band in values if band.centre_nm <= SHOWN_TO_NM), key=lambda band: band.centre_nm
    )
    centres = [band.centre_nm for band in shown]
    middle = [band.reflectance for band in shown]
    axes.plot(centres, middle, color=colour, marker=marker, markersize=3, label=label)
    if shown and all(band.low is not None and band.high is not None for band in shown):
        low, high = [band.low or 0.0 for band in shown], [band.high or 0.0 for band in shown]
        axes.fill_between(centres, low, high, color=colour, alpha=0.18, linewidth=0)


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
    axes.set_xlabel(say("Wavelength (nm)"))
    axes.grid(visible=True, color=RULE, linewidth=0.3)
    axes.set_axisbelow(True)
    tidy(axes, grid=False)
    if not axes.get_legend_handles_labels()[0]:
        return
    axes.legend(
        loc="upper left",
        bbox_to_anchor=beneath(axes, 9.1),
        ncols=legend_columns,
        handlelength=1.8,
        columnspacing=0.8,
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
    head = _head_mm(names, wide)
    panels: list[Axes] = []
    for position, (check, name) in enumerate(zip(checks, names, strict=True)):
        axes = plate.axes(12 + position * (wide + 9), 20, wide, height_mm - 20 - head)
        panels.append(axes)
        edges = check.histogram_edges
        ground: dict[str, Any] = {"fill": True, "color": "#9fc5e0"}
        pit: dict[str, Any] = {"color": SERIES[3], "linewidth": 1.6}
        for label, style, counts in (
            (say("Matched bare ground"), ground, check.background_histogram),
            (say("Mine ground"), pit, check.pit_histogram),
        ):
            total = sum(counts)
            if total:
                axes.stairs(
                    [100 * each / total for each in counts],
                    edges,
                    label=say(
                        "{ground} ({count} pixels)", ground=label, count=numerals.count(total)
                    ),
                    **style,
                )
        axes.axvline(0, color=QUIET, linewidth=0.6)
        entitle(axes, name, most=2)
        axes.set_xlabel(say("Depth at 740 nm (positive is absorption)"))
        axes.set_ylabel(say("Share of pixels (%)") if position == 0 else "")
        tidy(axes)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(
                loc="upper left", bbox_to_anchor=beneath(axes, 9.6), ncols=1, handlelength=1.4
            )
    _on_one_scale(panels)
    return plate.print("png")
