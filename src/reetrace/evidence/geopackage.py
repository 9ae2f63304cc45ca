"""What a GeoPackage holds besides outlines: titles, descriptions and styles, dated by the evidence.

The tables of OGC 12-128 (contents, extensions, schema) and the one in which QGIS keeps styles.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

_COLUMNS = """CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name))"""

_STYLES = """CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME)"""

_SCHEMA_EXTENSION = "http://www.geopackage.org/spec/#extension_schema"


@dataclass(frozen=True)
class Described:
    """What is said of one layer."""

    layer: str
    description: str
    fields: Mapping[str, tuple[str, str]]
    """Field to (title with unit, what it says)."""
    style: str
    """QML."""


def describe(path: Path, layers: Sequence[Described], date: str) -> None:
    """Write descriptions, titles and styles into a GeoPackage that has the layers already.

    Args:
        path: The file.
        layers: In the order in which they were written.
        date: ISO date of everything in it.
    """
    moment = f"{date}T00:00:00.000Z"
    with closing(sqlite3.connect(path)) as package:
        package.execute(_COLUMNS)
        package.execute(_STYLES)
        package.execute(
            "INSERT INTO gpkg_extensions VALUES "
            "('gpkg_data_columns', NULL, 'gpkg_schema', ?, 'read-write')",
            (_SCHEMA_EXTENSION,),
        )
        for number, each in enumerate(layers, start=1):
            _describe_layer(package, number, each, moment)
        # Listed, or some programs would take it for a table that nobody meant to be there.
        package.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, "
            "last_change) VALUES ('layer_styles', 'attributes', 'layer_styles', ?, ?)",
            ("Styles of the layers, for QGIS", moment),
        )
        package.commit()
        # One layout of pages, whatever was moved about while writing.
        package.execute("VACUUM")


def _describe_layer(package: sqlite3.Connection, number: int, each: Described, moment: str) -> None:
    package.execute(
        "UPDATE gpkg_contents SET description = ?, last_change = ? WHERE table_name = ?",
        (each.description, moment, each.layer),
    )
    package.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) "
        "VALUES (?, ?, ?, ?, ?)",
        [(each.layer, field, title, title, said) for field, (title, said) in each.fields.items()],
    )
    package.execute(
        "INSERT INTO layer_styles (id, f_table_catalog, f_table_schema, f_table_name, "
        "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, ui, "
        "update_time) VALUES (?, '', '', ?, 'geom', ?, ?, '', 1, ?, '', '', ?)",
        (number, each.layer, each.layer[:30], each.style, each.description, moment),
    )
