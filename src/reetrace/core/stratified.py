"""Totals, ratios and shares estimated from a stratified sample, with honest 95 % intervals.

Standard errors are the textbook's (Cochran 1977, ch. 5; Stehman 2014, Int. J. Remote Sens. 35,
4923-4939; Olofsson et al. 2014, Remote Sens. Environ. 148, 42-57). Intervals guard against strata
in which no error happened to be seen, where the textbook's variance is zero and its interval
promises what the sample cannot: see docs/decisions/0007-area-estimators.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959963984540054
"""97.5 % point of the normal distribution."""


@dataclass(frozen=True)
class Estimate:
    """An estimated number with its 95 % interval."""

    value: float
    standard_error: float
    """The textbook's, without the guard."""
    low: float
    high: float


@dataclass(frozen=True)
class Moments:
    """Estimated totals of several variables over the strata, and how uncertain they are."""

    totals: NDArray[np.float64]
    """Shape (variables,), in the unit of the areas."""
    covariance: NDArray[np.float64]
    """Shape (variables, variables), the textbook's."""
    guarded: NDArray[np.float64]
    """The same, as if half a point in error had been seen where none was."""

    def combine(self, weights: NDArray[np.float64]) -> Estimate:
        """The estimate of a weighted sum of the variables."""
        value = float((weights * self.totals).sum())
        error = math.sqrt(max(_quadratic(self.covariance, weights), 0.0))
        half = Z95 * math.sqrt(max(_quadratic(self.guarded, weights), 0.0))
        return Estimate(value, error, value - half, value + half)


def moments(
    values: NDArray[np.float64],
    stratum: NDArray[np.int64],
    areas: NDArray[np.float64],
    *,
    domain: NDArray[np.bool_] | None = None,
) -> Moments:
    """Totals over the strata of variables that are 0 where there is nothing to count.

    Args:
        values: Shape (points, variables), at most about 1 in size: an indicator, or the
            difference of two.
        stratum: Shape (points,), index into `areas`. Points are a simple random sample of theirs.
        areas: Shape (strata,). Every stratum with an area needs a point.
        domain: Shape (points,): where the variables can differ from 0 at all, such as within a
            zone; strata without such a point need no guard. Everywhere where it is not given.

    Raises:
        ValueError: A stratum with an area has no point.
    """
    count = values.shape[1]
    totals, covariance, extra = np.zeros(count), np.zeros((count, count)), np.zeros(count)
    for index in np.flatnonzero(areas > 0):
        members = stratum == index
        here, points = values[members], int(members.sum())
        if points == 0:
            raise ValueError(f"stratum {index} has an area and no point")
        scale = areas[index] ** 2 / points
        away = here - here.mean(axis=0)
        spread = (away[:, :, None] * away[:, None, :]).sum(axis=0) / max(points - 1, 1)
        totals += areas[index] * here.mean(axis=0)
        covariance += scale * spread
        if domain is None or domain[members].any():
            half_error = 0.5 / points
            floor = half_error * (1 - half_error)
            extra += scale * np.maximum(floor - np.diag(spread), 0.0)
    return Moments(totals, covariance, covariance + np.diag(extra))


def difference(
    mapped_total: float,
    reference: NDArray[np.float64],
    mapped: NDArray[np.float64],
    stratum: NDArray[np.int64],
    areas: NDArray[np.float64],
    *,
    domain: NDArray[np.bool_] | None = None,
) -> Estimate:
    """What the map counts plus what the sample says it gets wrong.

    The difference estimator (Stehman 2013, Remote Sens. Environ. 132, 202-211). Where the strata
    are the map's classes it is the stratified estimator of Olofsson et al. 2014 to the digit.

    Args:
        mapped_total: Counted on the map, in the unit of the areas.
        reference: Shape (points,): what counts at the point by the reference, 0-1.
        mapped: Shape (points,): what counts there by the map.
        stratum: As for `moments`.
        areas: As for `moments`.
        domain: As for `moments`.
    """
    error = moments((reference - mapped)[:, None], stratum, areas, domain=domain)
    found = error.combine(np.ones(1))
    return Estimate(
        mapped_total + found.value,
        found.standard_error,
        mapped_total + found.low,
        mapped_total + found.high,
    )


