"""Made-up bare ground with known monazite as Sentinel-2 sees it: soil, plants, light, noise."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from reetrace.verify import ScreeningImage, reference_spectra

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

ROLES = (
    "blue",
    "green",
    "red",
    "red-edge-1",
    "red-edge-2",
    "red-edge-3",
    "nir",
    "nir-narrow",
    "swir1",
    "swir2",
)

# Sentinel-2A reflectance. Soil: a median of measured soils; canopy: green grass; the rest as their
# names say (USGS Data Series 231; earthlib 1.1.0).
SOIL = np.array([0.104, 0.152, 0.212, 0.238, 0.262, 0.284, 0.303, 0.315, 0.404, 0.360])
GRASS = np.array([0.043, 0.090, 0.041, 0.123, 0.497, 0.688, 0.701, 0.705, 0.317, 0.156])
TURBID_WATER = np.array([0.175, 0.199, 0.200, 0.201, 0.170, 0.180, 0.170, 0.150, 0.028, 0.024])
GREEN_SHEET = np.array([0.247, 0.209, 0.114, 0.099, 0.165, 0.551, 0.598, 0.610, 0.596, 0.469])
BLUE_SHEET = np.array([0.275, 0.080, 0.081, 0.075, 0.106, 0.291, 0.480, 0.572, 0.593, 0.463])
GOETHITE = np.array([0.044, 0.142, 0.209, 0.237, 0.273, 0.278, 0.247, 0.226, 0.544, 0.544])
MONAZITE = np.array([value.reflectance for value in reference_spectra()[0].values])


def smooth_field(
    shape: tuple[int, int], range_pixels: float, rng: np.random.Generator
) -> FloatArray:
    """A random field of mean 0 and standard deviation 1, alike over a given range."""
    rough = rng.standard_normal(shape)
    if range_pixels <= 0:
        return rough
    soft = gaussian_filter(rough, range_pixels / 2.0, mode="wrap")
    return np.asarray(soft / soft.std(), dtype=np.float64)


@dataclass(frozen=True)
class MadeUpGround:
    """Bare ground round a square pit; every figure of a seed is the same whenever it is made."""

    seed: int = 0
    rows: int = 110
    cols: int = 110
    pit_side: int = 32
    range_pixels: float = 4.0
    """Over how many pixels soil, plants and the unexplained part of the depth are alike."""
    unexplained: float = 0.006
    """Standard deviation of the depth that no other band betrays."""
    plants: float = 0.04
    monazite: float = 0.0
    monazite_patch: float = 1.0
    """Share of the pit's rows that hold it."""
    painted: tuple[tuple[FloatArray, float], ...] = field(default=())
    """(spectrum, share of the pit's pixels it covers whole)."""

    @property
    def pits(self) -> BoolArray:
        """The square in the middle."""
        mask = np.zeros((self.rows, self.cols), dtype=np.bool_)
        top, left = (self.rows - self.pit_side) // 2, (self.cols - self.pit_side) // 2
        mask[top : top + self.pit_side, left : left + self.pit_side] = True
        return mask

    @property
    def candidates(self) -> BoolArray:
        """All ground at least three pixels from the pit."""
        near = np.zeros((self.rows, self.cols), dtype=np.bool_)
        top, left = (self.rows - self.pit_side) // 2, (self.cols - self.pit_side) // 2
        near[top - 3 : top + self.pit_side + 3, left - 3 : left + self.pit_side + 3] = True
        return ~near

    def images(self, dates: int = 3) -> tuple[ScreeningImage, ...]:
        """The same ground on several dates, each with its own light and noise."""
        ground = self._ground()
        rng = np.random.default_rng((self.seed, 1))
        shape = (self.rows, self.cols)
        images = []
        for number in range(dates):
            light = np.exp(0.04 * smooth_field(shape, 6.0, rng))
            noise = 1.0 + 0.008 * rng.standard_normal(ground.shape)
            seen = ground * light * noise + 0.001 * rng.standard_normal(ground.shape)
            images.append(
                ScreeningImage(
                    date=f"2020-01-{5 + 5 * number:02d}",
                    scene=f"made-up-{number}",
                    platform="sentinel-2a",
                    roles=ROLES,
                    reflectance=seen.astype(np.float32),
                )
            )
        return tuple(images)

    def _ground(self) -> FloatArray:
        rng = np.random.default_rng((self.seed, 0))
        shape = (self.rows, self.cols)
        relief = np.exp(0.12 * smooth_field(shape, self.range_pixels * 2, rng))
        iron = np.clip(0.10 + 0.06 * smooth_field(shape, self.range_pixels, rng), 0, 0.4)
        plants = np.clip(self.plants * (1 + smooth_field(shape, self.range_pixels, rng)), 0, 0.6)
        hidden = self.unexplained * smooth_field(shape, self.range_pixels, rng)
        soil = SOIL[:, None, None] * (1 - iron) + GOETHITE[:, None, None] * iron
        soil = self._with_monazite(soil)
        soil = self._with_paint(soil, rng)
        ground = (soil * (1 - plants) + GRASS[:, None, None] * plants) * relief
        ground[ROLES.index("red-edge-2")] *= 1.0 - hidden
        return np.asarray(ground, dtype=np.float64)

    def _with_monazite(self, soil: FloatArray) -> FloatArray:
        share = np.where(self.pits, self.monazite, 0.0)
        top = (self.rows - self.pit_side) // 2
        share[top + round(self.pit_side * self.monazite_patch) :, :] = 0.0
        return np.asarray(soil * (1 - share) + MONAZITE[:, None, None] * share)

    def _with_paint(self, soil: FloatArray, rng: np.random.Generator) -> FloatArray:
        for spectrum, share in self.painted:
            order = smooth_field((self.rows, self.cols), 4.0, rng)
            limit = np.quantile(order[self.pits], 1 - share) if share < 1 else -np.inf
            soil = np.where(self.pits & (order > limit), spectrum[:, None, None], soil)
        return soil
