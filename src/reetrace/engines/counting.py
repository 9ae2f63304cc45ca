"""Pixels counted by zone and class; areas are made of nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import GridMismatch, SettingError
from reetrace.core.grid import Grid
from reetrace.core.landcover import NOT_SEEN
from reetrace.core.raster import Crosstab, LandcoverMap
from reetrace.core.site import Site, ZoneSet
from reetrace.engines.blocks import grid_of, strips
from reetrace.engines.store import LocalPixels
from reetrace.zoning import SEVERAL, inside, zone_codes

# Cells are counted in runs of this many pixels, 8 bytes each.
_RUN_PIXELS = 1 << 20


def count(maps: Sequence[LandcoverMap[LocalPixels]], zone_set: ZoneSet, site: Site) -> Crosstab:
    """Pixels of the area of interest by zone and by class in each map.

    Raises:
        GridMismatch: The maps do not share one grid.
        SettingError: There is no map, or they do not share one legend.
    """
    grid = one_grid(maps)
    legend = maps[0].legend
    codes = (NOT_SEEN, *sorted(each.code for each in legend.classes))
    zones = (*(zone.id for zone in zone_set.zones), "none", "several")
    shape = (len(zones), *(len(codes) for _ in maps))
    counts = np.zeros(int(np.prod(shape)), dtype=np.int64)
    position = np.zeros(256, dtype=np.int64)
    position[list(codes)] = np.arange(len(codes))
    for strip in strips(grid):
        part = grid_of(strip, grid)
        area, zone_of = inside(site, part), zone_codes(zone_set, part)
        for run in strips(part, pixels=_RUN_PIXELS):
            rows = slice(run.row, run.row + run.rows)
            here = area[rows]
            cell = _zone_rows(zone_of[rows][here], len(zone_set.zones))
            for each in maps:
                found = each.pixels.open()[strip.row + rows.start : strip.row + rows.stop][here]
                cell = cell * len(codes) + position[found]
            counts += np.bincount(cell, minlength=counts.size)
    return Crosstab(
        zone_set.id,
        zones,
        tuple(each.epoch.label for each in maps),
        codes,
        counts.reshape(shape),
    )


def one_grid(maps: Sequence[LandcoverMap[Any]]) -> Grid:
    """The grid that maps share, which they must, and their legend too.

    Raises:
        GridMismatch: They do not share one grid.
        SettingError: There is no map, or they do not share one legend.
    """
    if not maps:
        raise SettingError("There is no map to count.")
    for other in maps[1:]:
        if other.grid != maps[0].grid:
            raise GridMismatch(
                f"The maps of {maps[0].epoch.label} and {other.epoch.label} lie on different "
                f"grids ({_grid_text(maps[0].grid)}; {_grid_text(other.grid)}). "
                "Classify both on the site's own grid."
            )
        if other.legend != maps[0].legend:
            raise SettingError(
                f"The maps of {maps[0].epoch.label} and {other.epoch.label} have the legends "
                f"{maps[0].legend.id} and {other.legend.id}. Use one legend for both."
            )
    return maps[0].grid


def _grid_text(grid: Grid) -> str:
    return (
        f"EPSG:{grid.epsg} {grid.west_m:.0f} {grid.north_m:.0f}, {grid.rows} × {grid.cols} pixels "
        f"of {grid.pixel_m:g} m"
    )


def _zone_rows(codes: NDArray[np.int16], zones: int) -> NDArray[np.int64]:
    """Row of each pixel's zone: the zones in order, then `none`, then `several`."""
    wide = codes.astype(np.int64)
    return np.where(wide == SEVERAL, zones + 1, np.where(wide == 0, zones, wide - 1))
