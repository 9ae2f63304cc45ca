"""A random forest that scikit-learn grows tree by tree and that leaves it as plain arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import LabelError, SettingError
from reetrace.core.kernel import compile_forest
from reetrace.core.landcover import Legend
from reetrace.core.model import Knobs, Model
from reetrace.core.raster import ndvi_feature
from reetrace.core.samples import Samples

if TYPE_CHECKING:
    from sklearn.tree import DecisionTreeClassifier

MIN_LABELS_PER_CLASS = 5
"""Fewer seen training labels of a class than this are refused: half of them make each tree."""

_MAX_TREES = 10_000


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


def fit(
    samples: Sequence[Samples],
    *,
    keep: Sequence[NDArray[np.bool_]],
    knobs: Knobs,
    legend: Legend,
    sensor_family: str,
) -> Model:
    """Grow a forest on the labels of one or more epochs of one sensor family.

    Labels whose pixel was not seen or lies off the grid are left out. The order of the labels and
    of the epochs changes nothing.

    Args:
        samples: Labels with the values beneath them, the same bands in each.
        keep: For each of `samples`, shape (points,): the labels to train on; the rest is held out.
        knobs: Trees, variables per split, bag fraction, least leaf, most leaves, seed.
        legend: Every one of its classes must be labelled.
        sensor_family: For the record; the caller sees to it that the samples belong together.

    Raises:
        LabelError: A class has too few labels, or a label has a class that the legend lacks.
        SettingError: A knob holds a value that cannot be used.
    """
    names, values, classes = _training_table(samples, keep, legend)
    _check_knobs(knobs, len(names))
    _check_counts(classes, legend, samples)
    trees = [_grow(values, classes, knobs, tree) for tree in range(knobs.trees)]
    arrays = plain_arrays(trees)
    return Model(
        features=names,
        classes=legend.names,
        codes=tuple(legend.code(name) for name in legend.names),
        tree_start=arrays.tree_start,
        feature=arrays.feature,
        threshold=arrays.threshold,
        left=arrays.left,
        right=arrays.right,
        leaf_class=arrays.leaf_class,
        knobs=knobs,
        sensor_family=sensor_family,
        trained_on=tuple(sorted({each.labels.digest for each in samples})),
        training_points=len(classes),
        simulated=any(each.labels.simulated for each in samples),
    )


def predict(model: Model, values: NDArray[np.uint16], bands: Sequence[str]) -> NDArray[np.uint8]:
    """Class code of each point; 0 where a band was not seen.

    Args:
        model: As fitted.
        values: Shape (points, bands), stored reflectance.
        bands: Roles of the columns; all that the model asks for must be among them.
    """
    names, features = features_of(values, bands)
    missing = set(model.features) - set(names)
    if missing:
        raise SettingError(
            f"the model looks at {', '.join(model.features)}; the image has no "
            f"{', '.join(sorted(missing))}. Classify an image of the {model.sensor_family} family."
        )
    picked = features[:, [names.index(name) for name in model.features]]
    codes = compile_forest(model).classify(np.ascontiguousarray(picked.T))
    # An NDVI feature of 0 is -1, not unseen: only the bands themselves tell.
    looked_at = [names.index(name) for name in model.features if name != "ndvi"]
    codes[(features[:, looked_at] == 0).any(axis=1)] = 0
    return codes


@dataclass(frozen=True)
class ForestArrays:
    """The trees of a forest one after the other, as `Model` holds them."""

    tree_start: NDArray[np.int32]
    feature: NDArray[np.int8]
    threshold: NDArray[np.uint16]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    leaf_class: NDArray[np.int16]


def plain_arrays(trees: Sequence[DecisionTreeClassifier]) -> ForestArrays:
    """scikit-learn's trees as arrays that decide stored integers exactly as it does.

    scikit-learn goes left where float32(value) <= threshold. Integers up to 65,535 are exact in
    float32 and thresholds lie between values it saw, so the largest integer that goes left is the
    floor of the threshold.

    Args:
        trees: Fitted on class indices (0 to classes - 1), so that leaves can name them.
    """
    sizes = [tree.tree_.node_count for tree in trees]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    inner = [tree.tree_.feature >= 0 for tree in trees]
    pieces: list[tuple[NDArray[np.generic], ...]] = []
    for tree, start, splits in zip(trees, starts, inner, strict=False):
        nodes = tree.tree_
        # The majority of the leaf; argmax takes the first, so a tie goes to the lower class.
        majority = tree.classes_[nodes.value[:, 0, :].argmax(axis=1)]
        pieces.append(
            (
                np.where(splits, nodes.feature, -1).astype(np.int8),
                np.where(splits, np.floor(nodes.threshold), 0).astype(np.uint16),
                np.where(splits, nodes.children_left + start, -1).astype(np.int32),
                np.where(splits, nodes.children_right + start, -1).astype(np.int32),
                np.where(splits, -1, majority).astype(np.int16),
            )
        )
    feature, threshold, left, right, leaf_class = (
        np.concatenate(column) for column in zip(*pieces, strict=True)
    )
    return ForestArrays(starts, feature, threshold, left, right, leaf_class)


def _training_table(
    samples: Sequence[Samples], keep: Sequence[NDArray[np.bool_]], legend: Legend
) -> tuple[tuple[str, ...], NDArray[np.uint16], NDArray[np.intp]]:
    """Features and class indices of the usable labels, by epoch and id."""
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


def _grow(
    values: NDArray[np.uint16], classes: NDArray[np.intp], knobs: Knobs, tree: int
) -> DecisionTreeClassifier:
    from sklearn.tree import DecisionTreeClassifier

    rng = np.random.default_rng([knobs.seed, tree])
    bag = _bag(classes, knobs.bag_fraction, rng)
    variables = knobs.variables_per_split or max(1, math.isqrt(values.shape[1]))
    grower = DecisionTreeClassifier(
        max_features=variables,
        min_samples_leaf=knobs.min_leaf_population,
        max_leaf_nodes=knobs.max_nodes,
        random_state=int(rng.integers(2**31)),
    )
    return grower.fit(values[bag], classes[bag])


def _bag(classes: NDArray[np.intp], fraction: float, rng: np.random.Generator) -> NDArray[np.intp]:
    """Labels one tree is grown on, drawn class by class as Smile does.

    Below a fraction of 1 it draws without replacement, at 1 with it (`smile.classification.
    RandomForest`, argument `subsample`), which scikit-learn's own forest cannot do.
    """
    bags = []
    for index in np.unique(classes):
        members = np.flatnonzero(classes == index)
        count = max(1, math.floor(len(members) * fraction + 0.5))
        bags.append(rng.choice(members, size=count, replace=fraction == 1))
    return np.sort(np.concatenate(bags))
