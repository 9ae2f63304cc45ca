"""The Excel workbook: one tidy table a sheet, charts, a dictionary, nothing that computes."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reetrace.core.errors import OutputError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.table import Cell, Column, Table
from reetrace.ledger import change_log, dictionary
from reetrace.ledger.versions import version_of
from reetrace.report.workbook_cells import (
    HEAD_FILL,
    LINE_POINTS,
    Looks,
    aligned,
    dress,
    fill,
    font,
    lines_of,
    put,
    put_text,
)
from reetrace.report.workbook_charts import write_charts
from reetrace.report.workbook_names import name_cells
from reetrace.report.workbook_page import prepare, spread
from reetrace.report.workbook_readme import place_map, write_readme
from reetrace.report.workbook_zip import canonical

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

# Widths in characters. Wider columns are folded, or a printed page could not be read.
_WIDEST = 36
_HEADER_WIDTH = 16
_NOTICE_WIDTH = 14

# A row of more lines than this would fill the screen; the cell itself holds the whole text.
_DEEPEST = 12

_MOST_ROWS = 1_048_576 - 2


def write_workbook(
    evidence: Evidence, tables: Sequence[Table], path: Path, *, map_image: Path | None = None
) -> None:
    """Write the workbook; the same evidence gives the same bytes.

    `tables` come from `reetrace.ledger.tabulate`; dictionary and change log are added here. The
    digest of `evidence.json` beside `path`, where there is one, is kept as a property of the
    document and stands at the foot of each page.

    Raises:
        OutputError: The file could not be written, or a table has more rows than a sheet.
    """
    from openpyxl import Workbook

    shown = (*tables, dictionary(tables), change_log(evidence))
    digest = _digest_beside(path)
    workbook = Workbook()
    readme = workbook.active
    assert readme is not None  # noqa: S101 - a new workbook has one sheet
    readme.title = "README"
    first_row = prepare(readme, evidence, "README", digest, 2)
    addresses = write_readme(readme, evidence, shown, first_row, digest)
    if map_image is not None:
        drawn = workbook.create_sheet("map")
        place_map(drawn, evidence, map_image, prepare(drawn, evidence, "map", digest))
        drawn.page_setup.fitToHeight = 1
    charts = workbook.create_sheet("charts")
    first_row = prepare(charts, evidence, "charts", digest)
    write_charts(charts, evidence, first_row)
    looks: Looks = {}
    for table in shown:
        _write_table(workbook.create_sheet(table.name), evidence, table, digest, looks)
    name_cells(workbook, evidence, shown, addresses)
    _write_properties(workbook, evidence, digest)
    content = io.BytesIO()
    workbook.save(content)
    _write(path, canonical(content.getvalue(), evidence.issue_date))


def _digest_beside(path: Path) -> str:
    record = path.with_name("evidence.json")
    return hashlib.sha256(record.read_bytes()).hexdigest() if record.is_file() else ""


def _write_table(
    sheet: Worksheet, evidence: Evidence, table: Table, digest: str, looks: Looks
) -> None:
    from openpyxl.utils import get_column_letter

    if len(table.rows) > _MOST_ROWS:
        raise OutputError(
            f"tables.xlsx: {table.name} has {len(table.rows):,} rows, more than a sheet holds. "
            "The CSV file holds them all."
        )
    head = prepare(sheet, evidence, table.title, digest, len(table.columns))
    widths = [
        _width(column, [row[position] for row in table.rows])
        for position, column in enumerate(table.columns)
    ]
    spread(sheet, [column.name for column in table.columns], widths)
    for position, (column, width) in enumerate(zip(table.columns, widths, strict=True), start=1):
        cell = put_text(sheet, head, position, column.title)
        cell.font, cell.fill = font(bold=True, colour="FFFFFF"), fill(HEAD_FILL)
        right = column.kind in {"number", "integer", "share"}
        cell.alignment = aligned(horizontal="right" if right else "left")
        sheet.column_dimensions[get_column_letter(position)].width = width
    folded = [
        # The button of the filter covers the end of a header's line.
        lines_of(column.title, width - 4)
        for column, width in zip(table.columns, widths, strict=True)
    ]
    sheet.row_dimensions[head].height = LINE_POINTS * max(folded) + 3
    above: tuple[Cell, ...] = (None,) * len(table.columns)
    for offset, row in enumerate(table.rows, start=1):
        _write_row(sheet, head + offset, row, above, table.columns, widths, looks)
        above = tuple(
            last if value in {None, ""} else value for value, last in zip(row, above, strict=True)
        )
    sheet.freeze_panes = f"A{head + 1}"
    sheet.print_title_rows = f"1:{head}"
    last = get_column_letter(len(table.columns))
    sheet.print_area = f"A1:{last}{head + max(len(table.rows), 1)}"
    _list_rows(sheet, table, head)


def _write_row(
    sheet: Worksheet,
    at_row: int,
    row: tuple[Cell, ...],
    above: tuple[Cell, ...],
    columns: Sequence[Column],
    widths: Sequence[float],
    looks: Looks,
) -> None:
    """Write one row; a long text that only repeats the last one above is not folded again."""
    deepest = 1
    for position, (value, column, width) in enumerate(
        zip(row, columns, widths, strict=True), start=1
    ):
        cell = put(sheet, at_row, position, value, column)
        # The last column would run on over the free cells beside it, and off the page.
        runs_on = position == len(columns)
        repeats = above[position - 1] == value and not runs_on
        repeats = repeats or column.name == "notice"
        folds = isinstance(value, str) and len(value) > width - 1 and not repeats
        words = isinstance(value, str) and column.kind != "date"
        dress(cell, looks, wrap=folds, horizontal="left" if words else None)
        if folds:
            deepest = max(deepest, lines_of(str(value), width - 1))
    if deepest > 1:
        sheet.row_dimensions[at_row].height = LINE_POINTS * min(deepest, _DEEPEST) + 2


def _list_rows(sheet: Worksheet, table: Table, head: int) -> None:
    """Make the rows a table of Excel's own, with filters."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table as SheetTable
    from openpyxl.worksheet.table import TableStyleInfo

    if not table.rows:
        # Excel calls a table without a row damaged.
        put_text(sheet, head + 1, 1, "Nothing to list.").font = font(italic=True)
        return
    last = f"{get_column_letter(len(table.columns))}{head + len(table.rows)}"
    listed = SheetTable(displayName=f"tbl_{table.name}", ref=f"A{head}:{last}")
    listed.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(listed)


