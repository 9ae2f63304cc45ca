"""Geemap's writer as a second opinion: where it agrees with ours, and just where and why not."""

from __future__ import annotations

import importlib
import re
import warnings
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from reetrace.classify.forest import plain_arrays
from reetrace.core.errors import ServiceError
from reetrace.core.kernel import compile_forest
from reetrace.core.model import Knobs, Model
from reetrace.engines.earthengine.trees import to_strings
from tests.earthengine.made_up_trees import from_strings

FEATURES = ("blue", "green", "red", "nir", "ndvi")
CODES = (3, 7)


@pytest.fixture(scope="module")
def ml() -> ModuleType:
    """Geemap's module; its import alone takes two seconds."""
    with warnings.catch_warnings():
        # The widgets that geemap brings along declare their fields in a way that traitlets drops.
        warnings.simplefilter("ignore", DeprecationWarning)
        return importlib.import_module("geemap.ml")


def grown(seed: int, **knobs: Any) -> list[DecisionTreeClassifier]:
    """Trees on positions 0 and 1, on random stored integers."""
    rng = np.random.default_rng(seed)
    values = rng.integers(1, 65_536, (120, len(FEATURES))).astype(np.uint16)
    truth = (values[:, 2] > values[:, 3]).astype(int) ^ (rng.random(120) < 0.15)
    forest = RandomForestClassifier(8, random_state=seed, **knobs).fit(values, truth)
    return list(forest.estimators_)


def ours(trees: list[DecisionTreeClassifier]) -> Model:
    """The same trees as our model."""
    return Model(
        features=FEATURES,
        classes=("low", "high"),
        codes=CODES,
        **vars(plain_arrays(trees)),
        knobs=Knobs(trees=len(trees)),
        sensor_family="made-up",
        trained_on=(),
        training_points=120,
        simulated=True,
    )


def theirs(ml: ModuleType, trees: list[DecisionTreeClassifier]) -> list[str]:
    """Geemap's texts, the classes named by their codes."""
    return [
        ml.tree_to_string(tree, FEATURES, labels=CODES, output_mode="CLASSIFICATION")
        for tree in trees
    ]


def read(texts: list[str] | tuple[str, ...]) -> Model:
    """Any texts as a model."""
    return from_strings(texts, features=FEATURES, classes=("low", "high"), codes=CODES)


def votes(model: Model, where: Model) -> NDArray[np.int16]:
    """On pixels that lie on the thresholds of `where`, one above them, and anywhere."""
    rng = np.random.default_rng(0)
    on = where.threshold.astype(np.int64)
    pixels = rng.choice(np.concatenate([on, on + 1]), size=(len(FEATURES), 2_000))
    pixels[:, ::3] = rng.integers(0, 65_536, pixels[:, ::3].shape)
    return compile_forest(model).votes(pixels.astype(np.uint16))


@pytest.mark.parametrize("knobs", [{}, {"max_depth": 4}, {"min_samples_leaf": 5}])
def test_trees_grown_depth_first_are_written_alike(ml: ModuleType, knobs: dict[str, Any]) -> None:
    """Every vote agrees: thresholds are integers or halves, which geemap's six decimals hold."""
    trees = grown(1, **knobs)
    texts = theirs(ml, trees)

    again, model = read(texts), ours(trees)

    np.testing.assert_array_equal(votes(again, model), votes(model, model))
    np.testing.assert_array_equal(again.threshold, model.threshold)


def test_the_texts_differ_only_in_what_nobody_reads(ml: ModuleType) -> None:
    """Without figures, indentation and an inner node's class, threshold by threshold the same.

    geemap keeps the threshold itself, we go halfway to the next integer; it writes sizes,
    impurities to four decimals and inner classes, we write 9999.
    """
    trees = grown(2, max_depth=3)
    line = re.compile(r"(\d+)\) (\w+) ?(<=|>) ?([\d.]+) \S+ \S+ (\S+)( \*)?")

    def bare(text: str) -> list[tuple[str, ...]]:
        return [
            (number, name, sign, str(int(float(value))), label if star else "", star)
            for number, name, sign, value, label, star in line.findall(text)
        ]

    written = to_strings(ours(trees))[: len(trees)]

    assert [bare(text) for text in written] == [bare(text) for text in theirs(ml, trees)]


def test_trees_grown_best_leaf_first_are_unreadable_as_geemap_writes_them(ml: ModuleType) -> None:
    """Geemap takes scikit-learn's nodes for depth-first; with `max_leaf_nodes` they are not.

    The service then says "Error parsing line 4: expected 8, got 3", as our reader does. Ours are
    renumbered on the way out.
    """
    trees = grown(3, max_leaf_nodes=8)
    model = ours(trees)
    again = read(to_strings(model)[: len(trees)])

    with pytest.raises(ServiceError, match=r"node \d+ stands where node \d+ was expected"):
        read(theirs(ml, trees))

    np.testing.assert_array_equal(votes(again, model), votes(model, model))


def test_a_tree_that_votes_for_one_class_alone_is_mislabelled_by_geemap(ml: ModuleType) -> None:
    """It numbers the classes that occur in this tree, so the second class alone becomes the first.

    Both leaves of this tree hold a majority of the second class.
    """
    values = np.arange(1, 13, dtype=np.uint16)[:, None] * np.ones(5, dtype=np.uint16)
    truth = np.array([1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1])
    tree = DecisionTreeClassifier(max_depth=1, min_samples_leaf=4, random_state=0)
    tree.fit(values, truth)

    model, mislabelled = ours([tree]), read(theirs(ml, [tree]))

    assert (votes(model, model) == [[0], [1]]).all()
    assert (votes(mislabelled, model) == [[1], [0]]).all()


def test_a_tree_of_one_leaf_cannot_be_written_by_geemap(ml: ModuleType) -> None:
    """It fails on the squeezed array; ours goes out with a question that changes nothing."""
    tree = DecisionTreeClassifier().fit(np.ones((4, 5)), [0, 1, 1, 1])

    with pytest.raises(TypeError, match="not iterable"):
        theirs(ml, [tree])

    model = ours([tree])
    assert (votes(read(to_strings(model)), model) == [[0], [1]]).all()
