"""A user's own rasters: what is asked, what is refused, and what is written."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from reetrace import tables
from reetrace.core.errors import ImageryError, OutputError, SettingError
from reetrace.core.raster import OBSERVATIONS, encode_reflectance
from reetrace.engines.local import LocalEngine
from reetrace.engines.local.register import Request, add_scene
from tests import worlds

ROLES = tables.sensor("landsat8-oli").roles


def _raster(folder: Path, world: worlds.World | None = None, *, dtype: str = "int16") -> Path:
    """Six bands of ten-thousandths with a speck of texture, without descriptions."""
    world = world or _world()
    generator = np.random.default_rng(5)
    bands = np.stack(
        [
            world.reflectance(role) * 10_000 + generator.integers(0, 40, (world.rows, world.cols))
            for role in ROLES
        ]
    )
    return worlds.write_raster(folder / "clip.tif", bands.astype(dtype), world)


def _world() -> worlds.World:
    return worlds.forest(40, 40).dig(slice(4, 14), slice(4, 14))


def _request(path: Path, **changes: object) -> Request:
    plain = Request((path,), "landsat8-oli", "2020-12-06", bands=ROLES, scale=0.0001)
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def test_a_registered_raster_serves_a_composite(tmp_path: Path) -> None:
    """What the file says in ten-thousandths arrives as stored reflectance."""
    world = _world()
    path = _raster(tmp_path, world)

    added = add_scene(_request(path), tmp_path / "scenes")

    engine = LocalEngine([tmp_path / "scenes"], work=tmp_path / "work")
    composite = engine.composite(
        world.site,
        worlds.year(2020),
        world.grid,
        sensors=tables.landsat_for_year(2020),
        min_observations=1,
    )
    assert added.item.roles == composite.bands == ROLES
    assert (engine.read(composite, (OBSERVATIONS,)) == 1).all()
    assert [scene.id for scene in composite.scenes] == [added.item.id]
    red = engine.read(composite, ("red",))[0]
    assert np.abs(red.astype(int) - encode_reflectance(world.reflectance("red"))).max() <= 145


def test_what_is_written_is_a_stac_catalogue(tmp_path: Path) -> None:
    """The root links to the item, the item to its files, all by relative paths."""
    path = _raster(tmp_path)
    add_scene(_request(path), tmp_path / "scenes")

    root = tmp_path / "scenes" / "catalog.json"
    catalogue = json.loads(root.read_text(encoding="utf-8"))
    links = [link["href"] for link in catalogue["links"] if link["rel"] == "item"]
    item = json.loads((root.parent / links[0]).read_text(encoding="utf-8"))

    assert (catalogue["type"], item["type"]) == ("Catalog", "Feature")
    assert item["properties"]["datetime"] == "2020-12-06T00:00:00Z"
    assert item["assets"]["SR_B4"]["href"] == "../../../clip.tif"
    assert item["assets"]["SR_B4"]["raster:bands"] == [
        {"nodata": "nan", "offset": 0.0, "scale": 0.0001}
    ]


def test_a_copied_scene_needs_the_original_no_more(tmp_path: Path) -> None:
    """With copy the file lies in the catalogue, byte for byte."""
    path = _raster(tmp_path)
    content = path.read_bytes()

    added = add_scene(_request(path, copy=True), tmp_path / "scenes")

    path.unlink()
    assert added.item.bands[0][1].path.read_bytes() == content


def test_one_file_a_band_is_known_by_its_name(tmp_path: Path) -> None:
    """Files named as the provider names them need no --bands, in whatever order they come."""
    world = _world()
    files = [
        worlds.write_raster(
            tmp_path / f"LC08_X_{band.id}.tif",
            encode_reflectance(world.reflectance(band.role)),
            world,
        )
        for band in reversed(tables.sensor("landsat8-oli").bands)
    ]
    quality = worlds.write_raster(
        tmp_path / "LC08_X_QA_PIXEL.tif", np.full((40, 40), worlds.CLEAR, dtype=np.uint16), world
    )

    added = add_scene(Request((*files, quality), "landsat8-oli", "2020-12-06"), tmp_path / "scenes")

    assert added.item.roles == ROLES
    assert [flags.id for flags, _ in added.item.quality] == ["QA_PIXEL"]
    assert added.inspection.doubts == ()


def test_the_same_file_is_not_registered_twice(tmp_path: Path) -> None:
    """Counting an image twice would give it two votes; a renamed copy is the same image."""
    path = _raster(tmp_path)
    add_scene(_request(path), tmp_path / "scenes")
    renamed = path.rename(tmp_path / "other.tif")

    with pytest.raises(ImageryError, match="registered already"):
        add_scene(_request(renamed), tmp_path / "scenes")


def test_a_file_changed_since_it_was_registered_is_not_used(tmp_path: Path) -> None:
    """The item remembers the SHA-256 of what was looked at."""
    world = _world()
    path = _raster(tmp_path, world)
    add_scene(_request(path), tmp_path / "scenes")
    _raster(tmp_path, world.dig(slice(0, 2), slice(0, 2)))
    engine = LocalEngine([tmp_path / "scenes"], work=tmp_path / "work")

    with pytest.raises(ImageryError, match="not the file that was registered"):
        engine.composite(
            world.site,
            worlds.year(2020),
            world.grid,
            sensors=tables.landsat_for_year(2020),
            min_observations=1,
        )


def test_drawn_imagery_stays_drawn_when_it_is_registered(tmp_path: Path) -> None:
    """A tag in the file is enough, whatever the command says."""
    import rasterio

    path = _raster(tmp_path)
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(REETRACE_SIMULATED="yes")

    added = add_scene(_request(path), tmp_path / "scenes")

    item = json.loads(added.item.path.read_text(encoding="utf-8"))
    assert added.notice == "SIMULATED IMAGERY – NOT EVIDENCE"
    assert item["properties"]["reetrace:simulated"] is True


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"sensor_id": "landsat8"}, "Did you mean 'landsat8-oli'"),
        ({"date": "2020-13-06"}, "not a date"),
        ({"date": "2010-12-06"}, "served from 2013-03-18"),
        ({"bands": ROLES[:4]}, r"names 4 band\(s\), the files hold 6"),
        ({"bands": (*ROLES[:5], "swir9")}, "no band 'swir9'"),
        ({"bands": (*ROLES[:5], "blue")}, "SR_B2 of Landsat 8 OLI is there twice"),
        ({"bands": ()}, "nothing says which band is which"),
        ({"scale": -1.0}, "a scale above 0"),
        ({"scale": float("nan")}, "a scale above 0"),
        ({"offset": float("inf")}, "a finite offset"),
        ({"files": ()}, "No file was named"),
        ({"sensor_id": "sentinel2-msi", "bands": ROLES}, "--offset -0.1"),
    ],
)
def test_a_wrong_option_is_named(tmp_path: Path, changes: dict[str, object], named: str) -> None:
    """Each with its value and what was needed; nothing is written."""
    path = _raster(tmp_path)

    with pytest.raises(SettingError, match=named):
        add_scene(_request(path, **changes), tmp_path / "scenes")

    assert not (tmp_path / "scenes").exists()


def _empty(path: Path, world: worlds.World) -> None:
    worlds.write_raster(path, np.full((6, 40, 40), -9999, dtype=np.int16), world, nodata=-9999)


def _bytes(path: Path, world: worlds.World) -> None:
    worlds.write_raster(path, np.full((6, 40, 40), 60, dtype=np.uint8), world)


def _truncated(path: Path, _: worlds.World) -> None:
    path.write_bytes(path.read_bytes()[:9_000])


def _text(path: Path, _: worlds.World) -> None:
    path.write_text("no raster", encoding="utf-8")


def _without_crs(path: Path, _: worlds.World) -> None:
    import rasterio

    with rasterio.open(path, "r+") as dataset:
        dataset.crs = rasterio.CRS()


def _complex(path: Path, world: worlds.World) -> None:
    worlds.write_raster(path, np.full((6, 40, 40), 900, dtype=np.complex64), world)


def _of_no_place(path: Path, _: worlds.World) -> None:
    import rasterio

    with rasterio.open(path, "r+") as dataset:
        dataset.crs = rasterio.CRS.from_wkt('LOCAL_CS["site",UNIT["metre",1]]')


def _in_degrees(path: Path, _: worlds.World) -> None:
    import rasterio

    with rasterio.open(path, "r+") as dataset:
        dataset.crs = rasterio.CRS.from_epsg(4326)


def _missing(path: Path, _: worlds.World) -> None:
    path.unlink()


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (_empty, "all are no data"),
        (_bytes, "8-bit digital numbers"),
        (_truncated, "truncated"),
        (_text, "no raster"),
        (_without_crs, "no CRS"),
        (_missing, "no such file"),
        (_complex, "complex numbers"),
        (_of_no_place, "no place on Earth"),
        (_in_degrees, "is no place in EPSG:4326"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, spoil, named: str) -> None:
    """Each with its name and the reason; nothing is written."""
    world = _world()
    path = _raster(tmp_path, world)
    spoil(path, world)

    with pytest.raises(ImageryError, match=rf"clip\.tif.*{named}"):
        add_scene(_request(path), tmp_path / "scenes")

    assert not (tmp_path / "scenes").exists()


def test_a_file_without_a_geotransform_is_refused(tmp_path: Path) -> None:
    """An image that does not say where it lies could be anywhere."""
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning

    path = tmp_path / "clip.tif"
    with (
        pytest.warns(NotGeoreferencedWarning),
        rasterio.open(
            path, "w", driver="GTiff", width=40, height=40, count=6, dtype="int16"
        ) as dataset,
    ):
        dataset.write(np.full((6, 40, 40), 900, dtype=np.int16))

    with pytest.raises(ImageryError, match="no geotransform"):
        add_scene(_request(path), tmp_path / "scenes")


def test_bands_of_different_shapes_are_refused(tmp_path: Path) -> None:
    """Bands of one scene and one pixel size have one shape."""
    world = _world()
    other = worlds.forest(40, 42)
    files = (
        worlds.write_raster(tmp_path / "SR_B2.tif", np.full((40, 40), 9000, "uint16"), world),
        worlds.write_raster(tmp_path / "SR_B3.tif", np.full((40, 42), 9000, "uint16"), other),
    )

    with pytest.raises(ImageryError, match="40 × 42 pixels"):
        add_scene(Request(files, "landsat8-oli", "2020-12-06"), tmp_path / "scenes")


def test_a_quality_band_of_another_place_is_refused(tmp_path: Path) -> None:
    """Its flags would silently take every pixel out."""
    path = _raster(tmp_path)
    elsewhere = worlds.forest(40, 40, west_m=600_015.0)
    quality = worlds.write_raster(
        tmp_path / "QA_PIXEL.tif", np.full((40, 40), worlds.CLEAR, dtype=np.uint16), elsewhere
    )

    with pytest.raises(ImageryError, match="do not overlap"):
        add_scene(_request(path, quality=(quality,)), tmp_path / "scenes")


def test_a_quality_band_of_decimal_numbers_is_refused(tmp_path: Path) -> None:
    """Flags are bits of whole numbers."""
    path = _raster(tmp_path)
    quality = worlds.write_raster(
        tmp_path / "QA_PIXEL.tif", np.full((40, 40), np.nan, dtype=np.float32), _world()
    )

    with pytest.raises(ImageryError, match="whole numbers are needed"):
        add_scene(_request(path, quality=(quality,)), tmp_path / "scenes")


@pytest.mark.parametrize("size", range(0, 20_000, 1_711))
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, size: int) -> None:
    """Wherever a download broke off."""
    path = _raster(tmp_path)
    path.write_bytes(path.read_bytes()[:size])

    with pytest.raises(ImageryError, match="truncated"):
        add_scene(_request(path), tmp_path / "scenes")


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """The catalogue cannot be made where a file of its name lies."""
    path = _raster(tmp_path)
    (tmp_path / "scenes").write_text("", encoding="utf-8")

    with pytest.raises(OutputError, match="is a file"):
        add_scene(_request(path), tmp_path / "scenes")


def test_a_killed_registration_leaves_nothing_that_counts(tmp_path: Path) -> None:
    """A half-made folder is hidden and is passed over by whoever reads the catalogue."""
    path = _raster(tmp_path)
    half = tmp_path / "scenes" / ".adding-x"
    half.mkdir(parents=True)
    (half / "item.json").write_text('{"type": "Fea', encoding="utf-8")

    added = add_scene(_request(path), tmp_path / "scenes")

    assert LocalEngine([tmp_path / "scenes"], work=tmp_path).registered()[0].id == added.item.id


def test_a_day_that_has_not_come_is_no_date_of_an_image(tmp_path: Path) -> None:
    """A slip of the keyboard would put the image into an epoch of its own."""
    path = _raster(tmp_path)

    with pytest.raises(SettingError, match="--date 2990-01-01: Landsat 8 OLI served from"):
        add_scene(_request(path, date="2990-01-01"), tmp_path / "scenes")


def test_a_day_without_hyphens_is_held_against_the_years_of_service_too(tmp_path: Path) -> None:
    """2013-01-01 lies before the first image, however it is written."""
    path = _raster(tmp_path)

    with pytest.raises(SettingError, match="served from 2013-03-18"):
        add_scene(_request(path, date="20130101"), tmp_path / "scenes")


def test_the_file_of_the_bands_is_no_quality_band(tmp_path: Path) -> None:
    """Its first band would be read as bits, and clear ground be taken out at random."""
    path = _raster(tmp_path)

    with pytest.raises(SettingError, match="is the file of the bands as well"):
        add_scene(_request(path, quality=(path,)), tmp_path / "scenes")


def test_pixels_of_no_size_are_refused(tmp_path: Path) -> None:
    """Nothing lies between two corners that are one."""
    import rasterio
    from rasterio.transform import Affine

    path = _raster(tmp_path)
    with rasterio.open(path, "r+") as raster:
        raster.transform = Affine(0.0, 0.0, 452919.0, 0.0, 0.0, 2863586.0)

    with pytest.raises(ImageryError, match="pixels of no size"):
        add_scene(_request(path), tmp_path / "scenes")
