"""A tidy table: the one form from which CSV, Excel, PDF and HTML print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Cell = str | int | float | None
"""None is a blank: the row's `reason` column says why."""

Kind = Literal["text", "integer", "number", "share", "date"]


@dataclass(frozen=True)
class Column:
    """One column, as the data dictionary describes it."""

    name: str
    """Machine name with its unit, e.g. `mapped_area_km2`."""
    title: str
    """As a header prints it, unit included, e.g. `Mapped area (km²)`."""
    kind: Kind
    description: str
    decimals: int = 2
    """Digits after the point where a number is printed; the stored value is not rounded."""


@dataclass(frozen=True)
class Table:
    """One table, one kind of row."""

    name: str
    """File and sheet name: lower-case, `_` between words, at most 28 characters."""
    title: str
    description: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
