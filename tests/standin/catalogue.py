"""A static STAC catalogue of scenes as the collections that Earth Engine keeps of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.standin.archive import Loaded, StoredBand, millis_of, stored_image
from tests.standin.geometry import Geometry
from tests.standin.layers import Image
from tests.standin.pixel_types import Array

CLOUD_SCORE = "GOOGLE/CLOUD_SCORE_PLUS/V1/S2_HARMONIZED"
SENTINEL2 = "COPERNICUS/S2_SR_HARMONIZED"
LANDSAT = {
    "landsat5-tm": ("LANDSAT/LT05/C02/T1_L2", "LT05", "LANDSAT_5", "TM"),
    "landsat7-etm": ("LANDSAT/LE07/C02/T1_L2", "LE07", "LANDSAT_7", "ETM"),
    "landsat8-oli": ("LANDSAT/LC08/C02/T1_L2", "LC08", "LANDSAT_8", "OLI_TIRS"),
    "landsat9-oli": ("LANDSAT/LC09/C02/T1_L2", "LC09", "LANDSAT_9", "OLI_TIRS"),
}

_SHIFT_SINCE = "04.00"
"""Processing baseline from which Sentinel-2's numbers are 1,000 higher; the harmonised are not."""
_SHIFT = 1_000
CODES = {"QA_PIXEL", "QA_RADSAT", "SCL"}
"""Bands of bits or classes: there is no mean of them."""
_FILL = 1
"""QA_PIXEL where a Landsat scene has no data."""

