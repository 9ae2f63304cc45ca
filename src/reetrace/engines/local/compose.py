"""The median of the clear observations, block by block.

Everything is integer arithmetic on one pixel at a time, so neither the size of the blocks nor the
number of workers can change the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.core.grid import Grid
from reetrace.core.raster import UNSEEN
from reetrace.core.site import Site
from reetrace.engines.blocks import Block, grid_of, lay_blocks
from reetrace.engines.local.catalogue import Item, Layer
from reetrace.engines.local.source import CACHE_MB, read_clear, read_reflectance

_HIDDEN = np.iinfo(np.uint16).max
"""Sorts behind every stored reflectance, so that what was not seen comes last."""


@dataclass(frozen=True)
class Piece:
    """One block of the composite."""

    block: Block
    stored: NDArray[np.uint16]
    """Shape (roles + 1, rows, cols): the medians, then the number of clear observations."""
    clear: NDArray[np.int64]
    """Shape (scenes,): clear pixels of each inside the area of interest."""
    area: int
    """Pixels of the area of interest."""


def compose(
    items: Sequence[Item],
    roles: Sequence[str],
    grid: Grid,
    site: Site,
    *,
    min_observations: int,
    workers: int,
    block_bytes: int,
    progress: Callable[[float], None],
) -> Iterator[Piece]:
    """The composite's blocks, in the order of the grid.

    Args:
        items: Scenes that passed inspection.
        roles: Bands that all of them have.
        grid: Obeyed to the pixel.
        site: Its area of interest is what clear pixels are counted in.
        min_observations: Pixels seen clear less often are stored as not seen.
        workers: Threads; the answer does not depend on it.
        block_bytes: Memory for one block's scenes; the answer does not depend on it.
        progress: Told the share done, 0-1.
    """
    import rasterio

    from reetrace.zoning import inside

    passes = group_passes(items)
    layers = (len(passes) + 1) * (len(roles) + 1)
    blocks = list(lay_blocks(grid, layers=layers, block_bytes=block_bytes))

    def work(block: Block, here: NDArray[np.bool_]) -> Piece:
        with rasterio.Env(GDAL_CACHEMAX=CACHE_MB, GDAL_NUM_THREADS="1"):
            shape = (len(roles), block.rows, block.cols)
            views = np.full((len(passes), *shape), _HIDDEN, dtype=np.uint16)
            clear = np.zeros(len(items), dtype=np.int64)
            for view, positions in zip(views, passes, strict=True):
                for position in positions:
                    scene = np.empty(shape, dtype=np.uint16)
                    seen = _read_scene(items[position], roles, grid, block, scene)
                    clear[position] = seen[here].sum()
                    first = seen & (view[0] == _HIDDEN)
                    view[:, first] = scene[:, first]
            stored = median_of_clear(views, min_observations)
            return Piece(block, stored, clear, int(here.sum()))

    with ThreadPoolExecutor(workers) as pool:
        # A few blocks ahead and no more: `map` would hold every finished block in memory.
        for start in range(0, len(blocks), workers):
            batch = blocks[start : start + workers]
            # Burnt here and not by the workers: the burning handles warnings, which threads share.
            areas = [inside(site, grid_of(block, grid)) for block in batch]
            for done, piece in enumerate(pool.map(work, batch, areas), start=1):
                yield piece
                progress((start + done) / len(blocks))


def group_passes(items: Sequence[Item]) -> tuple[tuple[int, ...], ...]:
    """Positions of the items that one satellite took on one day, by day.

    Neighbouring frames of one pass overlap; where they do it is one view and must count once. The
    first by id is taken.
    """
    passes: dict[tuple[object, ...], list[int]] = {}
    for position, item in enumerate(items):
        # Where the satellite is not stated, two images of a day are taken for one pass.
        passes.setdefault((item.date, item.platform), []).append(position)
    return tuple(tuple(positions) for positions in passes.values())


def _read_scene(
    item: Item, roles: Sequence[str], grid: Grid, block: Block, scene: NDArray[np.uint16]
) -> NDArray[np.bool_]:
    """Fills one scene's block, 65,535 where it was not seen clear; returns where it was."""
    layers: dict[str, Layer] = dict(item.bands)
    seen = np.ones((block.rows, block.cols), dtype=np.bool_)
    for flags, layer in item.quality:
        seen &= read_clear(layer, flags.rejected(roles), grid, block)
    for position, role in enumerate(roles):
        if not seen.any():
            break
        scene[position] = read_reflectance(layers[role], grid, block)
        seen &= scene[position] != UNSEEN
    # One band without a measurement takes the pixel out of all: no colour is made of two dates.
    scene[:, ~seen] = _HIDDEN
    return seen


def _sort_by_date_axis(scenes: NDArray[np.uint16]) -> None:
    """Sorts the first axis in place: bubbles over whole planes.

    `ndarray.sort` would gather each pixel's few values one by one, which takes ten times as long.
    """
    lower = np.empty_like(scenes[0])
    for last in range(scenes.shape[0] - 1, 0, -1):
        for each in range(last):
            np.minimum(scenes[each], scenes[each + 1], out=lower)
            np.maximum(scenes[each], scenes[each + 1], out=scenes[each + 1])
            scenes[each] = lower


def median_of_clear(scenes: NDArray[np.uint16], min_observations: int) -> NDArray[np.uint16]:
    """Medians and counts of what was seen.

    Args:
        scenes: Shape (scenes, bands, rows, cols), 65,535 where not seen clear. Is sorted in place.
        min_observations: Pixels with fewer are `UNSEEN` in every band; their count is kept.

    Returns:
        Shape (bands + 1, rows, cols). Of an even number of observations the mean of the middle two
        is taken, halves rounded up.
    """
    observations = (scenes[:, 0] != _HIDDEN).sum(axis=0)
    enough = observations >= max(min_observations, 1)
    _sort_by_date_axis(scenes)
    lower = np.maximum(observations - 1, 0)[None, None] // 2
    upper = np.minimum(observations // 2, scenes.shape[0] - 1)[None, None]
    low = np.take_along_axis(scenes, lower, axis=0)[0].astype(np.uint32)
    high = np.take_along_axis(scenes, upper, axis=0)[0]
    stored = np.empty((scenes.shape[1] + 1, *scenes.shape[2:]), dtype=np.uint16)
    stored[:-1] = np.where(enough[None], (low + high + 1) // 2, UNSEEN)
    stored[-1] = observations
    return stored
