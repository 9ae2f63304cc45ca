"""Error matrices and what is read from them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reetrace.classify.accuracy import assess, assess_sample
from reetrace.classify.crossvalidation import cross_validate, reference_codes
from reetrace.classify.disagreement import (
    allocation_disagreement,
    draw_matrices,
    kappa,
    measured_kappa,
    quantity_disagreement,
)
from reetrace.core.landcover import LandcoverClass, Legend
from reetrace.core.model import Knobs
from reetrace.core.panel import Panel
from reetrace.core.results import Accuracy, Measure
from reetrace.core.samples import Stratum
from reetrace.core.stratified import wilson
from tests.classify.made_up_labels import MINE, THREE, two_kinds

# Rows map, columns reference; non-mine, mine. The study's confusion matrices.
STUDY = {
    2005: [[181, 2], [1, 98]],
    2010: [[182, 2], [0, 98]],
    2015: [[181, 0], [1, 100]],
    2020: [[182, 1], [0, 99]],
}


def assessed(matrix: list[list[int]], legend: Legend = MINE) -> Accuracy:
    """The accuracy of labels that make up a matrix."""
    codes = np.array([legend.code(name) for name in legend.names], dtype=np.uint8)
    mapped, reference = np.indices((len(codes), len(codes)))
    times = np.array(matrix).ravel()
    return assess(
        codes[np.repeat(reference.ravel(), times)],
        codes[np.repeat(mapped.ravel(), times)],
        legend,
        epoch="2005",
        basis="held-out",
        lost=0,
    )


def measures(accuracy: Accuracy) -> list[Measure]:
    """Every figure of an accuracy."""
    return [
        accuracy.overall,
        *accuracy.users,
        *accuracy.producers,
        accuracy.kappa,
        accuracy.quantity_disagreement,
        accuracy.allocation_disagreement,
    ]


@pytest.mark.parametrize(
    ("year", "expected"), [(2005, 0.9767), (2010, 0.9844), (2015, 0.9923), (2020, 0.9922)]
)
def test_kappa_of_the_studys_matrices_is_what_they_give(year: int, expected: float) -> None:
    """The study prints 0.9877, 0.9918, 0.9962 and 0.9958; its matrices do not."""
    found = assessed(STUDY[year]).kappa

    assert found.value == pytest.approx(expected, abs=5e-5)
    assert found.low is not None
    assert found.high is not None
    assert found.low < expected < found.high


def test_rows_are_the_map_and_columns_the_reference() -> None:
    """Two mine labels that the map missed stand in the row of non-mine, column mine."""
    found = assessed(STUDY[2005])

    assert found.classes == ("non-mine", "mine")
    assert found.counts == ((181, 2), (1, 98))
    assert found.users[1].value == pytest.approx(98 / 99)
    assert found.producers[1].value == pytest.approx(98 / 100)


def test_shares_get_wilsons_intervals() -> None:
    """Overall 279 of 282."""
    found = assessed(STUDY[2005]).overall

    assert (found.low, found.high) == pytest.approx(wilson(279 / 282, 282))


def test_disagreement_splits_into_quantity_and_place() -> None:
    """Three errors of 282: one in quantity, two that swap places."""
    found = assessed(STUDY[2005])

    assert found.quantity_disagreement.value == pytest.approx(1 / 282)
    assert found.allocation_disagreement.value == pytest.approx(2 / 282)


def test_the_matrices_of_pontius_and_millones_behave() -> None:
    """Their hypothetical cases: all quantity, all allocation, and both."""
    matrices = np.array([[[4, 4], [0, 4]], [[4, 2], [2, 4]], [[6, 3], [1, 2]]], dtype=float)

    assert quantity_disagreement(matrices) == pytest.approx([4 / 12, 0, 2 / 12])
    assert allocation_disagreement(matrices) == pytest.approx([0, 4 / 12, 2 / 12])
    assert kappa(matrices) == pytest.approx([0.4, 1 / 3, 0.27272727])


def test_a_class_that_is_nowhere_is_a_row_of_zeros_with_a_reason() -> None:
    """It keeps its place, and its accuracies are blank, not zero."""
    found = assessed([[40, 0, 2], [0, 0, 0], [3, 0, 50]], THREE)

    assert found.matrix[1] == (0.0, 0.0, 0.0)
    assert found.users[1].value is None
    assert found.users[1].reason == "no usable label lies where the map shows 'b'"
    assert found.producers[1].reason == "no usable label is of class 'b'"


def test_no_labels_give_blanks_with_reasons() -> None:
    """Nothing to count is not an accuracy of zero."""
    found = assessed([[0, 0], [0, 0]])

    assert all(each.value is None and each.reason for each in measures(found))


def test_perfect_agreement_is_still_uncertain() -> None:
    """Without an observed error every interval has a width, and kappa stays below its limit."""
    found = assessed([[30, 0], [0, 30]])

    for each in measures(found):
        assert each.low is not None
        assert each.high is not None
        assert each.low < each.high
    assert found.kappa.value == 1


def test_the_same_seed_gives_the_same_intervals() -> None:
    """Drawn intervals are drawn from a seed."""
    assert assessed(STUDY[2005]) == assessed(STUDY[2005])


@settings(max_examples=30, deadline=None)
@given(cells=st.lists(st.integers(0, 60), min_size=9, max_size=9), seed=st.integers(0, 99))
def test_the_order_of_labels_changes_nothing(cells: list[int], seed: int) -> None:
    """Labels are counted, whatever their order; every interval holds its figure."""
    mapped, reference = np.indices((3, 3))
    codes = np.array([5, 10, 15], dtype=np.uint8)
    given_map = codes[np.repeat(mapped.ravel(), cells)]
    given_reference = codes[np.repeat(reference.ravel(), cells)]
    order = np.random.default_rng(seed).permutation(len(given_map))

    found = [
        assess(reference, mapped, THREE, epoch="e", basis="held-out", lost=0)
        for mapped, reference in (
            (given_map, given_reference),
            (given_map[order], given_reference[order]),
        )
    ]

    assert found[0] == found[1]
    for each in measures(found[0]):
        if each.value is not None:
            assert each.low is not None
            assert each.high is not None
            assert each.low <= each.value <= each.high
            assert each.low < each.high


def test_a_class_outside_the_legend_is_refused() -> None:
    """An unseen pixel is no class and must not be counted as one."""
    with pytest.raises(ValueError, match="classes of the legend"):
        assess(
            np.array([1], dtype=np.uint8),
            np.array([0], dtype=np.uint8),
            MINE,
            epoch="e",
            basis="held-out",
            lost=0,
        )


STEHMAN = Legend(
    id="stehman",
    title="Stehman 2014",
    classes=tuple(LandcoverClass(k + 1, name, name, "#000000") for k, name in enumerate("ABCD")),
    target="A",
)


def stehmans_panel() -> Panel:
    """The forty points of Stehman 2014, Table 2."""
    mapped = "AAAAAAABBB" + "ABBBBBBBBB" + "BBCCCCCCBB" + "DDDDDDDDDD"
    reference = "AAAAACBABC" + "ABBBBBAABB" + "CCCCCDDBBA" + "DDDDDDDCCB"
    return Panel(
        ids=tuple(f"{number:02d}" for number in range(40)),
        rows=np.zeros(40, dtype=np.int64),
        cols=np.arange(40, dtype=np.int64),
        stratum=np.repeat([0, 1, 2, 3], 10),
        strata=tuple(Stratum(name, area) for name, area in zip("1234", (4, 3, 2, 1), strict=True)),
        epochs=("2014",),
        reference=_coded(reference),
        mapped=_coded(mapped),
        design="stratified",
        lost=0,
    )


def _coded(text: str) -> NDArray[np.uint8]:
    return np.array([["ABCD".index(letter) + 1] for letter in text], dtype=np.uint8)


def test_a_probability_sample_gives_stehmans_figures() -> None:
    """Stehman 2014, p. 4932 to 4935: overall, user's and producer's of B, and cell (B, C)."""
    found = assess_sample(stehmans_panel(), STEHMAN, epoch="2014")

    assert found.overall.value == pytest.approx(0.63)
    assert found.users[1].value == pytest.approx(0.574, abs=5e-4)
    assert found.producers[1].value == pytest.approx(0.794, abs=5e-4)
    assert found.matrix[1][2] == pytest.approx(0.08)
    assert sum(sum(row) for row in found.matrix) == pytest.approx(1)
    assert found.area_weighted
    assert found.labels == 40


def test_unseen_points_are_lost_but_stand_for_their_ground() -> None:
    """Shares are of the seen ground; what was not seen changes no count of it."""
    panel = stehmans_panel()
    mapped = panel.mapped.copy()
    mapped[:2] = 0

    found = assess_sample(replace(panel, mapped=mapped), STEHMAN, epoch="2014")

    assert found.labels == 38
    assert found.lost == 2
    # Two right points of the first stratum less: 0.63 - 2 x 0.04 of 1 - 2 x 0.04.
    assert found.overall.value == pytest.approx((0.63 - 0.08) / 0.92)


def test_a_sample_without_an_error_is_still_uncertain() -> None:
    """No observed omission in a large stratum leaves wide room for it."""
    panel = replace(stehmans_panel(), mapped=stehmans_panel().reference)

    found = assess_sample(panel, STEHMAN, epoch="2014")

    for each in measures(found):
        assert each.low is not None
        assert each.high is not None
        assert each.low < each.high


def test_the_interval_of_kappa_holds_the_truth_as_often_as_it_says() -> None:
    """A good map of rare ground: 3 % of it missed, sampled by strata, 120 times."""
    areas = np.array([1.2, 3.1, 2.4, 5.3, 45.7])
    points = np.array([80, 110, 80, 90, 340])
    truly = np.array([0.75, 0.75, 0.02, 0.01, 0.001])
    wrongly = np.array([0.1, 0.03, 0.005, 0.002, 0.0])
    cells = np.column_stack(
        [(1 - truly) * (1 - wrongly), truly * 0.03, (1 - truly) * wrongly, truly * 0.97]
    ).reshape(5, 2, 2)
    truth = float(kappa((cells * areas[:, None, None]).sum(axis=0)))
    rng = np.random.default_rng(0)
    held = 0

    for _ in range(120):
        counts = np.stack(
            [
                rng.multinomial(number, each.ravel()).reshape(2, 2)
                for number, each in zip(points, cells, strict=True)
            ]
        )
        matrix = (counts * (areas / points)[:, None, None]).sum(axis=0)
        draws = draw_matrices(counts, np.zeros(5, dtype=np.int64), areas, seed=0)
        found = measured_kappa(matrix, draws)
        held += (found.low or 0) <= truth <= (found.high or 0)

    assert held >= 0.92 * 120


def test_cross_validation_judges_every_label_by_another_forest() -> None:
    """Labels of two epochs are each classed once, and mostly right."""
    early, late = two_kinds(1, epoch="2005"), two_kinds(2, epoch="2010")
    values = early.values.copy()
    values[7] = 0
    early = replace(early, values=values)
    folds = [np.arange(120) % 3 for _ in range(2)]

    given_codes = cross_validate(
        [early, late], folds=folds, knobs=Knobs(trees=15), legend=MINE, sensor_family="tm"
    )

    assert given_codes[0][7] == 0
    assert (np.delete(given_codes[0], 7) > 0).all()
    assert (given_codes[1] == reference_codes(late, MINE)).mean() > 0.85


def test_a_fold_that_alone_holds_a_class_stays_unjudged() -> None:
    """Its labels are not judged by a forest that never heard of the class."""
    labels = two_kinds(1)
    is_mine = np.array([label.landcover == "mine" for label in labels.labels.points])
    folds = [np.where(is_mine, 0, 1 + np.arange(120) % 2)]

    (given_codes,) = cross_validate(
        [labels], folds=folds, knobs=Knobs(trees=5), legend=MINE, sensor_family="tm"
    )

    assert (given_codes[is_mine] == 0).all()
    assert (given_codes[~is_mine] > 0).all()


def test_a_map_that_saw_none_of_the_sample_gives_blanks_with_reasons() -> None:
    """Under full cloud nothing is known of the map, and nothing is claimed."""
    panel = replace(stehmans_panel(), mapped=np.zeros((40, 1), dtype=np.uint8))

    found = assess_sample(panel, STEHMAN, epoch="2014")

    assert found.labels == 0
    assert found.lost == 40
    assert all(each.value is None and each.reason for each in measures(found))
    assert found.kappa.reason == "no label could be used"
