"""What is sent to Earth Engine, stage by stage, sensor by sensor, year by year."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reetrace import tables
from reetrace.core.model import Knobs
from reetrace.core.samples import Label, Labels, Samples
from reetrace.core.training import training_set
from reetrace.engines.earthengine import borders, composing, counting, listing, sampling, training
from reetrace.engines.earthengine.archive import ARCHIVES
from reetrace.engines.earthengine.listing import Listed
from reetrace.engines.earthengine.places import MOST_PIXELS
from tests import worlds
from tests.earthengine.conftest import OpenLoopback
from tests.earthengine.graphs import calls, canonical
from tests.loopback.made_up import MadeUp

GOLDEN = Path(__file__).parent / "golden"
LEGEND = tables.legend("mine")
YEARS = {
    "landsat5-tm": 2005,
    "landsat7-etm": 2003,
    "landsat8-oli": 2015,
    "landsat9-oli": 2023,
    "sentinel2-msi": 2020,
}


@pytest.fixture(autouse=True)
def _initialised(open_loopback: OpenLoopback) -> Any:
    open_loopback(MadeUp())


def _world(sensor_id: str) -> Any:
    if sensor_id == "sentinel2-msi":
        return worlds.forest(pixel_m=20.0, west_m=450_000.0, north_m=2_860_000.0)
    return worlds.forest()


def _scenes(sensor_id: str) -> Any:
    """Two frames of one pass, and a second pass."""
    year, world = YEARS[sensor_id], _world(sensor_id)
    days = (("a", dt.date(year, 1, 10)), ("b", dt.date(year, 1, 10)), ("c", dt.date(year, 12, 6)))
    return [
        Listed(
            f"{ARCHIVES[sensor_id].collection}/{name}", day, sensor_id, "P", 1.0, world.epsg, "", ""
        )
        for name, day in days
    ]


def _composite(sensor_id: str) -> Any:
    sensor = tables.sensor(sensor_id)
    grid = _world(sensor_id).grid
    return composing.composite(_scenes(sensor_id), sensor, ARCHIVES[sensor_id], grid, 2)


def _landcover(sensor_id: str) -> Any:
    world = _world(sensor_id)
    model = worlds.brightness_model(LEGEND, tables.sensor(sensor_id).roles)
    return counting.landcover(_composite(sensor_id), model, world.site, world.grid)


def _shares(sensor_id: str) -> Any:
    world, sensor = _world(sensor_id), tables.sensor(sensor_id)
    return composing.clear_pixels(
        _scenes(sensor_id), sensor, ARCHIVES[sensor_id], world.grid, world.site, 1.0
    )


def _listing(sensor_id: str) -> Any:
    year = YEARS[sensor_id]
    sensors = [tables.sensor(sensor_id)]
    site = _world(sensor_id).site
    return listing.scenes_of(site, sensors, dt.date(year, 1, 1), dt.date(year, 12, 31))


def _beneath(sensor_id: str) -> Any:
    world, bands = _world(sensor_id), ("red", "nir")
    places = np.array([3, 5]), np.array([4, 19])
    return sampling.values_beneath(_composite(sensor_id), bands, *places, world.grid)


def _counts(sensor_id: str) -> Any:
    world = _world(sensor_id)
    one = _landcover(sensor_id)
    zones = worlds.zone_set(
        world.part("west", slice(0, 20), slice(0, 5)), world.part("all", slice(0, 20), slice(0, 20))
    )
    return counting.counts([[one], [one, one]], [zones], LEGEND, world.site, world.grid, 4.0)


STAGES = {
    "listing": _listing,
    "shares": _shares,
    "composite": _composite,
    "landcover": _landcover,
    "samples": _beneath,
    "counts": _counts,
}
EVERY = [(stage, sensor) for stage in STAGES for sensor in YEARS]


def _encoded(stage: str, sensor_id: str) -> Any:
    import ee

    return ee.serializer.encode(STAGES[stage](sensor_id))


def _hold(name: str, text: str) -> None:
    """Compares with the golden file; REETRACE_WRITE_GOLDEN=1 writes it, to be read over."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("REETRACE_WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("stage", "sensor_id"), EVERY)
def test_the_graph_of_every_stage_and_sensor_is_the_one_that_was_reviewed(stage, sensor_id):
    """A change of what is computed on the server is a change of a file that somebody reads."""
    _hold(f"{stage}-{sensor_id}", canonical(_encoded(stage, sensor_id)))


def test_the_graphs_of_borders_and_training_are_the_ones_that_were_reviewed():
    """So for the two stages that have no sensor."""
    import ee

    for name, edition in borders.EDITIONS.items():
        found = borders.countries(edition.table, edition.name, worlds.forest().site)
        _hold(f"borders-{name}", canonical(ee.serializer.encode(found)))
    forest = training.forest(_training_set()).explain()
    _hold("training", canonical(ee.serializer.encode(forest)))


def _training_set() -> Any:
    bands = tables.sensor("landsat8-oli").roles
    points = tuple(
        Label(f"p{place}", 98.0, 26.0, "mine" if place % 2 else "non-mine", "me", "scene", "2015")
        for place in range(12)
    )
    labels = Labels("made-up", "2015", "training", "purposive", (), points, "made up", "0")
    values = np.arange(12 * len(bands), dtype=np.uint16).reshape(12, -1) + 8000
    places = np.arange(12)
    return training_set(
        [Samples(labels, bands, values, places, places)],
        keep=[np.ones(12, dtype=bool)],
        knobs=Knobs(trees=7, seed=42),
        legend=LEGEND,
        sensor_family="oli",
    )


