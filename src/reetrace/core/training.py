"""What a forest is grown on, whoever grows it: the usable labels as a checked table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import LabelError, SettingError
from reetrace.core.landcover import Legend
from reetrace.core.model import Knobs, Model
from reetrace.core.raster import ndvi_feature
from reetrace.core.samples import Samples

MIN_LABELS_PER_CLASS = 5
"""Fewer seen training labels of a class than this are refused: half of them make each tree."""

_MAX_TREES = 10_000


@dataclass(frozen=True)
class ForestArrays:
    """The trees of a forest one after the other, as `Model` holds them."""

    tree_start: NDArray[np.int32]
    feature: NDArray[np.int8]
    threshold: NDArray[np.uint16]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    leaf_class: NDArray[np.int16]


@dataclass(frozen=True)
class TrainingSet:
    """The usable labels of a sensor family, by epoch and id."""

    features: tuple[str, ...]
    """Band roles in order, `ndvi` last where red and nir are there."""
    values: NDArray[np.uint16]
    """Shape (points, features)."""
    classes: NDArray[np.intp]
    """Shape (points,): positions in the legend's names."""
    knobs: Knobs
    legend: Legend
    sensor_family: str
    trained_on: tuple[str, ...]
    """Digests of the label files."""
    simulated: bool

    @property
    def codes(self) -> tuple[int, ...]:
        """Class codes in the order of the legend's names."""
        return tuple(self.legend.code(name) for name in self.legend.names)

    def model(self, arrays: ForestArrays) -> Model:
        """The forest that was grown on this table."""
        return Model(
            features=self.features,
            classes=self.legend.names,
            codes=self.codes,
            tree_start=arrays.tree_start,
            feature=arrays.feature,
            threshold=arrays.threshold,
            left=arrays.left,
            right=arrays.right,
            leaf_class=arrays.leaf_class,
            knobs=self.knobs,
            sensor_family=self.sensor_family,
            trained_on=self.trained_on,
            training_points=len(self.classes),
            simulated=self.simulated,
        )


def features_of(
    values: NDArray[np.uint16], bands: Sequence[str]
) -> tuple[tuple[str, ...], NDArray[np.uint16]]:
    """What the forest looks at: the bands as stored, and the NDVI where red and nir are there.

    Args:
        values: Shape (points, bands), stored reflectance.
        bands: Roles of the columns.

    Returns:
        Names of the features, and their values, shape (points, features).
    """
    bands = tuple(bands)
    if not {"red", "nir"} <= set(bands):
        return bands, values
    ndvi = ndvi_feature(values[:, bands.index("red")], values[:, bands.index("nir")])
    return (*bands, "ndvi"), np.column_stack([values, ndvi])


def training_set(
    samples: Sequence[Samples],
    *,
    keep: Sequence[NDArray[np.bool_]],
    knobs: Knobs,
    legend: Legend,
    sensor_family: str,
) -> TrainingSet:
    """The kept labels whose pixel was seen, once everything about them is in order.

    Arguments as for `classify.forest.fit`.

    Raises:
        LabelError: A class has too few labels, or a label has a class that the legend lacks.
        SettingError: A knob holds a value that cannot be used.
    """
    names, values, classes = _table(samples, keep, legend)
    _check_knobs(knobs, len(names))
    _check_counts(classes, legend, samples)
    return TrainingSet(
        features=names,
        values=values,
        classes=classes,
        knobs=knobs,
        legend=legend,
        sensor_family=sensor_family,
        trained_on=tuple(sorted({each.labels.digest for each in samples})),
        simulated=any(each.labels.simulated for each in samples),
    )


def _table(
    samples: Sequence[Samples], keep: Sequence[NDArray[np.bool_]], legend: Legend
) -> tuple[tuple[str, ...], NDArray[np.uint16], NDArray[np.intp]]:
    """Features and class positions of the usable labels, by epoch and id."""
    bands = samples[0].bands
    rows: list[tuple[str, str, NDArray[np.uint16], int]] = []
    for each, kept in zip(samples, keep, strict=True):
        if each.bands != bands:
            raise LabelError(
                f"{each.labels.source}: bands {', '.join(each.bands)} cannot train together with "
                f"{', '.join(bands)}. Fit one model per sensor family."
            )
        usable = kept & each.seen & (each.rows >= 0) & (each.cols >= 0)
        for index in np.flatnonzero(usable):
            label = each.labels.points[index]
            if label.landcover not in legend.names:
                raise LabelError(
                    f"{each.labels.source}: label {label.id}: class '{label.landcover}' is not in "
                    f"the legend '{legend.id}' ({', '.join(legend.names)}). Correct the label."
                )
            position = legend.names.index(label.landcover)
            rows.append((each.labels.epoch, label.id, each.values[index], position))
    rows.sort(key=lambda row: (row[0], row[1]))
    stored = np.array([row[2] for row in rows], dtype=np.uint16).reshape(-1, len(bands))
    names, values = features_of(stored, bands)
    return names, values, np.array([row[3] for row in rows], dtype=np.intp)


def _check_counts(classes: NDArray[np.intp], legend: Legend, samples: Sequence[Samples]) -> None:
    counts = np.bincount(classes, minlength=len(legend.names))
    for name, count in zip(legend.names, counts, strict=True):
        if count < MIN_LABELS_PER_CLASS:
            sources = ", ".join(sorted({each.labels.source for each in samples}))
            raise LabelError(
                f"{sources}: {count} usable training labels of class '{name}', at least "
                f"{MIN_LABELS_PER_CLASS} are needed. Add labels of it on ground that was seen."
            )


def _check_knobs(knobs: Knobs, feature_count: int) -> None:
    split = knobs.variables_per_split
    faults = (
        (not 1 <= knobs.trees <= _MAX_TREES, "trees", knobs.trees, f"1 to {_MAX_TREES}"),
        (
            split is not None and not 1 <= split <= feature_count,
            "variables_per_split",
            split,
            f"1 to {feature_count}, or none for the square root",
        ),
        (not 0 < knobs.bag_fraction <= 1, "bag_fraction", knobs.bag_fraction, "above 0, to 1"),
        (
            knobs.min_leaf_population < 1,
            "min_leaf_population",
            knobs.min_leaf_population,
            "1 or more",
        ),
        (
            knobs.max_nodes is not None and knobs.max_nodes < 2,  # noqa: PLR2004 - a split makes two leaves
            "max_nodes",
            knobs.max_nodes,
            "2 or more, or none for no limit",
        ),
        (knobs.seed < 0, "seed", knobs.seed, "0 or more"),
    )
    for wrong, name, value, needed in faults:
        if wrong:
            raise SettingError(f"{name} is {value}; {needed} is needed. Change the knob.")
