"""Reflectance as colours, every epoch with the same stretch, so that they can be compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reetrace.reading.rasters import Rasters

NATURAL = ("red", "green", "blue")
FALSE_COLOUR = ("nir", "red", "green")

STRETCH_PERCENT = (1.0, 99.5)
"""Shares of all seen pixels of all epochs between which a band is stretched. The upper one is high:
a mine is a small and bright share of the ground, and must not burn out."""

UNSEEN_GREY = 0.82
"""All three colours of a pixel that was not seen."""


def limits(layers: Sequence[NDArray[np.floating]]) -> tuple[float, float]:
    """Value that is black and value that is full of one band over all epochs; NaN is not seen."""
    seen = [each[np.isfinite(each)] for each in layers]
    if not any(each.size for each in seen):
        return 0.0, 1.0
    low, high = np.percentile(np.concatenate(seen), STRETCH_PERCENT)
    return float(low), float(high)


def stretched(rasters: Rasters, roles: tuple[str, ...]) -> dict[str, NDArray[np.float32]]:
    """Pictures by epoch, shape (rows, cols, 3), 0-1, all epochs with one stretch."""
    if roles not in rasters.kept:
        pictures = _stretched(rasters, roles)
        for each in pictures.values():
            each.flags.writeable = False
        rasters.kept.clear()
        rasters.kept[roles] = pictures
    return dict(rasters.kept[roles])


def _stretched(rasters: Rasters, roles: tuple[str, ...]) -> dict[str, NDArray[np.float32]]:
    epochs = [
        each.label for each in rasters.evidence.epochs if rasters.has_bands(each.label, *roles)
    ]
    pictures = {
        epoch: np.stack([rasters.reflectance(epoch, role) for role in roles], axis=-1)
        for epoch in epochs
    }
    for band in range(len(roles)):
        low, high = limits([each[..., band] for each in pictures.values()])
        for picture in pictures.values():
            picture[..., band] = (picture[..., band] - low) / max(high - low, 1e-6)
    for epoch, picture in pictures.items():
        unseen = ~np.isfinite(picture).all(axis=-1)
        picture[unseen] = UNSEEN_GREY
        # A gentle lift of the shadows: forest in winter light is nearly black otherwise.
        pictures[epoch] = (np.clip(picture, 0, 1) ** 0.75).astype(np.float32)
    return pictures
