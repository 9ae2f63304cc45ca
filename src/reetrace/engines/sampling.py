"""What a composite shows beneath labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reetrace.core.grid import Grid
from reetrace.core.raster import UNSEEN, Composite
from reetrace.core.samples import Labels, Samples
from reetrace.engines.store import LocalPixels


def places_of(labels: Labels, grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(rows, cols) of the pixels the labels lie in; -1, -1 outside the grid."""
    from reetrace.zoning import pixel_of

    longitudes = np.array([point.longitude for point in labels.points], dtype=np.float64)
    latitudes = np.array([point.latitude for point in labels.points], dtype=np.float64)
    return pixel_of(longitudes, latitudes, grid)


def sample(composite: Composite[LocalPixels], labels: Labels) -> Samples:
    """The composite's values beneath the labels, in their order; see `Engine`."""
    rows, cols = places_of(labels, composite.grid)
    values = np.full((len(labels.points), len(composite.bands)), UNSEEN, dtype=np.uint16)
    on_grid = rows >= 0
    pixels = composite.pixels.open()
    values[on_grid] = pixels[:-1, rows[on_grid], cols[on_grid]].T
    return Samples(labels, composite.bands, values, rows, cols)
