"""The places of imported labels: given points, or pixel centres drawn by a seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.core.geometry import MultiPolygon
from reetrace.core.grid import Grid
from reetrace.core.site import Site, Zone, ZoneSet
from reetrace.registry.given import GivenFile
from reetrace.registry.shapes import mend, widened
from reetrace.zoning import from_shapely, inside, lonlat_of, pixel_of, zone_codes


@dataclass(frozen=True)
class Drawing:
    """How many places are drawn from polygons, and where."""

    per_class: int = 100
    """Most points drawn inside the polygons of each class."""
    outside: str = ""
    """Class of points drawn outside all polygons; empty draws none."""
    outside_count: int = 100
    outside_buffer_m: float = 60.0
    """Points outside keep this far from every polygon."""
    seed: int = 0


@dataclass(frozen=True)
class Spot:
    """A place with its class at each epoch."""

    longitude: float
    latitude: float
    classes: tuple[str, ...]
    fields: Mapping[str, object]


def from_points(
    given: GivenFile,
    classes: Sequence[tuple[str, ...]],
    site: Site,
    grid: Grid,
    remarks: list[str],
) -> Iterator[Spot]:
    """The points themselves, those outside the area of interest left out."""
    within = inside(site, grid)
    outside = 0
    for feature, names in zip(given.features, classes, strict=True):
        for point in getattr(feature.geometry, "geoms", [feature.geometry]):
            rows, cols = pixel_of(np.array([point.x]), np.array([point.y]), grid)
            if rows[0] < 0 or not within[rows[0], cols[0]]:
                outside += 1
                continue
            yield Spot(point.x, point.y, names, feature.fields)
    if outside:
        remarks.append(f"{outside} points lie outside the area of interest and were left out.")


def from_polygons(
    given: GivenFile,
    classes: Sequence[tuple[str, ...]],
    drawing: Drawing,
    site: Site,
    grid: Grid,
    remarks: list[str],
) -> Iterator[Spot]:
    """Pixel centres inside the polygons of each class, and outside all of them if asked."""
    shapes = [from_shapely(mend(feature.geometry)[0]) for feature in given.features]
    combinations = sorted(set(classes))
    zones = tuple(
        _zone(
            str(place),
            tuple(
                polygon
                for shape, names in zip(shapes, classes, strict=True)
                if names == combination
                for polygon in shape
            ),
        )
        for place, combination in enumerate(combinations)
    )
    codes = np.where(inside(site, grid), zone_codes(ZoneSet("labels", "", zones), grid), 0)
    mixed = int((codes < 0).sum())
    if mixed:
        remarks.append(f"{mixed} pixels lie in polygons of different classes and were left out.")
    random = np.random.default_rng(drawing.seed)
    for place, combination in enumerate(combinations, start=1):
        called = " to ".join(dict.fromkeys(combination))
        yield from _drawn(
            codes == place, drawing.per_class, combination, grid, random, remarks, called
        )
    if drawing.outside:
        everything = tuple(polygon for shape in shapes for polygon in shape)
        around = (
            widened(everything, drawing.outside_buffer_m / 1000.0)
            if drawing.outside_buffer_m
            else everything
        )
        near = zone_codes(ZoneSet("near", "", (_zone("near", around),)), grid) != 0
        names = (drawing.outside,) * len(classes[0])
        free = inside(site, grid) & ~near
        called = f"{drawing.outside}, outside the polygons"
        yield from _drawn(free, drawing.outside_count, names, grid, random, remarks, called)


def _zone(zone_id: str, geometry: MultiPolygon) -> Zone:
    return Zone(zone_id, "mine", zone_id, geometry, "", "", "", 1.0)


def _drawn(
    candidates: NDArray[np.bool_],
    count: int,
    classes: tuple[str, ...],
    grid: Grid,
    random: np.random.Generator,
    remarks: list[str],
    called: str,
) -> Iterator[Spot]:
    rows, cols = np.nonzero(candidates)
    if len(rows) < count:
        remarks.append(f"{called}: {len(rows)} pixels, fewer than the {count} asked for; all used.")
    chosen = np.sort(random.permutation(len(rows))[:count])
    longitudes, latitudes = lonlat_of(rows[chosen], cols[chosen], grid)
    for longitude, latitude in zip(longitudes, latitudes, strict=True):
        yield Spot(round(float(longitude), 8), round(float(latitude), 8), classes, {})
