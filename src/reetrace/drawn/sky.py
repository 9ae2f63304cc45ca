"""Clouds, their shadows and haze over one date, and what a cloud mask makes of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from reetrace.drawn.frame import LANDSAT, BoolArray, Float32Array, Frame
from reetrace.drawn.noise import above_share, rough_field, smooth_field

_PAD = 96
"""30 m cells drawn round the frame, from where shadows fall in."""


@dataclass(frozen=True)
class Sky:
    """One date on 30 m cells."""

    cloud: Float32Array
    """Share of the light that comes from cloud, 0-1."""
    shadow: Float32Array
    """Share of the sunlight that clouds keep away, 0-1."""
    haze: Float32Array
    """Reflectance that thin air adds in the blue."""
    cloud_confidence: Float32Array
    """What the provider's cloud test sees: the cloud with the error of the test."""
    shadow_confidence: Float32Array


def draw_sky(
    rng: np.random.Generator,
    *,
    cloud_cover: float,
    veil: Float32Array,
    azimuth_deg: float,
    elevation_deg: float,
) -> Sky:
    """Clouds that cover about `cloud_cover` of the frame, besides those that never leave.

    Args:
        rng: Of this date.
        cloud_cover: Share of the frame, 0-1.
        veil: Optical depth of the cloud that hangs on the ridges at every date, on 30 m cells.
        azimuth_deg: Of the sun.
        elevation_deg: Of the sun.
    """
    wide = Frame(
        LANDSAT.west_m - _PAD * 30.0,
        LANDSAT.north_m + _PAD * 30.0,
        30.0,
        LANDSAT.rows + 2 * _PAD,
        LANDSAT.cols + 2 * _PAD,
    )
    depth = _billow(rng, wide, cloud_cover)
    depth[_PAD:-_PAD, _PAD:-_PAD] += veil
    cloud = (1.0 - np.exp(-depth)).astype(np.float32)
    shadow = _cast(cloud, rng.uniform(900.0, 1700.0), azimuth_deg, elevation_deg)
    inner = (slice(_PAD, -_PAD), slice(_PAD, -_PAD))
    # The test errs more where there is some cloud than under a clean sky.
    doubt = 0.02 + 0.06 * np.minimum(8.0 * cloud[inner], 1.0)
    test_error = smooth_field(rng, LANDSAT, 120.0) * doubt
    mistaken = _cast(cloud, rng.uniform(900.0, 1700.0), azimuth_deg, elevation_deg)
    haze = np.clip(smooth_field(rng, LANDSAT, 3000.0) * 0.004 + rng.uniform(0.001, 0.009), 0, None)
    return Sky(
        cloud=cloud[inner].astype(np.float32),
        shadow=(0.62 * shadow[inner]).astype(np.float32),
        haze=haze.astype(np.float32),
        cloud_confidence=(cloud[inner] + test_error).astype(np.float32),
        shadow_confidence=(0.8 * shadow[inner] + 0.2 * mistaken[inner]).astype(np.float32),
    )


def _billow(rng: np.random.Generator, wide: Frame, cloud_cover: float) -> Float32Array:
    """Optical depth of passing clouds, thick inside with a thin rim."""
    billows = rough_field(rng, wide, 1500.0, octaves=6, roughness=0.55)
    depth = np.zeros(wide.shape, dtype=np.float32)
    if cloud_cover > 0.0:
        over = billows - above_share(billows, cloud_cover)
        depth = np.clip(over * 2.8, 0.0, 3.0) + np.clip(0.4 + over, 0.0, 0.4) * 0.12
    return depth


def _cast(
    cloud: Float32Array, height_m: float, azimuth_deg: float, elevation_deg: float
) -> Float32Array:
    """The clouds moved to where their shadows fall, away from the sun."""
    reach = height_m / math.tan(math.radians(elevation_deg)) / 30.0
    down = round(reach * math.cos(math.radians(azimuth_deg)))
    across = round(-reach * math.sin(math.radians(azimuth_deg)))
    return np.roll(cloud, (down, across), axis=(0, 1))


def hang_veil(
    rng: np.random.Generator, height_m: Float32Array, keep_clear: BoolArray
) -> Float32Array:
    """Optical depth of a cap cloud on one high place, there at every date of an epoch.

    Args:
        rng: Of the epoch.
        height_m: Ground heights on 30 m cells.
        keep_clear: Cells near the mines, where no such cloud is hung.
    """
    high = np.where(keep_clear, -np.inf, height_m)
    rows, cols = np.nonzero(high > np.quantile(height_m, 0.7))
    at = int(rng.integers(rows.size))
    down = np.arange(LANDSAT.rows)[:, None] - rows[at]
    across = np.arange(LANDSAT.cols)[None, :] - cols[at]
    length, width = rng.uniform(8.0, 11.0), rng.uniform(5.0, 8.0)
    lumpy = np.exp(0.25 * smooth_field(rng, LANDSAT, 200.0))
    away = np.hypot(down / length, across / width) * lumpy
    return np.where(away < 1.0, 1.6 - away, 0.0).astype(np.float32)


def grow(mask: BoolArray, cells: int) -> BoolArray:
    """A mask widened by some cells, as cloud masks are."""
    from scipy.ndimage import binary_dilation

    reach = np.arange(-cells, cells + 1)
    disc = np.hypot(reach[:, None], reach[None, :]) <= cells + 0.3
    wide: BoolArray = binary_dilation(mask, disc)
    return wide
