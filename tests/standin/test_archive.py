"""Scenes of a folder as the archive keeps them, borders, and their properties."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import ee
import numpy as np
import pytest

from reetrace import tables
from reetrace.core.raster import encode_reflectance
from tests import worlds
from tests.loopback.backend import BackendError
from tests.standin import StandIn, World
from tests.standin.catalogue import _SCORES, CLOUD_SCORE, SENTINEL2
from tests.standin.offline import features, pixels, value

OLI = "LANDSAT/LC08/C02/T1_L2"
GROUND = worlds.forest(rows=6, cols=4).dig(slice(0, 2), slice(0, 2))
MSI_GROUND = worlds.forest(rows=6, cols=4, pixel_m=20.0, west_m=450_000.0, north_m=2_860_000.0)


@pytest.fixture
def landsat(tmp_path: Path) -> StandIn:
    """Two dates, one of them under a cloud."""
    cloudy = GROUND.cloud("2020-03-01", slice(3, 6), slice(0, 4))
    worlds.write_landsat(tmp_path, cloudy, ["2020-01-01", "2020-03-01"])
    return StandIn(World.from_catalogue(tmp_path))


@pytest.fixture
def sentinel2(tmp_path: Path) -> StandIn:
    """One date before and one after the numbers were shifted by 1,000."""
    worlds.write_sentinel(tmp_path, MSI_GROUND, ["2019-01-05"], baseline="02.11")
    worlds.write_sentinel(tmp_path, MSI_GROUND, ["2020-01-05"], baseline="05.09")
    return StandIn(World.from_catalogue(tmp_path))


def _scene(backend: StandIn, place: int = 0, collection: str = OLI) -> Any:
    names = value(backend, ee.ImageCollection(collection).aggregate_array("system:index"))
    return ee.Image(f"{collection}/{names[place]}")


def test_a_folder_of_scenes_is_a_collection_by_date(landsat: StandIn):
    """Named as the archive names them: sensor, path and row, day."""
    found = value(landsat, ee.ImageCollection(OLI).aggregate_array("system:index"))

    assert found == ["LC08_132042_20200101", "LC08_132042_20200301"]


def test_a_landsat_scene_states_what_every_one_does(landsat: StandIn):
    """Platform, cloud, path and row, product, processing."""
    found = value(landsat, _scene(landsat))["properties"]

    assert found["SPACECRAFT_ID"] == "LANDSAT_8"
    assert found["DATE_ACQUIRED"] == "2020-01-01"
    assert (found["WRS_PATH"], found["WRS_ROW"]) == (132, 42)
    assert found["PROCESSING_LEVEL"] == "L2SP"
    assert found["LANDSAT_PRODUCT_ID"] == "landsat8-oli-2020-01-01"
    taken = dt.datetime.fromtimestamp(found["system:time_start"] / 1000, dt.UTC)
    assert taken == dt.datetime(2020, 1, 1, 3, 40, tzinfo=dt.UTC)


def test_stored_numbers_come_through_untouched(landsat: StandIn):
    """On the scene's own pixels nothing is resampled."""
    found = pixels(
        landsat, _scene(landsat), west=GROUND.west_m, north=GROUND.north_m, pixel=30, rows=6, cols=4
    )

    assert found.dtype["SR_B4"] == np.uint16
    assert np.array_equal(found["SR_B4"], encode_reflectance(GROUND.reflectance("red")))
    assert (found["QA_PIXEL"] == worlds.CLEAR).all()


def test_fill_is_masked_and_no_saturation_is_not(tmp_path: Path):
    """A stored reflectance of 0 is no data; a QA_RADSAT of 0 is a good pixel."""
    sensor = tables.sensor("landsat8-oli")
    full = np.full((6, 4), 9_000, dtype=np.uint16)
    holed = full.copy()
    holed[0, 0] = 0
    rasters = {band.id: holed if band.role == "red" else full for band in sensor.bands}
    rasters |= {"QA_PIXEL": np.full_like(full, worlds.CLEAR), "QA_RADSAT": np.zeros_like(full)}
    worlds.write_scene(tmp_path, sensor, "2020-01-01", rasters, GROUND)
    backend = StandIn(World.from_catalogue(tmp_path))

    masks = pixels(
        backend, _scene(backend).mask(), west=GROUND.west_m, north=GROUND.north_m, pixel=30,
        rows=6, cols=4,
    )  # fmt: skip

    assert masks["SR_B4"].sum() == 6 * 4 - 1
    assert masks["SR_B3"].sum() == 6 * 4
    assert masks["QA_RADSAT"].sum() == 6 * 4


def test_frames_of_one_pass_bear_rows_of_their_own(tmp_path: Path):
    """Two scenes of one day cannot have one name."""
    worlds.write_landsat(tmp_path / "north", GROUND, ["2020-01-01"])
    worlds.write_landsat(tmp_path / "south", GROUND, ["2020-01-01"])

    backend = StandIn(World.from_catalogue(tmp_path))

    assert value(backend, ee.ImageCollection(OLI).aggregate_array("WRS_ROW")) == [42, 43]


