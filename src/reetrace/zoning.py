"""Where a site's zones lie on a raster grid: a pixel is in a zone when its centre is."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import RegistryError
from reetrace.core.geometry import MultiPolygon, bounds
from reetrace.core.grid import Grid, Lattice
from reetrace.core.site import Site, ZoneSet

if TYPE_CHECKING:
    from pyproj import Transformer
    from shapely.geometry.base import BaseGeometry

SEVERAL = -1
"""Zone code of a pixel whose centre lies in more than one zone of a set."""

# Landsat Collection 2 centres its pixels on multiples of 30 m, so their edges lie 15 m off.
_LANDSAT_PIXEL_M = 30.0

# UTM is defined between 80 S and 84 N; beyond, areas and pixels would be badly stretched.
_UTM_SOUTH, _UTM_NORTH = -80.0, 84.0

# Beyond 4.5 degrees of the middle meridian a pixel's size varies by more than 0.3 %.
_ZONE_REACH_DEGREES = 4.5

# Pixels in a grid one machine should hold as single layers: 24,000 square, 720 km at 30 m.
_MAX_PIXELS = 576_000_000


def lay_grid(site: Site, pixel_m: float = 30.0, lattice: Lattice | None = None) -> Grid:
    """The grid that every engine obeys for a site.

    It covers the area of interest with whole pixels in the WGS 84 / UTM north zone of its centre.
    Edges fall on Landsat's own lattice at 30 m and on multiples of the pixel size otherwise, so
    that images as their providers publish them need no resampling.

    Args:
        site: Whose area of interest is covered.
        pixel_m: Side of a pixel.
        lattice: That of the images to be read, where they lie otherwise; its zone is taken if the
            site lies in it or near it, its edges if its pixel goes into `pixel_m` a whole number of
            times.

    Raises:
        RegistryError: The area of interest lies beyond UTM or is too large for one grid.
    """
    area = site.area_of_interest.geometry
    west, south, east, north = bounds(area)
    if south < _UTM_SOUTH or north > _UTM_NORTH:
        raise RegistryError(
            f"{site.id}: the area of interest reaches latitude {south:.2f} to {north:.2f}, "
            "beyond the 80° S to 84° N of UTM. Draw it within these latitudes."
        )
    longitude = (west + east) / 2
    epsg = 32601 + int(((longitude + 180.0) % 360.0) // 6.0)
    if lattice is not None and _serves(lattice.epsg, longitude):
        epsg = lattice.epsg
    eastings, northings = _edges(area, epsg)
    east_shift, north_shift = _shifts(pixel_m, epsg, lattice)

    def snap(value: float, shift: float, rounding: str) -> float:
        steps = (value - shift) / pixel_m
        # A millimetre of tolerance: an outline drawn on the lattice must not gain a pixel.
        steps = math.floor(steps + 1e-4) if rounding == "down" else math.ceil(steps - 1e-4)
        return steps * pixel_m + shift

    west_m = snap(float(eastings.min()), east_shift, "down")
    east_m = snap(float(eastings.max()), east_shift, "up")
    south_m = snap(float(northings.min()), north_shift, "down")
    north_m = snap(float(northings.max()), north_shift, "up")
    rows, cols = round((north_m - south_m) / pixel_m), round((east_m - west_m) / pixel_m)
    if rows * cols > _MAX_PIXELS:
        raise RegistryError(
            f"{site.id}: the area of interest needs {rows:,} × {cols:,} pixels of {pixel_m:g} m, "
            f"more than {_MAX_PIXELS:,}. Split it into smaller sites."
        )
    grid = Grid(epsg, west_m, north_m, pixel_m, max(rows, 1), max(cols, 1), pixel_m**2)
    return Grid(**{**grid.__dict__, "pixel_area_m2": _true_pixel_area(grid)})


def _serves(epsg: int, longitude: float) -> bool:
    """Whether a UTM zone serves a longitude: its own 6 degrees and half as much on either side.

    A scene is published in the zone of its own centre, which may be the neighbour of the site's.
    """
    middle = (epsg - 32600) * 6.0 - 183.0
    return abs((longitude - middle + 180.0) % 360.0 - 180.0) <= _ZONE_REACH_DEGREES


def _shifts(pixel_m: float, epsg: int, lattice: Lattice | None) -> tuple[float, float]:
    """How far east and north of whole multiples of the pixel the edges fall."""
    if lattice is not None and lattice.epsg == epsg:
        times = pixel_m / lattice.pixel_m
        if times >= 1 and math.isclose(times, round(times), abs_tol=1e-6):
            return lattice.east_m, lattice.north_m
    usual = pixel_m / 2 if pixel_m == _LANDSAT_PIXEL_M else 0.0
    return usual, usual


def _edges(area: MultiPolygon, epsg: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Projected positions along every edge: a straight side in degrees bulges in metres."""
    steps = np.linspace(0.0, 1.0, 9)[:-1, None]
    pieces = []
    for polygon in area:
        ring = np.asarray(polygon[0], dtype=np.float64)
        pieces.append(
            (ring[:-1, None, :] * (1 - steps[None]) + ring[1:, None, :] * steps[None]).reshape(
                -1, 2
            )
        )
    positions = np.concatenate(pieces)
    eastings, northings = _to_grid(epsg).transform(positions[:, 0], positions[:, 1])
    return np.asarray(eastings), np.asarray(northings)


