"""What a composite shows: band by band, and beneath labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import ImageryError
from reetrace.core.grid import Grid
from reetrace.core.raster import OBSERVATIONS, UNSEEN, Composite
from reetrace.core.samples import Labels, Samples
from reetrace.engines.store import LocalPixels


def layers(
    composite: Composite[Any], pixels: NDArray[np.uint16], bands: Sequence[str]
) -> NDArray[np.uint16]:
    """The named bands of a composite's pixels; see `Engine.read`. No names are all its bands.

    Args:
        composite: For the names of its bands.
        pixels: Shape (bands + 1, rows, cols), the number of observations last.
        bands: Roles, or `OBSERVATIONS`.

    Raises:
        ImageryError: The composite has no such band.
    """
    known = (*composite.bands, OBSERVATIONS)
    wanted = tuple(bands) or composite.bands
    for name in wanted:
        if name not in known:
            raise ImageryError(
                f"{composite.epoch.label}: the composite has no {name}; it has "
                f"{', '.join(composite.bands)}."
            )
    return np.stack([pixels[known.index(name)] for name in wanted])


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
