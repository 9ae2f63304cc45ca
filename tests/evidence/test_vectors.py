"""Outlines of the folder open in any GIS and measure what the tables say."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import get_args
from xml.etree.ElementTree import Element, fromstring

import pyogrio
import pytest
from pyproj import Geod
from shapely import get_parts
from shapely.geometry import shape

from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.core.results import PatchState
from reetrace.core.site import Role
from tests import made_up

_LAYERS = [
    "footprints_2005",
    "footprints_2010",
    "footprints_2015",
    "footprints_2020",
    "patches",
    "zones",
]


def _features(bag, layer: str) -> list[dict[str, dict[str, object]]]:
    content = json.loads((bag / "data" / "vectors" / f"{layer}.geojson").read_text("utf-8"))
    features: list[dict[str, dict[str, object]]] = content["features"]
    return features


def _style(qml: str) -> Element:
    return fromstring(qml)  # noqa: S314 - written by the program under test


def test_outlines_measure_what_the_tables_say(sealed):
    """A footprint's area on the ellipsoid is its mapped area, within the grid's own scale."""
    geod = Geod(ellps="WGS84")

    for feature in _features(sealed, "footprints_2020"):
        area_m2, _ = geod.geometry_area_perimeter(shape(feature["geometry"]))
        stated = feature["properties"]["area_km2"]
        assert area_m2 / 1e6 == pytest.approx(stated, rel=2e-3)


def test_outer_rings_run_against_the_clock(sealed):
    """As RFC 7946 has it, so that nobody fills the outside; a negative area would be a hole."""
    for feature in [*_features(sealed, "zones"), *_features(sealed, "footprints_2005")]:
        for polygon in get_parts(shape(feature["geometry"])):
            assert polygon.exterior.is_ccw
            assert not any(ring.is_ccw for ring in polygon.interiors)


def test_the_geopackage_has_the_same_layers_and_values(sealed):
    """Two formats, one content."""
    package = sealed / "data" / "vectors" / "evidence.gpkg"

    outlined = {name for name, geometry in pyogrio.list_layers(package) if geometry}
    assert sorted(outlined) == _LAYERS
    for layer in _LAYERS:
        table = pyogrio.read_dataframe(package, layer=layer)
        features = _features(sealed, layer)
        assert len(table) == len(features)
        for name in features[0]["properties"]:
            values = [feature["properties"][name] for feature in features]
            assert [value or "" for value in table[name].tolist()] == [
                each or "" for each in values
            ]


def test_the_geopackage_is_dated_by_the_evidence(sealed):
    """The date a GIS shows is the evidence's, not that of the disk."""
    with closing(sqlite3.connect(sealed / "data" / "vectors" / "evidence.gpkg")) as package:
        dates = {row[0] for row in package.execute("SELECT last_change FROM gpkg_contents")}
        dates |= {row[0] for row in package.execute("SELECT update_time FROM layer_styles")}

    assert dates == {f"{made_up.made_up_evidence().issue_date}T00:00:00.000Z"}


def test_every_field_has_a_title_with_its_unit(sealed):
    """A GIS shows “Mapped area (km²)”, not `area_km2`, and a sentence on what it is."""
    with closing(sqlite3.connect(sealed / "data" / "vectors" / "evidence.gpkg")) as package:
        titled = {
            (layer, field): (title, said)
            for layer, field, title, said in package.execute(
                "SELECT table_name, column_name, title, description FROM gpkg_data_columns"
            )
        }
        extensions = {row[0] for row in package.execute("SELECT table_name FROM gpkg_extensions")}

    assert "gpkg_data_columns" in extensions
    for layer in _LAYERS:
        for field in _features(sealed, layer)[0]["properties"]:
            assert all(titled[layer, field])
    assert titled["footprints_2020", "area_km2"][0] == "Mapped area (km²)"
    assert titled["patches", "largest_ha"][0] == "Largest area (ha)"


