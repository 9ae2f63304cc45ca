"""The workbook states what the evidence states, runs nothing, and is the same twice."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from reetrace.core.errors import OutputError
from reetrace.core.evidence import Evidence
from reetrace.core.table import Cell, Column, Table
from reetrace.evidence.record import csv_bytes
from reetrace.ledger import dictionary, tabulate
from reetrace.report.workbook import write_workbook
from tests import made_up
from tests.report.workbooks import HOSTILE, content, opened

_DATE_COLUMNS = {"date", "first_day", "last_day"}


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
    book = opened(variant)

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
    with zipfile.ZipFile(io.BytesIO(content("hostile"))) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        formulas = [name for name in sheets if re.search(rb"<f[ >]", book.read(name))]

    assert len(sheets) > 20
    assert formulas == []


def test_text_that_begins_like_a_formula_is_kept_unaltered():
    """No apostrophe is put before it: the value is the value, and Excel is told that it is text."""
    sheet = opened("hostile")["warnings"]

    cells = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert tuple(cell.value for cell in cells) == HOSTILE
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
