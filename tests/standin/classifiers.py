"""Classifiers: decision trees as given, and random forests grown by scikit-learn."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.standin.elements import Collection, Feature
from tests.standin.faults import Refused, Unmodelled
from tests.standin.grids import Grid
from tests.standin.layers import Image, Layer, Pixels
from tests.standin.pixel_types import Array, named_type
from tests.standin.registering import models
from tests.standin.trees import Tree, majority, read_trees, write_tree


@dataclass(frozen=True)
class Classifier:
    """What labels pixels by the values of named bands."""

    schema: tuple[str, ...]
    predict: Callable[[Mapping[str, Array]], Array] | None
    """Bands by name, shape (pixels,) each, to labels; None before training."""
    grow: Callable[[Array, Array], Any] | None = None
    """Values (rows, bands) and labels to a fitted forest."""
    knobs: Mapping[str, Any] = field(default_factory=dict)
    forest: Any = None
    training: tuple[Array, Array] | None = None

    def label(self, values: Mapping[str, Array]) -> Array:
        """Labels, or a refusal where it is not trained."""
        if self.predict is None:
            raise Refused("Classifier: The classifier has not been trained.")
        return self.predict(values)


def _ensemble(trees: list[Tree]) -> Classifier:
    names = tuple(dict.fromkeys(name for tree in trees for name in tree.names))

    def predict(values: Mapping[str, Array]) -> Array:
        return majority(np.stack([tree.labels(values) for tree in trees]))

    return Classifier(names, predict)


@models("Classifier.decisionTree")
def decision_tree(tree_string: str) -> Classifier:
    """One tree."""
    trees = read_trees(tree_string)
    if len(trees) != 1:
        raise Refused(f"Classifier.decisionTree: One tree is needed, got {len(trees)}.")
    return _ensemble(trees)


@models("Classifier.decisionTreeEnsemble")
def decision_tree_ensemble(tree_strings: list[str]) -> Classifier:
    """Trees with one vote each."""
    return _ensemble([tree for text in tree_strings for tree in read_trees(text)])


@models("Classifier.smileRandomForest")
def random_forest(
    number_of_trees: int,
    variables_per_split: int | None,
    min_leaf_population: int,
    bag_fraction: float,
    max_nodes: int | None,
    seed: int,
) -> Classifier:
    """A forest still to be grown; scikit-learn draws other samples than the service."""

    def grow(values: Array, labels: Array) -> Any:
        from sklearn.ensemble import RandomForestClassifier

        per_split = variables_per_split or max(int(math.sqrt(values.shape[1])), 1)
        forest = RandomForestClassifier(
            n_estimators=number_of_trees,
            max_features=per_split,
            min_samples_leaf=min_leaf_population,
            max_samples=bag_fraction,
            max_leaf_nodes=max_nodes,
            random_state=seed,
            n_jobs=1,
        )
        return forest.fit(values, labels)

    knobs = {
        "numberOfTrees": number_of_trees,
        "variablesPerSplit": variables_per_split,
        "minLeafPopulation": min_leaf_population,
        "bagFraction": bag_fraction,
        "maxNodes": max_nodes,
        "seed": seed,
    }
    return Classifier((), None, grow, knobs)


@models("Classifier.train")
def train(
    classifier: Classifier,
    features: Collection,
    class_property: str,
    input_properties: list[str] | None,
    subsampling: float,
) -> Classifier:
    """A classifier that has learnt from features; those that lack a property are refused."""
    if classifier.grow is None:
        raise Refused("Classifier.train: This classifier cannot be trained.")
    if subsampling != 1:
        raise Unmodelled(f"Classifier.train with subsampling {subsampling}")
    if input_properties is None:
        raise Unmodelled("Classifier.train without inputProperties")
    rows = features.features()
    if not rows:
        raise Refused("Classifier.train: No features to train on.")
    for row in rows:
        for name in (*input_properties, class_property):
            if not isinstance(row.properties.get(name), int | float):
                raise Refused(
                    f"Classifier.train: Property '{name}' of feature "
                    f"'{row.properties.get('system:index')}' is missing."
                )
    values = np.array([[row.properties[name] for name in input_properties] for row in rows], float)
    labels = np.array([row.properties[class_property] for row in rows])
    forest = classifier.grow(values, labels)

    def predict(found: Mapping[str, Array]) -> Array:
        table = np.column_stack([found[name] for name in input_properties]).astype(np.float64)
        votes = [forest.classes_[tree.predict(table).astype(int)] for tree in forest.estimators_]
        return majority(np.stack(votes))

    return dataclasses.replace(
        classifier,
        schema=tuple(input_properties),
        predict=predict,
        forest=forest,
        training=(values, labels),
    )


@models("Classifier.explain")
def explain(classifier: Classifier) -> dict[str, Any]:
    """The knobs of a trained forest, its importances and its trees in words."""
    if classifier.forest is None:
        raise Unmodelled("Classifier.explain of anything but a trained forest")
    classes = classifier.forest.classes_.tolist()
    importances = classifier.forest.feature_importances_.tolist()
    return {
        **{name: value for name, value in classifier.knobs.items() if value is not None},
        "classes": classes,
        "importance": dict(zip(classifier.schema, importances, strict=True)),
        "trees": [
            write_tree(tree.tree_, classifier.schema, classes)
            for tree in classifier.forest.estimators_
        ],
    }


@models("Classifier.schema")
def schema(classifier: Classifier) -> list[str]:
    """Bands that are asked for."""
    return list(classifier.schema)


@models("Image.classify")
def classify_image(image: Image, classifier: Classifier, output_name: str) -> Image:
    """One band of labels; masked where a band asked for is."""
    missing = [name for name in classifier.schema if name not in image.bands]
    if missing:
        raise Refused(
            f"Image.classify: Band '{missing[0]}' that the classifier asks for is missing. "
            f"Available bands: [{', '.join(image.names)}]"
        )
    layers = {name: image.bands[name] for name in classifier.schema}
    # A forest without splits asks for nothing; the image says where there is something.
    layers = layers or dict(list(image.bands.items())[:1])

    def compute(grid: Grid) -> Pixels:
        read = {name: layer.read(grid) for name, layer in layers.items()}
        mask = np.minimum.reduce([each for _, each in read.values()])
        seen = mask > 0
        labels = np.zeros(mask.shape, dtype=np.int64)
        if seen.any():
            labels[seen] = classifier.label({name: each[seen] for name, (each, _) in read.items()})
        return labels, mask

    first = next(iter(layers.values()))
    band = Layer(named_type("int32"), first.projection, compute)
    return Image({output_name: band}, {}, image.footprint)


@models("FeatureCollection.classify")
def classify_features(features: Collection, classifier: Classifier, output_name: str) -> Collection:
    """Features with their label."""
    rows: list[Feature] = features.features()
    if not rows:
        return features
    values = {
        name: np.array([row.properties[name] for row in rows], float) for name in classifier.schema
    }
    labels = classifier.label(values)
    items = [row.having({output_name: int(label)}) for row, label in zip(rows, labels, strict=True)]
    return Collection(tuple(items), features.properties, features.id)
