"""From-to matrices and growth: margins that agree, verdicts that follow from intervals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.change.areas import zone_areas
from reetrace.change.growth import growth, verdict
from reetrace.change.matrix import Pair, change_matrix, pairs
from reetrace.change.panel import Panel
from reetrace.core.landcover import NOT_SEEN
from reetrace.core.results import ChangeMatrix, Growth, Measure
from tests.change.made_up_ground import (
    GRID,
    KM2,
    LEGEND,
    MINE,
    SETS,
    WHOLE,
    Codes,
    crosstab,
    forest,
    panel,
    random_map,
    zone_codes,
)

EPOCHS = ("2005", "2020")


def pair_of(before: Codes, after: Codes, sample: Panel | None = None, zone: str = "all") -> Pair:
    """Both maps in one zone."""
    found = pairs(
        [crosstab(each, [before, after], EPOCHS) for each in SETS],
        grid=GRID,
        zone_sets=SETS,
        zone_codes=zone_codes(),
        panel=sample,
    )
    return next(each for each in found if each.zone == zone)


def matrix_of(before: Codes, after: Codes, sample: Panel | None = None) -> ChangeMatrix:
    """The from-to matrix of the whole area of interest."""
    return change_matrix(pair_of(before, after, sample), LEGEND)


def growth_of(before: Codes, after: Codes, sample: Panel | None = None) -> Growth:
    """The growth of the mine in the whole area of interest."""
    return growth(pair_of(before, after, sample), LEGEND)


def dug(rows: int, cols: int) -> Codes:
    """Forest with a mine in its north-western corner."""
    codes = forest()
    codes[:rows, :cols] = MINE
    return codes


def cell(matrix: ChangeMatrix, before: str, after: str) -> float:
    """Mapped area that went this way, in pixels."""
    return next(
        each.pixels for each in matrix.cells if (each.before, each.after) == (before, after)
    )


def test_a_pit_dug_between_epochs_is_gain_and_what_grew_over_is_loss() -> None:
    """Twelve pixels become mine and five cease to be; nothing else moves."""
    before, after = forest(), forest()
    before[0, :5] = MINE
    after[10, :12] = MINE

    found = matrix_of(before, after)

    assert found.gain.value == pytest.approx(12 * KM2)
    assert found.loss.value == pytest.approx(5 * KM2)
    assert cell(found, "non-mine", "mine") == 12
    assert cell(found, "mine", "non-mine") == 5
    assert cell(found, "non-mine", "non-mine") == 2400 - 17


def test_ground_unseen_at_one_epoch_is_neither_gain_nor_loss() -> None:
    """A mine that a cloud hid has not gone."""
    before, after = dug(2, 5), dug(2, 5)
    after[:2, :5] = NOT_SEEN

    found = matrix_of(before, after)

    assert found.loss.value == 0
    assert cell(found, "mine", "not-seen") == 10


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), unseen=st.floats(0, 0.5))
def test_margins_are_the_areas_of_the_epochs(seed: int, unseen: float) -> None:
    """Rows add up to the first map and columns to the last, not-seen ground included."""
    rng = np.random.default_rng(seed)
    maps = [random_map(rng, unseen=unseen), random_map(rng, unseen=unseen)]
    truths = [random_map(rng, unseen=0), random_map(rng, unseen=0)]
    sample = panel(maps, truths, EPOCHS, seed=seed)
    found = matrix_of(maps[0], maps[1], sample)

    for epoch, codes, side in zip(EPOCHS, maps, ("before", "after"), strict=True):
        rows = zone_areas(
            [crosstab(SETS[0], [codes], (epoch,))],
            grid=GRID,
            legend=LEGEND,
            zone_sets=SETS[:1],
            zone_codes=zone_codes(),
            panel=None,
        )
        for row in rows:
            margin = sum(
                each.pixels for each in found.cells if getattr(each, side) == row.landcover
            )
            assert margin == row.pixels
    adjusted = [each.adjusted for each in found.cells if each.adjusted.value is not None]
    seen = sum(each.pixels for each in found.cells if "not-seen" not in (each.before, each.after))
    assert len(adjusted) == 4
    assert all((each.low or 0) < (each.high or 0) for each in adjusted)
    # The cells are held at zero one by one, which can only add.
    assert sum(each.value or 0 for each in adjusted) >= seen * KM2 - 1e-9


def test_net_change_is_gain_less_loss_put_right() -> None:
    """With a sample that finds no error the net change is the mapped one, with an interval."""
    before, after = dug(10, 10), dug(20, 20)
    sample = panel([before, after], [before, after], EPOCHS)

    found = matrix_of(before, after, sample)

    assert found.net.value == pytest.approx(300 * KM2)
    assert found.net.low is not None
    assert found.net.high is not None
    assert found.net.low < 300 * KM2 < found.net.high


def test_net_change_holds_the_truth_where_the_maps_err() -> None:
    """The maps show half of the growth; the interval reaches the whole."""
    truths = [dug(10, 20), dug(30, 30)]
    maps = [dug(10, 20), dug(20, 28)]
    sample = panel(maps, truths, EPOCHS, points=500)

    found = matrix_of(maps[0], maps[1], sample).net

    assert found.low is not None
    assert found.high is not None
    assert found.low < 700 * KM2 < found.high
    assert found.low > 360 * KM2


def test_growth_is_stated_where_the_interval_excludes_zero() -> None:
    """From 100 to 900 pixels is growth, whatever 250 points leave open."""
    maps = [dug(10, 10), dug(30, 30)]

    found = growth_of(maps[0], maps[1], panel(maps, maps, EPOCHS))

    assert found.verdict == "grew"
    assert found.mapped_first.value == pytest.approx(100 * KM2)
    assert found.mapped_last.value == pytest.approx(900 * KM2)
    assert found.change.value == pytest.approx(800 * KM2)
    assert found.percent.value == pytest.approx(800)
    assert found.percent.low is not None
    assert found.percent.high is not None
    assert found.percent.low < 800 < found.percent.high


def test_a_mine_that_went_is_said_to_have_shrunk() -> None:
    """The same the other way round."""
    maps = [dug(30, 30), dug(10, 10)]

    found = growth_of(maps[0], maps[1], panel(maps, maps, EPOCHS))

    assert found.verdict == "shrank"


def test_no_area_loses_more_than_all_of_itself() -> None:
    """A mine that went wholly has lost 100 per cent, and its interval ends there."""
    maps = [dug(30, 30), forest()]

    found = growth_of(maps[0], maps[1], panel(maps, maps, EPOCHS, points=60))

    assert found.verdict == "shrank"
    assert found.percent.value == pytest.approx(-100)
    assert found.percent.low == pytest.approx(-100)
    assert found.percent.high is not None
    assert found.percent.high > -100


@pytest.mark.parametrize("sampled", [True, False])
def test_a_change_of_ground_never_seen_at_both_epochs_is_blank(*, sampled: bool) -> None:
    """It is not zero: nothing is known of it."""
    maps = [dug(10, 10), np.full_like(forest(), NOT_SEEN)]
    sample = panel(maps, [dug(10, 10), dug(30, 30)], EPOCHS) if sampled else None

    found = growth_of(maps[0], maps[1], sample)

    assert found.verdict == "cannot-tell"
    assert found.change.value is None
    assert "no ground that was seen at both epochs" in found.change.reason
    assert found.percent.value is None


def test_a_change_within_the_interval_is_not_stated() -> None:
    """Two pixels more cannot be told from none; the result says what could have been."""
    maps = [dug(20, 20), dug(20, 20)]
    maps[1][25, :2] = MINE

    found = growth_of(maps[0], maps[1], panel(maps, maps, EPOCHS))

    assert found.verdict == "no-change-detectable"
    assert found.detectable_km2 is not None
    assert found.change.high is not None
    assert found.change.value is not None
    assert found.detectable_km2 == pytest.approx(found.change.high - found.change.value)
    assert found.detectable_km2 > 2 * KM2


def test_without_a_sample_growth_cannot_be_told() -> None:
    """The mapped difference is given without an interval, and no verdict rests on it."""
    found = growth_of(dug(10, 10), dug(30, 30))

    assert found.verdict == "cannot-tell"
    assert found.change.value == pytest.approx(800 * KM2)
    assert found.change.low is None
    assert "no probability sample" in found.change.reason
    assert found.percent.value is None
    assert found.percent.reason
    assert found.detectable_km2 is None


def test_a_sample_of_one_epoch_or_of_other_places_says_what_is_missing() -> None:
    """A change needs the same places at both epochs; the reason names the epoch that lacks them."""
    maps = [dug(10, 10), dug(30, 30)]
    both = panel(maps, maps, EPOCHS)
    first = replace(
        both, epochs=EPOCHS[:1], reference=both.reference[:, :1], mapped=both.mapped[:, :1]
    )
    reference = both.reference.copy()
    reference[::2, 0] = reference[1::2, 1] = NOT_SEEN

    only_first = growth_of(maps[0], maps[1], first)
    other_places = growth_of(maps[0], maps[1], replace(both, reference=reference))

    assert "no probability sample of labels for 2020" in only_first.change.reason
    assert "no point labelled at 2005 and 2020" in other_places.change.reason


def test_labels_chosen_by_hand_allow_no_verdict() -> None:
    """However many there are."""
    maps = [dug(10, 10), dug(30, 30)]
    sample = panel(maps, maps, EPOCHS, design="purposive")

    found = growth_of(maps[0], maps[1], sample)

    assert found.verdict == "cannot-tell"
    assert "chosen by hand" in found.change.reason


def test_a_per_cent_of_nothing_is_blank() -> None:
    """A mine where there was none has grown, but not by a per cent."""
    maps = [forest(), dug(30, 30)]

    found = growth_of(maps[0], maps[1], panel(maps, maps, EPOCHS))

    assert found.verdict == "grew"
    assert found.percent.value is None
    assert "includes zero" in found.percent.reason


def test_a_zone_is_judged_by_the_points_that_fall_in_it() -> None:
    """Growth in mine A is not growth in mine B, although both come from one sample."""
    maps = [dug(10, 10), dug(30, 30)]
    sample = panel(maps, maps, EPOCHS)

    verdicts = {
        zone: growth(pair_of(maps[0], maps[1], sample, zone), LEGEND).verdict
        for zone in ("mine-A", "mine-B")
    }

    assert verdicts == {"mine-A": "grew", "mine-B": "no-change-detectable"}


@settings(max_examples=60, deadline=None)
@given(value=st.floats(-9, 9), down=st.floats(0.001, 9), up=st.floats(0.001, 9))
def test_the_verdict_follows_from_the_interval_alone(value: float, down: float, up: float) -> None:
    """It grew if and only if the whole interval lies above zero, and so on."""
    low, high = value - down, value + up

    found = verdict(Measure(value, "km²", low, high, "made up"))

    assert (found == "grew") == (low > 0)
    assert (found == "shrank") == (high < 0)
    assert (found == "no-change-detectable") == (low <= 0 <= high)


def test_the_interval_of_the_change_holds_the_truth_about_as_often_as_it_says() -> None:
    """Over 150 samples of two maps with errors of both kinds."""
    rng = np.random.default_rng(3)
    truths = [dug(15, 20), dug(25, 30)]
    wrong = [rng.random(GRID.shape) < np.where(each == MINE, 0.06, 0.01) for each in truths]
    maps = [
        np.where(bad, 3 - truth, truth).astype(np.uint8)
        for bad, truth in zip(wrong, truths, strict=True)
    ]
    change = 450 * KM2

    counted = [crosstab(WHOLE, maps, EPOCHS)]

    held = 0
    for seed in range(150):
        (pair,) = pairs(
            counted,
            grid=GRID,
            zone_sets=(WHOLE,),
            zone_codes=zone_codes(),
            panel=panel(maps, truths, EPOCHS, seed=seed),
        )
        net = change_matrix(pair, LEGEND).net
        held += (net.low or 0) <= change <= (net.high or 0)

    assert 0.92 <= held / 150 <= 1
