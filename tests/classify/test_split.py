"""Held-out labels lie in blocks of their own, at every epoch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.classify.split import block_of, folds, hold_out
from reetrace.core.errors import SettingError

places = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300), st.sampled_from("ab")),
    min_size=20,
    max_size=120,
)


def spread_out(labels: list[tuple[int, int, str]]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Rows, columns and classes, with two blocks of each class to be sure."""
    corners = [(0, 0, "a"), (299, 0, "a"), (0, 299, "b"), (299, 299, "b")]
    rows, cols, classes = zip(*(labels + corners), strict=True)
    return np.array(rows), np.array(cols), list(classes)


@settings(max_examples=40, deadline=None)
@given(labels=places, seed=st.integers(0, 1000))
def test_a_block_is_held_out_whole_or_not_at_all(
    labels: list[tuple[int, int, str]], seed: int
) -> None:
    """No label trains a forest that is tested within the same 300 m."""
    rows, cols, classes = spread_out(labels)

    held = hold_out(rows, cols, classes, pixel_m=30, seed=seed)

    blocks = block_of(rows, cols, block_m=300, pixel_m=30)
    for block in np.unique(blocks, axis=0):
        assert len(set(held[(blocks == block).all(axis=1)].tolist())) == 1
    trained = {name for name, out in zip(classes, held, strict=True) if not out}
    assert trained == {"a", "b"}
    assert held.any()


@settings(max_examples=30, deadline=None)
@given(labels=places, seed=st.integers(0, 1000), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_labels_changes_nothing(
    labels: list[tuple[int, int, str]], seed: int, shuffle: np.random.Generator
) -> None:
    """A block is held out for where it lies, not for where it stands in the file."""
    rows, cols, classes = spread_out(labels)
    order = list(range(len(rows)))
    shuffle.shuffle(order)

    held = hold_out(rows, cols, classes, pixel_m=30, seed=seed)
    turned = hold_out(
        rows[order], cols[order], [classes[index] for index in order], pixel_m=30, seed=seed
    )

    np.testing.assert_array_equal(held[order], turned)


def test_about_three_in_ten_of_each_class_are_held_out() -> None:
    """The share holds in each class, as far as whole blocks allow."""
    rng = np.random.default_rng(4)
    rows, cols = rng.integers(0, 480, 282), rng.integers(0, 133, 282)
    classes = ["mine"] * 100 + ["non-mine"] * 182

    held = hold_out(rows, cols, classes, pixel_m=30, share=0.3)

    mine = np.arange(282) < 100
    assert held[mine].mean() == pytest.approx(0.3, abs=0.03)
    assert held[~mine].mean() == pytest.approx(0.3, abs=0.03)


def test_the_same_place_is_held_out_at_every_epoch() -> None:
    """Labels of four epochs at the same places fall on the same side together."""
    rng = np.random.default_rng(1)
    rows, cols = np.tile(rng.integers(0, 400, 60), 4), np.tile(rng.integers(0, 400, 60), 4)
    classes = [str(name) for name in rng.choice(["a", "b"], 240)]

    held = hold_out(rows, cols, classes, pixel_m=30)

    assert (held.reshape(4, 60) == held[:60]).all()


def test_another_seed_holds_out_other_blocks() -> None:
    """The seed decides which."""
    rng = np.random.default_rng(1)
    rows, cols = rng.integers(0, 400, 100), rng.integers(0, 400, 100)
    classes = ["a", "b"] * 50

    first = hold_out(rows, cols, classes, pixel_m=30, seed=0)

    assert not np.array_equal(first, hold_out(rows, cols, classes, pixel_m=30, seed=1))


def test_folds_keep_blocks_whole_and_classes_even() -> None:
    """Every label is tested once; each fold has about a fifth of each class."""
    rng = np.random.default_rng(2)
    rows, cols = rng.integers(0, 400, 300), rng.integers(0, 400, 300)
    classes = ["a"] * 100 + ["b"] * 200

    fold = folds(rows, cols, classes, pixel_m=30, count=5)

    blocks = block_of(rows, cols, block_m=300, pixel_m=30)
    for block in np.unique(blocks, axis=0):
        assert len(set(fold[(blocks == block).all(axis=1)].tolist())) == 1
    assert np.bincount(fold[:100], minlength=5).tolist() == pytest.approx([20] * 5, abs=2)
    assert np.bincount(fold[100:], minlength=5).tolist() == pytest.approx([40] * 5, abs=4)


def test_a_class_within_one_block_is_kept_for_training() -> None:
    """It cannot be trained on and tested apart; a forest without it would be worse."""
    rows = np.array([0, 1, 2, 100, 200, 300])

    held = hold_out(rows, rows, ["a", "b", "b", "a", "a", "a"], pixel_m=30, share=0.5)

    assert not held[:3].any()
    assert held[3:].any()


@pytest.mark.parametrize("share", [0.0, 1.0, 30.0])
def test_a_share_out_of_range_is_refused(share: float) -> None:
    """Thirty is a per cent; 0.3 is a share."""
    with pytest.raises(SettingError, match="held-out share"):
        hold_out(np.array([0, 99]), np.array([0, 99]), ["a", "a"], pixel_m=30, share=share)


def test_one_fold_is_refused() -> None:
    """There would be nothing to train on."""
    with pytest.raises(SettingError, match="1 folds"):
        folds(np.array([0, 99]), np.array([0, 99]), ["a", "a"], pixel_m=30, count=1)


def test_no_labels_at_all_are_split_into_nothing():
    """Labels may all lie outside the site; the fit then says which class has too few."""
    nowhere = np.zeros(0, dtype=np.int64)

    assert hold_out(nowhere, nowhere, [], pixel_m=30.0, share=0.3, seed=0).shape == (0,)
    assert folds(nowhere, nowhere, [], pixel_m=30.0, seed=0).shape == (0,)
