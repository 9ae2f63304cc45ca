"""Decision trees, forests and error matrices."""

from __future__ import annotations

from typing import Any

import ee
import numpy as np
import pytest

from tests.loopback.backend import BackendError
from tests.standin import StandIn, World
from tests.standin.faults import Unmodelled
from tests.standin.offline import features, value
from tests.standin.small import image, layer, service

STUMP = "1) root 9999 9999 9999\n2) red<=10.5 9999 9999 1 *\n3) red>10.5 9999 9999 2 *"
DEEP = """1) root 9999 9999 9999 (9999)
 2) red <= 10.5 9999 9999 1 *
 3) red > 10.5 9999 9999 9999
  6) nir < 5 9999 9999 2 *
  7) nir >= 5 9999 9999 3 *
"""
EMPTY = StandIn(World())


def _always(label: int) -> str:
    return f"1) root 9 9 9\n2) red<=0.5 9 9 {label} *\n3) red>0.5 9 9 {label} *"


def _points(*rows: tuple[float, float, int]) -> Any:
    return ee.FeatureCollection(
        [ee.Feature(None, {"a": a, "b": b, "kind": kind}) for a, b, kind in rows]
    )


def _table(count: int = 60) -> Any:
    rng = np.random.default_rng(3)
    values = rng.uniform(0, 1000, (count, 2)).round(1)
    return _points(*((float(a), float(b), int(a > 500)) for a, b in values))


def test_a_tree_in_rs_format_splits_as_its_lines_say():
    """The children of node 3 are 6 and 7; a threshold belongs to the side with the equals sign."""
    backend = service(red=[[10, 11, 12]], nir=[[9, 4, 5]])

    found = image().classify(ee.Classifier.decisionTree(DEEP))

    assert layer(backend, found, 1, 3).tolist() == [[1, 2, 3]]


def test_every_tree_has_one_vote():
    """Two of three win; several trees may stand in one text."""
    backend = service(red=[[5, 20]])
    texts = [f"{_always(2)}\n{STUMP}", _always(1)]

    found = image().classify(ee.Classifier.decisionTreeEnsemble(texts))

    assert layer(backend, found, 1, 2).tolist() == [[1, 2]]


def test_a_tie_goes_to_the_highest_class_on_purpose():
    """Nobody documents who wins: a graph that relied on the lower class would fail here."""
    backend = service(red=[[5]])

    found = image().classify(ee.Classifier.decisionTreeEnsemble([_always(1), _always(2)]))

    assert layer(backend, found, 1, 1)[0, 0] == 2


def test_a_pixel_masked_in_a_band_asked_for_has_no_class():
    """Bands that no tree asks for do not matter."""
    backend = service(red=[[5, 0, 5]], nir=[[1, 1, 1]], other=[[0, 0, 0]])

    found = image().classify(ee.Classifier.decisionTree(DEEP))

    assert layer(backend, found.mask(), 1, 3).tolist() == [[1, 0, 1]]


def test_a_band_that_is_missing_is_named():
    """With the bands that there are."""
    backend = service(green=[[5]])

    with pytest.raises(BackendError, match=r"Band 'red' .* missing\. Available bands: \[green\]"):
        layer(backend, image().classify(ee.Classifier.decisionTree(STUMP)), 1, 1)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no root was found"),
        ("1) root 9 9 9\n2) red 10.5 9 9 1 *", "Unable to parse"),
        ("1) root 9 9 9\n2) red<=1 9 9 1 *", "expected 3, got the end"),
        ("1) root 9 9 9\n3) red>1 9 9 1 *\n2) red<=1 9 9 1 *", "expected 2, got 3"),
        ("1) root 9 9 9\n2) red<=1 9 9 one *\n3) red>1 9 9 2 *", "Unable to parse"),
    ],
)
def test_a_broken_tree_is_refused(text: str, complaint: str):
    """Depth first, every inner node with two children, numbers for classes."""
    with pytest.raises(BackendError, match=complaint):
        value(EMPTY, ee.Classifier.decisionTree(text).schema())


def test_sides_that_are_not_opposite_are_refused():
    """A pixel between two thresholds would go nowhere."""
    backend = service(red=[[5]])
    text = "1) root 9 9 9\n2) red<=4 9 9 1 *\n3) red>6 9 9 2 *"

    with pytest.raises(BackendError, match="not each other's opposite"):
        layer(backend, image().classify(ee.Classifier.decisionTree(text)), 1, 1)


