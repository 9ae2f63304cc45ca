"""Pixels of regions reduced to numbers, and sampled at places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.standin.elements import Collection, Feature
from tests.standin.faults import Refused
from tests.standin.geometry import Geometry
from tests.standin.grids import Grid, Projection, lattice, window
from tests.standin.layers import Image
from tests.standin.pixel_types import Array
from tests.standin.reducers import Reducer
from tests.standin.registering import models
from tests.standin.session import session

_LEAST_SHARE = 0.005
"""A weighted reducer leaves out pixels covered by less than this."""
_ONE_READ_PIXELS = 4_000_000
"""Regions whose common window is no larger are cut from one reading of it."""


@dataclass(frozen=True)
class Region:
    """The pixels of one region: every band on its grid, and how much each pixel counts."""

    grid: Grid
    values: list[Array]
    """By band, shape (rows, cols) each."""
    masks: list[Array]
    shares: Array
    """Share of each pixel that lies inside, or 0 and 1 by the centre; shape (rows, cols)."""


def _region_grid(projection: Projection, geometry: Geometry) -> Grid:
    return window(projection, geometry.bounds(projection.crs))


def _check_size(grid: Grid, most: float | None, what: str) -> None:
    if most is not None and grid.pixels > most:
        raise Refused(
            f"{what}: Too many pixels in the region. Found {grid.pixels}, but maxPixels allows "
            f"only {int(most)}. Ensure that you are not aggregating at a higher resolution than "
            "you intended; that is the most frequent cause of this error. If not, then you may "
            "set the 'maxPixels' argument to a limit suitable for your computation; set "
            "'bestEffort' to true to aggregate at whatever scale results in 'maxPixels' total "
            "pixels; or both."
        )


def _shares(geometry: Geometry, grid: Grid, reducer: Reducer) -> Array:
    if not reducer.weighted:
        return geometry.inside(grid).astype(np.float64)
    share = geometry.coverage(grid)
    return np.where(share >= _LEAST_SHARE, share, 0)


def reduce_pixels(region: Region, names: list[str], reducer: Reducer) -> dict[str, Any]:
    """The outputs of a reducer by name.

    A reducer of one input is applied to every band: the band's name is the key of its only output,
    `band_output` that of several. Otherwise the bands are its inputs.
    """
    if reducer.inputs == 1:
        answers: dict[str, Any] = {}
        for name, values, mask in zip(names, region.values, region.masks, strict=True):
            found = _reduce([values], [mask], region.shares, reducer)
            single = len(reducer.outputs) == 1
            for output, answer in found.items():
                answers[name if single else f"{name}_{output}"] = answer
        return answers
    if reducer.inputs != len(names):
        raise Refused(
            f"Image.reduceRegion: The reducer needs {reducer.inputs} inputs, but the image has "
            f"{len(names)} bands."
        )
    return _reduce(region.values, region.masks, region.shares, reducer)


def _reduce(
    values: list[Array], masks: list[Array], shares: Array, reducer: Reducer
) -> dict[str, Any]:
    # A pixel's weight is the smaller of its mask and its covered share.
    weights = np.minimum.reduce([*masks, shares])
    here = weights > 0
    answers = reducer.values([each[here] for each in values], weights[here].astype(np.float64))
    return dict(zip(reducer.outputs, answers, strict=True))


@models("Image.reduceRegion")
def reduce_region(
    image: Image,
    reducer: Reducer,
    geometry: Geometry | None,
    scale: float | None,
    crs: Projection | None,
    crs_transform: list[float] | None,
    max_pixels: float,
    tile_scale: float,
) -> dict[str, Any]:
    """The outputs of a reducer over one region."""
    geometry = geometry or image.footprint
    if geometry is None:
        raise Refused("Image.reduceRegion: Geometry must not be unbounded.")
    projection = lattice(image.first_projection, crs, scale, crs_transform)
    grid = _region_grid(projection, geometry)
    _check_size(grid, max_pixels, "Image.reduceRegion")
    session().aggregate(grid.pixels * len(image.bands), tile_scale)
    read = image.read(grid)
    shares = _shares(geometry, grid, reducer)
    region = Region(grid, [each for each, _ in read], [mask for _, mask in read], shares)
    return reduce_pixels(region, image.names, reducer)


@models("Image.reduceRegions")
def reduce_regions(
    image: Image,
    collection: Collection,
    reducer: Reducer,
    scale: float | None,
    crs: Projection | None,
    crs_transform: list[float] | None,
    tile_scale: float,
    max_pixels_per_region: float | None,
) -> Collection:
    """Each feature with the outputs of a reducer over it; those that are null are left out."""
    projection = lattice(image.first_projection, crs, scale, crs_transform)
    # The outputs of a single band carry the reducer's names, not the band's.
    single = len(image.bands) == 1 and reducer.inputs == 1 and len(reducer.outputs) == 1
    reduced = []
    for feature, grid, read in _readings(image, collection, projection, tile_scale):
        _check_size(grid, max_pixels_per_region, "Image.reduceRegions")
        shares = _shares(feature.place, grid, reducer)
        region = Region(grid, [each for each, _ in read], [mask for _, mask in read], shares)
        answers = reduce_pixels(region, image.names, reducer)
        if single:
            answers = {reducer.outputs[0]: next(iter(answers.values()))}
        elif len(image.bands) == 1 and reducer.inputs == 1:
            answers = dict(zip(reducer.outputs, answers.values(), strict=True))
        found = {name: value for name, value in answers.items() if value is not None}
        reduced.append(feature.having(found))
    return Collection(tuple(reduced))


Reading = tuple[Feature, Grid, list[tuple[Array, Array]]]


def _readings(
    image: Image, collection: Collection, projection: Projection, tile_scale: float
) -> Iterator[Reading]:
    """Every feature with its grid and the image's bands there; small regions share one reading."""
    features = collection.features()
    if not features:
        return
    bounds = [feature.place.bounds(projection.crs) for feature in features]
    west, south = (min(each[k] for each in bounds) for k in (0, 1))
    east, north = (max(each[k] for each in bounds) for k in (2, 3))
    grids = [window(projection, each) for each in bounds]
    whole = window(projection, (west, south, east, north))
    # The union's edge may fall a pixel short of a point that lies on it.
    whole = whole.part(-1, -1, whole.rows + 2, whole.cols + 2)
    together = whole.pixels <= max(_ONE_READ_PIXELS, sum(grid.pixels for grid in grids))
    pixels = max(grid.pixels for grid in grids)
    session().aggregate(pixels * len(image.bands), tile_scale)
    common = image.read(whole) if together else []
    for feature, grid in zip(features, grids, strict=True):
        if not together:
            yield feature, grid, image.read(grid)
            continue
        row, col = _offset(whole, grid)
        cut = np.s_[row : row + grid.rows, col : col + grid.cols]
        yield feature, grid, [(values[cut], mask[cut]) for values, mask in common]


