"""Cloud-optimised GeoTIFFs and STAC items, written as the providers publish them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.drawn.frame import EPSG, Frame
from reetrace.drawn.passes import Pass

SIMULATED_TAG = "REETRACE_SIMULATED"
SIMULATED_PROPERTY = "reetrace:simulated"
CATALOGUE_ID = "reetrace-drawn"

_EXTENSIONS = [
    "https://stac-extensions.github.io/eo/v1.1.0/schema.json",
    "https://stac-extensions.github.io/file/v2.1.0/schema.json",
    "https://stac-extensions.github.io/processing/v1.2.0/schema.json",
    "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
    "https://stac-extensions.github.io/view/v1.0.0/schema.json",
]


@dataclass(frozen=True)
class Asset:
    """One band's file within its item."""

    band: str
    frame: Frame
    title: str
    centre_nm: float | None
    """None for a quality band."""
    common_name: str
    scale: float | None
    offset: float | None
    data_type: str
    size: int
    sha256: str

    def record(self, item_id: str) -> dict[str, Any]:
        """The asset as STAC has it."""
        raster: dict[str, Any] = {"data_type": self.data_type, "spatial_resolution": _cell(self)}
        if self.centre_nm is not None:
            raster |= {"nodata": 0, "scale": self.scale, "offset": self.offset}
        record: dict[str, Any] = {
            "href": f"./{item_id}_{self.band}.tif",
            "type": "image/tiff; application=geotiff; profile=cloud-optimized",
            "title": self.title,
            "roles": ["data"] if self.centre_nm is not None else ["data", "quality"],
            "proj:shape": list(self.frame.shape),
            "proj:transform": _transform(self.frame),
            "raster:bands": [raster],
            "file:size": self.size,
            # A multihash: 12 is SHA-256, 20 its length in bytes.
            "file:checksum": f"1220{self.sha256}",
        }
        if self.centre_nm is not None:
            record["eo:bands"] = [
                {
                    "name": self.band,
                    "common_name": self.common_name,
                    "center_wavelength": round(self.centre_nm / 1000.0, 5),
                }
            ]
        return record


def _cell(asset: Asset) -> float:
    return asset.frame.cell_m


def _transform(frame: Frame) -> list[float]:
    return [frame.cell_m, 0.0, frame.west_m, 0.0, -frame.cell_m, frame.north_m, 0.0, 0.0, 1.0]


def write_band(
    path: Path, pixels: NDArray[np.uint16] | NDArray[np.uint8], frame: Frame, *, nodata: int | None
) -> None:
    """One band as a cloud-optimised GeoTIFF that says it is drawn."""
    import rasterio
    import rasterio.shutil
    from affine import Affine
    from rasterio.io import MemoryFile

    profile: dict[str, Any] = {
        "driver": "GTiff",
        "dtype": pixels.dtype,
        "count": 1,
        "height": frame.rows,
        "width": frame.cols,
        "crs": rasterio.crs.CRS.from_epsg(EPSG),
        "transform": Affine(*_transform(frame)[:6]),
        "nodata": nodata,
    }
    with rasterio.Env(GDAL_PAM_ENABLED="NO", GDAL_NUM_THREADS="1"), MemoryFile() as drawing:
        with drawing.open(**profile) as drawn:
            drawn.write(pixels, 1)
            drawn.update_tags(**{SIMULATED_TAG: SIMULATED_NOTICE})
        with drawing.open() as drawn:
            rasterio.shutil.copy(
                drawn,
                path,
                driver="COG",
                compress="DEFLATE",
                predictor="YES",
                blocksize="256",
                # Means of stored numbers would not carry the mark.
                overview_resampling="NEAREST",
            )


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Readable JSON with its keys in the order given."""
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def item_record(
    item_id: str,
    sensor_id: str,
    frame: Frame,
    passed: Pass,
    *,
    assets: list[Asset],
    properties: dict[str, Any],
) -> dict[str, Any]:
    """A STAC item of one scene."""
    ring = _ring(frame)
    longitudes, latitudes = [place[0] for place in ring], [place[1] for place in ring]
    azimuth, elevation = passed.sun
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "stac_extensions": _EXTENSIONS,
        "id": item_id,
        "bbox": [min(longitudes), min(latitudes), max(longitudes), max(latitudes)],
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {
            "title": f"{SIMULATED_NOTICE}: {item_id}",
            "datetime": _moment(passed),
            SIMULATED_PROPERTY: True,
            "reetrace:sensor": sensor_id,
            "platform": passed.platform,
            "license": "CC0-1.0",
            "view:off_nadir": 0,
            "view:sun_azimuth": azimuth,
            "view:sun_elevation": elevation,
            "proj:epsg": EPSG,
            "proj:code": f"EPSG:{EPSG}",
            "proj:shape": list(frame.shape),
            "proj:transform": _transform(frame),
            **properties,
        },
        "links": [
            {"rel": "root", "href": "../../catalog.json", "type": "application/json"},
            {"rel": "parent", "href": "../../catalog.json", "type": "application/json"},
        ],
        "assets": {asset.band: asset.record(item_id) for asset in assets},
    }


def _moment(passed: Pass) -> str:
    """When the satellite passed, in UTC."""
    utc_hour = (passed.solar_hour - 98.53 / 15.0) % 24.0
    minutes = round(utc_hour * 60.0)
    return f"{passed.date.isoformat()}T{minutes // 60:02d}:{minutes % 60:02d}:00Z"


def _ring(frame: Frame) -> list[list[float]]:
    """The frame's corners in longitude and latitude, anticlockwise and closed."""
    from pyproj import Transformer

    west, south, east, north = frame.bounds
    to_degrees = Transformer.from_crs(EPSG, 4326, always_xy=True)
    longitudes, latitudes = to_degrees.transform(
        [west, east, east, west, west], [south, south, north, north, south]
    )
    return [[round(lon, 8), round(lat, 8)] for lon, lat in zip(longitudes, latitudes, strict=True)]


def catalogue_record(seed: int, items: list[str]) -> dict[str, Any]:
    """The static catalogue at the top of a drawn world.

    Args:
        seed: Of the world.
        items: Paths of the items below the folder.
    """
    return {
        "type": "Catalog",
        "stac_version": "1.0.0",
        "id": f"{CATALOGUE_ID}-{seed}",
        "title": f"{SIMULATED_NOTICE}: drawn scenes, seed {seed}",
        "description": (
            f"{SIMULATED_NOTICE}. Drawn by reetrace from seed {seed}; nothing here was "
            "photographed, and nothing in it says anything about a place on Earth."
        ),
        SIMULATED_PROPERTY: True,
        "reetrace:seed": seed,
        "links": [
            {"rel": "root", "href": "./catalog.json", "type": "application/json"},
            *(
                {"rel": "item", "href": f"./{path}", "type": "application/geo+json"}
                for path in items
            ),
        ],
    }
