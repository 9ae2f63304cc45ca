"""Cells of the workbook: text that can never be a formula, numbers with their format, looks."""

from __future__ import annotations

import datetime as dt
from copy import copy
from functools import lru_cache
from typing import TYPE_CHECKING, cast
from unicodedata import east_asian_width

from reetrace.core.table import Cell, Column

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.styles import Alignment, Border, Font, PatternFill
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "Calibri"
INK = "1F2937"
HEAD_FILL = "12355B"
BLANK_FILL = "F0F0F0"
NOTICE_FILL = "B00020"

LINE_POINTS = 13.5
"""Height of a line of text; rows of several lines are given theirs, as not every program does."""

# Excel's own limit; a longer text would make it call the file damaged.
_LONGEST_TEXT = 32_767
_CUT = " … (cut: whole in the CSV)"

# A spreadsheet may read a text that begins so as a formula when it is typed in again.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Looks = dict[tuple[tuple[int, ...], bool, str | None], "StyleArray"]
"""Looks of the cells of one workbook: by what is put in them, folding and side."""

# Numbers that name something: a thousands separator would be wrong in them.
_NAMES_IN_DIGITS = frozenset({"seed", "code", "number"})


def at(sheet: Worksheet, row: int, column: int) -> SheetCell:
    """The cell itself; no sheet of the workbook has merged ones."""
    return cast("SheetCell", sheet.cell(row, column))


def put_text(sheet: Worksheet, row: int, column: int, text: str) -> SheetCell:
    """Write text so that it stays text, whatever it begins with."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    kept = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
    if len(kept) > _LONGEST_TEXT:
        kept = kept[: _LONGEST_TEXT - len(_CUT)] + _CUT
    cell = at(sheet, row, column)
    cell.value = kept
    cell.data_type = "s"
    if kept.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True
    return cell


def put(sheet: Worksheet, row: int, column: int, value: Cell, kind: Column) -> SheetCell:
    """Write one cell of a table; a blank is shaded, its reason stands in the same row."""
    if value is None:
        blank = at(sheet, row, column)
        blank.fill = fill(BLANK_FILL)
        return blank
    if isinstance(value, str):
        date = _date(value) if kind.kind == "date" else None
        if date is None:
            return put_text(sheet, row, column, value)
        cell = at(sheet, row, column)
        cell.value, cell.number_format = date, "yyyy-mm-dd"
        return cell
    number = put_number(sheet, row, column, value)
    number.number_format = number_format(kind)
    return number


def put_number(sheet: Worksheet, row: int, column: int, value: float) -> SheetCell:
    """Write a number to its last digit."""
    cell = at(sheet, row, column)
    # The library would cut a float to 16 digits; its shortest exact text needs up to 17.
    # Called on the class, because numpy's floats say what they are in their own text.
    cell.value = float.__repr__(value) if isinstance(value, float) else value
    cell.data_type = "n"
    return cell


def dress(cell: SheetCell, looks: Looks, *, wrap: bool, horizontal: str | None) -> None:
    """Give a cell of a table its font and alignment, as the first cell like it was given them."""
    # To look up a font costs as much as to write the cell, and a workbook has ten thousands.
    known = tuple(cell._style or ()), wrap, horizontal  # type: ignore[attr-defined]  # noqa: SLF001 - its own idiom
    if known not in looks:
        cell.font = font()
        cell.alignment = aligned(wrap=wrap, horizontal=horizontal)
        looks[known] = copy(cell._style)  # type: ignore[attr-defined]  # noqa: SLF001
    cell._style = copy(looks[known])  # type: ignore[attr-defined]  # noqa: SLF001


def number_format(column: Column) -> str:
    """How Excel shows a column's numbers; what is stored is not rounded."""
    if column.kind == "integer":
        return "0" if column.name in _NAMES_IN_DIGITS else "#,##0"
    if column.kind in {"number", "share"}:
        if not column.decimals:
            return "#,##0"
        digits = "#,##0." + "0" * column.decimals
        # The third part is for an exact zero: one that was found is not a small number rounded.
        return f"{digits};-{digits};0"
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
    """Content from the top of its cell; text to the left keeps off the numbers before it."""
    from openpyxl.styles import Alignment

    indent = 1 if horizontal == "left" else 0
    return Alignment(wrap_text=wrap, vertical="top", horizontal=horizontal, indent=indent)


@lru_cache
def hairline() -> Border:
    """A thin rule under a cell."""
    from openpyxl.styles import Border, Side

    return Border(bottom=Side(style="hair", color="9AA5B1"))


def clipped(text: str, letters: int) -> str:
    """Text for a place with room for so many letters; the whole of it stands elsewhere.

    >>> clipped("Mine A", 10), clipped("Mine Number One", 10)
    ('Mine A', 'Mine Numb…')
    """
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def lines_of(text: str, width: float) -> int:
    """Lines a text takes when folded between words into a column of this width."""
    lines, used = 1, 0.0
    for word in text.split():
        # Chinese letters are as wide as two Latin ones.
        length = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in word)
        if used and used + 1 + length > width:
            lines, used = lines + 1, float(length)
        else:
            used += length + (1 if used else 0)
        lines, used = lines + int(used // (width + 1)), used % (width + 1)
    return lines