def _width(column: Column, values: Sequence[Cell]) -> float:
    if column.name == "notice":
        return _NOTICE_WIDTH
    longest = max((len(_shown(value, column)) for value in values), default=0)
    header = max(len(word) for word in column.title.split())
    folded = min(len(column.title) + 3, _HEADER_WIDTH)
    return min(max(longest + 2, header + 4, folded), _WIDEST)


def _shown(value: Cell, column: Column) -> str:
    if isinstance(value, float):
        return f"{value:,.{column.decimals}f}"
    return "" if value is None else str(value)


def _write_properties(workbook: Workbook, evidence: Evidence, digest: str) -> None:
    from openpyxl.packaging.custom import StringProperty

    notice = f"{SIMULATED_NOTICE} – " if evidence.simulated else ""
    about = workbook.properties
    about.creator = f"reetrace {evidence.reetrace_version}"
    about.title = f"{notice}{evidence.site.title}, {evidence.years}"
    about.subject = f"Run {evidence.run_id}"
    about.created = dt.datetime.fromisoformat(evidence.issue_date)
    known = {
        "run_id": evidence.run_id,
        "reetrace_version": evidence.reetrace_version,
        "workbook_version": version_of("workbook"),
    }
    if digest:
        known["evidence_sha256"] = digest
    if evidence.simulated:
        known["notice"] = SIMULATED_NOTICE
    for name, value in sorted(known.items()):
        # The stubs lack this list.
        workbook.custom_doc_props.append(StringProperty(name=name, value=value))  # type: ignore[attr-defined]


def _write(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink()
        raise OutputError(f"{path}: could not be written: {error.strerror or error}.") from error
