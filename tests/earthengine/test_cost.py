"""The cost before and after: orders of magnitude that say so, and plain sentences."""

from __future__ import annotations

import dataclasses

import pytest

from reetrace import tables
from reetrace.core.grid import Grid
from reetrace.engines.earthengine import cost, rasters, shares
from reetrace.engines.earthengine.cost import Estimate, Picture, estimate, spent
from reetrace.engines.earthengine.usage import Usage

SITE = Grid(32647, 451_395.0, 2_867_025.0, 30.0, 475, 135, 900.0)
FINE = Grid(32647, 451_400.0, 2_867_020.0, 20.0, 713, 203, 400.0)
TM, OLI = tables.sensor("landsat5-tm"), tables.sensor("landsat8-oli")
MSI = tables.sensor("sentinel2-msi")


def main_job(**options: int) -> Estimate:
    """Four epochs and the screening of the study area."""
    pictures = [Picture(SITE, sensor, 5, labels=982) for sensor in (TM, TM, OLI, OLI)]
    days = [Picture(FINE, MSI, 1) for _ in range(4)]
    return estimate(pictures, days, listed=24, cells=400, **options)


def test_a_small_site_takes_few_requests():
    """Twenty and a sign-in: what the main job is seen to take at the service."""
    expected = main_job()

    assert {each.name: each.requests for each in expected.stages} == {
        "sign in": 4,
        "find images": 4,
        "count clear pixels": 5,
        "fetch composites": 4,
        "read beneath labels": 4,
        "fetch maps": 1,
        "count changes": 1,
        "fetch images for screening": 1,
        "ask what was used": 1,
    }
    assert expected.requests == 25
    assert 15e6 < expected.bytes_home < 20e6


def test_what_travels_together_is_what_the_engine_lets_travel_together():
    """The limits are said in two places; they are the same."""
    assert cost._TOGETHER_BYTES == rasters._MOST_BYTES
    assert cost._TOGETHER_SCENES == rasters._MOST_VIEWS
    assert cost._MOST_TILES == rasters._MOST_TILES
    assert cost._SCENES_A_QUESTION == shares._MOST_SCENES


def test_forests_and_borders_from_there_are_asked_for():
    """Each is one request more."""
    more = main_job(forests=2, editions=1)

    assert more.requests == main_job().requests + 3


def test_compute_grows_with_pixels_and_scenes():
    """Twice the scenes are nearly twice the compute; a fourfold area nearly four times."""

    def seconds(grid: Grid, scenes: int) -> float:
        return estimate([Picture(grid, OLI, scenes)], [], listed=scenes, cells=1).eecu_seconds

    large = dataclasses.replace(SITE, rows=2000, cols=2000)
    larger = dataclasses.replace(SITE, rows=4000, cols=4000)

    assert seconds(large, 40) == pytest.approx(2 * seconds(large, 20), rel=0.05)
    assert seconds(larger, 20) == pytest.approx(4 * seconds(large, 20), rel=0.05)


def test_an_image_of_many_tiles_is_exported_first():
    """Its tiles are then read from the asset; following the task takes requests of its own."""
    wide = dataclasses.replace(SITE, rows=9_000, cols=9_000)

    expected = estimate([Picture(wide, OLI, 10)], [], listed=10, cells=1)

    names = [each.name for each in expected.stages]
    assert "have large images exported" in names
    assert "have large images exported" not in [each.name for each in main_job().stages]


def test_no_more_is_said_of_compute_than_is_known():
    """One digit, and a range of a hundred: the figure is an order of magnitude."""
    lines = main_job().lines()

    assert lines[0].startswith("about 25 requests: 4 to sign in, 4 to find images")
    assert lines[2].startswith(
        "compute in the order of 100 EECU-seconds, which may as well be 10 or 1,000:"
    )
    assert "less than 1 %" in lines[3]


def test_nothing_is_estimated_where_nothing_is_asked_for():
    """No label, no screening: neither stage is there."""
    bare = estimate([Picture(SITE, OLI, 3)], [], listed=3, cells=1)

    assert "read beneath labels" not in [each.name for each in bare.stages]
    assert "fetch images for screening" not in [each.name for each in bare.stages]


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (0.034, "0.03"), (0.97, "1"), (9.6, "10"), (950, "1,000"), (1_849, "2,000")],
)
def test_a_rough_number_has_one_digit(number, text):
    """The others would pretend."""
    assert cost.rounded(number) == text


def test_what_was_used_is_said_in_sentences():
    """Requests, bytes both ways, and the compute that the service told."""
    usage = Usage()
    usage.count_sent("value:compute", 1_500_000)
    usage.count_received("value:compute", 12_300_000)
    usage.eecu_seconds = 20.25
    usage.add_batch(12.5)

    asked, used = spent(usage)

    assert asked == "1 request to Earth Engine; 12.3 MB came home and 1.5 MB went out."
    assert used.startswith("It states a compute of 20.2 EECU-seconds for direct answers and 12.5")


def test_what_stays_in_the_project_is_said_with_how_to_remove_it():
    """Assets fill the project's storage, and no run knows whether another still wants them."""
    usage = Usage()
    for key in ("a", "b", "a"):
        usage.keep_export(f"projects/my-mines-123/assets/reetrace/image-{key}")

    last = spent(usage)[-1]

    assert last.startswith("2 exports stayed in projects/my-mines-123/assets/reetrace for")
    assert last.endswith("earthengine rm -r projects/my-mines-123/assets/reetrace")
    assert not any("stayed" in line for line in spent(Usage()))


def test_compute_that_was_not_told_is_not_zero():
    """It is not known, and where it can be seen is said."""
    assert "did not state" in spent(Usage())[1]


def test_what_went_wrong_and_was_made_good_is_said_too():
    """Requests sent again, pictures in parts, a project over its quota."""
    usage = Usage()
    for cause in ("429", "reset", "429"):
        usage.count_retry(cause)
    usage.count_quartered()
    usage.restrict()

    told = " ".join(spent(usage))

    assert "3 requests had to be sent again (429: 2, reset: 1)" in told
    assert "1 piece of a picture came home in four parts" in told
    assert "restricted mode" in told
