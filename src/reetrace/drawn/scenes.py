"""Scenes to files: one folder a scene, one GeoTIFF a band, one STAC item."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.core.raster import REFLECTANCE_OFFSET, REFLECTANCE_SCALE
from reetrace.drawn import sentinel2
from reetrace.drawn.files import Asset, digest, item_record, write_band, write_json
from reetrace.drawn.frame import LANDSAT, SENTINEL2_10M, SENTINEL2_20M, Frame
from reetrace.drawn.landsat import LandsatScene
from reetrace.drawn.passes import Pass
from reetrace.drawn.sentinel2 import Sentinel2Scene
from reetrace.tables import sensor

_COMMON_NAMES = {
    "swir1": "swir16",
    "swir2": "swir22",
    "nir-narrow": "nir08",
    "red-edge-1": "rededge071",
    "red-edge-2": "rededge075",
    "red-edge-3": "rededge078",
}

# Path and row of the Worldwide Reference System and the tile of the Sentinel-2 grid over the site.
_PATH_ROW = "132042"
_TILE = "47RMJ"

_LANDSAT_PREFIX = {"landsat-5": "LT05", "landsat-8": "LC08"}
_LANDSAT_INSTRUMENTS = {"landsat-5": ["tm"], "landsat-8": ["oli", "tirs"]}


def write_landsat(scene: LandsatScene, folder: Path) -> str:
    """Writes a scene below `folder`; gives the path of its item from there."""
    passed = scene.passed
    name = f"{_LANDSAT_PREFIX[passed.platform]}_L2SP_{_PATH_ROW}_{passed.date:%Y%m%d}_02_T1_DRAWN"
    properties: dict[str, Any] = {
        "instruments": _LANDSAT_INSTRUMENTS[passed.platform],
        "constellation": "landsat",
        "gsd": 30,
        "eo:cloud_cover": round(100.0 * scene.cloud_cover, 2),
        "landsat:correction": "L2SP",
        "landsat:collection_number": "02",
        "landsat:collection_category": "T1",
        "landsat:wrs_type": "2",
        "landsat:wrs_path": _PATH_ROW[:3],
        "landsat:wrs_row": _PATH_ROW[3:],
        "processing:level": "L2",
    }
    return _write(
        folder,
        (scene.sensor, name, passed),
        {band: (pixels, LANDSAT) for band, pixels in scene.bands.items()},
        (REFLECTANCE_SCALE, REFLECTANCE_OFFSET),
        properties,
    )


def write_sentinel2(scene: Sentinel2Scene, folder: Path) -> str:
    """Writes a scene below `folder`; gives the path of its item from there."""
    passed = scene.passed
    prefix = "S2A" if passed.platform == "sentinel-2a" else "S2B"
    name = f"{prefix}_MSIL2A_{passed.date:%Y%m%d}_N0500_{_TILE}_DRAWN"
    properties: dict[str, Any] = {
        "instruments": ["msi"],
        "constellation": "sentinel-2",
        "gsd": 10,
        "eo:cloud_cover": round(100.0 * scene.cloud_cover, 2),
        "s2:processing_baseline": "05.00",
        "s2:product_type": "S2MSI2A",
        "s2:mgrs_tile": _TILE,
        "processing:level": "L2",
        "processing:version": "05.00",
        "earthsearch:boa_offset_applied": False,
    }
    layers = {
        band: (pixels, SENTINEL2_10M if pixels.shape == SENTINEL2_10M.shape else SENTINEL2_20M)
        for band, pixels in scene.bands.items()
    }
    scale = (sentinel2.SCALE, sentinel2.OFFSET)
    return _write(folder, (sentinel2.SENSOR, name, passed), layers, scale, properties)


def _write(
    folder: Path,
    scene: tuple[str, str, Pass],
    layers: dict[str, tuple[NDArray[np.uint16] | NDArray[np.uint8], Frame]],
    encoding: tuple[float, float],
    properties: dict[str, Any],
) -> str:
    sensor_id, name, passed = scene
    home = folder / sensor_id / name
    home.mkdir(parents=True)
    of_sensor = {band.id: band for band in sensor(sensor_id).bands}
    assets = []
    for band_id, (pixels, frame) in layers.items():
        band = of_sensor.get(band_id)
        path = home / f"{name}_{band_id}.tif"
        # QA_RADSAT, QA_PIXEL and SCL have no fill here: every cell of the frame was drawn.
        write_band(path, pixels, frame, nodata=None if band is None else 0)
        assets.append(
            Asset(
                band=band_id,
                frame=frame,
                title=f"{SIMULATED_NOTICE}: {band_id if band is None else band.role}",
                centre_nm=None if band is None else band.centre_nm,
                common_name="" if band is None else _COMMON_NAMES.get(band.role, band.role),
                scale=None if band is None else encoding[0],
                offset=None if band is None else encoding[1],
                data_type=str(pixels.dtype),
                size=path.stat().st_size,
                sha256=digest(path),
            )
        )
    frame = next(iter(layers.values()))[1]
    write_json(
        home / f"{name}.json",
        item_record(name, sensor_id, frame, passed, assets=assets, properties=properties),
    )
    return f"{sensor_id}/{name}/{name}.json"
