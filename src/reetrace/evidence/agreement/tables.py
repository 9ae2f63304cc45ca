"""The CSV tables beside the evidence they were made from."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from reetrace.core.errors import EvidenceError
from reetrace.core.table import Cell, Table
from reetrace.evidence.agreement.manner import DICTIONARY, Manner, named
from reetrace.evidence.document import read_bytes
from reetrace.evidence.record import csv_bytes


def check_tables(tables: Sequence[Table], bag: Path, manner: Manner) -> str:
    """Hold every table against its file; returns what was compared.

    Args:
        tables: As they follow from the evidence.
        bag: Holds the files.
        manner: By `values`, columns and tables that only one side knows are named and passed over.

    Raises:
        EvidenceError: Names the first cell that differs.
    """
    if manner == "values":
        return _check_values(tables, bag)
    for table in tables:
        path = _path(table)
        content = read_bytes(bag / path)
        wanted = csv_bytes(table)
        if content != wanted:
            raise EvidenceError(f"{path} differs from evidence.json: {_first(content, wanted)}.")
    rows = sum(len(table.rows) for table in tables)
    return f"{len(tables)} tables, {rows:,} rows"


def _path(table: Table) -> str:
    return f"data/tables/{table.name}.csv"


def _first(content: bytes, wanted: bytes) -> str:
    """Where two files of comma-separated values first differ."""
    found, meant = _rows(content), _rows(wanted)
    if found is None or meant is None:
        return "it is no table in UTF-8"
    for number, (row, right) in enumerate(zip(found, meant, strict=False), start=1):
        for name, cell, value in zip(meant[0], row, right, strict=False):
            if cell != value:
                return f"line {number}, {name} is {cell[:60]!r}, {value[:60]!r} follows from it"
        if len(row) != len(right):
            return f"line {number} has {len(row)} cells, {len(right)} were needed"
    if len(found) != len(meant):
        return f"it has {len(found)} lines, {len(meant)} were needed"
    return "the same cells are written in another way"


def _rows(content: bytes) -> list[list[str]] | None:
    try:
        return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return None


def _check_values(tables: Sequence[Table], bag: Path) -> str:
    """Cells under their column names, whatever the order of the columns."""
    rows, cells = 0, 0
    known = {table.name for table in tables}
    lying = sorted(path.stem for path in (bag / "data" / "tables").glob("*.csv"))
    left_out = [name for name in lying if name not in known]
    for table in tables:
        if table.name == DICTIONARY or not (bag / _path(table)).is_file():
            left_out.append(table.name)
            continue
        apart = _check_cells(table, read_bytes(bag / _path(table)))
        left_out += [f"{table.name}.{name}" for name in apart]
        rows += len(table.rows)
        cells += len(table.rows) * len(table.columns)
    if not cells:
        raise EvidenceError("data/tables holds none of the tables that follow from evidence.json.")
    rest = f"; known to one version alone: {named(left_out)}" if left_out else ""
    return f"{rows:,} rows by value{rest}"


def _check_cells(table: Table, content: bytes) -> list[str]:
    """Names of the columns that only one side has."""
    path, found = _path(table), _rows(content)
    if not found:
        raise EvidenceError(f"{path} is no table in UTF-8.")
    header, *lines = found
    places = {name: place for place, name in enumerate(header)}
    if len(places) < len(header):
        raise EvidenceError(f"{path} has two columns of one name.")
    if len(lines) != len(table.rows):
        raise EvidenceError(
            f"{path} differs from evidence.json: it has {len(lines)} rows, {len(table.rows)} "
            "follow from it."
        )
    names = [column.name for column in table.columns]
    shared = [(places[name], index) for index, name in enumerate(names) if name in places]
    for number, (line, row) in enumerate(zip(lines, table.rows, strict=True), start=2):
        for place, index in shared:
            cell = line[place] if place < len(line) else ""
            if not _same(cell, row[index]):
                raise EvidenceError(
                    f"{path} differs from evidence.json: line {number}, {names[index]} is "
                    f"{cell[:60]!r}, {str(row[index])[:60]!r} follows from it."
                )
    return sorted(set(names) ^ set(header))


def _same(cell: str, value: Cell) -> bool:
    if value is None or isinstance(value, str):
        return cell == (value or "")
    try:
        return float(cell) == float(value)
    except ValueError:
        return False
