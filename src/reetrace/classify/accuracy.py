"""How often map and reference agree, and what that says: every figure with its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.classify.disagreement import (
    DRAWS,
    allocation_disagreement,
    draw_matrices,
    measured_disagreement,
    measured_kappa,
    quantity_disagreement,
)
from reetrace.core.landcover import Legend
from reetrace.core.panel import Panel
from reetrace.core.results import Accuracy, Basis, Measure
from reetrace.core.stratified import ratio, wilson

_COUNTS_METHOD = (
    "Overall, user's and producer's accuracy: Wilson's 95 % intervals over the labels. Kappa, "
    f"quantity and allocation disagreement: {DRAWS:,} draws of the matrix from its Dirichlet "
    "posterior, seed {seed}. The figures say how often the map agrees with these labels, not how "
    "much of the ground is mapped right."
)
_SAMPLE_METHOD = (
    "Shares of area, estimated from a probability sample (stratified ratio estimators, Stehman "
    "2014). Overall, user's and producer's accuracy: Wilson's 95 % intervals at the effective "
    "sample size, guarded for strata without an observed error. Kappa, quantity and allocation "
    f"disagreement: {DRAWS:,} draws of each stratum's matrix from its Dirichlet posterior, seed "
    "{seed}."
)
_PURPOSIVE = "The points were chosen by hand, so the shares are not unbiased. "
_NO_LABEL = "no label could be used"


def assess(
    reference: NDArray[np.uint8],
    mapped: NDArray[np.uint8],
    legend: Legend,
    *,
    epoch: str,
    basis: Basis,
    lost: int,
    seed: int = 0,
) -> Accuracy:
    """The error matrix of labels that count one by one.

    Args:
        reference: Shape (labels,), class codes the interpreters gave.
        mapped: Shape (labels,), class codes of the map; all of the legend.
        legend: Its classes are the rows and columns, whether or not they occur.
        epoch: Label of the map's epoch, or of several.
        basis: Whether the labels were held out once or in turn.
        lost: Labels that could not be used because their pixel was not seen or lies outside.
        seed: Of the drawn intervals.
    """
    counts = _matrix(reference, mapped, legend)
    draws = draw_matrices(counts[None], np.zeros(1, dtype=np.int64), np.ones(1), seed=seed)
    right, names = np.diag(counts), legend.names
    users = zip(names, right, counts.sum(axis=1), strict=True)
    producers = zip(names, right, counts.sum(axis=0), strict=True)
    return _accuracy(
        counts.astype(np.float64),
        counts,
        draws,
        legend,
        epoch=epoch,
        basis=basis,
        method=_COUNTS_METHOD.format(seed=seed),
        lost=lost,
        overall=_wilson(right.sum(), counts.sum(), _NO_LABEL),
        users=tuple(_wilson(hits, labels, _unmapped(name)) for name, hits, labels in users),
        producers=tuple(
            _wilson(hits, labels, _unlabelled(name)) for name, hits, labels in producers
        ),
    )


def assess_sample(panel: Panel, legend: Legend, *, epoch: str, seed: int = 0) -> Accuracy:
    """The error matrix in shares of the seen area, from the probability sample.

    Strata need not be classes of the map. Points whose pixel was not seen tell nothing of the map
    and are counted as lost, but they still stand for their part of the stratum.

    Args:
        panel: Every stratum has a point that was labelled at the epoch.
        legend: Its classes are the rows and columns, whether or not they occur.
        epoch: Which of the panel's.
        seed: Of the drawn intervals.
    """
    sample = _sample_of(panel, epoch)
    by_stratum, unseen = _counts_by_stratum(sample, legend)
    draws = draw_matrices(by_stratum, unseen, sample.areas_m2, seed=seed)
    known = int(sample.known.sum())
    method = _SAMPLE_METHOD.format(seed=seed)
    return _accuracy(
        _area_shares(by_stratum, unseen, sample.areas_m2),
        by_stratum.sum(axis=0),
        draws,
        legend,
        epoch=epoch,
        basis="probability-sample",
        method=_PURPOSIVE + method if panel.design == "purposive" else method,
        lost=panel.lost + len(panel.ids) - known,
        overall=sample.share(sample.known, sample.known, sample.known, _NO_LABEL),
        users=tuple(_user(sample, legend.code(name), name) for name in legend.names),
        producers=tuple(_producer(sample, legend.code(name), name) for name in legend.names),
    )


def _accuracy(
    matrix: NDArray[np.float64],
    counts: NDArray[np.int64],
    draws: NDArray[np.float64],
    legend: Legend,
    *,
    epoch: str,
    basis: Basis,
    method: str,
    lost: int,
    overall: Measure,
    users: tuple[Measure, ...],
    producers: tuple[Measure, ...],
) -> Accuracy:
    return Accuracy(
        epoch=epoch,
        basis=basis,
        method=method,
        classes=legend.names,
        matrix=tuple(tuple(row) for row in matrix.tolist()),
        counts=tuple(tuple(row) for row in counts.tolist()),
        area_weighted=basis == "probability-sample",
        labels=int(counts.sum()),
        lost=lost,
        overall=overall,
        users=users,
        producers=producers,
        kappa=measured_kappa(matrix, draws),
        quantity_disagreement=measured_disagreement(quantity_disagreement, matrix, draws),
        allocation_disagreement=measured_disagreement(allocation_disagreement, matrix, draws),
    )


@dataclass(frozen=True)
class _Sample:
    """The labelled points of a panel at one epoch; arrays of shape (points,)."""

    stratum: NDArray[np.int64]
    areas_m2: NDArray[np.float64]
    """Shape (strata,)."""
    known: NDArray[np.bool_]
    """Whether the map has a class there."""
    reference: NDArray[np.uint8]
    mapped: NDArray[np.uint8]

    def share(
        self,
        asked: NDArray[np.bool_],
        may_hit: NDArray[np.bool_],
        may_miss: NDArray[np.bool_],
        empty: str,
    ) -> Measure:
        """Share of the asked-for area where map and reference agree."""
        source = "share of the area, stratified ratio estimator"
        agrees = self.reference == self.mapped
        found = ratio(
            asked & agrees,
            asked & ~agrees,
            self.stratum,
            self.areas_m2,
            may_hit=may_hit,
            may_miss=may_miss,
        )
        if found is None:
            return Measure(None, "share", None, None, source, empty)
        return Measure(found.value, "share", found.low, found.high, source)


def _sample_of(panel: Panel, epoch: str) -> _Sample:
    judged, column = panel.labelled(epoch), panel.column(epoch)
    return _Sample(
        stratum=panel.stratum[judged],
        areas_m2=panel.areas_m2,
        known=panel.seen(epoch)[judged],
        reference=panel.reference[judged, column],
        mapped=panel.mapped[judged, column],
    )


def _user(sample: _Sample, code: int, name: str) -> Measure:
    here = sample.known & (sample.mapped == code)
    return sample.share(here, here, here, _unmapped(name))


def _producer(sample: _Sample, code: int, name: str) -> Measure:
    there = sample.known & (sample.reference == code)
    shown = sample.known & (sample.mapped == code)
    # Ground mapped as another class is where this one can have been missed.
    return sample.share(there, shown, sample.known & ~shown, _unlabelled(name))


def _counts_by_stratum(
    sample: _Sample, legend: Legend
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Matrix of each stratum, shape (strata, classes, classes), and its unseen points."""
    members = [sample.stratum == index for index in range(len(sample.areas_m2))]
    matrices = [
        _matrix(sample.reference[here & sample.known], sample.mapped[here & sample.known], legend)
        for here in members
    ]
    return np.stack(matrices), np.array([int((here & ~sample.known).sum()) for here in members])


