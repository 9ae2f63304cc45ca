"""From light on the ground to stored numbers: air, blur, misplacement, noise, and the mark."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reetrace.drawn.frame import Float32Array
from reetrace.drawn.sky import Sky

SIMULATED_STEP = 7
"""Every stored reflectance of drawn imagery is a multiple of this, as no real image can be."""

# Haze scatters about as wavelength to the power -2.2 (between Rayleigh and large drops); shares of
# what it adds in the blue.
HAZE_SHARE = {
    "blue": 1.0, "green": 0.72, "red": 0.50, "red-edge-1": 0.43, "red-edge-2": 0.38,
    "red-edge-3": 0.34, "nir": 0.29, "nir-narrow": 0.27, "swir1": 0.07, "swir2": 0.03,
}  # fmt: skip

# Reflectance of thick cloud: water drops and ice absorb in the short-wave infrared.
CLOUD_REFLECTANCE = {
    "blue": 0.66, "green": 0.65, "red": 0.66, "red-edge-1": 0.67, "red-edge-2": 0.68,
    "red-edge-3": 0.68, "nir": 0.69, "nir-narrow": 0.69, "swir1": 0.50, "swir2": 0.38,
}  # fmt: skip

# Skylight beside direct sun on a slope, larger where the air scatters more.
DIFFUSE = {
    "blue": 0.62, "green": 0.50, "red": 0.43, "red-edge-1": 0.40, "red-edge-2": 0.38,
    "red-edge-3": 0.37, "nir": 0.36, "nir-narrow": 0.35, "swir1": 0.30, "swir2": 0.28,
}  # fmt: skip


def through_air(ground: Float32Array, sky: Sky, role: str) -> Float32Array:
    """What arrives from the ground through shadow, haze and cloud, on the sky's cells."""
    # Skylight still reaches shadowed ground, more of it in the blue.
    dimmed = ground * (1.0 - sky.shadow * (1.0 - 0.5 * np.float32(DIFFUSE[role])))
    hazy = dimmed + sky.haze * np.float32(HAZE_SHARE[role])
    arrives: Float32Array = hazy * (1.0 - sky.cloud) + sky.cloud * np.float32(
        CLOUD_REFLECTANCE[role]
    )
    return arrives


def blur(light: Float32Array, sigma_cells: float, shift_cells: tuple[float, float]) -> Float32Array:
    """The sensor's spread of each point, and the misplacement that is left after registration."""
    from scipy.ndimage import gaussian_filter, shift

    spread = gaussian_filter(light, sigma_cells, mode="nearest", truncate=3.0)
    moved: Float32Array = shift(spread, shift_cells, order=1, mode="nearest", prefilter=False)
    return moved


def store(
    reflectance: Float32Array,
    rng: np.random.Generator,
    *,
    noise: float,
    scale: float,
    offset: float,
) -> NDArray[np.uint16]:
    """Stored integers with the sensor's noise, each moved to the nearest multiple of the mark.

    Zero is kept for fill: the smallest value is the mark itself.
    """
    grain = rng.standard_normal(reflectance.shape, dtype=np.float32)
    grain *= np.float32(noise) * np.sqrt(0.5 + 2.0 * np.maximum(reflectance, 0.0))
    steps = np.rint((reflectance.astype(np.float64) + grain - offset) / scale / SIMULATED_STEP)
    largest = np.iinfo(np.uint16).max // SIMULATED_STEP
    return (np.clip(steps, 1, largest) * SIMULATED_STEP).astype(np.uint16)
