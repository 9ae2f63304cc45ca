"""Places on the ellipsoid as plain nested tuples, longitude before latitude, WGS 84."""

from __future__ import annotations

Position = tuple[float, float]
"""(longitude, latitude) in degrees."""

Ring = tuple[Position, ...]
"""Closed: the last position repeats the first."""

Polygon = tuple[Ring, ...]
"""Outer ring first, then the holes."""

MultiPolygon = tuple[Polygon, ...]
"""The `coordinates` of a GeoJSON MultiPolygon, as tuples; longitudes may run past 180 so that
an area across the date line stays in one piece."""


def bounds(area: MultiPolygon) -> tuple[float, float, float, float]:
    """(west, south, east, north) of an area, in degrees.

    >>> bounds(((((0.0, 1.0), (2.0, 1.0), (2.0, 3.0), (0.0, 1.0)),),))
    (0.0, 1.0, 2.0, 3.0)
    """
    longitudes = [position[0] for polygon in area for ring in polygon for position in ring]
    latitudes = [position[1] for polygon in area for ring in polygon for position in ring]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def geojson(area: MultiPolygon) -> dict[str, object]:
    """The GeoJSON geometry of an area, a Polygon where one is enough."""
    rings = [[[list(position) for position in ring] for ring in polygon] for polygon in area]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings[0]}
    return {"type": "MultiPolygon", "coordinates": rings}
