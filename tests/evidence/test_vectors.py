"""Outlines of the folder open in any GIS and measure what the tables say."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pyogrio
import pytest
from pyproj import Geod
from shapely import get_parts
from shapely.geometry import shape

from reetrace.core.evidence import SIMULATED_NOTICE
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

    assert sorted(name for name, _ in pyogrio.list_layers(package)) == _LAYERS
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
        dates = {row[0][:10] for row in package.execute("SELECT last_change FROM gpkg_contents")}

    assert dates == {made_up.made_up_evidence().issue_date}


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
