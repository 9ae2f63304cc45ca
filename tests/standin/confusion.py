"""Error matrices and what is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.standin.classifiers import Classifier
from tests.standin.elements import Collection
from tests.standin.faults import Refused
from tests.standin.pixel_types import Array
from tests.standin.registering import models

_MOST_CLASSES = 1_000


@dataclass(frozen=True)
class Matrix:
    """Rows are the actual classes, columns the predicted ones."""

    counts: Array
    order: list[int]


@models("Array")
def array(values: Any) -> Any:
    """An array is carried as the lists it was made of."""
    return values


@models("ConfusionMatrix")
def matrix(array: Any, order: list[int] | None) -> Matrix:
    """A matrix of its counts."""
    counts = np.asarray(array, dtype=np.int64)
    return Matrix(counts, order if order is not None else list(range(len(counts))))


@models("Collection.errorMatrix")
def error_matrix(
    collection: Collection, actual: str, predicted: str, order: list[int] | None
) -> Matrix:
    """Counts of actual by predicted class: small whole numbers from 0 unless an order is given."""
    pairs = [
        (int(item.properties[actual]), int(item.properties[predicted]))
        for item in collection.items
        if actual in item.properties and predicted in item.properties
    ]
    if order is None:
        most = max((max(pair) for pair in pairs), default=0)
        if min((min(pair) for pair in pairs), default=0) < 0 or most > _MOST_CLASSES:
            raise Refused("Collection.errorMatrix: Class values must be small and not negative.")
        order = list(range(most + 1))
    counts = np.zeros((len(order), len(order)), dtype=np.int64)
    for row, column in pairs:
        if row in order and column in order:
            counts[order.index(row), order.index(column)] += 1
    return Matrix(counts, order)


@models("Classifier.confusionMatrix")
def resubstitution(classifier: Classifier) -> Matrix:
    """The matrix of the training data themselves."""
    if classifier.training is None:
        raise Refused("Classifier.confusionMatrix: The classifier has not been trained.")
    values, labels = classifier.training
    found = classifier.label({name: values[:, k] for k, name in enumerate(classifier.schema)})
    size = int(max(labels.max(), found.max())) + 1
    counts = np.zeros((size, size), dtype=np.int64)
    np.add.at(counts, (labels.astype(int), found.astype(int)), 1)
    return Matrix(counts, list(range(size)))


def _shares(parts: Array, totals: Array) -> Array:
    return np.divide(parts, totals, out=np.zeros(len(parts)), where=totals > 0)


@models("ConfusionMatrix.array")
def counts(confusion_matrix: Matrix) -> list[list[int]]:
    """Rows of counts."""
    listed: list[list[int]] = confusion_matrix.counts.tolist()
    return listed


@models("ConfusionMatrix.order")
def order(confusion_matrix: Matrix) -> list[int]:
    """Class of each row."""
    return confusion_matrix.order


@models("ConfusionMatrix.accuracy")
def accuracy(confusion_matrix: Matrix) -> float:
    """Share that agrees."""
    return float(np.trace(confusion_matrix.counts) / confusion_matrix.counts.sum())


@models("ConfusionMatrix.kappa")
def kappa(confusion_matrix: Matrix) -> float:
    """Cohen's."""
    shares = confusion_matrix.counts / confusion_matrix.counts.sum()
    chance = float(shares.sum(axis=0) @ shares.sum(axis=1))
    return float((np.trace(shares) - chance) / (1 - chance))


@models("ConfusionMatrix.producersAccuracy")
def producers_accuracy(confusion_matrix: Matrix) -> list[list[float]]:
    """Of each actual class the share found, as a column."""
    found = confusion_matrix.counts
    column: list[list[float]] = _shares(np.diag(found), found.sum(axis=1))[:, None].tolist()
    return column


@models("ConfusionMatrix.fscore")
def fscore(confusion_matrix: Matrix, beta: float) -> list[float]:
    """Of each class the weighted harmonic mean of its two accuracies."""
    found = confusion_matrix.counts
    recall = _shares(np.diag(found), found.sum(axis=1))
    precision = _shares(np.diag(found), found.sum(axis=0))
    both = (1 + beta**2) * recall * precision
    scores: list[float] = _shares(both, beta**2 * precision + recall).tolist()
    return scores


@models("ConfusionMatrix.consumersAccuracy")
def consumers_accuracy(confusion_matrix: Matrix) -> list[list[float]]:
    """Of each predicted class the share that is right, as a row."""
    found = confusion_matrix.counts
    row: list[list[float]] = _shares(np.diag(found), found.sum(axis=0))[None, :].tolist()
    return row
