"""The fitted forest decides as scikit-learn's trees do, and its knobs mean what they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from reetrace.classify.forest import fit, plain_arrays, predict
from reetrace.core.errors import LabelError, SettingError
from reetrace.core.kernel import compile_forest
from reetrace.core.model import Knobs, Model
from reetrace.core.samples import Samples
from reetrace.core.training import features_of
from tests.classify.made_up_labels import BANDS, MINE, THREE, samples, two_kinds

EXTREMES = [0, 1, 65_535]


def everything(*each: Samples) -> list[NDArray[np.bool_]]:
    """Keep all labels."""
    return [np.ones(len(one.labels.points), dtype=bool) for one in each]


def fitted(*each: Samples, **knobs: float) -> Model:
    """A model of the default knobs but for those given."""
    return fit(
        each,
        keep=everything(*each),
        knobs=replace(Knobs(), **knobs),  # type: ignore[arg-type]
        legend=MINE,
        sensor_family="tm",
    )


def model_of(trees: list[DecisionTreeClassifier], features: int, classes: int) -> Model:
    """A model around trees that scikit-learn grew."""
    return Model(
        features=tuple(f"band-{number}" for number in range(features)),
        classes=tuple(f"class-{number}" for number in range(classes)),
        codes=tuple(range(1, classes + 1)),
        **vars(plain_arrays(trees)),
        knobs=Knobs(trees=len(trees)),
        sensor_family="made-up",
        trained_on=(),
        training_points=0,
        simulated=True,
    )


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**31 - 1),
    features=st.integers(1, 8),
    classes=st.integers(2, 4),
    least_leaf=st.integers(1, 6),
    spread=st.sampled_from([4, 60, 65_536]),
)
def test_every_tree_votes_as_scikit_learn_says(
    seed: int, features: int, classes: int, least_leaf: int, spread: int
) -> None:
    """Tree by tree and vote by vote, on random pixels, on thresholds and at the extremes."""
    rng = np.random.default_rng(seed)
    training = rng.integers(0, spread, (80, features)).astype(np.uint16)
    truth = np.concatenate([np.arange(classes), rng.integers(0, classes, 80 - classes)])
    forest = RandomForestClassifier(
        7, min_samples_leaf=least_leaf, random_state=seed % 1000, bootstrap=False
    ).fit(training, truth)
    on = np.concatenate(
        [np.floor(tree.tree_.threshold[tree.tree_.feature >= 0]) for tree in forest.estimators_]
    )
    telling = np.clip(np.concatenate([on, on + 1, EXTREMES]), 0, 65_535)
    pixels = rng.choice(telling, size=(200, features)).astype(np.uint16)
    columns = np.ascontiguousarray(pixels.T)

    votes = np.zeros((classes, 200), dtype=np.int16)
    for tree in forest.estimators_:
        own = compile_forest(model_of([tree], features, classes)).votes(columns)
        np.testing.assert_array_equal(own.argmax(axis=0), tree.predict(pixels).astype(int))
        votes += own

    together = compile_forest(model_of(forest.estimators_, features, classes)).votes(columns)
    np.testing.assert_array_equal(together, votes)


def test_the_order_of_labels_and_epochs_changes_nothing() -> None:
    """The same labels in another order of lines and files grow the same forest, to the digest."""
    early, late = two_kinds(1, epoch="2005"), two_kinds(2, epoch="2010")
    turned = np.arange(len(early.labels.points))[::-1]
    reversed_points = tuple(early.labels.points[index] for index in turned)
    early_reversed = replace(
        early,
        labels=replace(early.labels, points=reversed_points),
        values=early.values[turned],
        rows=early.rows[turned],
        cols=early.cols[turned],
    )

    assert fitted(early, late).digest == fitted(late, early_reversed).digest


def test_the_seed_decides_the_forest() -> None:
    """Same seed, same forest; another seed, another."""
    labels = two_kinds(1)

    assert fitted(labels, seed=3).digest == fitted(labels, seed=3).digest
    assert fitted(labels, seed=3).digest != fitted(labels, seed=4).digest


def test_a_forest_tells_bare_ground_from_forest() -> None:
    """On ground like that it was trained on it is right far more often than not."""
    model, unknown = fitted(two_kinds(1)), two_kinds(9, count=400)

    codes = predict(model, unknown.values, BANDS)

    truth = [MINE.code(label.landcover) for label in unknown.labels.points]
    assert (codes == np.array(truth)).mean() > 0.9


def test_the_model_says_what_it_is() -> None:
    """Features, classes by rising code, knobs and labels are kept with the trees."""
    model = fitted(two_kinds(1), trees=11)

    assert model.features == (*BANDS, "ndvi")
    assert (model.classes, model.codes) == (("non-mine", "mine"), (1, 2))
    assert len(model.tree_start) == 12
    assert model.trained_on == ("digest-2005",)
    assert model.training_points == 120
    assert not model.simulated


def test_unseen_and_outlying_labels_are_left_out_and_the_rest_counted() -> None:
    """A label under cloud or off the grid trains nothing."""
    labels = two_kinds(1)
    values, rows = labels.values.copy(), labels.rows.copy()
    values[3, 2], rows[5] = 0, -1

    model = fitted(replace(labels, values=values, rows=rows))

    assert model.training_points == 118


def test_held_out_labels_train_nothing() -> None:
    """What is kept back may be anything: the forest is the same."""
    labels = two_kinds(1)
    keep = np.arange(120) < 90
    values = labels.values.copy()
    values[90:] = 65_535

    models = [
        fit([each], keep=[keep], knobs=Knobs(), legend=MINE, sensor_family="tm")
        for each in (labels, replace(labels, values=values))
    ]

    assert models[0].digest == models[1].digest


def test_each_tree_sees_half_of_each_class_without_repeats() -> None:
    """As Smile draws: the root of a tree holds half of the labels of each class."""
    values = np.arange(1, 31, dtype=np.uint16)[:, None] * np.ones(2, dtype=np.uint16)
    labels = samples(values, ["mine"] * 11 + ["non-mine"] * 19, bands=("a", "b"))

    model = fitted(labels, bag_fraction=0.5, min_leaf_population=8, trees=20)

    # 6 of 11 and 10 of 19 are 16 labels: a split into two leaves of 8 is the only one possible.
    leaves_by_tree = np.diff(model.tree_start)
    assert set(leaves_by_tree.tolist()) == {3}


def test_most_nodes_bounds_the_leaves_of_every_tree() -> None:
    """`max_nodes` is the most leaves a tree may have."""
    model = fitted(two_kinds(1), max_nodes=4)

    leaves = [
        int((model.feature[start:stop] < 0).sum())
        for start, stop in zip(model.tree_start, model.tree_start[1:], strict=False)
    ]
    assert max(leaves) == 4


def test_three_classes_keep_their_codes() -> None:
    """A legend's codes need not be 1, 2, 3."""
    rng = np.random.default_rng(0)
    names = [str(name) for name in rng.choice(list("abc"), 90)]
    centre = np.array([{"a": 9_000, "b": 20_000, "c": 40_000}[name] for name in names])
    values = (centre[:, None] + rng.normal(0, 500, (90, 2))).astype(np.uint16)
    labels = samples(values, names, bands=("green", "swir1"))

    model = fit([labels], keep=everything(labels), knobs=Knobs(), legend=THREE, sensor_family="own")

    codes = predict(model, labels.values, labels.bands)
    assert codes.tolist() == [THREE.code(name) for name in names]


