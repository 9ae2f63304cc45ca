"""Bands of an image come home in tiles, each looked at before it is believed and handed on."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import TooLarge
from reetrace.core.grid import Grid
from reetrace.engines.blocks import Block, grid_of
from reetrace.engines.earthengine.threads import in_threads
from reetrace.engines.earthengine.tiles import quartered, tiles

if TYPE_CHECKING:
    import ee

    from reetrace.engines.earthengine.service import Service

SMALLEST_TILE = 256
"""Pixels a side: the service works in such tiles, so that smaller ones save it nothing."""

IN_FLIGHT_BYTES = 200_000_000
"""Tiles under way together hold no more pixels than this; in memory each takes up three times as
much, as it came, as it is read and as it is kept."""

Keep = Callable[[Block, NDArray[Any]], None]
"""Takes a tile's values, shape (bands, rows, cols), from any thread; tiles never overlap."""


@dataclass(frozen=True)
class Picture:
    """What is to come home."""

    service: Service
    image: ee.Image
    grid: Grid
    bands: tuple[str, ...]
    dtype: np.dtype[Any]
    tag: str = field(kw_only=True)
    doing: str = field(kw_only=True)

    def fetch(self, keep: Keep, at_once: int, progress: Callable[[float], None] | None) -> None:
        """Hands on the values of every pixel, tile by tile in any order."""
        pieces = tiles(self.grid, self.dtype.itemsize * len(self.bands))
        done, telling = 0, threading.Lock()

        def one(tile: Block) -> None:
            nonlocal done
            self._fetch(tile, keep)
            with telling:
                done += 1
                if progress is not None:
                    progress(done / len(pieces))

        largest = max(each.rows * each.cols for each in pieces) * len(self.bands)
        held = max(1, IN_FLIGHT_BYTES // (largest * self.dtype.itemsize))
        in_threads(one, pieces, min(at_once, held))

    def _fetch(self, tile: Block, keep: Keep) -> None:
        """One tile; in quarters where it is too much for one answer."""
        import ee

        request = asked(self.image, grid_of(tile, self.grid), self.bands)

        def call() -> NDArray[Any]:
            came: NDArray[Any] = np.load(io.BytesIO(ee.data.computePixels(request)))
            return came

        try:
            came = self.service.ask(call, self.tag, self.doing)
        except TooLarge:
            if min(tile.rows, tile.cols) < 2 * SMALLEST_TILE:
                raise
            self.service.usage.count_quartered()
            for quarter in quartered(tile):
                self._fetch(quarter, keep)
            return
        with self.service.calling(self.doing):
            values = checked(came, tile, self.bands, self.dtype)
        keep(tile, values)


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
    came: NDArray[Any], tile: Block, bands: Sequence[str], dtype: np.dtype[Any]
) -> NDArray[Any]:
    """The values of a tile, shape (bands, rows, cols).

    Raises:
        ValueError: Not the bands, the size or the values that were asked for.
    """
    from numpy.lib.recfunctions import structured_to_unstructured

    names = came.dtype.names or ()
    if sorted(names) != sorted(bands):
        raise ValueError(f"bands {', '.join(names) or 'without names'}, not {', '.join(bands)}")
    if came.shape != (tile.rows, tile.cols):
        raise ValueError(f"shape {came.shape}, not {(tile.rows, tile.cols)}")
    if all(came.dtype[band] == dtype for band in bands):
        # Seen band by band where it lies: a copy would double what a tile takes.
        return np.moveaxis(structured_to_unstructured(came[list(bands)]), -1, 0)
    return np.stack([_held(came[band], dtype, band) for band in bands])


def _held(values: NDArray[Any], dtype: np.dtype[Any], band: str) -> NDArray[Any]:
    """The values in another type, if it holds every one of them."""
    with np.errstate(invalid="ignore", over="ignore"):
        converted = values.astype(dtype)
    same = np.isclose(converted, values, rtol=1e-6, atol=0, equal_nan=True)
    if np.issubdtype(dtype, np.integer):
        same = converted == values
    if not same.all():
        strange = values[~same].flat[0]
        raise ValueError(f"value {strange} in band {band}, which {dtype} cannot hold")
    return converted
