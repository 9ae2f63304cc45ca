"""Geometries: planar in a coordinate system or with geodesic edges, and what pixels they cover."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.standin.grids import Floats, Grid, move

_EDGE_M = 500.0
"""Edges are followed by points this far apart when they bend in another coordinate system."""
_SUBPIXELS = 8
"""A pixel's covered share is approximated by as many sub-pixels on a side."""


@dataclass(frozen=True)
class Geometry:
    """A shape in a coordinate system."""

    shape: Any
    """Of shapely."""
    crs: str = "EPSG:4326"
    geodesic: bool = True
    """Whether edges are the shortest lines on the ellipsoid, or straight in the system."""

    def within(self, crs: str) -> Any:
        """The shape in another coordinate system, its bent edges followed."""
        return _within(self, crs)

    def bounds(self, crs: str) -> tuple[float, float, float, float]:
        """(west, south, east, north) in a coordinate system."""
        west, south, east, north = self.within(crs).bounds
        return west, south, east, north

    def inside(self, grid: Grid) -> NDArray[np.bool_]:
        """Whether each pixel's centre lies inside, shape (rows, cols)."""
        return _inside(self, grid)

    def coverage(self, grid: Grid) -> Floats:
        """Share of each pixel that lies inside, by 8 x 8 sub-pixels; shape (rows, cols)."""
        if self.is_points:
            return self.inside(grid).astype(np.float64)
        fine = self.inside(grid.finer(_SUBPIXELS))
        blocks = fine.reshape(grid.rows, _SUBPIXELS, grid.cols, _SUBPIXELS)
        return np.asarray(blocks.mean(axis=(1, 3)), dtype=np.float64)

    @property
    def is_points(self) -> bool:
        """Whether it is one point or several."""
        return bool(self.shape.geom_type in {"Point", "MultiPoint"})

    def record(self) -> dict[str, Any]:
        """GeoJSON in the geometry's own system, as getInfo shows it."""
        from shapely.geometry import mapping

        record: dict[str, Any] = _listed(dict(mapping(self.shape)))
        if self.crs != "EPSG:4326":
            record["crs"] = {"type": "name", "properties": {"name": self.crs}}
        if not self.is_points:
            record["geodesic"] = self.geodesic
        return record

    def degrees(self) -> dict[str, Any]:
        """GeoJSON in degrees, as a table of features carries it."""
        from shapely.geometry import mapping

        shape = self.shape if self.crs == "EPSG:4326" else self.within("EPSG:4326")
        record: dict[str, Any] = _listed(dict(mapping(shape)))
        return record


def _listed(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_listed(each) for each in value]
    if isinstance(value, dict):
        return {key: _listed(each) for key, each in value.items()}
    return value


@lru_cache(maxsize=256)
def _within(geometry: Geometry, crs: str) -> Any:
    from shapely import transform

    shape = geometry.shape
    if crs == geometry.crs and not geometry.geodesic:
        return shape
    if not geometry.is_points:
        shape = _followed(shape, geometry)

    def to_target(positions: Floats) -> Floats:
        return np.column_stack(move(positions[:, 0], positions[:, 1], geometry.crs, crs))

    return transform(shape, to_target)


def _followed(shape: Any, geometry: Geometry) -> Any:
    """The shape with points along its edges: along geodesics, or along straight lines."""
    from shapely import segmentize

    if not geometry.geodesic:
        degrees = geometry.crs == "EPSG:4326"
        return segmentize(shape, _EDGE_M / 111_000 if degrees else _EDGE_M)
    from shapely.geometry import LineString, MultiPolygon, Polygon

    if shape.geom_type == "MultiPolygon":
        return MultiPolygon([_followed(part, geometry) for part in shape.geoms])
    if shape.geom_type == "Polygon":
        rings = [shape.exterior, *shape.interiors]
        first, *holes = [_geodesics(np.asarray(ring.coords)) for ring in rings]
        return Polygon(first, holes)
    return LineString(_geodesics(np.asarray(shape.coords)))


def _geodesics(ring: Floats) -> Floats:
    from pyproj import Geod

    earth: Any = Geod(ellps="WGS84")
    pieces = []
    for start, end in zip(ring[:-1, :2], ring[1:, :2], strict=True):
        _, _, length_m = earth.inv(*start, *end)
        between = int(length_m // _EDGE_M)
        along = earth.npts(*start, *end, between) if between else []
        pieces.append(np.vstack([start, np.asarray(along, dtype=np.float64).reshape(-1, 2)]))
    return np.vstack([*pieces, ring[-1, :2]])


@lru_cache(maxsize=512)
def _inside(geometry: Geometry, grid: Grid) -> NDArray[np.bool_]:
    shape = geometry.within(grid.projection.crs)
    if geometry.is_points:
        return _holding(np.asarray([point.coords[0] for point in _points(shape)]), grid)
    across, down = grid.centres()
    return _contains(shape, across, down)


def _points(shape: Any) -> list[Any]:
    return list(shape.geoms) if shape.geom_type == "MultiPoint" else [shape]


def _holding(positions: Floats, grid: Grid) -> NDArray[np.bool_]:
    """Pixels that hold at least one of these positions."""
    held = np.zeros((grid.rows, grid.cols), dtype=np.bool_)
    a, _, c, _, e, f = grid.projection.transform
    cols = np.floor((positions[:, 0] - c) / a).astype(int)
    rows = np.floor((positions[:, 1] - f) / e).astype(int)
    on = (rows >= 0) & (rows < grid.rows) & (cols >= 0) & (cols < grid.cols)
    held[rows[on], cols[on]] = True
    return held


def _contains(shape: Any, across: Floats, down: Floats) -> NDArray[np.bool_]:
    import shapely

    if shape.is_empty:
        return np.zeros(across.shape, dtype=np.bool_)
    west, south, east, north = shape.bounds
    near = (across >= west) & (across <= east) & (down >= south) & (down <= north)
    held = np.zeros(across.shape, dtype=np.bool_)
    shapely.prepare(shape)
    held[near] = shapely.contains_xy(shape, across[near], down[near])
    return held