def test_ground_that_was_not_seen_gets_no_class() -> None:
    """A zero in any band is unseen; a vegetation index of -1 is not."""
    model = fitted(two_kinds(1))
    values = np.full((3, 6), 12_000, dtype=np.uint16)
    values[1, 4] = 0
    values[2, 2], values[2, 3] = 40_000, 100  # red far above nir: the index is -1, stored as 0

    codes = predict(model, values, BANDS)

    assert codes[1] == 0
    assert codes[0] > 0
    assert codes[2] > 0


def test_the_vegetation_index_needs_red_and_nir() -> None:
    """Without nir the bands are all there is."""
    values = np.full((2, 2), 9_000, dtype=np.uint16)

    names, features = features_of(values, ("red", "swir1"))

    assert names == ("red", "swir1")
    np.testing.assert_array_equal(features, values)


def test_an_image_without_the_models_bands_is_refused() -> None:
    """A model of six bands cannot run on four."""
    with pytest.raises(SettingError, match="swir1"):
        predict(fitted(two_kinds(1)), np.ones((1, 4), dtype=np.uint16), BANDS[:4])


def test_too_few_labels_of_a_class_are_refused() -> None:
    """The message says how many there are and how many are needed."""
    labels = two_kinds(1)
    keep = np.array([label.landcover == "non-mine" for label in labels.labels.points])
    keep[np.flatnonzero(~keep)[:3]] = True

    with pytest.raises(LabelError, match="3 usable training labels of class 'mine', at least 5"):
        fit([labels], keep=[keep], knobs=Knobs(), legend=MINE, sensor_family="tm")


def test_a_class_the_legend_lacks_is_refused() -> None:
    """A misspelt class is named with its label and file."""
    labels = samples(np.full((1, 6), 9_000, dtype=np.uint16), ["mien"])

    with pytest.raises(LabelError, match=r"2005.geojson: label p-0000: class 'mien'"):
        fitted(labels)


def test_epochs_of_different_bands_are_not_trained_together() -> None:
    """A sensor with other bands needs its own model."""
    other = two_kinds(2, epoch="2015", bands=BANDS[:4])

    with pytest.raises(LabelError, match="one model per sensor family"):
        fitted(two_kinds(1), other)


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        ("trees", 0),
        ("variables_per_split", 8),
        ("bag_fraction", 0.0),
        ("bag_fraction", 1.2),
        ("min_leaf_population", 0),
        ("max_nodes", 1),
        ("seed", -1),
    ],
)
def test_knobs_out_of_range_are_refused(knob: str, value: float) -> None:
    """The message names the knob, its value and what is needed."""
    with pytest.raises(SettingError, match=f"{knob} is {value}"):
        fitted(two_kinds(1), **{knob: value})


def test_a_bag_of_everything_draws_with_repeats() -> None:
    """At a fraction of 1 trees still differ, as Smile draws with replacement then."""
    model = fitted(two_kinds(1), bag_fraction=1.0, variables_per_split=7, trees=5)

    sizes = np.diff(model.tree_start)
    assert len(set(sizes.tolist())) > 1
