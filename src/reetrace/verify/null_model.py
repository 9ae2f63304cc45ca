"""What ordinary ground of the same brightness, greenness and redness would have shown.

Each pixel's depth is taken relative to the background pixels most like it, so that plants, light
and iron, which bend the spectrum at 740 nm more than traces of neodymium do, cancel. What is left
is compared between pits and background by whole blocks of ground: neighbouring pixels share soil,
moisture and the image's noise, and would count as evidence many times over if taken one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.verify.band_depth import FloatArray, middle

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

QUANTILE = 0.9
"""The statistic looks at the strongest tenth of the ground. A mine's outline holds tracks, yards,
buildings and waste beside its ore; a median would have to find ore over half of it."""

FEATURE_STEPS = (0.2, 0.05, 0.08, 0.25)
"""What counts as one step of unlikeness: 20 % of brightness, 0.05 of NDVI, 8 % of the green-to-red
ratio (iron), 25 % of the ratio of short to near infrared (moisture)."""

FARTHEST_MATCH = 3.0
"""Steps: background further from a pixel than this is another kind of ground."""

NEIGHBOURS = 15
"""Like background pixels a pixel is held against; their median is its expected depth."""

FEWEST_NEIGHBOURS = 5

_ASKED = 45
"""Nearest background pixels looked at, of which those next door do not count."""

_LOW, _HIGH, _BINS = -0.3, 0.5, 800
_WIDTH = (_HIGH - _LOW) / _BINS

PERMUTATIONS = 999
RESAMPLES = 999


@dataclass(frozen=True)
class Ground:
    """Usable pixels of one image, or of all images combined."""

    depth: FloatArray
    """Shape (pixels,)."""
    blueness: FloatArray
    """Shape (pixels,): logarithm of the blue-to-red ratio, which plastic raises, not ore."""
    features: FloatArray
    """Shape (pixels, 4), in steps of unlikeness."""
    rows: IntArray
    cols: IntArray
    pit: BoolArray

    def take(self, chosen: BoolArray | IntArray) -> Ground:
        """Some of the pixels."""
        return Ground(
            self.depth[chosen],
            self.blueness[chosen],
            self.features[chosen],
            self.rows[chosen],
            self.cols[chosen],
            self.pit[chosen],
        )

    def blocks(self, block_pixels: int) -> IntArray:
        """(row, column) of the square block each pixel lies in, shape (pixels, 2)."""
        return np.stack([self.rows // block_pixels, self.cols // block_pixels], axis=-1)


def blueness_of(bands: dict[str, FloatArray]) -> FloatArray:
    """Logarithm of the blue-to-red ratio."""
    blue, red = (np.maximum(bands[role], 1e-3) for role in ("blue", "red"))
    return np.asarray(np.log(blue / red))


def features_of(bands: dict[str, FloatArray]) -> FloatArray:
    """Brightness, greenness, redness and dryness of pixels, shape (pixels, 4), in steps.

    None of the three bands of the depth takes part, so that the feature sought is not matched away.
    """
    green, red, nir = (np.maximum(bands[role], 1e-3) for role in ("green", "red", "nir"))
    narrow, swir1 = (np.maximum(bands[role], 1e-3) for role in ("nir-narrow", "swir1"))
    columns = (
        np.log((green + red + nir) / 3.0),
        (nir - red) / (nir + red),
        np.log(green / red),
        np.log(swir1 / narrow),
    )
    return np.asarray(np.stack(columns, axis=-1) / np.asarray(FEATURE_STEPS))


def departures(ground: Ground, pool: Ground, block_pixels: int) -> tuple[FloatArray, FloatArray]:
    """Depth and blueness of each pixel less the median of the pool's pixels most like it.

    Pool pixels of the pixel's own block and of the eight around it are not asked: they share its
    soil, and a background pixel would look more ordinary than a pit pixel, which has no pool
    pixels so near. NaN where fewer than `FEWEST_NEIGHBOURS` are like enough.
    """
    from scipy.spatial import cKDTree

    asked = min(_ASKED, len(pool.depth))
    if asked < FEWEST_NEIGHBOURS or len(ground.depth) == 0:
        unknown = np.full(len(ground.depth), np.nan)
        return unknown, unknown
    distance, place = cKDTree(pool.features).query(ground.features, k=asked)
    apart = np.abs(pool.blocks(block_pixels)[place] - ground.blocks(block_pixels)[:, None, :])
    allowed = (apart.max(axis=-1) > 1) & (distance <= FARTHEST_MATCH)
    allowed &= np.cumsum(allowed, axis=1) <= NEIGHBOURS
    allowed[allowed.sum(axis=1) < FEWEST_NEIGHBOURS] = False
    depth = middle(np.where(allowed, pool.depth[place], np.nan).T)
    blueness = middle(np.where(allowed, pool.blueness[place], np.nan).T)
    return ground.depth - depth, ground.blueness - blueness


def smooth(values: FloatArray, ground: Ground) -> FloatArray:
    """Mean over each pixel and its usable neighbours of the same kind (pit or background).

    One roof, one sheet or one noisy pixel is no ore; ore worth mining covers more than 20 m.
    """
    from scipy.ndimage import uniform_filter

    if len(values) == 0:
        return values
    top, left = int(ground.rows.min()), int(ground.cols.min())
    shape = (int(ground.rows.max()) - top + 1, int(ground.cols.max()) - left + 1)
    rows, cols = ground.rows - top, ground.cols - left
    smoothed = np.empty_like(values)
    for kind in (ground.pit, ~ground.pit):
        layer, weight = np.zeros(shape), np.zeros(shape)
        layer[rows[kind], cols[kind]] = values[kind]
        weight[rows[kind], cols[kind]] = 1.0
        total = uniform_filter(layer, 3, mode="constant")
        share = uniform_filter(weight, 3, mode="constant")
        smoothed[kind] = total[rows[kind], cols[kind]] / share[rows[kind], cols[kind]]
    return smoothed


def running_counts(values: FloatArray, units: IntArray, count: int) -> FloatArray:
    """Pixels of each unit up to each bin, shape (count, bins).

    Sums of rows are the running counts of several units together, so a permutation is one row of
    a matrix product; float64, because integers are not multiplied fast.
    """
    bins = np.clip(((values - _LOW) / _WIDTH).astype(np.int64), 0, _BINS - 1)
    flat = np.bincount(units * _BINS + bins, minlength=count * _BINS)
    return np.cumsum(flat.reshape(count, _BINS), axis=1).astype(np.float64)


def quantiles(running: FloatArray, share: float = QUANTILE) -> FloatArray:
    """The value below which a share of each row's pixels lie, read within its bin.

    Args:
        running: Shape (rows, bins).
        share: 0-1.
    """
    wanted = share * running[:, -1]
    place = np.minimum((running < wanted[:, None]).sum(axis=1), _BINS - 1)
    each = np.arange(len(running))
    before = np.where(place > 0, running[each, place - 1], 0.0)
    inside = running[each, place] - before
    part = np.where(inside > 0, (wanted - before) / np.where(inside > 0, inside, 1.0), 0.5)
    return np.asarray(_LOW + _WIDTH * (place + part))


def draw_units(
    total: int, chosen: int, draws: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Which units are called pits in each draw, shape (draws, total), `chosen` ones a row."""
    order = np.argsort(rng.random((draws, total)), axis=1)
    picks = np.zeros((draws, total))
    np.put_along_axis(picks, order[:, :chosen], 1.0, axis=1)
    return picks


def by_chance(background_counts: FloatArray, chosen: int, rng: np.random.Generator) -> FloatArray:
    """The statistic of background blocks that chance calls pits, shape (PERMUTATIONS,).

    Only background is permuted: pooled with the pits, ore would enter the measure of chance and
    hide itself, the more so the more of it there is.
    """
    picks = draw_units(len(background_counts), chosen, PERMUTATIONS, rng)
    called = picks @ background_counts
    return quantiles(called) - quantiles(background_counts.sum(axis=0) - called)


def resampled(
    pit_counts: FloatArray, background_counts: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """The statistic when blocks are drawn anew with replacement, shape (RESAMPLES,)."""
    return resampled_side(pit_counts, rng) - resampled_side(background_counts, rng)


def resampled_side(counts: FloatArray, rng: np.random.Generator) -> FloatArray:
    """The quantile of one side's blocks drawn anew with replacement, shape (RESAMPLES,)."""
    units = len(counts)
    drawn = rng.multinomial(units, np.full(units, 1.0 / units), size=RESAMPLES)
    return quantiles(drawn.astype(np.float64) @ counts)
