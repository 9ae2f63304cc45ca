"""Which scenes of the configured folders cover a site."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from reetrace.core.errors import ImageryError, NoImagery
from reetrace.core.sensor import Sensor
from reetrace.core.site import Epoch, Site
from reetrace.engines.local.catalogue import Item, meets, read_catalogue

# By our own list: `calendar` names months in the language of the machine.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Finder:
    """The configured catalogues, read once."""

    def __init__(
        self,
        catalogues: Sequence[Path],
        drawn: Path | None,
        only: frozenset[str] | None = None,
    ) -> None:
        self._catalogues = tuple(catalogues)
        self._drawn_folder = drawn
        self._only = only

    @cached_property
    def _configured(self) -> tuple[Item, ...]:
        unique: dict[str, Item] = {}
        for folder in self._catalogues:
            for item in _read(folder):
                # The first wins: a scene that lies in two folders must not count twice.
                unique.setdefault(item.id, item)
        return tuple(sorted(unique.values(), key=lambda item: (item.date, item.id)))

    @cached_property
    def _drawn(self) -> tuple[Item, ...]:
        return () if self._drawn_folder is None else _read(self._drawn_folder)

    def registered(self) -> tuple[Item, ...]:
        """Every scene of the configured catalogues, by date, then id."""
        return self._configured

    def covering(self, site: Site) -> tuple[Item, ...]:
        """Every scene that touches the site's area of interest, by date, then id.

        Drawn imagery stands in only where no configured catalogue has a scene of the site.
        """
        area = site.area_of_interest.geometry
        found = tuple(item for item in self._configured if meets(item, area))
        return found or tuple(item for item in self._drawn if meets(item, area))

    def choose(self, site: Site, epoch: Epoch, sensors: Sequence[Sensor]) -> tuple[Item, ...]:
        """The scenes of the first of these sensors that has any in the epoch.

        Raises:
            NoImagery: None has; the message says what there is.
        """
        covering = self.covering(site)
        for sensor in sensors:
            chosen = tuple(
                item
                for item in covering
                if item.sensor.id == sensor.id
                and epoch.holds(item.date)
                and (self._only is None or item.id in self._only)
            )
            if chosen:
                return chosen
        raise NoImagery(self._what_is_missing(site, epoch, sensors, covering))

    def _what_is_missing(
        self, site: Site, epoch: Epoch, sensors: Sequence[Sensor], covering: Sequence[Item]
    ) -> str:
        wanted = " or ".join(sensor.title for sensor in sensors) or "a sensor in service"
        names = ", ".join(_MONTHS[month - 1] for month in epoch.months)
        season = f" in {names}" if names else ""
        needed = f"{site.id} {epoch.label}: no scene of {wanted} between {epoch.first} and "
        needed += f"{epoch.last}{season}. "
        if not covering:
            folders = ", ".join(str(folder) for folder in self._catalogues) or "no folder given"
            return (
                f"{needed}No imagery of this site at all is registered ({folders}). "
                "Add some with `reetrace scenes add` or point --scenes at a catalogue."
            )
        if self._only is not None:
            return (
                f"{needed}Of the {len(self._only)} scenes named, none is among the "
                f"{len(covering)} registered for the site. Point --scenes at their folder."
            )
        years = sorted({(item.date.year, item.sensor.title) for item in covering})
        there = ", ".join(f"{year} ({title})" for year, title in years)
        return f"{needed}Registered for this site: {there}. Choose another year or add scenes."


def _read(folder: Path) -> tuple[Item, ...]:
    if not folder.is_dir():
        raise ImageryError(
            f"{folder}: no such folder of scenes. Name an existing one with --scenes."
        )
    return read_catalogue(folder)