@pytest.mark.parametrize(("stage", "sensor_id"), EVERY)
def test_no_reduction_is_left_to_a_scale_of_the_services_choosing(stage, sensor_id):
    """CRS, transform and the most pixels are said wherever something is reduced; never a scale."""
    graph = _encoded(stage, sensor_id)
    grid = _world(sensor_id).grid
    reductions = [*calls(graph, "Image.reduceRegion"), *calls(graph, "Image.reduceRegions")]

    for each in reductions:
        assert (
            each["crs"] == {"call": "Projection", "crs": f"EPSG:{grid.epsg}"}
            or each["crs"] == f"EPSG:{grid.epsg}"
        )
        assert each["crsTransform"] == list(grid.transform)
        assert "scale" not in each
        assert not each.get("bestEffort", False)
    assert all(each["maxPixels"] == MOST_PIXELS for each in calls(graph, "Image.reduceRegion"))
    assert bool(reductions) == (stage in {"shares", "samples", "counts"})


@pytest.mark.parametrize("sensor_id", YEARS)
def test_only_the_collection_of_the_sensor_is_listed_and_to_the_last_day(sensor_id):
    """Tier 1 of Collection 2 Level 2, and the harmonised surface reflectance of Sentinel-2."""
    graph = _encoded("listing", sensor_id)

    collections = {each["id"] for each in calls(graph, "ImageCollection.load")}
    (span,) = calls(graph, "DateRange")

    assert collections == {ARCHIVES[sensor_id].collection}
    assert (span["start"], span["end"]) == (
        f"{YEARS[sensor_id]}-01-01",
        f"{YEARS[sensor_id] + 1}-01-01",
    )


BITS = {
    # fill, dilated cloud, cloud, shadow, snow; and on OLI cirrus. Saturation of bands 1-5 and 7.
    "landsat5-tm": {"QA_PIXEL": 0b111011, "QA_RADSAT": 0b1011111},
    "landsat7-etm": {"QA_PIXEL": 0b111011, "QA_RADSAT": 0b1011111},
    "landsat8-oli": {"QA_PIXEL": 0b111111, "QA_RADSAT": 0b1111110},
    "landsat9-oli": {"QA_PIXEL": 0b111111, "QA_RADSAT": 0b1111110},
}


@pytest.mark.parametrize("sensor_id", BITS)
def test_only_the_bits_of_the_bands_used_take_a_pixel_out(sensor_id):
    """Terrain occlusion and the cirrus band's saturation say nothing about the ground."""
    found: dict[str, set[int]] = {}
    for each in calls(_encoded("composite", sensor_id), "Image.bitwiseAnd"):
        band = each["image1"]["bandSelectors"][0]
        found.setdefault(band, set()).add(each["image2"]["value"])

    assert found == {band: {bits} for band, bits in BITS[sensor_id].items()}


def test_a_scene_of_the_zone_beside_gives_its_nearest_pixel_as_the_evidence_says():
    """Its pixels lie turned to the grid's: no whole number of them makes up one."""
    import ee

    sensor, grid = tables.sensor("sentinel2-msi"), _world("sentinel2-msi").grid
    archive, here = ARCHIVES[sensor.id], _scenes(sensor.id)[0]
    beside = dataclasses.replace(here, epsg=grid.epsg - 1)

    said = [composing.resampling(each, sensor, archive, grid) for each in (here, beside)]
    graphs = [
        ee.serializer.encode(composing.clear(each, sensor, archive, grid))
        for each in (here, beside)
    ]

    assert said == ["mean of 2 × 2 pixels; none", "nearest pixel"]
    means = [len(list(calls(graph, "Image.reduceResolution"))) for graph in graphs]
    assert means == [2, 0]


def test_sentinel_2_is_masked_by_cloud_score_and_scaled_to_stored_reflectance():
    """Cloud Score+ of 0.60; 0.0001 n becomes the integer that every composite carries."""
    graph = _encoded("composite", "sentinel2-msi")

    linked = list(calls(graph, "Image.linkCollection"))
    compared = [
        each["image2"]["value"]
        for each in calls(graph, "Image.gte")
        if each["image1"].get("bandSelectors") == ["cs_cdf"]
    ]

    assert {each["imageCollection"]["id"] for each in linked} == {
        "GOOGLE/CLOUD_SCORE_PLUS/V1/S2_HARMONIZED"
    }
    assert set(compared) == {0.6}
    stored = [(80 * n + 160_011) // 22 for n in (1, 1234, 10_000)]
    exact = [round((0.0001 * n + 0.2) / 0.0000275) for n in (1, 1234, 10_000)]
    assert stored == exact


def test_training_there_uses_the_six_knobs_and_the_seed():
    """Nothing is left to a default of the service."""
    import ee

    graph = ee.serializer.encode(training.forest(_training_set()))

    (forest,) = calls(graph, "Classifier.smileRandomForest")

    assert forest == {
        "numberOfTrees": 7,
        "variablesPerSplit": 2,
        "minLeafPopulation": 1,
        "bagFraction": 0.5,
        "seed": 42,
    }


@pytest.mark.parametrize("sensor_id", YEARS)
def test_a_season_of_forty_scenes_is_a_request_of_well_under_a_megabyte(sensor_id):
    """The service takes 10 MB; what is asked for the longest of seasons stays far below."""
    import ee

    sensor, world = tables.sensor(sensor_id), _world(sensor_id)
    first = dt.date(YEARS[sensor_id], 1, 1)
    scenes = [
        Listed(
            f"{ARCHIVES[sensor_id].collection}/scene_{day}",
            first + dt.timedelta(days=day),
            sensor_id,
            "P",
            1.0,
            world.epsg,
            "",
            "",
        )
        for day in range(40)
    ]
    image = composing.composite(scenes, sensor, ARCHIVES[sensor_id], world.grid, 2)

    assert len(json.dumps(ee.serializer.encode(image))) < 300_000