def test_every_layer_is_described_in_a_sentence(sealed, sealed_simulated):
    """And the sentence begins with the notice where imagery was drawn."""
    for bag, start in ((sealed, ""), (sealed_simulated, SIMULATED_NOTICE)):
        with closing(sqlite3.connect(bag / "data" / "vectors" / "evidence.gpkg")) as package:
            told = dict(package.execute("SELECT table_name, description FROM gpkg_contents"))
        for layer in _LAYERS:
            assert told[layer].startswith(start)
            assert len(told[layer]) > 40
        assert told["footprints_2020"].endswith("at one epoch, along the edges of pixels, 2020")


def test_every_layer_has_its_style_as_default(sealed):
    """QGIS takes the style up by itself: one row a layer, on the column of its geometry."""
    with closing(sqlite3.connect(sealed / "data" / "vectors" / "evidence.gpkg")) as package:
        geometries = dict(
            package.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
        )
        styles = {
            name: (column, default, _style(qml))
            for name, column, default, qml in package.execute(
                "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
            )
        }

    assert sorted(styles) == _LAYERS
    for name, (column, default, qml) in styles.items():
        assert column == geometries[name]
        assert default == 1
        assert qml.tag == "qgis"
        assert qml.findtext("layerGeometryType") == ("0" if name == "patches" else "2")
        assert qml.find("renderer-v2/symbols/symbol/layer/Option") is not None


def test_outlines_have_the_colour_of_their_class(sealed):
    """The legend's, as in the report."""
    with closing(sqlite3.connect(sealed / "data" / "vectors" / "evidence.gpkg")) as package:
        (qml,) = package.execute(
            "SELECT styleQML FROM layer_styles WHERE f_table_name = 'footprints_2020'"
        ).fetchone()

    options = {each.get("name"): each.get("value") for each in _style(qml).iter("Option")}
    assert options["outline_color"] == "213,94,0,255"


def test_every_state_of_a_patch_has_a_symbol(sealed):
    """No patch is left out for want of one."""
    with closing(sqlite3.connect(sealed / "data" / "vectors" / "evidence.gpkg")) as package:
        styles = dict(package.execute("SELECT f_table_name, styleQML FROM layer_styles"))

    for layer, field, values in (
        ("patches", "state", get_args(PatchState)),
        ("zones", "role", get_args(Role)),
    ):
        renderer = _style(styles[layer]).find("renderer-v2")
        assert renderer is not None
        assert renderer.get("attr") == field
        assert {each.get("value") for each in renderer.iter("category")} == set(values)
        assert len(renderer.findall("symbols/symbol")) == len(values)


def test_the_geopackage_is_sound(sealed):
    """SQLite finds no fault in it, and GDAL reads it as a GeoPackage."""
    package = sealed / "data" / "vectors" / "evidence.gpkg"

    with closing(sqlite3.connect(package)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        assert opened.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
    assert pyogrio.read_info(package, layer="zones")["driver"] == "GPKG"


def test_every_drawn_outline_says_so(sealed_simulated):
    """A single feature pasted into another map still carries the notice."""
    for layer in _LAYERS:
        features = _features(sealed_simulated, layer)
        assert features
        assert {feature["properties"]["notice"] for feature in features} == {SIMULATED_NOTICE}
        table = pyogrio.read_dataframe(
            sealed_simulated / "data" / "vectors" / "evidence.gpkg", layer=layer
        )
        assert set(table["notice"]) == {SIMULATED_NOTICE}


def test_a_zone_without_the_class_has_no_outline_and_no_area():
    """An empty outline is a null geometry, which any GIS reads."""
    from reetrace.evidence.vectors import layers

    full = made_up.made_up_evidence()
    first = full.footprints[0]
    empty = replace(first, geometry=(), area=replace(first.area, value=0.0))

    (_, _, features), *_ = layers(replace(full, footprints=(empty,)))

    assert features[0]["geometry"] is None
    assert features[0]["properties"]["area_km2"] == 0
