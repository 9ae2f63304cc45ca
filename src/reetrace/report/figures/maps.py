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
from reetrace.reading.language import plain
from reetrace.report.figures.furniture import Bounds, graticule, north_arrow, scale_bar
from reetrace.report.figures.plate import QUIET, Plate

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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

    @property
    def legend_mm(self) -> float:
        """Where a legend begins: beneath the first panel, unless that leaves it too little room."""
        return self.left_mm if self.left_mm <= _FARTHEST_LEGEND_MM else LEFT_MM

    def place(self, position: int) -> tuple[float, float, float, float]:
        """(left, bottom, width, height) of the n-th panel, row by row from the top."""
        row, column = divmod(position, self.columns)
        left = self.left_mm + column * (self.width_mm + self.gap_mm)
        up = self.rows - 1 - row
        bottom = self.bottom_mm + up * (self.height_mm + self.gap_mm + _TITLE_MM + _LABEL_MM)
        return left, bottom, self.width_mm, self.height_mm


_TITLE_MM, _LABEL_MM = 4.5, 3.0
_FARTHEST_LEGEND_MM = 48.0

_MOST_ALONE_MM = 92.0
"""Width of a map that stands alone."""

_WORTH_A_ROW = 1.2
"""How much larger panels must become to stand in one more row."""

LEFT_MM = 13.0
"""Room left of the first panel for latitudes."""


def arrange(
    number: int,
    bounds: Bounds,
    *,
    width_mm: float,
    most_mm: float,
    foot_mm: float = 9.0,
    alone_mm: float = _MOST_ALONE_MM,
) -> tuple[Panels, float]:
    """Panels as large as they can be on a sheet of this width, and the height of that sheet.

    They stand in as few rows as do not make them much smaller, so that the maps of a report look
    alike; a single one is no larger than leaves room for another on its page.
    """
    west, south, east, north = bounds
    tall = (north - south) / (east - west)
    best: Panels | None = None
    for rows in range(1, number + 1):
        columns = math.ceil(number / rows)
        gap = 3.0
        wide = (width_mm - LEFT_MM - 1.0 - gap * (columns - 1)) / columns
        room = (most_mm - foot_mm) / rows - _TITLE_MM - _LABEL_MM - gap
        wide = min(wide, room / tall, alone_mm if number == 1 else wide)
        if wide > 0 and (best is None or wide > best.width_mm * _WORTH_A_ROW):
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
    graticule(axes, ground.bounds, ground.grid.epsg, latitudes=latitudes)
    if scale:
        scale_bar(axes, ground.bounds)
        north_arrow(axes, ground.bounds)


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
    # As an artist: as a patch its curves would be searched for limits, which the ground gives.
    axes.add_artist(PathPatch(Outline.make_compound_path(*paths), facecolor=colour, **style))


def legend(
    plate: Plate, entries: Iterable[Any], *, columns: int = 6, left_mm: float = LEFT_MM
) -> None:
    """One line of legend along the foot of a plate."""
    handles = list(entries)
    if not handles:
        return
    for each in handles:
        each.set_label(plain(each.get_label()))
    # Closer, further left and at last smaller, where longer words would run off the plate.
    for left, spacing, size in (
        (left_mm, 1.6, None),
        (left_mm, 1.0, None),
        (1.0, 1.0, None),
        (1.0, 0.8, 5.6),
    ):
        made = plate.figure.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(left / plate.width_mm, 0.0),
            ncols=min(columns, len(handles)),
            handlelength=1.8,
            handleheight=1.0,
            columnspacing=spacing,
            borderpad=0.1,
            borderaxespad=0.1,
            fontsize=size,
        )
        if made.get_window_extent().x1 <= plate.figure.bbox.x1:
            return
        made.remove()
    plate.figure.legends.append(made)


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
