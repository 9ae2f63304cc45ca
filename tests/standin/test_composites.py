"""Many images made one."""

from __future__ import annotations

import ee
import numpy as np
import pytest

from tests.loopback.backend import BackendError
from tests.standin import StandIn, World
from tests.standin.offline import value
from tests.standin.small import COLLECTION, image, layer, scene


def _three(first: list[list[int]], second: list[list[int]], third: list[list[int]]) -> StandIn:
    world = World()
    for name, moment, rows in (
        ("a", "2020-01-01", first),
        ("b", "2020-02-01", second),
        ("c", "2020-03-01", third),
    ):
        scene(world, name, moment, red=rows)
    return StandIn(world)


def test_a_median_is_the_middle_of_what_was_seen():
    """Masked pixels have no say; of two the mean is taken."""
    backend = _three([[1, 0, 0]], [[9, 4, 0]], [[5, 9, 0]])

    found = ee.ImageCollection(COLLECTION).median()

    assert layer(backend, found, 1, 3).tolist() == [[5.0, 6.5, 0.0]]
    assert layer(backend, found.mask(), 1, 3).tolist() == [[1, 1, 0]]


def test_the_median_of_an_empty_collection_has_no_bands():
    """The complaint comes far away, where a band is asked for."""
    backend = _three([[1]], [[1]], [[1]])
    nothing = ee.ImageCollection(COLLECTION).filterDate("1999-01-01", "2000-01-01").median()

    assert value(backend, nothing.bandNames()) == []
    with pytest.raises(BackendError, match=r"did not match any bands\. Available bands: \[\]"):
        value(backend, nothing.select("red"))


def test_a_count_is_of_what_was_seen():
    """Masked where nothing was: only unmasked does it say 0."""
    backend = _three([[1, 0, 0]], [[9, 4, 0]], [[5, 9, 0]])
    count = ee.ImageCollection(COLLECTION).count()

    assert layer(backend, count.unmask(0), 1, 3).tolist() == [[3, 2, 0]]
    assert layer(backend, count.mask(), 1, 3).tolist() == [[1, 1, 0]]


def test_names_of_a_reduced_collection_bear_the_reducer():
    """`reduce(median)` is `red_median`, `median()` is `red`."""
    backend = _three([[1]], [[1]], [[1]])
    scenes = ee.ImageCollection(COLLECTION)

    assert value(backend, scenes.reduce(ee.Reducer.median()).bandNames()) == ["red_median"]
    assert value(backend, scenes.median().bandNames()) == ["red"]


def test_a_mosaic_shows_the_last_image_on_top():
    """What lies beneath shows through its masked pixels."""
    backend = _three([[1, 1, 1]], [[2, 2, 0]], [[3, 0, 0]])
    order = [image("a"), image("b"), image("c")]

    found = ee.ImageCollection.fromImages(order).mosaic()
    turned = ee.ImageCollection.fromImages(order[::-1]).mosaic()

    assert layer(backend, found, 1, 3).tolist() == [[3, 2, 1]]
    assert layer(backend, turned, 1, 3).tolist() == [[1, 1, 1]]


def test_images_of_other_bands_cannot_be_reduced_together():
    """As when two sensors are merged without renaming."""
    world = World()
    scene(world, "a", SR_B3=[[1]])
    scene(world, "b", SR_B4=[[1]])

    with pytest.raises(BackendError, match="Expected a homogeneous image collection"):
        value(StandIn(world), ee.ImageCollection(COLLECTION).median())


def test_the_end_of_a_span_of_dates_is_excluded():
    """To 31 December drops the last day of the year."""
    world = World()
    scene(world, "first", "2005-01-01", a=[[1]])
    scene(world, "last", "2005-12-31", a=[[1]])
    scenes = ee.ImageCollection(COLLECTION)
    backend = StandIn(world)

    assert value(backend, scenes.filterDate("2005-01-01", "2005-12-31").size()) == 1
    assert value(backend, scenes.filterDate("2005-01-01", "2006-01-01").size()) == 2


