"""The kernel's votes are those of walking every tree, whatever the forest."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reetrace.core.errors import EvidenceError
from reetrace.core.kernel import compile_forest
from reetrace.core.model import Knobs, Model

Split = tuple[int, int, object, object]
"""(feature, largest value that goes left, left branch, right branch); a leaf is its class."""


def planted(trees: list[object], *, features: int, classes: int) -> Model:
    """A model of trees given as nested splits."""
    nodes: list[list[int]] = []
    starts = [0]

    def plant(branch: object) -> int:
        here = len(nodes)
        if isinstance(branch, int):
            nodes.append([-1, 0, -1, -1, branch])
            return here
        assert isinstance(branch, tuple)
        feature, threshold, left, right = branch
        nodes.append([feature, threshold, 0, 0, -1])
        nodes[here][2] = plant(left)
        nodes[here][3] = plant(right)
        return here

    for tree in trees:
        plant(tree)
        starts.append(len(nodes))
    table = np.array(nodes)
    return Model(
        features=tuple(f"band-{number}" for number in range(features)),
        classes=tuple(f"class-{number}" for number in range(classes)),
        codes=tuple(3 * number + 1 for number in range(classes)),
        tree_start=np.array(starts, dtype=np.int32),
        feature=table[:, 0].astype(np.int8),
        threshold=table[:, 1].astype(np.uint16),
        left=table[:, 2].astype(np.int32),
        right=table[:, 3].astype(np.int32),
        leaf_class=table[:, 4].astype(np.int16),
        knobs=Knobs(trees=len(trees)),
        sensor_family="made-up",
        trained_on=(),
        training_points=0,
        simulated=True,
    )


def walked(model: Model, features: NDArray[np.uint16]) -> NDArray[np.int16]:
    """Votes by walking each tree from its root, the plain way."""
    votes = np.zeros((len(model.codes), features.shape[1]), dtype=np.int16)
    for pixel in range(features.shape[1]):
        for root in model.tree_start[:-1]:
            node = int(root)
            while model.feature[node] >= 0:
                left = features[model.feature[node], pixel] <= model.threshold[node]
                node = int(model.left[node] if left else model.right[node])
            votes[model.leaf_class[node], pixel] += 1
    return votes


def random_tree(rng: np.random.Generator, *, features: int, classes: int, depth: int) -> object:
    """A tree whose thresholds favour the ends of the range, where mistakes hide."""
    if depth == 0 or rng.random() < 0.15:
        return int(rng.integers(classes))
    ends = [0, 1, 2, 32_767, 32_768, 65_534, 65_535]
    threshold = int(rng.choice(ends)) if rng.random() < 0.3 else int(rng.integers(65_536))
    branches = [
        random_tree(rng, features=features, classes=classes, depth=depth - 1) for _ in range(2)
    ]
    return int(rng.integers(features)), threshold, *branches


def random_model(
    seed: int, *, trees: int, features: int, classes: int, depth: int
) -> tuple[Model, NDArray[np.uint16]]:
    """A model, and pixels that lie on its thresholds, one above them, and at the extremes."""
    rng = np.random.default_rng(seed)
    model = planted(
        [random_tree(rng, features=features, classes=classes, depth=depth) for _ in range(trees)],
        features=features,
        classes=classes,
    )
    on = model.threshold.astype(np.int64)
    telling = np.clip(np.concatenate([on, on + 1, [0, 1, 65_535]]), 0, 65_535)
    pixels = rng.choice(telling, size=(features, 300)).astype(np.uint16)
    pixels[:, ::3] = rng.integers(0, 65_536, (features, 100))
    return model, pixels


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    trees=st.integers(1, 12),
    features=st.integers(1, 9),
    classes=st.integers(1, 5),
    depth=st.integers(0, 7),
)
def test_votes_are_those_of_walking_the_trees(
    seed: int, trees: int, features: int, classes: int, depth: int
) -> None:
    """For any forest, every vote on every pixel is the one found by following the branches."""
    model, pixels = random_model(seed, trees=trees, features=features, classes=classes, depth=depth)

    votes = compile_forest(model).votes(pixels)

    np.testing.assert_array_equal(votes, walked(model, pixels))


@pytest.mark.parametrize(("trees", "depth", "classes"), [(300, 3, 2), (150, 8, 3), (40, 11, 2)])
def test_forests_too_large_for_one_block_are_counted_in_several(
    trees: int, depth: int, classes: int
) -> None:
    """More than 255 trees or 512 leaves of a class need several blocks, and no vote is lost."""
    model, pixels = random_model(7, trees=trees, features=4, classes=classes, depth=depth)

    kernel = compile_forest(model)

    assert len(kernel.blocks) > classes - 1
    np.testing.assert_array_equal(kernel.votes(pixels), walked(model, pixels))


def test_a_tie_goes_to_the_lower_code() -> None:
    """Two trees that disagree everywhere leave the pixel to the class with the lower code."""
    model = planted([1, 0, (0, 9, 2, 1)], features=1, classes=3)
    pixels = np.array([[9, 10]], dtype=np.uint16)

    kernel = compile_forest(model)

    assert kernel.votes(pixels).tolist() == [[1, 1], [1, 2], [1, 0]]
    assert kernel.classify(pixels).tolist() == [1, 4]


def test_the_winner_has_most_votes_and_every_column_adds_up() -> None:
    """Classifying is counting: the code is that of the first greatest count of the column."""
    model, pixels = random_model(3, trees=9, features=5, classes=4, depth=5)
    kernel = compile_forest(model)

    votes, codes = kernel.votes(pixels), kernel.classify(pixels)

    assert (votes.sum(axis=0) == 9).all()
    np.testing.assert_array_equal(codes, np.array(model.codes)[votes.argmax(axis=0)])


def test_pixels_beyond_one_chunk_are_voted_on_alike() -> None:
    """The chunks in which memory is bounded leave no seam."""
    model, _ = random_model(5, trees=10, features=3, classes=2, depth=4)
    pixels = np.random.default_rng(0).integers(0, 65_536, (3, 40_000)).astype(np.uint16)
    kernel = compile_forest(model)

    whole = kernel.votes(pixels)

    np.testing.assert_array_equal(whole[:, 16_380:16_390], kernel.votes(pixels[:, 16_380:16_390]))
    np.testing.assert_array_equal(whole[:, -1:], kernel.votes(pixels[:, -1:]))


def test_memory_does_not_grow_with_the_pixels() -> None:
    """Beside the classes themselves, two million pixels need what a chunk of them needs."""
    model, _ = random_model(5, trees=50, features=8, classes=2, depth=5)
    kernel = compile_forest(model)
    pixels = np.zeros((8, 2_000_000), dtype=np.uint16)

    tracemalloc.start()
    codes = kernel.classify(pixels)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak - codes.nbytes < 16e6


def test_a_tree_of_one_leaf_votes_without_looking() -> None:
    """Trees that never split vote for their class on any ground."""
    model = planted([1, 1, 0], features=2, classes=2)
    pixels = np.array([[0, 65_535], [1, 2]], dtype=np.uint16)

    assert compile_forest(model).votes(pixels).tolist() == [[1, 1], [2, 2]]


def test_no_pixels_give_no_votes() -> None:
    """An empty window is an answer, not an error."""
    model = planted([(0, 5, 0, 1)], features=1, classes=2)

    assert compile_forest(model).classify(np.empty((1, 0), dtype=np.uint16)).shape == (0,)


def test_features_of_the_wrong_kind_are_refused() -> None:
    """Floats, or one feature too few, would be voted on wrongly without a sound."""
    kernel = compile_forest(planted([(0, 5, 0, 1)], features=2, classes=2))

    with pytest.raises(ValueError, match="uint16 of shape"):
        kernel.votes(np.zeros((1, 4), dtype=np.uint16))
    with pytest.raises(ValueError, match="float64"):
        kernel.classify(np.zeros((2, 4)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("array", "node", "value", "complaint"),
    [
        ("left", 0, 0, "branch leads out"),
        ("right", 0, 3, "branch leads out"),
        ("feature", 0, 7, "has no name"),
        ("leaf_class", 1, 9, "no class"),
        ("leaf_class", 2, -1, "no class"),
    ],
)
def test_arrays_that_are_no_forest_are_refused(
    array: str, node: int, value: int, complaint: str
) -> None:
    """A model file that was tampered with neither hangs nor votes."""
    model = planted([(0, 5, 0, 1)], features=1, classes=2)
    getattr(model, array)[node] = value

    with pytest.raises(EvidenceError, match=complaint):
        compile_forest(model)
