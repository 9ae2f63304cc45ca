"""Estimates from stratified samples: the published worked examples, and honest intervals."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reetrace.core.stratified import (
    Z95,
    Estimate,
    Moments,
    difference,
    fieller,
    moments,
    ratio,
    wilson,
)
from tests.real_data import real


def published(name: str) -> dict[str, Any]:
    """One of the worked examples of the literature."""
    text = (real("published_examples") / "olofsson_examples.json").read_text(encoding="utf-8")
    example: dict[str, Any] = json.loads(text)[name]
    return example


def points_of(matrix: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(map class, reference class) of every point of a matrix of counts."""
    mapped, reference = np.indices(matrix.shape)
    times = matrix.ravel()
    return np.repeat(mapped.ravel(), times), np.repeat(reference.ravel(), times)


def estimate(
    values: NDArray[np.bool_], stratum: NDArray[np.int64], areas: NDArray[np.float64]
) -> Estimate:
    """The total of one indicator."""
    return moments(values[:, None].astype(float), stratum, areas).combine(np.ones(1))


OLOFSSON = [
    ("olofsson2014_table8", "mapped_pixels", "area_ha", "area_ci95_ha", 900 / 10_000),
    ("olofsson2013_example1", "mapped_units", "area_units", "area_ci95_units", 1.0),
]


@pytest.mark.parametrize(("name", "mapped_name", "area", "interval", "unit"), OLOFSSON)
def test_published_areas_come_out_of_the_difference_estimator(
    name: str, mapped_name: str, area: str, interval: str, unit: float
) -> None:
    """With map classes as strata it is the stratified estimator of Olofsson et al."""
    example = published(name)
    matrix = np.array(example["matrix_map_by_reference"])
    areas = np.array(example[mapped_name], dtype=float) * unit
    mapped, reference = points_of(matrix)

    found = [
        difference(
            areas[index],
            (reference == index).astype(float),
            (mapped == index).astype(float),
            mapped,
            areas,
        )
        for index in range(len(areas))
    ]

    assert [each.value for each in found] == pytest.approx(example["computed"][area], abs=0.5)
    half_widths = [Z95 * each.standard_error for each in found]
    assert half_widths == pytest.approx(example["computed"][interval], abs=0.5)


@pytest.mark.parametrize(("name", "mapped_name"), [row[:2] for row in OLOFSSON])
def test_published_accuracies_come_out_of_the_ratio_estimator(name: str, mapped_name: str) -> None:
    """Overall, user's and producer's accuracy and their standard errors are the published ones."""
    example = published(name)
    computed = example["computed"]
    areas = np.array(example[mapped_name], dtype=float)
    mapped, reference = points_of(np.array(example["matrix_map_by_reference"]))
    agrees, every = mapped == reference, np.ones(len(mapped), dtype=bool)

    overall = ratio(agrees, ~agrees, mapped, areas, may_hit=every, may_miss=every)

    assert overall is not None
    assert overall.value == pytest.approx(computed["overall_accuracy"], abs=5e-5)
    assert Z95 * overall.standard_error == pytest.approx(computed["overall_ci95"], abs=5e-5)
    for kind, classes in (("users", mapped), ("producers", reference)):
        found = [
            ratio(asked & agrees, asked & ~agrees, mapped, areas, may_hit=every, may_miss=every)
            for index in range(len(areas))
            for asked in [classes == index]
        ]
        assert [each.value for each in found if each] == pytest.approx(computed[kind], abs=5e-5)
        half_widths = [Z95 * each.standard_error for each in found if each]
        assert half_widths == pytest.approx(computed[f"{kind}_ci95"], abs=5e-5)


# The forty points of Stehman 2014, Table 2: stratum, map class, reference class.
STEHMAN_STRATA = np.repeat([0, 1, 2, 3], 10)
STEHMAN_MAPPED = np.array(list("AAAAAAABBBABBBBBBBBBBBCCCCCCBBDDDDDDDDDD"))
STEHMAN_REFERENCE = np.array(list("AAAAACBABCABBBBBAABBCCCCCDDBBADDDDDDDCCB"))
STEHMAN_SHARES = np.array([0.4, 0.3, 0.2, 0.1])


