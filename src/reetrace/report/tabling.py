"""The shape of a table: what it aligns, and which columns say too little to be one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reetrace.report.fonts import Span

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
    same = [each for each in fold if len(rows) > 1 and len({row[each] for row in rows}) == 1]
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
