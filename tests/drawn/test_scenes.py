"""The drawn scenes: encoded, flagged and described as the providers do."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray

from reetrace import tables
from tests.drawn.reading import DrawnItem, items

FILL, DILATED, CIRRUS, CLOUD, SHADOW, SNOW, CLEAR, WATER = range(8)


def _landsat(world: Path) -> list[DrawnItem]:
    return [item for item in items(world) if item.sensor.startswith("landsat")]


def _sentinel2(world: Path) -> list[DrawnItem]:
    return [item for item in items(world) if item.sensor == "sentinel2-msi"]


def _bit(codes: NDArray[np.int64], bit: int) -> NDArray[np.bool_]:
    is_set: NDArray[np.bool_] = (codes >> bit) & 1 == 1
    return is_set


def test_the_studys_own_dates_are_among_the_passes(drawn_world: Path):
    """Five dates an epoch, TM until 2010 and OLI from 2015, four of Sentinel-2 in 2020."""
    dates = {
        (item.sensor, item.record["properties"]["datetime"][:10]) for item in items(drawn_world)
    }

    assert {
        ("landsat5-tm", "2005-01-13"),
        ("landsat5-tm", "2010-12-13"),
        ("landsat8-oli", "2015-11-09"),
        ("landsat8-oli", "2020-12-06"),
    } <= dates
    assert sum(sensor == "landsat5-tm" for sensor, _ in dates) == 10
    assert sum(sensor == "landsat8-oli" for sensor, _ in dates) == 10
    assert sum(sensor == "sentinel2-msi" for sensor, _ in dates) == 4


def test_every_item_has_the_bands_of_its_sensor_and_names_its_files_rightly(drawn_world: Path):
    """Bands, size, place, checksum and encoding in the item are those of the file."""
    for item in items(drawn_world):
        sensor = tables.sensor(item.sensor)
        wanted = [band.id for band in sensor.bands] + [band.id for band in sensor.quality]
        assert sorted(item.record["assets"]) == sorted(wanted)
        for name, asset in item.record["assets"].items():
            checksum = hashlib.sha256(item.path(name).read_bytes()).hexdigest()
            with rasterio.open(item.path(name)) as source:
                assert asset["proj:shape"] == [source.height, source.width]
                assert asset["proj:transform"][:6] == list(source.transform)[:6]
                assert source.crs.to_epsg() == item.record["properties"]["proj:epsg"] == 32647
                assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            assert asset["file:checksum"] == f"1220{checksum}"


def test_pixels_lie_on_the_lattices_of_the_providers(drawn_world: Path):
    """Landsat's edges lie 15 m off the multiples of 30 m, Sentinel-2's on multiples of 10 or 20."""
    for item in items(drawn_world):
        for band in item.reflectance_bands:
            transform = item.record["assets"][band]["proj:transform"]
            pixel_m, west_m, north_m = transform[0], transform[2], transform[5]
            shift = 15.0 if pixel_m == 30.0 else 0.0
            assert (west_m - shift) % pixel_m == 0.0
            assert (north_m - shift) % pixel_m == 0.0


def test_the_quality_bits_of_landsat_never_contradict_each_other(drawn_world: Path):
    """Clear means neither cloud nor dilated cloud; a flag has its confidence; nothing is fill."""
    for item in _landsat(drawn_world):
        codes = item.stored("QA_PIXEL")
        cloud, dilated, shadow = (_bit(codes, each) for each in (CLOUD, DILATED, SHADOW))
        assert np.array_equal(_bit(codes, CLEAR), ~(cloud | dilated))
        assert ((codes[cloud] >> 8) & 3 == 3).all()
        assert ((codes[shadow] >> 10) & 3 == 3).all()
        assert not (cloud & dilated).any()
        assert not _bit(codes, FILL).any()
        assert not _bit(codes, SNOW).any()
        if item.sensor == "landsat5-tm":
            assert not (codes >> 14).any()


def test_clear_ground_has_the_code_that_usgs_gives_it(drawn_world: Path):
    """5440 for TM and 21824 for OLI are by far the most frequent codes of a clear scene."""
    most = {}
    for item in _landsat(drawn_world):
        values, counts = np.unique(item.stored("QA_PIXEL"), return_counts=True)
        if item.record["properties"]["eo:cloud_cover"] < 5.0:
            most[item.sensor] = int(values[counts.argmax()])

    assert most == {"landsat5-tm": 5440, "landsat8-oli": 21824}


def test_only_thick_cloud_fills_the_visible_bands_of_the_older_sensor(drawn_world: Path):
    """QA_RADSAT has its bits on TM's bright clouds and nowhere else."""
    for item in _landsat(drawn_world):
        full = item.stored("QA_RADSAT")
        if item.sensor == "landsat8-oli":
            assert not full.any()
        elif full.any():
            assert set(np.unique(full)) <= set(range(8))
            blue = item.reflectance("SR_B1")
            assert blue[_bit(full, 0)].min() > 0.6


