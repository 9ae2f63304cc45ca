"""The verdict on ground whose monazite is known."""

from __future__ import annotations

import dataclasses
import time
from functools import lru_cache

import numpy as np
import pytest

from reetrace.core.errors import GridMismatch, ImageryError
from reetrace.core.results import SpectralCheck
from reetrace.reading.wording import forbidden
from reetrace.verify import ION_ADSORPTION_CAVEAT, SCREENING_CAVEAT, screen
from tests.verify.made_up_ground import (
    BLUE_SHEET,
    GRASS,
    GREEN_SHEET,
    SOIL,
    TURBID_WATER,
    FloatArray,
    MadeUpGround,
)


@lru_cache
def _plain(seed: int, share: float) -> SpectralCheck:
    """The check of three dates of ground with this share of monazite, made once."""
    return _screened(MadeUpGround(seed=seed, monazite=share))


def _screened(world: MadeUpGround, *, dates: int = 3, seed: int = 0) -> SpectralCheck:
    return screen("pit", world.images(dates), world.pits, world.candidates, 20.0, seed=seed)


@pytest.mark.parametrize("seed", [1, 4])
@pytest.mark.parametrize(
    ("share", "verdict"),
    [(0.0, "NO_ANOMALY"), (0.1, "SPECTRAL_ANOMALY"), (0.2, "SPECTRAL_ANOMALY")],
)
def test_the_verdict_follows_the_monazite_in_the_ground(share: float, verdict: str, seed: int):
    """None is nothing; a tenth and a fifth of the ground stand out."""
    check = _plain(seed, share)

    assert check.verdict == verdict


@pytest.mark.parametrize("seed", [1, 4])
def test_a_twentieth_of_monazite_is_never_called_absent(seed: int):
    """At 5 % the strongest tenth lies at the limit: it may stand out or not, but is not nothing."""
    check = _plain(seed, 0.05)

    assert check.verdict != "NO_ANOMALY"
    assert check.excess.value == pytest.approx(0.032, abs=0.008)


def test_ore_in_a_quarter_of_the_pit_is_found():
    """Tracks, yards and waste make up most of a mine; a median would miss the ore between them."""
    check = _screened(MadeUpGround(seed=1, monazite=0.15, monazite_patch=0.25))

    assert check.verdict == "SPECTRAL_ANOMALY"


@pytest.mark.parametrize("share", [0.15, 0.5])
@pytest.mark.parametrize("spectrum", [TURBID_WATER, GREEN_SHEET, BLUE_SHEET, GRASS])
def test_ponds_sheets_and_plants_are_no_anomaly(spectrum: FloatArray, share: float):
    """The prime mimics: leach ponds, their liners, and what grows on old spoil."""
    check = _screened(MadeUpGround(seed=1, painted=((spectrum, share),)), dates=2)

    assert check.verdict != "SPECTRAL_ANOMALY"


@pytest.mark.parametrize("sheet", [GREEN_SHEET, BLUE_SHEET])
def test_scraps_of_sheet_too_small_for_the_masks_are_no_anomaly(sheet: FloatArray):
    """A seventh of a pixel under plastic passes the masks and is as deep as 10 % monazite."""
    scraps = 0.86 * SOIL + 0.14 * sheet

    check = _screened(MadeUpGround(seed=1, painted=((scraps, 0.4),)), dates=2)

    assert check.dates[0].p_value == pytest.approx(0.001)
    assert check.verdict == "INCONCLUSIVE"
    assert any("bluer than like bare ground" in reason for reason in check.reasons)


def test_a_pit_of_ponds_is_inconclusive_even_where_its_rest_is_deep():
    """Half a pit under water: what is left is taken for its fringe, ore or not."""
    world = MadeUpGround(seed=1, monazite=0.2, painted=((TURBID_WATER, 0.5),))

    check = _screened(world, dates=2)

    assert check.verdict == "INCONCLUSIVE"
    assert "water or plastic" in check.reasons[0]


def test_too_few_pixels_are_inconclusive_and_say_so():
    """64 pixels give no quantile worth a test."""
    check = _screened(MadeUpGround(seed=1, pit_side=8, monazite=0.2))

    assert check.verdict == "INCONCLUSIVE"
    assert check.reasons[0] == "Only 64 pit pixels could be used; 100 are needed."
    assert check.excess.value is None
    assert check.excess.reason == check.reasons[0]


def test_a_single_image_never_gives_a_firm_verdict():
    """Haze, a flood or fresh rain can make one image; the ground is there on every date."""
    rich = _screened(MadeUpGround(seed=1, monazite=0.2), dates=1)
    poor = _screened(MadeUpGround(seed=1), dates=1)

    assert rich.verdict == poor.verdict == "INCONCLUSIVE"
    assert "Only 1 image could be tested; at least 2 are needed." in rich.reasons


def test_an_excess_on_one_date_of_three_is_no_anomaly():
    """A puddle that dries is no ore."""
    plain, rich = MadeUpGround(seed=1).images(3), MadeUpGround(seed=1, monazite=0.3).images(3)
    world = MadeUpGround(seed=1)

    check = screen("pit", [*plain[:2], rich[2]], world.pits, world.candidates, seed=0)

    assert check.dates[2].p_value == pytest.approx(0.001)
    assert check.verdict != "SPECTRAL_ANOMALY"


def test_no_image_and_no_pit_are_inconclusive():
    """A zone without a mine, or a season without an image, is a sentence and not a crash."""
    world = MadeUpGround(seed=1)
    nothing = np.zeros_like(world.pits)

    unseen = screen("pit", [], world.pits, world.candidates, seed=0)
    without = screen("pit", world.images(1), nothing, world.candidates, seed=0)

    assert unseen.verdict == without.verdict == "INCONCLUSIVE"
    assert unseen.reasons == ("No image of the site could be used.",)


