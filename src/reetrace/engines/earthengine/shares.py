"""How much of a site each scene shows clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reetrace.core.errors import ServiceError, TooLarge
from reetrace.core.grid import Grid
from reetrace.core.sensor import Sensor
from reetrace.core.site import Epoch, Site
from reetrace.engines.earthengine import composing
from reetrace.engines.earthengine.archive import ARCHIVES
from reetrace.engines.earthengine.listing import Listed
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.usage import workload_tag

# More scenes than this are asked about in several requests.
_MOST_SCENES = 64


@dataclass(frozen=True)
class Seen:
    """What one scene shows of a site."""

    clear_share: float
    """Share of the area of interest seen clear, 0-1."""
    warnings: tuple[str, ...] = ()
    """Why nothing of it is clear, where that is not the clouds' doing."""


_UNSCORED = (
    "Google's Cloud Score+ has no score for this image here, so that nothing tells its clouds from "
    "the ground and none of its pixels counts as clear."
)


class Shares:
    """Counts clear pixels, of many scenes in one request, and of none twice."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: dict[tuple[Grid, str], Seen] = {}

    def of(
        self,
        wanted: Sequence[Listed],
        alongside: Sequence[Listed],
        sensor: Sensor,
        grid: Grid,
        site: Site,
        epoch: Epoch,
    ) -> dict[str, Seen]:
        """What each scene shows of the area of interest, by its id.

        Args:
            wanted: The scenes to be told about.
            alongside: Further scenes that are likely to be asked about next.
            sensor: The one all of them are of.
            grid: Whose pixels are counted.
            site: Its area of interest.
            epoch: For the words of a message.
        """
        unknown = [each for each in wanted if (grid, each.id) not in self._known]
        if unknown:
            others = [
                each
                for each in alongside
                if each not in unknown and (grid, each.id) not in self._known
            ]
            batch = [*unknown, *others]
            for start in range(0, len(batch), _MOST_SCENES):
                self._count(batch[start : start + _MOST_SCENES], sensor, grid, site, epoch)
        return {each.id: self._known[grid, each.id] for each in wanted}

    def _count(
        self, scenes: Sequence[Listed], sensor: Sensor, grid: Grid, site: Site, epoch: Epoch
    ) -> None:
        try:
            answer = self._service.value(
                lambda scale: composing.clear_pixels(
                    scenes, sensor, ARCHIVES[sensor.id], grid, site, scale
                ),
                tag=workload_tag(site.id, epoch.label),
                doing=f"counting clear pixels of {site.id} {epoch.label}",
            )
        except TooLarge:
            if len(scenes) == 1:
                raise
            half = len(scenes) // 2
            self._count(scenes[:half], sensor, grid, site, epoch)
            self._count(scenes[half:], sensor, grid, site, epoch)
            return
        for position, scene in enumerate(scenes):
            try:
                share = answer[f"s{position}"] / max(answer["area"], 1)
                scored = answer[f"c{position}"] if ARCHIVES[sensor.id].cloud_score else None
            except (KeyError, TypeError) as fault:
                raise ServiceError(
                    f"Earth Engine did not say how much of {site.id} {scene.id} shows clear. "
                    "Run again; if it stays so, report it."
                ) from fault
            self._known[grid, scene.id] = Seen(float(share), (_UNSCORED,) if scored == 0 else ())
