"""What goes out, the limits of a request, and exports."""

from __future__ import annotations

import threading
from typing import Any

import ee
import numpy as np
import pytest

from tests.loopback.backend import BackendError
from tests.standin import StandIn, World
from tests.standin.faults import Unmodelled
from tests.standin.offline import expression, features, pixels, value
from tests.standin.small import (
    COLLECTION,
    CRS,
    NORTH,
    TRANSFORM,
    WEST,
    image,
    layer,
    on_pixels,
    rectangle,
    scene,
    service,
)

FOUR = [[1, 2], [3, 4]]
ASSET = "projects/reetrace-test/assets/one"


def _export(backend: StandIn, what: Any, **how: Any) -> None:
    task = ee.batch.Export.image.toAsset(what, assetId=ASSET, description="one", **how)
    assert task.config is not None
    config = dict(task.config)
    config["expression"] = expression(config["expression"])
    backend.export("image", config)


def test_an_image_describes_its_bands_types_and_lattice():
    """As getInfo shows it."""
    found = value(service(a=FOUR), image())

    assert found["id"] == f"{COLLECTION}/one"
    assert found["bands"] == [
        {
            "id": "a",
            "data_type": {"type": "PixelType", "precision": "int", "min": 0, "max": 65_535},
            "crs": CRS,
            "crs_transform": TRANSFORM,
        }
    ]


def test_dates_go_out_as_milliseconds():
    """With their type."""
    found = value(service(a=FOUR), ee.Date("2020-01-02"))

    assert found == {"type": "Date", "value": 1_577_923_200_000}


def test_features_go_out_in_degrees():
    """Whatever system they were drawn in; their index is the id."""
    place = ee.Geometry.Point([WEST, NORTH], CRS)

    found = features(service(a=FOUR), ee.FeatureCollection([ee.Feature(place, {"n": 1})]))

    assert found[0]["id"] == "0"
    assert found[0]["properties"] == {"n": 1}
    assert found[0]["geometry"]["coordinates"] == pytest.approx([98.5008, 25.8577], abs=1e-3)


def test_pixels_are_a_structured_array_of_the_bands_asked_for():
    """One field a band, in the order asked for."""
    backend = service(a=FOUR, b=[[5, 6], [7, 8]])

    found = pixels(
        backend, image(), west=WEST, north=NORTH, pixel=30, rows=2, cols=2, bands=["b", "a"]
    )

    assert found.dtype.names == ("b", "a")
    assert found["b"].tolist() == [[5, 6], [7, 8]]


def test_a_request_of_more_than_48_mb_is_refused():
    """Bytes are those of the types that leave: 8 a double."""
    backend = service(a=FOUR)

    with pytest.raises(BackendError, match=r"must be less than or equal to 50331648 bytes"):
        pixels(
            backend, image().toDouble(), west=WEST, north=NORTH, pixel=30, rows=2_509, cols=2_509
        )


def test_a_request_of_more_than_32768_pixels_a_side_is_refused():
    """However few they are."""
    with pytest.raises(BackendError, match=r"\(32769x1\) must be less than or equal to 32768"):
        pixels(service(a=FOUR), image(), west=WEST, north=NORTH, pixel=30, rows=1, cols=32_769)


def test_a_collection_of_more_than_5000_elements_cannot_be_had_as_a_value():
    """It has to be paged or exported."""
    many = ee.FeatureCollection(
        ee.List.sequence(1, 5_001).map(lambda n: ee.Feature(None, {"n": n}))
    )
    backend = StandIn(World())

    assert value(backend, many.size()) == 5_001
    with pytest.raises(BackendError, match="aborted after accumulating over 5000 elements"):
        value(backend, many)


def test_a_computation_can_be_made_to_time_out():
    """So that tests can see what becomes of it."""
    world = World()
    scene(world, "one", a=FOUR)
    slow = StandIn(world, work_pixels=3)

    with pytest.raises(BackendError, match=r"^Computation timed out\.$") as refusal:
        layer(slow, image().add(1), 2, 2)
    assert refusal.value.status == 400


def test_memory_can_be_made_to_run_out_and_a_larger_tile_scale_to_help():
    """At tileScale 2 a quarter of the memory is enough."""
    world = World()
    scene(world, "one", a=FOUR)
    small = StandIn(world, memory_pixels=1)

    def total(tile_scale: float) -> Any:
        return image().reduceRegion(
            ee.Reducer.sum(), rectangle(2, 2), tileScale=tile_scale, **on_pixels()
        )

    with pytest.raises(BackendError, match=r"^User memory limit exceeded\.$"):
        value(small, total(1))
    assert value(small, total(2)) == {"a": 10.0}


