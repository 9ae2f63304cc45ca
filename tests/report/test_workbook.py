"""The workbook states what the evidence states, runs nothing, and is the same twice."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from reetrace.core.errors import OutputError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.site import Name
from reetrace.core.table import Cell, Column, Table
from reetrace.evidence.record import csv_bytes
from reetrace.ledger import dictionary, tabulate
from reetrace.report.wording import forbidden
from reetrace.report.workbook import write_workbook
from tests import made_up

_DATE_COLUMNS = {"date", "first_day", "last_day"}


@lru_cache
def _content(variant: str) -> bytes:
    """A workbook's bytes; written once a variant, for it is the slow part."""
    import tempfile

    whole = made_up.made_up_evidence()
    evidence = {
        "whole": lambda: whole,
        "simulated": lambda: made_up.simulated(whole),
        "single": made_up.single_epoch,
        "no country": made_up.no_country,
        "no sentinel-2": made_up.no_sentinel2,
        "hostile": _hostile,
    }[variant]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tables.xlsx"
        write_workbook(evidence, tabulate(evidence), path)
        return path.read_bytes()


def _book(variant: str) -> Workbook:
    return load_workbook(io.BytesIO(_content(variant)))


_HOSTILE = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\tTab", '=HYPERLINK("x")')


def _hostile() -> Evidence:
    whole = made_up.made_up_evidence()
    names = tuple(Name(text, "en") for text in _HOSTILE)
    return replace(whole, site=replace(whole.site, names=names), warnings=_HOSTILE)


def _plain(cell: object) -> Cell:
    """A cell as the ledger has it: dates as ISO text."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    assert cell is None or isinstance(cell, str | int | float)
    return cell


def _read(book: Workbook, table: Table, *, head: int) -> tuple[list[str], list[list[Cell]]]:
    """Headers and rows of a sheet; Excel has no empty text, it reads as a blank."""
    sheet = book[table.name]
    titles, *rows = sheet.iter_rows(
        min_row=head,
        max_row=head + len(table.rows),
        max_col=len(table.columns),
        values_only=True,
    )
    return [str(title) for title in titles], [[_plain(cell) for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("variant", "head"), [("whole", 1), ("simulated", 2), ("single", 1), ("no country", 1)]
)
def test_every_sheet_states_what_its_table_states(variant, head):
    """Excel holds the ledger's numbers, all digits of them, under the ledger's headers."""
    evidence = {
        "whole": made_up.made_up_evidence,
        "simulated": lambda: made_up.simulated(made_up.made_up_evidence()),
        "single": made_up.single_epoch,
        "no country": made_up.no_country,
    }[variant]()
    tables = tabulate(evidence)
    book = _book(variant)

    for table in (*tables, dictionary(tables)):
        titles, rows = _read(book, table, head=head)
        assert titles == [column.title for column in table.columns]
        expected = [[None if cell == "" else cell for cell in row] for row in table.rows]
        assert rows == expected, table.name


_TEXT = st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=0, max_size=30
)
_NUMBER = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)


# Each example writes a file: a failing one is not worth minutes of shrinking.
@settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(
    rows=st.lists(
        st.tuples(
            _TEXT.map(lambda text: f"#{text}"),
            st.one_of(st.none(), _NUMBER),
            st.integers(-(10**12), 10**12),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_csv_and_excel_state_any_number_alike(tmp_path_factory, rows):
    """Whatever the number, both files give back the very same one."""
    columns = (
        Column("words", "Words", "text", "Any text."),
        Column("value", "Value", "number", "Any number."),
        Column("count", "Count", "integer", "Any whole number."),
    )
    table = Table("areas_of_any_kind", "Any", "Any.", columns, tuple(rows))
    path = tmp_path_factory.mktemp("any") / "tables.xlsx"

    write_workbook(made_up.single_epoch(), (table,), path)
    in_excel = list(load_workbook(path)[table.name].iter_rows(min_row=2, values_only=True))
    in_csv = list(csv.reader(io.StringIO(csv_bytes(table).decode("utf-8"), newline="")))[1:]

    assert in_excel == rows
    assert [
        (words, float(value) if value else None, int(count)) for words, value, count in in_csv
    ] == rows


def test_a_number_of_numpy_is_a_number():
    """Some numbers come from arrays; a cell must not hold their type's name."""
    column = Column("value", "Value", "number", "Any number.")
    path = io.BytesIO()

    write_to(path, made_up.single_epoch(), Table("any", "", "", (column,), ((np.float64(0.1),),)))

    assert load_workbook(path)["any"]["A2"].value == 0.1


