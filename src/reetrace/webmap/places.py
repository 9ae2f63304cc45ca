"""Places on the page: metres right and down from the grid's upper left corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.core.geometry import MultiPolygon
from reetrace.core.grid import Grid
from reetrace.zoning import from_shapely, lonlat_of, on_grid, to_shapely

_TOLERANCE_M = 0.5

_MOST_NODES = 65


@dataclass(frozen=True)
class Table:
    """Longitude and latitude at evenly spaced nodes, to be interpolated bilinearly."""

    cols: int
    rows: int
    longitudes: tuple[float, ...]
    """Row by row from the upper left corner."""
    latitudes: tuple[float, ...]
    error_m: float
    """The most it is off, as found at sixteen places a cell."""


def degrees_table(grid: Grid) -> Table:
    """The smallest table of a grid that is off by less than half a metre."""
    nodes = 2
    while True:
        table = _table(grid, nodes)
        if table.error_m < _TOLERANCE_M or nodes >= _MOST_NODES:
            return table
        nodes = 2 * nodes - 1


def _table(grid: Grid, nodes: int) -> Table:
    longitudes, latitudes = _degrees(grid, nodes)
    # The nodes hold what the page will hold, so that the error is that of the page.
    longitudes, latitudes = longitudes.round(7), latitudes.round(7)
    finer = 4 * (nodes - 1) + 1
    true_longitudes, true_latitudes = _degrees(grid, finer)
    metres_a_degree = 111_320.0
    shrunk = np.cos(np.radians(true_latitudes))
    east = (_refined(longitudes, finer) - true_longitudes) * metres_a_degree * shrunk
    north = (_refined(latitudes, finer) - true_latitudes) * metres_a_degree
    return Table(
        cols=nodes,
        rows=nodes,
        longitudes=tuple(longitudes.ravel().tolist()),
        latitudes=tuple(latitudes.ravel().tolist()),
        error_m=float(np.hypot(east, north).max()),
    )


def _degrees(grid: Grid, nodes: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # `lonlat_of` speaks of pixel centres: half a pixel less is the corner.
    down = np.linspace(0.0, grid.rows, nodes) - 0.5
    right = np.linspace(0.0, grid.cols, nodes) - 0.5
    rows, cols = np.meshgrid(down, right, indexing="ij")
    longitudes, latitudes = lonlat_of(rows, cols, grid)  # type: ignore[arg-type]
    return longitudes, latitudes


def _refined(values: NDArray[np.float64], nodes: int) -> NDArray[np.float64]:
    """The same table at more nodes, interpolated bilinearly."""
    old, new = np.linspace(0, 1, len(values)), np.linspace(0, 1, nodes)
    wide = np.array([np.interp(new, old, row) for row in values])
    return np.array([np.interp(new, old, column) for column in wide.T]).T


def path(area: MultiPolygon, grid: Grid) -> str:
    """An area of degrees as the `d` of an SVG path, in whole metres.

    Half a metre is a sixtieth of a pixel: pixel outlines, which lie on whole metres, stay exact.
    """
    rings = [ring for polygon in (on_grid(area, grid) if area else ()) for ring in polygon]
    return "".join(_drawn(np.asarray(ring), grid, closed=True) for ring in rings)


def clipped_path(area: MultiPolygon, grid: Grid) -> str:
    """The same of what of an area lies within the grid."""
    from shapely import box

    if not area:
        return ""
    shape = to_shapely(on_grid(area, grid)).intersection(box(*grid.bounds))
    rings = [ring for polygon in from_shapely(shape) for ring in polygon]
    return "".join(_drawn(np.asarray(ring), grid, closed=True) for ring in rings)


def border_path(areas: Sequence[MultiPolygon], grid: Grid) -> str:
    """The lines between neighbours within the grid, once each, as the `d` of an SVG path."""
    from shapely import LineString, box, get_parts, line_merge, union_all

    # Sides that follow the edge of the grid, or lie beyond it, are where ground was cut off.
    inner = box(*grid.bounds).buffer(-grid.pixel_m / 2)
    shapes = [to_shapely(on_grid(area, grid)) for area in areas if area]
    # To the metre, so that a line both neighbours have is one line.
    merged = union_all([shape.boundary.intersection(inner) for shape in shapes], grid_size=1.0)
    joined = line_merge(merged)
    lines = [each for each in get_parts(joined) if isinstance(each, LineString)]
    placed = [np.asarray(each.coords) for each in lines if not each.is_empty]
    return "".join(_drawn(each, grid, closed=False) for each in placed)


def _drawn(placed: NDArray[np.float64], grid: Grid, *, closed: bool) -> str:
    """A line of places in metres of the grid's CRS."""
    right = np.rint(placed[:, 0] - grid.west_m).astype(np.int64)
    down = np.rint(grid.north_m - placed[:, 1]).astype(np.int64)
    return _line(right, down, closed=closed)


def _line(right: NDArray[np.int64], down: NDArray[np.int64], *, closed: bool) -> str:
    """Steps from corner to corner; places in the middle of a straight side are left out."""
    corners: list[tuple[int, int]] = []
    steps: list[tuple[int, int]] = []
    for place in zip(right.tolist(), down.tolist(), strict=True):
        if not corners:
            corners.append(place)
            continue
        step = place[0] - corners[-1][0], place[1] - corners[-1][1]
        if step == (0, 0):
            continue
        if steps and _same_way(steps[-1], step):
            steps[-1] = steps[-1][0] + step[0], steps[-1][1] + step[1]
        else:
            steps.append(step)
        corners.append(place)
    if not corners:
        return ""
    # The last step of a ring leads back to where it began: `z` draws it.
    walked = "".join(_step(*each) for each in (steps[:-1] if closed else steps))
    return f"M{corners[0][0]} {corners[0][1]}{walked}{'z' if closed else ''}"


def _same_way(one: tuple[int, int], other: tuple[int, int]) -> bool:
    straight = one[0] * other[1] == one[1] * other[0]
    return straight and one[0] * other[0] + one[1] * other[1] > 0


def _step(right: int, down: int) -> str:
    if not down:
        return f"h{right}"
    return f"v{down}" if not right else f"l{right} {down}"


def bounds_of(area: MultiPolygon, grid: Grid) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of an area in whole metres, within the grid."""
    rings = [np.asarray(polygon[0]) for polygon in on_grid(area, grid)]
    placed = np.concatenate(rings)
    across = np.clip(placed[:, 0] - grid.west_m, 0, grid.cols * grid.pixel_m)
    down = np.clip(grid.north_m - placed[:, 1], 0, grid.rows * grid.pixel_m)
    return (
        float(np.floor(across.min())),
        float(np.floor(down.min())),
        float(np.ceil(across.max())),
        float(np.ceil(down.max())),
    )