def test_cloud_masks_are_good_but_not_perfect(drawn_world: Path):
    """Bright cloud is flagged; thin cloud and some edges escape and brighten what seems clear."""
    flagged = bright_escapes = thin_escapes = 0
    for year in ("2005", "2010", "2015", "2020"):
        scenes = [
            item
            for item in _landsat(drawn_world)
            if item.record["properties"]["datetime"].startswith(year)
        ]
        blues = np.stack([item.reflectance(item.reflectance_bands[0]) for item in scenes])
        clear = np.stack([(item.stored("QA_PIXEL") & 0b111111) == 0 for item in scenes])
        excess = blues - np.quantile(blues, 0.2, axis=0)
        flagged += int((~clear & (excess > 0.25)).sum())
        bright_escapes += int((clear & (excess > 0.25)).sum())
        thin_escapes += int((clear & (excess > 0.05)).sum())

    assert flagged > 20_000
    assert bright_escapes < 0.01 * flagged
    assert 500 < thin_escapes < 0.2 * flagged


def test_a_little_of_every_epoch_is_never_seen_clear(drawn_world: Path):
    """Not-seen exists: between a thousandth and five hundredths of the frame at each epoch."""
    seen: dict[str, NDArray[np.int64]] = {}
    for item in _landsat(drawn_world):
        year = item.record["properties"]["datetime"][:4]
        clear = (item.stored("QA_PIXEL") & 0b111111) == 0
        seen[year] = seen.get(year, np.zeros(clear.shape, dtype=np.int64)) + clear

    shares = {year: float((count < 2).mean()) for year, count in seen.items()}

    assert sorted(shares) == ["2005", "2010", "2015", "2020"]
    assert all(0.001 < share < 0.05 for share in shares.values()), shares


def test_sentinel2_items_state_the_offset_of_their_baseline(drawn_world: Path):
    """Scale 0.0001, offset -0.1, and with them forest is as dark as forest is."""
    for item in _sentinel2(drawn_world):
        encodings = [
            item.record["assets"][band]["raster:bands"][0] for band in item.reflectance_bands
        ]
        forest = item.stored("SCL") == 4
        assert {(each["scale"], each["offset"]) for each in encodings} == {(0.0001, -0.1)}
        assert item.record["properties"]["s2:processing_baseline"] == "05.00"
        assert np.median(item.reflectance("B05")[forest]) == pytest.approx(0.07, abs=0.03)


def test_a_pass_in_the_morning_of_winter_has_the_sun_in_the_south_east(drawn_world: Path):
    """Sun angles are those of the place, the day and the hour."""
    for item in items(drawn_world):
        properties = item.record["properties"]
        assert 100.0 < properties["view:sun_azimuth"] < 170.0
        assert 30.0 < properties["view:sun_elevation"] < 60.0
