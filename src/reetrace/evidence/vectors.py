"""Outlines of the evidence folder: GeoJSON for anybody, one GeoPackage for a GIS."""

from __future__ import annotations

import sqlite3
import tempfile
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from reetrace.core.errors import OutputError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.geometry import MultiPolygon
from reetrace.evidence import geopackage
from reetrace.evidence.document import to_json
from reetrace.evidence.files import write_bytes
from reetrace.evidence.styles import layer_style

_WORDS = Path(__file__).with_suffix(".toml")

Feature = dict[str, Any]
Layer = tuple[str, str, list[Feature]]
"""(name, geometry type, features)."""


def layers(evidence: Evidence) -> list[Layer]:
    """Footprints of each epoch, zones and patches, ready to be written."""
    footprints = [
        (
            f"footprints_{epoch.label}",
            "MultiPolygon",
            [
                _feature(
                    evidence,
                    _outline(footprint.geometry),
                    zone_set=footprint.zone_set,
                    zone=footprint.zone,
                    epoch=footprint.epoch,
                    landcover=evidence.legend.target,
                    area_km2=footprint.area.value,
                    patches=footprint.patches,
                )
                for footprint in evidence.footprints
                if footprint.epoch == epoch.label
            ],
        )
        for epoch in evidence.epochs
    ]
    return [
        *footprints,
        ("zones", "MultiPolygon", _zones(evidence)),
        ("patches", "Point", _patches(evidence)),
    ]


def _zones(evidence: Evidence) -> list[Feature]:
    return [
        _feature(
            evidence,
            _outline(zone.geometry),
            zone_set=zone_set.id,
            zone=zone.id,
            name=zone.name,
            role=zone.role,
            edition=zone.edition,
            source=zone.source,
            date=zone.date,
            licence=zone.licence,
            precision_m=float(zone.precision_m),
            approximate="yes" if zone.approximate else "no",
        )
        for zone_set in evidence.zone_sets
        for zone in zone_set.zones
    ]


def _patches(evidence: Evidence) -> list[Feature]:
    return [
        _feature(
            evidence,
            {"type": "Point", "coordinates": [patch.longitude, patch.latitude]},
            patch=patch.id,
            state=patch.state,
            largest_ha=patch.largest.value,
            first_seen=patch.first_seen,
            last_seen=patch.last_seen,
            absent_before=patch.appeared_between[0],
            absent_after=patch.gone_between[1],
            unseen_epochs=", ".join(patch.unseen_epochs),
            zones=", ".join(patch.zones),
        )
        for patch in evidence.patches
    ]


def _feature(evidence: Evidence, geometry: Feature | None, **properties: object) -> Feature:
    notice = {"notice": SIMULATED_NOTICE} if evidence.simulated else {}
    return {"type": "Feature", "geometry": geometry, "properties": {**notice, **properties}}


def _outline(area: MultiPolygon) -> Feature | None:
    """Outer rings against the clock, holes with it, as RFC 7946 has it; None where empty."""
    if not area:
        return None
    polygons = [
        [_turned(ring, left=position == 0) for position, ring in enumerate(polygon)]
        for polygon in area
    ]
    return {"type": "MultiPolygon", "coordinates": polygons}


def _turned(ring: Sequence[tuple[float, float]], *, left: bool) -> list[list[float]]:
    at = np.asarray(ring, dtype=np.float64)
    twice_area = float(np.sum(at[:-1, 0] * at[1:, 1] - at[1:, 0] * at[:-1, 1]))
    ordered = ring if (twice_area > 0) == left else ring[::-1]
    return [[float(longitude), float(latitude)] for longitude, latitude in ordered]


def collection(features: Sequence[Feature], *, simulated: bool, **members: object) -> bytes:
    """A GeoJSON collection, one feature a line; `members` are foreign members of it."""
    import msgspec

    notice = {"notice": SIMULATED_NOTICE} if simulated else {}
    head = to_json({"type": "FeatureCollection", **notice, **members}).decode()
    lines = ",\n".join(msgspec.json.encode(feature).decode() for feature in features)
    body = f"[\n{lines}\n]" if lines else "[]"
    return (head.rstrip()[:-1].rstrip() + f',\n  "features": {body}\n}}\n').encode()


def write_vectors(evidence: Evidence, folder: Path) -> None:
    """Write every layer as GeoJSON, and all of them into `evidence.gpkg`.

    Raises:
        OutputError: A file could not be written.
    """
    drawn = layers(evidence)
    for name, _, features in drawn:
        content = collection(features, simulated=evidence.simulated)
        write_bytes(folder / f"{name}.geojson", content)
    write_bytes(folder / "evidence.gpkg", _geopackage(evidence, drawn, folder))


def _geopackage(evidence: Evidence, drawn: Sequence[Layer], folder: Path) -> bytes:
    """The bytes of the GeoPackage, dated by the evidence so that they are the same twice."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    dated = {"OGR_CURRENT_DATE": f"{evidence.issue_date}T00:00:00.000Z"}
    try:
        with tempfile.TemporaryDirectory(prefix=".", dir=folder) as aside:
            path = Path(aside) / "evidence.gpkg"
            pyogrio.set_gdal_config_options(dated)
            try:
                for layer in drawn:
                    _write_layer(path, layer)
            finally:
                pyogrio.set_gdal_config_options(dict.fromkeys(dated))
            described = [_described(evidence, layer) for layer in drawn]
            geopackage.describe(path, described, evidence.issue_date)
            return path.read_bytes()
    except (OSError, DataSourceError, DataLayerError, sqlite3.Error) as error:
        # A full disk comes back as whatever statement of SQL happened to fail on it.
        said = (error.strerror or error) if isinstance(error, OSError) else "is the disk full?"
        raise OutputError(f"{folder / 'evidence.gpkg'}: could not be written: {said}") from error


def _described(evidence: Evidence, layer: Layer) -> geopackage.Described:
    """What a GIS shows of a layer: a sentence, titles of the fields with units, a style."""
    name, _, features = layer
    words = _words()
    kind, _, epoch = name.partition("_")
    description = f"{words['layers'][kind]}{f', {epoch}' if epoch else ''}"
    if evidence.simulated:
        description = f"{SIMULATED_NOTICE}. {description}"
    fields = {
        field: (words["fields"][field]["title"], words["fields"][field]["says"])
        for field in (features[0]["properties"] if features else ())
    }
    aliases = {field: title for field, (title, _) in fields.items()}
    return geopackage.Described(name, description, fields, layer_style(evidence, name, aliases))


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))


def _write_layer(path: Path, layer: Layer) -> None:
    import pyogrio.raw
    import shapely
    from shapely.geometry import shape

    name, geometry_type, features = layer
    outlines = [shape(feature["geometry"]) if feature["geometry"] else None for feature in features]
    names = list(features[0]["properties"]) if features else []
    columns = [_column([feature["properties"][field] for feature in features]) for field in names]
    pyogrio.raw.write(
        str(path),
        np.array([shapely.to_wkb(outline) for outline in outlines], dtype=object),
        columns,
        names,
        layer=name,
        driver="GPKG",
        geometry_type=geometry_type,
        crs="EPSG:4326",
        append=path.exists(),
    )


def _column(values: list[Any]) -> np.ndarray[Any, Any]:
    """Values as the narrowest type that holds them all; a blank number is NaN, NULL in the file."""
    if all(isinstance(value, int) for value in values):
        return np.array(values, dtype=np.int64)
    if all(isinstance(value, int | float | None) for value in values):
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return np.array(values, dtype=object)
