"""One band of one file, brought onto a grid block by block."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import ImageryError
from reetrace.core.grid import Grid, Lattice
from reetrace.core.raster import UNSEEN
from reetrace.core.sensor import QualityFlag
from reetrace.engines.blocks import Block
from reetrace.engines.local.catalogue import Layer
from reetrace.engines.local.encoding import Encoding, to_stored

if TYPE_CHECKING:
    from pyproj import Transformer
    from rasterio import DatasetReader

# WGS 84 / UTM: 326zz north, 327zz south. A south zone is its north zone moved by 10,000 km, so
# a scene in it lies on the grid without resampling.
UTM_NORTH, UTM_SOUTH = 32600, 32700
UTM_ZONES = 60
FALSE_NORTHING_M = 10_000_000.0

# A millimetre: no lattice is finer, and no provider writes its corners less exactly.
_TOLERANCE_M = 0.001

# Files are opened with this much of GDAL's block cache, so that memory stays bounded.
CACHE_MB = 64


@dataclass(frozen=True)
class Placement:
    """How the pixels of a file lie on a grid."""

    step: int
    """File pixels along one grid pixel; 0 where the lattices differ."""
    row: int
    col: int
    """File pixel at the grid's upper left corner; may be negative."""

    @property
    def resampling(self) -> str:
        """`none`, or the method in words."""
        if self.step == 1:
            return "none"
        return f"mean of {self.step} × {self.step} pixels" if self.step else "nearest pixel"


@contextmanager
def open_raster(layer: Layer) -> Iterator[DatasetReader]:
    """The file of a layer; foreign errors become plain ones.

    Raises:
        ImageryError: The file is remote, missing, no raster, or damaged.
    """
    import rasterio
    from rasterio.errors import RasterioError

    if "://" in str(layer.path) or str(layer.path).startswith(("http:", "https:", "s3:", "/vsi")):
        raise ImageryError(
            f"{layer.path}: the file lies on a server. Download it and put it beside its item."
        )
    if not layer.path.is_file():
        raise ImageryError(
            f"{layer.path}: no such file; it should hold {layer.name}. "
            "Correct the path, or fetch the file again."
        )
    try:
        with rasterio.open(layer.path) as dataset:
            if not 1 <= layer.index <= dataset.count:
                raise ImageryError(
                    f"{layer.path}: band {layer.index} of the file is asked for {layer.name}, it "
                    f"has {dataset.count}. Correct the item or --bands."
                )
            yield dataset
    except RasterioError as fault:
        raise ImageryError(
            f"{layer.path}: cannot be read ({_first_line(fault)}). "
            "The file is truncated, damaged or no raster; fetch it again."
        ) from fault


def _first_line(fault: Exception) -> str:
    cause = fault.__cause__ or fault
    return str(cause).strip().splitlines()[0].rstrip(".")


@contextmanager
def unwarned() -> Iterator[None]:
    """A missing geotransform is refused in words of our own; GDAL's warning would come first."""
    from rasterio.errors import NotGeoreferencedWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        yield


def refuse_unplaced(layer: Layer, dataset: DatasetReader) -> None:
    """Refuses a file that does not say where on Earth it lies.

    Raises:
        ImageryError: No CRS, no geotransform, or one that cannot be.
    """
    if dataset.transform.is_identity:
        raise ImageryError(
            f"{layer.path}: no geotransform, so it is not known where its pixels lie. "
            "Georeference it (gdal_translate -a_ullr) or fetch the provider's own file."
        )
    if not _spans_ground(dataset):
        raise ImageryError(
            f"{layer.path}: its geotransform gives pixels of no size. "
            "Georeference it anew (gdal_translate -a_ullr) or fetch the provider's own file."
        )
    if dataset.crs is None:
        raise ImageryError(
            f"{layer.path}: no CRS; its upper left corner is {dataset.transform.c:.0f} "
            f"{dataset.transform.f:.0f} of an unknown system. "
            "State it (gdal_translate -a_srs EPSG:…) if you know it."
        )


