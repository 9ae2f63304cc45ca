"""Where on Earth: a globe for the cover and the area itself beside it."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reetrace.core.geometry import bounds
from reetrace.reading import stretch
from reetrace.reading.rasters import Rasters
from reetrace.report.figures import imagery, maps
from reetrace.report.figures.plate import INK, Picture, Plate, drawn

_LINE_OF_LEGEND_MM = 3.6

_LAND = Path(__file__).parents[1] / "land.json"


@lru_cache(maxsize=1)
def _land() -> tuple[NDArray[np.float64], ...]:
    rings = json.loads(_LAND.read_text(encoding="utf-8"))["rings"]
    return tuple(np.asarray(ring, dtype=np.float64) for ring in rings)


@drawn
def globe(rasters: Rasters, *, side_mm: float) -> Picture:
    """The half of the Earth that faces the site; land without borders."""
    from matplotlib.patches import Circle

    west, south, east, north = bounds(rasters.evidence.study_area.area_of_interest.geometry)
    centre = math.radians((west + east) / 2), math.radians((south + north) / 2)
    # Not the site but a point south of it in the middle: the land around is what is recognised.
    middle = centre[0], centre[1] * 0.6
    plate = Plate(side_mm, side_mm, simulated=rasters.evidence.simulated)
    axes = plate.axes(0, 0, side_mm, side_mm)
    axes.set_axis_off()
    axes.set_xlim(-1.04, 1.04)
    axes.set_ylim(-1.04, 1.04)
    disc = Circle((0, 0), 1, facecolor="#e8eef4", edgecolor="#5b6470", linewidth=0.6)
    axes.add_patch(disc)
    for ring in _land():
        shape = _facing(ring, middle)
        if len(shape):
            patch = axes.fill(shape[:, 0], shape[:, 1], color="#b9c2cc", linewidth=0)[0]
            patch.set_clip_path(disc)
    for line in _net():
        x, y, front = _project(line, middle)
        axes.plot(np.where(front, x, np.nan), np.where(front, y, np.nan), color="white", lw=0.4)
    x, y, _ = _project(np.degrees(np.asarray([centre])), middle)
    axes.plot(x, y, "o", color="white", markersize=9, markeredgecolor=INK, markeredgewidth=0.6)
    axes.plot(x, y, "o", color="#d7191c", markersize=5)
    return plate.print("png")


def _project(
    places: NDArray[np.float64], middle: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Orthographic view from far above the middle, and which places face it."""
    longitude, latitude = np.radians(places[:, 0]) - middle[0], np.radians(places[:, 1])
    x = np.cos(latitude) * np.sin(longitude)
    y = math.cos(middle[1]) * np.sin(latitude) - math.sin(middle[1]) * np.cos(latitude) * np.cos(
        longitude
    )
    depth = math.sin(middle[1]) * np.sin(latitude) + math.cos(middle[1]) * np.cos(
        latitude
    ) * np.cos(longitude)
    return x, y, depth > 0


def _facing(ring: NDArray[np.float64], middle: tuple[float, float]) -> NDArray[np.float64]:
    """A ring as seen; what lies behind the limb is pushed out onto it."""
    x, y, front = _project(ring, middle)
    if not front.any():
        return np.empty((0, 2))
    radius = np.maximum(np.hypot(x, y), 1e-9)
    outward = np.where(front, 1.0, 1.0 / radius)
    return np.column_stack((x * outward, y * outward))


def _net() -> list[NDArray[np.float64]]:
    along = np.linspace(-180, 180, 181)
    up = np.linspace(-80, 80, 81)
    parallels = [
        np.column_stack((along, np.full(181, each))) for each in (-60.0, -30.0, 0.0, 30.0, 60.0)
    ]
    meridians = [np.column_stack((np.full(81, float(each)), up)) for each in range(-180, 180, 30)]
    return parallels + meridians


@drawn
def area(rasters: Rasters, *, width_mm: float, most_mm: float) -> Picture:
    """The study area in the natural colour of the last epoch, mine zones and border marked."""
    ground = imagery.ground_of(rasters)
    lines = imagery.zone_outlines(rasters.evidence)
    entries = imagery.line_entries(rasters, lines)
    panels, height = maps.arrange(
        1,
        ground.bounds,
        width_mm=width_mm,
        most_mm=most_mm,
        foot_mm=3.0 + _LINE_OF_LEGEND_MM * len(entries),
        alone_mm=width_mm,
    )
    plate = Plate(width_mm, height, simulated=rasters.evidence.simulated)
    axes = plate.axes(*panels.place(0))
    pictures = stretch.stretched(rasters, stretch.NATURAL)
    if pictures:
        axes.imshow(pictures[max(pictures)], extent=rasters.extent, interpolation="nearest")
    imagery.finish_panel(axes, ground, 0, panels, title=max(pictures, default=""))
    if pictures:
        imagery.hatch_unseen(axes, rasters, max(pictures))
    imagery.mark_zones(axes, ground, lines)
    maps.legend(plate, entries, columns=1)
    return plate.print("jpeg")
