"""JSON documents of a catalogue: which are STAC items, and whether they are well formed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reetrace.core.errors import ImageryError

INDEX_FIELD = "reetrace:band_index"
"""Of an asset: which band of a many-banded file it is, from 1."""

Geometry = Mapping[str, Any]

# One turn beyond the date line on either side.
_FARTHEST = 540


def read_features(path: Path) -> Iterator[Mapping[str, Any]]:
    """The STAC items in a JSON file; nothing where it holds something else.

    Raises:
        ImageryError: The file is broken, or an item's parts are not what they should be.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise ImageryError(
            f"{path}: cannot be read ({fault.strerror}). Mend it or remove it."
        ) from fault
    except (ValueError, RecursionError) as fault:
        raise ImageryError(
            f"{path}: not valid JSON ({fault}). Fetch the catalogue again or remove the file."
        ) from fault
    if not isinstance(content, Mapping):
        return
    candidates: object = [content]
    if content.get("type") == "FeatureCollection":
        candidates = content.get("features")
    for each in candidates if isinstance(candidates, list) else []:
        if not isinstance(each, Mapping) or each.get("type") != "Feature":
            continue
        if "stac_version" in each and "assets" in each:
            _refuse_malformed(path, each)
            yield each


def _refuse_malformed(path: Path, feature: Mapping[str, Any]) -> None:
    """Refuses an item whose parts are not of the kind that STAC says they are."""
    if not str(feature.get("id")).isprintable():
        raise _refusal(path, "id", feature.get("id"), "text on one line")
    if not isinstance(feature.get("properties"), Mapping):
        raise _refusal(path, "properties", feature.get("properties"), "an object")
    assets = feature["assets"]
    if not isinstance(assets, Mapping):
        raise _refusal(path, "assets", assets, "an object")
    for key, asset in assets.items():
        _refuse_malformed_asset(path, f"assets.{key}", asset)


def _refuse_malformed_asset(path: Path, field: str, asset: object) -> None:
    if not isinstance(asset, Mapping) or not isinstance(asset.get("href"), str):
        raise _refusal(path, field, asset, "an object with a link (href)")
    if not asset["href"].isprintable():
        raise _refusal(path, f"{field}.href", asset["href"], "a link on one line")
    for name in ("bands", "eo:bands", "raster:bands"):
        rows = asset.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            raise _refusal(path, f"{field}.{name}", rows, "a list of objects")
    index = asset.get(INDEX_FIELD, 1)
    if not isinstance(index, int) or index < 1:
        raise _refusal(path, f"{field}.{INDEX_FIELD}", index, "a whole number from 1")


def _refusal(path: Path, field: str, value: object, needed: str) -> ImageryError:
    return ImageryError(
        f"{path}: {field} is {str(value)[:40]!r}; {needed} is needed. Fetch the item again."
    )


def footprint_of(path: Path, feature: Mapping[str, Any]) -> Geometry:
    """The outline of an item in degrees; longitudes may run past 180.

    Raises:
        ImageryError: It has none that could be one.
    """
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    geometry: Any = feature.get("geometry")
    if geometry is None:
        geometry = _box(path, feature.get("bbox"))
    try:
        footprint = shape(geometry)
        west, south, east, north = footprint.bounds
        usable = -_FARTHEST <= west < east <= _FARTHEST and -90 <= south < north <= 90  # noqa: PLR2004
        # Mended as it is when it is compared: some providers' outlines cross themselves.
        usable = usable and footprint.buffer(0).area > 0
    except (ShapelyError, AttributeError, TypeError, ValueError, LookupError):
        usable = False
    if not usable:
        raise ImageryError(
            f"{path}: geometry is {str(geometry)[:40]!r}; the outline of the scene is needed. "
            "Fetch the item again."
        )
    return dict(geometry)


def _box(path: Path, bbox: object) -> Geometry:
    numbers = isinstance(bbox, Sequence) and all(isinstance(each, int | float) for each in bbox)
    if not isinstance(bbox, Sequence) or not numbers or len(bbox) not in {4, 6}:
        raise ImageryError(f"{path}: the item has neither geometry nor bbox; one is needed.")
    half = len(bbox) // 2
    west, south, east, north = bbox[0], bbox[1], bbox[half], bbox[half + 1]
    if west > east:  # across the date line, RFC 7946 section 5.2
        east += 360
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
