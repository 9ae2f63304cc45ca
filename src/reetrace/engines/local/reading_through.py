"""A user's file read once from end to end, so that a damaged one is found before it is used."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from reetrace.core.errors import ImageryError
from reetrace.core.grid import Grid
from reetrace.engines.local.catalogue import Layer
from reetrace.engines.local.encoding import Encoding
from reetrace.engines.local.source import (
    FALSE_NORTHING_M,
    UTM_NORTH,
    UTM_SOUTH,
    UTM_ZONES,
    is_upright,
    open_raster,
    refuse_unplaced,
    unwarned,
)
from reetrace.engines.store import sha256_of

if TYPE_CHECKING:
    from rasterio import DatasetReader

_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class FileFacts:
    """What a file says about itself."""

    shape: tuple[int, int]
    epsg: int | None
    footprint: tuple[tuple[float, float], ...]
    """Closed ring of longitudes and latitudes; longitudes may run past 180."""
    dtypes: tuple[str, ...]
    encodings: tuple[tuple[float, float], ...]
    """(scale, offset) of each band."""
    nodata: tuple[float | None, ...]
    sha256: str
    own_grid: Grid
    """A grid over the file itself, to look at it before any site is known."""

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in degrees."""
        longitudes, latitudes = zip(*self.footprint, strict=True)
        return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def names_of_bands(path: Path) -> tuple[str, ...]:
    """Each band's description; of a file with a single band without one, the file's name."""
    with unwarned(), open_raster(_whole(path)) as dataset:
        if dataset.count == 1 and not dataset.descriptions[0]:
            return (path.stem,)
        return tuple(description or "" for description in dataset.descriptions)


def read_through(path: Path) -> FileFacts:
    """What a file says about itself, once every block of it was read.

    Raises:
        ImageryError: It is missing, damaged, or does not say where it lies.
    """
    layer = _whole(path)
    with unwarned(), open_raster(layer) as dataset:
        refuse_unplaced(layer, dataset)
        for index in dataset.indexes:
            for _, window in dataset.block_windows(index):
                dataset.read(index, window=window)
        return FileFacts(
            shape=(dataset.height, dataset.width),
            epsg=dataset.crs.to_epsg(),
            footprint=_footprint(dataset),
            dtypes=tuple(dataset.dtypes),
            encodings=tuple(
                (float(scale), float(offset))
                for scale, offset in zip(dataset.scales, dataset.offsets, strict=True)
            ),
            nodata=tuple(None if value is None else float(value) for value in dataset.nodatavals),
            sha256=sha256_of(path),
            own_grid=_own_grid(dataset),
        )


def _whole(path: Path) -> Layer:
    return Layer(path.stem, path, 1, Encoding(1.0, 0.0, (), ""))


def _footprint(dataset: DatasetReader) -> tuple[tuple[float, float], ...]:
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    try:
        transformer = Transformer.from_crs(dataset.crs.to_wkt(), 4326, always_xy=True)
    except ProjError as fault:
        raise ImageryError(
            f"{dataset.name}: its CRS is tied to no place on Earth. "
            "State the right one (gdal_translate -a_srs EPSG:…)."
        ) from fault
    at = dataset.transform
    steps = [step / 8 for step in range(8)]
    corners = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)]
    ring: list[tuple[float, float]] = []
    for (col, row), (next_col, next_row) in pairwise(corners):
        for step in steps:
            across = (col + (next_col - col) * step) * dataset.width
            along = (row + (next_row - row) * step) * dataset.height
            longitude, latitude = transformer.transform(
                at.a * across + at.b * along + at.c, at.d * across + at.e * along + at.f
            )
            if ring and longitude < ring[0][0] - 180:
                longitude += 360
            ring.append((round(longitude, 7), round(latitude, 7)))
    if not all(abs(latitude) <= 90 for _, latitude in ring):  # noqa: PLR2004 - the poles
        raise ImageryError(
            f"{dataset.name}: its upper left corner {at.c:g} {at.f:g} is no place in "
            f"{dataset.crs}. Correct its CRS."
        )
    return (*ring, ring[0])


def _own_grid(dataset: DatasetReader) -> Grid:
    """The file's own lattice where it is in UTM, else pixels of its size around its middle."""
    epsg = dataset.crs.to_epsg()
    west, north, pixel = dataset.transform.c, dataset.transform.f, abs(dataset.transform.a)
    if epsg is not None and UTM_SOUTH < epsg <= UTM_SOUTH + UTM_ZONES:
        epsg, north = epsg - UTM_SOUTH + UTM_NORTH, north - FALSE_NORTHING_M
    in_utm = epsg is not None and UTM_NORTH < epsg <= UTM_NORTH + UTM_ZONES
    if epsg is not None and in_utm and is_upright(dataset):
        return Grid(epsg, west, north, pixel, dataset.height, dataset.width, pixel**2)
    from pyproj import Transformer

    ring = _footprint(dataset)
    longitude = sum(place[0] for place in ring[:-1]) / (len(ring) - 1)
    zone = int(((longitude + 180.0) % 360.0) // 6.0) + 1
    transformer = Transformer.from_crs(4326, UTM_NORTH + zone, always_xy=True)
    longitudes, latitudes = zip(*ring, strict=True)
    eastings, northings = transformer.transform(longitudes, latitudes)
    pixel_m = pixel * _METRES_PER_DEGREE if dataset.crs.is_geographic else pixel
    return Grid(
        UTM_NORTH + zone,
        min(eastings),
        max(northings),
        pixel_m,
        max(int((max(northings) - min(northings)) / pixel_m), 1),
        max(int((max(eastings) - min(eastings)) / pixel_m), 1),
        pixel_m**2,
    )