def test_a_season_runs_round_the_turn_of_the_year():
    """November to April are six months, both ends included."""
    world = World()
    for month in range(1, 13):
        scene(world, f"m{month:02d}", f"2005-{month:02d}-15", a=[[1]])

    found = ee.ImageCollection(COLLECTION).filter(ee.Filter.calendarRange(11, 4, "month"))

    assert value(StandIn(world), found.aggregate_array("system:index")) == [
        "m01", "m02", "m03", "m04", "m11", "m12",
    ]  # fmt: skip


def test_bounds_choose_the_scenes_that_touch():
    """A point half the world away touches none."""
    backend = _three([[1]], [[1]], [[1]])
    scenes = ee.ImageCollection(COLLECTION)

    assert value(backend, scenes.filterBounds(image("a").geometry()).size()) == 3
    assert value(backend, scenes.filterBounds(ee.Geometry.Point([-60, 10])).size()) == 0


def test_mapped_images_keep_their_index_and_lose_the_rest():
    """Arithmetic in a map drops the date; the index is given back by the map."""
    backend = _three([[1]], [[1]], [[1]])

    halves = ee.ImageCollection(COLLECTION).map(lambda each: each.multiply(0.5))

    assert value(backend, halves.aggregate_array("system:index")) == ["a", "b", "c"]
    assert value(backend, halves.aggregate_array("system:time_start")) == []


def test_images_of_a_list_are_indexed_by_their_place():
    """Whatever they were called in the archive."""
    backend = _three([[1]], [[1]], [[1]])

    found = ee.ImageCollection.fromImages([image("c"), image("a")])

    assert value(backend, found.aggregate_array("system:index")) == ["0", "1"]


def test_merged_collections_mark_their_indices():
    """1 and 2 come before the index."""
    backend = _three([[1]], [[1]], [[1]])
    scenes = ee.ImageCollection(COLLECTION)

    found = scenes.limit(1).merge(scenes.limit(1))

    assert value(backend, found.aggregate_array("system:index")) == ["1_a", "2_a"]


def test_linked_bands_come_from_the_image_of_the_same_index():
    """As cloud scores are linked to their scenes."""
    world = World()
    scene(world, "a", red=[[1]])
    for name, score in (("a", 7), ("b", 9)):
        world.add_arrays(
            f"SCORES/{name}",
            {"cs": np.array([[score]], dtype=np.uint8)},
            west_m=450_015,
            north_m=2_860_005,
            pixel_m=30,
        )

    linked = image("a").linkCollection(ee.ImageCollection("SCORES"), ["cs"])

    assert layer(StandIn(world), linked, 1, 1, "cs")[0, 0] == 7


def test_a_scene_without_a_linked_image_is_masked_in_the_linked_band():
    """No score, no pixel: a mask made of it drops the scene."""
    world = World()
    scene(world, "a", red=[[1]])
    world.add_arrays(
        "SCORES/b",
        {"cs": np.array([[9]], dtype=np.uint8)},
        west_m=450_015,
        north_m=2_860_005,
        pixel_m=30,
    )

    linked = image("a").linkCollection(ee.ImageCollection("SCORES"), ["cs"])

    assert layer(StandIn(world), linked.select("cs").mask(), 1, 1)[0, 0] == 0


def test_sorting_by_a_property_is_stable_and_can_be_turned():
    """`sort` is a limit without a limit."""
    backend = _three([[1]], [[1]], [[1]])
    scenes = ee.ImageCollection(COLLECTION)

    turned = scenes.sort("system:time_start", opt_ascending=False)

    assert value(backend, turned.aggregate_array("system:index")) == ["c", "b", "a"]


def test_the_first_of_none_is_null():
    """And a null has no bands to ask for."""
    backend = _three([[1]], [[1]], [[1]])
    nothing = ee.ImageCollection(COLLECTION).filterDate("1999-01-01", "2000-01-01")

    assert value(backend, nothing.first()) is None
    with pytest.raises(BackendError, match="Parameter 'input' is required"):
        value(backend, nothing.first().select(0))
