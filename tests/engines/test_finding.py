"""Items as providers publish them, drawn scenes only where nothing else is, and a safe store."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reetrace import tables
from reetrace.core.errors import ImageryError, OutputError, SettingError
from reetrace.core.raster import OBSERVATIONS, encode_reflectance
from reetrace.engines import open_engine
from reetrace.engines.blocks import Block
from reetrace.engines.local import LocalEngine
from reetrace.engines.store import Store
from tests import worlds

SENSORS = tables.landsat_for_year(2020)


def _compose(engine: LocalEngine, world: worlds.World, least: int = 1):
    return engine.composite(
        world.site, worlds.year(2020), world.grid, sensors=SENSORS, min_observations=least
    )


def _edit(path: Path, **changes: Any) -> None:
    item = json.loads(path.read_text(encoding="utf-8"))
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(item.get(key), dict):
            item[key] = {**item[key], **value}
        else:
            item[key] = value
    path.write_text(json.dumps(item), encoding="utf-8")


def _item(folder: Path) -> Path:
    return next(folder.rglob("*.json"))


def test_a_misspelt_engine_is_answered_with_the_nearest(tmp_path: Path) -> None:
    """A near miss names what was probably meant."""
    with pytest.raises(SettingError, match="Did you mean 'local'"):
        open_engine("lokal", catalogues=[], work=tmp_path)


def test_drawn_scenes_serve_only_where_no_other_does(tmp_path: Path) -> None:
    """One real image of the site, of whatever year, and the drawn world is not used for it."""
    world = worlds.forest()
    drawn = worlds.write_landsat(tmp_path / "drawn", world, ["2020-12-06"])
    real = worlds.write_landsat(tmp_path / "real", world, ["2015-12-06"])
    elsewhere = worlds.forest(west_m=600_015.0)
    other = worlds.write_landsat(tmp_path / "other", elsewhere, ["2020-12-06"])

    def dates(*folders: Path) -> list[str]:
        engine = LocalEngine(folders, work=tmp_path / "work", drawn=drawn)
        return [str(scene.date) for scene in engine.describe(world.site)]

    assert dates() == ["2020-12-06"]
    assert dates(other) == ["2020-12-06"]
    assert dates(real) == ["2015-12-06"]


def test_a_scene_in_two_folders_counts_once(tmp_path: Path) -> None:
    """The same item id is the same image."""
    world = worlds.forest()
    one = worlds.write_landsat(tmp_path / "one", world, ["2020-12-06"])
    two = worlds.write_landsat(tmp_path / "two", world, ["2020-12-06"])
    engine = LocalEngine([one, two], work=tmp_path / "work")

    composite = _compose(engine, world)

    assert (engine.read(composite, (OBSERVATIONS,)) == 1).all()


@pytest.mark.parametrize(
    "rename",
    [
        {"SR_B2": "blue", "SR_B3": "green", "SR_B4": "red", "SR_B5": "nir08", "SR_B6": "swir16",
         "SR_B7": "swir22", "QA_PIXEL": "qa_pixel", "QA_RADSAT": "qa_radsat"},
        {},
    ],
    ids=["as stac catalogues name them", "as the files are named"],
)  # fmt: skip
def test_assets_are_found_under_their_providers_names(
    tmp_path: Path, rename: dict[str, str]
) -> None:
    """By key, by alias, or by the name of the file."""
    world = worlds.forest().cloud("2020-12-06", slice(0, 5), slice(0, 5))
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06"])
    path = _item(folder)
    assets = json.loads(path.read_text(encoding="utf-8"))["assets"]
    named = {rename.get(name, name): asset for name, asset in assets.items()}
    if not rename:
        for number, name in enumerate(assets):
            (path.parent / f"{name}.tif").rename(path.parent / f"LC08_{name}.TIF")
            named[f"asset-{number}"] = {"href": f"LC08_{name}.TIF"}
            del named[name]
    item = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**item, "assets": named}), encoding="utf-8")
    engine = LocalEngine([folder], work=tmp_path / "work")

    composite = _compose(engine, world)

    assert composite.bands == SENSORS[0].roles
    assert composite.scenes[0].clear_share == 375 / 400


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"assets": {"SR_B4": {"href": "https://example.org/B4.tif"}}}, "lies on a server"),
        ({"assets": {"SR_B4": {"href": "./gone.tif"}}}, "gone.tif: no such file"),
        ({"assets": {"SR_B4": {"href": "./SR_B4.tif", "reetrace:band_index": 3}}}, "it has 1"),
        ({"properties": {"landsat:correction": "L1TP"}}, "Level-1 product"),
        ({"properties": {"datetime": "last summer"}}, "datetime is 'last summer'"),
        ({"geometry": None, "bbox": None}, "neither geometry nor bbox"),
        ({"id": ""}, "no id"),
    ],
)
def test_an_item_that_cannot_be_used_is_refused_by_name(
    tmp_path: Path, changes: dict[str, Any], named: str
) -> None:
    """The message says which file, what is wrong with it and what to do."""
    world = worlds.forest()
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06"])
    _edit(_item(folder), **changes)

    with pytest.raises(ImageryError, match=named):
        _compose(LocalEngine([folder], work=tmp_path / "work"), world)


def test_a_downloaded_file_beside_its_item_stands_for_the_link(tmp_path: Path) -> None:
    """Providers' items link to their servers; the file of that name beside the item is meant."""
    world = worlds.forest()
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06"])
    path = _item(folder)
    assets = json.loads(path.read_text(encoding="utf-8"))["assets"]
    linked = {name: {"href": f"https://example.org/a/{name}.tif"} for name in assets}
    _edit(path, assets=linked)

    composite = _compose(LocalEngine([folder], work=tmp_path / "work"), world)

    assert composite.scenes[0].clear_share == 1.0


