"""The drawn arrays and outlines behind `tests.made_up`: two pits, a border, four epochs."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from reetrace.core.geometry import MultiPolygon
from reetrace.core.grid import Grid
from reetrace.core.landcover import NOT_SEEN, OUTSIDE, LandcoverClass, Legend
from reetrace.core.raster import encode_reflectance
from reetrace.core.site import Name, Site, Zone, ZoneSet
from reetrace.zoning import from_shapely, inside, lay_grid, zone_codes

EAST_0, NORTH_0 = 452919.0, 2863586.0
EPOCHS = ("2005", "2010", "2015", "2020")
NON_MINE, MINE = 1, 2

LEGEND = Legend(
    id="mine",
    title="Mine and other ground",
    classes=(
        LandcoverClass(NON_MINE, "non-mine", "Non-mine", "#009e73", "Forest, shrub and bare land."),
        LandcoverClass(MINE, "mine", "Mine", "#d55e00", "Pits, tailings, tracks and buildings."),
    ),
    target="mine",
)

# (easting, northing, half width, half height) in metres from the reference point, by epoch.
_PITS = {
    "2005": ((300, 500, 450, 410), (1000, -8600, 320, 330), (900, -5900, 260, 280)),
    "2010": ((350, 450, 600, 560), (1000, -8650, 400, 420), (900, -5950, 330, 330)),
    "2015": ((400, 400, 800, 720), (1050, -8700, 480, 500), (950, -6000, 380, 380)),
    "2020": ((450, 350, 900, 840), (1100, -8750, 560, 540), (1000, -6000, 420, 400)),
}

# Small pits as (easting, northing, epochs at which they are open).
SMALL_PITS = (
    (-600.0, -3000.0, ("2010",)),
    (1500.0, -2500.0, ("2010", "2015")),
    (200.0, -4000.0, ("2005",)),
    (1900.0, 2600.0, ("2020",)),
)

# Ground that cloud hid, as (epoch, eastings, northings) in metres from the reference point.
_HIDDEN = (("2010", (-1500, -500), (-3500, -2600)), ("2015", (1500, 2500), (-9200, -8900)))


def digest(text: str) -> str:
    """A stand-in SHA-256 that depends on nothing but the text."""
    return hashlib.sha256(text.encode()).hexdigest()


def outline(corners: list[tuple[float, float]]) -> MultiPolygon:
    """A polygon given in metres from the reference point, in degrees."""
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(32647, 4326, always_xy=True)
    ring = [
        to_degrees.transform(EAST_0 + east, NORTH_0 + north)
        for east, north in [*corners, corners[0]]
    ]
    return ((tuple((round(x, 9), round(y, 9)) for x, y in ring),),)


def rectangle(west: float, south: float, east: float, north: float) -> MultiPolygon:
    """A rectangle given in metres from the reference point, in degrees."""
    return outline([(west, south), (east, south), (east, north), (west, north)])


def zone(zone_id: str, role: str, name: str, geometry: MultiPolygon, edition: str = "") -> Zone:
    """A zone whose provenance is as plain as it gets."""
    return Zone(
        id=zone_id,
        role=role,  # type: ignore[arg-type]
        name=name,
        geometry=geometry,
        source="Drawn by hand for the tests",
        date="2020-12-06",
        licence="CC0-1.0",
        precision_m=30.0 if edition != "natural-earth" else 1900.0,
        approximate=role == "mine",
        edition=edition,
    )


@lru_cache
def study_area() -> Site:
    """57.76 km² on both sides of a border."""
    area = zone(
        "kachin-nujiang",
        "area-of-interest",
        "Kachin–Nujiang study area",
        rectangle(-1500, -11000, 2500, 3440),
    )
    return Site(
        id="kachin-nujiang",
        names=(
            Name("Kachin–Nujiang study area", "en"),
            Name("克钦—怒江研究区", "zh-Hans"),
            Name("ကချင်-နူကျန်း", "my"),
        ),
        aliases=("border-mines",),
        countries=("MMR", "CHN"),
        commodity="rare earths",
        deposit_type="ion-adsorption clay and hard rock",
        mining_method="open pit",
        status="active",
        epochs=(2005, 2010, 2015, 2020),
        season_months=(11, 12, 1, 2, 3, 4),
        legend="mine",
        part_of=None,
        zones=(area, *mines().zones, *countries("osm").zones),
        note="",
        digest=digest("site:kachin-nujiang"),
    )


@lru_cache
def mine_a() -> Site:
    """The mine on the Myanmar side, a zone of the study area."""
    outlined = mines().zones[0]
    area = replace(outlined, role="area-of-interest")
    return Site(
        id="mine-A",
        names=(Name("Mine A", "en"), Name("矿区A", "zh-Hans"), Name("မိုင်း အေ", "my")),
        aliases=("pangwa-1",),
        countries=("MMR",),
        commodity="rare earths",
        deposit_type="ion-adsorption clay",
        mining_method="open pit",
        status="active",
        epochs=(2005, 2010, 2015, 2020),
        season_months=(11, 12, 1, 2, 3, 4),
        legend="mine",
        part_of="kachin-nujiang",
        zones=(area, outlined),
        note="The study prints no outline: this one is approximate.",
        digest=digest("site:mine-A"),
    )


@lru_cache
def mines() -> ZoneSet:
    """Both mines."""
    return ZoneSet(
        "mines",
        "Mines",
        (
            zone("mine-A", "mine", "Mine A", rectangle(-900, -1500, 1800, 2500)),
            zone("mine-B", "mine", "Mine B", rectangle(-700, -10400, 2300, -4900)),
        ),
        source="Drawn by hand for the tests",
        licence="CC0-1.0",
        precision_m=300.0,
    )


@lru_cache
def countries(edition: str) -> ZoneSet:
    """Both countries by one edition of the border; the coarser one leaves a gap and an overlap."""
    shift = {"osm": 0.0, "natural-earth": -900.0}[edition]
    gap = {"osm": 0.0, "natural-earth": 150.0}[edition]
    north = [(-1500.0, -7000.0 + shift + gap), (2500.0, -5500.0 + shift - gap)]
    south = [(-1500.0, -7000.0 + shift), (2500.0, -5500.0 + shift)]
    title = {"osm": "OpenStreetMap", "natural-earth": "Natural Earth 1:10m"}[edition]
    myanmar = outline([*north, (2600.0, 3600.0), (-1600.0, 3600.0)])
    china = outline([*reversed(south), (-1600.0, -11100.0), (2600.0, -11100.0)])
    if edition == "osm":
        wide = [(-1600.0, -7037.5), (2600.0, -5462.5)]
        myanmar = outline([*wide, (2600.0, 3600.0), (-1600.0, 3600.0)])
        china = outline([*reversed(wide), (-1600.0, -11100.0), (2600.0, -11100.0)])
    return ZoneSet(
        f"countries-{edition}",
        f"Countries, border by {title}",
        (
            zone("MMR", "country", "Myanmar", myanmar, edition),
            zone("CHN", "country", "China", china, edition),
        ),
        edition=edition,
        source=f"{title}, drawn by hand for the tests",
        licence="ODbL-1.0" if edition == "osm" else "public domain",
        precision_m=30.0 if edition == "osm" else 1900.0,
    )


@lru_cache
def whole() -> ZoneSet:
    """The study area as one zone."""
    return ZoneSet("study-area", "Study area", (study_area().area_of_interest,))


@lru_cache
def grid() -> Grid:
    """30 m pixels on Landsat's lattice."""
    return lay_grid(study_area())


