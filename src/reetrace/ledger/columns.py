"""How a tidy table is put together: each column beside the way its cell is read from a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from reetrace.core.errors import EvidenceError
from reetrace.core.results import Measure
from reetrace.core.table import Cell, Column, Kind, Table

R = TypeVar("R")

_UNIT_SUFFIX = {"km²": "km2", "ha": "ha", "%": "percent", "share": "share", "1": "", "": ""}

REASON = Column(
    "reason",
    "Reason for blanks",
    "text",
    "Why a cell of this row is blank; empty where none is.",
)


@dataclass(frozen=True)
class Field(Generic[R]):
    """One column, the way to its cell, and why that cell is blank where it is."""

    column: Column
    cell: Callable[[R], Cell]
    reason: Callable[[R], str] = lambda _: ""
    nullable: bool = False
    """Whether the cell may be blank; its table then always has a `reason` column."""


def text(
    name: str,
    title: str,
    description: str,
    cell: Callable[[R], str | None],
    *,
    blank: str = "",
    kind: Kind = "text",
) -> Field[R]:
    """A column of words; `blank` is the reason given where there are none to give."""
    return Field(
        Column(name, title, kind, description),
        cell,
        lambda row: blank if cell(row) is None else "",
        nullable=bool(blank),
    )


def count(name: str, title: str, description: str, cell: Callable[[R], int]) -> Field[R]:
    """A column of whole numbers."""
    return Field(Column(name, title, "integer", description, 0), cell)


def number(
    name: str,
    title: str,
    description: str,
    cell: Callable[[R], float | None],
    *,
    decimals: int = 2,
    blank: str = "",
) -> Field[R]:
    """A column of numbers; `blank` is the reason given where there is none."""
    return Field(
        Column(name, title, "number", description, decimals),
        cell,
        lambda row: blank if cell(row) is None else "",
        nullable=bool(blank),
    )


def share(name: str, title: str, description: str, cell: Callable[[R], float]) -> Field[R]:
    """A column of shares between 0 and 1."""
    return Field(Column(name, title, "share", description, 3), cell)


def measured(
    name: str,
    title: str,
    unit: str,
    description: str,
    measure: Callable[[R], Measure],
    *,
    interval: bool = True,
    decimals: int = 2,
) -> list[Field[R]]:
    """The value of a `Measure` and the ends of its 95 % interval, units in the headers.

    `interval` is False where the number is a count of pixels, which has no sampling interval.
    """
    suffix = f"_{_UNIT_SUFFIX[unit]}".rstrip("_")
    shown = f" ({unit})" if unit not in {"", "1", "share"} else ""
    kind: Kind = "share" if unit == "share" else "number"
    digits = 3 if unit == "share" else decimals

    def column(end: str, end_title: str, what: str) -> Column:
        return Column(f"{name}{end}{suffix}", f"{title}{end_title}{shown}", kind, what, digits)

    def value(row: R) -> float | None:
        given = measure(row).unit
        if unit not in {"", given} and not {unit, given} <= {"1", "share"}:
            raise EvidenceError(f"{title}: in {given!r}, where {unit!r} was needed.")
        return measure(row).value

    def value_reason(row: R) -> str:
        return f"{title}{shown}: {measure(row).reason}" if measure(row).value is None else ""

    fields = [Field(column("", "", description), value, value_reason, nullable=True)]
    if not interval:
        return fields

    def interval_reason(row: R) -> str:
        one = measure(row)
        return f"{title}{shown}: {one.reason}" if one.low is None or one.high is None else ""

    low = f"{title}: lower end of the 95 % interval."
    high = f"{title}: upper end of the 95 % interval."
    return [
        *fields,
        Field(
            column("_low", ", low", low),
            lambda row: measure(row).low,
            interval_reason,
            nullable=True,
        ),
        Field(
            column("_high", ", high", high),
            lambda row: measure(row).high,
            interval_reason,
            nullable=True,
        ),
    ]


def build(
    name: str,
    title: str,
    description: str,
    fields: Sequence[Field[R]],
    rows: Iterable[R],
) -> Table:
    """A table of one row an item; with a `reason` column wherever a cell may be blank."""
    cells, reasons = [], []
    for row in rows:
        cells.append(tuple(field.cell(row) for field in fields))
        said = dict.fromkeys(field.reason(row) for field in fields)
        reasons.append("; ".join(reason for reason in said if reason))
    columns = tuple(field.column for field in fields)
    if not any(field.nullable for field in fields):
        return Table(name, title, description, columns, tuple(cells))
    with_reasons = tuple((*row, why) for row, why in zip(cells, reasons, strict=True))
    return Table(name, title, description, (*columns, REASON), with_reasons)
