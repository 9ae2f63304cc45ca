"""The forest kernel against scikit-learn's two-thread prediction, in alternating rounds.

Prints the ratio of their times (median, least and greatest of the rounds) and whether every vote
is equal. Ratios carry over from machine to machine; seconds do not.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from reetrace.classify.forest import plain_arrays
from reetrace.core.kernel import compile_forest
from reetrace.core.model import Knobs, Model

FEATURES, LABELS, TREES = 8, 197, 50
PIXELS, ROUNDS = 1_000_000, 6


def main() -> None:
    """Fit, compile, race, compare."""
    rng = np.random.default_rng(1)
    training, truth = _labels(rng)
    forest = RandomForestClassifier(TREES, random_state=0, n_jobs=2).fit(training, truth)
    started = time.perf_counter()
    kernel = compile_forest(_model(forest))
    compiled_ms = (time.perf_counter() - started) * 1000
    pixels = np.clip(_mixture(rng, PIXELS), 1, 65_535).astype(np.uint16)
    columns = np.ascontiguousarray(pixels.T)

    ratios, kernel_seconds, sklearn_seconds = [], [], []
    for _ in range(ROUNDS):
        kernel_seconds.append(_seconds(lambda: kernel.votes(columns)))
        sklearn_seconds.append(_seconds(lambda: forest.predict_proba(pixels)))
        ratios.append(sklearn_seconds[-1] / kernel_seconds[-1])

    equal = (kernel.votes(columns) == np.rint(forest.predict_proba(pixels).T * TREES)).all()
    print(f"compile: {compiled_ms:.1f} ms for {TREES} trees, {FEATURES} features")
    print(f"kernel, 1 thread: {PIXELS / min(kernel_seconds) / 1e6:.1f} million pixels a second")
    print(f"scikit-learn, 2 threads: {PIXELS / min(sklearn_seconds) / 1e6:.1f}")
    print(
        f"ratio: {statistics.median(ratios):.1f} (median of {ROUNDS} rounds; "
        f"{min(ratios):.1f} to {max(ratios):.1f})"
    )
    print(f"votes equal on all {PIXELS:,} pixels: {'yes' if equal else 'NO'}")
    if not equal:
        raise SystemExit(1)


def _model(forest: RandomForestClassifier) -> Model:
    names = tuple(f"band-{number}" for number in range(FEATURES))
    arrays = plain_arrays(forest.estimators_)
    return Model(
        features=names,
        classes=("other", "bright"),
        codes=(1, 2),
        **vars(arrays),
        knobs=Knobs(trees=TREES),
        sensor_family="drawn",
        trained_on=(),
        training_points=LABELS,
        simulated=True,
    )


def _mixture(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Pixels of two overlapping kinds of ground."""
    kind = rng.random(count) < 0.3  # noqa: PLR2004 - three in ten are the second kind
    centres = np.where(kind[:, None], 14_000, 10_500) + 700 * np.arange(FEATURES)
    return centres + rng.normal(0, 1_500, (count, FEATURES))


def _labels(rng: np.random.Generator) -> tuple[NDArray[np.uint16], NDArray[np.intp]]:
    training = np.clip(_mixture(rng, LABELS), 1, 65_535).astype(np.uint16)
    truth = (training.mean(axis=1) > 14_000).astype(np.intp)  # noqa: PLR2004 - between the kinds
    wrong = rng.random(LABELS) < 0.03  # noqa: PLR2004 - interpreters err
    return training, np.where(wrong, 1 - truth, truth)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
