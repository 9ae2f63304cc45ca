"""Values of a graph as they go out: JSON for values and features, NPY for pixels."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.standin.calendar import Moment, Span
from tests.standin.confusion import Matrix
from tests.standin.elements import Collection, Feature
from tests.standin.faults import Refused, Unmodelled
from tests.standin.geometry import Geometry
from tests.standin.grids import Grid, Projection
from tests.standin.layers import Image, Layer

MOST_ELEMENTS = 5_000
"""A collection longer than this cannot be had as one value."""
MOST_BYTES = 48 * 1024 * 1024
MOST_SIDE = 32_768
_BAND_LIMIT = 1_024


def as_json(value: Any) -> Any:
    """A value as `value:compute` answers it."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [as_json(each) for each in value]
    if isinstance(value, dict):
        return {str(name): as_json(each) for name, each in value.items()}
    for kind, describe in _DESCRIBED.items():
        if isinstance(value, kind):
            return describe(value)
    raise Unmodelled(f"an answer of type {type(value).__name__}")


def _feature(feature: Feature) -> dict[str, Any]:
    record = feature_json(feature)
    record["geometry"] = feature.geometry.record() if feature.geometry else None
    return record


def _collection(collection: Collection) -> dict[str, Any]:
    items = collection.items
    if len(items) > MOST_ELEMENTS:
        raise Refused(f"Collection query aborted after accumulating over {MOST_ELEMENTS} elements.")
    images = bool(items) and all(isinstance(each, Image) for each in items)
    return {
        "type": "ImageCollection" if images else "FeatureCollection",
        "properties": as_json(dict(collection.properties)),
        "features": [as_json(each) for each in items],
        **({"id": collection.id} if collection.id else {}),
    }


def _image(image: Image) -> dict[str, Any]:
    record: dict[str, Any] = {
        "type": "Image",
        "bands": [_band(name, layer) for name, layer in image.bands.items()],
    }
    shown = {name: each for name, each in image.properties.items() if name != "system:id"}
    if "system:id" in image.properties:
        record["id"] = image.properties["system:id"]
    if shown:
        record["properties"] = as_json(shown)
    return record


def _band(name: str, layer: Layer) -> dict[str, Any]:
    return {
        "id": name,
        "data_type": layer.kind.record(),
        "crs": layer.projection.crs,
        "crs_transform": list(layer.projection.transform),
    }


_DESCRIBED: dict[type, Callable[[Any], Any]] = {
    Moment: lambda moment: {"type": "Date", "value": moment.millis},
    Span: lambda span: {"type": "DateRange", "dates": [span.start.millis, span.end.millis]},
    Matrix: lambda matrix: matrix.counts.tolist(),
    Geometry: lambda geometry: geometry.record(),
    Projection: lambda projection: projection.record(),
    Image: _image,
    Feature: _feature,
    Collection: _collection,
}


def feature_json(feature: Feature) -> dict[str, Any]:
    """A feature as `table:computeFeatures` answers it, its place in degrees."""
    properties = {
        name: as_json(value) for name, value in feature.properties.items() if name != "system:index"
    }
    record: dict[str, Any] = {
        "type": "Feature",
        "geometry": feature.geometry.degrees() if feature.geometry else None,
        "properties": properties,
    }
    if "system:index" in feature.properties:
        record["id"] = str(feature.properties["system:index"])
    return record


def grid_of(stated: Mapping[str, Any]) -> Grid:
    """The pixel grid that a request states; what it leaves out is refused, not guessed."""
    missing = [name for name in ("dimensions", "affineTransform", "crsCode") if name not in stated]
    if missing:
        raise Unmodelled(f"computePixels without grid.{missing[0]}")
    affine = stated["affineTransform"]
    names = ("scaleX", "shearX", "translateX", "shearY", "scaleY", "translateY")
    a, b, c, d, e, f = (float(affine.get(name, 0.0)) for name in names)
    size = stated["dimensions"]
    projection = Projection(stated["crsCode"], (a, b, c, d, e, f))
    return Grid(projection, int(size["width"]), int(size["height"]))


def as_npy(image: Image, grid: Grid) -> bytes:
    """The pixels as a structured array in NPY; masked ones are 0, as the service fills them."""
    if not image.bands:
        raise Refused("Image.select: The image has no bands.")
    types = [(name, layer.kind.transport) for name, layer in image.bands.items()]
    _check_request(grid, types)
    pixels = np.zeros((grid.rows, grid.cols), dtype=types)
    for name, (values, mask) in zip(image.names, image.read(grid), strict=True):
        pixels[name] = np.where(mask > 0, values, 0)
    stream = io.BytesIO()
    np.save(stream, pixels)
    return stream.getvalue()


def _check_request(grid: Grid, types: list[tuple[str, Any]]) -> None:
    if max(grid.rows, grid.cols) > MOST_SIDE:
        raise Refused(
            f"Pixel grid dimensions ({grid.cols}x{grid.rows}) must be less than or equal to "
            f"{MOST_SIDE}."
        )
    if len(types) > _BAND_LIMIT:
        raise Refused(f"Total number of bands ({len(types)}) must be at most {_BAND_LIMIT}.")
    size = grid.pixels * sum(dtype.itemsize for _, dtype in types)
    if size > MOST_BYTES:
        raise Refused(
            f"Total request size ({size} bytes) must be less than or equal to {MOST_BYTES} bytes."
        )
