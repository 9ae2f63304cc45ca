"""What engines hold: composites and land-cover maps, with their pixels kept private to them.

Reflectance is carried as unsigned 16-bit integers with the scale of Landsat Collection 2, whatever
the sensor, so that one exact kernel serves every image: reflectance = 0.0000275 n - 0.2, and 0
means not seen. (U.S. Geological Survey, Landsat Collection 2 Level-2 Science Products.)
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from reetrace.core.grid import Grid, Lattice
from reetrace.core.landcover import Legend
from reetrace.core.site import Epoch

P = TypeVar("P")

REFLECTANCE_SCALE = 0.0000275
REFLECTANCE_OFFSET = -0.2
UNSEEN = 0
"""Stored reflectance of a pixel that was not seen."""

NDVI_SCALE = 10_000
"""The NDVI feature is stored as round(NDVI_SCALE x (ndvi + 1)), 0 to 20,000."""

OBSERVATIONS = "observations"
"""Name under which `Engine.read` gives the number of clear observations of each pixel."""


def encode_reflectance(reflectance: NDArray[np.floating]) -> NDArray[np.uint16]:
    """Stored integers for reflectance; NaN becomes `UNSEEN`, the rest is kept within 1-65535."""
    stored = np.rint((reflectance - REFLECTANCE_OFFSET) / REFLECTANCE_SCALE)
    stored = np.clip(stored, 1, np.iinfo(np.uint16).max)
    return np.where(np.isnan(stored), UNSEEN, stored).astype(np.uint16)


def decode_reflectance(stored: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Reflectance of stored integers; `UNSEEN` becomes NaN.

    >>> decode_reflectance(np.array([0, 7273, 43636], dtype=np.uint16)).round(3).tolist()
    [nan, 0.0, 1.0]
    """
    reflectance = stored.astype(np.float64) * REFLECTANCE_SCALE + REFLECTANCE_OFFSET
    return np.where(stored == UNSEEN, np.nan, reflectance).astype(np.float32)


def ndvi_feature(red: NDArray[np.uint16], nir: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """The vegetation index of stored reflectances, stored as an integer from 0 to 20,000.

    Both reflectances are floored at zero first: the atmospheric correction can overshoot, and a
    negative reflectance would throw the ratio out of its range. Two zeros give 10,000 (ndvi 0).
    Integer arithmetic, so that every engine can reproduce it to the bit.
    """
    # 0.0000275 n - 0.2 is a multiple of 2.5e-6, so 11 n - 80,000 is the reflectance as an integer.
    red_units = np.maximum(11 * red.astype(np.int64) - 80_000, 0)
    nir_units = np.maximum(11 * nir.astype(np.int64) - 80_000, 0)
    total = red_units + nir_units
    # floor((2 s d + t) / (2 t)) rounds s d / t to the nearest, halves upwards.
    numerator = 2 * NDVI_SCALE * (nir_units - red_units) + total
    with np.errstate(divide="ignore"):
        ratio = numerator // np.where(total == 0, 1, 2 * total)
    ndvi = np.where(total == 0, 0, ratio) + NDVI_SCALE
    return np.where((red == UNSEEN) | (nir == UNSEEN), UNSEEN, ndvi).astype(np.uint16)


@dataclass(frozen=True)
class Scene:
    """One image that took part, so that anybody can find it again."""

    id: str
    date: str
    """ISO date of acquisition."""
    sensor: str
    platform: str
    checksums: tuple[tuple[str, str], ...]
    """(band id, SHA-256 of the file), by band id."""
    clear_share: float
    """Share of the area of interest seen clear in this scene, 0-1."""
    resampling: str
    """`none` where the scene lies on the site's grid, else the method."""
    simulated: bool
    """True for drawn imagery."""
    licence: str = ""
    processing: str = ""
    """Processing level and baseline as the provider states them."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class SceneListing:
    """One scene as a list shows it."""

    id: str
    date: dt.date
    sensor: str
    platform: str
    cloud_cover: float | None
    """Per cent of the whole scene, as the provider states it."""
    clear_share: float | None
    """Share of the area of interest seen clear, 0-1; None where it was not looked at."""
    simulated: bool
    fault: str = ""
    """Why the scene would be refused; empty where it would not, or was not looked at."""
    lattice: Lattice | None = None
    """Where its pixels lie; None where it was not looked at or they are on no UTM lattice."""


@dataclass(frozen=True)
class Composite(Generic[P]):
    """One clear picture of an epoch: the median of the clear observations of each pixel."""

    sensor: str
    epoch: Epoch
    grid: Grid
    bands: tuple[str, ...]
    """Roles, in the order of the sensor file."""
    scenes: tuple[Scene, ...]
    """By date, then id."""
    min_observations: int
    """Pixels seen clear less often than this count as not seen."""
    pixels: P

    @property
    def simulated(self) -> bool:
        """True as soon as one drawn scene took part."""
        return any(scene.simulated for scene in self.scenes)


@dataclass(frozen=True)
class LandcoverMap(Generic[P]):
    """Class code per pixel: a class of the legend, `NOT_SEEN`, or `OUTSIDE`."""

    epoch: Epoch
    grid: Grid
    legend: Legend
    model_digest: str
    simulated: bool
    pixels: P


@dataclass(frozen=True)
class Crosstab:
    """Pixels counted by zone and by the class they have in each of one or more maps."""

    zone_set: str
    zones: tuple[str, ...]
    """Zone ids, then `none` and `several`."""
    epochs: tuple[str, ...]
    codes: tuple[int, ...]
    """Class codes counted, `NOT_SEEN` first, then the legend's by rising code."""
    counts: NDArray[np.int64]
    """Shape (zones, codes, codes, …), one axis of codes an epoch, in epoch order."""
