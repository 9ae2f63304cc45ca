"""Kappa, and disagreement in quantity and in place, with intervals drawn from the labels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from reetrace.core.results import Measure

DRAWS = 4_000
"""Enough that the second digit of an interval does not depend on the seed."""

_NO_LABEL = "no label could be used"

Matrices = NDArray[np.float64]
"""Shape (…, classes, classes): rows the map, columns the reference; counts or shares."""


def kappa(matrices: Matrices) -> NDArray[np.float64]:
    """Cohen's kappa; NaN where map and reference hold one and the same class only."""
    shares = _normalised(matrices)
    agreed = np.trace(shares, axis1=-2, axis2=-1)
    chance = (shares.sum(axis=-1) * shares.sum(axis=-2)).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(chance < 1, (agreed - chance) / (1 - chance), np.nan))


def quantity_disagreement(matrices: Matrices) -> NDArray[np.float64]:
    """Share by which the classes' areas differ (Pontius and Millones 2011, IJRS 32, 4407-4429)."""
    shares = _normalised(matrices)
    return np.asarray(np.abs(shares.sum(axis=-1) - shares.sum(axis=-2)).sum(axis=-1) / 2)


def allocation_disagreement(matrices: Matrices) -> NDArray[np.float64]:
    """Share that is in the wrong place although the classes' areas agree; same source."""
    right = np.trace(_normalised(matrices), axis1=-2, axis2=-1)
    return np.asarray(np.maximum(1 - right - quantity_disagreement(matrices), 0.0))


def _normalised(matrices: Matrices) -> Matrices:
    return np.asarray(matrices / matrices.sum(axis=(-2, -1), keepdims=True))


def draw_matrices(
    counts: NDArray[np.int64], unseen: NDArray[np.int64], areas: NDArray[np.float64], *, seed: int
) -> Matrices:
    """Matrices that the labels allow, `DRAWS` of them, in shares of the areas.

    Each stratum's cells are drawn from their Dirichlet posterior, with one label's worth of doubt
    spread evenly over the cells beforehand (Perks' prior).

    Args:
        counts: Shape (strata, classes, classes).
        unseen: Shape (strata,): points of each stratum that tell nothing of the map.
        areas: Shape (strata,).
        seed: Of the draws.
    """
    strata, classes = counts.shape[:2]
    cells = counts.reshape(strata, -1)
    posterior = np.column_stack([cells + 1 / cells.shape[1], np.maximum(unseen, 1e-9)])
    rng = np.random.default_rng(seed)
    gammas = rng.standard_gamma(posterior, size=(DRAWS, *posterior.shape))
    shares = gammas / gammas.sum(axis=2, keepdims=True)
    together = (shares * areas[None, :, None]).sum(axis=1)[:, :-1]
    return np.asarray(together.reshape(-1, classes, classes))


def measured_kappa(matrix: Matrices, draws: Matrices) -> Measure:
    """Kappa of one matrix with the central 95 % of its draws, and of those mirrored about it.

    Near 1 nearly all draws lie below; without the mirrored interval the truth lies above it in one
    sample of seven.
    """
    source = "Cohen's kappa of the matrix"
    if not matrix.any():
        return Measure(None, "1", None, None, source, _NO_LABEL)
    value = float(kappa(matrix))
    if np.isnan(value):
        reason = "map and reference hold a single class, so there is no chance to agree by"
        return Measure(None, "1", None, None, source, reason)
    low, high = (float(limit) for limit in np.quantile(kappa(draws), (0.025, 0.975)))
    return Measure(
        value,
        "1",
        max(-1.0, min(low, 2 * value - high)),
        min(1.0, max(high, 2 * value - low)),
        source,
    )


def measured_disagreement(
    disagreement: Callable[[Matrices], NDArray[np.float64]], matrix: Matrices, draws: Matrices
) -> Measure:
    """A disagreement with the interval of its draws, and of those mirrored about the estimate.

    Draws of a quantity that cannot be negative lie to one side of it where it is small; the
    mirrored interval makes good for that.
    """
    source = "share of the matrix"
    if not matrix.any():
        return Measure(None, "share", None, None, source, _NO_LABEL)
    value = float(disagreement(matrix))
    low, high = (float(limit) for limit in np.quantile(disagreement(draws), (0.025, 0.975)))
    return Measure(
        value,
        "share",
        max(0.0, min(low, 2 * value - high)),
        min(1.0, max(high, 2 * value - low)),
        source,
    )
