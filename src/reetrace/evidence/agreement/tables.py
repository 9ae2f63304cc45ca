"""The CSV tables beside the evidence they were made from."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from reetrace.core.errors import EvidenceError
from reetrace.core.table import Table
from reetrace.evidence.document import read_bytes
from reetrace.evidence.record import csv_bytes


def check_tables(tables: Sequence[Table], bag: Path) -> str:
    """Hold every table against its file; returns what was compared.

    Raises:
        EvidenceError: Names the first cell that differs.
    """
    for table in tables:
        path = f"data/tables/{table.name}.csv"
        content = read_bytes(bag / path)
        wanted = csv_bytes(table)
        if content != wanted:
            raise EvidenceError(f"{path} differs from evidence.json: {_first(content, wanted)}.")
    rows = sum(len(table.rows) for table in tables)
    return f"{len(tables)} tables, {rows:,} rows"


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
