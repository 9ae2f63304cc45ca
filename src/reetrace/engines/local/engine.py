"""The five verbs on this machine: windows in, finished rasters on disk, small tables home."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.engine import Engine
from reetrace.core.errors import ImageryError, NoImagery, SettingError
from reetrace.core.grid import Grid
from reetrace.core.landcover import Legend
from reetrace.core.model import Model
from reetrace.core.raster import (
    Composite,
    Crosstab,
    LandcoverMap,
    SceneListing,
)
from reetrace.core.samples import Labels, Samples
from reetrace.core.sensor import Sensor
from reetrace.core.site import Epoch, Site, ZoneSet
from reetrace.engines.blocks import BLOCK_BYTES
from reetrace.engines.classifying import classify_rows, refuse_mismatch
from reetrace.engines.counting import count
from reetrace.engines.local.catalogue import Item
from reetrace.engines.local.compose import compose
from reetrace.engines.local.finding import Finder
from reetrace.engines.local.inspect import Inspection, inspect_scene
from reetrace.engines.local.listing import clear_shares
from reetrace.engines.local.records import inputs_of, to_listing, to_scene
from reetrace.engines.local.source import lattice_of
from reetrace.engines.sampling import layers, sample
from reetrace.engines.store import LocalPixels, Store, digest_of


class LocalEngine:
    """The embedded engine. No account, no network; memory does not grow with the scene."""

    name = "local"

    def __init__(
        self,
        catalogues: Sequence[Path],
        *,
        work: Path,
        drawn: Path | None = None,
        workers: int = 2,
        progress: Callable[[str, float], None] | None = None,
        block_bytes: int = BLOCK_BYTES,
        only: frozenset[str] | None = None,
    ) -> None:
        """Opens nothing yet.

        Args:
            catalogues: Folders of STAC items, looked through with their subfolders.
            work: Folder for finished rasters.
            drawn: A drawn world, for sites that no catalogue covers.
            workers: Threads; no answer depends on it.
            progress: Told what is being done and which share of it is done, 0-1.
            block_bytes: Memory for the scenes of one block; no answer depends on it.
            only: Ids of the scenes that may be used; None is every scene.
        """
        if workers < 1:
            raise SettingError(f"workers is {workers}; at least 1 is needed.")
        self._finder = Finder(catalogues, drawn, only)
        self._store = Store(work)
        self._workers = workers
        self._block_bytes = block_bytes
        self._progress = progress or (lambda _, __: None)

    def notes(self) -> tuple[str, ...]:
        """Nothing: every answer is come by in one way here."""
        return ()

    def scenes(
        self, site: Site, epoch: Epoch, sensors: Sequence[Sensor]
    ) -> tuple[SceneListing, ...]:
        """The scenes a composite would start from, by date; no pixel is read.

        Raises:
            NoImagery: There is none.
        """
        return tuple(
            dataclasses.replace(to_listing(item), lattice=lattice_of(item.bands[0][1]))
            for item in self._finder.choose(site, epoch, sensors)
        )

    def files(self, site: Site, epoch: Epoch, sensors: Sequence[Sensor]) -> tuple[Path, ...]:
        """The files a composite would read from, each once; none of them is opened.

        Raises:
            NoImagery: There is none.
        """
        return tuple(
            sorted(
                {
                    layer.path
                    for item in self._finder.choose(site, epoch, sensors)
                    for _, layer in (*item.bands, *item.quality)
                }
            )
        )

    def covers(self, site: Site) -> bool:
        """Whether any scene, drawn ones included, touches the site's area of interest."""
        return bool(self._finder.covering(site))

    def registered(self) -> tuple[SceneListing, ...]:
        """Every scene of the configured catalogues, by date; no pixel is read."""
        return tuple(to_listing(item) for item in self._finder.registered())

    def describe(self, site: Site) -> tuple[SceneListing, ...]:
        """Every scene that covers a site, by date, with how much of the site it shows clear."""
        items = self._finder.covering(site)
        listings = []
        for done, (item, seen) in enumerate(clear_shares(items, site), start=1):
            self._progress(f"look at {item.id}", done / len(items))
            listings.append(dataclasses.replace(to_listing(item), **seen))
        return tuple(listings)

    def composite(
        self,
        site: Site,
        epoch: Epoch,
        grid: Grid,
        *,
        sensors: Sequence[Sensor],
        min_observations: int,
    ) -> Composite[LocalPixels]:
        """The median of the clear observations of one sensor on the grid; see `Engine`."""
        if min_observations < 1:
            raise SettingError(f"min_observations is {min_observations}; at least 1 is needed.")
        items, found = self._usable(site, epoch, grid, sensors)
        sensor = items[0].sensor
        roles = tuple(role for role in sensor.roles if all(role in item.roles for item in items))
        if not roles:
            raise ImageryError(
                f"{site.id} {epoch.label}: its scenes have no band in common. "
                "Register the same bands for all of them."
            )
        digest = digest_of(
            {
                "what": "composite",
                "grid": dataclasses.asdict(grid),
                "area": site.area_of_interest.geometry,
                "roles": roles,
                "min_observations": min_observations,
                "scenes": [inputs_of(item, seen) for item, seen in zip(items, found, strict=True)],
            }
        )
        kept = self._store.find(digest)
        if kept is None:
            self._compose(digest, items, roles, site, epoch, grid, min_observations)
            kept = self._found(digest)
        pixels, record = kept
        scenes = tuple(
            to_scene(item, seen, share, roles)
            for item, seen, share in zip(items, found, record["clear_shares"], strict=True)
        )
        return Composite(sensor.id, epoch, grid, roles, scenes, min_observations, pixels)

    def _compose(
        self,
        digest: str,
        items: Sequence[Item],
        roles: Sequence[str],
        site: Site,
        epoch: Epoch,
        grid: Grid,
        min_observations: int,
    ) -> None:
        label = f"compose {site.id} {epoch.label}"
        clear, area = np.zeros(len(items), dtype=np.int64), 0
        pieces = compose(
            items,
            roles,
            grid,
            site,
            min_observations=min_observations,
            workers=self._workers,
            block_bytes=self._block_bytes,
            progress=lambda done: self._progress(label, done),
        )
        shape = (len(roles) + 1, *grid.shape)
        with self._store.make(digest, shape, np.uint16) as draft:
            for piece in pieces:
                draft.put(piece.block, piece.stored)
                clear += piece.clear
                area += piece.area
            draft.record["clear_shares"] = (clear / max(area, 1)).tolist()

    def _usable(
        self, site: Site, epoch: Epoch, grid: Grid, sensors: Sequence[Sensor]
    ) -> tuple[list[Item], list[Inspection]]:
        """The epoch's scenes whose files reach the grid, looked at and found good."""
        items: list[Item] = []
        found: list[Inspection] = []
        chosen = self._finder.choose(site, epoch, sensors)
        for position, item in enumerate(chosen):
            self._progress(f"check {item.id}", position / len(chosen))
            seen = inspect_scene(item, grid)
            if seen.overlaps:
                items.append(item)
                found.append(seen)
        if not items:
            raise NoImagery(
                f"{site.id} {epoch.label}: {len(chosen)} scene(s) are said to cover the site, but "
                f"none has a pixel there ({chosen[0].id}). Check where the files lie."
            )
        return items, found

    def _found(self, digest: str) -> tuple[LocalPixels, dict[str, Any]]:
        kept = self._store.find(digest)
        if kept is None:
            raise ImageryError("The work folder was emptied while it was in use. Run again.")
        return kept

    def sample(
        self, composite: Composite[LocalPixels], labels: Sequence[Labels]
    ) -> tuple[Samples, ...]:
        """The composite's values beneath each file of labels; see `Engine`."""
        return tuple(sample(composite, each) for each in labels)

    def classify(
        self, composite: Composite[LocalPixels], model: Model, legend: Legend, site: Site
    ) -> LandcoverMap[LocalPixels]:
        """The model's class of every seen pixel of the area of interest; see `Engine`."""
        refuse_mismatch(composite, model, legend)
        digest = digest_of(
            {
                "what": "landcover",
                "composite": composite.pixels.digest,
                "model": model.digest,
                "area": site.area_of_interest.geometry,
            }
        )
        kept = self._store.find(digest)
        if kept is None:
            label = f"classify {site.id} {composite.epoch.label}"
            with self._store.make(digest, composite.grid.shape, np.uint8) as draft:
                classify_rows(
                    composite,
                    model,
                    site,
                    draft.put,
                    workers=self._workers,
                    progress=lambda done: self._progress(label, done),
                )
            kept = self._found(digest)
        simulated = composite.simulated or model.simulated
        return LandcoverMap(
            composite.epoch, composite.grid, legend, model.digest, simulated, kept[0]
        )

    def crosstab(
        self,
        comparisons: Sequence[Sequence[LandcoverMap[LocalPixels]]],
        zone_sets: Sequence[ZoneSet],
        site: Site,
    ) -> tuple[Crosstab, ...]:
        """Pixels by zone and by class in each map; see `Engine`."""
        return tuple(count(maps, zone_set, site) for zone_set in zone_sets for maps in comparisons)

    def read(
        self, raster: Composite[LocalPixels] | LandcoverMap[LocalPixels], bands: Sequence[str] = ()
    ) -> NDArray[np.uint16]:
        """The pixels themselves; see `Engine`. No names for a composite are all its bands."""
        pixels = raster.pixels.open()
        if isinstance(raster, LandcoverMap):
            return np.asarray(pixels[None], dtype=np.uint16)
        return layers(raster, pixels, bands)


_: type[Engine[LocalPixels]] = LocalEngine
