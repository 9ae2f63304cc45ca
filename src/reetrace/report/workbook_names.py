"""Names for cells and rows, so that a reader's own formulas need no addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from reetrace.core.evidence import Evidence
from reetrace.core.table import Cell, Table
from reetrace.reading import lookup

if TYPE_CHECKING:
    from openpyxl import Workbook

_Entry = Mapping[str, Cell]
_Stem = Callable[[str], str]


def name_cells(
    workbook: Workbook, evidence: Evidence, tables: Sequence[Table], readme: Mapping[str, str]
) -> None:
    """Name the key figures, the rows of every table, and what tells the run apart.

    Args:
        workbook: Holds a sheet for each table.
        evidence: Says which rows are the headline's.
        tables: As written.
        readme: Name to address on the first sheet, e.g. `run_id` to `B9`.
    """
    for name, address in sorted(readme.items()):
        column, row = re.findall(r"[A-Z]+|\d+", address)
        _name(workbook, name, f"'README'!${column}${row}")
    head = 2 if evidence.simulated else 1
    for table in tables:
        if table.rows:
            last = f"${_letter(len(table.columns))}${head + len(table.rows)}"
            _name(workbook, f"rows_{table.name}", f"'{table.name}'!$A${head}:{last}")
        columns = [column.name for column in table.columns]
        for offset, cells in enumerate(table.rows, start=1):
            named = _stem(evidence, table, dict(zip(columns, cells, strict=True)))
            if named is not None:
                _name_row(workbook, table, head + offset, named)


def _stem(evidence: Evidence, table: Table, entry: _Entry) -> _Stem | None:
    """How the figures of a headline row are called; None where the row is no headline."""
    if table.name == "accuracy" and entry["metric"] == "overall":
        end = f"{entry['epoch']}_{entry['basis']}"
        return lambda column: f"overall_accuracy{column.removeprefix('value')}_{end}"
    if (entry.get("zone_set"), entry.get("zone")) != lookup.subject(evidence):
        return None
    if table.name in {"growth", "change_summary"}:
        span = f"{entry['first_epoch']}_{entry['last_epoch']}"
        return lambda column: f"site_{column}_{span}"
    of_target = table.name == "areas" and entry["landcover"] == evidence.legend.target
    if of_target or table.name == "observations":
        return lambda column: f"site_{column}_{entry['epoch']}"
    return None


def _name_row(workbook: Workbook, table: Table, row: int, stem: _Stem) -> None:
    for position, column in enumerate(table.columns, start=1):
        if column.kind in {"number", "share"}:
            _name(workbook, stem(column.name), f"'{table.name}'!${_letter(position)}${row}")


def _name(workbook: Workbook, name: str, place: str) -> None:
    from openpyxl.workbook.defined_name import DefinedName

    plain = re.sub(r"\W", "_", name, flags=re.ASCII)
    workbook.defined_names[plain] = DefinedName(plain, attr_text=place)


def _letter(position: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(position)