def _offset(whole: Grid, part: Grid) -> tuple[int, int]:
    a, _, c, _, e, f = whole.projection.transform
    here = part.projection.transform
    return round((here[5] - f) / e), round((here[2] - c) / a)


@models("Image.sampleRegions")
def sample_regions(
    image: Image,
    collection: Collection,
    properties: list[str] | None,
    scale: float | None,
    projection: Projection | None,
    tile_scale: float,
    geometries: bool,  # noqa: FBT001 - called by name
) -> Collection:
    """A feature for every pixel of every region; a pixel masked in any band is left out."""
    target = lattice(image.first_projection, projection, scale, None)
    sampled = []
    for feature, grid, read in _readings(image, collection, target, tile_scale):
        kept = {
            name: value
            for name, value in feature.properties.items()
            if (properties is None or name in properties) and not name.startswith("system:")
        }
        here = feature.place.inside(grid)
        for _, mask in read:
            here = here & (mask > 0)
        for number, (row, col) in enumerate(np.argwhere(here)):
            found = {
                name: values[row, col].item()
                for name, (values, _) in zip(image.names, read, strict=True)
            }
            index = f"{feature.properties.get('system:index', '')}_{number}"
            place = feature.place if geometries else None
            sampled.append(Feature(place, {**kept, **found, "system:index": index}))
    return Collection(tuple(sampled))