def ratio(
    hit: NDArray[np.bool_],
    miss: NDArray[np.bool_],
    stratum: NDArray[np.int64],
    areas: NDArray[np.float64],
    *,
    may_hit: NDArray[np.bool_],
    may_miss: NDArray[np.bool_],
) -> Estimate | None:
    """The share of hits among hits and misses, such as an accuracy; None where there is neither.

    The combined ratio estimator of Stehman 2014 with its standard error. The interval is Wilson's
    at the effective sample size (Korn and Graubard 1998, Survey Methodology 24, 193-201), found
    as if every stratum held one more hit and one more miss where it may; it stays within 0-1 and
    is never of zero width. For a simple random sample it is plain Wilson.

    Args:
        hit: Shape (points,).
        miss: Shape (points,), never where `hit` is.
        stratum: As for `moments`.
        areas: As for `moments`.
        may_hit: Shape (points,): points that could be hits as far as the map tells.
        may_miss: Shape (points,): points that could be misses.
    """
    share, variance = _share(np.column_stack([hit, miss]), stratum, areas)
    if math.isnan(share):
        return None
    strata = np.arange(len(areas))
    more_hits = np.array([index for index in strata if may_hit[stratum == index].any()], dtype=int)
    more_misses = np.array(
        [index for index in strata if may_miss[stratum == index].any()], dtype=int
    )
    guarded_share, guarded_variance = _share(
        np.column_stack(
            [
                np.concatenate([hit, more_hits >= 0, more_misses < 0]),
                np.concatenate([miss, more_hits < 0, more_misses >= 0]),
            ]
        ),
        np.concatenate([stratum, more_hits, more_misses]),
        areas,
    )
    points = float((hit | miss).sum())
    if guarded_variance > 0:
        points = min(points, guarded_share * (1 - guarded_share) / guarded_variance)
    return Estimate(share, math.sqrt(variance), *wilson(share, points))


def _share(
    hit_and_miss: NDArray[np.bool_], stratum: NDArray[np.int64], areas: NDArray[np.float64]
) -> tuple[float, float]:
    """Estimated share of hits and its variance; NaN where there is neither hit nor miss."""
    found = moments(hit_and_miss.astype(np.float64), stratum, areas)
    whole = float(found.totals.sum())
    if whole <= 0:
        return math.nan, math.nan
    share = float(found.totals[0]) / whole
    gradient = np.array([1 - share, -share]) / whole
    return share, max(_quadratic(found.covariance, gradient), 0.0)


def fieller(part: int, whole: int, found: Moments) -> Estimate | None:
    """The ratio of two totals by Fieller's theorem; None where the whole may be zero.

    Args:
        part: Index of the variable above the line.
        whole: Index of the variable below it.
        found: Moments of both.
    """
    above, below = found.totals[part], found.totals[whole]
    spread = found.guarded * Z95**2
    squared = below**2 - spread[whole, whole]
    if below <= 0 or squared <= 0:
        return None
    middle = (above * below - spread[part, whole]) / squared
    inner = middle**2 - (above**2 - spread[part, part]) / squared
    half = math.sqrt(max(inner, 0.0))
    quotient = float(above / below)
    gradient = np.zeros(len(found.totals))
    gradient[part], gradient[whole] = 1.0, -quotient
    error = math.sqrt(max(_quadratic(found.covariance, gradient), 0.0)) / float(below)
    return Estimate(quotient, error, float(middle - half), float(middle + half))


def wilson(share: float, points: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share observed at so many points.

    >>> low, high = wilson(0.0, 10)
    >>> round(low, 4), round(high, 4)
    (0.0, 0.2775)
    """
    squared = Z95**2
    centre = (share + squared / (2 * points)) / (1 + squared / points)
    inner = share * (1 - share) / points + squared / (4 * points**2)
    half = Z95 * math.sqrt(inner) / (1 + squared / points)
    # Rounding must not push the limits past the share itself at 0 and 1.
    return max(0.0, min(centre - half, share)), min(1.0, max(centre + half, share))


def _quadratic(matrix: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    return float((weights[:, None] * matrix * weights[None, :]).sum())
