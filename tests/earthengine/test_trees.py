"""A forest is written so that Earth Engine's majority is ours, whatever it does with a tie."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.classify.forest import fit
from reetrace.core.errors import SettingError
from reetrace.core.kernel import compile_forest
from reetrace.core.model import Knobs, Model
from reetrace.engines.earthengine import trees
from reetrace.engines.earthengine.trees import as_classifier, band_names, tie_breakers, to_strings
from tests.classify.made_up_labels import MINE, two_kinds
from tests.core.test_kernel import planted, random_model
from tests.earthengine.made_up_trees import majority
from tests.standin.offline import offline_client


def grown(tree_count: int, **knobs: int) -> Model:
    """A forest grown here on made-up labels."""
    labels = two_kinds(1, 282)
    return fit(
        [labels],
        keep=[np.ones(282, dtype=bool)],
        knobs=Knobs(trees=tree_count, **knobs),
        legend=MINE,
        sensor_family="tm",
    )


def test_a_tree_is_written_depth_first_with_the_class_codes_at_its_leaves() -> None:
    """Node n has the children 2n and 2n + 1; the left one's whole branch comes first."""
    model = planted([(0, 7_272, (1, 9, 0, 1), 1)], features=2, classes=2)

    (text,) = to_strings(model)

    assert text.splitlines() == [
        "1) root 9999 9999 9999",
        "2) band_0<=7272.5 9999 9999 9999",
        "4) band_1<=9.5 9999 9999 1 *",
        "5) band_1>9.5 9999 9999 4 *",
        "3) band_0>7272.5 9999 9999 4 *",
    ]


def test_a_tree_without_a_question_is_written_with_one_that_changes_nothing() -> None:
    """A bare root may not be readable, so both answers lead to the same class."""
    (text,) = to_strings(planted([1], features=2, classes=2))

    assert text.splitlines() == [
        "1) root 9999 9999 9999",
        "2) band_0<=32767.5 9999 9999 4 *",
        "3) band_0>32767.5 9999 9999 4 *",
    ]


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    tree_count=st.integers(1, 6),
    classes=st.integers(1, 4),
    tie=st.sampled_from(["highest", "lowest"]),
    left=st.sampled_from(["<", "<="]),
)
def test_the_majority_of_the_texts_is_the_models_winner(
    seed: int, tree_count: int, classes: int, tie: str, left: str
) -> None:
    """In float32, with "<" for "<=" or not, and whoever is preferred in a tie."""
    model, pixels = random_model(seed, trees=tree_count, features=3, classes=classes, depth=4)
    some = pixels[:, :25]

    winners = majority(to_strings(model), model, some, tie=tie, left=left)

    assert winners == compile_forest(model).classify(some).tolist()


@given(votes=st.lists(st.integers(0, 300), min_size=1, max_size=8).filter(any))
def test_no_votes_can_tie_once_the_tie_breakers_are_in(votes: list[int]) -> None:
    """Any votes at all have one winner, and it is the lowest code with most of them."""
    rounds, extra = tie_breakers(sum(votes), len(votes))

    weighed = [rounds * own + more for own, more in zip(votes, extra, strict=True)]

    assert weighed.count(max(weighed)) == 1
    assert weighed.index(max(weighed)) == votes.index(max(votes))


@pytest.mark.parametrize(("tree_count", "classes"), [(4, 2), (5, 2), (4, 3), (5, 3), (4, 4)])
def test_no_fewer_texts_would_do(tree_count: int, classes: int) -> None:
    """Every smaller number of rounds and extra votes loses or ties some count of votes."""
    rounds, extra = tie_breakers(tree_count, classes)
    every = [
        votes
        for votes in itertools.product(range(tree_count + 1), repeat=classes)
        if sum(votes) == tree_count
    ]

    cheaper = [
        (fewer, other)
        for fewer in range(1, rounds + 1)
        for other in itertools.product(range(classes + 1), repeat=classes)
        if fewer * tree_count + sum(other) < rounds * tree_count + sum(extra)
        and all(
            fewer * votes[rival] + other[rival] < fewer * max(votes) + other[winner]
            for votes in every
            for winner in [votes.index(max(votes))]
            for rival in range(classes)
            if rival != winner
        )
    ]

    assert cheaper == []


@pytest.mark.parametrize(("tree_count", "texts"), [(50, 51), (51, 51), (1, 1)])
def test_two_classes_need_one_extra_tree_at_most(tree_count: int, texts: int) -> None:
    """An odd number of trees cannot tie, and goes out as it is."""
    assert len(to_strings(grown(tree_count))) == texts


def test_classes_that_no_leaf_votes_for_need_no_tie_breaker() -> None:
    """Of five classes two are voted for, in an odd number of trees: nothing is added."""
    model = planted([(0, 5, 0, 3), 3, (1, 9, 3, 0)], features=2, classes=5)

    assert len(to_strings(model)) == 3


def test_band_names_are_letters_digits_and_underscores() -> None:
    """A line is cut at signs and blanks, so a name may have none."""
    assert band_names(["red", "red-edge-1", "my band<2"]) == ("red", "red_edge_1", "my_band_2")


def test_bands_that_would_share_a_name_are_refused() -> None:
    """The trees could not tell them apart."""
    with pytest.raises(SettingError, match="two of them are called alike"):
        band_names(["red-1", "red_1"])


def test_the_classifier_carries_the_texts_and_nothing_else() -> None:
    """One call, with the texts as a list."""
    import ee

    model = grown(4)

    with offline_client():
        graph = json.loads(ee.serializer.toJSON(as_classifier(model)))

    call = graph["values"][graph["result"]]["functionInvocationValue"]
    assert call == {
        "functionName": "Classifier.decisionTreeEnsemble",
        "arguments": {"treeStrings": {"constantValue": list(to_strings(model))}},
    }


@pytest.mark.parametrize(("tree_count", "most_bytes"), [(50, 60_000), (500, 600_000)])
def test_a_usual_forest_is_a_small_part_of_a_request(tree_count: int, most_bytes: int) -> None:
    """On 282 labels, 50 trees take some 40 kB and 500 some 400 kB of the 10 MB."""
    import ee

    with offline_client():
        size = len(ee.serializer.toJSON(as_classifier(grown(tree_count))))

    assert most_bytes / 4 < size < most_bytes


def test_a_forest_too_large_to_send_is_refused_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size is known before anything is sent, and the message says which knobs help."""
    monkeypatch.setattr(trees, "REQUEST_BYTES_LIMIT", 2_000)

    with pytest.raises(
        SettingError, match=r"4 trees and \d+ nodes .* 10 MB. Lower --trees"
    ) as told:
        as_classifier(grown(4))

    assert "\n" not in str(told.value)


def test_the_size_is_reckoned_as_the_client_will_send_it() -> None:
    """The estimate covers the texts as they are quoted; what is left is the call around them."""
    import ee

    model = grown(50)

    with offline_client():
        sent = len(ee.serializer.toJSON(as_classifier(model)))

    assert 0 <= sent - trees._request_bytes(to_strings(model)) < 300
