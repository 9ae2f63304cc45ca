"""How much monazite the test would have shown on this ground, in these images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reetrace.verify.band_depth import FloatArray
from reetrace.verify.comparison import (
    FEWEST_PIXELS,
    Comparison,
    blocks_to_call,
    units_of,
    widened,
)
from reetrace.verify.ground import Look, ground_of
from reetrace.verify.null_model import (
    Ground,
    IntArray,
    by_chance,
    departures,
    draw_units,
    quantiles,
    running_counts,
    smooth,
)

POWER = 0.8
"""How often the test must show a share for it to count as detectable."""

SHARES = (0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.10, 0.12, 0.15, 0.20, 0.30, 0.50)
"""Shares of monazite tried; the answer is one of them, rounded up by nature."""

_TRIALS = 200


@dataclass(frozen=True)
class _Trials:
    """Which blocks play the pits in each trial, and what chance alone reaches."""

    pure: Ground
    """The matched background pixels."""
    units: IntArray
    pure_counts: FloatArray
    picks: FloatArray
    """Shape (trials, units)."""
    critical: float


def detectable_share(
    looks: Sequence[Look],
    comparison: Comparison,
    *,
    alpha: float,
    smallest_depth: float,
    seed: tuple[int, ...],
) -> float | None:
    """The smallest share of `SHARES` that the test shows with a power of `POWER`; None if none.

    Monazite is mixed into real background pixels of the very images; blocks of them, as many as
    the pits have, are then tested against the other blocks by the rule that judges the pits.

    Args:
        looks: The images of the comparison.
        comparison: The test on the pits.
        alpha: Level of the test.
        smallest_depth: What excess and depth must both reach for an anomaly.
        seed: Seed of the drawing of blocks.
    """
    trials = _trials(comparison, alpha, np.random.default_rng(seed))
    low, high = 0, len(SHARES)
    # Power rises with the share, so halving finds the smallest in four tries.
    while low < high:
        between = (low + high) // 2
        shown = _power(looks, comparison.block_pixels, trials, SHARES[between], smallest_depth)
        low, high = (low, between) if shown >= POWER else (between + 1, high)
    return SHARES[low] if low < len(SHARES) else None


def _trials(comparison: Comparison, alpha: float, rng: np.random.Generator) -> _Trials:
    background = ~comparison.ground.pit
    pure = comparison.ground.take(background)
    units, _, count = units_of(pure, comparison.block_pixels)
    chosen = blocks_to_call(comparison.ground, comparison.block_pixels)
    pure_counts = running_counts(comparison.departure[background], units, count)
    chance = widened(by_chance(pure_counts, chosen, rng), comparison.widening)
    critical = float(np.quantile(chance, 1.0 - alpha))
    return _Trials(pure, units, pure_counts, draw_units(count, chosen, _TRIALS, rng), critical)


def _power(
    looks: Sequence[Look],
    block_pixels: int,
    trials: _Trials,
    share: float,
    smallest_depth: float,
) -> float:
    """How many of the trials are an anomaly when their ground holds this share of monazite."""
    pure = trials.pure
    mixed = ground_of(looks, pure.rows, pure.cols, pure.pit, monazite_share=share)
    departure, _ = departures(mixed, pure, block_pixels)
    matched = ~np.isnan(departure)
    ground, units = mixed.take(matched), trials.units[matched]
    count = len(trials.pure_counts)
    called = trials.picks @ running_counts(smooth(departure[matched], ground), units, count)
    depths = trials.picks @ running_counts(smooth(ground.depth, ground), units, count)
    rest = (1.0 - trials.picks) @ trials.pure_counts
    # Blocks whose ground monazite makes unlike any background cannot be tested, so show nothing.
    testable = called[:, -1] >= FEWEST_PIXELS
    excess = quantiles(called) - quantiles(rest)
    shown = testable & (excess > trials.critical) & (excess >= smallest_depth)
    return float((shown & (quantiles(depths) >= smallest_depth)).mean())