def test_without_like_background_nothing_is_concluded():
    """Ore with forest all round it: there is nothing to compare it with."""
    world = MadeUpGround(seed=1, monazite=0.2)
    images = [
        dataclasses.replace(
            image,
            reflectance=np.where(
                world.pits, image.reflectance, GRASS.astype(np.float32)[:, None, None]
            ),
        )
        for image in world.images(2)
    ]

    check = screen("pit", images, world.pits, world.candidates, seed=0)

    assert check.verdict == "INCONCLUSIVE"
    assert "Too little bare ground" in check.reasons[0]


def test_the_same_ground_gives_the_same_numbers_in_any_order_of_images():
    """Evidence is repeatable to the last digit."""
    world = MadeUpGround(seed=2, monazite=0.1)
    images = world.images(3)

    forth = screen("pit", images, world.pits, world.candidates, seed=5)
    back = screen("pit", images[::-1], world.pits, world.candidates, seed=5)

    assert forth == back
    assert [date.date for date in forth.dates] == sorted(image.date for image in images)


def test_the_counts_of_every_date_add_up_to_the_pits():
    """Every pit pixel is tested or set aside for one reason."""
    world = MadeUpGround(seed=3, painted=((TURBID_WATER, 0.1), (GREEN_SHEET, 0.1)))
    images = world.images(2)
    images[0].reflectance[:, 40:45, :] = np.nan

    check = screen("pit", images, world.pits, world.candidates, seed=0)

    for date in check.dates:
        assert date.pit_pixels + sum(count for _, count in date.masked) == world.pits.sum()
    assert dict(check.dates[0].masked)["unseen"] == 5 * world.pit_side


def test_depth_background_and_excess_agree_in_every_row():
    """A reader who subtracts two columns gets the third."""
    check = _plain(4, 0.1)

    for date in check.dates:
        depth, background, excess = (
            each.value for each in (date.depth, date.background_depth, date.excess)
        )
        assert depth is not None
        assert background is not None
        assert depth - background == pytest.approx(excess)


def test_the_figure_gets_spectra_in_band_order_and_histograms_of_all_pixels():
    """Centres rise; spread brackets the mean; the bins hold every compared pixel."""
    check = _plain(4, 0.2)

    centres = [value.centre_nm for value in check.pit_spectrum]
    assert centres == sorted(centres)
    assert len(check.pit_spectrum) == len(check.background_spectrum) == 10
    for value in check.pit_spectrum:
        assert value.low is not None
        assert value.high is not None
        assert value.low < value.reflectance < value.high
    assert len(check.pit_histogram) == len(check.histogram_edges) - 1
    assert sum(check.pit_histogram) == MadeUpGround().pits.sum()


def test_the_power_statement_is_true_of_ground_mixed_with_that_share():
    """Ground with somewhat more monazite than the stated share is found in both worlds."""
    checks = [_screened(MadeUpGround(seed=seed), dates=2) for seed in (11, 12)]
    stated = [check.detectable_fraction.value or 1.0 for check in checks]

    found = [
        _screened(MadeUpGround(seed=seed, monazite=1.25 * share), dates=2).verdict
        for seed, share in zip((11, 12), stated, strict=True)
    ]

    assert max(stated) <= 0.1
    assert found == ["SPECTRAL_ANOMALY"] * 2


def test_reasons_never_claim_more_than_a_screening():
    """Every sentence passes the check that no report may fail, and an anomaly says what it is."""
    ponds = MadeUpGround(seed=1, painted=((TURBID_WATER, 0.5),))
    checks = [_plain(1, 0.0), _plain(1, 0.05), _plain(1, 0.2), _screened(ponds, dates=2)]

    sentences = [sentence for check in checks for sentence in check.reasons]

    assert SCREENING_CAVEAT in sentences
    assert "no more" in SCREENING_CAVEAT
    assert [forbidden(each) for each in (*sentences, ION_ADSORPTION_CAVEAT)] == [[]] * (
        len(sentences) + 1
    )


def test_an_image_without_a_needed_band_is_refused():
    """A 10 m export of the visible bands cannot be screened."""
    world = MadeUpGround(seed=1)
    image = world.images(1)[0]
    poor = dataclasses.replace(image, roles=image.roles[:3], reflectance=image.reflectance[:3])

    with pytest.raises(ImageryError, match="no red-edge-1 band"):
        screen("pit", [poor], world.pits, world.candidates, seed=0)


def test_an_image_of_another_grid_is_refused():
    """Pits of one grid say nothing about pixels of another."""
    world = MadeUpGround(seed=1)
    image = world.images(1)[0]
    cut = dataclasses.replace(image, reflectance=image.reflectance[:, 1:])

    with pytest.raises(ImageryError, match="pixels have shape"):
        screen("pit", [cut], world.pits, world.candidates, seed=0)
    with pytest.raises(GridMismatch, match="one shape is needed"):
        screen("pit", [image], world.pits, world.candidates[1:], seed=0)


def test_three_thousand_pit_pixels_on_four_dates_take_seconds():
    """A screening is no reason to wait: some ten times the work of counting to ten million."""
    world = MadeUpGround(seed=1, rows=220, cols=220, pit_side=55)
    images = world.images(4)

    started = time.process_time()
    assert sum(1 for _ in range(10_000_000)) == 10_000_000
    counting_s = time.process_time() - started
    started = time.process_time()
    screen("pit", images, world.pits, world.candidates, seed=0)

    # Against work of this machine: a slow one, or one shared with others, is slow at both.
    assert time.process_time() - started < 50 * counting_s
