"""Asking for the pixels of a tile, and looking at what came before it is believed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.grid import Grid
from reetrace.engines.earthengine.tiles import Tile

if TYPE_CHECKING:
    import ee


def asked(image: ee.Image, grid: Grid, bands: Sequence[str]) -> dict[str, Any]:
    """A request for the bands of an image on exactly this grid."""
    a, b, c, d, e, f = grid.transform
    return {
        "expression": image,
        "fileFormat": "NPY",
        "bandIds": list(bands),
        "grid": {
            "dimensions": {"width": grid.cols, "height": grid.rows},
            "affineTransform": {
                "scaleX": a,
                "shearX": b,
                "translateX": c,
                "shearY": d,
                "scaleY": e,
                "translateY": f,
            },
            "crsCode": f"EPSG:{grid.epsg}",
        },
    }


def checked(
    came: NDArray[Any], tile: Tile, bands: Sequence[str], dtype: np.dtype[Any]
) -> NDArray[Any]:
    """The values of a tile, shape (bands, rows, cols).

    Raises:
        ValueError: Not the bands, the size or the values that were asked for.
    """
    names = came.dtype.names or ()
    if sorted(names) != sorted(bands):
        raise ValueError(f"bands {', '.join(names) or 'without names'}, not {', '.join(bands)}")
    if came.shape != (tile.rows, tile.cols):
        raise ValueError(f"shape {came.shape}, not {(tile.rows, tile.cols)}")
    return np.stack([_held(came[band], dtype, band) for band in bands])


def _held(values: NDArray[Any], dtype: np.dtype[Any], band: str) -> NDArray[Any]:
    """The values in another type, if it holds every one of them."""
    if values.dtype == dtype:
        return values
    with np.errstate(invalid="ignore", over="ignore"):
        converted = values.astype(dtype)
    same = np.isclose(converted, values, rtol=1e-6, atol=0, equal_nan=True)
    if np.issubdtype(dtype, np.integer):
        same = converted == values
    if not same.all():
        strange = values[~same].flat[0]
        raise ValueError(f"value {strange} in band {band}, which {dtype} cannot hold")
    return converted
