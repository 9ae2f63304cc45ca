"""The Excel workbook: one tidy table a sheet, charts, a dictionary, nothing that computes."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reetrace.core.errors import OutputError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.table import Cell, Column, Table
from reetrace.ledger import dictionary
from reetrace.reading import lookup
from reetrace.report.workbook_cells import (
    HEAD_FILL,
    LINE_POINTS,
    NOTICE_FILL,
    aligned,
    at,
    fill,
    font,
    lines_of,
    put,
    put_text,
)
from reetrace.report.workbook_charts import write_charts
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

    `tables` come from `reetrace.ledger.tabulate`; the dictionary is added here. The digest of
    `evidence.json` beside `path`, where there is one, is kept as a property of the document.

    Raises:
        OutputError: The file could not be written, or a table has more rows than a sheet.
    """
    from openpyxl import Workbook

    shown = (*tables, dictionary(tables))
    workbook = Workbook()
    readme = workbook.active
    assert readme is not None  # noqa: S101 - a new workbook has one sheet
    readme.title = "README"
    first_row = _prepare(readme, evidence, "README", 2)
    write_readme(readme, evidence, shown, first_row)
    if map_image is not None:
        drawn = workbook.create_sheet("map")
        place_map(drawn, evidence, map_image, _prepare(drawn, evidence, "map"))
        drawn.page_setup.fitToHeight = 1
    charts = workbook.create_sheet("charts")
    first_row = _prepare(charts, evidence, "charts")
    write_charts(charts, evidence, first_row)
    for table in shown:
        _write_table(workbook.create_sheet(table.name), evidence, table)
    _name_headlines(workbook, evidence, tables)
    _write_properties(workbook, evidence, path)
    content = io.BytesIO()
    workbook.save(content)
    _write(path, canonical(content.getvalue(), evidence.issue_date))


def _prepare(sheet: Worksheet, evidence: Evidence, title: str, columns: int = 12) -> int:
    """Page, header and footer of a sheet, and the notice over so many columns.

    Returns the first free row.
    """
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.print_options.horizontalCentered = True
    # An ampersand begins a code in headers and footers, unless it is doubled.
    site = f"{evidence.site.title}, {evidence.years}".replace("&", "&&")
    notice = SIMULATED_NOTICE if evidence.simulated else ""
    run = f"reetrace {evidence.reetrace_version}, run {evidence.run_id}"
    for part, left, right in (
        (sheet.oddHeader, site, title.replace("&", "&&")),
        (sheet.oddFooter, run, "Page &P of &N"),
    ):
        if part is not None:
            part.left.text, part.center.text, part.right.text = left, notice or None, right
    sheet.sheet_properties.tabColor = HEAD_FILL
    if not evidence.simulated:
        return 1
    sheet.sheet_properties.tabColor = NOTICE_FILL
    banner = put_text(sheet, 1, 1, SIMULATED_NOTICE)
    banner.font = font(bold=True, colour="FFFFFF", size=14)
    for column in range(1, columns + 1):
        at(sheet, 1, column).fill = fill(NOTICE_FILL)
    sheet.row_dimensions[1].height = 24
    return 2


def _write_table(sheet: Worksheet, evidence: Evidence, table: Table) -> None:
    from openpyxl.utils import get_column_letter

    if len(table.rows) > _MOST_ROWS:
        raise OutputError(
            f"tables.xlsx: {table.name} has {len(table.rows):,} rows, more than a sheet holds. "
            "The CSV file holds them all."
        )
    head = _prepare(sheet, evidence, table.title, len(table.columns))
    widths = [
        _width(column, [row[position] for row in table.rows])
        for position, column in enumerate(table.columns)
    ]
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
    above: tuple[Cell, ...] = ()
    for offset, row in enumerate(table.rows, start=1):
        _write_row(sheet, head + offset, row, above, table.columns, widths)
        above = row
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
) -> None:
    """Write one row; a long text that only repeats the row above is not folded again."""
    deepest = 1
    for position, (value, column, width) in enumerate(
        zip(row, columns, widths, strict=True), start=1
    ):
        cell = put(sheet, at_row, position, value, column)
        cell.font = font()
        # The last column would run on over the free cells beside it, and off the page.
        runs_on = position == len(columns)
        repeats = bool(above) and above[position - 1] == value and not runs_on
        repeats = repeats or column.name == "notice"
        folds = isinstance(value, str) and len(value) > width - 1 and not repeats
        words = isinstance(value, str) and column.kind != "date"
        cell.alignment = aligned(wrap=folds, horizontal="left" if words else None)
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


def _name_headlines(workbook: Workbook, evidence: Evidence, tables: Sequence[Table]) -> None:
    """Names for the cells of the headline figures, e.g. `site_mapped_area_km2_2020`."""
    zone_set, zone = lookup.subject(evidence)
    for table in tables:
        names = [column.name for column in table.columns]
        for offset, row in enumerate(table.rows):
            entry = dict(zip(names, row, strict=True))
            if (entry.get("zone_set"), entry.get("zone")) != (zone_set, zone):
                continue
            if table.name == "areas" and entry["landcover"] == evidence.legend.target:
                _name_row(workbook, evidence, table, offset, str(entry["epoch"]))
            if table.name == "growth":
                span = f"{entry['first_epoch']}_{entry['last_epoch']}"
                _name_row(workbook, evidence, table, offset, span)


def _name_row(workbook: Workbook, evidence: Evidence, table: Table, offset: int, when: str) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.workbook.defined_name import DefinedName

    row = offset + (3 if evidence.simulated else 2)
    for position, column in enumerate(table.columns, start=1):
        if column.kind == "number":
            name = re.sub(r"\W", "_", f"site_{column.name}_{when}", flags=re.ASCII)
            cell = f"'{table.name}'!${get_column_letter(position)}${row}"
            workbook.defined_names[name] = DefinedName(name, attr_text=cell)


def _write_properties(workbook: Workbook, evidence: Evidence, path: Path) -> None:
    from openpyxl.packaging.custom import StringProperty

    notice = f"{SIMULATED_NOTICE} – " if evidence.simulated else ""
    about = workbook.properties
    about.creator = f"reetrace {evidence.reetrace_version}"
    about.title = f"{notice}{evidence.site.title}, {evidence.years}"
    about.subject = f"Run {evidence.run_id}"
    about.created = dt.datetime.fromisoformat(evidence.issue_date)
    known = {"run_id": evidence.run_id, "reetrace_version": evidence.reetrace_version}
    record = path.with_name("evidence.json")
    if record.is_file():
        known["evidence_sha256"] = hashlib.sha256(record.read_bytes()).hexdigest()
    if evidence.simulated:
        known["notice"] = SIMULATED_NOTICE
    for name, value in sorted(known.items()):
        # The stubs lack this list.
        workbook.custom_doc_props.append(StringProperty(name=name, value=value))  # type: ignore[attr-defined]


def _write(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_bytes(content)
        os.replace(aside, path)  # noqa: PTH105 - replaces on every system, as Path.rename does not
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink()
        raise OutputError(f"{path}: could not be written: {error.strerror or error}.") from error