def _spans_ground(dataset: DatasetReader) -> bool:
    at = dataset.transform
    return math.isfinite(at.c + at.f) and math.isfinite(at.determinant) and at.determinant != 0


def is_upright(dataset: DatasetReader) -> bool:
    """Whether the file's pixels are square, its rows run east and its columns south."""
    at = dataset.transform
    return bool(at.b == at.d == 0 and at.a == -at.e and at.a > 0)


def place(dataset: DatasetReader, grid: Grid) -> Placement:
    """How a file lies on a grid: on its lattice, finer by a whole number, or otherwise."""
    west = dataset.transform.c
    epsg, north = _to_north_zone(dataset.crs.to_epsg(), dataset.transform.f)
    pixel = dataset.transform.a
    if epsg != grid.epsg or not is_upright(dataset):
        return Placement(0, 0, 0)
    step = round(grid.pixel_m / pixel)
    col, row = (grid.west_m - west) / pixel, (north - grid.north_m) / pixel
    on_lattice = (
        step >= 1
        and math.isclose(step * pixel, grid.pixel_m, abs_tol=_TOLERANCE_M / pixel)
        and abs(col - round(col)) * pixel < _TOLERANCE_M
        and abs(row - round(row)) * pixel < _TOLERANCE_M
    )
    return Placement(step, round(row), round(col)) if on_lattice else Placement(0, 0, 0)


def lattice_of(layer: Layer) -> Lattice | None:
    """Where the pixel edges of a file fall; None where they are on no UTM lattice."""
    with unwarned(), open_raster(layer) as dataset:
        epsg = dataset.crs.to_epsg() if dataset.crs is not None else None
        west, north, pixel = dataset.transform.c, dataset.transform.f, dataset.transform.a
        square = dataset.transform.b == dataset.transform.d == 0 and pixel == -dataset.transform.e
    epsg, north = _to_north_zone(epsg, north)
    if not square or epsg is None or not UTM_NORTH < epsg <= UTM_NORTH + UTM_ZONES:
        return None
    return Lattice(epsg, pixel, west % pixel, north % pixel)


def _to_north_zone(epsg: int | None, north_m: float) -> tuple[int | None, float]:
    if epsg is not None and UTM_SOUTH < epsg <= UTM_SOUTH + UTM_ZONES:
        return epsg - UTM_SOUTH + UTM_NORTH, north_m - FALSE_NORTHING_M
    return epsg, north_m


def read_reflectance(layer: Layer, grid: Grid, block: Block) -> NDArray[np.uint16]:
    """Stored reflectance on a block of a grid; `UNSEEN` where the file has no measurement.

    Of finer pixels the mean of those measured is taken, rounded half up.
    """
    with open_raster(layer) as dataset:
        placement = place(dataset, grid)
        values, present = read_values(dataset, layer.index, placement, grid, block)
        own = dataset.nodatavals[layer.index - 1]
        nodata = (*layer.encoding.nodata, *(() if own is None else (float(own),)))
    encoding = Encoding(layer.encoding.scale, layer.encoding.offset, nodata, "")
    stored = np.where(present, to_stored(values, encoding), UNSEEN).astype(np.uint16)
    return _mean(stored, placement.step) if placement.step > 1 else stored


def read_clear(
    layer: Layer, reject: tuple[QualityFlag, ...], grid: Grid, block: Block
) -> NDArray[np.bool_]:
    """Whether a quality band takes none of these exceptions to a pixel.

    Of finer pixels all have to be clear.
    """
    with open_raster(layer) as dataset:
        placement = place(dataset, grid)
        values, present = read_values(dataset, layer.index, placement, grid, block)
    clear = present.copy()
    for flag in reject:
        if flag.bit is not None:
            clear &= (values.astype(np.int64) >> flag.bit) & 1 == 0
        else:
            clear &= ~np.isin(values, flag.values)
    if placement.step > 1:
        step = placement.step
        shape = (block.rows, step, block.cols, step)
        return np.asarray(clear.reshape(shape).all(axis=(1, 3)))
    return clear