def test_only_npy_is_answered():
    """Pictures are not modelled."""
    body = {"expression": expression(image()), "fileFormat": "PNG", "grid": {}}

    with pytest.raises(Unmodelled, match="PNG"):
        service(a=FOUR).pixels(body)


def test_a_grid_that_is_left_to_the_service_is_not_guessed():
    """Size, transform and system are all stated."""
    body = {"expression": expression(image()), "fileFormat": "NPY", "grid": {"crsCode": CRS}}

    with pytest.raises(Unmodelled, match="dimensions"):
        service(a=FOUR).pixels(body)


def test_an_exported_image_is_read_again_as_it_was_computed():
    """On its own lattice, masks and types included."""
    backend = service(a=[[1, 0], [3, 4]])

    _export(
        backend,
        image().add(1).toUint16(),
        crs=CRS,
        crsTransform=TRANSFORM,
        region=rectangle(2, 2),
        maxPixels=9,
    )

    assert layer(backend, ee.Image(ASSET), 2, 2).tolist() == [[2, 0], [4, 5]]
    assert layer(backend, ee.Image(ASSET).mask(), 2, 2).tolist() == [[1, 0], [1, 1]]
    assert layer(backend, ee.Image(ASSET), 2, 2).dtype == np.uint16
    described = backend.asset(ASSET)
    assert described is not None
    assert described["type"] == "IMAGE"


def test_an_export_of_more_pixels_than_allowed_fails():
    """A hundred million unless maxPixels says otherwise."""
    with pytest.raises(BackendError, match=r"specified 4 pixels \(max: 3\)"):
        _export(
            service(a=FOUR),
            image(),
            crs=CRS,
            crsTransform=TRANSFORM,
            region=rectangle(2, 2),
            maxPixels=3,
        )


def test_an_export_by_scale_goes_by_the_scenes_own_origin():
    """Without a CRS the pixels are the image's, made larger about its corner."""
    backend = service(a=[[10, 20, 1], [30, 40, 1]])

    _export(backend, image(), scale=60, region=rectangle(2, 2))

    found = pixels(backend, ee.Image(ASSET), west=WEST, north=NORTH, pixel=60, rows=1, cols=2)
    assert found["a"].tolist() == [[25, 0]]


def test_a_scene_tells_when_it_was_taken():
    """The date of a scene, as its text."""
    backend = service(a=FOUR)

    assert value(backend, image().date().format("YYYY-MM-dd")) == "2020-01-01"


def test_an_unbounded_image_cannot_be_exported():
    """A composite without a region has no end."""
    with pytest.raises(BackendError, match="unbounded"):
        _export(service(a=FOUR), ee.ImageCollection(COLLECTION).median())


def test_a_batch_export_has_no_interactive_limits():
    """What times out as a request is what an export is for."""
    world = World()
    scene(world, "one", a=FOUR)
    slow = StandIn(world, work_pixels=3)

    _export(slow, image().add(1), crs=CRS, crsTransform=TRANSFORM, region=rectangle(2, 2))

    assert slow.asset(ASSET) is not None


def test_an_exported_table_is_read_again():
    """Its rows need geometries."""
    backend = service(a=FOUR)
    rows = ee.FeatureCollection([ee.Feature(ee.Geometry.Point([98, 25]), {"n": 4})])
    body = {
        "expression": expression(rows),
        "assetExportOptions": {"earthEngineDestination": {"name": ASSET}},
    }

    backend.export("table", body)

    assert value(backend, ee.FeatureCollection(ASSET).aggregate_array("n")) == [4]
    bare = expression(ee.FeatureCollection([ee.Feature(None, {"n": 4})]))
    with pytest.raises(BackendError, match="needs a geometry"):
        backend.export("table", {**body, "expression": bare})


def test_requests_do_not_get_in_each_others_way():
    """Several at once answer as one after the other does."""
    backend = service(a=np.arange(1, 401).reshape(20, 20).tolist())
    body = {"expression": expression(image().reduceRegion(
        ee.Reducer.sum(), rectangle(20, 20), **on_pixels()
    ))}  # fmt: skip
    answers: list[Any] = []

    threads = [
        threading.Thread(target=lambda: answers.append(backend.value(body))) for _ in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert answers == [{"a": 400 * 401 / 2}] * 8
