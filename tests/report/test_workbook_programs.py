"""Other programs open the workbook without a complaint, and read the same in it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.report.workbooks import content

_OFFICE = shutil.which("soffice")
_AUDIT = Path(sys.executable).with_name("openxml-audit")


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the workbook as LibreOffice saves and prints it."""
    if _OFFICE is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("office")
    (folder / "tables.xlsx").write_bytes(content("simulated"))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for kind, out in (("xlsx", "again"), ("pdf", "printed")):
        run = subprocess.run(
            [_OFFICE, profile, "--headless", "--convert-to", kind, "--outdir", str(folder / out),
             str(folder / "tables.xlsx")],
            capture_output=True, text=True, timeout=900, check=True,
        )  # fmt: skip
        assert "Error" not in run.stderr
    return folder


def _cells(book: Workbook) -> dict[tuple[str, str], object]:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_libreoffice_reads_every_cell_as_it_was_written(converted):
    """Opened and saved again, each cell is where it was and says what it said."""
    before = _cells(load_workbook(converted / "tables.xlsx"))
    after = _cells(load_workbook(converted / "again" / "tables.xlsx"))

    assert after.keys() == before.keys()
    different = {
        at: (value, after[at])
        for at, value in before.items()
        if after[at] != (pytest.approx(value, rel=1e-14) if isinstance(value, float) else value)
    }
    assert different == {}


def test_libreoffice_keeps_names_and_tables(converted):
    """What a reader's own formulas refer to is there after all."""
    before = load_workbook(converted / "tables.xlsx")
    after = load_workbook(converted / "again" / "tables.xlsx")

    assert set(before.defined_names) <= set(after.defined_names)
    for sheet in before.worksheets:
        assert [each.ref for each in after[sheet.title].tables.values()] == [
            each.ref for each in sheet.tables.values()
        ]


def test_every_printed_page_says_what_it_is(converted):
    """Site, run, page of pages and the notice stand on each."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    text = subprocess.run(
        ["pdftotext", "-layout", str(converted / "printed" / "tables.pdf"), "-"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    pages = text.split("\f")[:-1]

    assert len(pages) > 20
    for number, page in enumerate(pages, start=1):
        assert "SIMULATED IMAGERY – NOT EVIDENCE" in page
        assert "Mine A, 2005-2020" in page
        assert "run 0123456789abcdef" in page
        assert f"Page {number} of {len(pages)}" in page


@pytest.mark.parametrize("variant", ["whole", "simulated", "hostile"])
def test_the_schema_of_open_xml_is_kept(variant, tmp_path):
    """Every element where the standard's schema has it; charts and styles included."""
    path = tmp_path / "tables.xlsx"
    path.write_bytes(content(variant))

    run = subprocess.run(
        [str(_AUDIT), "--output", "json", "--max-errors", "0", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    (found,) = json.loads(run.stdout)
    assert found["errors"] == []
    assert found["warning_count"] == 0
