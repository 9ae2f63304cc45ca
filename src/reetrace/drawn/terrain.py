"""Relief, the rivers that cut it, and how the sun lights it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from reetrace.drawn.frame import (
    CENTRE_EAST_M,
    CENTRE_NORTH_M,
    GROUND,
    HALF_LANDSAT,
    Float32Array,
    Frame,
)
from reetrace.drawn.noise import rough_field, wander


@dataclass(frozen=True)
class Relief:
    """Ground heights on 15 m cells, and the rivers on the ground's own cells."""

    height_m: Float32Array
    slope: Float32Array
    """Rise over run."""
    downhill_east: Float32Array
    downhill_north: Float32Array
    """Unit vector downhill."""
    river_m: Float32Array
    """Distance to the middle of the main river, on the ground's cells."""
    stream_m: Float32Array
    """Distance to the nearest side stream, on the ground's cells."""


def raise_relief(rng: np.random.Generator) -> Relief:
    """Hills of some 600 m with a river along the west and streams that join it."""
    main, streams = _rivers(rng)
    river_m = _distance_to_main(GROUND, main)
    stream_m = _distance_to_streams(GROUND, streams)
    river_15 = _distance_to_main(HALF_LANDSAT, main)
    stream_15 = _distance_to_streams(HALF_LANDSAT, streams)
    # Rounded at the bottom: a valley with a crease would show as a line of light.
    wide = np.hypot(stream_15, 90.0)
    valley = -120.0 * np.log(np.exp(-river_15 / 120.0) + np.exp(-(1.2 * wide + 60.0) / 120.0))
    valley = np.maximum(valley, 0.0)
    hills = rough_field(rng, HALF_LANDSAT, 1600.0, octaves=5, roughness=0.5)
    height = 1100.0 + 260.0 * (1.0 - np.exp(-valley / 900.0)) + 0.12 * valley
    height += hills * 150.0 * (1.0 - np.exp(-valley / 500.0))
    down, east = np.gradient(height, HALF_LANDSAT.cell_m)
    slope = np.hypot(down, east)
    steep = np.maximum(slope, 1e-6)
    return Relief(
        height_m=height.astype(np.float32),
        slope=slope.astype(np.float32),
        downhill_east=(-east / steep).astype(np.float32),
        downhill_north=(down / steep).astype(np.float32),
        river_m=river_m,
        stream_m=stream_m,
    )


def illumination(
    relief: Relief, *, azimuth_deg: float, elevation_deg: float, diffuse: float
) -> Float32Array:
    """Light on each 15 m cell beside that on level ground.

    Surface reflectance products are not corrected for relief, so the slopes stay in them.
    The form is that of the C correction (Teillet et al. 1982), with the share of skylight as C.

    Args:
        relief: Slopes of the ground.
        azimuth_deg: Of the sun, clockwise from north.
        elevation_deg: Of the sun above the horizon.
        diffuse: Skylight; larger at short wavelengths.
    """
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    facing = relief.downhill_east * math.sin(azimuth) + relief.downhill_north * math.cos(azimuth)
    tilt = np.arctan(relief.slope)
    incidence = np.cos(tilt) * math.sin(elevation) + np.sin(tilt) * math.cos(elevation) * facing
    lit = (np.maximum(incidence, 0.0) + diffuse) / (math.sin(elevation) + diffuse)
    return np.asarray(lit, dtype=np.float32)


def _rivers(
    rng: np.random.Generator,
) -> tuple[Float32Array, list[tuple[float, float, Float32Array]]]:
    """Eastings of the main river by metre of northing, and each stream's (mouth, side, bends)."""
    length = int(GROUND.rows * GROUND.cell_m)
    bends = wander(rng, length, 2600.0) * 130.0 + wander(rng, length, 800.0) * 80.0
    # A smooth limit keeps the river west of the mines without a kink.
    main = (-1120.0 + 300.0 * np.tanh(bends / 300.0)).astype(np.float32)
    streams = []
    for mouth in (rng.uniform(-3000, -2300), rng.uniform(-4700, -4000), rng.uniform(2800, 3600)):
        across = int(GROUND.cols * GROUND.cell_m)
        line = wander(rng, across, 1500.0) * 170.0 + wander(rng, across, 500.0) * 45.0
        streams.append((float(mouth), float(rng.uniform(-0.3, 0.3)), line.astype(np.float32)))
    return main, streams


def _distance_to_main(frame: Frame, main: Float32Array) -> Float32Array:
    south = -(GROUND.north_m - GROUND.rows * GROUND.cell_m)
    metre = (frame.northings() + np.float32(CENTRE_NORTH_M + south)).astype(np.int64)
    course = main[np.clip(metre, 0, len(main) - 1)]
    # Where the river bends, it is nearer than the east-west distance says.
    lean = np.abs(np.gradient(main))[np.clip(metre, 0, len(main) - 1)]
    away = np.abs(frame.eastings() - course) / np.sqrt(1.0 + lean**2)
    return np.asarray(away, dtype=np.float32)


def _distance_to_streams(
    frame: Frame, streams: list[tuple[float, float, Float32Array]]
) -> Float32Array:
    nearest = np.full(frame.shape, 1e6, dtype=np.float32)
    metre = (frame.eastings() + np.float32(CENTRE_EAST_M - GROUND.west_m)).astype(np.int64)
    for mouth, side, bends in streams:
        at = np.clip(metre, 0, len(bends) - 1)
        lean = np.abs(np.gradient(bends))[at]
        course = mouth + side * frame.eastings() + bends[at]
        away = np.abs(frame.northings() - course) / np.sqrt(1.0 + lean**2)
        # Streams join the main river from the east; west of it there is none.
        beyond = np.maximum(-1150.0 - frame.eastings(), 0.0)
        nearest = np.minimum(nearest, away + 3.0 * beyond)
    return nearest.astype(np.float32)
