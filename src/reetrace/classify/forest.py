"""A random forest that scikit-learn grows tree by tree and that leaves it as plain arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import SettingError
from reetrace.core.kernel import compile_forest
from reetrace.core.landcover import Legend
from reetrace.core.model import Knobs, Model
from reetrace.core.samples import Samples
from reetrace.core.training import ForestArrays, features_of, training_set

if TYPE_CHECKING:
    from sklearn.tree import DecisionTreeClassifier


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
    table = training_set(
        samples, keep=keep, knobs=knobs, legend=legend, sensor_family=sensor_family
    )
    trees = [_grow(table.values, table.classes, knobs, tree) for tree in range(knobs.trees)]
    return table.model(plain_arrays(trees))


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
