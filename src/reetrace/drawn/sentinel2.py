"""Sentinel-2 L2A-like scenes of the drawn ground at its last epoch."""
# ruff: noqa: PLR2004 - a picture is made of measures; each says in its line what it measures

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.drawn.cover import Kind
from reetrace.drawn.frame import (
    HALF_LANDSAT,
    LANDSAT,
    SENTINEL2_10M,
    SENTINEL2_20M,
    Float32Array,
    Frame,
    coarsen,
    onto,
)
from reetrace.drawn.landsat import seasoned
from reetrace.drawn.materials import Instrument
from reetrace.drawn.optics import DIFFUSE, blur, store, through_air
from reetrace.drawn.passes import Pass
from reetrace.drawn.sky import Sky, draw_sky, grow
from reetrace.drawn.surface import Scenery, reflect
from reetrace.drawn.terrain import Relief, illumination
from reetrace.tables import sensor

SCALE = 0.0001
OFFSET = -0.1
"""Of processing baselines since 04.00: reflectance = 0.0001 n - 0.1."""

SENSOR = "sentinel2-msi"

_NOISE = 0.0022
_SPREAD = 0.55
"""Standard deviation of the point spread beyond the pixel, in 10 m cells."""

_VEGETATION, _BARE, _WATER, _UNCLASSIFIED = 4, 5, 6, 7
_DARK, _SHADOW, _CLOUD_MIDDLE, _CLOUD_HIGH, _CIRRUS = 2, 3, 8, 9, 10


@dataclass(frozen=True)
class Sentinel2Scene:
    """One date, bands of 10 and of 20 m."""

    passed: Pass
    bands: dict[str, NDArray[np.uint16] | NDArray[np.uint8]]
    """Stored reflectance by band id, then SCL."""
    cloud_cover: float


def sentinel2_scenes(
    generators: dict[str, np.random.Generator], passes: tuple[Pass, ...], scenery: Scenery
) -> Iterator[Sentinel2Scene]:
    """The scenes, by date. The ground's light is worked out once for each of the two satellites.

    Args:
        generators: By ISO date.
        passes: Of either satellite.
        scenery: Of the last epoch.
    """
    plants = onto(scenery.plants, SENTINEL2_10M)
    water = onto(scenery.cover.kind == Kind.RIVER, SENTINEL2_20M) > 0.5
    lights: dict[str, dict[str, Float32Array]] = {}
    for passed in passes:
        if passed.platform not in lights:
            lights[passed.platform] = _ground_light(scenery, passed.platform)
        rng = generators[passed.date.isoformat()]
        azimuth, elevation = passed.sun
        sky = draw_sky(
            rng,
            cloud_cover=passed.cloud_cover,
            veil=scenery.veil,
            azimuth_deg=azimuth,
            elevation_deg=elevation,
        )
        light = {
            role: seasoned(layer, plants, role, passed.greenness)
            * _sunlight(scenery.relief, passed, role)
            for role, layer in lights[passed.platform].items()
        }
        bands = _bands(rng, light, _sky_onto(sky, SENTINEL2_10M))
        scl = _scene_classes(_sky_onto(sky, SENTINEL2_20M), bands, water)
        cloudy = float(np.isin(scl, (_CLOUD_MIDDLE, _CLOUD_HIGH)).mean())
        yield Sentinel2Scene(passed, {**bands, "SCL": scl}, cloudy)


def _ground_light(scenery: Scenery, platform: str) -> dict[str, Float32Array]:
    """Reflectance on 10 m cells by role, before sun and air."""
    instrument: Instrument = "msi-a" if platform.endswith("a") else "msi-b"
    return {
        band.role: reflect(scenery, instrument, band, SENTINEL2_10M)
        for band in sensor(SENSOR).bands
    }


def _sunlight(relief: Relief, passed: Pass, role: str) -> Float32Array:
    azimuth, elevation = passed.sun
    sun = illumination(relief, azimuth_deg=azimuth, elevation_deg=elevation, diffuse=DIFFUSE[role])
    return _interpolate(sun, HALF_LANDSAT, SENTINEL2_10M)


def _bands(
    rng: np.random.Generator, light: dict[str, Float32Array], sky: Sky
) -> dict[str, NDArray[np.uint16]]:
    moved = (float(rng.normal(0, 0.25)), float(rng.normal(0, 0.25)))
    bands = {}
    for band in sensor(SENSOR).bands:
        seen = through_air(blur(light[band.role], _SPREAD, moved), sky, band.role)
        if band.pixel_m == 20.0:
            seen = coarsen(blur(seen, _SPREAD, (0.0, 0.0)), 2)
        bands[band.id] = store(seen, rng, noise=_NOISE, scale=SCALE, offset=OFFSET)
    return bands


def _interpolate(values: Float32Array, source: Frame, target: Frame) -> Float32Array:
    """Bilinear values at the target's cell centres."""
    from scipy.ndimage import affine_transform

    step = target.cell_m / source.cell_m
    down = (source.north_m - target.north_m + target.cell_m / 2) / source.cell_m - 0.5
    across = (target.west_m - source.west_m + target.cell_m / 2) / source.cell_m - 0.5
    placed: Float32Array = affine_transform(
        values,
        (step, step),
        offset=(down, across),
        output_shape=target.shape,
        order=1,
        mode="nearest",
    )
    return placed


def _sky_onto(sky: Sky, frame: Frame) -> Sky:
    return Sky(**{name: _interpolate(layer, LANDSAT, frame) for name, layer in vars(sky).items()})


def _scene_classes(
    sky: Sky, bands: dict[str, NDArray[np.uint16]], water: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """SCL by rules like the provider's: plants, bare, water by index; cloud by its own test."""
    blue, red, nir = (
        coarsen(bands[band], 2) * np.float32(SCALE) + np.float32(OFFSET)
        for band in ("B02", "B04", "B08")
    )
    swir = bands["B11"] * np.float32(SCALE) + np.float32(OFFSET)
    ndvi = (nir - red) / np.maximum(nir + red, 0.01)
    classes = np.full(SENTINEL2_20M.shape, _UNCLASSIFIED, dtype=np.uint8)
    classes[ndvi > 0.42] = _VEGETATION
    classes[(ndvi <= 0.38) & (swir > 0.12)] = _BARE
    classes[(nir < 0.11) & (swir < 0.08)] = _DARK
    classes[water | ((ndvi < 0.12) & (swir < 0.055))] = _WATER
    # Very bright bare ground is taken for cloud now and then.
    classes[(blue > 0.30) & (swir > 0.15)] = _CLOUD_MIDDLE
    shadow = sky.shadow_confidence > 0.25
    classes[shadow] = _SHADOW
    classes[sky.cloud_confidence > 0.09] = _CIRRUS
    cloud = sky.cloud_confidence > 0.22
    classes[grow(cloud, 2)] = _CLOUD_MIDDLE
    classes[sky.cloud_confidence > 0.5] = _CLOUD_HIGH
    return classes
