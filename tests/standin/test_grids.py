"""Projections, lattices, and pixels brought from one to another."""

from __future__ import annotations

import ee
import numpy as np
import pytest

from reetrace.core.grid import Grid
from tests.standin import StandIn, World
from tests.standin.faults import Unmodelled
from tests.standin.offline import pixels, value
from tests.standin.small import (
    COLLECTION,
    CRS,
    NORTH,
    PIXEL,
    WEST,
    image,
    layer,
    on_pixels,
    point,
    rectangle,
    service,
)


def _ten_metres(values: list[list[int]]) -> StandIn:
    world = World()
    world.add_arrays(
        f"{COLLECTION}/one",
        {"a": np.asarray(values, dtype=np.uint16)},
        west_m=450_000,
        north_m=2_860_000,
        pixel_m=10,
    )
    return StandIn(world)


def test_a_composite_has_pixels_of_one_degree():
    """Nothing of the scenes' lattice is left in a median."""
    backend = service(a=[[1]])

    found = value(backend, ee.ImageCollection(COLLECTION).median().projection())

    assert (found["crs"], found["transform"]) == ("EPSG:4326", [1.0, 0.0, 0.0, 0.0, 1.0, 0.0])


def test_a_constant_has_pixels_of_one_degree():
    """A sum of ones over a square kilometre without crs and scale is no count of anything."""
    backend = service(a=[[1]])
    area = rectangle(33, 33)

    left_alone = value(backend, ee.Image(1).reduceRegion(ee.Reducer.sum(), area))
    told = value(backend, ee.Image(1).reduceRegion(ee.Reducer.sum(), area, **on_pixels()))

    assert left_alone["constant"] < 0.05
    assert told["constant"] == 33 * 33


def test_a_scene_keeps_its_own_lattice():
    """Half a pixel off the origin, as Landsat is."""
    backend = service(a=[[1]])

    found = value(backend, image().projection())

    assert (found["crs"], found["transform"]) == (CRS, [30.0, 0.0, WEST, 0.0, -30.0, NORTH])


def test_arithmetic_with_a_constant_keeps_the_scenes_lattice():
    """The first operand's projection is the answer's."""
    backend = service(a=[[1]])

    assert value(backend, image().add(1).projection())["crs"] == CRS
    assert value(backend, ee.Image(1).add(image()).projection())["crs"] == "EPSG:4326"


def test_crs_and_scale_start_at_the_origin_of_the_system():
    """Edges of Landsat's pixels lie 15 m off: one of them becomes parts of two others."""
    backend = service(a=[[1, 2]])
    first = rectangle(1, 1)

    by_transform = image().reduceRegion(ee.Reducer.mean(), first, **on_pixels())
    by_scale = image().reduceRegion(ee.Reducer.mean(), first, crs=CRS, scale=PIXEL)

    assert value(backend, by_transform) == {"a": 1.0}
    assert value(backend, by_scale) == {"a": 1.5}


def test_the_transform_of_the_scene_takes_its_pixels_as_they_are():
    """With crsTransform every pixel is counted once."""
    backend = service(a=[[1, 2]])

    found = image().reduceRegion(ee.Reducer.toList(), rectangle(1, 2), **on_pixels())

    assert value(backend, found) == {"a": [1, 2]}


def test_scale_and_transform_exclude_each_other():
    """The service wants one of them."""
    backend = service(a=[[1]])

    with pytest.raises(Exception, match="at most one of 'scale' and 'crsTransform'"):
        value(
            backend,
            image().reduceRegion(ee.Reducer.sum(), rectangle(1, 1), scale=30, **on_pixels()),
        )


def test_pixels_come_by_nearest_neighbour():
    """A grid a third of a pixel off shows the scene's own values, none in between."""
    backend = service(a=[[10, 20], [30, 40]])

    found = pixels(backend, image(), west=WEST + 10, north=NORTH - 10, pixel=PIXEL, rows=1, cols=1)

    assert found["a"].tolist() == [[10]]


def test_pixels_beyond_the_scene_are_masked():
    """And leave as 0."""
    backend = service(a=[[7]])

    assert layer(backend, image(), 2, 2).tolist() == [[7, 0], [0, 0]]


