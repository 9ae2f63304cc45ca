"""What may mean two things, or nothing, is refused in a line instead of being guessed."""

from __future__ import annotations

from typing import Any

import pytest

from reetrace.core.errors import ServiceError
from reetrace.core.model import Knobs
from reetrace.engines.earthengine.explaining import from_explanation
from tests.earthengine.test_trees_read import FEATURES, SMILE, read, tree_of


@pytest.mark.parametrize("printed", [(1, 2), (0, 1)])
def test_labels_and_positions_are_told_apart_by_their_numbers(printed: tuple[int, int]) -> None:
    """Classes trained as 1 and 2: a leaf that says 0 or 2 betrays which is meant."""
    below, above = printed
    text = f"1) root 9 9 0\n2) red<=7 4 0 {below} *\n3) red>7 5 0 {above} *"

    model = read(text, labels=(1, 2))

    assert model.leaf_class.tolist() == [-1, 0, 1]


@pytest.mark.parametrize(("shares", "position"), [("0.9 0.1", 0), ("0.1 0.9", 1)])
def test_labels_and_positions_are_told_apart_by_the_shares(shares: str, position: int) -> None:
    """A leaf that says 1 may be the class 1 or the second class; its greatest share tells."""
    model = read(f"1) root 9 0.0 1 ({shares}) *", labels=(1, 2))

    assert model.leaf_class.tolist() == [position]


def test_labels_that_may_be_positions_are_refused() -> None:
    """Without shares a lone 1 is either, and a guess would swap the classes."""
    with pytest.raises(ServiceError, match="leaves say 1, which may be classes or positions"):
        read("1) root 9 0.0 1 *", labels=(1, 2))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no root"),
        ("2) red<=7 4 0 0 *", "no root"),
        ("1) root 9 9", "line 1: '1) root 9 9' is no line of a tree"),
        ("1) root 9 9 A *", "is no line of a tree"),
        ("1) root 9 9 0.5 *", "class 0.5 is no whole number"),
        ("1) red<=7 9 9 0 *", "is no line of a tree"),
        ("1) root 9 9 0\n2) root 9 9 0 *", "is no line of a tree"),
        ("1) root 9 9 0", "the tree ends before node 2"),
        (tree_of("red<=7", "red>8"), "not the contrary"),
        (tree_of("red<=7", "red>=7"), "not the contrary"),
        (tree_of("red<=7", "ndvi>7"), "not the contrary"),
        (tree_of("red<=NaN", "red>NaN"), "is no line of a tree"),
        (tree_of("red=a,b", "red=c"), "is no line of a tree"),
        (f"{SMILE} 4) red<=2 1 1 0 *", "node 4 stands where the end of the tree was expected"),
        (SMILE.replace(" *\n  5)", "\n  5)"), "line 7: node 5 stands where node 8 was expected"),
        (SMILE.replace("red", "swir1"), "asks for the band 'swir1'; the bands are red, ndvi"),
        (
            SMILE.replace("28 0.0000 1", "").replace("0.0000 1 (", "0.0000 7 ("),
            "leaves say 0, 1, 7",
        ),
        ("warning: too long, 130 of 300 shown", "is no line of a tree"),
    ],
)
def test_text_that_is_no_whole_tree_is_refused_in_a_line(text: str, complaint: str) -> None:
    """Where it stands, what is wrong, and what to do instead."""
    with pytest.raises(ServiceError, match="trainer local") as told:
        read(text)

    assert complaint in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("explanation", "complaint"),
    [
        ({}, "without its trees"),
        ({"trees": "1) root 9 0 0 *"}, "without its trees"),
        ({"trees": [7]}, "without its trees"),
        (None, "without its trees"),
        ({"trees": [SMILE]}, "sent 1 trees; 2 were asked for"),
        ({"trees": [SMILE, SMILE], "classes": [0, 1, 2]}, "trained on the classes 0, 1, 2; 0, 1"),
        ({"trees": [SMILE, SMILE], "classes": 5}, "trained on the classes 5; 0, 1"),
    ],
)
def test_an_answer_that_is_not_the_forest_asked_for_is_refused(
    explanation: Any, complaint: str
) -> None:
    """Fewer trees, other classes, or no forest at all."""
    with pytest.raises(ServiceError, match=complaint):
        from_explanation(
            explanation,
            features=FEATURES,
            classes=("non-mine", "mine"),
            codes=(1, 2),
            knobs=Knobs(trees=2),
            labels=(0, 1),
        )
