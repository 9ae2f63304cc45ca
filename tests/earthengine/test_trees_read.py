"""A forest that comes home as text votes as it did."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reetrace.classify.forest import fit
from reetrace.core.kernel import compile_forest
from reetrace.core.model import Knobs, Model
from reetrace.engines.earthengine.explaining import from_explanation
from reetrace.engines.earthengine.reading import Leaf, Split, read_trees
from reetrace.engines.earthengine.trees import tie_breakers, to_strings
from tests.classify.made_up_labels import MINE, THREE, samples, two_kinds
from tests.core.test_kernel import random_model
from tests.earthengine.made_up_trees import explained, from_strings

SMILE = """n= 282
node), split, n, loss, yval, (yprob)
* denotes terminal node
1) root 282 341.89 1 (0.37072 0.62928)
 2) ndvi<=12043.5 202 22.683 0 (0.93171 0.068293)
  4) red<=9.50000 176 1.9886 0 (0.98324 0.016760) *
  5) red>9.50000 26 13.462 1 (0.44828 0.55172) *
 3) ndvi>12043.5 80 0.0000 1 (0.012195 0.98780) *
"""
BY_HAND = "1) root 9999 9999 9999\n2) red<10 9999 9999 0 *\n3) red>=10 9999 9999 1 *"
FEATURES = ("red", "ndvi")


def read(*texts: str, labels: tuple[int, ...] = (0, 1), **more: Any) -> Model:
    """A forest of two classes, 1 and 2, out of an explanation with these texts."""
    return from_explanation(
        {"trees": list(texts), **more},
        features=FEATURES,
        classes=("non-mine", "mine"),
        codes=(1, 2),
        knobs=Knobs(trees=len(texts)),
        labels=labels,
    )


def tree_of(left: str, right: str) -> str:
    """One question with these two conditions."""
    return f"1) root 9 9 0\n2) {left} 4 0 0 *\n3) {right} 5 0 1 *"


def reread(model: Model) -> Model:
    """Written and read again."""
    return from_strings(
        to_strings(model), features=model.features, classes=model.classes, codes=model.codes
    )


def telling_pixels(model: Model) -> NDArray[np.uint16]:
    """Pixels on the thresholds, one above them, and anywhere."""
    rng = np.random.default_rng(0)
    on = model.threshold.astype(np.int64)
    values = np.clip(np.concatenate([on, on + 1, [0, 65_535]]), 0, 65_535)
    pixels = rng.choice(values, size=(len(model.features), 2_000)).astype(np.uint16)
    pixels[:, ::4] = rng.integers(0, 65_536, pixels[:, ::4].shape)
    return pixels


def test_a_tree_as_the_service_prints_it_is_read() -> None:
    """Headings, indentation, shares and trailing zeros are what Smile adds to the questions."""
    model = read(SMILE)

    assert model.feature.tolist() == [1, 0, -1, -1, -1]
    assert model.threshold.tolist() == [12_043, 9, 0, 0, 0]
    assert model.left.tolist() == [1, 2, -1, -1, -1]
    assert model.right.tolist() == [4, 3, -1, -1, -1]
    assert model.leaf_class.tolist() == [-1, -1, 0, 1, 1]
    assert model.tree_start.tolist() == [0, 5]


def test_a_tree_as_people_write_it_by_hand_is_read() -> None:
    """Placeholders for the figures, "<" and ">=", and no headings."""
    model = read(BY_HAND)

    assert model.threshold.tolist() == [9, 0, 0]
    assert model.leaf_class.tolist() == [-1, 0, 1]


def test_a_bare_root_is_a_tree() -> None:
    """Smile prints one where all labels of a bag agree."""
    model = read("n= 9\n1) root 9 0.0000 1 (0.090909 0.90909) *\n")

    assert model.leaf_class.tolist() == [1]


def test_a_text_may_hold_several_trees() -> None:
    """The service allows it, so the reader does: each root starts another."""
    assert len(read_trees([f"{SMILE}{BY_HAND}", BY_HAND])) == 3


@pytest.mark.parametrize(
    ("left", "right", "largest_left"),
    [
        ("red<=7.5", "red>7.5", 7),
        ("red<=7", "red>7", 7),
        ("red<7", "red>=7", 6),
        ("red< 7.5", "red>=7.5", 7),
        ("red <= 7.999999", "red > 7.999999", 7),
        ("red<=1.20435e+04", "red>1.20435e+04", 12_043),
        ("red<=1E2", "red>1E2", 100),
        ("red<=.5", "red>.5", 0),
        ("red<=65534.5", "red>65534.5", 65_534),
    ],
)
def test_a_threshold_becomes_the_largest_integer_that_goes_left(
    left: str, right: str, largest_left: int
) -> None:
    """Exactly, however the number and the sign are written."""
    (tree,) = read_trees([tree_of(left, right)])

    assert tree == Split("red", largest_left, Leaf(0, None), Leaf(1, None))


def test_a_tree_whose_larger_values_come_first_is_turned_round() -> None:
    """R prints ">=" before "<" where it likes; below the threshold is always our left."""
    (tree,) = read_trees([tree_of("red>=8", "red< 8")])

    assert tree == Split("red", 7, Leaf(1, None), Leaf(0, None))


@pytest.mark.parametrize(
    ("left", "right", "label"),
    [
        ("red<=-0.5", "red>-0.5", 1),
        ("red<0", "red>=0", 1),
        ("red<=65535", "red>65535", 0),
        ("red>-1", "red<=-1", 0),
    ],
)
def test_a_question_with_one_possible_answer_is_left_out(left: str, right: str, label: int) -> None:
    """No stored value is below 0 or above 65535, and no threshold could say so."""
    assert read_trees([tree_of(left, right)]) == (Leaf(label, None),)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    tree_count=st.integers(1, 6),
    classes=st.integers(1, 4),
    depth=st.integers(0, 6),
)
def test_a_forest_written_and_read_again_votes_the_same(
    seed: int, tree_count: int, classes: int, depth: int
) -> None:
    """Every vote of every pixel: the rounds, and the extra votes of the tie breakers."""
    model, pixels = random_model(seed, trees=tree_count, features=4, classes=classes, depth=depth)
    voted = sorted({*model.leaf_class[model.feature < 0].tolist()})
    rounds, extra = tie_breakers(tree_count, len(voted))
    expected = rounds * compile_forest(model).votes(pixels)
    expected[voted] += np.array(extra, dtype=np.int16)[:, None]

    again = compile_forest(reread(model))

    np.testing.assert_array_equal(again.votes(pixels), expected)
    np.testing.assert_array_equal(again.classify(pixels), compile_forest(model).classify(pixels))


@pytest.mark.parametrize(
    "knobs",
    [Knobs(), Knobs(trees=51), Knobs(max_nodes=6), Knobs(min_leaf_population=9), Knobs(trees=1)],
)
def test_a_fitted_forest_written_and_read_again_gives_the_same_map(knobs: Knobs) -> None:
    """Also one grown best leaf first, whose nodes do not lie depth first."""
    labels = two_kinds(3, 282)
    keep = [np.ones(282, dtype=bool)]
    model = fit([labels], keep=keep, knobs=knobs, legend=MINE, sensor_family="tm")
    pixels = telling_pixels(model)

    codes = compile_forest(reread(model)).classify(pixels)

    np.testing.assert_array_equal(codes, compile_forest(model).classify(pixels))


@pytest.mark.parametrize("labels", [(5, 10, 15), (0, 1, 2)])
def test_an_explained_forest_is_the_forest(labels: tuple[int, ...]) -> None:
    """Six digits hold every half up to 99999.5, so Smile's printing loses no threshold."""
    values = np.random.default_rng(5).integers(1, 65_536, (90, 6)).astype(np.uint16)
    points = samples(values, [*"abc" * 30])
    keep = [np.ones(90, dtype=bool)]
    model = fit([points], keep=keep, knobs=Knobs(), legend=THREE, sensor_family="own")

    again = from_explanation(
        explained(model, labels),
        features=model.features,
        classes=model.classes,
        codes=model.codes,
        knobs=model.knobs,
        labels=labels,
    )

    pixels = telling_pixels(model)
    np.testing.assert_array_equal(
        compile_forest(again).votes(pixels), compile_forest(model).votes(pixels)
    )


def test_a_very_deep_tree_goes_and_comes() -> None:
    """A thousand questions below one another, whose numbers have three hundred digits."""
    down = [f"{2 ** (1_000 - below)}) a<={below}.5 9 9 9" for below in range(999, 0, -1)]
    up = [f"{2 ** (1_000 - below) + 1}) a>{below}.5 9 9 {below % 2} *" for below in range(1_000)]
    text = "\n".join(["1) root 9 9 9", *down, f"{2**1_000}) a<=0.5 9 9 1 *", *up])
    more = {"features": ("a",), "classes": ("c", "d"), "codes": (0, 1)}
    pixels = np.arange(1_100, dtype=np.uint16)[None, :]

    model = from_strings([text], **more)  # type: ignore[arg-type]

    codes = compile_forest(model).classify(pixels)
    assert codes[0, ...] == 1
    assert codes[1:1_000].tolist() == [below % 2 for below in range(999)]
    np.testing.assert_array_equal(compile_forest(reread(model)).classify(pixels), codes)