def test_pixels_come_across_coordinate_systems():
    """Asked for in the neighbouring zone, a scene of one value shows that value."""
    backend = service(a=np.full((40, 40), 9).tolist())
    place = value(backend, point(20, 20).transform("EPSG:32646"))["coordinates"]

    found = pixels(
        backend, image(), west=place[0], north=place[1], pixel=30, rows=2, cols=2, crs="EPSG:32646"
    )

    assert found["a"].tolist() == [[9, 9], [9, 9]]


def test_coarser_pixels_are_means_from_the_pyramid():
    """20 m of a 10 m band is the mean of four pixels, not one of them."""
    backend = _ten_metres([[10, 20, 0, 8], [30, 40, 8, 8]])

    found = pixels(backend, image(), west=450_000, north=2_860_000, pixel=20, rows=1, cols=2)

    assert found["a"].tolist() == [[25, 8]]


def test_a_pyramid_of_codes_is_not_averaged():
    """QA bits of four pixels have no mean: one of them stands for all."""
    world = World()
    qa = np.array([[1, 2], [4, 8]], dtype=np.uint16)
    world.add_arrays(
        f"{COLLECTION}/one",
        {"QA_PIXEL": qa, "SR_B4": qa},
        west_m=WEST,
        north_m=NORTH,
        pixel_m=PIXEL,
    )

    found = pixels(StandIn(world), image(), west=WEST, north=NORTH, pixel=60, rows=1, cols=1)

    assert (found["QA_PIXEL"][0, 0], found["SR_B4"][0, 0]) == (1, 4)


def test_reduce_resolution_takes_the_mean_of_the_finer_pixels():
    """Masked ones left out; the answer is on the lattice it is reprojected to."""
    backend = _ten_metres([[10, 20, 0, 8], [30, 41, 8, 8]])
    coarse = image().reduceResolution(ee.Reducer.mean(), bestEffort=False, maxPixels=16)
    placed = coarse.reproject(CRS, [20, 0, 450_000, 0, -20, 2_860_000])

    found = pixels(backend, placed, west=450_000, north=2_860_000, pixel=20, rows=1, cols=2)

    assert found["a"].tolist() == [[25.25, 8.0]]


def test_reduce_resolution_onto_pixels_that_do_not_nest_is_not_modelled():
    """Pixels cut in parts would have to be weighted as the service does."""
    backend = _ten_metres([[10, 20], [30, 40]])
    coarse = image().reduceResolution(ee.Reducer.mean())

    with pytest.raises(Unmodelled, match="do not nest"):
        layer(backend, coarse.reproject(CRS, [20, 0, 450_005, 0, -20, 2_860_000]), 1, 1)


def test_reproject_fixes_the_lattice_whatever_is_asked_for():
    """A coarse lattice seen on a fine grid shows blocks."""
    backend = service(a=[[10, 20], [30, 40]])
    coarse = image().reproject(CRS, [60, 0, WEST, 0, -60, NORTH])

    assert layer(backend, coarse, 2, 2).tolist() == [[25, 25], [25, 25]]


def test_the_area_of_a_pixel_is_that_on_the_ellipsoid():
    """As pyproj's geodesic area of the same rectangle, to a millionth."""
    from reetrace.zoning import _true_pixel_area

    backend = service(a=[[1]])
    grid = Grid(32647, WEST, NORTH, PIXEL, 10, 10, 900.0)

    found = layer(backend, ee.Image.pixelArea().toDouble(), 10, 10)

    assert found.mean() == pytest.approx(_true_pixel_area(grid), rel=1e-6)


def test_the_area_of_a_pixel_follows_the_grid_that_is_asked_for():
    """Four times as large on pixels of 60 m."""
    backend = service(a=[[1]])

    fine = layer(backend, ee.Image.pixelArea(), 1, 1)[0, 0]
    coarse = pixels(backend, ee.Image.pixelArea(), west=WEST, north=NORTH, pixel=60, rows=1, cols=1)

    assert coarse["area"][0, 0] == pytest.approx(4 * fine, rel=1e-5)


def test_large_grids_are_the_same_as_their_strips():
    """Computed strip by strip to bound memory; the seams do not show."""
    values = np.arange(1, 300 * 150 + 1).reshape(300, 150).astype(np.uint16)
    backend = service(a=values.tolist())

    assert np.array_equal(layer(backend, image(), 300, 150), values)
