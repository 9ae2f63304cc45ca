"""Outlines on the ellipsoid: what is wrong with one, how large it is, and how it is mended."""

from __future__ import annotations

from collections.abc import Iterator

from reetrace.core.geometry import MultiPolygon, Position, bounds

# A closed ring repeats its first position, so a triangle has four.
_SHORTEST_RING = 4

_UTM_SOUTH, _UTM_NORTH = -80.0, 84.0


def outline_faults(area: MultiPolygon) -> Iterator[str]:
    """Every reason why an area cannot be a zone's outline, in words."""
    if not area:
        yield "has no area; draw it as a closed ring."
        return
    rings = [ring for polygon in area for ring in polygon]
    if any(len(ring) < _SHORTEST_RING for ring in rings):
        yield "a ring has fewer than 4 positions; draw it as a closed ring."
        return
    if any(ring[0] != ring[-1] for ring in rings):
        yield "a ring is not closed; its last position must repeat the first."
    fault = place_fault(position for ring in rings for position in ring)
    if fault:
        yield fault
        return
    reason = _invalid(area)
    if reason:
        yield f"the outline is not valid ({reason}); mend it or add it with `reetrace sites add`."
    elif area_m2(area) <= 0.0:
        yield "has no area; draw it as a closed ring."


def place_fault(positions: Iterator[Position]) -> str:
    """Why these cannot be longitude, latitude in degrees; empty where they can.

    Longitudes may run to 360 either way so that an area across the date line stays in one piece.
    """
    for longitude, latitude in positions:
        place = f"{longitude:.8g}, {latitude:.8g}"
        if abs(longitude) > 360 or abs(latitude) > 360:  # noqa: PLR2004 - degrees of a circle
            return (
                f"position {place} looks projected (metres); longitude, latitude in degrees "
                "(EPSG:4326) is needed."
            )
        if abs(latitude) > 90:  # noqa: PLR2004 - the pole
            return (
                f"position {place} has a latitude beyond 90°; longitude comes first, then "
                "latitude: they may be swapped."
            )
        if not (abs(longitude) <= 360 and abs(latitude) <= 90):  # noqa: PLR2004 - NaN fails both
            return f"position {place} is not a number; longitude, latitude in degrees is needed."
    return ""


def reach_fault(area: MultiPolygon) -> str:
    """Why an area of interest lies where no grid can be laid; empty where one can."""
    _, south, _, north = bounds(area)
    if south < _UTM_SOUTH or north > _UTM_NORTH:
        return (
            f"reaches latitude {south:.2f} to {north:.2f}, beyond the 80° S to 84° N that UTM "
            "grids cover; draw it within these latitudes."
        )
    return ""


def _invalid(area: MultiPolygon) -> str:
    from shapely.validation import explain_validity

    from reetrace.zoning import to_shapely

    reason = explain_validity(to_shapely(area))
    return "" if reason == "Valid Geometry" else reason


def area_m2(area: MultiPolygon) -> float:
    """Area on the WGS 84 ellipsoid, holes left out."""
    from pyproj import Geod
    from shapely.geometry.polygon import orient

    from reetrace.zoning import to_shapely

    shape = to_shapely(area)
    geod = Geod(ellps="WGS84")
    return sum(
        abs(geod.geometry_area_perimeter(orient(part))[0])
        for part in getattr(shape, "geoms", [shape])
    )


def middle(area: MultiPolygon) -> Position:
    """The middle of the area's bounds, its longitude within ±180."""
    west, south, east, north = bounds(area)
    return (west + east) / 2 % 360 - (360 if (west + east) / 2 % 360 > 180 else 0), (  # noqa: PLR2004 - degrees of half a circle
        south + north
    ) / 2
