"""Rasters that exist as graphs, and how they come home."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import ImageryError, TooLarge
from reetrace.core.grid import Grid
from reetrace.core.model import Model
from reetrace.core.raster import Composite, LandcoverMap
from reetrace.core.site import Site
from reetrace.engines.blocks import Block
from reetrace.engines.earthengine.batch import Exports
from reetrace.engines.earthengine.finishing import place_of
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.tiles import tiles
from reetrace.engines.store import LocalPixels, Store, digest_of

if TYPE_CHECKING:
    import ee

T = TypeVar("T")

# What one request may bring home of several rasters, well under the 48 MB a request may.
_MOST_BYTES = 40_000_000

# Scenes that one request may have to go through: more would risk the time an answer may take.
_MOST_VIEWS = 64

# A raster of more tiles than this is exported first: the graph is computed once, not once a tile.
_MOST_TILES = 16

_EMPTIED = "The work folder was emptied while it was in use. Run again."


@dataclass(frozen=True, eq=False)
class RemotePixels:
    """A raster on the server: not computed before it is asked for."""

    make: Callable[[], ee.Image]
    """Its graph, which may build on an exported asset if there is one by then."""
    digest: str
    """SHA-256 of what it is made from."""
    bands: tuple[str, ...]
    dtype: type[np.generic]
    views: int
    """Passes its computation goes through."""
    tag: str
    doing: str
    origin: tuple[Composite[RemotePixels], Model, Site] | None = None
    """Of a map: what it was classified from."""

    @property
    def image(self) -> ee.Image:
        """Its graph."""
        return self.make()

    def bytes_on(self, grid: Grid) -> int:
        """Size of the pixels."""
        return grid.rows * grid.cols * len(self.bands) * np.dtype(self.dtype).itemsize


class Rasters:
    """Brings rasters home, several in one request where they fit, and keeps them."""

    def __init__(
        self,
        service: Service,
        exports: Exports,
        store: Store,
        progress: Callable[[str, float], None],
    ) -> None:
        self._service = service
        self._exports = exports
        self._store = store
        self._progress = progress
        self._waiting: dict[str, tuple[RemotePixels, Grid]] = {}
        self._assets: dict[str, str] = {}
        self._known: dict[str, LocalPixels] = {}
        self._said: dict[str, str] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the evidence; of what came home in an earlier run too."""
        return tuple(sorted(set(self._said.values())))

    def announce(self, raster: RemotePixels, grid: Grid) -> None:
        """Says that a raster will be wanted, so that it may come home with another."""
        if self.at_home(raster) is None:
            self._waiting[raster.digest] = raster, grid

    def graph(self, raster: RemotePixels) -> ee.Image:
        """What further graphs build on: the exported asset where there is one."""
        import ee

        asset = self._assets.get(raster.digest)
        return raster.image if asset is None else ee.Image(asset)

    def at_home(self, raster: RemotePixels) -> LocalPixels | None:
        """The pixels where they have come home already."""
        known = self._known.get(raster.digest)
        if known is None or not known.path.is_file():
            # Finding reads the whole file to see that it is what was written: once is enough.
            kept = self._store.find(raster.digest)
            known = None if kept is None else kept[0]
            if kept is not None:
                self._known[raster.digest] = kept[0]
                self._said.update(kept[1].get("said", {}))
        return known

    def fetch(self, raster: RemotePixels, grid: Grid) -> LocalPixels:
        """The pixels, brought home if need be."""
        kept = self.at_home(raster)
        if kept is None:
            group = self._together(raster, grid)
            for each, pixels in zip(group, self._bring(group, grid), strict=True):
                self._keep(each, pixels)
                self._waiting.pop(each.digest, None)
            kept = self.at_home(raster)
        if kept is None:
            raise ImageryError(_EMPTIED)
        return kept

    def corrected(self, raster: RemotePixels, pixels: NDArray[Any]) -> LocalPixels:
        """Other pixels than those that came home, kept beside them."""
        digest = digest_of({"what": "corrected", "of": raster.digest})
        with self._store.make(digest, pixels.shape, raster.dtype) as draft:
            draft.put(Block(0, 0, *pixels.shape[-2:]), pixels)
        kept = self._store.find(digest)
        if kept is None:
            raise ImageryError(_EMPTIED)
        return kept[0]

    def _together(self, raster: RemotePixels, grid: Grid) -> list[RemotePixels]:
        """The raster and those waiting that fit into the same request."""
        group, size, views = [raster], raster.bytes_on(grid), raster.views
        for other, its_grid in list(self._waiting.values()):
            bytes_ = other.bytes_on(grid)
            fits = size + bytes_ <= _MOST_BYTES and views + other.views <= _MOST_VIEWS
            alike = its_grid == grid and other.dtype == raster.dtype
            if other.digest != raster.digest and fits and alike and self.at_home(other) is None:
                group.append(other)
                size, views = size + bytes_, views + other.views
        return group

    def _bring(self, group: Sequence[RemotePixels], grid: Grid) -> list[Any]:
        if self._tile_count(group[0], grid) > _MOST_TILES:
            self.export(group[0], grid)
        try:
            return self._interactively(group, grid)
        except TooLarge:
            if len(group) > 1:
                return [self._bring([each], grid)[0] for each in group]
            return self._piecewise(group[0], grid)

    def _piecewise(self, raster: RemotePixels, grid: Grid) -> list[Any]:
        """A map after its composite was exported, which may be enough; else after its own."""
        if raster.origin is not None and raster.origin[0].pixels.digest not in self._assets:
            self.export(raster.origin[0].pixels, grid)
            with contextlib.suppress(TooLarge):
                return self._interactively([raster], grid)
        self.export(raster, grid)
        return self._interactively([raster], grid)

    def _tile_count(self, raster: RemotePixels, grid: Grid) -> int:
        if raster.digest in self._assets:
            return 0
        itemsize = np.dtype(raster.dtype).itemsize
        return len(tiles(grid, bytes_per_pixel=len(raster.bands) * itemsize))

    def or_exported(
        self, rasters: Sequence[RemotePixels], grid: Grid, question: Callable[[], T]
    ) -> T:
        """The answer to a question about rasters; asked of their exports where it is too large."""
        try:
            return question()
        except TooLarge:
            for each in rasters:
                self.export(each, grid)
            return question()

    def export(self, raster: RemotePixels, grid: Grid) -> None:
        """Has the raster computed as a batch task, and reads it from its asset from then on."""
        if raster.digest in self._assets:
            return
        self._assets[raster.digest] = self._exports.image(
            raster.image,
            grid,
            raster.bands,
            np.dtype(raster.dtype).name,
            digest=raster.digest,
            title=raster.doing,
            tag=raster.tag,
        )
        self._said[raster.digest] = (
            f"{raster.doing}: too large for a direct answer, so it was computed as an export "
            f"({place_of('image', raster.digest)} among the project's assets); the same graph, "
            "hence the same pixels."
        )

    def _interactively(self, group: Sequence[RemotePixels], grid: Grid) -> list[Any]:
        import ee

        first = group[0]
        if len(group) == 1:
            image, names = self.graph(first), list(first.bands)
        else:
            names = [f"r{place}_{band}" for place, each in enumerate(group) for band in each.bands]
            image = ee.Image.cat(
                [self.graph(each).select(list(each.bands)) for each in group]
            ).rename(names)
        pixels = self._service.pixels(
            image,
            grid,
            names,
            np.dtype(first.dtype),
            tag=first.tag,
            doing=" and ".join(dict.fromkeys(each.doing for each in group)),
            progress=functools.partial(self._progress, first.doing),
        )
        edges = np.cumsum([len(each.bands) for each in group])[:-1]
        return np.split(pixels, edges)

    def _keep(self, raster: RemotePixels, pixels: Any) -> None:  # noqa: ANN401 - an array
        layers = pixels[0] if raster.origin is not None else pixels
        with self._store.make(raster.digest, layers.shape, raster.dtype) as draft:
            draft.put(Block(0, 0, *layers.shape[-2:]), layers)
            # Whoever finds it later makes the same evidence of it.
            source = () if raster.origin is None else (raster.origin[0].pixels.digest,)
            draft.record["said"] = {
                digest: self._said[digest]
                for digest in (raster.digest, *source)
                if digest in self._said
            }


def composite_at_home(
    composite: Composite[RemotePixels], pixels: LocalPixels
) -> Composite[LocalPixels]:
    """The same composite with its pixels on this machine."""
    return Composite(
        composite.sensor,
        composite.epoch,
        composite.grid,
        composite.bands,
        composite.scenes,
        composite.min_observations,
        pixels,
    )


def map_at_home(
    landcover: LandcoverMap[RemotePixels], pixels: LocalPixels
) -> LandcoverMap[LocalPixels]:
    """The same map with its pixels on this machine."""
    return LandcoverMap(
        landcover.epoch,
        landcover.grid,
        landcover.legend,
        landcover.model_digest,
        landcover.simulated,
        pixels,
    )


def store_of(work: Path) -> Store:
    """Where rasters of this engine are kept."""
    return Store(work / "earthengine")
