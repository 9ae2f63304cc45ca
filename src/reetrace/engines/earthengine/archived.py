"""What the archive has of a site: listed once, then chosen from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reetrace.core.errors import NoImagery
from reetrace.core.sensor import Sensor
from reetrace.core.site import Epoch, Site
from reetrace.engines.earthengine.archive import ARCHIVES, archives_of
from reetrace.engines.earthengine.listing import Listed, read_scenes, scenes_of
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.usage import workload_tag

# Single days are judged one after the other, the latest of a year, some in two frames.
_AHEAD = 16

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class _Span:
    """One question put to the archive, and its answer."""

    area: object
    sensors: frozenset[str]
    first: dt.date
    last: dt.date
    scenes: tuple[Listed, ...]

    def answers(self, site: Site, sensors: Sequence[Sensor], epoch: Epoch) -> bool:
        return (
            self.area == site.area_of_interest.geometry
            and {each.id for each in sensors} <= self.sensors
            and self.first <= epoch.first
            and epoch.last <= self.last
        )


class Catalogue:
    """The scenes of the archive, asked for no oftener than needed."""

    def __init__(self, service: Service, only: frozenset[str] | None) -> None:
        self._service = service
        self._only = only
        self._asked: list[_Span] = []

    def choose(self, site: Site, epoch: Epoch, sensors: Sequence[Sensor]) -> tuple[Listed, ...]:
        """The scenes of the first of these sensors that has any in the epoch, by date.

        Raises:
            NoImagery: None has.
        """
        found = self._listed(site, epoch, sensors)
        for sensor in sensors:
            chosen = tuple(
                scene
                for scene in found
                if scene.sensor == sensor.id
                and epoch.holds(scene.date)
                and (self._only is None or scene.id in self._only)
            )
            if chosen:
                return chosen
        raise NoImagery(self._what_is_missing(site, epoch, sensors, len(found)))

    def alongside(self, site: Site, epoch: Epoch, sensor: Sensor) -> tuple[Listed, ...]:
        """The latest scenes listed with those of a single day: the next days asked for."""
        if epoch.first != epoch.last:
            return ()
        found = (
            scene for scene in self._listed(site, epoch, (sensor,)) if scene.sensor == sensor.id
        )
        return tuple(sorted(found, key=lambda scene: (scene.date, scene.id))[-_AHEAD:])

    def _listed(self, site: Site, epoch: Epoch, sensors: Sequence[Sensor]) -> tuple[Listed, ...]:
        for span in self._asked:
            if span.answers(site, sensors, epoch):
                return span.scenes
        known = [each for each in sensors if each.id in archives_of(sensors)]
        scenes: tuple[Listed, ...] = ()
        if known:
            features = self._service.features(
                scenes_of(site, known, epoch.first, epoch.last),
                tag=workload_tag(site.id, epoch.label),
                doing=f"listing the scenes of {site.id} {epoch.label}",
            )
            scenes = read_scenes(features)
        self._asked.append(
            _Span(
                site.area_of_interest.geometry,
                frozenset(each.id for each in sensors),
                epoch.first,
                epoch.last,
                scenes,
            )
        )
        return scenes

    def _what_is_missing(
        self, site: Site, epoch: Epoch, sensors: Sequence[Sensor], listed: int
    ) -> str:
        wanted = " or ".join(each.title for each in sensors) or "a sensor in service"
        names = ", ".join(_MONTHS[month - 1] for month in epoch.months)
        season = f" in {names}" if names else ""
        needed = (
            f"{site.id} {epoch.label}: Earth Engine has no scene of {wanted} between "
            f"{epoch.first} and {epoch.last}{season}. "
        )
        if self._only is not None:
            return (
                f"{needed}Of the {len(self._only)} scenes named, none is of that time. Choose "
                "another year, or leave --scenes-from out."
            )
        late = [
            each.title
            for each in sensors
            if each.id in ARCHIVES and ARCHIVES[each.id].first > epoch.last.isoformat()
        ]
        if late:
            needed += f"Its surface reflectance of {', '.join(late)} begins later. "
        if listed:
            needed += f"{listed} scene(s) of other months are there. "
        return f"{needed}Choose another year."