def _true_pixel_area(grid: Grid) -> float:
    """Area on the ellipsoid of the grid's middle pixel, from the geodesic area of its extent."""
    from pyproj import Geod

    west, south, east, north = grid.bounds
    along = np.linspace(0.0, 1.0, 65)[:-1]
    eastings = np.concatenate(
        [
            west + (east - west) * along,
            np.full(64, east),
            east - (east - west) * along,
            np.full(64, west),
        ]
    )
    northings = np.concatenate(
        [
            np.full(64, south),
            south + (north - south) * along,
            np.full(64, north),
            north - (north - south) * along,
        ]
    )
    longitudes, latitudes = _from_grid(grid.epsg).transform(eastings, northings)
    area_m2, _ = Geod(ellps="WGS84").polygon_area_perimeter(longitudes, latitudes)
    return round(abs(area_m2) / (grid.rows * grid.cols), 6)


@lru_cache(maxsize=128)
def _to_grid(epsg: int) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(4326, epsg, always_xy=True)


@lru_cache(maxsize=128)
def _from_grid(epsg: int) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(epsg, 4326, always_xy=True)


def to_shapely(area: MultiPolygon) -> BaseGeometry:
    """The same area for shapely."""
    from shapely.geometry import MultiPolygon as ShapelyMultiPolygon

    return ShapelyMultiPolygon([(polygon[0], list(polygon[1:])) for polygon in area])


def from_shapely(geometry: BaseGeometry) -> MultiPolygon:
    """A shapely Polygon or MultiPolygon (or the areas of a collection) as nested tuples."""
    if geometry.geom_type == "Polygon":
        rings = [geometry.exterior, *geometry.interiors]  # type: ignore[attr-defined]
        return (tuple(tuple((float(x), float(y)) for x, y, *_ in ring.coords) for ring in rings),)
    if hasattr(geometry, "geoms"):
        return tuple(
            polygon
            for part in geometry.geoms
            if part.geom_type in {"Polygon", "MultiPolygon", "GeometryCollection"}
            for polygon in from_shapely(part)
        )
    return ()


def on_grid(area: MultiPolygon, grid: Grid) -> MultiPolygon:
    """An area in metres of the grid's CRS, its long sides followed by extra vertices."""
    from shapely import segmentize, transform

    def project(positions: NDArray[np.float64]) -> NDArray[np.float64]:
        eastings, northings = _to_grid(grid.epsg).transform(positions[:, 0], positions[:, 1])
        return np.column_stack([eastings, northings])

    # 0.005 degrees is about 550 m, over which a straight side departs by centimetres.
    return from_shapely(transform(segmentize(to_shapely(area), 0.005), project))


