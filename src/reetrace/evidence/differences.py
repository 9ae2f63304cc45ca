"""How two files of one name in two bags differ: where first, how often, and by how much."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import Any

_SHOWN = 60


def describe(first: Path, second: Path) -> str:
    """One line on how two files differ that have not the same bytes."""
    tell = _BY_SUFFIX.get(first.suffix, _bytes)
    try:
        return tell(first, second)
    except Exception as fault:  # noqa: BLE001 - whatever a library makes of a file, it differs
        return f"{_bytes(first, second)} ({type(fault).__name__})"


def _bytes(first: Path, second: Path) -> str:
    sizes = first.stat().st_size, second.stat().st_size
    if sizes[0] != sizes[1]:
        return f"other bytes: {sizes[0]:,} became {sizes[1]:,}"
    pairs = zip(first.read_bytes(), second.read_bytes(), strict=True)
    differing = [at for at, (one, other) in enumerate(pairs) if one != other]
    return f"{len(differing):,} of {sizes[0]:,} bytes differ, first at {differing[0]:,}"


def _raster(first: Path, second: Path) -> str:
    import numpy as np
    import rasterio

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with (
            rasterio.open(first, driver="GTiff") as one,
            rasterio.open(second, driver="GTiff") as other,
        ):
            if (one.shape, one.count) != (other.shape, other.count):
                return f"{one.count} × {one.shape} pixels became {other.count} × {other.shape}"
            if one.transform != other.transform or one.crs != other.crs:
                return "lies on another grid"
            before, after = one.read().astype(np.int64), other.read().astype(np.int64)
    unlike = before != after
    if not unlike.any():
        return "the same pixels, packed or described in another way"
    band, row, col = (int(each) for each in np.argwhere(unlike)[0])
    most = int(np.abs(after - before).max())
    return (
        f"{int(unlike.any(axis=0).sum()):,} of {unlike[0].size:,} pixels differ by at most {most}, "
        f"first at band {band + 1}, row {row}, column {col}: {before[band, row, col]} became "
        f"{after[band, row, col]}"
    )


def _table(first: Path, second: Path) -> str:
    one, other = _rows(first), _rows(second)
    names = one[0] if one else []
    blank: list[str] = []
    return _cells(
        (f"line {number}, {names[at] if at < len(names) else f'cell {at + 1}'}", cell, value)
        for number, (row, new) in enumerate(zip_longest(one, other, fillvalue=blank), start=1)
        for at, (cell, value) in enumerate(zip_longest(row, new))
    )


def _rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def _json(first: Path, second: Path) -> str:
    one, other = (dict(_leaves(json.loads(each.read_bytes()))) for each in (first, second))
    return _cells(
        (place, one.get(place), other.get(place)) for place in dict.fromkeys((*one, *other))
    )


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any JSON
    waiting = [(place, value)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{place}.{name}", value[name]) for name in reversed(value)]
        elif isinstance(value, list):
            waiting += [(f"{place}[{at}]", value[at]) for at in range(len(value) - 1, -1, -1)]
        else:
            yield place.lstrip("."), value


def _package(first: Path, second: Path) -> str:
    one, other = (_package_rows(each) for each in (first, second))
    return _cells((place, one.get(place), other.get(place)) for place in sorted({*one, *other}))


def _package_rows(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as package:
        listed = package.execute("SELECT table_name FROM gpkg_contents ORDER BY 1").fetchall()
        for (name,) in listed:
            quoted = str(name).replace('"', '""')
            rows = package.execute(f'SELECT * FROM "{quoted}" ORDER BY 1')  # noqa: S608 - quoted
            fields = [each[0] for each in rows.description]
            for number, row in enumerate(rows, start=1):
                for field, cell in zip(fields, row, strict=True):
                    found[f"{name} row {number}, {field}"] = cell
    return found


def _pages(first: Path, second: Path) -> str:
    import pikepdf

    from reetrace.evidence.agreement.pages import blocks

    with pikepdf.open(first) as one, pikepdf.open(second) as other:
        before, after = ([(each.page, each.text) for each in blocks(pdf)] for pdf in (one, other))
    return _cells(
        (f"page {(old or new or (0, ''))[0]}", old and old[1], new and new[1])
        for old, new in zip_longest(before, after)
    )


def _workbook(first: Path, second: Path) -> str:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        books = [load_workbook(each, read_only=True) for each in (first, second)]
        one, other = (
            {
                f"sheet {sheet.title}, row {number}, cell {at}": cell
                for sheet in book.worksheets
                for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)
                for at, cell in enumerate(row, start=1)
            }
            for book in books
        )
    return _cells((place, one.get(place), other.get(place)) for place in {**one, **other})


def _cells(cells: Iterator[tuple[str, Any, Any]]) -> str:
    """Of (place, before, after): how many differ, the first, and the largest difference."""
    count, first, most = 0, "", 0.0
    for place, before, after in cells:
        if before == after:
            continue
        count += 1
        first = first or f"{place}: {_short(before)} became {_short(after)}"
        numbers = _number(before), _number(after)
        if numbers[0] is not None and numbers[1] is not None:
            most = max(most, abs(numbers[1] - numbers[0]))
    if not count:
        return "the same values, written in another way"
    largest = f"; numbers by at most {most:g}" if most else ""
    return f"{count:,} value(s) differ{largest}, first at {first}"


def _number(value: Any) -> float | None:  # noqa: ANN401 - any cell
    try:
        return float(value) if isinstance(value, str | int | float) else None
    except ValueError:
        return None


def _short(value: Any) -> str:  # noqa: ANN401 - any cell
    text = "nothing" if value is None else repr(" ".join(str(value).split()))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


_BY_SUFFIX: dict[str, Callable[[Path, Path], str]] = {
    ".csv": _table,
    ".geojson": _json,
    ".gpkg": _package,
    ".json": _json,
    ".pdf": _pages,
    ".tif": _raster,
    ".xlsx": _workbook,
}