# Cloud Score+ by scene class: every class that the sensor file rejects lies below 0.60, the others
# at or above it, so that the two ways of masking agree on drawn scenes.
_SCORES = {
    0: 0.0, 1: 0.05, 2: 0.61, 3: 0.4, 4: 0.95, 5: 0.9, 6: 0.8, 7: 0.65, 8: 0.3, 9: 0.1, 10: 0.59,
    11: 0.2,
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One scene's STAC item."""

    id: str
    properties: Mapping[str, Any]
    assets: Mapping[str, Path]
    geometry: Any

    @property
    def moment(self) -> str:
        """When it was taken."""
        return str(self.properties["datetime"]).replace("Z", "+00:00")

    @property
    def day(self) -> str:
        """YYYYMMDD."""
        return self.moment[:10].replace("-", "")

    @property
    def footprint(self) -> Geometry:
        """Where it lies."""
        from shapely.geometry import shape

        return Geometry(shape(self.geometry), geodesic=False)

    @property
    def cloud_cover(self) -> float:
        """Per cent; 0 where the item states none."""
        return float(self.properties.get("eo:cloud_cover", 0.0))


def read_items(folder: Path) -> list[Item]:
    """Every scene beneath a folder, by time and id."""
    items = []
    for path in folder.rglob("*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        if record.get("type") == "Feature" and "assets" in record:
            assets = {
                name: (path.parent / asset["href"]).resolve()
                for name, asset in record["assets"].items()
            }
            items.append(Item(record["id"], record["properties"], assets, record["geometry"]))
    return sorted(items, key=lambda item: (item.moment, item.id))


def images_of(item: Item, frame: int = 0) -> list[Image]:
    """The image of a scene; of Sentinel-2 its cloud scores too.

    Args:
        item: The scene.
        frame: How many frames of the same pass came before: each bears another row or tile.
    """
    sensor = item.properties.get("reetrace:sensor") or _sensor_of(item)
    if sensor in LANDSAT:
        return [_landsat(item, sensor, frame)]
    return list(_sentinel2(item, frame)) if sensor == "sentinel2-msi" else []


def _sensor_of(item: Item) -> str:
    from reetrace import tables

    sensor = tables.sensor_of_platform(str(item.properties.get("platform", "")))
    return sensor.id if sensor else ""


def _stored(path: Path, load: Callable[[], Loaded], name: str, dtype: str = "") -> StoredBand:
    import rasterio

    with rasterio.open(path) as dataset:
        transform, crs = dataset.transform, dataset.crs.to_string()
        dtype = dtype or dataset.dtypes[0]
    policy = "sample" if name in CODES else "mean"
    return StoredBand(load, crs, transform.c, transform.f, transform.a, dtype, policy)  # type: ignore[arg-type]


def _pixels(path: Path) -> Array:
    import rasterio

    with rasterio.open(path) as dataset:
        return np.asarray(dataset.read(1))


def _landsat(item: Item, sensor: str, frame: int) -> Image:
    collection, prefix, spacecraft, instrument = LANDSAT[sensor]

    def loader(name: str, path: Path) -> Callable[[], Loaded]:
        def load() -> Loaded:
            values = _pixels(path)
            if name.startswith("SR_"):
                return values, values != 0
            return values, _pixels(item.assets["QA_PIXEL"]) != _FILL

        return load

    bands = {
        name: _stored(path, loader(name, path), name)
        for name, path in item.assets.items()
        if name.startswith(("SR_B", "QA_"))
    }
    path = int(item.properties.get("landsat:wrs_path", 132))
    row = int(item.properties.get("landsat:wrs_row", 42)) + frame
    name = f"{prefix}_{path:03d}{row:03d}_{item.day}"
    properties = {
        "system:time_start": millis_of(item.moment),
        "DATE_ACQUIRED": item.moment[:10],
        "DATE_PRODUCT_GENERATED": millis_of("2020-09-15T00:00:00+00:00"),
        "SPACECRAFT_ID": spacecraft,
        "SENSOR_ID": instrument,
        "CLOUD_COVER": item.cloud_cover,
        "WRS_PATH": path,
        "WRS_ROW": row,
        "LANDSAT_PRODUCT_ID": item.id,
        "PROCESSING_LEVEL": "L2SP",
        "COLLECTION_NUMBER": 2,
        "COLLECTION_CATEGORY": "T1",
        "L1_LANDSAT_PRODUCT_ID": item.id.replace("L2SP", "L1TP"),
        "L1_PROCESSING_LEVEL": "L1TP",
    }
    image_id = f"{collection}/{name}"
    return stored_image(image_id, bands, item.footprint, properties)


def _sentinel2(item: Item, frame: int) -> tuple[Image, Image]:
    baseline = str(item.properties.get("s2:processing_baseline", "02.14"))
    shifted = baseline >= _SHIFT_SINCE and not item.properties.get("earthsearch:boa_offset_applied")

    def loader(name: str, path: Path) -> Callable[[], Loaded]:
        def load() -> Loaded:
            values = _pixels(path)
            seen = values != 0
            if name not in CODES and shifted:
                values = np.maximum(values.astype(np.int64) - _SHIFT, 0).astype(values.dtype)
            return values, seen

        return load

    bands = {
        _band_name(name): _stored(path, loader(name, path), name)
        for name, path in item.assets.items()
        if name == "SCL" or name.startswith("B")
    }
    tile = str(item.properties.get("s2:mgrs_tile", "47RMJ"))
    tile = tile[:-1] + chr(ord(tile[-1]) + frame)
    taken = item.moment[:19].replace("-", "").replace(":", "")
    name = f"{taken}_{taken}_T{tile}"
    platform = str(item.properties.get("platform", "sentinel-2a"))
    properties = {
        "system:time_start": millis_of(item.moment),
        "SPACECRAFT_NAME": f"Sentinel-{platform[-2:].upper()}",
        "CLOUDY_PIXEL_PERCENTAGE": item.cloud_cover,
        "PROCESSING_BASELINE": baseline,
        "MGRS_TILE": tile,
        "PRODUCT_ID": item.id,
    }
    scene = stored_image(f"{SENTINEL2}/{name}", bands, item.footprint, properties)
    scores = {name: _score_band(item.assets["SCL"]) for name in ("cs", "cs_cdf")}
    score = stored_image(
        f"{CLOUD_SCORE}/{name}",
        scores,
        item.footprint,
        {"system:time_start": properties["system:time_start"], "MGRS_TILE": tile},
    )
    return scene, score


def _band_name(asset: str) -> str:
    """`B02` is `B2` in the archive."""
    return asset.replace("B0", "B") if asset.startswith("B0") else asset


def _score_band(path: Path) -> StoredBand:
    """The score of each scene class, on pixels half the size of the classes'."""

    def load() -> Loaded:
        classes = _pixels(path)
        scores = np.zeros(classes.shape, dtype=np.float32)
        for code, score in _SCORES.items():
            scores[classes == code] = score
        finer = np.repeat(np.repeat(scores, 2, axis=0), 2, axis=1)
        return finer, np.ones(finer.shape, dtype=np.bool_)

    coarse = _stored(path, load, "cs", "float32")
    return StoredBand(
        load, coarse.crs, coarse.west_m, coarse.north_m, coarse.pixel_m / 2, "float32"
    )