def test_a_missing_band_is_refused(tmp_path: Path) -> None:
    """A provider's scene is whole; one without SWIR 1 would change what the forest sees."""
    world = worlds.forest()
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06"])
    path = _item(folder)
    item = json.loads(path.read_text(encoding="utf-8"))
    del item["assets"]["SR_B6"]
    path.write_text(json.dumps(item), encoding="utf-8")

    with pytest.raises(ImageryError, match="lacks SR_B6"):
        _compose(LocalEngine([folder], work=tmp_path / "work"), world)


def test_a_broken_item_is_not_passed_over(tmp_path: Path) -> None:
    """Half a JSON file may be the very scene that was asked for."""
    world = worlds.forest()
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06"])
    path = _item(folder)
    path.write_text(path.read_text(encoding="utf-8")[:200], encoding="utf-8")

    with pytest.raises(ImageryError, match="not valid JSON"):
        _compose(LocalEngine([folder], work=tmp_path / "work"), world)


def test_scenes_with_fewer_bands_give_what_they_have_in_common(tmp_path: Path) -> None:
    """Costa Rica's four bands: the composite has them and the scene says what was left out."""
    world = worlds.forest()
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06", "2020-12-22"])
    path = _item(folder)
    item = json.loads(path.read_text(encoding="utf-8"))
    item["assets"] = {name: item["assets"][name] for name in ("SR_B2", "SR_B4", "SR_B5")}
    item["properties"]["reetrace:partial"] = True
    path.write_text(json.dumps(item), encoding="utf-8")

    composite = _compose(LocalEngine([folder], work=tmp_path / "work"), world)

    assert composite.bands == ("blue", "red", "nir")
    assert any("not used" in doubt for scene in composite.scenes for doubt in scene.warnings)


def test_saturation_in_a_band_that_is_not_used_takes_no_pixel(tmp_path: Path) -> None:
    """Bit 6 is SWIR 2; it counts only where SWIR 2 does."""
    world = worlds.forest()
    sensor = tables.sensor("landsat8-oli")
    rasters = {band.id: encode_reflectance(world.reflectance(band.role)) for band in sensor.bands}
    rasters["QA_RADSAT"] = np.full((20, 20), 1 << 6, dtype=np.uint16)
    path = worlds.write_scene(tmp_path / "scenes", sensor, "2020-12-06", rasters, world)
    engine = LocalEngine([tmp_path / "scenes"], work=tmp_path / "work")
    whole = _compose(engine, world)
    item = json.loads(path.read_text(encoding="utf-8"))
    del item["assets"]["SR_B7"]
    item["properties"]["reetrace:partial"] = True
    path.write_text(json.dumps(item), encoding="utf-8")

    part = _compose(LocalEngine([tmp_path / "scenes"], work=tmp_path / "work"), world)

    assert (whole.scenes[0].clear_share, part.scenes[0].clear_share) == (0.0, 1.0)