def _mean(stored: NDArray[np.uint16], step: int) -> NDArray[np.uint16]:
    rows, cols = stored.shape[0] // step, stored.shape[1] // step
    fine = stored.reshape(rows, step, cols, step).astype(np.int64)
    total, seen = fine.sum(axis=(1, 3)), (fine != UNSEEN).sum(axis=(1, 3))
    mean = (2 * total + seen) // np.maximum(2 * seen, 1)
    return np.where(seen > 0, mean, UNSEEN).astype(np.uint16)


def read_values(
    dataset: DatasetReader, index: int, placement: Placement, grid: Grid, block: Block
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The file's own numbers on a block, and where the file has any.

    Returns:
        Both of shape (rows x step, cols x step), step being 1 where the nearest pixel is taken.
    """
    from rasterio.windows import Window

    if placement.step == 0:
        return _nearest(dataset, index, grid, block)
    step = placement.step
    rows, cols = block.rows * step, block.cols * step
    top, left = placement.row + block.row * step, placement.col + block.col * step
    first_row, last_row = max(top, 0), min(top + rows, dataset.height)
    first_col, last_col = max(left, 0), min(left + cols, dataset.width)
    values = np.zeros((rows, cols), dtype=dataset.dtypes[index - 1])
    present = np.zeros((rows, cols), dtype=np.bool_)
    if first_row < last_row and first_col < last_col:
        window = Window(first_col, first_row, last_col - first_col, last_row - first_row)
        here = (
            slice(first_row - top, last_row - top),
            slice(first_col - left, last_col - left),
        )
        values[here] = dataset.read(index, window=window)
        present[here] = True
    return values, present


def _nearest(
    dataset: DatasetReader, index: int, grid: Grid, block: Block
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Each grid pixel takes the file pixel that its centre lies in.

    Done here and not by a warper, whose approximations would let the answer depend on the block.
    """
    from rasterio.windows import Window

    columns = grid.west_m + (block.col + np.arange(block.cols) + 0.5) * grid.pixel_m
    lines = grid.north_m - (block.row + np.arange(block.rows) + 0.5) * grid.pixel_m
    eastings, northings = np.meshgrid(columns, lines)
    across, along = eastings, northings
    if dataset.crs.to_epsg() != grid.epsg:
        across, along = _to_file(grid.epsg, dataset.crs.to_wkt()).transform(eastings, northings)
    if dataset.crs.is_geographic:
        across = across + 360.0 * np.ceil((dataset.transform.c - across) / 360.0)
    back = ~dataset.transform
    file_cols = back.a * np.asarray(across) + back.b * np.asarray(along) + back.c
    file_rows = back.d * np.asarray(across) + back.e * np.asarray(along) + back.f
    values = np.zeros((block.rows, block.cols), dtype=dataset.dtypes[index - 1])
    finite = np.isfinite(file_cols) & np.isfinite(file_rows)
    file_cols = np.floor(np.where(finite, file_cols, -1)).astype(np.int64)
    file_rows = np.floor(np.where(finite, file_rows, -1)).astype(np.int64)
    present = (
        (file_rows >= 0)
        & (file_rows < dataset.height)
        & (file_cols >= 0)
        & (file_cols < dataset.width)
    )
    if present.any():
        rows, cols = file_rows[present], file_cols[present]
        top, left = int(rows.min()), int(cols.min())
        window = Window(left, top, int(cols.max()) - left + 1, int(rows.max()) - top + 1)
        values[present] = dataset.read(index, window=window)[rows - top, cols - left]
    return values, present


@lru_cache(maxsize=64)
def _to_file(epsg: int, wkt: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(epsg, wkt, always_xy=True)
