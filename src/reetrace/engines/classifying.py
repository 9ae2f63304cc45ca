"""A fitted forest run over a composite, run by run of rows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import SettingError
from reetrace.core.kernel import compile_forest
from reetrace.core.landcover import NOT_SEEN, OUTSIDE, Legend
from reetrace.core.model import Model
from reetrace.core.raster import UNSEEN, Composite, ndvi_feature
from reetrace.core.site import Site
from reetrace.engines.blocks import Block, grid_of, strips
from reetrace.engines.store import LocalPixels

NDVI = "ndvi"

# Eight features of a run take 16 bytes a pixel, the kernel about as much again.
_RUN_PIXELS = 1 << 20


def refuse_mismatch(composite: Composite[Any], model: Model, legend: Legend) -> None:
    """Refuses a model that speaks of other bands or classes.

    Raises:
        SettingError: With the band or class in question.
    """
    there = {*composite.bands, *([NDVI] if {"red", "nir"} <= set(composite.bands) else [])}
    lacking = [name for name in model.features if name not in there]
    if lacking:
        raise SettingError(
            f"{composite.epoch.label}: the model needs {', '.join(lacking)}, the imagery has "
            f"{', '.join(composite.bands)}. Train on the bands that all epochs share."
        )
    for name, code in zip(model.classes, model.codes, strict=True):
        if name not in legend.names or legend.code(name) != code:
            raise SettingError(
                f"The model's class {name!r} with code {code} is not in the legend {legend.id!r}. "
                "Train with the legend of the site."
            )


def classify_rows(
    composite: Composite[LocalPixels],
    model: Model,
    site: Site,
    put: Callable[[Block, NDArray[np.uint8]], None],
    *,
    workers: int,
    progress: Callable[[float], None],
) -> None:
    """Puts class codes, `NOT_SEEN` and `OUTSIDE` for every block of the grid."""
    from reetrace.zoning import inside

    kernel = compile_forest(model)
    grid = composite.grid

    def work(run: Block, area: NDArray[np.bool_]) -> NDArray[np.uint8]:
        # Mapped anew for each run, so that what was read leaves the memory again.
        stored = composite.pixels.open()
        rows = slice(run.row, run.row + run.rows)
        bands = dict(zip(composite.bands, stored[:-1, rows], strict=True))
        wanted = area & (bands[composite.bands[0]] != UNSEEN)
        codes = np.where(area, NOT_SEEN, OUTSIDE).astype(np.uint8)
        if wanted.any():
            codes[wanted] = kernel.classify(_features(bands, model.features, wanted))
        return codes

    with ThreadPoolExecutor(workers) as pool:
        for strip in strips(grid):
            area = inside(site, grid_of(strip, grid))
            runs = [
                Block(strip.row + run.row, 0, run.rows, grid.cols)
                for run in strips(grid_of(strip, grid), pixels=_RUN_PIXELS)
            ]
            areas = [area[run.row - strip.row : run.row - strip.row + run.rows] for run in runs]
            for run, codes in zip(runs, pool.map(work, runs, areas), strict=True):
                put(run, codes)
            progress((strip.row + strip.rows) / grid.rows)


def _features(
    bands: dict[str, NDArray[np.uint16]], names: tuple[str, ...], wanted: NDArray[np.bool_]
) -> NDArray[np.uint16]:
    """Shape (features, pixels)."""
    return np.stack(
        [
            ndvi_feature(bands["red"][wanted], bands["nir"][wanted])
            if name == NDVI
            else bands[name][wanted]
            for name in names
        ]
    )