def test_a_finished_composite_is_not_made_again(tmp_path: Path) -> None:
    """The same inputs find the same raster, whoever asks."""
    world = worlds.forest()
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06"])
    done: list[str] = []
    first = _compose(LocalEngine([folder], work=tmp_path / "work"), world)

    engine = LocalEngine(
        [folder], work=tmp_path / "work", progress=lambda what, _: done.append(what)
    )
    second = _compose(engine, world)

    assert second == first
    assert not any(what.startswith("compose") for what in done)


@pytest.mark.parametrize("damage", [b"", b"\\x93NUMPY"])
def test_a_damaged_raster_in_the_work_folder_is_made_again(tmp_path: Path, damage: bytes) -> None:
    """What a crash or a full disk left behind is never believed."""
    world = worlds.forest()
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06"])
    engine = LocalEngine([folder], work=tmp_path / "work")
    pixels = engine.read(_compose(engine, world)).copy()
    stored = next((tmp_path / "work").rglob("pixels.npy"))
    stored.write_bytes(damage)

    again = engine.read(_compose(engine, world))

    assert np.array_equal(again, pixels)


def test_other_clouds_are_another_composite(tmp_path: Path) -> None:
    """A file that changes changes the digest: nothing stale is found."""
    world = worlds.forest()
    one = worlds.write_landsat(tmp_path / "one", world, ["2020-12-06"])
    two = worlds.write_landsat(
        tmp_path / "two", world.cloud("2020-12-06", slice(0, 1), slice(0, 1)), ["2020-12-06"]
    )

    digests = [
        _compose(LocalEngine([folder], work=tmp_path / "work"), world).pixels.digest
        for folder in (one, two)
    ]

    assert digests[0] != digests[1]


def test_a_run_that_is_stopped_leaves_no_half_made_raster(tmp_path: Path) -> None:
    """Whatever stops it in the middle of a composite, the next run finds a clean folder."""
    world = worlds.forest(200, 200)
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06"])

    def stop(what: str, share: float) -> None:
        if what.startswith("compose") and share < 1:
            raise KeyboardInterrupt

    engine = LocalEngine([folder], work=tmp_path / "work", progress=stop, block_bytes=1)
    with pytest.raises(KeyboardInterrupt):
        _compose(engine, world)

    assert list((tmp_path / "work").iterdir()) == []
    again = LocalEngine([folder], work=tmp_path / "work")
    assert (again.read(_compose(again, world)) > 0).all()


