"""Cells of the workbook: text that can never be a formula, numbers with their format, looks."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING

from reetrace.core.table import Cell, Column

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.styles import Alignment, Border, Font, PatternFill
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "Calibri"
INK = "1F2937"
HEAD_FILL = "12355B"
BLANK_FILL = "F0F0F0"
NOTICE_FILL = "B00020"

# Excel's own limit; a longer text would make it call the file damaged.
_LONGEST_TEXT = 32_767
_CUT = " … (cut: whole in the CSV)"

# A spreadsheet may read a text that begins so as a formula when it is typed in again.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

# Numbers that name something: a thousands separator would be wrong in them.
_NAMES_IN_DIGITS = frozenset({"seed", "code", "number"})


def put_text(sheet: Worksheet, row: int, column: int, text: str) -> SheetCell:
    """Write text so that it stays text, whatever it begins with."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    kept = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
    if len(kept) > _LONGEST_TEXT:
        kept = kept[: _LONGEST_TEXT - len(_CUT)] + _CUT
    cell: SheetCell = sheet.cell(row, column)
    cell.value = kept
    cell.data_type = "s"
    if kept.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True  # type: ignore[attr-defined]
    return cell


def put(sheet: Worksheet, row: int, column: int, value: Cell, kind: Column) -> SheetCell:
    """Write one cell of a table; a blank is shaded, its reason stands in the same row."""
    if value is None:
        blank: SheetCell = sheet.cell(row, column)
        blank.fill = fill(BLANK_FILL)
        return blank
    if isinstance(value, str):
        date = _date(value) if kind.kind == "date" else None
        if date is None:
            return put_text(sheet, row, column, value)
        cell: SheetCell = sheet.cell(row, column, date)
        cell.number_format = "yyyy-mm-dd"
        return cell
    number: SheetCell = sheet.cell(row, column, value)
    number.number_format = number_format(kind)
    return number


def number_format(column: Column) -> str:
    """How Excel shows a column's numbers; what is stored is not rounded."""
    if column.kind == "integer":
        return "0" if column.name in _NAMES_IN_DIGITS else "#,##0"
    if column.kind in {"number", "share"}:
        return "#,##0." + "0" * column.decimals if column.decimals else "#,##0"
    return "@" if column.kind == "text" else "yyyy-mm-dd"


def _date(text: str) -> dt.date | None:
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        return None
    # Excel's calendar begins in 1900, and is wrong until March of that year.
    return date if date.year > 1900 else None  # noqa: PLR2004 - the year just named


@lru_cache
def font(*, bold: bool = False, colour: str = INK, size: float = 10, italic: bool = False) -> Font:
    """The workbook's font; named, because programs differ in what they take for none."""
    from openpyxl.styles import Font

    return Font(name=FONT, size=size, bold=bold, italic=italic, color=colour)


@lru_cache
def fill(colour: str) -> PatternFill:
    """A plain background."""
    from openpyxl.styles import PatternFill

    return PatternFill("solid", start_color=colour, end_color=colour)


@lru_cache
def aligned(*, wrap: bool = True, horizontal: str | None = None) -> Alignment:
    """Text from the top of its cell."""
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=wrap, vertical="top", horizontal=horizontal)  # type: ignore[arg-type]


@lru_cache
def hairline() -> Border:
    """A thin rule under a cell."""
    from openpyxl.styles import Border, Side

    return Border(bottom=Side(style="hair", color="9AA5B1"))
