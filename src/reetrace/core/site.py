"""A mine site, its parts, and the spans of dates it is judged by."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from reetrace.core.geometry import MultiPolygon

Role = Literal["area-of-interest", "mine", "country"]
Status = Literal["active", "care-and-maintenance", "closed", "project", "unknown"]


@dataclass(frozen=True)
class Name:
    """What a site is called, in one language and script."""

    text: str

    language: str
    """BCP 47 tag, e.g. `en`, `zh-Hans`, `my`."""


@dataclass(frozen=True)
class Zone:
    """A named part of a study area, with where its outline comes from."""

    id: str
    """Stable slug: a site id for a mine, `MMR` for a country's side."""

    role: Role

    name: str

    geometry: MultiPolygon

    source: str
    """Where the outline was taken from, in words or as a reference."""

    date: str
    """ISO date or year the outline speaks of."""

    licence: str

    precision_m: float
    """How far, in metres, the outline may be off."""

    approximate: bool = False
    """True where the outline was not surveyed or published, only placed."""

    edition: str = ""
    """For a country: which boundary edition."""


@dataclass(frozen=True)
class Repair:
    """One change made to what the user gave."""

    zone_id: str
    what: str
    area_before_m2: float | None
    area_after_m2: float


@dataclass(frozen=True)
class Site:
    """One record of the registry."""

    id: str
    names: tuple[Name, ...]
    aliases: tuple[str, ...]
    countries: tuple[str, ...]
    """ISO 3166-1 alpha-3."""
    commodity: str
    deposit_type: str
    mining_method: str
    status: Status
    epochs: tuple[int, ...]
    """Years of interest; a range on the command line picks from these."""
    season_months: tuple[int, ...]
    """Calendar months (1-12) of clear imagery."""
    legend: str
    """Id of the legend its land cover is mapped with."""
    part_of: str | None
    """Id of the study area whose classification this site is a zone of."""
    zones: tuple[Zone, ...]
    note: str
    digest: str
    """SHA-256 of the site's file as it was read."""
    repairs: tuple[Repair, ...] = ()
    restricted: tuple[str, ...] = ()
    """What a public edition leaves out: `note`, `aliases`, `interpreters`, `names/<language>`,
    `zones/<id>`."""

    @property
    def title(self) -> str:
        """The first English name, else the first name."""
        english = [name.text for name in self.names if name.language.split("-")[0] == "en"]
        return (english or [self.names[0].text])[0]

    @property
    def area_of_interest(self) -> Zone:
        """The zone everything is counted in."""
        return next(zone for zone in self.zones if zone.role == "area-of-interest")


@dataclass(frozen=True)
class ZoneSet:
    """Zones that are counted together; every pixel is in one of them, in none, or in several.

    Rows for `none` and `several` always exist, so that the rows add up to the area of interest.
    """

    id: str
    """`study-area`, `mines`, or `countries-<edition>`."""
    title: str
    zones: tuple[Zone, ...]
    edition: str = ""
    source: str = ""
    licence: str = ""
    precision_m: float = 0.0


@dataclass(frozen=True)
class Epoch:
    """A span of dates judged as one moment; both ends are included."""

    label: str
    """How tables and file names call it, e.g. `2005`."""
    first: dt.date
    last: dt.date
    months: tuple[int, ...] = ()
    """Only scenes of these calendar months count; empty is all."""

    def holds(self, date: dt.date) -> bool:
        """Whether a scene of this date belongs to the epoch."""
        in_season = not self.months or date.month in self.months
        return self.first <= date <= self.last and in_season

    @classmethod
    def of_year(cls, year: int, months: tuple[int, ...] = ()) -> Epoch:
        """The clear season of a calendar year.

        >>> Epoch.of_year(2005, (11, 12, 1, 2, 3, 4)).holds(dt.date(2005, 12, 31))
        True
        """
        return cls(str(year), dt.date(year, 1, 1), dt.date(year, 12, 31), tuple(months))

    @classmethod
    def of_day(cls, date: dt.date) -> Epoch:
        """A single date."""
        return cls(date.isoformat(), date, date)