@lru_cache
def _metres() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Easting and northing of every pixel centre, in metres from the reference point."""
    laid = grid()
    rows, cols = np.mgrid[0 : laid.rows, 0 : laid.cols]
    eastings = laid.west_m + (cols + 0.5) * laid.pixel_m - EAST_0
    northings = laid.north_m - (rows + 0.5) * laid.pixel_m - NORTH_0
    return eastings, northings


@lru_cache
def landcover(epoch: str) -> NDArray[np.uint8]:
    """Shape (rows, cols): class codes, `NOT_SEEN` under cloud, `OUTSIDE` beyond the study area."""
    eastings, northings = _metres()
    ragged = 1 + 0.18 * np.sin(eastings / 70.0) * np.cos(northings / 55.0)
    mine = np.zeros(grid().shape, dtype=np.bool_)
    for east, north, half_width, half_height in _PITS[epoch]:
        away = ((eastings - east) / half_width) ** 2 + ((northings - north) / half_height) ** 2
        mine |= away < ragged
    for pit_east, pit_north, epochs in SMALL_PITS:
        here = (abs(eastings - pit_east) < 75) & (abs(northings - pit_north) < 60)
        mine |= here & (epoch in epochs)
    codes = np.where(mine, MINE, NON_MINE)
    for hidden, (west, east), (south, north) in _HIDDEN:
        beneath = (eastings > west) & (eastings < east) & (northings > south) & (northings < north)
        codes = np.where(beneath & (hidden == epoch), NOT_SEEN, codes)
    codes = np.where(inside(study_area(), grid()), codes, OUTSIDE)
    return codes.astype(np.uint8)


def zone_masks(zone_set: ZoneSet) -> list[tuple[str, NDArray[np.bool_]]]:
    """(zone id, pixels of it inside the study area), `none` and `several` last."""
    within = inside(study_area(), grid())
    if zone_set.id == "study-area":
        return [("all", within)]
    codes = zone_codes(zone_set, grid())
    masks = [
        (each.id, (codes == position) & within)
        for position, each in enumerate(zone_set.zones, start=1)
    ]
    return [*masks, ("none", (codes == 0) & within), ("several", (codes == -1) & within)]


def footprint(mask: NDArray[np.bool_]) -> MultiPolygon:
    """Pixel outlines of a mask, in degrees."""
    from affine import Affine
    from pyproj import Transformer
    from rasterio.features import shapes
    from shapely import transform
    from shapely.geometry import shape
    from shapely.ops import unary_union

    drawn = shapes(mask.astype(np.uint8), mask=mask, transform=Affine(*grid().transform))
    pieces = [shape(geometry) for geometry, _ in drawn]
    if not pieces:
        return ()
    to_degrees = Transformer.from_crs(grid().epsg, 4326, always_xy=True)
    return from_shapely(
        transform(
            unary_union(pieces),
            lambda at: np.round(np.column_stack(to_degrees.transform(at[:, 0], at[:, 1])), 7),
        )
    )


def composite(epoch: str) -> NDArray[np.uint16]:
    """Shape (6, rows, cols): stored reflectance of blue, green, red, nir, swir1, swir2."""
    eastings, northings = _metres()
    relief = 1 + 0.25 * np.sin((eastings + 2 * northings) / 400.0) * np.cos(northings / 700.0)
    forest = np.array([0.03, 0.05, 0.04, 0.30, 0.16, 0.08])
    ground = np.array([0.11, 0.15, 0.20, 0.27, 0.33, 0.27])
    codes = landcover(epoch)
    noise = np.random.default_rng(int(epoch)).normal(0, 0.004, (6, *grid().shape))
    bare = codes == MINE
    light = np.where(bare, ground[:, None, None], forest[:, None, None]) * relief + noise
    stored = encode_reflectance(light)
    return np.where((codes == NOT_SEEN) | (codes == OUTSIDE), 0, stored).astype(np.uint16)


def observations(epoch: str) -> NDArray[np.uint16]:
    """Shape (rows, cols): how often each pixel was seen clear."""
    eastings, northings = _metres()
    often = 4 + np.round(2 * np.sin(eastings / 900.0 + int(epoch)) * np.cos(northings / 1300.0))
    codes = landcover(epoch)
    often = np.where(codes == NOT_SEEN, 0, often)
    return np.where(codes == OUTSIDE, 0, often).astype(np.uint16)