def test_no_cell_holds_a_formula():
    """A name that begins like a formula is a name."""
    with zipfile.ZipFile(io.BytesIO(_content("hostile"))) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        formulas = [name for name in sheets if re.search(rb"<f[ >]", book.read(name))]

    assert len(sheets) > 20
    assert formulas == []


def test_text_that_begins_like_a_formula_is_kept_unaltered():
    """No apostrophe is put before it: the value is the value, and Excel is told that it is text."""
    sheet = _book("hostile")["warnings"]

    cells = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert tuple(cell.value for cell in cells) == _HOSTILE
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


def test_letters_xml_cannot_hold_are_replaced_and_seen():
    """A control letter would make Excel call the file damaged."""
    whole = made_up.made_up_evidence()
    path = io.BytesIO()
    table = Table(
        "areas",
        "Any",
        "Any.",
        (Column("words", "Words", "text", "Any."),),
        (("a\x00b\x1fc",), ("x" * 40_000,)),
    )

    write_to(path, whole, table)
    sheet = load_workbook(path)["areas"]

    assert sheet["A2"].value == "a\ufffdb\ufffdc"
    long = sheet["A3"].value
    assert isinstance(long, str)
    assert len(long) == 32_767
    assert long.endswith("(cut: whole in the CSV)")


def write_to(stream: io.BytesIO, evidence: Evidence, table: Table) -> None:
    """Write a workbook of one table into memory."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tables.xlsx"
        write_workbook(evidence, (table,), path)
        stream.write(path.read_bytes())
    stream.seek(0)


def test_drawn_imagery_is_said_on_every_sheet():
    """In the first row, in the printed header and footer, and by the colour of the tab."""
    book = _book("simulated")

    for sheet in book.worksheets:
        assert sheet["A1"].value == SIMULATED_NOTICE, sheet.title
        assert sheet.oddHeader is not None
        assert sheet.oddFooter is not None
        assert sheet.oddHeader.center.text == SIMULATED_NOTICE
        assert sheet.oddFooter.center.text == SIMULATED_NOTICE
        assert sheet.sheet_properties.tabColor is not None
        assert sheet.sheet_properties.tabColor.rgb == "00B00020"
    assert book.properties.title.startswith(SIMULATED_NOTICE)


def test_real_imagery_carries_no_notice():
    """The notice means something only because it is not always there."""
    with zipfile.ZipFile(io.BytesIO(_content("whole"))) as book:
        assert not any(b"SIMULATED" in book.read(name) for name in book.namelist())


def test_every_table_is_one_of_excels_own():
    """With filters, a unique name, and headers that are the cells'."""
    book = _book("whole")
    tables = [table for sheet in book.worksheets for table in sheet.tables.values()]

    assert len(tables) > 20
    assert len({table.displayName for table in tables}) == len(tables)
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            first, *_ = sheet[table.ref]
            assert [cell.value for cell in first] == [each.name for each in table.tableColumns]


def test_an_epoch_that_looks_like_a_number_is_not_marked_as_a_mistake():
    """Years are labels here; Excel would put a green corner on every one."""
    with zipfile.ZipFile(io.BytesIO(_content("whole"))) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        parts = [re.findall(rb"<([a-zA-Z]+)[ />]", book.read(name)) for name in sheets]

    for names in parts:
        assert names.count(b"ignoredErrors") == 1
        later = {b"drawing", b"tableParts"} & set(names)
        assert all(names.index(b"ignoredErrors") < names.index(each) for each in later)
        assert names.index(b"ignoredErrors") > names.index(b"headerFooter")


def test_a_table_without_rows_says_so():
    """Excel would call an empty table damaged."""
    sheet = _book("single")["growth"]

    assert sheet["A2"].value == "Nothing to list."
    assert not sheet.tables


