"""Pits against matched background: the excess, its interval and how often chance does as much."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from reetrace.verify.band_depth import FloatArray
from reetrace.verify.null_model import (
    FARTHEST_MATCH,
    QUANTILE,
    BoolArray,
    Ground,
    IntArray,
    by_chance,
    departures,
    quantiles,
    resampled,
    resampled_side,
    running_counts,
    smooth,
)

FEWEST_PIXELS = 100
"""Pit pixels (4 ha at 20 m) and as many background pixels; fewer give no quantile worth a test."""

FEWEST_BLOCKS = 5
"""Blocks of pit ground. With 5 of them among 20 there are over 15,000 ways to call them by chance,
enough for a level of 1 %."""

MOST_BACKGROUND = 6_000
"""Matched background pixels kept; more cost time and no longer sharpen the answer."""

BLOCK_M = 160.0
"""Side of the blocks of ground that are permuted and drawn anew."""

_REACH = 4
"""Blocks: how far the likeness of blocks is followed."""


@dataclass(frozen=True)
class Comparison:
    """One test, on the pixels that could be matched."""

    ground: Ground
    """Matched pixels only."""
    departure: FloatArray
    """Smoothed departure from like background, by pixel."""
    tint: float
    """How much bluer than like background the strongest tenth of the pits is, as a logarithm of the
    blue-to-red ratio."""
    unmatched: int
    """Pit pixels without like background."""
    block_pixels: int
    pit_depth: float
    """Of the strongest tenth of the pits."""
    depth_low: float
    depth_high: float
    excess: float
    low: float
    high: float
    p_value: float
    widening: float
    """Factor on the spread of chance for the pits being one clump of ground."""


def compare(ground: Ground, block_pixels: int, seed: tuple[int, ...]) -> Comparison | str:
    """The test on one set of pixels, or in one sentence why there is none."""
    rng = np.random.default_rng(seed)
    pits = int(ground.pit.sum())
    if pits < FEWEST_PIXELS:
        return f"Only {pits} pit pixels could be used; {FEWEST_PIXELS} are needed."
    near = _near_the_pits(ground, block_pixels, rng)
    departure, blueness = departures(near, near.take(~near.pit), block_pixels)
    matched = ~np.isnan(departure)
    kept, departure, blueness = near.take(matched), departure[matched], blueness[matched]
    left = int(kept.pit.sum())
    if min(left, int((~kept.pit).sum())) < FEWEST_PIXELS:
        return _NO_BACKGROUND
    _, pit_units, background_units = units_of(kept, block_pixels)
    if pit_units < FEWEST_BLOCKS or background_units < 2 * FEWEST_BLOCKS:
        return (
            f"The ground lies in {pit_units} separate blocks of pits and {background_units} of "
            f"background; {FEWEST_BLOCKS} and {2 * FEWEST_BLOCKS} are needed to tell chance apart."
        )
    departure = smooth(departure, kept)
    strongest = kept.pit & (departure >= np.quantile(departure[kept.pit], QUANTILE))
    tint = float(np.mean(smooth(blueness, kept)[strongest]))
    return _test(kept, departure, tint, pits - left, block_pixels, rng)


_NO_BACKGROUND = (
    "Too little bare ground outside the mine resembles the pits in brightness, greenness and "
    "colour to compare them with."
)


def _test(
    kept: Ground,
    departure: FloatArray,
    tint: float,
    unmatched: int,
    block_pixels: int,
    rng: np.random.Generator,
) -> Comparison:
    units, pit_units, background_units = units_of(kept, block_pixels)
    counts = running_counts(departure, units, pit_units + background_units)
    pit_counts, background_counts = counts[:pit_units], counts[pit_units:]
    depth_counts = running_counts(smooth(kept.depth, kept)[kept.pit], units[kept.pit], pit_units)
    excess = _quantile(pit_counts) - _quantile(background_counts)
    depth = _quantile(depth_counts)
    factor = widening(kept, departure, block_pixels)
    chosen = blocks_to_call(kept, block_pixels)
    chance = widened(by_chance(background_counts, chosen, rng), factor)
    low, high = _interval(excess, resampled(pit_counts, background_counts, rng), chance)
    depth_low, depth_high = _interval(depth, resampled_side(depth_counts, rng), chance)
    return Comparison(
        ground=kept,
        departure=departure,
        tint=tint,
        unmatched=unmatched,
        block_pixels=block_pixels,
        pit_depth=depth,
        depth_low=depth_low,
        depth_high=depth_high,
        excess=excess,
        low=low,
        high=high,
        p_value=float((1 + np.sum(chance >= excess)) / (1 + len(chance))),
        widening=factor,
    )


def _interval(value: float, drawn: FloatArray, chance: FloatArray) -> tuple[float, float]:
    """95 % interval: never narrower than the blocks drawn anew, nor than what chance does."""
    low, high = np.quantile(drawn, [0.025, 0.975])
    down, up = np.quantile(chance, [0.025, 0.975])
    return float(min(low, value - up)), float(max(high, value - down))


def _quantile(counts: FloatArray) -> float:
    return float(quantiles(counts.sum(axis=0, keepdims=True))[0])


def widened(values: FloatArray, factor: float) -> FloatArray:
    """Values spread about their mean by a factor."""
    return np.asarray(values.mean() + factor * (values - values.mean()))


def units_of(ground: Ground, block_pixels: int) -> tuple[IntArray, int, int]:
    """(unit of each pixel, pit units, background units); pit units come first.

    A unit is the part of one block that is pit, or the part that is background.
    """
    wide = int(ground.cols.max(initial=0)) // block_pixels + 1
    blocks = ground.blocks(block_pixels) @ np.array([wide, 1])
    units = np.empty(len(blocks), dtype=np.int64)
    pit_names, units[ground.pit] = np.unique(blocks[ground.pit], return_inverse=True)
    names, places = np.unique(blocks[~ground.pit], return_inverse=True)
    units[~ground.pit] = places + len(pit_names)
    return units, len(pit_names), len(names)


def blocks_to_call(ground: Ground, block_pixels: int) -> int:
    """How many background blocks stand for the pits when chance calls them.

    Not the count of pit blocks but their effective number, (sum n)² / sum n²: a pit cut by the
    block lattice has slivers that steady its quantile no more than their few pixels do. At most
    half the background: fewer blocks spread wider, which only makes the test stricter.
    """
    units, pit_units, background_units = units_of(ground, block_pixels)
    pixels = np.bincount(units)[:pit_units].astype(np.float64)
    effective = int(pixels.sum() ** 2 / np.sum(pixels**2))
    return max(1, min(effective, background_units // 2))


def widening(ground: Ground, departure: FloatArray, block_pixels: int) -> float:
    """How much wider chance spreads because the pits are one clump of ground, at least 1.

    Permuted blocks lie scattered, those of a pit side by side, and blocks side by side are alike.
    The variance of a mean over blocks grows by the correlations of all its pairs; they are measured
    on the background by distance in blocks.
    """
    blocks = ground.blocks(block_pixels)
    blocks -= blocks.min(axis=0)
    rows, cols = (int(side) + 1 for side in blocks.max(axis=0))
    places = blocks @ np.array([cols, 1])

    def summed(side: BoolArray, values: FloatArray) -> FloatArray:
        total = np.bincount(places[side], weights=values[side], minlength=rows * cols)
        return np.asarray(total.reshape(rows, cols), dtype=np.float64)

    likeness = _likeness(
        summed(~ground.pit, np.ones_like(departure)), summed(~ground.pit, departure)
    )
    pixels = summed(ground.pit, np.ones_like(departure))
    alone = float(np.sum(pixels**2))
    pairs = sum(likeness[apart] * _along(pixels, shift) for apart, shift in _SHIFTS)
    return float(np.sqrt(1.0 + 2.0 * pairs / alone))


def _likeness(pixels: FloatArray, total: FloatArray) -> FloatArray:
    """Correlation of background blocks at 0, 1 … `_REACH` blocks apart, none below 0.

    Args:
        pixels: Shape (block rows, block columns).
        total: Departure summed over the pixels of each block, same shape.
    """
    offset = total - pixels * (total.sum() / pixels.sum())
    variance = np.sum(offset**2 / np.maximum(pixels, 1.0)) / pixels.sum()
    likeness = np.zeros(_REACH + 1)
    if variance <= 0.0:
        return likeness
    products, weights = np.zeros(_REACH + 1), np.zeros(_REACH + 1)
    for apart, shift in _SHIFTS:
        products[apart] += _along(offset, shift)
        weights[apart] += _along(pixels, shift)
    seen = weights > 0
    likeness[seen] = np.maximum(0.0, products[seen] / weights[seen] / variance)
    return likeness


# Half of all steps between blocks up to the reach; the other half are the same pairs backwards.
_SHIFTS = tuple(
    (round(math.hypot(down, right)), (down, right))
    for down in range(_REACH + 1)
    for right in range(-_REACH, _REACH + 1)
    if (down > 0 or right > 0) and round(math.hypot(down, right)) <= _REACH
)


def _along(layer: FloatArray, shift: tuple[int, int]) -> float:
    """Sum of the products of all pairs of blocks that lie one shift apart."""
    down, right = shift
    rows, cols = layer.shape
    if down >= rows or abs(right) >= cols:
        return 0.0
    first = layer[: rows - down, max(0, -right) : cols - max(0, right)]
    second = layer[down:, max(0, right) : cols - max(0, -right)]
    return float(np.sum(first * second))


def _near_the_pits(ground: Ground, block_pixels: int, rng: np.random.Generator) -> Ground:
    """The pits and the background that resembles some of them, thinned by whole blocks."""
    from scipy.spatial import cKDTree

    places = np.flatnonzero(~ground.pit)
    if len(places) == 0:
        return ground
    distance, _ = cKDTree(ground.features[ground.pit]).query(
        ground.features[places], distance_upper_bound=FARTHEST_MATCH
    )
    places = places[np.isfinite(distance)]
    if len(places) > MOST_BACKGROUND:
        names, blocks = np.unique(ground.blocks(block_pixels)[places], axis=0, return_inverse=True)
        order = rng.permutation(len(names))
        pixels = np.bincount(blocks, minlength=len(names))
        within = np.cumsum(pixels[order]) <= MOST_BACKGROUND
        kept = np.zeros(len(names), dtype=np.bool_)
        kept[order[within]] = True
        places = places[kept[blocks]]
    chosen: BoolArray = ground.pit.copy()
    chosen[places] = True
    return ground.take(chosen)