@pytest.mark.parametrize(("landcover", "area", "error"), [("A", 0.35, 0.082), ("C", 0.20, 0.064)])
def test_areas_where_strata_are_not_map_classes_are_stehmans(
    landcover: str, area: float, error: float
) -> None:
    """Stehman 2014, p. 4932 and 4935."""
    found = estimate(np.char.equal(STEHMAN_REFERENCE, landcover), STEHMAN_STRATA, STEHMAN_SHARES)

    assert found.value == pytest.approx(area, abs=1e-12)
    assert found.standard_error == pytest.approx(error, abs=5e-4)


def test_accuracies_where_strata_are_not_map_classes_are_stehmans() -> None:
    """Stehman 2014, p. 4932 to 4936: overall 0.63, user's of B 0.574, producer's of B 0.794."""
    agrees = STEHMAN_MAPPED == STEHMAN_REFERENCE
    is_b, shows_b = STEHMAN_REFERENCE == "B", STEHMAN_MAPPED == "B"
    every = np.ones(40, dtype=bool)

    found = [
        ratio(
            asked & agrees,
            asked & ~agrees,
            STEHMAN_STRATA,
            STEHMAN_SHARES,
            may_hit=every,
            may_miss=every,
        )
        for asked in (every, shows_b, is_b)
    ]

    assert [each.value for each in found if each] == pytest.approx([0.63, 0.574, 0.794], abs=5e-4)
    errors = [each.standard_error for each in found if each]
    assert errors == pytest.approx([0.085, 0.125, 0.117], abs=5e-4)


@settings(max_examples=50, deadline=None)
@given(
    counts=st.lists(st.integers(0, 30), min_size=9, max_size=9),
    areas=st.lists(st.floats(0.5, 500), min_size=3, max_size=3),
)
def test_the_difference_estimator_is_olofssons_when_strata_are_map_classes(
    counts: list[int], areas: list[float]
) -> None:
    """Mapped area plus mean error equals the sum of stratum area times share, to the digit."""
    matrix = np.array(counts).reshape(3, 3) + np.eye(3, dtype=int)
    weights = np.array(areas)
    mapped, reference = points_of(matrix)
    shares = matrix / matrix.sum(axis=1, keepdims=True)
    size = matrix.sum(axis=1)

    for index in range(3):
        found = difference(
            areas[index],
            (reference == index).astype(float),
            (mapped == index).astype(float),
            mapped,
            weights,
        )

        part = shares[:, index]
        spread = weights**2 * part * (1 - part) / np.maximum(size - 1, 1)
        assert found.value == pytest.approx((weights * part).sum(), rel=1e-12)
        assert found.standard_error == pytest.approx(spread.sum() ** 0.5, rel=1e-9, abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(
    right=st.lists(st.integers(0, 40), min_size=2, max_size=2),
    wrong=st.lists(st.integers(0, 3), min_size=2, max_size=2),
)
def test_no_interval_is_of_zero_width(right: list[int], wrong: list[int]) -> None:
    """However few errors were seen, the interval says that there may be more."""
    stratum = np.repeat([0, 1], [right[0] + wrong[0] + 1, right[1] + wrong[1] + 1])
    miss = np.concatenate(
        [np.repeat([True, False], [bad, good + 1]) for good, bad in zip(right, wrong, strict=True)]
    )
    areas, every = np.array([50.0, 2.5]), np.ones(len(stratum), dtype=bool)

    area = estimate(miss, stratum, areas)
    share = ratio(~miss, miss, stratum, areas, may_hit=every, may_miss=every)

    assert area.low < area.value < area.high
    assert share is not None
    assert 0 <= share.low < share.high <= 1
    assert share.low <= share.value <= share.high


def test_a_stratum_without_errors_is_given_half_an_error() -> None:
    """One hundred points without an error leave 95 % room for 1.38 % of the stratum."""
    found = estimate(np.zeros(100, dtype=bool), np.zeros(100, dtype=int), np.array([50.0]))

    assert found.standard_error == 0
    assert found.high / 50 == pytest.approx(0.0138, abs=1e-4)


def test_a_stratum_outside_the_domain_needs_no_guard() -> None:
    """Points that lie in another zone cannot hide errors of this one."""
    values, stratum = np.zeros((40, 1)), np.repeat([0, 1], 20)
    areas = np.array([10.0, 40.0])

    found = moments(values, stratum, areas, domain=stratum == 0)

    assert found.guarded[0, 0] == pytest.approx(
        moments(values[:20], stratum[:20], areas[:1]).guarded[0, 0]
    )


def test_a_stratum_without_points_is_refused() -> None:
    """Nothing can be said of ground that nobody looked at."""
    with pytest.raises(ValueError, match="no point"):
        moments(np.zeros((2, 1)), np.array([0, 0]), np.array([1.0, 1.0]))


def test_a_share_of_nothing_is_no_share() -> None:
    """A class that is nowhere on the map has no user's accuracy."""
    never = np.zeros(5, dtype=bool)

    found = ratio(never, never, np.zeros(5, dtype=int), np.ones(1), may_hit=never, may_miss=never)

    assert found is None


def test_a_simple_random_sample_gets_wilsons_interval() -> None:
    """With one stratum the effective sample size is the sample size."""
    hit = np.arange(50) < 46
    every = np.ones(50, dtype=bool)

    found = ratio(hit, ~hit, np.zeros(50, dtype=int), np.ones(1), may_hit=every, may_miss=every)

    assert found is not None
    assert (found.low, found.high) == pytest.approx(wilson(0.92, 50), abs=2e-3)


def test_wilsons_interval_is_the_textbooks() -> None:
    """Newcombe 1998 (Stat. Med. 17, 857-872), Table I: 81 of 263 and 15 of 148."""
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15 / 148, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)