def test_headline_figures_have_names():
    """A formula of the reader's own can refer to `site_mapped_area_km2_2020`."""
    book = _book("whole")
    evidence = made_up.made_up_evidence()

    (place,) = book.defined_names["site_mapped_area_km2_2020"].destinations
    expected = next(
        row.mapped.value
        for row in evidence.areas
        if (row.zone, row.epoch, row.landcover) == ("mine-A", "2020", "mine")
    )
    assert book[place[0]][place[1]].value == expected
    assert "site_change_km2_2005_2020" in book.defined_names


def test_charts_are_drawn_with_whiskers_from_cells():
    """Native charts, each bar's interval taken from the cells beside it."""
    with zipfile.ZipFile(io.BytesIO(_content("whole"))) as book:
        charts = [book.read(name) for name in book.namelist() if "charts/chart" in name]

    assert len(charts) == 2
    assert all(b"<errBars>" in chart or b"<c:errBars>" in chart for chart in charts)


def test_blanks_are_shaded_and_never_zero():
    """What is not known looks otherwise than nothing."""
    sheet = _book("whole")["areas"]
    titles = [cell.value for cell in sheet[1]]
    column = titles.index("Error-adjusted area (km²)")

    unseen = next(row for row in sheet.iter_rows(min_row=2) if row[3].value == "not-seen")
    assert unseen[column].value is None
    assert unseen[column].fill.start_color.rgb == "00F0F0F0"
    assert unseen[titles.index("Reason for blanks")].value


def test_the_readme_claims_nothing_an_image_cannot_show():
    """Every sentence of ours passes the list of words a report may not use."""
    sheet = _book("whole")["README"]
    words = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]

    assert [hit for text in words for hit in forbidden(text)] == []


def test_dates_are_dates():
    """A reader can sort and filter by them."""
    sheet = _book("whole")["scenes"]

    cell = sheet["C2"]
    assert cell.value == dt.datetime(2005, 1, 13)  # noqa: DTZ001 - a bare date
    assert cell.number_format == "yyyy-mm-dd"


def test_the_digest_of_the_evidence_is_a_property_of_the_document(tmp_path):
    """A workbook that went its own way can be traced to its folder."""
    evidence = made_up.single_epoch()
    (tmp_path / "evidence.json").write_text("{}\n")

    write_workbook(evidence, (), tmp_path / "tables.xlsx")

    known = load_workbook(tmp_path / "tables.xlsx").custom_doc_props  # type: ignore[attr-defined]
    assert known["evidence_sha256"].value == hashlib.sha256(b"{}\n").hexdigest()
    assert known["run_id"].value == evidence.run_id


def test_a_map_gets_a_sheet_of_its_own(tmp_path):
    """The picture is put in as it is."""
    from PIL import Image

    Image.new("RGB", (40, 20), "green").save(tmp_path / "map.png")

    write_workbook(made_up.single_epoch(), (), tmp_path / "t.xlsx", map_image=tmp_path / "map.png")

    assert "map" in load_workbook(tmp_path / "t.xlsx").sheetnames
    with zipfile.ZipFile(tmp_path / "t.xlsx") as book:
        assert (tmp_path / "map.png").read_bytes() in [
            book.read(name) for name in book.namelist() if name.startswith("xl/media/")
        ]


def test_a_workbook_that_cannot_be_written_is_one_plain_line(tmp_path):
    """Nothing half-written is left."""
    (tmp_path / "data").write_text("a file")

    with pytest.raises(OutputError, match="could not be written"):
        write_workbook(made_up.single_epoch(), (), tmp_path / "data" / "tables.xlsx")


_BUILD = """
import sys
from pathlib import Path
from reetrace.ledger import tabulate
from reetrace.report.workbook import write_workbook
from tests import made_up

drawn = made_up.simulated(made_up.single_epoch())
write_workbook(drawn, tabulate(drawn), Path(sys.argv[1]))
"""


def test_the_same_evidence_gives_the_same_bytes_anywhere_at_any_time(tmp_path):
    """Hash seed, time zone, language and the clock leave no trace."""
    root = Path(__file__).parents[2]
    built = []
    for number, zone in enumerate(("UTC", "Asia/Yangon")):
        path = tmp_path / f"{number}.xlsx"
        subprocess.run(
            [sys.executable, "-c", _BUILD, str(path)],
            cwd=root,
            env=os.environ
            | {
                "PYTHONHASHSEED": str(40 + number),
                "TZ": zone,
                "PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}",
            },
            check=True,
        )
        built.append(path.read_bytes())

    assert built[0] == built[1]
