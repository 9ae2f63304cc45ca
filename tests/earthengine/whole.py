"""A picture whose tiles are put together in memory, for tests that look at every pixel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.grid import Grid
from reetrace.engines.blocks import Block
from reetrace.engines.earthengine.service import Service

if TYPE_CHECKING:
    import ee


def whole(
    service: Service, image: ee.Image, grid: Grid, bands: Sequence[str], dtype: Any, **said: Any
) -> NDArray[Any]:
    """The values, shape (bands, rows, cols); the rest as for `Service.pixels`."""
    values = np.zeros((len(bands), *grid.shape), dtype=dtype)

    def keep(tile: Block, part: NDArray[Any]) -> None:
        rows, cols = slice(tile.row, tile.row + tile.rows), slice(tile.col, tile.col + tile.cols)
        values[:, rows, cols] = part

    service.pixels(image, grid, bands, np.dtype(dtype), keep, **said)
    return values
