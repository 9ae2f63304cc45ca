"""Which country a place lies in, and how an area is split."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
from shapely import box

from reetrace.core.errors import RegistryError
from reetrace.registry.countries import coarse_borders, countries_within, read_borders, split
from reetrace.registry.ordering import SiteOrder, add
from reetrace.registry.outlines import area_m2
from reetrace.registry.zone_sets import Edition
from reetrace.zoning import from_shapely

EDITION = Edition("made-up", "made-up borders", "drawn for a test", "CC0-1.0", 50.0)


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ((98.53, 25.89), "MMR"), ((109.97, 41.8), "CHN"), ((-115.53, 35.48), "USA"),
        ((34.65, 67.89), "RUS"), ((179.6, 67.5), "RUS"), ((-175.0, 67.0), "RUS"),
        ((178.0, -17.8), "FJI"), ((-45.5, 61.2), "GRL"), ((-78.4, -0.1), "ECU"),
        ((-78.4, 0.1), "ECU"), ((20.9, 42.6), "KOS"),
    ],
)  # fmt: skip
def test_a_place_lies_in_its_country(place, country):
    """Also where the map of the world is cut, and where no ISO code is given."""
    longitude, latitude = place
    spot = from_shapely(box(longitude, latitude, longitude + 0.01, latitude + 0.01))

    assert countries_within(spot, coarse_borders()) == [country]


def test_the_same_place_said_with_longitudes_past_180_lies_in_the_same_country():
    """181° E is 179° W."""
    east = from_shapely(box(185.0, 67.0, 185.01, 67.01))
    west = from_shapely(box(-175.0, 67.0, -174.99, 67.01))

    assert countries_within(east, coarse_borders()) == countries_within(west, coarse_borders())


def test_the_open_sea_lies_in_no_country():
    """And is said to."""
    nowhere = split(from_shapely(box(0.0, 0.0, 0.1, 0.1)), coarse_borders())

    assert nowhere.zones == ()
    assert "No country" in nowhere.doubts[0]


def test_an_area_well_inside_a_country_is_one_zone_that_covers_it():
    """A coastline or border drawn coarsely must not cut pieces off it."""
    area = from_shapely(box(109.9, 41.7, 110.0, 41.8))

    inland = split(area, coarse_borders())
    (zone,) = inland.zones

    assert (zone.id, inland.doubts) == ("CHN", ())
    assert area_m2(zone.geometry) > area_m2(area)


def test_an_area_near_a_border_is_split_and_doubted():
    """Within the 10 km that the coarse edition may be off, the split is only rough."""
    near = split(from_shapely(box(98.5, 25.8, 98.6, 25.95)), coarse_borders())

    assert [zone.id for zone in near.zones] == ["CHN", "MMR"]
    assert "areas by country are rough" in near.doubts[0]
    assert {zone.precision_m for zone in near.zones} == {10_000.0}


def made_up_borders(path: Path, codes: str = "iso_a3") -> Path:
    """Two countries that overlap by a strip, and leave one free further north."""
    geopandas.GeoDataFrame(
        {codes: ["AAA", "BBB"], "name": ["A", "B"]},
        geometry=[box(9.0, 49.0, 10.06, 51.0), box(10.04, 49.0, 11.0, 50.05)],
        crs=4326,
    ).to_file(path)
    return path


def test_gaps_and_overlaps_of_the_borders_are_left_as_they_are(tmp_path):
    """Ground in no country and in two is reported, not filled by hand."""
    borders = read_borders(made_up_borders(tmp_path / "b.gpkg"), edition=EDITION, date="2020")
    area = from_shapely(box(10.0, 50.0, 10.1, 50.1))

    zones = {zone.id: zone for zone in split(area, borders).zones}
    from reetrace.zoning import to_shapely

    one, other = (to_shapely(zones[code].geometry) for code in ("AAA", "BBB"))
    square = to_shapely(area)

    assert one.intersection(other).intersection(square).area == pytest.approx(0.02 * 0.05, rel=1e-6)
    assert square.difference(one.union(other)).area == pytest.approx(0.04 * 0.05, rel=1e-6)


def test_a_users_borders_split_a_users_site(tmp_path):
    """--borders FILE gives an edition of its own, with the precision the user states."""
    path = made_up_borders(tmp_path / "survey_2020.gpkg")
    order = SiteOrder(
        point=(10.05, 50.02), radius_km=1.0, borders=path, borders_precision_m=25.0, place_ok=True
    )

    (site,) = add("my-mine", order, tmp_path / "own").sites
    countries = [zone for zone in site.zones if zone.role == "country"]

    assert [(zone.id, zone.edition, zone.precision_m) for zone in countries] == [
        ("AAA", "survey-2020", 25.0),
        ("BBB", "survey-2020", 25.0),
    ]


def test_a_doubt_about_the_border_is_kept_in_the_note_of_the_site(tmp_path):
    """Who reads the file later must know as much as who added it."""
    order = SiteOrder(point=(98.7, 26.1), radius_km=1.0, note="Seen once.")

    kept = add("near-border", order, tmp_path)

    assert kept.sites[0].note == f"Seen once. {kept.doubts[0]}"
    assert "areas by country are rough" in kept.doubts[0]


def test_borders_without_country_codes_are_refused(tmp_path):
    """A country without its code could not be named in a table."""
    path = made_up_borders(tmp_path / "b.gpkg", codes="colour")

    with pytest.raises(RegistryError, match="no field of country codes"):
        read_borders(path, edition=EDITION, date="2020")