def test_a_forest_learns_what_can_be_learnt():
    """Above 500 or not: nearly every point of a table is told."""
    forest = ee.Classifier.smileRandomForest(25, seed=1).train(_table(), "kind", ["a", "b"])

    found = features(EMPTY, _table().classify(forest))
    right = [each["properties"]["classification"] == each["properties"]["kind"] for each in found]

    assert sum(right) / len(right) > 0.95


def test_a_forest_is_the_same_for_the_same_seed():
    """And explains itself in the same words."""

    def trees(seed: int) -> Any:
        forest = ee.Classifier.smileRandomForest(5, seed=seed)
        return value(EMPTY, forest.train(_table(), "kind", ["a", "b"]).explain())["trees"]

    assert trees(1) == trees(1)
    assert trees(1) != trees(2)


def test_a_forests_own_trees_vote_as_the_forest():
    """The text of `explain`, given back as an ensemble, labels the same points the same."""
    table = _table()
    forest = ee.Classifier.smileRandomForest(9, seed=4).train(table, "kind", ["a", "b"])
    texts = value(EMPTY, forest.explain())["trees"]

    grown = features(EMPTY, table.classify(forest))
    given = features(EMPTY, table.classify(ee.Classifier.decisionTreeEnsemble(texts)))

    assert given == grown


def test_the_knobs_of_a_forest_are_obeyed():
    """Trees, leaves and splits as asked for."""
    forest = ee.Classifier.smileRandomForest(3, maxNodes=2, variablesPerSplit=1, bagFraction=0.7)

    explained = value(EMPTY, forest.train(_table(), "kind", ["a", "b"]).explain())

    assert explained["numberOfTrees"] == len(explained["trees"]) == 3
    assert all(text.count("*") <= 2 for text in explained["trees"])
    assert explained["classes"] == [0, 1]


def test_training_needs_every_property_of_every_point():
    """A point that lost its value to a mask is named."""
    points = ee.FeatureCollection([ee.Feature(None, {"kind": 1, "a": 3})])

    with pytest.raises(BackendError, match="Property 'b' of feature '0' is missing"):
        value(
            EMPTY,
            ee.Classifier.smileRandomForest(1).train(points, "kind", ["a", "b"]).explain(),
        )


def test_an_untrained_forest_labels_nothing():
    """It is refused and not guessed at."""
    with pytest.raises(BackendError, match="has not been trained"):
        features(EMPTY, _table().classify(ee.Classifier.smileRandomForest(1)))


def test_the_order_of_training_features_is_not_left_open():
    """Which properties are bands is said, or it is not modelled."""
    with pytest.raises(Unmodelled, match="inputProperties"):
        value(EMPTY, ee.Classifier.smileRandomForest(1).train(_table(), "kind").explain())


def test_rows_of_an_error_matrix_are_the_actual_classes():
    """Columns are the predicted ones; classes count from 0."""
    pairs = [(1, 1), (1, 2), (1, 2), (2, 2)]
    table = ee.FeatureCollection(
        [ee.Feature(None, {"actual": one, "predicted": other}) for one, other in pairs]
    )

    found = table.errorMatrix("actual", "predicted")

    assert value(EMPTY, found) == [[0, 0, 0], [0, 1, 2], [0, 0, 1]]
    assert value(EMPTY, table.errorMatrix("actual", "predicted", [1, 2])) == [[1, 2], [0, 1]]


def test_accuracy_and_kappa_are_those_of_the_counts():
    """Of [45 5; 10 40]: 0.85, and 0.70 beyond chance."""
    matrix = ee.ConfusionMatrix(ee.Array([[45, 5], [10, 40]]))

    assert value(EMPTY, matrix.accuracy()) == pytest.approx(0.85)
    assert value(EMPTY, matrix.kappa()) == pytest.approx(0.70)
    assert value(EMPTY, matrix.producersAccuracy()) == [[0.9], [0.8]]
    assert value(EMPTY, matrix.consumersAccuracy())[0][0] == pytest.approx(45 / 55)
    assert value(EMPTY, matrix.fscore())[0] == pytest.approx(90 / 105)
