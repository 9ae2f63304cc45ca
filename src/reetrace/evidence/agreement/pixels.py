"""The rasters beside the evidence that counts their pixels."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence, RasterRecord
from reetrace.core.landcover import NOT_SEEN
from reetrace.evidence import stac
from reetrace.evidence.agreement.manner import Manner
from reetrace.evidence.document import read_bytes
from reetrace.evidence.files import sha256_of
from reetrace.evidence.styles import raster_styles

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

LARGEST_LAYER_BYTES = 4 * 1024 * 1024 * 1024
"""Of one band unpacked; the largest grid that a site may have comes to a quarter of it."""
_MOST_BANDS = 64


def check_rasters(evidence: Evidence, bag: Path, manner: Manner) -> str:
    """Hold every raster's grid, and the classes of every map, against the evidence.

    Returns what was compared.

    Raises:
        EvidenceError: Names the first raster that differs.
    """
    import rasterio
    from rasterio.errors import RasterioError

    recorded = {record.path for record in evidence.rasters}
    for path in sorted((bag / "data" / "rasters").glob("**/*")):
        # A file beside a raster, such as `.aux.xml`, is read with it.
        name = path.relative_to(bag / "data").as_posix()
        if path.is_file() and name not in recorded and path.suffix not in _BESIDE:
            raise EvidenceError(f"data/{name}: lies there, but evidence.json does not name it.")
    for record in evidence.rasters:
        where = f"data/{record.path}"
        if sha256_of(bag / where) != record.sha256:
            raise EvidenceError(f"{where}: is not the file that evidence.json names.")
        try:
            # GTiff alone: another driver could be made to fetch files from elsewhere.
            with warnings.catch_warnings(), rasterio.open(bag / where, driver="GTiff") as raster:
                warnings.simplefilter("ignore")
                _check_grid(raster, evidence, where)
                if record.kind == "landcover":
                    _check_classes(raster, evidence, record)
        except RasterioError as fault:
            raise EvidenceError(f"{where}: cannot be read as GeoTIFF ({fault}).") from fault
    maps = sum(record.kind == "landcover" for record in evidence.rasters)
    told = f"{len(recorded)} rasters on one grid, {maps} maps counted"
    return f"{told}, {_check_described(evidence, bag, manner)}"


_BESIDE = frozenset({".json", ".qml", ".sld"})
"""Descriptions and styles that GDAL does not read by itself."""


def _check_described(evidence: Evidence, bag: Path, manner: Manner) -> str:
    """Styles and descriptions, which a GIS believes, say what the evidence says."""
    data = bag / "data"
    wanted = {**raster_styles(evidence), **stac.describe(evidence, data)}
    lying = {
        path.relative_to(data).as_posix()
        for path in (data / "rasters").glob("**/*")
        if path.suffix in _BESIDE
    }
    if manner == "values":
        return f"{len(lying)} descriptions and styles of another version not compared"
    for path in sorted({*wanted, *lying}):
        if path not in lying:
            raise EvidenceError(f"data/{path}: is missing; it follows from evidence.json.")
        if path not in wanted:
            raise EvidenceError(f"data/{path}: lies there, and does not follow from evidence.json.")
        if read_bytes(data / path) != wanted[path]:
            raise EvidenceError(f"data/{path}: says something else than evidence.json.")
    return f"{len(wanted)} descriptions and styles"


def _check_grid(raster: DatasetReader, evidence: Evidence, where: str) -> None:
    """Looked at in the header: no pixel is read of a raster that claims another size."""
    grid = evidence.grid
    if raster.shape != grid.shape or raster.count > _MOST_BANDS:
        raise EvidenceError(
            f"{where}: has {raster.width} × {raster.height} pixels in {raster.count} band(s), the "
            f"grid of evidence.json {grid.cols} × {grid.rows}."
        )
    widest = max(np.dtype(each).itemsize for each in raster.dtypes)
    if raster.width * raster.height * widest > LARGEST_LAYER_BYTES:
        raise EvidenceError(
            f"{where}: has {raster.width} × {raster.height} pixels, more than any of ours."
        )
    if tuple(raster.transform)[:6] != grid.transform or raster.crs.to_epsg() != grid.epsg:
        raise EvidenceError(f"{where}: does not lie on the grid of evidence.json.")


def _check_classes(raster: DatasetReader, evidence: Evidence, record: RasterRecord) -> None:
    codes = raster.read(1)
    names = {NOT_SEEN: "not-seen"} | {each.code: each.name for each in evidence.legend.classes}
    counted = {names[code]: int(np.count_nonzero(codes == code)) for code in names}
    for area in evidence.areas:
        if (area.zone_set, area.epoch) != ("study-area", record.epochs[0]):
            continue
        found = counted.get(area.landcover, 0)
        if found != area.pixels:
            raise EvidenceError(
                f"data/{record.path}: {found:,} pixels are {area.landcover}, evidence.json says "
                f"{area.pixels:,}."
            )
