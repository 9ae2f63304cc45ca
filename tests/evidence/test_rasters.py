"""Rasters of the folder open in any GIS, with colours, scale and names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio

from reetrace.core.errors import OutputError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.core.landcover import NOT_SEEN, OUTSIDE
from reetrace.core.raster import decode_reflectance
from reetrace.evidence import change_codes, write_raster
from reetrace.evidence.rasters import GAINED, LOST, NEVER, STAYED
from tests import made_up_inputs, made_up_world


def _written(path: Path, *, simulated: bool = False) -> Path:
    write_raster(
        path,
        made_up_world.landcover("2020"),
        made_up_world.grid(),
        kind="landcover",
        title="Land cover 2020",
        simulated=simulated,
        legend=made_up_world.LEGEND,
    )
    return path


def test_a_class_raster_keeps_its_codes_its_place_and_its_colours(tmp_path):
    """What a GIS shows is what was classified, where it was."""
    with rasterio.open(_written(tmp_path / "landcover.tif")) as raster:
        assert np.array_equal(raster.read(1), made_up_world.landcover("2020"))
        assert raster.crs.to_epsg() == made_up_world.grid().epsg
        assert tuple(raster.transform)[:6] == made_up_world.grid().transform
        assert raster.nodata == OUTSIDE
        assert raster.colormap(1)[made_up_world.MINE] == (0xD5, 0x5E, 0x00, 255)
        assert raster.tags()["CLASS_2"] == "Mine"
        assert raster.tags()["CLASS_0"] == "not seen"


def test_a_class_raster_is_cloud_optimised(tmp_path):
    """It can be read in parts over a network."""
    with rasterio.open(_written(tmp_path / "landcover.tif")) as raster:
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert raster.profile["tiled"]


def test_a_composite_carries_its_scale_and_the_roles_of_its_bands(tmp_path):
    """Stored integers become reflectance with the scale and offset in the file."""
    stored = made_up_world.composite("2015")
    write_raster(
        tmp_path / "composite.tif",
        stored,
        made_up_world.grid(),
        kind="composite",
        title="Composite",
        simulated=False,
        band_names=made_up_inputs.BANDS,
    )

    with rasterio.open(tmp_path / "composite.tif") as raster:
        read = raster.read(masked=True) * raster.scales[0] + raster.offsets[0]
        assert raster.descriptions == made_up_inputs.BANDS
        assert raster.units[0] == "reflectance"
    assert np.allclose(read.filled(np.nan), decode_reflectance(stored), atol=1e-6, equal_nan=True)


def test_a_raster_of_drawn_imagery_says_so_twice(tmp_path):
    """In the tag a program reads and in the description a viewer shows."""
    with rasterio.open(_written(tmp_path / "landcover.tif", simulated=True)) as raster:
        assert raster.tags()["REETRACE_SIMULATED"] == SIMULATED_NOTICE
        assert raster.tags()["TIFFTAG_IMAGEDESCRIPTION"].startswith(SIMULATED_NOTICE)


def test_a_raster_of_real_imagery_does_not(tmp_path):
    """The tag alone tells the two apart."""
    with rasterio.open(_written(tmp_path / "landcover.tif")) as raster:
        assert "REETRACE_SIMULATED" not in raster.tags()


def test_no_file_is_left_beside_a_raster(tmp_path):
    """A sidecar would be a file of the folder that nobody listed."""
    _written(tmp_path / "landcover.tif")

    assert [path.name for path in tmp_path.iterdir()] == ["landcover.tif"]


def test_what_became_of_the_target_class():
    """Four fates, and two codes for what cannot be told."""
    before = np.array([1, 2, 1, 2, 0, 2, 255, 3], dtype=np.uint8)
    after = np.array([1, 2, 2, 1, 2, 0, 255, 2], dtype=np.uint8)

    codes = change_codes(before, after, 2)

    assert codes.tolist() == [
        NEVER,
        STAYED,
        GAINED,
        LOST,
        NOT_SEEN,
        NOT_SEEN,
        OUTSIDE,
        GAINED,
    ]


def test_values_that_do_not_fit_are_refused(tmp_path):
    """A class code of 300 must not wrap round to 44."""
    codes = np.full(made_up_world.grid().shape, 300)

    with pytest.raises(ValueError, match="values do not fit uint8"):
        write_raster(
            tmp_path / "landcover.tif",
            codes,
            made_up_world.grid(),
            kind="landcover",
            title="",
            simulated=False,
            legend=made_up_world.LEGEND,
        )


def test_an_array_of_another_shape_is_refused(tmp_path):
    """A raster lies on the grid it is said to lie on."""
    with pytest.raises(ValueError, match="is not the grid's"):
        write_raster(
            tmp_path / "x.tif",
            np.zeros((3, 3), dtype=np.uint8),
            made_up_world.grid(),
            kind="change",
            title="",
            simulated=False,
        )


def test_a_raster_that_cannot_be_written_is_one_plain_line(tmp_path):
    """A file stands where its folder should be."""
    (tmp_path / "rasters").write_text("a file")

    with pytest.raises(OutputError, match="could not be written"):
        _written(tmp_path / "rasters" / "landcover.tif")
