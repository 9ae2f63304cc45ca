"""When the drawn satellites pass, how cloudy it is, and where the sun stands."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Pass:
    """One overpass."""

    date: dt.date
    platform: str
    """As STAC items of the provider have it."""
    cloud_cover: float
    """Share of the frame to be drawn cloudy, 0-1."""
    solar_hour: float
    """Local solar time."""
    greenness: float
    """How leafy the season is, 1 after the rains, 0 at the end of the dry season."""

    @property
    def sun(self) -> tuple[float, float]:
        """(azimuth, elevation) in degrees, from Cooper's (1969) declination."""
        day = self.date.timetuple().tm_yday
        tilt = math.radians(23.45 * math.sin(2.0 * math.pi * (284 + day) / 365.0))
        latitude, hour = math.radians(25.87), math.radians(15.0 * (self.solar_hour - 12.0))
        up = math.sin(latitude) * math.sin(tilt)
        up += math.cos(latitude) * math.cos(tilt) * math.cos(hour)
        elevation = math.asin(up)
        east = -math.cos(tilt) * math.sin(hour)
        north = math.sin(tilt) * math.cos(latitude)
        north -= math.cos(tilt) * math.sin(latitude) * math.cos(hour)
        azimuth = math.degrees(math.atan2(east, north)) % 360.0
        return round(azimuth, 4), round(math.degrees(elevation), 4)


# The first date of each year is the study's own; the others are its satellite's passes 16 days
# apart in the same dry season.
_LANDSAT_DAYS = {
    2005: ("landsat-5", 9.9, ((1, 13), (1, 29), (2, 14), (3, 18), (11, 29))),
    2010: ("landsat-5", 10.0, ((12, 13), (1, 27), (2, 12), (3, 16), (11, 27))),
    2015: ("landsat-8", 10.25, ((11, 9), (1, 25), (2, 10), (3, 14), (11, 25))),
    2020: ("landsat-8", 10.25, ((12, 6), (1, 21), (2, 6), (3, 9), (11, 20))),
}
_LANDSAT_CLOUD = (0.02, 0.06, 0.03, 0.10, 0.24)
_SENTINEL2_DAYS = (
    ("sentinel-2a", (1, 15), 0.0),
    ("sentinel-2b", (2, 9), 0.05),
    ("sentinel-2a", (2, 24), 0.10),
    ("sentinel-2b", (12, 5), 0.02),
)
SENTINEL2_YEAR = 2020


def _greenness(date: dt.date) -> float:
    """Falls from the end of the rains (October) to the end of the dry season (April)."""
    months_dry = (date.month - 10) % 12 + date.day / 31.0
    return round(max(0.0, 1.0 - months_dry / 7.0), 3)


def landsat_passes(year: int) -> tuple[Pass, ...]:
    """The year's Landsat passes, by date."""
    platform, hour, days = _LANDSAT_DAYS[year]
    passes = []
    for (month, day), cloud in zip(days, _LANDSAT_CLOUD, strict=True):
        date = dt.date(year, month, day)
        passes.append(Pass(date, platform, cloud, hour, _greenness(date)))
    return tuple(sorted(passes, key=lambda each: each.date))


def sentinel2_passes() -> tuple[Pass, ...]:
    """The Sentinel-2 passes of 2020, by date."""
    passes = []
    for platform, (month, day), cloud in _SENTINEL2_DAYS:
        date = dt.date(SENTINEL2_YEAR, month, day)
        passes.append(Pass(date, platform, cloud, 10.75, _greenness(date)))
    return tuple(passes)
