"""Made-up site and label files, written as a user could have written them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

SQUARE = [[10.0, 50.0], [10.1, 50.0], [10.1, 50.1], [10.0, 50.1], [10.0, 50.0]]
"""In Germany, far from any border."""

RECORD: dict[str, Any] = {
    "schema": "site-1",
    "id": "made-up",
    "names": [{"text": "Made-up mine", "language": "en"}],
    "aliases": ["old-name"],
    "countries": ["DEU"],
    "commodity": "rare earths",
    "deposit_type": "unknown",
    "mining_method": "open pit",
    "status": "active",
    "epochs": [2005, 2020],
    "season_months": [],
    "legend": "mine",
    "part_of": None,
    "note": "",
}


def feature(role: str = "area-of-interest", ring: Any = SQUARE, **properties: Any) -> Any:
    """One zone."""
    return {
        "type": "Feature",
        "properties": {
            "id": "made-up",
            "role": role,
            "name": "Made-up mine",
            "source": "drawn for a test",
            "date": "2020",
            "licence": "CC0-1.0",
            "precision_m": 10,
            **properties,
        },
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def document(*features: Any, **record: Any) -> dict[str, Any]:
    """A sound site document, changed as asked."""
    return {
        "type": "FeatureCollection",
        "reetrace": {**copy.deepcopy(RECORD), **record},
        "features": list(features) or [feature()],
    }


def write_site(folder: Path, *features: Any, **record: Any) -> Path:
    """The document as a file of a registry folder."""
    made = document(*features, **record)
    path = folder / "sites" / f"{made['reetrace']['id']}.geojson"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


def point(number: int, landcover: str = "mine", **properties: Any) -> dict[str, Any]:
    """One label."""
    return {
        "type": "Feature",
        "properties": {
            "id": f"p{number}",
            "landcover": landcover,
            "interpreter": "A. Name",
            "image_source": "an image",
            "image_date": "2020-12-06",
            **properties,
        },
        "geometry": {"type": "Point", "coordinates": [10.01 + number * 0.001, 50.05]},
    }


def labels_document(*points: Any, **record: Any) -> dict[str, Any]:
    """A sound label document, changed as asked."""
    return {
        "type": "FeatureCollection",
        "reetrace": {
            "schema": "labels-1",
            "site": "made-up",
            "epoch": "2020",
            "purpose": "training",
            "design": "purposive",
            "strata": [],
            **record,
        },
        "features": list(points) or [point(1), point(2, "non-mine")],
    }


def write_labels(folder: Path, made: dict[str, Any], name: str = "2020.geojson") -> Path:
    """The document as a label file of a registry folder."""
    path = folder / "labels" / "made-up" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


def write_geojson(path: Path, *geometries: Any, properties: Any = ()) -> Path:
    """A plain GeoJSON file as another program writes it."""
    given = [*properties, *({} for _ in geometries)]
    features = [
        {"type": "Feature", "properties": fields, "geometry": geometry}
        for geometry, fields in zip(geometries, given, strict=False)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def polygon(*ring: tuple[float, float]) -> dict[str, Any]:
    """A GeoJSON polygon whose ring is closed here."""
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A GeoJSON rectangle."""
    return polygon((west, south), (east, south), (east, north), (west, north))
