"""Outlines of the target class, pixel by pixel, so that an outline's area is the mapped area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from reetrace.change.adjustment import counted
from reetrace.change.zones import WHOLE, is_whole, zone_code
from reetrace.core.geometry import MultiPolygon, Polygon, Ring
from reetrace.core.grid import Grid
from reetrace.core.landcover import Legend
from reetrace.core.results import Footprint
from reetrace.core.site import ZoneSet

EIGHT_NEIGHBOURS = np.ones((3, 3), dtype=np.bool_)
"""Pixels that touch at a side or a corner belong to one patch."""

# A hundred-millionth of a degree is a millimetre: far below any pixel, far above rounding noise.
_DECIMALS = 8


def footprints(
    codes: NDArray[np.uint8],
    *,
    epoch: str,
    grid: Grid,
    legend: Legend,
    zone_sets: Sequence[ZoneSet],
    zone_codes: Mapping[str, NDArray[np.int16]],
) -> tuple[Footprint, ...]:
    """The outline of the target class in every zone, `all` for the study area.

    Outlines are split where pixels meet at a corner only, so that every polygon is valid; patches
    are counted with corners as connections.

    Args:
        codes: Shape (rows, cols), class codes.
        epoch: Label of the map.
        grid: The map's.
        legend: Whose target is outlined.
        zone_sets: In the order the results are wanted.
        zone_codes: For each zone set, by its id, which zone each pixel lies in.
    """
    target = codes == legend.target_code
    found = []
    for zone_set in zone_sets:
        if is_whole(zone_set):
            found.append(_footprint(target, zone_set, WHOLE, epoch, grid))
            continue
        for zone in zone_set.zones:
            here = target & (zone_codes[zone_set.id] == zone_code(zone_set, zone.id))
            found.append(_footprint(here, zone_set, zone.id, epoch, grid))
    return tuple(found)


def outline(mask: NDArray[np.bool_], grid: Grid) -> MultiPolygon:
    """The pixels of a mask as polygons in degrees, north to south, then west to east."""
    from affine import Affine
    from rasterio.features import shapes

    if not mask.any():
        return ()
    traced = shapes(
        mask.astype(np.uint8), mask=mask, connectivity=4, transform=Affine(*grid.transform)
    )
    rings = [geometry["coordinates"] for geometry, _ in traced]
    rings.sort(key=lambda polygon: _corner(polygon[0]))
    return _to_degrees(rings, grid)


def _footprint(
    mask: NDArray[np.bool_], zone_set: ZoneSet, zone: str, epoch: str, grid: Grid
) -> Footprint:
    from scipy.ndimage import label

    _, patches = label(mask, structure=EIGHT_NEIGHBOURS)
    return Footprint(
        zone_set=zone_set.id,
        zone=zone,
        epoch=epoch,
        area=counted(int(mask.sum()), grid.pixel_area_m2),
        patches=int(patches),
        geometry=outline(mask, grid),
    )


def _corner(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Sorts by the northernmost, then westernmost vertex."""
    return min((-northing, easting) for easting, northing in ring)


def _to_degrees(
    polygons: Sequence[Sequence[Sequence[tuple[float, float]]]], grid: Grid
) -> MultiPolygon:
    from pyproj import Transformer

    transformer = Transformer.from_crs(grid.epsg, 4326, always_xy=True)
    west, south, east, north = grid.bounds
    centre, _ = transformer.transform((west + east) / 2, (south + north) / 2)
    positions = np.array([vertex for rings in polygons for ring in rings for vertex in ring])
    longitudes, latitudes = transformer.transform(positions[:, 0], positions[:, 1])
    # Across the date line longitudes run past 180, so that an outline stays in one piece.
    longitudes = longitudes + 360 * np.round((centre - longitudes) / 360)
    degrees = iter(
        zip(longitudes.round(_DECIMALS).tolist(), latitudes.round(_DECIMALS).tolist(), strict=True)
    )
    return tuple(
        _wound([tuple(next(degrees) for _ in ring) for ring in rings]) for rings in polygons
    )


def _wound(rings: Sequence[Ring]) -> Polygon:
    """Outer ring counter-clockwise, holes clockwise, as RFC 7946 asks."""
    outer, *holes = rings
    return (
        outer if _signed_area(outer) > 0 else outer[::-1],
        *(hole if _signed_area(hole) < 0 else hole[::-1] for hole in holes),
    )


def _signed_area(ring: Ring) -> float:
    # About the first vertex, so that small rings far from the origin lose no digits.
    x0, y0 = ring[0]
    steps = pairwise(ring)
    return sum((x - x0) * (v - y0) - (u - x0) * (y - y0) for (x, y), (u, v) in steps) / 2
