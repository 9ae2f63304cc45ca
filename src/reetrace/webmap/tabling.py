"""The main tables of the ledger as the page prints them."""

from __future__ import annotations

from dataclasses import dataclass

from reetrace.core.evidence import Evidence
from reetrace.core.table import Cell, Column, Table
from reetrace.ledger import tabulate
from reetrace.reading import numerals

SHOWN = (
    "growth",
    "areas",
    "change_summary",
    "borders",
    "accuracy",
    "observations",
    "patches",
    "spectral_summary",
    "published",
    "faults",
    "epochs",
    "scenes",
    "labels",
)
"""Tables of the ledger on the page, in this order; the others are files of the evidence folder."""

_NOTICE = "notice"
"""Column of the ledger that the band of the page stands for."""

_NUMBERS = {"integer", "number", "share"}


@dataclass(frozen=True)
class Head:
    """A column as its head has it."""

    title: str
    description: str
    right: bool


@dataclass(frozen=True)
class Printed:
    """A table of texts."""

    name: str
    title: str
    description: str
    head: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(evidence: Evidence) -> list[Printed]:
    """The tables that have a row."""
    by_name = {each.name: each for each in tabulate(evidence)}
    return [_printed(by_name[name]) for name in SHOWN if name in by_name and by_name[name].rows]


def _printed(table: Table) -> Printed:
    kept = [
        place
        for place, column in enumerate(table.columns)
        if column.name != _NOTICE and any(row[place] not in {None, ""} for row in table.rows)
    ]
    columns = [table.columns[place] for place in kept]
    return Printed(
        name=table.name,
        title=table.title,
        description=table.description,
        head=tuple(Head(each.title, each.description, each.kind in _NUMBERS) for each in columns),
        rows=tuple(
            tuple(_text(row[place], table.columns[place]) for place in kept) for row in table.rows
        ),
    )


def _text(cell: Cell, column: Column) -> str:
    if cell is None:
        return numerals.BLANK
    if isinstance(cell, str):
        return cell
    return numerals.number(float(cell), 0 if column.kind == "integer" else column.decimals)