def test_fiellers_interval_holds_the_ratio_and_refuses_a_whole_near_zero() -> None:
    """A change in per cent of an area that may be nothing is no number."""
    spread = np.diag([0.04, 0.01])

    found = fieller(0, 1, Moments(np.array([2.0, 1.0]), spread, spread))

    assert found is not None
    assert found.low < 2.0 < found.high
    assert found.high - 2.0 > 2.0 - found.low
    assert fieller(0, 1, Moments(np.array([2.0, 0.15]), spread, spread)) is None


# Shares of each stratum by (map, reference): mapped right as other, missed, right as mine, false.
# Three strata of 50, 5 and 2.5 km²: the rest, a belt round the workings, the workings.
_STRATA_KM2 = np.array([50.0, 5.0, 2.5])
_POINTS = (150, 75, 75)


def _coverage(missed: float, *, draws: int = 400) -> tuple[float, float]:
    """How often the interval of the mine area holds the truth: (ours, the textbook's)."""
    rng = np.random.default_rng(20)
    misses, falses = np.array([missed, 0.05, 0.0]), np.array([0.0, 0.0, 0.08])
    truth = 2.5 + (_STRATA_KM2 * (misses - falses)).sum()
    stratum = np.repeat([0, 1, 2], _POINTS)
    held = textbook = 0
    for _ in range(draws):
        chance = rng.random(len(stratum))
        error = (chance < misses[stratum]).astype(float) - (chance < falses[stratum])
        found = difference(2.5, error, np.zeros_like(error), stratum, _STRATA_KM2)
        held += found.low <= truth <= found.high
        textbook += abs(found.value - truth) <= Z95 * found.standard_error
    return held / draws, textbook / draws


@pytest.mark.parametrize("missed", [0.0, 0.002, 0.005, 0.01, 0.05])
def test_intervals_hold_the_truth_about_as_often_as_they_say(missed: float) -> None:
    """Rare misses in the largest stratum ruin the textbook's interval; ours stands."""
    held, textbook = _coverage(missed)

    assert held >= 0.87
    assert held >= textbook


def test_the_textbooks_interval_would_not_do() -> None:
    """Where 0.5 % of the rest is missed, the textbook holds the truth less than 9 times in 10."""
    held, textbook = _coverage(0.005)

    assert textbook < 0.85
    assert held > 0.95
