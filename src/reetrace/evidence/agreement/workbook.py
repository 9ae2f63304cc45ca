"""The workbook beside the tables it was made from, read without trust in whoever packed it."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import EvidenceError
from reetrace.core.table import Cell, Column, Table
from reetrace.evidence.agreement.manner import DICTIONARY, Manner, named
from reetrace.evidence.document import read_bytes
from reetrace.evidence.files import sha256_of

if TYPE_CHECKING:
    from openpyxl import Workbook

NAME = "data/tables.xlsx"

LARGEST_BYTES = 256 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 1024 * 1024 * 1024
_MOST_PARTS = 2_000
_MOST_PACKED = 500
"""Times that a part may be larger unpacked than packed; tables of ours reach some 30."""
_FREE_BYTES = 1024 * 1024
"""Parts below this size are no bombs, however well they pack."""

_HEADER_ROWS = 12
_CUT_MARK = "… (cut: whole in the CSV)"


def check_workbook(tables: Sequence[Table], bag: Path, manner: Manner) -> str:
    """Hold every number of the workbook's tables against the evidence; returns what was compared.

    Columns and sheets that the tables lack are the workbook's own and are passed over; where
    another version made it, those that the workbook lacks are named.

    Raises:
        EvidenceError: Names the first cell that differs, or why the file is not opened at all.
    """
    path = bag / NAME
    if not path.is_file():
        return ""
    content = read_bytes(path)
    _refuse_bomb(content)
    cells = 0
    lacking: list[str] = []
    book = _opened(content)
    try:
        _check_digest(book, bag)
        for table in tables:
            if table.name in book.sheetnames and (manner == "bytes" or table.name != DICTIONARY):
                rows = book[table.name].iter_rows(values_only=True)
                compared, titles = _check_sheet(table, rows, manner)
                cells += compared
                lacking += [f"{table.name}.{title}" for title in titles]
    finally:
        book.close()
    if not cells:
        raise EvidenceError(f"{NAME}: holds none of the tables of evidence.json.")
    rest = f"; not in its sheets, so not compared: {named(lacking)}" if lacking else ""
    return f"{cells:,} cells{rest}"


def _refuse_bomb(content: bytes) -> None:
    """Refuses what unpacks to far more than it holds, or declares entities, before it is parsed."""
    if len(content) > LARGEST_BYTES:
        raise EvidenceError(f"{NAME}: is larger than {LARGEST_BYTES:,} bytes.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            whole = sum(each.file_size for each in parts)
            packed_tight = any(
                each.file_size > max(_FREE_BYTES, each.compress_size * _MOST_PACKED)
                for each in parts
            )
            if len(parts) > _MOST_PARTS or whole > LARGEST_UNPACKED_BYTES or packed_tight:
                raise EvidenceError(
                    f"{NAME}: {len(parts):,} parts of {whole:,} bytes unpack from "
                    f"{len(content):,}: more than any workbook of ours."
                )
            if len({each.filename.casefold() for each in parts}) < len(parts):
                raise EvidenceError(f"{NAME}: holds two parts of one name.")
            for each in parts:
                _refuse_part(archive, each)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as fault:
        if isinstance(fault, EvidenceError):
            raise
        raise EvidenceError(f"{NAME}: is no workbook that can be read ({fault}).") from fault


def _refuse_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.flag_bits & 1 or part.filename.startswith("/") or ".." in part.filename.split("/"):
        raise EvidenceError(f"{NAME}: has a part that is locked or leads elsewhere.")
    if not part.filename.endswith((".xml", ".rels", ".vml")):
        return
    # Unpacks at most what the part declares, whatever the stream would give.
    with archive.open(part) as stream:
        text = stream.read(part.file_size + 1)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\x00" in text:
        raise EvidenceError(f"{NAME}: {part.filename[:60]!r} declares entities.")


def _opened(content: bytes) -> Workbook:
    import warnings

    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    except Exception as fault:
        # The library has no error of its own: a stranger's file fails in it anywhere.
        raise EvidenceError(f"{NAME}: is no workbook that can be read ({fault}).") from fault


def _check_digest(book: Workbook, bag: Path) -> None:
    said = {each.name: each.value for each in book.custom_doc_props.props}  # type: ignore[attr-defined]
    digest = sha256_of(bag / "data" / "evidence.json")
    if said.get("evidence_sha256", digest) != digest:
        raise EvidenceError(f"{NAME}: says that it was made from another evidence.json.")


def _check_sheet(
    table: Table, rows: Iterator[tuple[Any, ...]], manner: Manner
) -> tuple[int, list[str]]:
    """Cells of a sheet that were compared, and titles of columns that it lacks."""
    head = list(itertools.islice(rows, _HEADER_ROWS))
    place, columns = _header(table, head, manner)
    rows = itertools.chain(head[place + 1 :], rows)
    compared = 0
    for number, row in enumerate(table.rows, start=1):
        shown = next(rows, ())
        for position, column in columns.items():
            index = table.columns.index(column)
            cell = shown[position] if position < len(shown) else None
            if not _same(cell, row[index], column):
                raise EvidenceError(
                    f"{NAME}: sheet {table.name}, row {number} of the table, {column.name} is "
                    f"{str(cell)[:60]!r}, {str(row[index])[:60]!r} follows from evidence.json."
                )
            compared += 1
    if table.rows and any(_numbers(next(rows, ()), columns)):
        raise EvidenceError(f"{NAME}: sheet {table.name} has more rows than evidence.json gives.")
    there = {column.title for column in columns.values()}
    return compared, [each.title for each in table.columns if each.title not in there]


def _header(
    table: Table, head: Sequence[tuple[Any, ...]], manner: Manner
) -> tuple[int, Mapping[int, Column]]:
    """Row of the header among the first, and column of the table by position in the sheet."""
    by_title = {column.title: column for column in table.columns}
    rows = [
        {
            position: by_title[cell]
            for position, cell in enumerate(row)
            if isinstance(cell, str) and cell in by_title
        }
        for row in head
    ]
    most = max(map(len, rows), default=0)
    if most == len(by_title) or (manner == "values" and most):
        place = next(place for place, found in enumerate(rows) if len(found) == most)
        return place, rows[place]
    raise EvidenceError(f"{NAME}: sheet {table.name} lacks the header of its table.")


def _numbers(row: Sequence[Any], columns: Mapping[int, Column]) -> Iterator[bool]:
    for position, column in columns.items():
        if column.kind in {"number", "integer", "share"} and position < len(row):
            yield isinstance(row[position], int | float)


def _same(cell: Any, value: Cell, column: Column) -> bool:  # noqa: ANN401 - whatever a sheet holds
    if value is None or value == "":
        # A blank may be printed as its reason, never as a number.
        return cell is None or (isinstance(cell, str) and not cell.startswith("="))
    if isinstance(value, str):
        if isinstance(cell, dt.datetime):
            return column.kind == "date" and cell.date().isoformat() == value
        return isinstance(cell, str) and _plain(cell) == _plain(value)
    return isinstance(cell, int | float) and float(cell) == float(value)


def _plain(text: str) -> str:
    """Text without what a sheet cannot hold; long ones as far as a sheet holds them."""
    kept = "".join(each if each.isprintable() else "\ufffd" for each in text)
    return kept.replace("_x000D_", "\ufffd")[:32_000].removesuffix(_CUT_MARK)
