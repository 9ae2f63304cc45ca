"""The five verbs on Google's servers: graphs out; samples, counts and finished rasters home."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reetrace.core.engine import Engine
from reetrace.core.errors import SettingError
from reetrace.core.grid import Grid
from reetrace.core.landcover import Legend
from reetrace.core.model import Knobs, Model
from reetrace.core.raster import Composite, Crosstab, LandcoverMap, Scene, SceneListing
from reetrace.core.samples import Labels, Samples
from reetrace.core.sensor import Sensor
from reetrace.core.site import Epoch, Site, ZoneSet
from reetrace.engines import Account
from reetrace.engines.classifying import refuse_mismatch
from reetrace.engines.counting import count, one_grid
from reetrace.engines.earthengine import agreement, composing, counting, sampling, training
from reetrace.engines.earthengine.archive import ARCHIVES
from reetrace.engines.earthengine.archived import Catalogue
from reetrace.engines.earthengine.batch import Exports
from reetrace.engines.earthengine.borders import borders_of
from reetrace.engines.earthengine.histograms import histograms
from reetrace.engines.earthengine.homecoming import Homecoming
from reetrace.engines.earthengine.listing import Listed
from reetrace.engines.earthengine.rasters import Rasters, store_of
from reetrace.engines.earthengine.remote import (
    RemotePixels,
    composite_at_home,
    map_at_home,
    of_composite,
    of_map,
)
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.shares import Seen, Shares
from reetrace.engines.earthengine.usage import Usage, workload_tag
from reetrace.engines.sampling import layers, sample

Map = LandcoverMap[RemotePixels]


class EarthEngine:
    """Imagery, classification and counting on Google Earth Engine, through its own client."""

    def __init__(
        self,
        service: Service,
        *,
        work: Path,
        progress: Callable[[str, float], None] | None = None,
        only: frozenset[str] | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Asks nothing yet.

        Args:
            service: Signed in.
            work: Folder for what came home, and for the journal of exports.
            progress: Told what is being done and which share of it is done, 0-1.
            only: Ids of the scenes that may be used; None is every scene.
            pause: Called with the seconds to wait before an export is looked at again.
        """
        follow = progress or (lambda _, __: None)
        self._service = service
        self._catalogue = Catalogue(service, only)
        self._shares = Shares(service)
        self._exports = Exports(service, work, progress=follow, pause=pause)
        self._rasters = Rasters(service, self._exports, store_of(work), follow)
        self._notes: list[str] = []
        self._home = Homecoming(self._rasters)

    @classmethod
    def open(
        cls,
        account: Account,
        *,
        work: Path,
        progress: Callable[[str, float], None] | None = None,
        only: frozenset[str] | None = None,
    ) -> EarthEngine:
        """Signs in, then as the class.

        Raises:
            AccountError: Nobody is signed in, or may not use the service.
        """
        service = Service.open(
            project=account.project,
            key=account.key,
            url=account.url,
            concurrency=account.concurrency,
        )
        return cls(service, work=work, progress=progress, only=only)

    @property
    def name(self) -> str:
        """`earthengine`; another name where it is not Google that answers."""
        return "earthengine-standin" if self._service.standin else "earthengine"

    @property
    def service(self) -> Service:
        """What it asks."""
        return self._service

    @property
    def usage(self) -> Usage:
        """What was asked of the service so far."""
        return self._service.usage

    def read_spent(self) -> None:
        """Have `usage` say what the answers so far took, as far as the service tells."""
        self._service.read_spent()

    def notes(self) -> tuple[str, ...]:
        """What the evidence has to say of how the service came to its answers."""
        raised = [
            f"{doing}: ran out of memory on Earth Engine and was asked again in smaller pieces "
            f"(tileScale {scale:g}); the numbers do not depend on it."
            for doing, scale in sorted(self.usage.tile_scale_raised.items())
        ]
        return tuple(
            dict.fromkeys([*self._home.notes, *self._notes, *self._rasters.notes, *raised])
        )

    def scenes(
        self, site: Site, epoch: Epoch, sensors: Sequence[Sensor]
    ) -> tuple[SceneListing, ...]:
        """The scenes a composite would start from, by date; see `Engine`."""
        return tuple(
            each.listing(simulated=self._service.standin)
            for each in self._catalogue.choose(site, epoch, sensors)
        )

    def composite(
        self,
        site: Site,
        epoch: Epoch,
        grid: Grid,
        *,
        sensors: Sequence[Sensor],
        min_observations: int,
    ) -> Composite[RemotePixels]:
        """The median of the clear observations of one sensor on the grid; see `Engine`."""
        if min_observations < 1:
            raise SettingError(f"min_observations is {min_observations}; at least 1 is needed.")
        listed = self._catalogue.choose(site, epoch, sensors)
        sensor = next(each for each in sensors if each.id == listed[0].sensor)
        shares = self._shares.of(
            listed, self._catalogue.alongside(site, epoch, sensor), sensor, grid, site, epoch
        )
        pixels = of_composite(
            listed,
            sensor,
            grid,
            site,
            epoch,
            min_observations=min_observations,
            by=self.name,
            assets=self._rasters.assets,
        )
        self._rasters.announce(pixels, grid)
        scenes = tuple(self._scene(each, sensor, grid, shares[each.id]) for each in listed)
        return Composite(sensor.id, epoch, grid, sensor.roles, scenes, min_observations, pixels)

    def _scene(self, listed: Listed, sensor: Sensor, grid: Grid, seen: Seen) -> Scene:
        archive = ARCHIVES[sensor.id]
        return Scene(
            id=listed.id,
            date=listed.date.isoformat(),
            sensor=sensor.id,
            platform=listed.platform,
            checksums=(),
            clear_share=seen.clear_share,
            resampling=composing.resampling(listed, sensor, archive, grid),
            simulated=self._service.standin,
            licence=archive.licence,
            # A product's own id says its level, its processing's date or baseline, and its tier.
            processing=listed.product or listed.processing,
            warnings=seen.warnings,
        )

    def sample(
        self, composite: Composite[RemotePixels], labels: Sequence[Labels]
    ) -> tuple[Samples, ...]:
        """The composite's values beneath each file of labels; see `Engine`.

        Raises:
            ServiceError: They are not what the composite shows where it has come home already.
        """
        grid, pixels = composite.grid, composite.pixels
        found = self._rasters.or_exported(
            [pixels],
            grid,
            lambda: sampling.samples(self._service, pixels.image, composite, labels),
        )
        home = self._rasters.at_home(pixels)
        if home is not None:
            at_home = composite_at_home(composite, home)
            for each in found:
                agreement.refuse_other_samples(each, sample(at_home, each.labels))
        return found

    def classify(
        self, composite: Composite[RemotePixels], model: Model, legend: Legend, site: Site
    ) -> Map:
        """The model's class of every seen pixel of the area of interest; see `Engine`."""
        refuse_mismatch(composite, model, legend)
        pixels = of_map(composite, model, site)
        self._rasters.announce(pixels, composite.grid)
        simulated = composite.simulated or model.simulated
        return LandcoverMap(
            composite.epoch, composite.grid, legend, model.digest, simulated, pixels
        )

    def crosstab(
        self, comparisons: Sequence[Sequence[Map]], zone_sets: Sequence[ZoneSet], site: Site
    ) -> tuple[Crosstab, ...]:
        """Pixels by zone and by class in each map; see `Engine`.

        Counted by the server in one question, and held against the maps, whose counts these are:
        they differ on outlines at most.

        Raises:
            ServiceError: The counts are not those of the maps; see `agreement.EDGE_RULE`.
        """
        maps = [each for compared in comparisons for each in compared]
        grid, legend = one_grid(maps), maps[0].legend
        found, said = histograms(
            self._service, self._rasters, self._exports, comparisons, zone_sets, site, grid
        )
        self._notes += said
        tables = counting.crosstabs(found, comparisons, zone_sets, legend)
        counted = []
        for place, table in enumerate(tables):
            zone_set = zone_sets[place // len(comparisons)]
            compared = comparisons[place % len(comparisons)]
            home = count(
                [map_at_home(each, self._home.of(each)) for each in compared], zone_set, site
            )
            self._notes += agreement.compare_counts(table, home, zone_set, site, grid)
            counted.append(home)
        return tuple(counted)

    def read(
        self, raster: Composite[RemotePixels] | Map, bands: Sequence[str] = ()
    ) -> NDArray[np.uint16]:
        """The pixels themselves; see `Engine`. No names for a composite are all its bands."""
        pixels = self._home.of(raster).open()
        if isinstance(raster, LandcoverMap):
            return np.asarray(pixels[None], dtype=np.uint16)
        return layers(raster, pixels, bands)

    def train(
        self,
        samples: Sequence[Samples],
        *,
        keep: Sequence[NDArray[np.bool_]],
        knobs: Knobs,
        legend: Legend,
        sensor_family: str,
    ) -> Model:
        """The forest grown there and not here; see `training.train`."""
        return training.train(
            self._service,
            samples,
            keep=keep,
            knobs=knobs,
            legend=legend,
            sensor_family=sensor_family,
            tag=workload_tag("train", sensor_family),
        )

    def borders(self, edition: str, site: Site) -> ZoneSet:
        """The countries of a site by a boundary edition of the archive; see `borders_of`."""
        return borders_of(self._service, edition, site)


_: type[Engine[RemotePixels]] = EarthEngine
