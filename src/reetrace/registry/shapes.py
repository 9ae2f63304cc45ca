"""Turns what was drawn into one sound outline, and lists what had to be changed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import RegistryError
from reetrace.core.geometry import MultiPolygon, Position, bounds
from reetrace.core.site import Repair
from reetrace.registry.outlines import area_m2, middle
from reetrace.zoning import from_shapely, to_shapely

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_HALF_TURN = 180.0
_TURN = 360.0

# A circle of 64 corners has 99.8 % of its area.
_CORNERS = 64


def one_outline(
    shapes: Sequence[BaseGeometry], zone_id: str, where: str
) -> tuple[MultiPolygon, tuple[Repair, ...]]:
    """The ground that the polygons cover together, with every repair it took.

    Raises:
        RegistryError: Nothing with an area is left after mending.
    """
    from shapely import union_all

    repairs: list[Repair] = []
    sound = []
    for shape in shapes:
        whole, moved = across_date_line(shape)
        mended, reason = mend(whole)
        after = area_m2(from_shapely(mended))
        if after <= 0.0:
            raise RegistryError(
                f"{where}: the outline encloses no area{f' ({reason})' if reason else ''}. "
                "Draw it as a closed ring that does not cross itself."
            )
        if moved:
            repairs.append(Repair(zone_id, moved, None, after))
        if reason:
            before = rings_area_m2(whole)
            repairs.append(Repair(zone_id, f"mended: {reason}", before, after))
        sound.append(mended)
    joined = from_shapely(union_all(sound))
    if len(sound) > 1:
        apart = sum(area_m2(from_shapely(each)) for each in sound)
        what = f"{len(sound)} outlines joined into one"
        repairs.append(Repair(zone_id, what, apart, area_m2(joined)))
    return wound(joined), tuple(repairs)


def mend(shape: BaseGeometry) -> tuple[BaseGeometry, str]:
    """The shape made valid, and what was wrong with it; the words are empty where nothing was."""
    from shapely import MultiPolygon as ShapelyMultiPolygon
    from shapely import make_valid
    from shapely.validation import explain_validity

    reason = explain_validity(shape)
    if reason == "Valid Geometry":
        return shape, ""
    mended = make_valid(shape, method="structure", keep_collapsed=False)
    parts = [polygon for polygon in getattr(mended, "geoms", [mended]) if polygon.area > 0]
    areas = [part for part in parts if part.geom_type == "Polygon"]
    return ShapelyMultiPolygon(areas), reason


def across_date_line(shape: BaseGeometry) -> tuple[BaseGeometry, str]:
    """A shape whose two ends meet at 180° in one piece, its longitudes running past 180.

    The words say so; they are empty where the shape lies on one side.
    """
    import shapely

    longitudes = shapely.get_coordinates(shape)[:, 0]
    span = longitudes.max() - longitudes.min()
    if span <= _HALF_TURN or shape.geom_type not in {"Polygon", "MultiPolygon"}:
        return shape, ""

    def turned(positions: NDArray[np.float64]) -> NDArray[np.float64]:
        east = np.where(positions[:, 0] < 0, positions[:, 0] + _TURN, positions[:, 0])
        return np.column_stack([east, positions[:, 1]])

    moved = shapely.transform(shape, turned)
    if moved.is_valid:
        moved = shapely.union_all([moved])
    return moved, "longitudes run on past 180°, so that the outline stays in one piece"


def rings_area_m2(shape: BaseGeometry) -> float:
    """Area as its rings enclose it with their sense of turning, as given, before any mending."""
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    return float(
        sum(abs(geod.geometry_area_perimeter(part)[0]) for part in getattr(shape, "geoms", [shape]))
    )


def wound(area: MultiPolygon) -> MultiPolygon:
    """Outer rings anticlockwise, holes clockwise, as GeoJSON wants them."""
    from shapely.geometry.polygon import orient

    return tuple(
        polygon
        for part in to_shapely(area).geoms  # type: ignore[attr-defined]
        for polygon in from_shapely(orient(part))
    )


def circle(place: Position, radius_km: float) -> MultiPolygon:
    """A circle on the ellipsoid, from a point and what the user says to look at around it."""
    from pyproj import Geod

    azimuths = np.linspace(_TURN, 0.0, _CORNERS, endpoint=False)
    longitudes, latitudes, _ = Geod(ellps="WGS84").fwd(
        np.full(_CORNERS, place[0]),
        np.full(_CORNERS, place[1]),
        azimuths,
        np.full(_CORNERS, radius_km * 1000.0),
    )
    # Longitudes come back within ±180; across the date line they go on from the middle.
    near = place[0] + (np.asarray(longitudes) - place[0] + _HALF_TURN) % _TURN - _HALF_TURN
    ring = [(round(float(x), 7), round(float(y), 7)) for x, y in zip(near, latitudes, strict=True)]
    return ((((*ring, ring[0])),),)


def widened(area: MultiPolygon, by_km: float) -> MultiPolygon:
    """The area and everything within this distance of it."""
    from shapely import transform

    there, back = _local(area)
    around = transform(to_shapely(area), there).buffer(by_km * 1000.0, quad_segs=8)
    return wound(from_shapely(transform(around, back)))


def distance_m(one: MultiPolygon, other: MultiPolygon) -> float:
    """Shortest distance between two areas; 0 where they meet."""
    from shapely import transform

    there, _ = _local(one)
    return float(transform(to_shapely(one), there).distance(transform(to_shapely(other), there)))


def far_apart(one: MultiPolygon, other: MultiPolygon, degrees: float) -> bool:
    """Whether two areas are plainly further apart than this many degrees of latitude."""
    (west, south), (east, north) = middle(one), middle(other)
    stretch = math.cos(math.radians(max(abs(south), abs(north))))
    turn = abs(west - east) % _TURN
    return abs(south - north) > degrees or min(turn, _TURN - turn) * stretch > degrees


_Move = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def _local(area: MultiPolygon) -> tuple[_Move, _Move]:
    """(to metres around the middle of an area, back to longitude and latitude)."""
    from pyproj import CRS, Transformer

    west, south, east, north = bounds(area)
    centre = (west + east) / 2
    crs = CRS.from_dict(
        {
            "proj": "aeqd",
            "lon_0": centre,
            "lat_0": (south + north) / 2,
            "datum": "WGS84",
            "units": "m",
        }
    )
    onto = Transformer.from_crs(4326, crs, always_xy=True)

    def there(positions: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(onto.transform(positions[:, 0], positions[:, 1]))

    def back(positions: NDArray[np.float64]) -> NDArray[np.float64]:
        longitudes, latitudes = onto.transform(
            positions[:, 0], positions[:, 1], direction="INVERSE"
        )
        near = longitudes + _TURN * np.round((centre - longitudes) / _TURN)
        return np.column_stack([near, latitudes])

    return there, back
