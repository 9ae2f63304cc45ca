"""Drawn imagery can never pass for evidence, whatever is done to it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.evidence import load
from reetrace.pipeline import render_bag
from tests.running import succeed

BANDS = ("SR_B2", "SR_B3", "SR_B4", "SR_B5", "SR_B6", "SR_B7")


def test_every_file_of_the_folder_says_so(main_job):
    """Name, tag file, JSON, tables, outlines, rasters, workbook; the PDF has a test of its own."""
    import rasterio

    data = main_job.bag / "data"

    assert main_job.bag.name.startswith("SIMULATED_")
    assert SIMULATED_NOTICE in (main_job.bag / "bag-info.txt").read_text(encoding="utf-8")
    evidence = json.loads((data / "evidence.json").read_text(encoding="utf-8"))
    assert (evidence["notice"], evidence["evidence"]["simulated"]) == (SIMULATED_NOTICE, True)
    for path in sorted((data / "tables").glob("*.csv")):
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        assert header.startswith("notice,"), path.name
        assert all(row.startswith(f"{SIMULATED_NOTICE},") for row in rows if row[:9] == "SIMULATED")
    for path in [*sorted((data / "vectors").glob("*.geojson")), data / "labels.geojson"]:
        assert SIMULATED_NOTICE in path.read_text(encoding="utf-8"), path.name
    for path in sorted((data / "rasters").glob("*.tif")):
        with rasterio.open(path) as raster:
            assert SIMULATED_NOTICE in raster.tags().values(), path.name
    for sheet in openpyxl.load_workbook(data / "tables.xlsx"):
        assert sheet["A1"].value == SIMULATED_NOTICE, sheet.title


def test_every_page_of_the_report_says_so(main_job):
    """The notice is text on each page, not only a picture."""
    from pypdf import PdfReader

    pages = PdfReader(main_job.bag / "data" / "report.pdf").pages

    assert len(pages) > 5
    assert [number for number, page in enumerate(pages, start=1)
            if SIMULATED_NOTICE not in page.extract_text()] == []  # fmt: skip


def test_the_geopackage_says_so_in_every_feature(main_job):
    """A layer copied out of the GeoPackage keeps the notice."""
    with sqlite3.connect(main_job.bag / "data" / "vectors" / "evidence.gpkg") as package:
        found = package.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")
        layers = [row[0] for row in found]
        unmarked = [
            package.execute(
                f'SELECT count(*) FROM "{layer}" WHERE notice IS NOT ?',  # noqa: S608 - our own names
                (SIMULATED_NOTICE,),
            ).fetchone()[0]
            for layer in layers
        ]
    package.close()

    assert layers
    assert unmarked == [0] * len(layers)


def stripped(item: Path, into: Path) -> list[Path]:
    """The bands of a drawn scene as bare GeoTIFFs: cropped, renamed, no tag, no item."""
    import rasterio

    files = []
    for band in BANDS:
        (source,) = item.glob(f"*{band}.tif")
        with rasterio.open(source) as image:
            profile = {"driver": "GTiff", "count": 1, "dtype": "uint16", "nodata": 0}
            profile |= {"crs": image.crs, "height": image.height - 7, "width": image.width - 5}
            profile["transform"] = image.transform @ image.transform.translation(3, 4)
            pixels = image.read(1)[4:-3, 3:-2]
        files.append(into / f"photo_{band}.tif")
        with rasterio.open(files[-1], "w", **profile) as bare:
            bare.write(pixels, 1)
    return files


def test_a_drawn_scene_stripped_and_registered_as_ones_own_is_still_drawn(tmp_path, drawn_world):
    """Without catalogue, tags and names the values themselves say it, in every later step."""
    for item in sorted((drawn_world / "landsat8-oli").glob("*2020*"))[:3]:
        digits = item.name.split("_")[3]
        date = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
        succeed(
            "scenes", "add", *stripped(item, tmp_path), "--sensor", "landsat8-oli", "--date", date,
            "--bands", ",".join(BANDS), "--copy", folder=tmp_path,
        )  # fmt: skip
    labels = tmp_path / "reetrace-registry" / "labels" / "kachin-nujiang"
    labels.mkdir(parents=True)
    drawn_labels = drawn_world / "labels" / "kachin-nujiang" / "2020.geojson"
    content = json.loads(drawn_labels.read_text(encoding="utf-8"))
    content["reetrace"].pop("simulated")
    (labels / "2020.geojson").write_text(json.dumps(content), encoding="utf-8")

    succeed("run", "--site", "kachin-nujiang", "--years", "2020", folder=tmp_path)

    evidence = load(tmp_path / "reports" / "SIMULATED_kachin-nujiang_2020")
    assert evidence.simulated
    assert all(scene.simulated for each in evidence.epochs for scene in each.scenes)


@pytest.mark.parametrize(
    "lie",
    [
        lambda content: content | {"notice": ""},
        lambda content: content | {"evidence": content["evidence"] | {"simulated": False}},
    ],
)
def test_an_evidence_file_that_was_made_to_lie_is_not_rendered(main_job, tmp_path, lie):
    """A changed file no longer matches the manifest, so no document is made from it."""
    bag = shutil.copytree(main_job.bag, tmp_path / "mine-A_2005-2020")
    path = bag / "data" / "evidence.json"
    path.write_text(json.dumps(lie(json.loads(path.read_text(encoding="utf-8")))))

    with pytest.raises(EvidenceError, match=r"evidence\.json"):
        render_bag(bag, templates=None)


def test_the_mark_does_not_change_what_is_measured(drawn_world):
    """Multiples of 7 are 0.0002 of reflectance apart, far below the noise that was drawn."""
    import rasterio

    (path,) = (drawn_world / "landsat8-oli").glob("*20201206*/*SR_B5.tif")
    with rasterio.open(path) as image:
        stored = image.read(1)

    seen = stored[stored > 0].astype(np.int64)
    assert (seen % 7 == 0).all()
    roughness = float(np.std(np.diff(seen)))
    assert roughness > 10 * 7
