"""Outlines in GeoJSON and in the GeoPackage beside the evidence they were made from."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence
from reetrace.evidence.agreement.manner import Manner, named, same_json
from reetrace.evidence.document import read_bytes
from reetrace.evidence.vectors import Layer, collection, layers

LARGEST_GEOPACKAGE_BYTES = 1024 * 1024 * 1024

_MOST_STEPS = 200
"""Times ten thousand steps of SQLite for one question; ours need a few."""

_PACKAGE = "data/vectors/evidence.gpkg"


def check_outlines(evidence: Evidence, bag: Path, manner: Manner) -> str:
    """Hold every GeoJSON layer against the evidence; returns what was compared.

    Raises:
        EvidenceError: Names the first layer that differs.
    """
    drawn, compared = layers(evidence), 0
    for name, _, features in drawn:
        path = f"data/vectors/{name}.geojson"
        wanted = collection(features, simulated=evidence.simulated)
        if not same_json(read_bytes(bag / path), wanted, manner, path):
            raise EvidenceError(f"{path} holds other outlines than evidence.json.")
        compared += len(features)
    return f"{len(drawn)} layers, {compared} outlines"


def check_geopackage(evidence: Evidence, bag: Path, manner: Manner) -> str:
    """Hold the GeoPackage against the evidence; returns what was compared.

    Raises:
        EvidenceError: Names the first cell or outline that differs.
    """
    path = bag / _PACKAGE
    if path.stat().st_size > LARGEST_GEOPACKAGE_BYTES:
        raise EvidenceError(f"{_PACKAGE}: is larger than {LARGEST_GEOPACKAGE_BYTES:,} bytes.")
    drawn = layers(evidence)
    lacking: list[str] = []
    try:
        # Immutable: nothing is written beside it, no journal of a stranger is played back.
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as package:
            _tame(package)
            for layer in drawn:
                lacking += _check_layer(package, layer, manner)
    except (sqlite3.Error, ValueError, OverflowError) as fault:
        raise EvidenceError(f"{_PACKAGE}: cannot be read ({fault}).") from fault
    rest = f"; not in it, so not compared: {named(lacking)}" if lacking else ""
    return f"{len(drawn)} layers{rest}"


def _tame(package: sqlite3.Connection) -> None:
    """A database may hold views and triggers of a stranger: they must neither run nor run long."""
    package.execute("PRAGMA trusted_schema = OFF")
    package.execute("PRAGMA cell_size_check = ON")
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return int(steps > _MOST_STEPS)

    package.set_progress_handler(count, 10_000)


def _check_layer(package: sqlite3.Connection, layer: Layer, manner: Manner) -> list[str]:
    """Names of the fields that it lacks."""
    name, _, features = layer
    kind = package.execute("SELECT type FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    if kind is None or kind[0] != "table":
        raise EvidenceError(f"{_PACKAGE}: has no table {name}.")
    if not features:
        if package.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]:  # noqa: S608 - see below
            raise EvidenceError(f"{_PACKAGE}: {name} holds outlines that evidence.json lacks.")
        return []
    wanted_fields = list(features[0]["properties"])
    fields = wanted_fields
    if manner == "values":
        known = {
            row[0] for row in package.execute("SELECT name FROM pragma_table_info(?)", (name,))
        }
        fields = [each for each in wanted_fields if each in known]
    wanted = ", ".join(["geom", *(f'"{each}"' for each in fields)])
    # Names are ours: layers are named by the evidence's epochs, which are checked to be plain.
    rows = package.execute(f'SELECT {wanted} FROM "{name}" ORDER BY fid').fetchmany(  # noqa: S608
        len(features) + 1
    )
    if len(rows) != len(features):
        raise EvidenceError(
            f"{_PACKAGE}: {name} has {'more' if len(rows) > len(features) else len(rows)} rows, "
            f"{len(features)} follow from evidence.json."
        )
    for number, (row, feature) in enumerate(zip(rows, features, strict=True), start=1):
        _check_row(f"{_PACKAGE}: {name} row {number}", fields, row, feature)
    return [f"{name}.{each}" for each in wanted_fields if each not in fields]


def _check_row(where: str, fields: Sequence[str], row: Sequence[Any], feature: Any) -> None:  # noqa: ANN401 - a GeoJSON feature
    import shapely
    from shapely.geometry import shape

    for name, cell in zip(fields, row[1:], strict=True):
        wanted = feature["properties"][name]
        if not _same(cell, wanted):
            raise EvidenceError(
                f"{where}: {name} is {str(cell)[:60]!r}, {str(wanted)[:60]!r} is in evidence.json."
            )
    outline = shape(feature["geometry"]) if feature["geometry"] else None
    stored = None if row[0] is None else shapely.from_wkb(_well_known(row[0]), on_invalid="raise")
    if (outline is None) != (stored is None or stored.is_empty):
        raise EvidenceError(f"{where}: has an outline where evidence.json has none, or lacks one.")
    if outline is not None and list(_places(outline)) != list(_places(stored)):
        raise EvidenceError(f"{where}: the outline is not that of evidence.json.")


def _same(cell: Any, wanted: Any) -> bool:  # noqa: ANN401 - whatever SQLite holds
    if wanted is None or (isinstance(wanted, float) and math.isnan(wanted)):
        return cell is None
    if isinstance(wanted, str):
        return isinstance(cell, str) and cell == wanted
    return isinstance(cell, int | float) and float(cell) == float(wanted)


# Bytes of the envelope by the code in the flags of a GeoPackage geometry (OGC 12-128, 2.1.3).
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


def _well_known(blob: bytes) -> bytes:
    """The geometry in a GeoPackage's cell, behind its header."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 9:  # noqa: PLR2004 - header and a byte
        raise ValueError("an outline without its header")
    return blob[8 + _ENVELOPES[(blob[3] >> 1) & 7] :]


def _places(geometry: Any) -> Iterator[tuple[float, ...]]:  # noqa: ANN401 - shapely's
    import shapely

    for row in shapely.get_coordinates(geometry):
        yield tuple(float(each) for each in row)
