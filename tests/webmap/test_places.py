"""Where things lie on the page: degrees under the pointer, outlines, borders."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.core.grid import Grid
from reetrace.webmap import places
from reetrace.zoning import lonlat_of

KACHIN = Grid(32647, 451425.0, 2867025.0, 30.0, 480, 135, 900.0)
SOUTH = Grid(32735, 300015.0, -1200015.0, 30.0, 900, 700, 900.0)
WIDE = Grid(32601, 200015.0, 7000005.0, 30.0, 3000, 3000, 900.0)


def interpolated(table: places.Table, across: float, down: float) -> tuple[float, float]:
    """Longitude and latitude at a share of the width and of the height, as the page finds them."""
    x, y = across * (table.cols - 1), down * (table.rows - 1)
    col, row = min(int(x), table.cols - 2), min(int(y), table.rows - 2)
    found = []
    for values in (table.longitudes, table.latitudes):
        grid = np.array(values).reshape(table.rows, table.cols)[row : row + 2, col : col + 2]
        above, below = grid @ np.array([1 - (x - col), x - col])
        found.append(above + (below - above) * (y - row))
    return found[0], found[1]


def metres_apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance on the ellipsoid."""
    from pyproj import Geod

    return float(Geod(ellps="WGS84").inv(*one, *other)[2])


def corners(path: str) -> list[tuple[int, int]]:
    """The places a path goes through, as an SVG reader finds them."""
    found: list[tuple[int, int]] = []
    for letter, numbers in re.findall(r"([Mhvlz])([-\d ]*)", path):
        given = [int(each) for each in numbers.split()]
        if letter == "M":
            found.append((given[0], given[1]))
        elif letter != "z":
            right = given[0] if letter in "hl" else 0
            down = given[-1] if letter in "vl" else 0
            found.append((found[-1][0] + right, found[-1][1] + down))
    return found


@pytest.mark.parametrize("grid", [KACHIN, SOUTH, WIDE], ids=["Kachin", "south", "date line"])
@settings(max_examples=30, deadline=None)
@given(across=st.floats(0, 1), down=st.floats(0, 1))
def test_the_place_under_the_pointer_is_off_by_no_more_than_the_page_says(grid, across, down):
    """The interpolated place beside the true one, anywhere on the grid."""
    table = places.degrees_table(grid)
    rows, cols = np.array([down * grid.rows - 0.5]), np.array([across * grid.cols - 0.5])
    true = [float(each[0]) for each in lonlat_of(rows, cols, grid)]

    found = interpolated(table, across, down)

    assert metres_apart(found, (true[0], true[1])) <= table.error_m + 0.05 < 1.0


def square(left: float, top: float, side: float, grid: Grid = KACHIN):
    """A square in metres of the page, in degrees."""
    from pyproj import Transformer

    back = Transformer.from_crs(grid.epsg, 4326, always_xy=True)
    steps = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)]
    ring = [
        back.transform(grid.west_m + left + right, grid.north_m - top - down)
        for right, down in steps
    ]
    return ((tuple(ring),),)


def test_a_square_comes_back_to_the_metre():
    """Right, down, left: the way back to the start is the reader's."""
    assert places.path(square(300, 600, 90), KACHIN) == "M300 600h90v90h-90z"


def test_an_outline_without_area_draws_nothing():
    """No path at all, rather than a path without a place."""
    assert places.path((), KACHIN) == ""
    assert places.clipped_path((), KACHIN) == ""


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 130), st.integers(0, 470)), min_size=3, max_size=12, unique=True
    )
)
def test_every_corner_of_an_outline_is_on_its_path(pixels):
    """Straight runs may be joined; no corner is lost and none is made up."""
    ring = np.array([*pixels, pixels[0]]) * 30
    drawn = corners(places._line(ring[:, 0], ring[:, 1], closed=True))

    steps = np.diff(ring, axis=0)
    turns = steps[:-1, 0] * steps[1:, 1] - steps[:-1, 1] * steps[1:, 0]
    turning = {(int(x), int(y)) for x, y in ring[1:-1][turns != 0]}
    assert turning <= set(drawn)
    assert set(drawn) <= {tuple(int(each) for each in place) for place in ring}


def test_ground_beyond_the_grid_is_cut_off():
    """A square half outside keeps its inner half."""
    found = corners(places.clipped_path(square(-90, 300, 180), KACHIN))

    assert {right for right, _ in found} == {0, 90}
    assert {down for _, down in found} == {300, 480}


def test_the_border_between_neighbours_is_drawn_once_and_their_outer_edges_not():
    """Two halves of the grid share one line; where they were cut off there is none."""
    from reetrace.core.geometry import MultiPolygon

    width, height = KACHIN.cols * 30, KACHIN.rows * 30

    def half(left: float, right: float) -> MultiPolygon:
        from pyproj import Transformer

        back = Transformer.from_crs(KACHIN.epsg, 4326, always_xy=True)
        steps = [(left, -500), (right, -500), (right, height + 500), (left, height + 500)]
        ring = [
            back.transform(KACHIN.west_m + x, KACHIN.north_m - y) for x, y in [*steps, steps[0]]
        ]
        return ((tuple(ring),),)

    found = places.border_path([half(-500, 2010), half(2010, width + 500)], KACHIN)

    assert found.count("M") == 1
    assert {right for right, _ in corners(found)} <= {2009, 2010, 2011}


def test_a_country_that_holds_everything_has_no_border_here():
    """Its outline lies beyond the grid."""
    assert places.border_path([square(-20_000, -20_000, 60_000)], KACHIN) == ""


def test_bounds_stay_within_the_grid():
    """So that nobody is shown the emptiness around it."""
    left, top, right, bottom = places.bounds_of(square(-500, -500, 1000), KACHIN)

    assert (left, top) == (0, 0)
    assert right == pytest.approx(500, abs=1)
    assert bottom == pytest.approx(500, abs=1)
