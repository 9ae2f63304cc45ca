"""How much of a site each scene shows clear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reetrace.core.errors import ImageryError
from reetrace.core.grid import Grid
from reetrace.core.raster import UNSEEN
from reetrace.core.site import Site
from reetrace.engines.blocks import BLOCK_BYTES, grid_of, lay_blocks
from reetrace.engines.local.catalogue import Item
from reetrace.engines.local.inspect import inspect_scene
from reetrace.engines.local.source import lattice_of, read_clear, read_reflectance


def clear_shares(items: Sequence[Item], site: Site) -> Iterator[tuple[Item, dict[str, Any]]]:
    """Each scene with its clear share of the area of interest, or why it would be refused."""
    from reetrace.zoning import lay_grid

    for item in items:
        pixel_m = max(band.pixel_m for band in item.sensor.bands)
        try:
            grid = lay_grid(site, pixel_m, lattice_of(item.bands[0][1]))
            seen = inspect_scene(item, grid)
            clear, area = _clear_pixels(item, grid, site)
        except ImageryError as fault:
            yield item, {"fault": str(fault)}
        else:
            yield item, {"clear_share": clear / max(area, 1), "simulated": seen.simulated}


def _clear_pixels(item: Item, grid: Grid, site: Site) -> tuple[int, int]:
    """Pixels of the area that no quality band objects to and every band measured; and all."""
    from reetrace.zoning import inside

    clear, area = 0, 0
    for block in lay_blocks(grid, layers=len(item.bands), block_bytes=BLOCK_BYTES):
        seen = inside(site, grid_of(block, grid))
        area += int(seen.sum())
        for flags, layer in item.quality:
            seen &= read_clear(layer, flags.rejected(item.roles), grid, block)
        for _, layer in item.bands:
            seen &= read_reflectance(layer, grid, block) != UNSEEN
        clear += int(seen.sum())
    return clear, area
