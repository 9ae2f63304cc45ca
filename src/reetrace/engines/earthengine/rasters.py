"""How rasters come home: several in one request where they fit, exported where they must be."""

from __future__ import annotations

import contextlib
import functools
import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import ImageryError, TooLarge
from reetrace.core.grid import Grid
from reetrace.engines.blocks import Block
from reetrace.engines.earthengine.agreement import Moved
from reetrace.engines.earthengine.batch import Exports
from reetrace.engines.earthengine.finishing import place_of
from reetrace.engines.earthengine.remote import RemotePixels
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.tiles import tiles
from reetrace.engines.store import Draft, LocalPixels, Store, digest_of

if TYPE_CHECKING:
    import ee

T = TypeVar("T")

# What one request may bring home of several rasters, well under the 48 MB a request may.
_MOST_BYTES = 40_000_000

# Scenes that one request may have to go through: more would risk the time an answer may take.
_MOST_VIEWS = 64

# A raster of more tiles than this is exported first: the graph is computed once, not once a tile.
_MOST_TILES = 16

# Rows of a map that are held at a time where some of its pixels are changed.
_RUN_ROWS = 512

_EMPTIED = "The work folder was emptied while it was in use. Run again."


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
        self.assets: dict[str, str] = {}
        """Digests of what was exported, and the assets."""
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
            self._bring(group, grid)
            for each in group:
                self._waiting.pop(each.digest, None)
            kept = self.at_home(raster)
        if kept is None:
            raise ImageryError(_EMPTIED)
        return kept

    def corrected(self, raster: RemotePixels, came: LocalPixels, moved: Moved) -> LocalPixels:
        """A map with other classes in some of its pixels, kept beside the one that came home."""
        digest = digest_of({"what": "corrected", "of": raster.digest})
        pixels = came.open()
        with self._store.make(digest, pixels.shape, raster.dtype) as draft:
            rows, cols, codes = moved
            for first in range(0, pixels.shape[0], _RUN_ROWS):
                run = np.array(pixels[first : first + _RUN_ROWS])
                here = (rows >= first) & (rows < first + _RUN_ROWS)
                run[rows[here] - first, cols[here]] = codes[here]
                draft.put(Block(first, 0, *run.shape), run)
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

    def _bring(self, group: Sequence[RemotePixels], grid: Grid) -> None:
        if self._tile_count(group[0], grid) > _MOST_TILES:
            self.export(group[0], grid)
        try:
            self._interactively(group, grid)
        except TooLarge:
            if len(group) == 1:
                self._piecewise(group[0], grid)
                return
            for each in group:
                self._bring([each], grid)

    def _piecewise(self, raster: RemotePixels, grid: Grid) -> None:
        """A map after its composite was exported, which may be enough; else after its own."""
        if raster.origin is not None and raster.origin[0].pixels.digest not in self.assets:
            self.export(raster.origin[0].pixels, grid)
            with contextlib.suppress(TooLarge):
                self._interactively([raster], grid)
                return
        self.export(raster, grid)
        self._interactively([raster], grid)

    def _tile_count(self, raster: RemotePixels, grid: Grid) -> int:
        if raster.digest in self.assets:
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
        if raster.digest in self.assets:
            return
        self.assets[raster.digest] = self._exports.image(
            raster.make(),
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

    def _interactively(self, group: Sequence[RemotePixels], grid: Grid) -> None:
        """Rasters as one picture, tile by tile into their files."""
        first = group[0]
        image, names = self._joined(group)
        edges = np.cumsum([0, *(len(each.bands) for each in group)]).tolist()
        spans = list(itertools.pairwise(edges))
        writing = threading.Lock()
        with contextlib.ExitStack() as held:
            drafts = [held.enter_context(self._draft(each, grid)) for each in group]

            def keep(tile: Block, values: NDArray[Any]) -> None:
                # One at a time: the pages of a file that are written to take up memory meanwhile.
                with writing:
                    for each, draft, (start, stop) in zip(group, drafts, spans, strict=True):
                        one_layer = each.origin is not None
                        draft.put(tile, values[start] if one_layer else values[start:stop])

            self._service.pixels(
                image,
                grid,
                names,
                np.dtype(first.dtype),
                keep,
                tag=first.tag,
                doing=" and ".join(dict.fromkeys(each.doing for each in group)),
                progress=functools.partial(self._progress, first.doing),
            )

    def _joined(self, group: Sequence[RemotePixels]) -> tuple[ee.Image, list[str]]:
        """One image of all bands, and their names in it."""
        import ee

        if len(group) == 1:
            return group[0].image, list(group[0].bands)
        names = [f"r{place}_{band}" for place, each in enumerate(group) for band in each.bands]
        bands = [each.image.select(list(each.bands)) for each in group]
        return ee.Image.cat(bands).rename(names), names

    @contextlib.contextmanager
    def _draft(self, raster: RemotePixels, grid: Grid) -> Iterator[Draft]:
        with self._store.make(raster.digest, raster.shape_on(grid), raster.dtype) as draft:
            yield draft
            # Whoever finds it later makes the same evidence of it.
            source = () if raster.origin is None else (raster.origin[0].pixels.digest,)
            draft.record["said"] = {
                digest: self._said[digest]
                for digest in (raster.digest, *source)
                if digest in self._said
            }


def store_of(work: Path) -> Store:
    """Where rasters of this engine are kept."""
    return Store(work / "earthengine")
