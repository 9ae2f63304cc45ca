"""Where a Landsat path and row lies: the daytime half of the Worldwide Reference System 2.

From the orbit of Landsat 4 to 9 (Landsat 8 Data Users Handbook, section 2): 233 orbits in 16 days
at an inclination of 98.2°, 248 rows an orbit, row 60 at the equator of the descending half,
where path 1 crosses at 64.6° W.
"""

from __future__ import annotations

import math
from functools import cache

_PATHS, _ROWS = 233, 248
_CYCLE_DAYS = 16
_INCLINATION = math.radians(98.2)
_EQUATOR_ROW = 60
_FIRST_CROSSING = -64.6

# Rows of the descending half that see daylight somewhere in the year.
_DAYTIME_ROWS = range(1, 123)

_EARTH_RADIUS_KM = 6371.0


def scene_centre(path: int, row: int) -> tuple[float, float]:
    """(longitude, latitude) of a scene's centre, good to some tens of kilometres.

    >>> tuple(round(degrees) for degrees in scene_centre(131, 42))
    (100, 26)
    """
    along = math.radians((row - _EQUATOR_ROW) * 360.0 / _ROWS)
    latitude = -math.degrees(math.asin(math.sin(_INCLINATION) * math.sin(along)))
    swing = math.atan2(math.cos(_INCLINATION) * math.sin(along), math.cos(along))
    # While the satellite goes once round, the earth turns on below it.
    turned = math.degrees(along) * _CYCLE_DAYS / _PATHS
    crossing = _FIRST_CROSSING - (path - 1) * 360.0 / _PATHS
    longitude = crossing + math.degrees(swing) - turned
    return (longitude + 180.0) % 360.0 - 180.0, latitude


@cache
def nearest_path_row(place: tuple[float, float]) -> tuple[int, int]:
    """The (path, row) whose centre is nearest to a place.

    >>> nearest_path_row((98.53, 25.89))
    (132, 42)
    """
    return min(
        ((path, row) for path in range(1, _PATHS + 1) for row in _DAYTIME_ROWS),
        key=lambda each: distance_km(place, scene_centre(*each)),
    )


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance between two (longitude, latitude) on a sphere, good to half a per cent."""
    west, south, east, north = map(math.radians, (*one, *other))
    half = (
        math.sin((north - south) / 2) ** 2
        + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))
