"""Grids, outlines and zones in the words of the Earth Engine client.

Every outline goes out in metres of the grid's own CRS, with straight sides: the very lines that
the maps are counted by at home. Every reduction is given CRS and transform, never a scale: a
composite has no pixels of its own, and left alone it would be counted in degrees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reetrace.core.geometry import MultiPolygon
from reetrace.core.grid import Grid
from reetrace.core.site import Site, ZoneSet

if TYPE_CHECKING:
    import ee

MOST_PIXELS = 10**10
"""`maxPixels` of every reduction: stated, and beyond the largest grid a site may have."""


def on_pixels(grid: Grid) -> dict[str, Any]:
    """The arguments that tie a reduction to the pixels of a grid."""
    return {"crs": crs_of(grid), "crsTransform": list(grid.transform)}


def crs_of(grid: Grid) -> str:
    """The grid's CRS as the client names it."""
    return f"EPSG:{grid.epsg}"


def extent(grid: Grid) -> ee.Geometry:
    """The grid's own rectangle."""
    import ee

    return ee.Geometry.Rectangle(list(grid.bounds), crs_of(grid), geodesic=False, evenOdd=True)


def outline(area: MultiPolygon, grid: Grid) -> ee.Geometry:
    """An area in metres of the grid's CRS."""
    import ee

    from reetrace.zoning import on_grid

    # To the millimetre: the rest is noise of the projection, and half of the request's size.
    rings = [
        [[[round(x, 3), round(y, 3)] for x, y in ring] for ring in polygon]
        for polygon in on_grid(area, grid)
    ]
    return ee.Geometry.MultiPolygon(rings, crs_of(grid), geodesic=False, evenOdd=True)


def covered(area: MultiPolygon, grid: Grid) -> ee.Image:
    """1 where a pixel's centre lies in an area, else 0."""
    import ee

    feature = ee.Feature(outline(area, grid), {})
    return ee.Image.constant(0).toByte().paint(ee.FeatureCollection([feature]), 1)


def inside(site: Site, grid: Grid) -> ee.Image:
    """1 where a pixel's centre lies in the site's area of interest, else 0."""
    return covered(site.area_of_interest.geometry, grid)


def zone_rows(zone_set: ZoneSet, grid: Grid) -> ee.Image:
    """The row of a table that each pixel counts in: the zones, then `none`, then `several`."""
    import ee

    none, several = len(zone_set.zones), len(zone_set.zones) + 1
    rows, holding = ee.Image.constant(0).toInt(), ee.Image.constant(0).toInt()
    for position, zone in enumerate(zone_set.zones):
        here = covered(zone.geometry, grid).toInt()
        rows = rows.add(here.multiply(position))
        holding = holding.add(here)
    return rows.where(holding.eq(0), none).where(holding.gt(1), several).rename("zone")
