"""A folder that another reetrace made is held against its evidence by value, and says so."""

from __future__ import annotations

import csv
import io
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from reetrace import __version__, evidence
from reetrace.core.table import Table
from reetrace.evidence.trust import Trust
from reetrace.ledger import tabulate
from reetrace.pipeline.checking import Examined, examine
from reetrace.report.workbook import write_workbook
from tests import made_up

OTHER = "9.8.7"


@pytest.fixture(scope="module")
def of_another(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workbook, as if a later version had made it; no test may change it."""
    folder = tmp_path_factory.mktemp("another")
    image = folder / "map.png"
    Image.new("RGB", (8, 8)).save(image)
    with evidence.draft(folder / "bag") as draft:
        full = replace(made_up.single_epoch(), reetrace_version=OTHER)
        found = made_up.made_up_bag(draft, full)
        tables = [_shorter(each) for each in tabulate(found)]
        write_workbook(found, tables, draft / "data" / "tables.xlsx", map_image=image)
        evidence.seal(draft, found)
    return folder / "bag"


def _shorter(table: Table) -> Table:
    """Areas without their pixels, as a version that does not count them would have them."""
    if table.name != "areas":
        return table
    kept = [place for place, each in enumerate(table.columns) if each.name != "pixels"]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in table.rows),
    )


@pytest.fixture
def another(of_another: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(of_another, tmp_path / "bag"))


def _rewritten(bag: Path, table: str, change) -> None:
    path = bag / "data" / "tables" / f"{table}.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))
    changed = change(rows)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(changed[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(changed)
    path.write_bytes(out.getvalue().encode())


def _resealed(bag: Path) -> Examined:
    evidence.seal(bag, evidence.load(bag))
    return examine(bag, Trust())


def _told(found: Examined, link: str) -> str:
    return next(each.told for each in found.checks if each.link == link)


def test_a_folder_of_another_version_is_compared_by_value_and_says_so(another):
    """Columns in another order, a new and a missing one, a new table, another way to write JSON."""
    _rewritten(
        another,
        "areas",
        lambda rows: [
            {"novelty": "7", **{name: row[name] for name in reversed(row) if name != "pixels"}}
            for row in rows
        ],
    )
    (another / "data" / "tables" / "tonnes.csv").write_text("tonnes\n1\n")
    scenes = another / "data" / "scenes.json"
    scenes.write_text(scenes.read_text("utf-8").replace("\n", "\r\n"), "utf-8", newline="")
    (another / "data" / "rasters" / "collection.json").write_text("{}")
    with closing(sqlite3.connect(another / "data" / "vectors" / "evidence.gpkg")) as package:
        package.execute("ALTER TABLE zones RENAME COLUMN role TO novelty")

    found = _resealed(another)

    assert found.fault == ""
    said = f"made by reetrace {OTHER} and looked at by {__version__}: compared by value"
    assert said in _told(found, "record")
    assert "known to one version alone: tonnes, areas.novelty, areas.pixels and 1" in _told(
        found, "tables"
    )
    assert "of another version not compared" in _told(found, "rasters")
    assert "not in its sheets, so not compared: areas.Pixels" in _told(found, "workbook")
    assert "not in it, so not compared: zones.role" in _told(found, "GeoPackage")


def test_the_same_folder_of_this_version_would_be_called_broken(sealed, tmp_path):
    """What this version writes, it writes to the byte."""
    bag = Path(shutil.copytree(sealed, tmp_path / "bag"))
    _rewritten(bag, "areas", lambda rows: [{"novelty": "7", **row} for row in rows])

    assert "areas.csv differs from evidence.json" in _resealed(bag).fault


def _another_area(rows):
    rows[0]["mapped_area_km2"] = "9" + rows[0]["mapped_area_km2"]
    return rows


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_another_area, r"areas.csv differs .* line 2, mapped_area_km2 is '9"),
        (lambda rows: rows[1:], "areas.csv differs .* rows"),
    ],
)
def test_another_value_is_found_whatever_version_wrote_it(another, change, told):
    """The line says who made the folder, for the reader to judge whether that is why."""
    _rewritten(another, "areas", change)

    found = _resealed(another)

    assert found.broken is not None
    assert found.broken.link == "tables"
    assert re.search(told, found.fault)
    assert f"reetrace {OTHER} made this folder and {__version__} looks at it" in found.fault


def test_another_outline_is_found_whatever_version_wrote_it(another):
    """In GeoJSON too, where layouts may differ."""
    path = another / "data" / "vectors" / "footprints_2020.geojson"
    path.write_text(path.read_text("utf-8").replace("98.5", "98.6", 1), "utf-8")

    assert "footprints_2020.geojson holds other outlines" in _resealed(another).fault


def test_two_members_of_one_name_are_refused(another):
    """Readers differ in which of them they take."""
    path = another / "data" / "scenes.json"
    text = path.read_text("utf-8")
    path.write_text(text.replace("{", '{"format": "another",', 1), "utf-8")

    assert "scenes.json: has two members of one name" in _resealed(another).fault
