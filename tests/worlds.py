"""Made-up mines whose answer is known, written as small scenes a provider could have published."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reetrace import tables
from reetrace.core.geometry import MultiPolygon
from reetrace.core.grid import Grid
from reetrace.core.landcover import Legend
from reetrace.core.model import Knobs, Model
from reetrace.core.raster import encode_reflectance
from reetrace.core.sensor import Sensor
from reetrace.core.site import Epoch, Name, Site, Zone, ZoneSet
from reetrace.zoning import lay_grid

FOREST = {
    "blue": 0.02, "green": 0.04, "red": 0.025, "nir": 0.35, "swir1": 0.18, "swir2": 0.08,
    "red-edge-1": 0.07, "red-edge-2": 0.25, "red-edge-3": 0.33, "nir-narrow": 0.36,
}  # fmt: skip
MINE = {
    "blue": 0.12, "green": 0.16, "red": 0.20, "nir": 0.26, "swir1": 0.32, "swir2": 0.28,
    "red-edge-1": 0.22, "red-edge-2": 0.23, "red-edge-3": 0.25, "nir-narrow": 0.27,
}  # fmt: skip
"""Reflectances by role, near those of real forest and real bare mine floor."""

CLEAR, CLOUD = 1 << 6, 1 << 3
"""QA_PIXEL of a clear and of a clouded pixel."""

_CLEAR_SCL, _CLOUD_SCL = 4, 9


@dataclass(frozen=True)
class World:
    """A rectangle of ground on a grid, the same at every date unless it is dug."""

    epsg: int
    west_m: float
    north_m: float
    rows: int
    cols: int
    pixel_m: float
    mine: NDArray[np.bool_]
    """Shape (rows, cols): where the ground is bare."""
    clouds: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    """By ISO date."""

    def dig(self, rows: slice, cols: slice) -> World:
        """The same world with a pit more."""
        mine = self.mine.copy()
        mine[rows, cols] = True
        return dataclasses.replace(self, mine=mine)

    def cloud(self, date: str, rows: slice, cols: slice) -> World:
        """The same world with a cloud more at one date."""
        clouds = dict(self.clouds)
        cover = clouds.get(date, np.zeros((self.rows, self.cols), dtype=np.bool_)).copy()
        cover[rows, cols] = True
        clouds[date] = cover
        return dataclasses.replace(self, clouds=clouds)

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """(west, south, east, north)."""
        return (
            self.west_m,
            self.north_m - self.rows * self.pixel_m,
            self.west_m + self.cols * self.pixel_m,
            self.north_m,
        )

    @property
    def site(self) -> Site:
        """A site whose area of interest holds the centre of every pixel of the world.

        It ends 2 m inside: the straight sides of a large world would bulge into further pixels.
        """
        west, south, east, north = self.bounds_m
        return site_of(rectangle(self.epsg, (west + 2, south + 2, east - 2, north - 2)))

    @property
    def grid(self) -> Grid:
        """The site's grid: as many rows and columns as the world has."""
        grid = lay_grid(self.site, self.pixel_m)
        assert grid.shape == (self.rows, self.cols), "the world does not lie on its grid's lattice"
        return grid

    def part(self, zone_id: str, rows: slice, cols: slice) -> Zone:
        """A zone of whole pixels."""
        north = self.north_m - (rows.start or 0) * self.pixel_m
        south = self.north_m - (self.rows if rows.stop is None else rows.stop) * self.pixel_m
        west = self.west_m + (cols.start or 0) * self.pixel_m
        east = self.west_m + (self.cols if cols.stop is None else cols.stop) * self.pixel_m
        return zone_of(zone_id, "mine", rectangle(self.epsg, (west, south, east, north)))

    def reflectance(self, role: str) -> NDArray[np.float64]:
        """True reflectance, shape (rows, cols)."""
        return np.where(self.mine, MINE[role], FOREST[role])


def forest(
    rows: int = 20,
    cols: int = 20,
    pixel_m: float = 30.0,
    *,
    epsg: int = 32647,
    west_m: float = 450_015.0,
    north_m: float = 2_860_005.0,
) -> World:
    """Nothing but forest, near the study area unless another place is given."""
    return World(epsg, west_m, north_m, rows, cols, pixel_m, np.zeros((rows, cols), dtype=np.bool_))


def rectangle(epsg: int, bounds_m: tuple[float, float, float, float]) -> MultiPolygon:
    """A rectangle of a UTM zone in degrees, its sides followed; longitudes run past 180."""
    from pyproj import Transformer

    west, south, east, north = bounds_m
    steps = np.linspace(0.0, 1.0, 65)[:-1]
    eastings = [*(west + (east - west) * steps), *(east + 0 * steps)]
    eastings += [*(east - (east - west) * steps), *(west + 0 * steps)]
    northings = [*(south + 0 * steps), *(south + (north - south) * steps)]
    northings += [*(north + 0 * steps), *(north - (north - south) * steps)]
    longitudes, latitudes = Transformer.from_crs(epsg, 4326, always_xy=True).transform(
        eastings, northings
    )
    turned = np.where(np.asarray(longitudes) < longitudes[0] - 180, 360.0, 0.0) + longitudes
    ring = [(float(one), float(other)) for one, other in zip(turned, latitudes, strict=True)]
    return (((*ring, ring[0]),),)


def zone_of(zone_id: str, role: str, geometry: MultiPolygon) -> Zone:
    """A zone whose provenance is as plain as it gets."""
    return Zone(zone_id, role, zone_id, geometry, "made up", "2020", "CC0-1.0", 1.0)  # type: ignore[arg-type]


