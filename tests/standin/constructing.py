"""Geometries and projections made in a graph, and measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.standin.faults import Refused, Unmodelled
from tests.standin.geometry import Geometry
from tests.standin.grids import METRES_PER_DEGREE, Projection, is_geographic
from tests.standin.registering import models


def _geometry(
    shape: Any,
    crs: Projection | None,
    geodesic: bool | None,  # noqa: FBT001 - private
) -> Geometry:
    system = crs.crs if crs is not None else "EPSG:4326"
    # Edges are geodesic by default where coordinates are degrees, straight where they are metres.
    bent = is_geographic(system) if geodesic is None else geodesic
    if bent and not is_geographic(system):
        raise Unmodelled("geodesic edges in a projected system")
    return Geometry(shape, system, bent)


@models("GeometryConstructors.Point")
def point(coordinates: list[float], crs: Projection | None) -> Geometry:
    """One place."""
    from shapely.geometry import Point

    return _geometry(Point(coordinates), crs, None)


@models("GeometryConstructors.MultiPoint")
def multi_point(coordinates: list[Any], crs: Projection | None) -> Geometry:
    """Several places."""
    from shapely.geometry import MultiPoint

    places = [each.shape if isinstance(each, Geometry) else each for each in coordinates]
    return _geometry(MultiPoint(places), crs, None)


def _polygon(rings: list[Any]) -> Any:
    from shapely.geometry import Polygon

    return Polygon(rings[0], rings[1:])


@models("GeometryConstructors.Polygon")
def polygon(coordinates: list[Any], crs: Projection | None, geodesic: bool | None) -> Geometry:  # noqa: FBT001 - called by name
    """One area."""
    return _geometry(_polygon(coordinates), crs, geodesic)


@models("GeometryConstructors.Rectangle")
def rectangle(coordinates: list[Any], crs: Projection | None, geodesic: bool | None) -> Geometry:  # noqa: FBT001 - called by name
    """An area of two opposite corners."""
    from shapely.geometry import box

    corners = np.asarray(coordinates, dtype=np.float64).reshape(2, 2)
    return _geometry(box(*corners.min(axis=0), *corners.max(axis=0)), crs, geodesic)


@models("GeometryConstructors.MultiPolygon")
def multi_polygon(
    coordinates: list[Any],
    crs: Projection | None,
    geodesic: bool | None,  # noqa: FBT001 - called by name
) -> Geometry:
    """Several areas."""
    from shapely.geometry import MultiPolygon

    return _geometry(MultiPolygon([_polygon(rings) for rings in coordinates]), crs, geodesic)


@models("Projection")
def projection(crs: Any, transform: list[float] | None) -> Projection:
    """A coordinate system with a lattice of one unit, or that of a transform."""
    if isinstance(crs, Projection):
        crs = crs.crs
    if not isinstance(crs, str):
        raise Refused(f"Projection: cannot be made of {crs!r}.")
    is_geographic(crs)
    if transform is None:
        return Projection(crs)
    a, b, c, d, e, f = transform
    return Projection(crs, (a, b, c, d, e, f))


@models("Projection.nominalScale")
def nominal_scale(proj: Projection) -> float:
    """Side of a pixel in metres."""
    return proj.scale_m


@models("Projection.crs")
def crs_of(projection: Projection) -> str:
    """Its coordinate system."""
    return projection.crs


@models("Projection.atScale")
def at_scale(projection: Projection, meters: float) -> Projection:
    """The same with pixels of another size."""
    return projection.at_scale(meters)


@dataclass(frozen=True)
class Margin:
    """How far a geometry may be off after an operation."""

    value: float
    unit: str = "meters"


@models("ErrorMargin")
def error_margin(value: float | None, unit: str) -> Margin:
    """A margin in words; shapes are followed closely here whatever it says."""
    return Margin(value or 0.0, unit)


def _needs_margin(geometry: Geometry, crs: str, max_error: Any) -> None:
    """The service brings edges into another system only within a margin that it is told.

    A number is taken for metres. Points, and edges that stay as they are, need no margin.
    """
    margin = max_error.value if isinstance(max_error, Margin) else max_error
    stays = geometry.crs == crs and not geometry.geodesic
    if not geometry.is_points and not stays and not margin:
        raise Refused(
            "Unable to perform this geometry operation. Please specify a non-zero error margin."
        )


@models("Geometry.area")
def area(geometry: Geometry) -> float:
    """Square metres on the ellipsoid."""
    from pyproj import Geod

    shape = geometry.within("EPSG:4326")
    if not geometry.geodesic and geometry.crs == "EPSG:4326":
        from shapely import segmentize

        shape = segmentize(shape, 500 / METRES_PER_DEGREE)
    return abs(Geod(ellps="WGS84").geometry_area_perimeter(shape)[0])


@models("Geometry.bounds")
def bounds(geometry: Geometry, proj: Projection | None) -> Geometry:
    """The rectangle around, in degrees unless a projection is given."""
    from shapely.geometry import box

    crs = proj.crs if proj is not None else "EPSG:4326"
    return Geometry(box(*geometry.bounds(crs)), crs, geodesic=False)


@models("Geometry.transform")
def transform(geometry: Geometry, proj: Projection, max_error: Any) -> Geometry:
    """The geometry in another system."""
    _needs_margin(geometry, proj.crs, max_error)
    return Geometry(geometry.within(proj.crs), proj.crs, geodesic=False)


@models("Geometry.coordinates")
def coordinates(geometry: Geometry) -> Any:
    """Nested lists, as in GeoJSON."""
    return geometry.record()["coordinates"]


@models("Geometry.type")
def kind(geometry: Geometry) -> str:
    """`Point`, `Polygon` or the like."""
    return str(geometry.shape.geom_type)


@models("Geometry.intersection")
def intersection(
    left: Geometry, right: Geometry, max_error: Any, proj: Projection | None
) -> Geometry:
    """What two areas share."""
    crs = proj.crs if proj is not None else left.crs
    for each in (left, right):
        _needs_margin(each, crs, max_error)
    return Geometry(left.within(crs).intersection(right.within(crs)), crs, geodesic=False)


@models("Geometry.intersects")
def intersects(left: Geometry, right: Geometry) -> bool:
    """Whether two geometries touch."""
    return bool(left.within("EPSG:4326").intersects(right.within("EPSG:4326")))
