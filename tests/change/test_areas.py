"""Areas by zone: as counted, and put right by a sample."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.change.areas import zone_areas
from reetrace.change.panel import Panel
from reetrace.core.landcover import NOT_SEEN
from reetrace.core.results import ZoneArea
from reetrace.core.site import ZoneSet
from tests.change.made_up_ground import (
    COUNTRIES,
    GRID,
    KM2,
    LEGEND,
    MINE,
    MINES,
    SETS,
    WHOLE,
    Codes,
    crosstab,
    forest,
    panel,
    random_map,
    zone_codes,
)


def areas(
    codes: Codes, sample: Panel | None = None, sets: tuple[ZoneSet, ...] = SETS
) -> dict[tuple[str, str, str], ZoneArea]:
    """The rows by zone set, zone and class."""
    rows = zone_areas(
        [crosstab(each, [codes], ("2005",)) for each in sets],
        grid=GRID,
        legend=LEGEND,
        zone_sets=sets,
        zone_codes=zone_codes(),
        panel=sample,
    )
    found = {(row.zone_set, row.zone, row.landcover): row for row in rows}
    assert len(found) == len(rows)
    return found


def test_mapped_area_is_pixels_times_their_area_on_the_ellipsoid() -> None:
    """Nine bare pixels of 899.5 m² are 0.0080955 km²."""
    codes = forest()
    codes[4:7, 4:7] = MINE

    found = areas(codes)["mines", "mine-A", "mine"]

    assert found.pixels == 9
    assert found.mapped.value == pytest.approx(0.0080955)
    assert found.mapped.low is None
    assert found.mapped.reason == "a count of pixels has no sampling interval"


def test_ground_that_was_not_seen_has_its_own_row() -> None:
    """A cloud over the mine makes neither mine nor forest, and never zero."""
    codes = forest()
    codes[0, :5] = NOT_SEEN

    found = areas(codes)["study-area", "all", "not-seen"]

    assert found.mapped.value == pytest.approx(5 * KM2)
    assert found.adjusted.value is None
    assert found.adjusted.reason == "ground that was not seen has no class"


def test_a_zone_under_cloud_has_no_mapped_area_not_even_zero() -> None:
    """Nothing seen is not nothing there: the class is blank, the hidden ground has its size."""
    codes = forest()
    hidden = zone_codes()["mines"] == 1
    codes[hidden] = NOT_SEEN

    found = areas(codes)

    assert found["mines", "mine-A", "mine"].mapped.value is None
    assert found["mines", "mine-A", "mine"].mapped.reason == (
        "the zone holds no ground that was seen"
    )
    assert found["mines", "mine-A", "not-seen"].mapped.value == pytest.approx(hidden.sum() * KM2)
    assert found["study-area", "all", "mine"].mapped.value == 0.0


def test_none_and_several_have_rows_between_countries_and_where_they_hold_pixels() -> None:
    """A gap of nothing between countries is a finding; between mines it is no row."""
    everywhere = {zone for zone_set, zone, _ in areas(forest(), sets=(COUNTRIES,))}
    between_mines = {zone for _, zone, _ in areas(forest(), sets=(MINES,))}

    assert everywhere == {"MMR", "CHN", "none", "several"}
    assert between_mines == {"mine-A", "mine-B", "none"}


def test_labels_chosen_by_hand_give_no_adjusted_area() -> None:
    """The cell is blank and says why."""
    sample = panel([forest()], [forest()], ("2005",), design="purposive")

    found = areas(forest(), sample)["study-area", "all", "mine"].adjusted

    assert found.value is None
    assert found.reason == "the labels were chosen by hand, so they give no unbiased area"


def test_without_a_sample_there_is_no_adjusted_area() -> None:
    """The reason names the sample."""
    found = areas(forest())["study-area", "all", "mine"].adjusted

    assert "there is no probability sample" in found.reason


def test_a_zone_with_few_points_says_how_many() -> None:
    """The overlap of the two countries is one column wide."""
    sample = panel([forest()], [forest()], ("2005",))

    found = areas(forest(), sample)["countries-osm", "several", "mine"].adjusted

    assert found.value is None
    assert found.reason.endswith(
        "points of the probability sample fall on its seen ground, 30 are needed"
    )
    assert int(found.reason.split()[0]) < 30


def test_a_map_that_misses_a_third_of_the_mine_is_put_right() -> None:
    """The map shows 400 of 600 mine pixels; the adjusted interval holds 600, not 400."""
    truth, codes = forest(), forest()
    truth[:20, :30] = MINE
    codes[:20, :20] = MINE

    found = areas(codes, panel([codes], [truth], ("2005",), points=400))
    mine = found["mines", "mine-A", "mine"]

    assert mine.mapped.value == pytest.approx(400 * KM2)
    assert mine.adjusted.low is not None
    assert mine.adjusted.high is not None
    assert 400 * KM2 < mine.adjusted.low < 600 * KM2 < mine.adjusted.high


def test_an_adjusted_area_is_never_negative_and_keeps_its_width() -> None:
    """Where the whole mapped mine is false, the interval starts at zero and does not end there."""
    codes = forest()
    codes[0, :4] = MINE
    sample = panel([codes], [forest()], ("2005",), points=1800 // 2)

    found = areas(codes, sample)["mines", "mine-A", "mine"].adjusted

    assert found.low == 0
    assert found.value is not None
    assert found.value >= 0
    assert found.high is not None
    assert found.high > found.value


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), unseen=st.floats(0, 0.5))
def test_rows_add_up_whatever_the_zones(seed: int, unseen: float) -> None:
    """Zones add up to the study area class by class; classes add up to the seen ground."""
    rng = np.random.default_rng(seed)
    codes, truth = random_map(rng, unseen=unseen), random_map(rng, unseen=0)
    found = areas(codes, panel([codes], [truth], ("2005",), seed=seed))

    for landcover in ("non-mine", "mine", "not-seen"):
        sums = {
            zone_set.id: sum(
                row.pixels
                for (each, _, name), row in found.items()
                if each == zone_set.id and name == landcover
            )
            for zone_set in SETS
        }
        assert len(set(sums.values())) == 1
    for zone_set, zone in {key[:2] for key in found}:
        parts = [found[zone_set, zone, name] for name in ("non-mine", "mine")]
        if all(part.adjusted.value is not None for part in parts):
            adjusted = sum(part.adjusted.value or 0 for part in parts)
            assert adjusted == pytest.approx(sum(part.pixels for part in parts) * KM2)
        for part in parts:
            if part.adjusted.low is not None and part.adjusted.high is not None:
                assert part.adjusted.low < part.adjusted.high


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_the_points_changes_nothing(seed: int) -> None:
    """A sample is a set of places."""
    rng = np.random.default_rng(seed)
    codes, truth = random_map(rng), random_map(rng, unseen=0)
    sample = panel([codes], [truth], ("2005",))
    order = rng.permutation(len(sample.ids))
    turned = Panel(
        ids=sample.ids,
        rows=sample.rows[order],
        cols=sample.cols[order],
        stratum=sample.stratum[order],
        strata=sample.strata,
        epochs=sample.epochs,
        reference=sample.reference[order],
        mapped=sample.mapped[order],
        design=sample.design,
        lost=0,
    )

    here, there = areas(codes, sample), areas(codes, turned)

    for key, row in here.items():
        assert row.adjusted.value == pytest.approx(there[key].adjusted.value)
        assert row.adjusted.high == pytest.approx(there[key].adjusted.high)


def test_intervals_of_zones_hold_the_truth_about_as_often_as_they_say() -> None:
    """Over 120 samples of a map with errors of both kinds, in the whole and in one mine."""
    rng = np.random.default_rng(8)
    truth = forest()
    truth[5:25, 10:40] = MINE
    wrong = rng.random(GRID.shape) < np.where(truth == MINE, 0.08, 0.01)
    codes = np.where(wrong, 3 - truth, truth).astype(np.uint8)
    places = {
        ("study-area", "all"): float((truth == MINE).sum() * KM2),
        ("mines", "mine-A"): float((truth[:30, :30] == MINE).sum() * KM2),
    }

    counted = [crosstab(each, [codes], ("2005",)) for each in (WHOLE, MINES)]

    held = dict.fromkeys(places, 0)
    for seed in range(120):
        rows = zone_areas(
            counted,
            grid=GRID,
            legend=LEGEND,
            zone_sets=(WHOLE, MINES),
            zone_codes=zone_codes(),
            panel=panel([codes], [truth], ("2005",), seed=seed),
        )
        found = {(row.zone_set, row.zone, row.landcover): row for row in rows}
        for key, area in places.items():
            adjusted = found[(*key, "mine")].adjusted
            held[key] += (adjusted.low or 0) <= area <= (adjusted.high or 0)

    assert all(0.92 <= count / 120 <= 1 for count in held.values())
