"""Tables of country borders, made of the registry's own outlines under the archive's names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from tests.standin.elements import Collection, Element, Feature, indexed
from tests.standin.faults import Unmodelled
from tests.standin.geometry import Geometry

_STATED = {
    # ISO code: name by the U.S. Department of State, its FIPS code, abbreviation, name elsewhere
    "CHN": ("China", "CH", "CHN.", "China"),
    "MMR": ("Burma", "BM", "Bur.", "Myanmar"),
}
"""The Department of State says Burma: who matches countries by name has to know."""

TABLES = {
    "USDOS/LSIB/2017": "natural-earth",
    "USDOS/LSIB_SIMPLE/2017": "natural-earth",
    "WM/geoLab/geoBoundaries/600/ADM0": "osm",
}
"""Table to the beginning of the registry edition that it is made of."""


def border_table(table_id: str) -> Collection:
    """One of the tables; each country is cut in two parts, as the detailed ones are in many."""
    features: list[Element] = []
    for code, area in _countries(TABLES[table_id]):
        for part in _halves(area) if table_id == "USDOS/LSIB/2017" else [area]:
            properties = _properties(table_id, code, len(features))
            features.append(Feature(Geometry(part, geodesic=False), properties))
    return Collection(indexed(features), {}, table_id)


def _properties(table_id: str, code: str, number: int) -> dict[str, Any]:
    if code not in _STATED:
        raise Unmodelled(f"the names of {code} in {table_id}")
    stated, fips, short, name = _STATED[code]
    if table_id == "USDOS/LSIB/2017":
        return {"OBJECTID": str(number), "COUNTRY_NA": stated}
    if table_id == "USDOS/LSIB_SIMPLE/2017":
        return {
            "abbreviati": short,
            "country_co": fips,
            "country_na": stated,
            "wld_rgn": "E Asia" if code == "CHN" else "SE Asia",
        }
    return {"shapeGroup": code, "shapeName": name, "shapeType": "ADM0", "shapeID": f"{code}-1"}


@lru_cache(maxsize=4)
def _countries(edition: str) -> tuple[tuple[str, Any], ...]:
    """(code, area) of the study area's countries by an edition."""
    from shapely.geometry import shape

    from reetrace.shipped import shipped

    path = shipped("registry") / "sites" / "kachin-nujiang.geojson"
    found = []
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        stated = feature["properties"]
        if stated["role"] == "country" and str(stated.get("edition", "")).startswith(edition):
            found.append((stated["id"], shape(feature["geometry"])))
    return tuple(sorted(found, key=lambda each: str(each[0])))


def _halves(area: Any) -> Iterator[Any]:
    """An area cut along the parallel through its middle."""
    from shapely.geometry import box

    west, south, east, north = area.bounds
    middle = (south + north) / 2
    for half in (box(west, south, east, middle), box(west, middle, east, north)):
        part = area.intersection(half)
        if not part.is_empty:
            yield part