def inside(site: Site, grid: Grid) -> NDArray[np.bool_]:
    """Shape (rows, cols): whether the pixel's centre lies in the site's area of interest."""
    return _burn(site.area_of_interest.geometry, grid)


def zone_codes(zone_set: ZoneSet, grid: Grid) -> NDArray[np.int16]:
    """Shape (rows, cols): 0 in no zone, k in the k-th zone of the set, `SEVERAL` in more."""
    codes = np.zeros(grid.shape, dtype=np.int16)
    for position, zone in enumerate(zone_set.zones, start=1):
        here = _burn(zone.geometry, grid)
        codes = np.where(here, np.where(codes == 0, position, SEVERAL), codes).astype(np.int16)
    return codes


def moved(area: MultiPolygon, grid: Grid, east_m: float, north_m: float) -> MultiPolygon:
    """An area shifted in metres of the grid's CRS, in degrees again."""
    from shapely import transform

    def shift(positions: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(
            moved_places(positions[:, 0], positions[:, 1], grid, east_m, north_m)
        )

    return from_shapely(transform(to_shapely(area), shift))


def moved_places(
    longitudes: NDArray[np.float64],
    latitudes: NDArray[np.float64],
    grid: Grid,
    east_m: float,
    north_m: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places shifted in metres of the grid's CRS, in degrees to a centimetre."""
    eastings, northings = _to_grid(grid.epsg).transform(longitudes, latitudes)
    shifted = _from_grid(grid.epsg).transform(
        np.asarray(eastings) + east_m, np.asarray(northings) + north_m
    )
    longitude, latitude = (np.round(np.asarray(each), 7) for each in shifted)
    return longitude, latitude


def _burn(area: MultiPolygon, grid: Grid) -> NDArray[np.bool_]:
    from affine import Affine
    from rasterio.features import rasterize

    shape = to_shapely(on_grid(area, grid))
    if shape.is_empty:
        return np.zeros(grid.shape, dtype=np.bool_)
    burnt = rasterize(
        [(shape, 1)], out_shape=grid.shape, transform=Affine(*grid.transform), dtype="uint8"
    )
    return np.asarray(burnt, dtype=np.bool_)


def pixel_of(
    longitudes: NDArray[np.float64], latitudes: NDArray[np.float64], grid: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(rows, cols) of the pixels that hold these places; -1, -1 outside the grid."""
    eastings, northings = _to_grid(grid.epsg).transform(
        np.asarray(longitudes, dtype=np.float64), np.asarray(latitudes, dtype=np.float64)
    )
    cols = np.floor((np.asarray(eastings) - grid.west_m) / grid.pixel_m).astype(np.int64)
    rows = np.floor((grid.north_m - np.asarray(northings)) / grid.pixel_m).astype(np.int64)
    outside = (rows < 0) | (rows >= grid.rows) | (cols < 0) | (cols >= grid.cols)
    return np.where(outside, -1, rows), np.where(outside, -1, cols)


def metres_of(
    longitudes: NDArray[np.float64], latitudes: NDArray[np.float64], grid: Grid
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(eastings, northings) of places in the grid's CRS."""
    eastings, northings = _to_grid(grid.epsg).transform(longitudes, latitudes)
    return np.asarray(eastings), np.asarray(northings)


def lonlat_of(
    rows: NDArray[np.int64], cols: NDArray[np.int64], grid: Grid
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(longitudes, latitudes) of pixel centres, in degrees."""
    eastings = grid.west_m + (np.asarray(cols) + 0.5) * grid.pixel_m
    northings = grid.north_m - (np.asarray(rows) + 0.5) * grid.pixel_m
    longitudes, latitudes = _from_grid(grid.epsg).transform(eastings, northings)
    return np.asarray(longitudes), np.asarray(latitudes)