def site_of(geometry: MultiPolygon, site_id: str = "made-up") -> Site:
    """A site with nothing but an area of interest."""
    return Site(
        id=site_id,
        names=(Name("Made-up mine", "en"),),
        aliases=(),
        countries=("MMR",),
        commodity="rare earths",
        deposit_type="",
        mining_method="open pit",
        status="active",
        epochs=(2015, 2020),
        season_months=(),
        legend="mine",
        part_of=None,
        zones=(zone_of(site_id, "area-of-interest", geometry),),
        note="",
        digest="0" * 64,
    )


def zone_set(*zones: Zone) -> ZoneSet:
    """Zones counted together."""
    return ZoneSet("mines", "Mines", zones)


def write_landsat(
    folder: Path, world: World, dates: Sequence[str], *, sensor_id: str = "landsat8-oli"
) -> Path:
    """Collection 2 Level-2 scenes of a world, one a date, with their items; returns the folder."""
    sensor = tables.sensor(sensor_id)
    for date in dates:
        cover = world.clouds.get(date, np.zeros((world.rows, world.cols), dtype=np.bool_))
        rasters = {
            band.id: np.where(
                cover, 30_000, encode_reflectance(world.reflectance(band.role))
            ).astype(np.uint16)
            for band in sensor.bands
        }
        rasters["QA_PIXEL"] = np.where(cover, CLOUD, CLEAR).astype(np.uint16)
        rasters["QA_RADSAT"] = np.zeros_like(rasters["QA_PIXEL"])
        write_scene(folder, sensor, date, rasters, world)
    return folder


def write_sentinel(
    folder: Path, world: World, dates: Sequence[str], *, baseline: str = "05.09"
) -> Path:
    """Level-2A scenes: bands at 10 and 20 m, the scene classes at 20 m; the world is in 20 m."""
    sensor = tables.sensor("sentinel2-msi")
    lift = 0.1 if baseline >= "04.00" else 0.0
    for date in dates:
        cover = world.clouds.get(date, np.zeros((world.rows, world.cols), dtype=np.bool_))
        rasters = {}
        for band in sensor.bands:
            numbers = np.rint((world.reflectance(band.role) + lift) * 10_000).astype(np.uint16)
            repeat = round(world.pixel_m / band.pixel_m)
            rasters[band.id] = np.repeat(np.repeat(numbers, repeat, axis=0), repeat, axis=1)
        rasters["SCL"] = np.where(cover, _CLOUD_SCL, _CLEAR_SCL).astype(np.uint8)
        write_scene(
            folder, sensor, date, rasters, world, properties={"s2:processing_baseline": baseline}
        )
    return folder


def write_scene(
    folder: Path,
    sensor: Sensor,
    date: str,
    rasters: Mapping[str, NDArray[np.generic]],
    world: World,
    *,
    properties: Mapping[str, object] | None = None,
) -> Path:
    """One scene: a GeoTIFF a band and the item that refers to them; returns the item's path."""
    from shapely.geometry import mapping

    from reetrace.zoning import to_shapely

    scene_id = f"{sensor.id}-{date}"
    home = folder / sensor.id / scene_id
    home.mkdir(parents=True)
    for name, raster in rasters.items():
        write_raster(home / f"{name}.tif", raster, world)
    item = {
        "type": "Feature",
        "stac_version": "1.0.0",
        "stac_extensions": [],
        "id": scene_id,
        "geometry": mapping(to_shapely(rectangle(world.epsg, world.bounds_m))),
        "bbox": [],
        "properties": {
            "datetime": f"{date}T03:40:00Z",
            "platform": sensor.platforms[0],
            "license": "CC0-1.0",
            **(properties or {}),
        },
        "assets": {name: {"href": f"./{name}.tif"} for name in rasters},
        "links": [],
    }
    path = home / f"{scene_id}.json"
    path.write_text(json.dumps(item), encoding="utf-8")
    return path


def write_raster(
    path: Path,
    raster: NDArray[np.generic],
    world: World,
    *,
    nodata: float | None = None,
    tags: Mapping[str, str] | None = None,
) -> Path:
    """One GeoTIFF that spans a world, whatever its own pixel size."""
    import rasterio
    from affine import Affine

    bands = raster if raster.ndim == 3 else raster[None]
    pixel_m = world.cols * world.pixel_m / bands.shape[2]
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=bands.shape[2],
        height=bands.shape[1],
        count=bands.shape[0],
        dtype=bands.dtype,
        crs=f"EPSG:{world.epsg}",
        transform=Affine(pixel_m, 0, world.west_m, 0, -pixel_m, world.north_m),
        nodata=nodata,
    ) as dataset:
        dataset.write(bands)
        dataset.update_tags(**(tags or {}))
    return path


def year(number: int) -> Epoch:
    """A calendar year with all its months."""
    return Epoch(str(number), dt.date(number, 1, 1), dt.date(number, 12, 31))


def brightness_model(legend: Legend, bands: Sequence[str]) -> Model:
    """A forest of one tree: red above 0.1 is the target class."""
    limit = int(encode_reflectance(np.array([0.1]))[0])
    other = next(name for name in legend.names if name != legend.target)
    names = [other, legend.target]
    order = sorted(names, key=legend.code)
    return Model(
        features=tuple(bands),
        classes=tuple(order),
        codes=tuple(legend.code(name) for name in order),
        tree_start=np.array([0, 3], dtype=np.int32),
        feature=np.array([list(bands).index("red"), -1, -1], dtype=np.int8),
        threshold=np.array([limit, 0, 0], dtype=np.uint16),
        left=np.array([1, -1, -1], dtype=np.int32),
        right=np.array([2, -1, -1], dtype=np.int32),
        leaf_class=np.array([-1, order.index(other), order.index(legend.target)], dtype=np.int16),
        knobs=Knobs(trees=1),
        sensor_family="oli",
        trained_on=(),
        training_points=0,
        simulated=False,
    )
