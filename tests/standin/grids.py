"""Projections, and the grids of pixels that images are asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.standin.faults import Refused, Unmodelled

Affine6 = tuple[float, float, float, float, float, float]
Floats = NDArray[np.float64]

METRES_PER_DEGREE = 111_319.49079327358
"""Of the equator of WGS 84: how the service turns a scale in metres into degrees."""


@dataclass(frozen=True)
class Projection:
    """A coordinate system and the pixel lattice in it; `transform` as in the service: x, y rows."""

    crs: str
    transform: Affine6 = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)

    @property
    def pixel(self) -> float:
        """Side of a pixel in the units of the coordinate system."""
        return math.hypot(self.transform[0], self.transform[3])

    @property
    def scale_m(self) -> float:
        """Nominal side of a pixel in metres."""
        return self.pixel * (METRES_PER_DEGREE if is_geographic(self.crs) else 1.0)

    def at_scale(self, metres: float) -> Projection:
        """The same lattice with other pixels, about the same origin."""
        factor = metres / self.scale_m
        a, b, c, d, e, f = self.transform
        return Projection(self.crs, (a * factor, b * factor, c, d * factor, e * factor, f))

    def record(self) -> dict[str, Any]:
        """As getInfo shows it."""
        return {"type": "Projection", "crs": self.crs, "transform": list(self.transform)}


WGS84 = Projection("EPSG:4326")
"""The default projection of composites and constants: one degree a pixel."""


@dataclass(frozen=True)
class Grid:
    """Pixels asked for: a lattice and how many of it, from its origin to the right and down."""

    projection: Projection
    cols: int
    rows: int

    @property
    def pixels(self) -> int:
        """How many."""
        return self.rows * self.cols

    def centres(self) -> tuple[Floats, Floats]:
        """Coordinates of the pixel centres, shape (rows, cols) both."""
        a, b, c, d, e, f = self.projection.transform
        across, down = np.meshgrid(np.arange(self.cols) + 0.5, np.arange(self.rows) + 0.5)
        return a * across + b * down + c, d * across + e * down + f

    @property
    def upright(self) -> bool:
        """Whether rows run along one axis of the system and columns along the other."""
        return self.projection.transform[1] == 0 and self.projection.transform[3] == 0

    def column(self) -> Floats:
        """The second coordinate of the rows' centres in an upright grid, shape (rows, 1)."""
        return self.part(0, 0, self.rows, 1).centres()[1]

    def part(self, row: int, col: int, rows: int, cols: int) -> Grid:
        """A window of the same lattice; may start before the origin."""
        a, b, c, d, e, f = self.projection.transform
        moved = (a, b, a * col + b * row + c, d, e, d * col + e * row + f)
        return Grid(Projection(self.projection.crs, moved), cols, rows)

    def finer(self, times: int) -> Grid:
        """The same extent with each pixel cut into `times` by `times`."""
        a, b, c, d, e, f = self.projection.transform
        moved = (a / times, b / times, c, d / times, e / times, f)
        return Grid(Projection(self.projection.crs, moved), self.cols * times, self.rows * times)

    def places(self, crs: str) -> tuple[Floats, Floats]:
        """Coordinates of the pixel centres in another coordinate system."""
        return _places(self, crs)


@lru_cache(maxsize=32)
def _places(grid: Grid, crs: str) -> tuple[Floats, Floats]:
    across, down = grid.centres()
    return move(across, down, grid.projection.crs, crs)


def window(projection: Projection, bounds: tuple[float, float, float, float]) -> Grid:
    """The pixels of a lattice that touch (west, south, east, north) in its coordinates."""
    a, b, c, d, e, f = projection.transform
    if b or d:
        raise Unmodelled("a rotated projection")
    west, south, east, north = bounds
    cols = sorted(((west - c) / a, (east - c) / a))
    rows = sorted(((south - f) / e, (north - f) / e))
    # A micro-pixel of tolerance: bounds on the lattice must not gain a column by rounding. A point
    # belongs to the pixel that holds it, without tolerance.
    slack = 0.0 if (west, south) == (east, north) else 1e-6
    left, top = math.floor(cols[0] + slack), math.floor(rows[0] + slack)
    right, bottom = math.ceil(cols[1] - slack), math.ceil(rows[1] - slack)
    whole = Grid(projection, 1, 1)
    return whole.part(top, left, max(bottom - top, 1), max(right - left, 1))


@lru_cache(maxsize=64)
def _transformer(source: str, target: str) -> Any:
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError

    try:
        return Transformer.from_crs(CRS.from_user_input(source), target, always_xy=True)
    except CRSError as fault:
        raise Refused(f"The CRS of a map projection could not be parsed: {fault}") from fault


def move(across: Floats, down: Floats, source: str, target: str) -> tuple[Floats, Floats]:
    """Coordinates from one system to another, longitude or easting first."""
    if source == target:
        return across, down
    moved = _transformer(source, target).transform(across, down)
    return np.asarray(moved[0]), np.asarray(moved[1])


@lru_cache(maxsize=64)
def is_geographic(crs: str) -> bool:
    """Whether coordinates are degrees."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return bool(CRS.from_user_input(crs).is_geographic)
    except CRSError as fault:
        raise Refused(f"The CRS of a map projection could not be parsed: {crs}") from fault


def lattice(
    default: Projection,
    crs: Projection | None,
    scale: float | None,
    transform: list[float] | None,
) -> Projection:
    """The lattice that crs, scale and crsTransform of a call ask for.

    With a coordinate system and a scale, the lattice starts at the origin of the system: a Landsat
    scene lies half a pixel off it.
    """
    if scale is not None and transform is not None:
        raise Refused("Specify at most one of 'scale' and 'crsTransform'.")
    base = crs if crs is not None else default
    if transform is not None:
        if len(transform) != 6:
            raise Refused("crsTransform must have six elements.")
        a, b, c, d, e, f = (float(each) for each in transform)
        return Projection(base.crs, (a, b, c, d, e, f))
    if scale is None:
        return base
    if crs is None:
        return base.at_scale(scale)
    side = scale / (METRES_PER_DEGREE if is_geographic(base.crs) else 1.0)
    return Projection(base.crs, (side, 0.0, 0.0, 0.0, -side, 0.0))
