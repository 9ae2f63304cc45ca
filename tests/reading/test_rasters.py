"""The rasters of a folder are read, and nothing else."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence
from reetrace.reading.rasters import Rasters
from tests import made_up


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Evidence]:
    """The made-up folder's data and what it says."""
    home = tmp_path_factory.mktemp("bag")
    return home / "data", made_up.made_up_bag(home)


def naming(evidence: Evidence, path: str) -> Evidence:
    """The same evidence whose land cover of 2020 is said to lie elsewhere."""
    return replace(
        evidence,
        rasters=tuple(
            replace(each, path=path)
            if (each.kind, each.epochs) == ("landcover", ("2020",))
            else each
            for each in evidence.rasters
        ),
    )


@pytest.mark.parametrize(
    "path",
    [
        "../outside.tif",
        "/etc/passwd",
        "/vsicurl/http://127.0.0.1/outside.tif",
        "rasters/../../outside.tif",
        "rasters/landcover_2020.vrt",
    ],
)
def test_a_record_cannot_name_a_file_beyond_the_folder(bag, path):
    """Neither up and out, nor absolute, nor by a path that the reader would fetch."""
    data, evidence = bag
    shutil.copy(data / "rasters" / "landcover_2020.tif", data.parent / "outside.tif")

    with pytest.raises(EvidenceError, match="no raster of the evidence folder"):
        Rasters(naming(evidence, path), data).landcover("2020")


def test_a_link_out_of_the_folder_is_not_followed(bag):
    """Nor a file of the right name that leads elsewhere."""
    data, evidence = bag
    shutil.copy(data / "rasters" / "landcover_2020.tif", data.parent / "outside.tif")
    (data / "rasters" / "link.tif").unlink(missing_ok=True)
    (data / "rasters" / "link.tif").symlink_to(data.parent / "outside.tif")

    with pytest.raises(EvidenceError, match="no raster of the evidence folder"):
        Rasters(naming(evidence, "rasters/link.tif"), data).landcover("2020")


def test_a_file_that_is_no_geotiff_is_refused_whatever_it_is_called(bag):
    """A virtual raster could have the reader open any other file."""
    data, evidence = bag
    (data / "rasters" / "virtual.tif").write_text(
        '<VRTDataset rasterXSize="1" rasterYSize="1"/>', encoding="utf-8"
    )

    with pytest.raises(EvidenceError, match="cannot be read"):
        Rasters(naming(evidence, "rasters/virtual.tif"), data).landcover("2020")


def test_a_large_raster_is_read_at_every_so_many_pixels(bag):
    """So that a page stays small; codes are never averaged."""
    data, evidence = bag
    whole = Rasters(evidence, data).landcover("2020")

    coarse = Rasters(evidence, data, most_pixels=100)

    assert coarse.step == 5
    assert coarse.landcover("2020").shape == coarse.shape == (97, 27)
    assert set(coarse.landcover("2020").ravel()) <= set(whole.ravel())