def _matrix(
    reference: NDArray[np.uint8], mapped: NDArray[np.uint8], legend: Legend
) -> NDArray[np.int64]:
    """Counts, rows the map, columns the reference, classes by rising code."""
    codes = np.array(sorted(each.code for each in legend.classes))
    if not (np.isin(reference, codes).all() and np.isin(mapped, codes).all()):
        raise ValueError("reference and map must hold classes of the legend only")
    rows, columns = np.searchsorted(codes, mapped), np.searchsorted(codes, reference)
    flat = np.bincount(rows * len(codes) + columns, minlength=len(codes) ** 2)
    return flat.reshape(len(codes), len(codes)).astype(np.int64)


def _area_shares(
    by_stratum: NDArray[np.int64], unseen: NDArray[np.int64], areas: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of the seen area in each cell."""
    points = np.maximum(by_stratum.sum(axis=(1, 2)) + unseen, 1)
    cells = (by_stratum * (areas / points)[:, None, None]).sum(axis=0)
    return np.asarray(cells / (cells.sum() or 1.0))


def _wilson(right: int, labels: int, empty: str) -> Measure:
    source = "share of the labels"
    if labels == 0:
        return Measure(None, "share", None, None, source, empty)
    share = float(right / labels)
    return Measure(share, "share", *wilson(share, float(labels)), source)


def _unmapped(name: str) -> str:
    return f"no usable label lies where the map shows '{name}'"


def _unlabelled(name: str) -> str:
    return f"no usable label is of class '{name}'"
