"""Every label judged once by a forest that never saw its block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reetrace.classify.forest import fit, predict
from reetrace.core.errors import LabelError
from reetrace.core.landcover import NOT_SEEN, Legend
from reetrace.core.model import Knobs, Model
from reetrace.core.samples import Samples


class Grow(Protocol):
    """Whatever grows a forest as `fit` does."""

    def __call__(
        self,
        samples: Sequence[Samples],
        *,
        keep: Sequence[NDArray[np.bool_]],
        knobs: Knobs,
        legend: Legend,
        sensor_family: str,
    ) -> Model:
        """The forest."""
        ...


def cross_validate(
    samples: Sequence[Samples],
    *,
    folds: Sequence[NDArray[np.int64]],
    knobs: Knobs,
    legend: Legend,
    sensor_family: str,
    grow: Grow = fit,
) -> tuple[NDArray[np.uint8], ...]:
    """For each of the samples, the class each label is given by the forest of the other folds.

    Args:
        samples: As for `fit`.
        folds: For each of `samples`, shape (points,): the fold each label is tested in.
        knobs: As for `fit`.
        legend: As for `fit`.
        sensor_family: As for `fit`.
        grow: Grows a forest as `fit` does, here or elsewhere.

    Returns:
        Class codes, `NOT_SEEN` where the label's pixel was not seen or lies off the grid, and where
        the other folds hold too few labels of a class to train on.
    """
    given = tuple(np.full(len(each.labels.points), NOT_SEEN, dtype=np.uint8) for each in samples)
    for fold in sorted({int(number) for each in folds for number in each}):
        tested = [each == fold for each in folds]
        keep = [~here for here in tested]
        try:
            model = grow(
                samples, keep=keep, knobs=knobs, legend=legend, sensor_family=sensor_family
            )
        except LabelError:
            # The whole was fitted before; this fold alone holds a class. Its labels stay unjudged.
            continue
        for codes, each, here in zip(given, samples, tested, strict=True):
            usable = here & each.seen & (each.rows >= 0) & (each.cols >= 0)
            codes[usable] = predict(model, each.values[usable], each.bands)
    return given


def reference_codes(samples: Samples, legend: Legend) -> NDArray[np.uint8]:
    """Shape (points,): the class codes that the interpreters gave; KeyError for an unknown one."""
    codes = [legend.code(label.landcover) for label in samples.labels.points]
    return np.array(codes, dtype=np.uint8)