def test_harmonised_numbers_are_those_from_before_the_shift(sentinel2: StandIn):
    """Baselines since 04.00 are 1,000 higher in the files, and not in the harmonised collection."""
    both = [
        pixels(
            sentinel2, _scene(sentinel2, place, SENTINEL2), west=450_000, north=2_860_000,
            pixel=20, rows=6, cols=4, bands=["B6"],
        )["B6"]
        for place in (0, 1)
    ]  # fmt: skip

    assert np.array_equal(both[0], both[1])
    assert both[0][0, 0] == round(worlds.FOREST["red-edge-2"] * 10_000)


def test_sentinel_bands_have_the_archives_names(sentinel2: StandIn):
    """B2 and not B02, B8A, SCL."""
    found = value(sentinel2, _scene(sentinel2, 0, SENTINEL2).bandNames())

    assert set(found) == {"B2", "B3", "B4", "B5", "B6", "B7", "B8", "B8A", "B11", "B12", "SCL"}


def test_a_sentinel_scene_states_what_every_one_does(sentinel2: StandIn):
    """Satellite, cloud, baseline, tile, product."""
    found = value(sentinel2, _scene(sentinel2, 1, SENTINEL2))["properties"]

    assert found["SPACECRAFT_NAME"] == "Sentinel-2A"
    assert found["PROCESSING_BASELINE"] == "05.09"
    assert found["MGRS_TILE"] == "47RMJ"
    assert found["PRODUCT_ID"] == "sentinel2-msi-2020-01-05"
    assert found["CLOUDY_PIXEL_PERCENTAGE"] == 0


def test_scores_pass_exactly_what_the_sensor_file_does_not_reject():
    """0.60 divides the scene classes as the embedded engine does."""
    quality = next(each for each in tables.sensor("sentinel2-msi").quality if each.id == "SCL")
    rejected = {number for flag in quality.reject for number in flag.values}

    assert {number for number, score in _SCORES.items() if score < 0.60} == rejected
    assert set(_SCORES) == set(range(12))


def test_scores_have_the_index_of_their_scene(sentinel2: StandIn):
    """That is how they are linked."""
    scenes, scores = (
        value(sentinel2, ee.ImageCollection(each).aggregate_array("system:index"))
        for each in (SENTINEL2, CLOUD_SCORE)
    )

    assert scenes == scores
    assert scenes[0] == "20190105T034000_20190105T034000_T47RMJ"


def test_a_cloud_in_the_classes_is_a_low_score(tmp_path: Path):
    """On pixels half as large, nested in the classes' own."""
    cloudy = MSI_GROUND.cloud("2020-01-05", slice(0, 3), slice(0, 4))
    worlds.write_sentinel(tmp_path, cloudy, ["2020-01-05"])
    backend = StandIn(World.from_catalogue(tmp_path))

    clear = _scene(backend, 0, CLOUD_SCORE).select("cs_cdf").gte(0.6)
    found = pixels(backend, clear, west=450_000, north=2_860_000, pixel=20, rows=6, cols=4)

    assert found["cs_cdf"].tolist() == [[0] * 4] * 3 + [[1] * 4] * 3


def test_an_archive_without_scenes_is_an_empty_collection(landsat: StandIn):
    """A known collection that holds nothing is no error; an unknown one is."""
    assert value(landsat, ee.ImageCollection("LANDSAT/LT05/C02/T1_L2").size()) == 0
    with pytest.raises(BackendError, match=r"ImageCollection asset 'LANDSAT/XX' not found"):
        value(landsat, ee.ImageCollection("LANDSAT/XX").size())


def test_a_scene_that_is_not_there_is_refused(landsat: StandIn):
    """With its name."""
    with pytest.raises(BackendError, match=f"Image asset '{OLI}/LC08_1' not found"):
        value(landsat, ee.Image(f"{OLI}/LC08_1"))


def test_the_department_of_state_says_burma():
    """Who matches countries by their names has to know."""
    backend = StandIn(World())

    found = value(backend, ee.FeatureCollection("USDOS/LSIB/2017").aggregate_array("COUNTRY_NA"))

    assert set(found) == {"China", "Burma"}


def test_a_country_comes_in_parts():
    """As the detailed boundaries have it; together they are one area."""
    backend = StandIn(World())
    table = ee.FeatureCollection("USDOS/LSIB/2017")

    parts = table.filter(ee.Filter.eq("COUNTRY_NA", "Burma"))

    assert value(backend, parts.size()) == 2


def test_borders_have_the_tables_own_properties():
    """Each publisher names the same thing in its way."""
    backend = StandIn(World())

    simple = features(backend, ee.FeatureCollection("USDOS/LSIB_SIMPLE/2017"))
    lab = features(backend, ee.FeatureCollection("WM/geoLab/geoBoundaries/600/ADM0"))

    assert {each["properties"]["country_co"] for each in simple} == {"CH", "BM"}
    assert {each["properties"]["shapeGroup"] for each in lab} == {"CHN", "MMR"}
    assert all(each["geometry"]["type"] in {"Polygon", "MultiPolygon"} for each in simple + lab)


def test_editions_of_the_borders_differ():
    """Or a range over editions would be nothing."""
    backend = StandIn(World())

    areas = [
        value(backend, ee.FeatureCollection(table).filter(named).geometry().area())
        for table, named in (
            ("USDOS/LSIB_SIMPLE/2017", ee.Filter.eq("country_na", "China")),
            ("WM/geoLab/geoBoundaries/600/ADM0", ee.Filter.eq("shapeGroup", "CHN")),
        )
    ]

    assert abs(areas[0] - areas[1]) > 1e5