def test_a_full_disk_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The space is taken before the first pixel is written; nothing half-written is left."""
    world = worlds.forest()
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06"])

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.posix_fallocate", full)

    with pytest.raises(OutputError, match="No space left on device"):
        _compose(LocalEngine([folder], work=tmp_path / "work"), world)

    assert list((tmp_path / "work").iterdir()) == []


def test_sentinel_names_with_pixel_sizes_mean_the_native_ones(tmp_path: Path) -> None:
    """B02 is published at 10, 20 and 60 m; the 10 m file is the one to read."""
    world = worlds.forest(pixel_m=20.0, west_m=450_000.0, north_m=2_860_000.0)
    folder = worlds.write_sentinel(tmp_path / "scenes", world, ["2020-12-06"])
    path = _item(folder)
    item = json.loads(path.read_text(encoding="utf-8"))
    sizes = {band.id: f"{band.pixel_m:.0f}" for band in tables.sensor("sentinel2-msi").bands}
    item["assets"] = {
        f"{name}_{sizes.get(name, '20')}m": asset for name, asset in item["assets"].items()
    }
    item["assets"]["B02_60m"] = {"href": "./not-there.tif"}
    path.write_text(json.dumps(item), encoding="utf-8")
    engine = LocalEngine([folder], work=tmp_path / "work")

    composite = engine.composite(
        world.site,
        worlds.year(2020),
        world.grid,
        sensors=tables.spectral_sensors(),
        min_observations=1,
    )

    assert len(composite.bands) == 10


def test_a_scene_of_the_second_tier_is_doubted(tmp_path: Path) -> None:
    """Its geometry may be off by more than half a pixel; the report has to say so."""
    world = worlds.forest()
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06"])
    _edit(_item(folder), properties={"landsat:collection_category": "T2"})

    composite = _compose(LocalEngine([folder], work=tmp_path / "work"), world)

    assert any(doubt.startswith("tier 2") for doubt in composite.scenes[0].warnings)


def test_a_saved_search_of_many_items_is_read_like_a_catalogue(tmp_path: Path) -> None:
    """A FeatureCollection of items, as a search returns it, serves as well."""
    world = worlds.forest()
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06"])
    path = _item(folder)
    item = json.loads(path.read_text(encoding="utf-8"))
    collection = {"type": "FeatureCollection", "features": [item]}
    path.write_text(json.dumps(collection), encoding="utf-8")

    composite = _compose(LocalEngine([folder], work=tmp_path / "work"), world)

    assert [scene.date for scene in composite.scenes] == ["2020-12-06"]


def test_an_unwritable_work_folder_is_said_plainly(tmp_path: Path) -> None:
    """A file where the folder should be: one line, nothing half-written."""
    world = worlds.forest()
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06"])
    (tmp_path / "work").write_text("", encoding="utf-8")

    with pytest.raises(OutputError, match="work: cannot be written"):
        _compose(LocalEngine([folder], work=tmp_path / "work"), world)


def test_a_scene_in_degrees_is_brought_onto_the_grid(tmp_path: Path) -> None:
    """Each pixel takes the file pixel its centre lies in, and the scene says so."""
    import rasterio
    from affine import Affine

    world = worlds.forest(40, 40).dig(slice(0, 40), slice(0, 20))
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06"])
    west, south, east, north = 98.49, 25.84, 98.52, 25.87
    middle = 98.5004  # about the world's column 20
    for path in folder.rglob("*.tif"):
        with rasterio.open(path) as dataset:
            values = dataset.read(1)
        wide = np.where(
            west + (np.arange(3000) + 0.5) * 1e-5 < middle, values[20, 0], values[20, 39]
        )
        raster = np.broadcast_to(wide, (300, 3000)).astype(values.dtype)
        with rasterio.open(
            path, "w", driver="GTiff", width=3000, height=300, count=1, dtype=raster.dtype,
            crs="EPSG:4326", transform=Affine(1e-5, 0, west, 0, -1e-4, north),
        ) as dataset:  # fmt: skip
            dataset.write(raster, 1)
    assert (south, east) == (25.84, 98.52)
    engine = LocalEngine([folder], work=tmp_path / "work")

    composite = _compose(engine, world)

    from reetrace.zoning import lonlat_of

    red = engine.read(composite, ("red",))[0]
    rows, cols = np.mgrid[0:40, 0:40]
    longitudes, _ = lonlat_of(rows, cols, world.grid)
    bare = encode_reflectance(np.array([worlds.MINE["red"]]))[0]
    seen = red > 0
    assert composite.scenes[0].resampling == "nearest pixel"
    assert seen.mean() > 0.9
    assert np.array_equal((red == bare)[seen], (longitudes < middle)[seen])


def test_two_runs_that_make_the_same_raster_at_once_both_have_it(tmp_path: Path):
    """Whoever comes second finds the first one's in place, and takes it for its own."""
    store = Store(tmp_path / "work")

    with store.make("0" * 64, (2, 2), np.uint8) as mine:
        with store.make("0" * 64, (2, 2), np.uint8) as theirs:
            theirs.put(Block(0, 0, 2, 2), np.ones((2, 2), dtype=np.uint8))
        mine.put(Block(0, 0, 2, 2), np.ones((2, 2), dtype=np.uint8))

    found = store.find("0" * 64)
    assert found is not None
    assert found[0].open().tolist() == [[1, 1], [1, 1]]
    assert [each.name for each in (tmp_path / "work").iterdir()] == ["0" * 64]
