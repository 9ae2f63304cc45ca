"""Landsat Collection 2 Level-2-like scenes of the drawn ground."""
# ruff: noqa: PLR2004 - a picture is made of measures; each says in its line what it measures

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.core.raster import REFLECTANCE_OFFSET, REFLECTANCE_SCALE
from reetrace.drawn.cover import Kind
from reetrace.drawn.frame import HALF_LANDSAT, LANDSAT, BoolArray, Float32Array, coarsen, onto
from reetrace.drawn.materials import Instrument
from reetrace.drawn.noise import smooth_field
from reetrace.drawn.optics import DIFFUSE, blur, store, through_air
from reetrace.drawn.passes import Pass
from reetrace.drawn.sky import Sky, draw_sky, grow
from reetrace.drawn.surface import Scenery, reflect
from reetrace.drawn.terrain import illumination
from reetrace.tables import sensor

ROLES = ("blue", "green", "red", "nir", "swir1", "swir2")

# QA_PIXEL: clear with low confidence of everything else, as USGS distributes it. Bits 14-15 (cirrus
# confidence) are set on OLI only.
_DILATED, _CIRRUS, _CLOUD, _SHADOW, _CLEAR, _WATER = 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 6, 1 << 7
_LOW_CLOUD, _LOW_SHADOW, _LOW_SNOW, _LOW_CIRRUS = 1 << 8, 1 << 10, 1 << 12, 1 << 14
_MIDDLE, _HIGH = 1, 2
"""What is added to a low confidence (01) to make it middle (10) or high (11)."""


@dataclass(frozen=True)
class Optics:
    """What sets one Landsat instrument apart."""

    sensor: str
    instrument: Instrument
    spread: float
    """Standard deviation of the point spread beyond the pixel itself, in 15 m cells."""
    noise: float
    """Standard deviation of reflectance over ground of reflectance 0.25."""
    misplaced: float
    """Standard deviation of misregistration, in 15 m cells."""
    saturates: float
    """Reflectance at which the visible bands are full."""


OPTICS = {
    "landsat-5": Optics("landsat5-tm", "tm", 0.85, 0.0042, 0.24, 0.66),
    "landsat-8": Optics("landsat8-oli", "oli", 0.70, 0.0026, 0.18, 1.20),
}

# How much a band of green plants rises from the end of the dry season to the end of the rains.
_SEASON = {
    "blue": -0.05, "green": 0.0, "red": -0.14, "red-edge-1": -0.05, "red-edge-2": 0.08,
    "red-edge-3": 0.11, "nir": 0.12, "nir-narrow": 0.12, "swir1": -0.06, "swir2": -0.12,
}  # fmt: skip


@dataclass(frozen=True)
class LandsatScene:
    """One date on 30 m pixels."""

    passed: Pass
    sensor: str
    bands: dict[str, NDArray[np.uint16]]
    """Stored reflectance by band id, then QA_PIXEL and QA_RADSAT."""
    cloud_cover: float
    """Share of pixels flagged as cloud."""


def seasoned(
    light: Float32Array, plants: Float32Array, role: str, greenness: float
) -> Float32Array:
    """Light from the ground with the plants as leafy as the season has them."""
    change: Float32Array = light * (1.0 + np.float32(_SEASON[role] * (greenness - 0.5)) * plants)
    return change


@dataclass(frozen=True)
class _Ground:
    """What all dates of an epoch share."""

    light: dict[str, Float32Array]
    """Reflectance on 15 m cells by role, before sun and air."""
    plants: Float32Array
    water: BoolArray
    """On 30 m pixels."""


def landsat_scenes(
    generators: dict[str, np.random.Generator], passes: tuple[Pass, ...], scenery: Scenery
) -> Iterator[LandsatScene]:
    """The scenes of one epoch, by date.

    Args:
        generators: By ISO date.
        passes: Of one platform.
        scenery: Of the epoch.
    """
    optics = OPTICS[passes[0].platform]
    bands = sensor(optics.sensor)
    ground = _Ground(
        light={
            role: reflect(scenery, optics.instrument, bands.band(role), HALF_LANDSAT)
            for role in ROLES
        },
        plants=onto(scenery.plants, HALF_LANDSAT),
        water=onto(scenery.cover.kind == Kind.RIVER, LANDSAT) > 0.6,
    )
    for passed in passes:
        yield _scene(generators[passed.date.isoformat()], passed, ground, scenery)


def _scene(
    rng: np.random.Generator, passed: Pass, ground: _Ground, scenery: Scenery
) -> LandsatScene:
    optics = OPTICS[passed.platform]
    azimuth, elevation = passed.sun
    sky = draw_sky(
        rng,
        cloud_cover=passed.cloud_cover,
        veil=scenery.veil,
        azimuth_deg=azimuth,
        elevation_deg=elevation,
    )
    moved = (float(rng.normal(0, optics.misplaced)), float(rng.normal(0, optics.misplaced)))
    bands: dict[str, NDArray[np.uint16]] = {}
    full = np.zeros(LANDSAT.shape, dtype=np.uint16)
    for role in ROLES:
        sun = illumination(
            scenery.relief, azimuth_deg=azimuth, elevation_deg=elevation, diffuse=DIFFUSE[role]
        )
        gain = np.float32(1.0 + rng.normal(0.0, 0.012))
        lit = seasoned(ground.light[role], ground.plants, role, passed.greenness) * sun * gain
        seen = through_air(coarsen(blur(lit, optics.spread, moved), 2), sky, role)
        band = sensor(optics.sensor).band(role).id
        if role in {"blue", "green", "red"}:
            bit = np.uint16(1 << (int(band[-1]) - 1))
            full |= np.where(seen > optics.saturates, bit, np.uint16(0)).astype(np.uint16)
        bands[band] = store(
            seen, rng, noise=optics.noise, scale=REFLECTANCE_SCALE, offset=REFLECTANCE_OFFSET
        )
    bands["QA_PIXEL"], cloud_cover = _quality(rng, sky, ground.water, optics)
    bands["QA_RADSAT"] = full
    return LandsatScene(passed, optics.sensor, bands, cloud_cover)


def _quality(
    rng: np.random.Generator, sky: Sky, water: BoolArray, optics: Optics
) -> tuple[NDArray[np.uint16], float]:
    """QA_PIXEL, and the share flagged as cloud. Thin cloud and some edges escape, as they do."""
    oli = optics.instrument == "oli"
    cloud = sky.cloud_confidence > 0.30
    middle = ~cloud & (sky.cloud_confidence > 0.17)
    patchy = smooth_field(rng, LANDSAT, 150.0) > -1.1
    dilated = grow(cloud, 2) & ~cloud & patchy
    shadow = (sky.shadow_confidence > 0.22) & ~cloud
    cirrus = (sky.cloud_confidence > 0.12) & ~cloud if oli else np.zeros_like(cloud)
    clear = ~cloud & ~dilated
    start = _LOW_CLOUD | _LOW_SHADOW | _LOW_SNOW | (_LOW_CIRRUS if oli else 0)
    codes = np.full(LANDSAT.shape, start, dtype=np.uint16)
    for where, bits in (
        (cloud, _CLOUD | _HIGH * _LOW_CLOUD),
        (middle, _MIDDLE * _LOW_CLOUD),
        (dilated, _DILATED),
        (shadow, _SHADOW | _HIGH * _LOW_SHADOW),
        (cirrus, _CIRRUS | _HIGH * _LOW_CIRRUS),
        (clear, _CLEAR),
        (water & clear, _WATER),
    ):
        codes[where] += np.uint16(bits)
    return codes, float(cloud.mean())
