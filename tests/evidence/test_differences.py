"""Two files that should be the same: where they differ first, how often, and by how much."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest
import rasterio
from openpyxl import load_workbook

from reetrace.evidence.differences import describe


@pytest.fixture
def pair(tmp_path: Path, sealed_with_report: Path):
    """Two copies of a file of a bag."""

    def copies(name: str) -> tuple[Path, Path]:
        paths = tmp_path / f"one{Path(name).suffix}", tmp_path / f"two{Path(name).suffix}"
        for path in paths:
            shutil.copyfile(sealed_with_report / "data" / name, path)
        return paths

    return copies


def test_a_pixel_is_named_with_both_values(pair):
    """Band, row and column, from nothing."""
    one, two = pair("rasters/composite_2020.tif")
    with rasterio.open(two) as raster:
        pixels, profile = raster.read(), raster.profile
    row, col = (int(each) for each in np.argwhere(pixels[1] > 0)[0])
    before = int(pixels[1, row, col])
    pixels[1, row, col] += 7
    with rasterio.open(two, "w", **{**profile, "driver": "GTiff"}) as raster:
        raster.write(pixels)

    told = describe(one, two)

    assert told.startswith("1 of ")
    assert "differ by at most 7" in told
    assert f"band 2, row {row}, column {col}: {before} became {before + 7}" in told


def test_a_raster_packed_otherwise_has_the_same_pixels(pair):
    """Another GDAL may compress into other bytes."""
    one, two = pair("rasters/landcover_2020.tif")
    with rasterio.open(one) as raster:
        pixels, profile = raster.read(), raster.profile
    with rasterio.open(two, "w", **{**profile, "driver": "GTiff", "compress": "lzw"}) as raster:
        raster.write(pixels)

    assert describe(one, two).startswith("the same pixels, packed")


def test_a_cell_of_a_table_is_named_by_line_and_column(pair):
    """With the largest difference of a number."""
    one, two = pair("tables/areas.csv")
    lines = two.read_text().splitlines()
    fields = lines[0].split(",")
    cells = lines[1].split(",")
    at = fields.index("pixels")
    cells[at] = str(int(cells[at]) + 5)
    two.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n")

    told = describe(one, two)

    assert told.startswith("1 value(s) differ; numbers by at most 5, first at line 2, pixels: ")


def test_a_member_of_a_json_file_is_named_by_its_path(pair):
    """However deep it lies."""
    one, two = pair("evidence.json")
    document = json.loads(two.read_text())
    document["evidence"]["grid"]["pixel_m"] = 31.0
    two.write_text(json.dumps(document))

    assert describe(one, two) == (
        "1 value(s) differ; numbers by at most 1, first at evidence.grid.pixel_m: '30.0' became "
        "'31.0'"
    )


def test_a_cell_of_a_geopackage_is_named_by_layer_and_row(pair):
    """Rows are compared, not pages of the database."""
    one, two = pair("vectors/evidence.gpkg")
    with sqlite3.connect(two) as package:
        for (name,) in package.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            package.execute(f'DROP TRIGGER "{name}"')
        package.execute("UPDATE zones SET name = 'other' WHERE fid = 1")
    package.close()

    assert "first at zones row 1, name: " in describe(one, two)


def test_a_cell_of_a_workbook_is_named_by_sheet(pair):
    """The parts of the archive do not matter."""
    one, two = pair("tables.xlsx")
    load_workbook(two).save(one)
    book = load_workbook(two)
    book["areas"].cell(3, 1).value = "other"
    book.save(two)

    assert describe(one, two).startswith("1 value(s) differ, first at sheet areas, row 3, cell 1")


def test_a_report_of_the_same_words_says_so(pair):
    """A font may be packed otherwise."""
    one, two = pair("report.pdf")
    two.write_bytes(two.read_bytes() + b"\n% a word at the end\n")

    assert describe(one, two) == "the same values, written in another way"


def test_what_cannot_be_read_still_differs(tmp_path):
    """A truncated file is told by its size."""
    one, two = tmp_path / "one.tif", tmp_path / "two.tif"
    one.write_bytes(b"II*\0")
    two.write_bytes(b"II*\0\0")

    assert describe(one, two).startswith("other bytes: 4 became 5")
