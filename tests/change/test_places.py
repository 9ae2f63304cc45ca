"""Outlines whose area is the counted one, and small patches that come and go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Polygon

from reetrace.change.footprint import footprints, outline
from reetrace.change.patches import transient_patches
from reetrace.core.geometry import MultiPolygon, Ring
from reetrace.core.grid import Grid
from reetrace.core.landcover import NOT_SEEN
from reetrace.core.results import Patch
from reetrace.zoning import lonlat_of, to_shapely
from tests.change.made_up_ground import (
    GRID,
    KM2,
    LEGEND,
    MINE,
    SETS,
    Codes,
    forest,
    zone_codes,
)

EPOCHS = ("2005", "2010", "2015", "2020")


def pits(*there: tuple[int, ...]) -> list[Codes]:
    """Four maps; the n-th pit, four pixels, is open at the epochs given for it."""
    maps = [forest() for _ in EPOCHS]
    for number, epochs in enumerate(there):
        for epoch in epochs:
            maps[epoch][5 + 10 * number : 7 + 10 * number, 12:14] = MINE
    return maps


def patches_of(maps: list[Codes], **options: float) -> tuple[Patch, ...]:
    """Patches in the made-up zones."""
    return transient_patches(
        maps,
        EPOCHS,
        grid=GRID,
        legend=LEGEND,
        zone_sets=SETS,
        zone_codes=zone_codes(),
        **options,
    )


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(0.01, 0.9))
def test_an_outline_is_valid_and_its_area_is_the_counted_area(seed: int, share: float) -> None:
    """Whatever the pixels, holes and corners included."""
    mask = np.random.default_rng(seed).random(GRID.shape) < share
    area = outline(mask, GRID)

    shape = to_shapely(area)
    square_metres, _ = Geod(ellps="WGS84").geometry_area_perimeter(shape)

    assert shape.is_valid
    assert abs(square_metres) == pytest.approx(mask.sum() * 900, rel=2e-3)


def test_a_footprint_speaks_of_its_zone_only() -> None:
    """Six pixels in mine A, four in mine B; the whole has ten, in two patches."""
    codes = forest()
    codes[3:5, 27:32] = MINE
    codes[20, 0:2] = MINE

    found = {
        each.zone: each
        for each in footprints(
            codes,
            epoch="2020",
            grid=GRID,
            legend=LEGEND,
            zone_sets=SETS[:2],
            zone_codes=zone_codes(),
        )
    }

    assert set(found) == {"all", "mine-A", "mine-B"}
    assert found["all"].area.value == pytest.approx(12 * KM2)
    assert found["mine-A"].area.value == pytest.approx(8 * KM2)
    assert found["mine-B"].area.value == pytest.approx(4 * KM2)
    assert [found[zone].patches for zone in ("all", "mine-A", "mine-B")] == [2, 2, 1]


def test_pixels_that_meet_at_a_corner_are_one_patch_and_two_polygons() -> None:
    """So that counting follows the ground and outlines stay valid."""
    codes = forest()
    codes[3, 3] = codes[4, 4] = MINE

    found = footprints(
        codes,
        epoch="2020",
        grid=GRID,
        legend=LEGEND,
        zone_sets=SETS[:1],
        zone_codes=zone_codes(),
    )[0]

    assert found.patches == 1
    assert len(found.geometry) == 2


def test_no_mine_has_an_empty_outline() -> None:
    """Nothing mapped is an answer."""
    assert outline(np.zeros(GRID.shape, dtype=bool), GRID) == ()


def test_outer_rings_run_counter_clockwise_and_holes_clockwise() -> None:
    """As RFC 7946 asks."""
    mask = np.zeros(GRID.shape, dtype=bool)
    mask[3:8, 3:8] = True
    mask[5, 5] = False

    polygon = Polygon(*_rings(outline(mask, GRID)))

    assert polygon.exterior.is_ccw
    assert not polygon.interiors[0].is_ccw


def _rings(area: MultiPolygon) -> tuple[Ring, tuple[Ring, ...]]:
    """Outer ring and holes of an area of one polygon."""
    ((outer, *holes),) = area
    return outer, tuple(holes)


def test_an_outline_across_the_date_line_stays_in_one_piece() -> None:
    """Its longitudes run past 180."""
    grid = Grid(32660, 833_985.0, 10_015.0, 30.0, 10, 20, 900.0)

    ring = outline(np.ones(grid.shape, dtype=bool), grid)[0][0]

    longitudes = [longitude for longitude, _ in ring]
    assert max(longitudes) - min(longitudes) < 0.01


@pytest.mark.parametrize(
    ("there", "state", "appeared", "gone"),
    [
        ((2, 3), "came", ("2010", "2015"), ("2020", "")),
        ((0, 1), "went", ("", "2005"), ("2010", "2015")),
        ((1,), "came-and-went", ("2005", "2010"), ("2010", "2015")),
        ((0, 2), "intermittent", ("", "2005"), ("2015", "2020")),
        ((1, 3), "intermittent", ("2005", "2010"), ("2020", "")),
    ],
)
def test_a_pit_is_dated_between_epochs(
    there: tuple[int, ...], state: str, appeared: tuple[str, str], gone: tuple[str, str]
) -> None:
    """First seen and last seen are epochs; coming and going happen between two."""
    (found,) = patches_of(pits(there))

    assert found.state == state
    assert (found.first_seen, found.last_seen) == (EPOCHS[there[0]], EPOCHS[there[-1]])
    assert found.appeared_between == appeared
    assert found.gone_between == gone
    assert found.largest.value == pytest.approx(4 * KM2 * 100)


def test_a_pit_that_was_not_seen_has_not_gone() -> None:
    """Between two epochs at which it is there, a cloud changes nothing."""
    maps = pits((1, 3))
    maps[2][5:7, 12:14] = NOT_SEEN

    (found,) = patches_of(maps)

    assert found.state == "came"
    assert found.unseen_epochs == ("2015",)
    assert found.gone_between == ("2020", "")


def test_coming_is_dated_by_the_last_epoch_that_was_seen_without_it() -> None:
    """A cloud just before makes the interval longer, not shorter."""
    maps = pits((2, 3))
    maps[1][5:7, 12:14] = NOT_SEEN

    (found,) = patches_of(maps)

    assert found.appeared_between == ("2005", "2015")


def test_a_pit_that_is_always_there_is_no_transient_patch() -> None:
    """Nor is one that was there whenever it was seen."""
    maps = pits((0, 1, 2, 3), (0, 1, 3))
    maps[2][15:17, 12:14] = NOT_SEEN

    assert patches_of(maps) == ()


def test_single_pixels_are_no_patches() -> None:
    """They are as likely an error of the map."""
    maps = pits()
    maps[1][5, 5] = MINE

    assert patches_of(maps) == ()


def test_large_workings_and_their_edges_are_no_patches() -> None:
    """Twenty hectares of mine and a fringe one pixel away are left to the footprints."""
    maps = pits()
    maps[1][5:20, 5:20] = MINE
    maps[2][5:20, 21:23] = MINE
    maps[3][5:9, 30:32] = MINE

    (found,) = patches_of(maps)

    assert found.first_seen == "2020"
    assert found.zones == ("mine-B", "CHN")


def test_patches_are_numbered_from_north_to_south_and_lie_where_they_are() -> None:
    """Ids follow place, not time."""
    first, second = patches_of(pits((3,), (1,)))

    longitude, latitude = lonlat_of(np.array([15.5]), np.array([12.5]), GRID)
    assert (first.id, second.id) == ("patch-001", "patch-002")
    assert first.latitude > second.latitude
    assert second.longitude == pytest.approx(float(longitude[0]), abs=1e-6)
    assert second.latitude == pytest.approx(float(latitude[0]), abs=1e-6)


def test_the_largest_size_of_a_patch_can_be_set() -> None:
    """Four pixels are 0.36 ha: with a limit below, they are workings."""
    assert patches_of(pits((1,)), largest_ha=0.3) == ()
