"""From images to the pixels that may be compared, one image at a time or all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import ImageryError
from reetrace.core.results import BandValue
from reetrace.verify.band_depth import (
    CENTRE,
    LEFT,
    RIGHT,
    FloatArray,
    band_depth,
    centres_of,
    middle,
)
from reetrace.verify.masks import BoolArray, set_aside
from reetrace.verify.minerals import reference_spectra
from reetrace.verify.null_model import Ground, IntArray, blueness_of, features_of

NEEDED_ROLES = (
    "blue",
    "green",
    "red",
    "red-edge-1",
    "red-edge-2",
    "red-edge-3",
    "nir",
    "nir-narrow",
    "swir1",
)


@dataclass(frozen=True)
class ScreeningImage:
    """One Sentinel-2 image on the screening grid."""

    date: str
    """ISO date of acquisition."""
    scene: str
    platform: str
    """Which satellite: `sentinel-2a`, `sentinel-2b` …; decides the band centres."""
    roles: tuple[str, ...]
    """Band roles in the order of the first axis."""
    reflectance: NDArray[np.float32]
    """Shape (bands, rows, cols), 0-1, NaN where unseen."""


@dataclass(frozen=True)
class Look:
    """One image with the reason why each of its pixels is set aside."""

    image: ScreeningImage
    aside: NDArray[np.uint8]
    """Shape (rows, cols): 0 usable, else the place in `masks.REASONS` from 1."""


def look_at(image: ScreeningImage, shape: tuple[int, int]) -> Look:
    """Sort the pixels of one image into usable ones and those set aside.

    Raises:
        ImageryError: A band is missing, or the image does not lie on the grid.
    """
    missing = [role for role in NEEDED_ROLES if role not in image.roles]
    if missing:
        raise ImageryError(
            f"{image.scene}: no {missing[0]} band; the 740 nm screening needs "
            f"{', '.join(NEEDED_ROLES)}. Use the whole Sentinel-2 L2A image."
        )
    if image.reflectance.shape != (len(image.roles), *shape):
        raise ImageryError(
            f"{image.scene}: its pixels have shape {image.reflectance.shape}; "
            f"{(len(image.roles), *shape)} is needed. Read it on the screening grid."
        )
    bands = {
        role: image.reflectance[image.roles.index(role)].astype(np.float64) for role in NEEDED_ROLES
    }
    return Look(image, set_aside(bands))


def ground_of(
    looks: Sequence[Look],
    rows: IntArray,
    cols: IntArray,
    pit: BoolArray,
    *,
    monazite_share: float = 0.0,
) -> Ground:
    """Pixels with their median depth and likeness over the images in which they are usable.

    With several images a pixel needs two usable ones: one missed haze must not decide. Pixels with
    fewer are left out.

    Args:
        looks: At least one.
        rows: Row of each pixel.
        cols: Column of each pixel.
        pit: Whether each pixel is pit.
        monazite_share: Share of the ground replaced by monazite first, 0-1 (linear mixing).
    """
    depths, blueness, features = [], [], []
    for look in looks:
        usable = look.aside[rows, cols] == 0
        bands = _bands(look.image, rows, cols, monazite_share)
        depth = band_depth(
            bands[LEFT], bands[CENTRE], bands[RIGHT], centres_of(look.image.platform)
        )
        depths.append(np.where(usable, depth, np.nan))
        blueness.append(np.where(usable, blueness_of(bands), np.nan))
        features.append(np.where(usable[:, None], features_of(bands), np.nan))
    needed = min(2, len(looks))
    depth, feature = np.stack(depths), np.stack(features)
    seen = np.sum(~np.isnan(depth), axis=0) >= needed
    whole = Ground(middle(depth), middle(np.stack(blueness)), middle(feature), rows, cols, pit)
    return whole.take(seen)


def _bands(
    image: ScreeningImage, rows: IntArray, cols: IntArray, share: float
) -> dict[str, FloatArray]:
    bands = {
        role: image.reflectance[image.roles.index(role), rows, cols].astype(np.float64)
        for role in NEEDED_ROLES
    }
    if share == 0.0:
        return bands
    monazite = {value.role: value.reflectance for value in _monazite(image.platform)}
    return {role: (1.0 - share) * values + share * monazite[role] for role, values in bands.items()}


def _monazite(platform: str) -> tuple[BandValue, ...]:
    return reference_spectra(platform)[0].values
