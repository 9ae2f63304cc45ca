"""What every map carries: extent in metres, graticule in degrees, scale bar, arrow, outlines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.geometry import MultiPolygon
from reetrace.core.grid import Grid
from reetrace.report.figures.plate import DOTS_PER_MM, INK, QUIET, Plate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Bounds = tuple[float, float, float, float]
"""(west, south, east, north) in metres of the grid's CRS."""

BORDER_COLOUR = "#111111"

# Steps between the lines of a graticule, in minutes of arc.
_STEPS_MINUTES = (0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300)

# A patch of paper beneath scale bar and arrow: they must be read on dark forest and on bright pits.
_PAPER: dict[str, Any] = {"facecolor": "white", "alpha": 0.86, "linewidth": 0, "zorder": 8}

_ROUND_LENGTHS = (1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Panels:
    """Places of equal panels on a plate, in millimetres."""

    columns: int
    rows: int
    width_mm: float
    height_mm: float
    gap_mm: float
    left_mm: float
    bottom_mm: float

    def place(self, position: int) -> tuple[float, float, float, float]:
        """(left, bottom, width, height) of the n-th panel, row by row from the top."""
        row, column = divmod(position, self.columns)
        left = self.left_mm + column * (self.width_mm + self.gap_mm)
        up = self.rows - 1 - row
        bottom = self.bottom_mm + up * (self.height_mm + self.gap_mm + _TITLE_MM + _LABEL_MM)
        return left, bottom, self.width_mm, self.height_mm


_LABEL_ROOM_MM = 17.0
"""A label of a graticule and the room beside it."""

_TITLE_MM, _LABEL_MM = 4.5, 3.0
LEFT_MM = 13.0
"""Room left of the first panel for latitudes."""


def arrange(
    number: int, bounds: Bounds, *, width_mm: float, most_mm: float, foot_mm: float = 9.0
) -> tuple[Panels, float]:
    """Panels as large as they can be on a sheet of this width, and the height of that sheet."""
    west, south, east, north = bounds
    tall = (north - south) / (east - west)
    best: Panels | None = None
    for columns in range(1, number + 1):
        rows = math.ceil(number / columns)
        gap = 3.0
        wide = (width_mm - LEFT_MM - 1.0 - gap * (columns - 1)) / columns
        room = (most_mm - foot_mm) / rows - _TITLE_MM - _LABEL_MM - gap
        wide = min(wide, room / tall)
        if wide > 0 and (best is None or wide > best.width_mm):
            used = columns * wide + (columns - 1) * gap
            left = LEFT_MM + (width_mm - LEFT_MM - 1.0 - used) / 2
            best = Panels(columns, rows, wide, wide * tall, gap, left, foot_mm + _LABEL_MM)
    if best is None:
        raise ValueError("no panel fits the sheet")
    across = best.rows * (best.height_mm + _TITLE_MM + _LABEL_MM) + (best.rows - 1) * best.gap_mm
    return best, across + foot_mm


@dataclass(frozen=True)
class Ground:
    """The part of the ground that a map shows."""

    grid: Grid
    bounds: Bounds

    def to_metres(self, area: MultiPolygon) -> list[NDArray[np.float64]]:
        """Outer and inner rings of an area, each of shape (positions, 2)."""
        from pyproj import Transformer

        project = Transformer.from_crs(4326, self.grid.epsg, always_xy=True)
        rings = []
        for polygon in area:
            for ring in polygon:
                positions = np.asarray(ring, dtype=np.float64)
                rings.append(np.column_stack(project.transform(positions[:, 0], positions[:, 1])))
        return rings


def around(ground: Ground, area: MultiPolygon, margin: float = 0.04) -> Bounds:
    """The extent of an area with a margin (share of its longer side), within the grid."""
    rings = np.concatenate(ground.to_metres(area))
    west, south = rings.min(axis=0)
    east, north = rings.max(axis=0)
    edge = margin * max(east - west, north - south)
    whole = ground.grid.bounds
    return (
        max(west - edge, whole[0]),
        max(south - edge, whole[1]),
        min(east + edge, whole[2]),
        min(north + edge, whole[3]),
    )


def furnish(axes: Axes, ground: Ground, *, latitudes: bool = True, scale: bool = False) -> None:
    """Frame, graticule and, on one panel of a figure, scale bar and arrow."""
    west, south, east, north = ground.bounds
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect("equal")
    axes.set_facecolor("#ffffff")
    _graticule(axes, ground, latitudes=latitudes)
    if scale:
        _scale_bar(axes, ground)
        _north_arrow(axes, ground)


def outline(
    axes: Axes,
    ground: Ground,
    area: MultiPolygon,
    colour: str,
    **style: Any,  # noqa: ANN401
) -> None:
    """The rings of an area as lines with a light halo, so that they show on any ground."""
    from matplotlib.patheffects import withStroke

    width = float(style.pop("linewidth", 0.8))
    for ring in ground.to_metres(area):
        axes.plot(
            ring[:, 0],
            ring[:, 1],
            color=colour,
            linewidth=width,
            path_effects=[withStroke(linewidth=width + 1.1, foreground="white")],
            **style,
        )


def filled(
    axes: Axes,
    ground: Ground,
    area: MultiPolygon,
    colour: str,
    **style: Any,  # noqa: ANN401
) -> None:
    """An area with its holes, filled."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    if not area:
        return
    paths = [Outline(ring, closed=True) for ring in ground.to_metres(area)]
    axes.add_patch(PathPatch(Outline.make_compound_path(*paths), facecolor=colour, **style))


def legend(
    plate: Plate, entries: Iterable[Any], *, columns: int = 6, left_mm: float = LEFT_MM
) -> None:
    """One line of legend along the foot of a plate."""
    handles = list(entries)
    plate.figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(left_mm / plate.width_mm, 0.0),
        ncols=min(columns, len(handles)),
        handlelength=1.8,
        handleheight=1.0,
        columnspacing=1.6,
        borderpad=0.1,
        borderaxespad=0.1,
    )


def _graticule(axes: Axes, ground: Ground, *, latitudes: bool) -> None:
    from pyproj import Transformer

    west, south, east, north = ground.bounds
    back = Transformer.from_crs(ground.grid.epsg, 4326, always_xy=True)
    forth = Transformer.from_crs(4326, ground.grid.epsg, always_xy=True)
    edge = np.linspace(0, 1, 9)
    sides = [
        (west + (east - west) * edge, np.full(9, south)),
        (west + (east - west) * edge, np.full(9, north)),
        (np.full(9, west), south + (north - south) * edge),
        (np.full(9, east), south + (north - south) * edge),
    ]
    corners = [back.transform(*side) for side in sides]
    # Meridians meet the lower edge and parallels the left edge: labels belong where they do.
    lower, left = corners[0], corners[2]
    box = axes.get_window_extent()
    wide_mm, high_mm = box.width / DOTS_PER_MM, box.height / DOTS_PER_MM
    across = _round_degrees(lower[0][0], lower[0][-1], wanted=wide_mm / _LABEL_ROOM_MM)
    up = _round_degrees(left[1][0], left[1][-1], wanted=high_mm / _LABEL_ROOM_MM)
    line: dict[str, Any] = {"color": "#ffffff", "linewidth": 0.35, "alpha": 0.55, "zorder": 3}
    parallels = np.linspace(lower[1].min() - 0.1, corners[1][1].max() + 0.1, 40)
    meridians = np.linspace(left[0].min() - 0.1, corners[3][0].max() + 0.1, 40)
    for longitude in across:
        axes.plot(*forth.transform(np.full(40, longitude), parallels), **line)
    for latitude in up:
        axes.plot(*forth.transform(meridians, np.full(40, latitude)), **line)
    axes.set_xticks([float(np.interp(each, lower[0], sides[0][0])) for each in across])
    axes.set_xticklabels([degrees(each, "E", "W") for each in across])
    axes.set_yticks([float(np.interp(each, left[1], sides[2][1])) for each in up])
    axes.set_yticklabels([degrees(each, "N", "S") for each in up] if latitudes else [])
    axes.tick_params(length=1.6)


def _round_degrees(low: float, high: float, *, wanted: float) -> list[float]:
    """Round angles between two, about as many as wanted."""
    span = (high - low) * 60
    step = next((each for each in _STEPS_MINUTES if span / each <= max(wanted, 1.0)), 600.0) / 60
    first = math.ceil(low / step - 1e-9)
    return [step * each for each in range(first, math.floor(high / step + 1e-9) + 1)]


def degrees(angle: float, positive: str, negative: str) -> str:
    """An angle in degrees and minutes with its letter.

    >>> degrees(98.5, "E", "W"), degrees(-25.0, "N", "S")
    ("98°30′E", '25°S')
    """
    angle = (angle + 180) % 360 - 180 if positive == "E" else angle
    quarters = round(abs(angle) * 240)
    whole, rest = divmod(quarters, 240)
    minutes, seconds = divmod(rest, 4)
    text = f"{whole}°"
    if minutes or seconds:
        text += f"{minutes:02d}′"
    if seconds:
        text += f"{seconds * 15:02d}″"
    return text + (positive if angle >= 0 else negative)


def _scale_bar(axes: Axes, ground: Ground) -> None:
    from matplotlib.patches import Rectangle

    west, south, east, _ = ground.bounds
    metres = (east - west) / (axes.get_window_extent().width / DOTS_PER_MM)
    length = round_length((east - west) * 0.42)
    left, low = west + 2.2 * metres, south + 2.2 * metres
    axes.add_patch(
        Rectangle(
            (left - 1.2 * metres, low - 1.1 * metres),
            length + 2.4 * metres,
            5.2 * metres,
            **_PAPER,
        )
    )
    for share, colour in ((1.0, "white"), (0.5, INK)):
        axes.add_patch(
            Rectangle(
                (left, low),
                length * share,
                0.9 * metres,
                facecolor=colour,
                edgecolor=INK,
                linewidth=0.5,
                zorder=9,
            )
        )
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"  # noqa: PLR2004 - metres
    axes.text(
        left + length / 2, low + 1.4 * metres, text, ha="center", va="bottom", size=5.8, zorder=9
    )


def round_length(longest_m: float) -> float:
    """The longest round length that is no longer.

    >>> round_length(1680.0), round_length(999.0)
    (1000.0, 500.0)
    """
    power = 10.0 ** math.floor(math.log10(longest_m))
    return max(each * power for each in _ROUND_LENGTHS if each * power <= longest_m)


def _north_arrow(axes: Axes, ground: Ground) -> None:
    from matplotlib.patches import Polygon, Rectangle

    west, _, east, north = ground.bounds
    metres = (east - west) / (axes.get_window_extent().width / DOTS_PER_MM)
    right, top = east - 3.2 * metres, north - 1.6 * metres
    axes.add_patch(
        Rectangle((right - 2.2 * metres, top - 8.0 * metres), 4.4 * metres, 8.8 * metres, **_PAPER)
    )
    shape = ((0.0, 0.0), (-1.5, -4.6), (0.0, -3.5), (1.5, -4.6))
    corners = [(right + x * metres, top + y * metres) for x, y in shape]
    axes.add_patch(Polygon(corners, closed=True, facecolor=INK, linewidth=0, zorder=9))
    axes.text(
        right, top - 4.9 * metres, "N", ha="center", va="top", size=6, weight="bold", zorder=9
    )


def swatch(colour: str, label: str, hatch: str = "", **style: Any) -> Any:  # noqa: ANN401
    """A legend entry for a filled colour."""
    from matplotlib.patches import Patch

    return Patch(
        facecolor=colour,
        edgecolor=style.pop("edgecolor", QUIET),
        linewidth=style.pop("linewidth", 0.4),
        hatch=hatch,
        label=label,
        **style,
    )


def stroke(colour: str, label: str, **style: Any) -> Any:  # noqa: ANN401
    """A legend entry for a line."""
    from matplotlib.lines import Line2D

    return Line2D([], [], color=colour, label=label, **{"linewidth": 1.2, **style})


def hatch_unseen(axes: Axes, ground_extent: Sequence[float], unseen: NDArray[np.bool_]) -> None:
    """Hatches the ground that was not seen."""
    if not unseen.any():
        return
    west, east, south, north = ground_extent
    rows, cols = unseen.shape
    padded = np.pad(unseen, 1).astype(float)
    width, height = (east - west) / cols, (north - south) / rows
    xs = west + (np.arange(cols + 2) - 0.5) * width
    ys = north - (np.arange(rows + 2) - 0.5) * height
    axes.contourf(
        xs, ys, padded, levels=[0.5, 1.5], colors=["#ffffff"], hatches=["//////"], zorder=2
    )
