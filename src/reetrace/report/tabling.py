"""The shape of a table: its grid, and which columns say too little to be one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reetrace.report.brand import Brand
from reetrace.report.fonts import SANS, Span
from reetrace.report.tagging import GROUNDS_AND_RULES, Node

MM = 72.0 / 25.4

_FEW_ROWS = 7

_TALLEST_PIECE = 240.0
"""Points up to which rows are kept together: a third of a page."""

_OWN_FONT = ("FONTNAME", (0, 0), (-1, -1), SANS)
"""Else a table names Helvetica where reportlab was imported before its fonts were set."""

_LEAST_OF_A_ROW = 30
"""Points of a row that stand on either page, where it has to part."""

Align = Literal["left", "right", "center"]

Text = str | Sequence[Span]


@dataclass(frozen=True)
class Shape:
    """A table without the columns whose rows all say the same."""

    header: list[str]
    rows: list[list[Text]]
    widths_mm: list[float]
    kept: list[int]
    note: str

    def pick(self, by_column: Sequence[Align]) -> list[Align]:
        """What belongs to the columns that are left."""
        return [by_column[index] if index < len(by_column) else "left" for index in self.kept]

    def moved(self, columns: Sequence[int]) -> list[int]:
        """New places of columns."""
        return [self.kept.index(each) for each in columns if each in self.kept]


def folded(
    header: Sequence[str],
    rows: Sequence[Sequence[Text]],
    widths_mm: Sequence[float],
    fold: Sequence[int],
) -> Shape:
    """Takes out the columns whose rows all say the same, and says it once in a note."""
    same = [each for each in fold if len({row[each] for row in rows}) == 1]
    kept = [index for index in range(len(header)) if index not in same]
    stretch = sum(widths_mm) / sum(widths_mm[index] for index in kept)
    note = " ".join(f"{header[each]}: {rows[0][each]}." for each in same if rows[0][each])
    return Shape(
        [header[index] for index in kept],
        [[row[index] for index in kept] for row in rows],
        [widths_mm[index] * stretch for index in kept],
        kept,
        note.replace("..", "."),
    )


def structure(table: Node, cells: Sequence[Sequence[Any]]) -> None:
    """Gives every cell its element: heads of columns, heads of rows, and figures.

    A head of a row without words stands for the one above it, which spans its row too.

    Args:
        table: The element of the table.
        cells: Paragraphs, head first.
    """
    head = table.child("THead").child("TR")
    for cell in cells[0]:
        cell.node = head.child("TH", scope="Column")
    body = table.child("TBody")
    heading: Node | None = None
    for row in cells[1:]:
        line = body.child("TR")
        first, *rest = row
        if first.empty and heading is not None:
            heading.row_span += 1
        else:
            heading = line.child("TH", scope="Row")
            first.node = heading
        for cell in rest:
            cell.node = line.child("TD")


def layout(
    cells: Sequence[Sequence[Any]],
    widths_mm: Sequence[float],
    commands: Sequence[Any],
) -> Any:  # noqa: ANN401 - a flowable
    """Blocks side by side: no table to whoever listens."""
    from reportlab.platypus import Table

    widths = [each * MM for each in widths_mm]
    made = Table([list(row) for row in cells], colWidths=widths, renderCB=GROUNDS_AND_RULES)
    made.setStyle([_OWN_FONT, *commands])
    return made


def grid(
    cells: list[list[Any]],
    widths_mm: Sequence[float],
    brand: Brand,
    *,
    together: Sequence[tuple[int, int]],
    note: Any = None,  # noqa: ANN401 - a flowable
) -> Any:  # noqa: ANN401 - a flowable
    """Cells as a table whose head is repeated on every page.

    Args:
        cells: Head first.
        widths_mm: Of the columns.
        brand: Colours of head and rules.
        together: First and last row (from 0, without the head) that may not be parted.
        note: Beneath the last row, never parted from it.
    """
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table

    main, last = HexColor(brand.primary), -2 if note else -1
    rows = [*cells, [note, *[""] * (len(widths_mm) - 1)]] if note else cells
    commands: list[Any] = [
        _OWN_FONT,
        ("BACKGROUND", (0, 0), (-1, 0), main),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LINEBELOW", (0, 1), (-1, last - 1), 0.3, HexColor("#d5dae1")),
        ("LINEBELOW", (0, last), (-1, last), 0.8, main),
        ("ROWBACKGROUNDS", (0, 1), (-1, last), [HexColor("#ffffff"), HexColor("#f6f8fa")]),
        ("TOPPADDING", (0, 0), (-1, -1), 2.2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ]
    if note:
        commands += [
            ("SPAN", (0, -1), (-1, -1)),
            ("LEFTPADDING", (0, -1), (-1, -1), 0),
        ]
    widths = [each * MM for each in widths_mm]
    made = Table(rows, colWidths=widths, repeatRows=1, style=commands, renderCB=GROUNDS_AND_RULES)
    _keep_together(made, widths, len(rows), together)
    return made


def _keep_together(
    made: Any,  # noqa: ANN401 - a flowable
    widths: Sequence[float],
    rows: int,
    together: Sequence[tuple[int, int]],
) -> None:
    """No last row alone on the next page; a short table in one piece. Tall rows may part."""
    made.wrap(sum(widths), 10_000)
    heights = list(made._rowHeights)  # noqa: SLF001 - no other way
    # Within a row only where no other way is left: a source in a registry may be pages long. Where
    # it is always allowed, a head is left without a row at the foot of a page.
    made.splitInRow = _LEAST_OF_A_ROW if max(heights) > _TALLEST_PIECE else 0
    ranges = [(first + 1, end + 1) for first, end in together]
    if rows <= _FEW_ROWS and sum(heights) <= _TALLEST_PIECE:
        ranges.append((0, rows - 1))
        made.least_rows = rows
    else:
        ranges.append((max(1, rows - 3), rows - 1))
    for first, end in ranges:
        if sum(heights[first : end + 1]) <= _TALLEST_PIECE:
            made.setStyle([("NOSPLIT", (0, first), (-1, end))])
