"""STAC items and the root of a user's catalogue, as other programs read them too."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reetrace.core.sensor import Sensor
from reetrace.engines.local.catalogue import (
    CHECKSUM_FIELD,
    PARTIAL_PROPERTY,
    SENSOR_PROPERTY,
    SHA256_MULTIHASH,
    read_catalogue,
)
from reetrace.engines.local.features import INDEX_FIELD
from reetrace.engines.local.matching import Matched
from reetrace.engines.local.reading_through import FileFacts

_STAC_VERSION = "1.0.0"
_EXTENSIONS = [
    "https://stac-extensions.github.io/eo/v1.1.0/schema.json",
    "https://stac-extensions.github.io/file/v2.1.0/schema.json",
    "https://stac-extensions.github.io/projection/v1.1.0/schema.json",
    "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
]
ROOT = "catalog.json"


def describe_item(
    scene_id: str,
    sensor: Sensor,
    date: dt.date,
    *,
    bands: Sequence[Matched],
    quality: Sequence[Matched],
    encodings: Mapping[str, Mapping[str, float | None]],
    facts: Mapping[Path, FileFacts],
    home: Path,
    licence: str,
    copied: bool,
) -> dict[str, Any]:
    """The STAC item of a user's own scene, one asset a band."""
    first = facts[bands[0].path]
    longitudes, latitudes = zip(*first.footprint, strict=True)
    assets: dict[str, Any] = {}
    for each in (*bands, *quality):
        href = f"./{each.path.name}" if copied else _relative(each.path, home)
        assets[each.name] = {
            "href": href,
            "type": "image/tiff; application=geotiff",
            "roles": ["data" if each in bands else "data-mask"],
            INDEX_FIELD: each.index,
            CHECKSUM_FIELD: SHA256_MULTIHASH + facts[each.path].sha256,
        }
        if each in bands:
            band = next(band for band in sensor.bands if band.id == each.name)
            assets[each.name]["eo:bands"] = [
                {"name": band.id, "center_wavelength": round(band.centre_nm / 1000, 5)}
            ]
            encoding = encodings[each.name]
            # "nan" is the extension's word for a file in which every number is a measurement.
            nodata = "nan" if encoding["nodata"] is None else encoding["nodata"]
            assets[each.name]["raster:bands"] = [{**encoding, "nodata": nodata}]
    partial = len(bands) < len(sensor.bands)
    return {
        "type": "Feature",
        "stac_version": _STAC_VERSION,
        "stac_extensions": _EXTENSIONS,
        "id": scene_id,
        "geometry": {"type": "Polygon", "coordinates": [[list(at) for at in first.footprint]]},
        "bbox": [min(longitudes), min(latitudes), max(longitudes), max(latitudes)],
        "properties": {
            "datetime": f"{date.isoformat()}T00:00:00Z",
            # Which of the Sentinel-2 satellites it was, the user is not asked.
            **({} if len(_satellites(sensor)) > 1 else {"platform": sensor.platforms[0]}),
            "license": licence,
            "proj:epsg": first.epsg,
            SENSOR_PROPERTY: sensor.id,
            PARTIAL_PROPERTY: partial,
        },
        "links": [{"rel": "root", "href": f"../../{ROOT}", "type": "application/json"}],
        "assets": assets,
    }


def _satellites(sensor: Sensor) -> set[str]:
    return {re.sub(r"[^a-z0-9]", "", name.casefold()) for name in sensor.platforms}


def _relative(path: Path, home: Path) -> str:
    return Path(os.path.relpath(path.resolve(), home.resolve())).as_posix()


def write_root(folder: Path) -> None:
    """The catalogue's root file, made anew from the items that lie beneath it."""
    items = sorted(item.path.relative_to(folder).as_posix() for item in read_catalogue(folder))
    content = {
        "type": "Catalog",
        "stac_version": _STAC_VERSION,
        "id": "reetrace-scenes",
        "description": "Imagery registered with `reetrace scenes add`.",
        "links": [
            {"rel": "root", "href": f"./{ROOT}", "type": "application/json"},
            *(
                {"rel": "item", "href": f"./{path}", "type": "application/geo+json"}
                for path in items
            ),
        ],
    }
    aside = folder / f".{ROOT}.part"
    aside.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    aside.replace(folder / ROOT)
