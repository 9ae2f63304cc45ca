"""The rasters of the folder as a static STAC catalogue: one collection, one item an epoch or span.

STAC 1.1 with the extensions projection 2, raster 2, classification 2 and file 2.1. Paths are
relative, so that the folder can be moved or published as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from reetrace.core.evidence import SIMULATED_NOTICE, EpochRecord, Evidence, RasterRecord
from reetrace.core.landcover import NOT_SEEN, OUTSIDE
from reetrace.evidence.document import to_json
from reetrace.evidence.rasters import STYLES, classes_of, names_of

VERSION = "1.1.0"
COLLECTION = "rasters/collection.json"

_SCHEMAS = "https://stac-extensions.github.io"
EXTENSIONS = {
    "classification": f"{_SCHEMAS}/classification/v2.0.0/schema.json",
    "file": f"{_SCHEMAS}/file/v2.1.0/schema.json",
    "projection": f"{_SCHEMAS}/projection/v2.0.0/schema.json",
    "raster": f"{_SCHEMAS}/raster/v2.0.0/schema.json",
}

_COG = "image/tiff; application=geotiff; profile=cloud-optimized"
_GEOJSON, _JSON = "application/geo+json", "application/json"

# A digest that says by which function it was made: SHA2-256, 32 bytes (multiformats.io/multihash).
_SHA256_PREFIX = "1220"

_DECIMALS = 7
"""About a centimetre."""

Entity = dict[str, Any]


def describe(evidence: Evidence, data: Path) -> dict[str, bytes]:
    """Collection and items, by their path relative to `data/`; empty where there is no raster.

    Args:
        evidence: Names the rasters, the grid and the images.
        data: Holds the rasters.
    """
    if not evidence.rasters:
        return {}
    items = {_path(name): _item(evidence, data, name) for name in _spans(evidence)}
    documents = {COLLECTION: _collection(evidence, list(items)), **items}
    notice = {"notice": SIMULATED_NOTICE} if evidence.simulated else {}
    return {path: to_json(notice | document) for path, document in documents.items()}


def paths(evidence: Evidence) -> set[str]:
    """Where `describe` has its documents, relative to `data/`."""
    return {COLLECTION, *map(_path, _spans(evidence))} if evidence.rasters else set()


def _path(span: str) -> str:
    return f"rasters/{span}.json"


def _spans(evidence: Evidence) -> list[str]:
    """Epochs and pairs of epochs that have rasters, in the order of the evidence."""
    return list(dict.fromkeys("-".join(record.epochs) for record in evidence.rasters))


def _collection_id(evidence: Evidence) -> str:
    return f"{evidence.site.id}_{evidence.years}_{evidence.run_id}"


def _said(evidence: Evidence, text: str) -> str:
    return f"{SIMULATED_NOTICE}. {text}" if evidence.simulated else text


def _collection(evidence: Evidence, items: Sequence[str]) -> Entity:
    first, last = evidence.epochs[0], evidence.epochs[-1]
    _, bbox = _outline(evidence)
    return {
        "type": "Collection",
        "stac_version": VERSION,
        "stac_extensions": [EXTENSIONS["projection"]],
        "id": _collection_id(evidence),
        "title": _said(evidence, f"{evidence.study_area.title}, {evidence.years}"),
        "description": _said(
            evidence,
            f"Composites, vegetation index, land cover and change of {evidence.study_area.title}, "
            f"made by reetrace {evidence.reetrace_version} in the run {evidence.run_id}.",
        ),
        "keywords": sorted({"land cover", "land cover change", evidence.site.commodity} - {""}),
        "license": "other",
        "providers": [
            {"name": f"reetrace {evidence.reetrace_version}", "roles": ["processor"]},
        ],
        "extent": {
            "spatial": {"bbox": [bbox]},
            "temporal": {"interval": [[_start(first), _end(last)]]},
        },
        "summaries": {
            "gsd": [evidence.grid.pixel_m],
            "proj:code": [f"EPSG:{evidence.grid.epsg}"],
            "reetrace:simulated": [evidence.simulated],
        },
        "links": [
            {"rel": "root", "href": "./collection.json", "type": _JSON},
            {
                "rel": "describedby",
                "href": "../evidence.json",
                "type": _JSON,
                "title": "Everything that may be said, with where it comes from",
            },
            *(
                {"rel": "item", "href": f"./{PurePosixPath(path).name}", "type": _GEOJSON}
                for path in items
            ),
        ],
    }


def _item(evidence: Evidence, data: Path, name: str) -> Entity:
    records = [each for each in evidence.rasters if "-".join(each.epochs) == name]
    labels = records[0].epochs
    epochs = [each for each in evidence.epochs if each.label in labels]
    geometry, bbox = _outline(evidence)
    grid = evidence.grid
    title = f"{evidence.study_area.title}, {'–'.join(labels)}"
    assets = {each.kind: _asset(evidence, data, each) for each in records}
    classified = any("classification:classes" in each for each in assets.values())
    used = {"file", "projection", "raster", *(("classification",) if classified else ())}
    return {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": [EXTENSIONS[each] for each in sorted(used)],
        "id": f"{_collection_id(evidence)}_{name}",
        "collection": _collection_id(evidence),
        "geometry": geometry,
        "bbox": bbox,
        "properties": {
            "title": _said(evidence, title),
            "datetime": None,
            "start_datetime": _start(epochs[0]),
            "end_datetime": _end(epochs[-1]),
            "gsd": grid.pixel_m,
            "platform": ", ".join(sorted({s.platform for e in epochs for s in e.scenes})),
            "instruments": sorted({each.sensor for each in epochs}),
            "proj:code": f"EPSG:{grid.epsg}",
            "proj:shape": list(grid.shape),
            "proj:transform": list(grid.transform),
            "proj:bbox": list(grid.bounds),
            "reetrace:run_id": evidence.run_id,
            "reetrace:simulated": evidence.simulated,
            "reetrace:months": sorted({month for each in epochs for month in each.months}),
        },
        "links": list(_links(evidence, epochs)),
        "assets": assets,
    }


def _links(evidence: Evidence, epochs: Sequence[EpochRecord]) -> Iterator[Entity]:
    """Where an item belongs and what it was made from."""
    for relation in ("root", "parent", "collection"):
        yield {"rel": relation, "href": "./collection.json", "type": _JSON}
    if len(epochs) > 1:
        for each in epochs:
            yield {
                "rel": "derived_from",
                "href": f"./{each.label}.json",
                "type": _GEOJSON,
                "title": f"Land cover {each.label}",
            }
        return
    place = [each.label for each in evidence.epochs].index(epochs[0].label)
    for number, scene in enumerate(epochs[0].scenes):
        yield {
            "rel": "derived_from",
            "href": f"../scenes.json#/epochs/{place}/scenes/{number}",
            "type": _JSON,
            "title": scene.id,
            "reetrace:simulated": scene.simulated,
        }


def _asset(evidence: Evidence, data: Path, record: RasterRecord) -> Entity:
    style = STYLES[record.kind]
    roles = {
        "composite": ["data", "reflectance"],
        "observations": ["data", "metadata"],
    }
    asset: Entity = {
        "href": f"./{PurePosixPath(record.path).name}",
        "type": _COG,
        "title": _said(evidence, record.title),
        "roles": roles.get(record.kind, ["data"]),
        "file:checksum": f"{_SHA256_PREFIX}{record.sha256}",
        "file:size": (data / record.path).stat().st_size,
        "data_type": style.dtype,
    }
    if style.nodata is not None:
        asset["nodata"] = style.nodata
    if style.unit:
        asset["unit"] = style.unit
    bands = names_of(record.kind, _roles(evidence, record))
    asset["bands"] = [{"name": band} for band in bands]
    if style.categorical:
        asset["classification:classes"] = list(_classes(evidence, record))
    elif (style.scale, style.offset) != (1.0, 0.0):
        asset |= {"raster:scale": style.scale, "raster:offset": style.offset}
    asset["raster:spatial_resolution"] = evidence.grid.pixel_m
    return asset


def _roles(evidence: Evidence, record: RasterRecord) -> tuple[str, ...]:
    if record.kind != "composite":
        return ()
    return next(each.bands for each in evidence.epochs if each.label == record.epochs[0])


def _classes(evidence: Evidence, record: RasterRecord) -> Iterator[Entity]:
    legend = evidence.legend if record.kind == "landcover" else None
    names = {NOT_SEEN: "not-seen", OUTSIDE: "outside"}
    names |= {each.code: each.name for each in legend.classes} if legend else _FATES
    for code, title, colour in classes_of(legend):
        found = {
            "value": code,
            "name": names[code],
            "title": title,
            "color_hint": colour.removeprefix("#").upper(),
        }
        yield found | ({"nodata": True} if code == OUTSIDE else {})


_FATES = {1: "never", 2: "stayed", 3: "gained", 4: "lost"}


def _start(epoch: EpochRecord) -> str:
    return f"{epoch.first}T00:00:00Z"


def _end(epoch: EpochRecord) -> str:
    return f"{epoch.last}T23:59:59Z"


def _outline(evidence: Evidence) -> tuple[Entity, list[float]]:
    """The grid's rectangle in degrees, and the box around it."""
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(evidence.grid.epsg, 4326, always_xy=True)
    west, south, east, north = evidence.grid.bounds
    ring = [
        [round(float(value), _DECIMALS) for value in to_degrees.transform(*corner)]
        for corner in ((west, south), (east, south), (east, north), (west, north))
    ]
    # Edges bend on the ellipsoid: the box is that of the edges, not of the corners.
    box = to_degrees.transform_bounds(west, south, east, north)
    bbox = [round(float(value), _DECIMALS) for value in box]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}, bbox
