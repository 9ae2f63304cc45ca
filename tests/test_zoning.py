"""The grid that every engine obeys, and the zones burnt on it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace import zoning
from reetrace.core.errors import RegistryError
from reetrace.core.geometry import MultiPolygon
from reetrace.core.grid import Lattice
from reetrace.core.site import Name, Site, Zone, ZoneSet


def rectangle(west: float, south: float, east: float, north: float) -> MultiPolygon:
    """A box in degrees."""
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return ((ring,),)


def zone(zone_id: str, area: MultiPolygon) -> Zone:
    """A zone with nothing but its outline."""
    return Zone(zone_id, "area-of-interest", zone_id, area, "drawn for a test", "2020", "", 0.0)


def site(area: MultiPolygon) -> Site:
    """A site with nothing but its area of interest."""
    return Site(
        id="made-up",
        names=(Name("Made up", "en"),),
        aliases=(),
        countries=(),
        commodity="",
        deposit_type="",
        mining_method="",
        status="unknown",
        epochs=(),
        season_months=(),
        legend="mine",
        part_of=None,
        zones=(zone("aoi", area),),
        note="",
        digest="",
    )


def test_a_grid_lies_on_the_lattice_of_landsat():
    """Landsat centres its 30 m pixels on multiples of 30, so their edges are 15 m off."""
    grid = zoning.lay_grid(site(rectangle(98.5, 25.8, 98.6, 25.9)))

    assert grid.epsg == 32647
    assert grid.west_m % 30 == 15
    assert grid.north_m % 30 == 15


def test_a_grid_of_20_m_lies_on_the_lattice_of_sentinel_2():
    """Sentinel-2 tiles begin on multiples of their pixel."""
    grid = zoning.lay_grid(site(rectangle(98.5, 25.8, 98.6, 25.9)), 20.0)

    assert (grid.west_m % 20, grid.north_m % 20) == (0, 0)


def test_a_grid_follows_the_lattice_of_the_images_it_will_hold():
    """A user's clip may lie half a pixel off Landsat's lattice; its pixels must not be moved."""
    made_up = site(rectangle(98.5, 25.8, 98.6, 25.9))

    follows = zoning.lay_grid(made_up, 30.0, Lattice(32647, 30.0, 0.0, 7.5))
    neighbour = zoning.lay_grid(made_up, 30.0, Lattice(32648, 30.0, 0.0, 7.5))
    far_away = zoning.lay_grid(made_up, 30.0, Lattice(32645, 30.0, 0.0, 7.5))
    coarser = zoning.lay_grid(made_up, 20.0, Lattice(32647, 30.0, 0.0, 7.5))

    assert (follows.west_m % 30, follows.north_m % 30) == (0.0, 7.5)
    assert (neighbour.epsg, far_away.epsg) == (32647, 32647)
    assert (far_away.west_m % 30, far_away.north_m % 30) == (15.0, 15.0)
    assert (coarser.west_m % 20, coarser.north_m % 20) == (0.0, 0.0)


def test_a_scene_published_in_the_next_zone_is_not_resampled():
    """At 84.0 W a Landsat scene may come in zone 16 or 17; the grid follows the images."""
    made_up = site(rectangle(-84.03, 10.0, -83.97, 10.05))

    alone = zoning.lay_grid(made_up)
    follows = zoning.lay_grid(made_up, 30.0, Lattice(32616, 30.0, 15.0, 15.0))

    assert (alone.epsg, follows.epsg) == (32617, 32616)


def test_the_southern_hemisphere_has_negative_northings():
    """A south zone's false northing of 10,000 km is no multiple of 30 m: Landsat never uses it."""
    grid = zoning.lay_grid(site(rectangle(-70.01, -12.9, -69.98, -12.87)))

    assert grid.epsg == 32619
    assert grid.north_m < 0
    assert grid.north_m % 30 == 15


def test_a_site_across_the_date_line_is_one_piece():
    """Longitudes that run past 180 keep the area together in one zone of 15 m margins."""
    area = rectangle(179.9, -16.9, 180.1, -16.7)

    grid = zoning.lay_grid(site(area))

    assert grid.epsg == 32601
    assert zoning.inside(site(area), grid).sum() * grid.pixel_area_m2 == pytest.approx(
        471.876e6, rel=1e-3
    )


def test_a_site_beyond_utm_is_refused_in_one_line():
    """UTM ends at 84 degrees north."""
    with pytest.raises(RegistryError, match=r"latitude 84\.50 to 85\.00"):
        zoning.lay_grid(site(rectangle(10, 84.5, 11, 85)))


def test_a_continent_is_refused_in_one_line():
    """A grid of more than 24,000 pixels square is no mine."""
    with pytest.raises(RegistryError, match="Split it into smaller sites"):
        zoning.lay_grid(site(rectangle(0, 0, 10, 10)))


@settings(max_examples=15, deadline=None)
@given(
    west=st.floats(-180, 180),
    south=st.floats(-78, 80),
    width=st.floats(0.05, 0.1),
)
def test_counted_area_is_the_area_on_the_ellipsoid(west: float, south: float, width: float):
    """Anywhere on Earth, pixels x pixel area is the geodesic area to within the ragged edge."""
    from pyproj import Geod

    area = rectangle(west, south, west + width, south + width)
    made_up = site(area)

    grid = zoning.lay_grid(made_up)
    counted = zoning.inside(made_up, grid).sum() * grid.pixel_area_m2

    longitudes, latitudes = zip(*area[0][0], strict=True)
    true_m2, perimeter_m = Geod(ellps="WGS84").polygon_area_perimeter(longitudes, latitudes)
    # Each side may be off by half a pixel; a parallel sags less than that from a geodesic.
    assert counted == pytest.approx(abs(true_m2), abs=perimeter_m * 15)


def test_zones_that_overlap_are_counted_as_several():
    """Every pixel has one code: no zone, one zone, or several."""
    made_up = site(rectangle(98.5, 25.8, 98.53, 25.83))
    left = zone("left", rectangle(98.5, 25.8, 98.515, 25.83))
    middle = zone("middle", rectangle(98.51, 25.8, 98.52, 25.83))
    grid = zoning.lay_grid(made_up)

    codes = zoning.zone_codes(ZoneSet("halves", "Halves", (left, middle)), grid)

    shares = [np.mean(codes == code) for code in (0, 1, 2, zoning.SEVERAL)]
    assert sum(shares) == pytest.approx(1.0)
    assert shares == pytest.approx([1 / 3, 1 / 3, 1 / 6, 1 / 6], abs=0.03)


def test_a_pixel_is_found_again_from_its_centre():
    """Centres go to degrees and back to the same row and column; places outside go to -1."""
    grid = zoning.lay_grid(site(rectangle(-60.1, -0.05, -60.0, 0.05)))
    rows, cols = np.array([0, grid.rows - 1]), np.array([5, grid.cols - 1])

    longitudes, latitudes = zoning.lonlat_of(rows, cols, grid)
    again = zoning.pixel_of(longitudes, latitudes, grid)
    outside = zoning.pixel_of(np.array([0.0]), np.array([0.0]), grid)

    assert [each.tolist() for each in again] == [rows.tolist(), cols.tolist()]
    assert [each.tolist() for each in outside] == [[-1], [-1]]
