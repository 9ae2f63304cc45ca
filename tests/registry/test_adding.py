"""A new site is kept whole, or refused with the reason and nothing written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.core.errors import OutputError, ReetraceError, RegistryError
from reetrace.registry import load_registry
from reetrace.registry.ordering import SiteOrder, add, add_many
from reetrace.registry.outlines import area_m2, middle
from reetrace.zoning import inside, lay_grid
from tests.registry.made_up_sites import box, polygon, write_geojson, write_site

POINT = SiteOrder(point=(10.05, 50.05), radius_km=2.0)


def test_a_point_with_a_radius_becomes_a_circle_that_says_how_rough_it_is(tmp_path):
    """The area of a circle of 2 km is 12.57 km²; 64 corners leave out 0.2 %."""
    add("my-mine", POINT, tmp_path)

    site = load_registry(tmp_path).site("my-mine")

    assert area_m2(site.area_of_interest.geometry) / 1e6 == pytest.approx(12.566, rel=0.003)
    assert site.area_of_interest.approximate
    assert site.area_of_interest.precision_m == 2000.0
    assert site.countries == ("DEU",)
    assert [zone.id for zone in site.zones if zone.role == "country"] == ["DEU"]


def test_what_is_said_about_a_site_is_kept(tmp_path):
    """Names in local scripts, aliases, years, months, status, note."""
    order = SiteOrder(
        point=(10.05, 50.05), radius_km=2.0, names=("The pit", "zh-Hans=矿坑", "my=တွင်း"),
        aliases=("pit-9",), countries=("deu",), epochs="2018,2006", season="11,12,1",
        status="closed", note="looked at twice", date="2019", licence="CC-BY-4.0",
    )  # fmt: skip

    add("my-mine", order, tmp_path)
    site = load_registry(tmp_path).site("PIT-9")

    assert [(name.language, name.text) for name in site.names] == [
        ("en", "The pit"), ("zh-Hans", "矿坑"), ("my", "တွင်း"),
    ]  # fmt: skip
    assert (site.epochs, site.season_months) == ((2006, 2018), (11, 12, 1))
    assert (site.status, site.note, site.countries) == ("closed", "looked at twice", ("DEU",))
    assert (site.area_of_interest.date, site.area_of_interest.licence) == ("2019", "CC-BY-4.0")


def test_what_the_user_gave_is_kept_byte_for_byte_beside_the_repair(tmp_path):
    """A bow tie is mended to its two halves; the file that was given stays as it was."""
    given_file = tmp_path / "bow.geojson"
    tie = polygon((10.0, 50.0), (10.02, 50.01), (10.02, 50.0), (10.0, 50.01))
    write_geojson(given_file, tie)

    kept = add("my-mine", SiteOrder(file=given_file), tmp_path / "own")
    record = json.loads(kept.files[0].read_text())["reetrace"]
    original = tmp_path / "own" / record["original"][0]["file"]

    assert original.read_bytes() == given_file.read_bytes()
    assert record["original"][0]["sha256"] == hashlib.sha256(given_file.read_bytes()).hexdigest()
    (repair,) = kept.sites[0].repairs
    assert "Self-intersection" in repair.what
    assert repair.area_before_m2 == pytest.approx(0.0, abs=1000.0)
    assert repair.area_after_m2 == pytest.approx(
        area_m2(kept.sites[0].area_of_interest.geometry), abs=0.1
    )
    assert "repaired" in "\n".join(kept.lines())


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "shp"])
def test_every_kind_of_file_gives_the_same_outline(tmp_path, suffix):
    """GeoJSON, GeoPackage, KML and Shapefile are all how people draw."""
    import geopandas
    from shapely import box as rectangle

    path = tmp_path / f"pit.{suffix}"
    drawn = geopandas.GeoDataFrame(
        {"name": ["pit"]}, geometry=[rectangle(10, 50, 10.02, 50.02)], crs=4326
    )
    drawn.to_file(path)

    kept = add("my-mine", SiteOrder(file=path), tmp_path / "own")
    record = json.loads(kept.files[0].read_text())["reetrace"]

    assert area_m2(kept.sites[0].area_of_interest.geometry) / 1e6 == pytest.approx(3.188, abs=0.01)
    assert kept.sites[0].repairs == ()
    assert all((tmp_path / "own" / each["file"]).is_file() for each in record["original"])


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>pits</name><Placemark><name>pit</name>
<Polygon><outerBoundaryIs><LinearRing><coordinates>
10,50,310 10.02,50,310 10.02,50.02,320 10,50.02,320 10,50,310
</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"""


def test_an_outline_from_google_earth_comes_in_without_its_heights(tmp_path):
    """KML has three coordinates a corner; the ground has two."""
    path = tmp_path / "pit.kml"
    path.write_text(KML)

    (site,) = add("my-mine", SiteOrder(file=path), tmp_path / "own").sites

    assert site.area_of_interest.geometry[0][0][0] == (10.0, 50.0)
    assert area_m2(site.area_of_interest.geometry) / 1e6 == pytest.approx(3.188, abs=0.01)


def test_geojson_that_names_its_longitude_and_latitude_crs84_is_not_reprojected(tmp_path):
    """QGIS writes it so; it is the same as no crs at all."""
    content = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
        "features": [
            {"type": "Feature", "properties": {}, "geometry": box(10.0, 50.0, 10.02, 50.02)}
        ],
    }

    (site,) = add("my-mine", SiteOrder(file=_file(tmp_path, content)), tmp_path / "own").sites

    assert "reprojected" not in site.area_of_interest.source
    assert site.area_of_interest.geometry[0][0][0] == (10.0, 50.0)


def test_a_registry_that_cannot_be_written_is_one_line(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "own").write_text("")

    with pytest.raises(OutputError, match="could not be written"):
        add("my-mine", POINT, tmp_path / "own")


def test_a_name_with_an_equals_sign_is_a_name(tmp_path):
    """Only a language tag before it makes it a language."""
    order = replace(POINT, names=("Pit=7", "my=တွင်း"))

    (site,) = add("my-mine", order, tmp_path).sites

    assert [(name.language, name.text) for name in site.names] == [("en", "Pit=7"), ("my", "တွင်း")]


def test_a_projected_file_that_says_its_crs_is_reprojected_and_said_to_be(tmp_path):
    """Metres with a CRS are no mistake."""
    import geopandas
    from shapely import box as rectangle

    path = tmp_path / "pit.gpkg"
    drawn = geopandas.GeoDataFrame(
        geometry=[rectangle(571000, 5538000, 572000, 5540000)], crs=32632
    )
    drawn.to_file(path)

    (site,) = add("my-mine", SiteOrder(file=path), tmp_path / "own").sites

    assert middle(site.area_of_interest.geometry) == pytest.approx((10.0, 50.0), abs=0.02)
    assert "reprojected from WGS 84 / UTM zone 32N" in site.area_of_interest.source


def test_an_outline_with_a_buffer_is_a_mine_within_a_wider_area(tmp_path):
    """What grows beyond the outline is seen too."""
    path = write_geojson(tmp_path / "pit.geojson", box(10.0, 50.0, 10.02, 50.02))

    (site,) = add("my-mine", SiteOrder(file=path, buffer_km=1.0), tmp_path / "own").sites
    sets = load_registry(tmp_path / "own").zone_sets(site)

    assert [each.id for each in sets] == ["study-area", "mines", "countries-natural-earth-4.1-50m"]
    assert area_m2(sets[1].zones[0].geometry) / 1e6 == pytest.approx(3.188, abs=0.01)
    assert area_m2(site.area_of_interest.geometry) / 1e6 == pytest.approx(13.6, abs=0.2)


@pytest.mark.parametrize(
    ("site_id", "order", "said"),
    [
        ("my-mine", SiteOrder(point=(10.05, 50.05)), "--radius-km"),
        ("my-mine", SiteOrder(point=(10.05, 50.05), radius_km=-1.0), "--radius-km"),
        ("my-mine", SiteOrder(point=(10.05, 50.05), radius_km=float("inf")), "at most 50 km"),
        ("my-mine", SiteOrder(point=(10.05, 50.05), radius_km=float("nan")), "--radius-km"),
        ("my-mine", SiteOrder(point=(10.0, 85.0), radius_km=2.0, place_ok=True), "84° N"),
        ("my-mine", SiteOrder(), "either a file"),
        ("my-mine", SiteOrder(point=(452919.0, 2863586.0), radius_km=2.0), "looks projected"),
        ("my-mine", SiteOrder(point=(25.89, 98.53), radius_km=2.0), "may be swapped"),
        ("my-mine", SiteOrder(point=(-19.6, -46.9), radius_km=2.0), "swapped it is in BRA"),
        (
            "my-mine",
            SiteOrder(point=(50.05, 10.05), radius_km=2.0, countries=("DEU",)),
            "swapped it is in DEU",
        ),
        (
            "my-mine",
            SiteOrder(point=(10.05, 50.05), radius_km=2.0, countries=("CHN",)),
            "lies in DEU, not in CHN",
        ),
        (
            "my-mine",
            SiteOrder(point=(10.05, 50.05), radius_km=2.0, countries=("XYZ",)),
            "country 'XYZ' is not known",
        ),
        ("my mine", POINT, "id 'my mine'"),
        ("../up", POINT, "id '../up'"),
        ("a", POINT, "id 'a'"),
        ("MINE-a", POINT, "already names site mine-A"),
        (
            "my-mine",
            SiteOrder(point=(10.05, 50.05), radius_km=2.0, aliases=("Bayan-Obo",)),
            "alias",
        ),
        ("my-mine", SiteOrder(point=(109.975, 41.74), radius_km=1.0), "--near-ok"),
        ("my-mine", SiteOrder(point=(10.05, 50.05), radius_km=100.0), "at most 50 km"),
        ("my-mine", SiteOrder(point=(10.05, 50.05), radius_km=2.0, status="open"), "status 'open'"),
        ("my-mine", SiteOrder(point=(10.05, 50.05), radius_km=2.0, epochs="20x5"), "--epochs"),
        ("my-mine", SiteOrder(point=(10.05, 50.05), radius_km=2.0, season="13"), "--season"),
        ("my-mine", SiteOrder(point=(10.05, 50.05), radius_km=2.0, legend="gold"), "gold"),
        ("my-mine", SiteOrder(point=(10.05, 50.05), radius_km=2.0, part_of="nowhere"), "nowhere"),
        (
            "my-mine",
            SiteOrder(point=(10.05, 50.05), radius_km=2.0, part_of="mine-A"),
            "itself part",
        ),
        (
            "my-mine",
            SiteOrder(point=(10.05, 50.05), radius_km=2.0, part_of="kachin-nujiang"),
            "lies outside",
        ),
        ("my-mine", SiteOrder(point=(10.05, 50.05), radius_km=2.0, date="soon"), "date"),
    ],
)
def test_what_cannot_be_a_site_is_refused_in_one_line_and_nothing_is_written(
    tmp_path, site_id, order, said
):
    """The reason holds the value, and what to do."""
    with pytest.raises(ReetraceError) as refused:
        add(site_id, order, tmp_path / "own")

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "own").exists()


def _file(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "given.geojson"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ('{"type": "FeatureCollection", "features": []}', "no"),
        ({"type": "Feature", "properties": {}, "geometry": None}, "geometr"),
        (
            {"type": "Polygon", "coordinates": [[[10, 50], [10.1, 50], [10.1, 50.1], [10, 50.1]]]},
            "not closed",
        ),
        ({"type": "LineString", "coordinates": [[10, 50], [11, 51]]}, "LineString"),
        ({"type": "Point", "coordinates": [10.05, 50.05]}, "--radius-km"),
        ({"type": "MultiPoint", "coordinates": [[10, 50], [10.1, 50.1]]}, "2 points in one"),
        (polygon((452919, 2863586), (453919, 2863586), (453919, 2864586)), "looks projected"),
        (polygon((25.8, 98.5), (25.9, 98.5), (25.9, 98.6)), "may be swapped"),
        (polygon((10, 50), (10.1, 50.1), (10.2, 50.2)), "encloses no area"),
        (box(9, 49, 12, 52), "more than 10,000 km²"),
    ],
)
def test_a_file_that_holds_no_outline_is_refused(tmp_path, content, said):
    """Empty, broken, lines, bare points, flat or huge outlines."""
    with pytest.raises(RegistryError) as refused:
        add("my-mine", SiteOrder(file=_file(tmp_path, content)), tmp_path / "own")

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "own").exists()


def test_a_file_with_several_layers_asks_which(tmp_path):
    """One layer may be the lease, another the pits."""
    import geopandas
    from shapely import box as rectangle

    path = tmp_path / "pit.gpkg"
    for layer in ("lease", "pits"):
        drawn = geopandas.GeoDataFrame(geometry=[rectangle(10, 50, 10.02, 50.02)], crs=4326)
        drawn.to_file(path, layer=layer)

    with pytest.raises(RegistryError, match="2 layers; name one with --layer: lease, pits"):
        add("my-mine", SiteOrder(file=path), tmp_path / "own")
    with pytest.raises(RegistryError, match="has no layer 'ponds'"):
        add("my-mine", SiteOrder(file=path, layer="ponds"), tmp_path / "own")
    assert add("my-mine", SiteOrder(file=path, layer="pits"), tmp_path / "own").files


def test_a_shapefile_without_its_crs_is_refused(tmp_path):
    """Numbers without a CRS mean no place."""
    import geopandas
    from shapely import box as rectangle

    path = tmp_path / "pit.shp"
    geopandas.GeoDataFrame(
        {"a": [1]}, geometry=[rectangle(10, 50, 10.02, 50.02)], crs=4326
    ).to_file(path)
    path.with_suffix(".prj").unlink()

    with pytest.raises(RegistryError, match="says no CRS"):
        add("my-mine", SiteOrder(file=path), tmp_path / "own")


def test_near_sites_are_told_apart_only_by_the_user(tmp_path):
    """A mine listed twice would be counted twice."""
    order = SiteOrder(point=(109.975, 41.74), radius_km=1.0, near_ok=True)

    assert add("my-mine", order, tmp_path).files


def test_a_part_of_a_study_area_may_lie_in_it_and_has_no_countries_of_its_own(tmp_path):
    """It is a zone of the study area, which has the countries."""
    order = SiteOrder(point=(98.535, 25.86), radius_km=0.5, part_of="kachin-nujiang")

    (site,) = add("my-mine", order, tmp_path).sites
    registry = load_registry(tmp_path)
    mines = registry.zone_sets(registry.study_area(site))[1]

    assert {zone.role for zone in site.zones} == {"area-of-interest", "mine"}
    assert [zone.id for zone in mines.zones] == ["mine-A", "mine-B", "my-mine"]


CUT = {
    "type": "MultiPolygon",
    "coordinates": [
        box(179.97, -16.95, 180.0, -16.9)["coordinates"],
        box(-180.0, -16.95, -179.97, -16.9)["coordinates"],
    ],
}
JUMPING = polygon((179.97, -16.95), (-179.97, -16.95), (-179.97, -16.9), (179.97, -16.9))


@pytest.mark.parametrize("drawn", [CUT, JUMPING], ids=["cut", "jumping"])
def test_a_site_across_the_date_line_is_one_piece(tmp_path, drawn):
    """Taveuni: cut at 180° as GeoJSON wants it, or jumping to -180°, it is one area."""
    path = write_geojson(tmp_path / "fiji.geojson", drawn)

    (site,) = add("fiji-pit", SiteOrder(file=path), tmp_path / "own").sites
    grid = lay_grid(site)
    covered_km2 = int(inside(site, grid).sum()) * grid.pixel_area_m2 / 1e6

    assert len(site.area_of_interest.geometry) == 1
    assert grid.cols < 250
    assert covered_km2 == pytest.approx(area_m2(site.area_of_interest.geometry) / 1e6, rel=0.01)
    assert site.countries == ("FJI",)
    assert "past 180" in site.repairs[0].what


@pytest.mark.parametrize("place", [(179.99, -16.9), (-179.99, -16.9), (-78.4, 0.0), (32.0, 0.001)])
def test_a_circle_on_the_date_line_or_the_equator_covers_its_area(tmp_path, place):
    """No wrap, no sign and no hemisphere changes the hectares."""
    (site,) = add("edge", SiteOrder(point=place, radius_km=3.0, place_ok=True), tmp_path).sites
    grid = lay_grid(site)

    covered_km2 = int(inside(site, grid).sum()) * grid.pixel_area_m2 / 1e6

    assert covered_km2 == pytest.approx(28.27, rel=0.01)


@settings(max_examples=25, deadline=None)
@given(st.floats(-180, 180), st.floats(-75, 80), st.floats(0.5, 20))
def test_a_circle_has_its_area_anywhere_on_earth(longitude, latitude, radius_km):
    """Within 0.3 % of πr², wherever it lies."""
    from reetrace.registry.shapes import circle

    area = circle((longitude, latitude), radius_km)

    assert area_m2(area) / 1e6 == pytest.approx(3.14159 * radius_km**2, rel=0.004)


def test_many_sites_come_in_together(tmp_path):
    """One feature, one site; the file that was given is kept once."""
    path = write_geojson(
        tmp_path / "all.geojson",
        box(10.0, 50.0, 10.02, 50.02),
        box(11.0, 50.0, 11.02, 50.02),
        properties=[{"code": "north", "title": "Nord"}, {"code": "south", "title": "Süd"}],
    )

    kept = add_many(SiteOrder(file=path), ("code", "title", ""), tmp_path / "own")

    assert [(site.id, site.title) for site in kept.sites] == [("north", "Nord"), ("south", "Süd")]
    assert len(list((tmp_path / "own" / "originals").rglob("*.geojson"))) == 1


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ({"code": "north"}, "feature 2: id 'north' already names"),
        ({"code": "b d"}, "feature 2: id 'b d'"),
        ({"code": None}, "feature 2: field 'code' is empty"),
        ({}, "feature 2: field 'code' is empty"),
    ],
)
def test_if_one_of_many_is_refused_none_is_added(tmp_path, second, said):
    """Half an import is worse than none."""
    path = write_geojson(
        tmp_path / "all.geojson",
        box(10.0, 50.0, 10.02, 50.02),
        box(11.0, 50.0, 11.02, 50.02),
        properties=[{"code": "north"}, second],
    )

    with pytest.raises(RegistryError) as refused:
        add_many(SiteOrder(file=path), ("code", "", ""), tmp_path / "own")

    assert said in str(refused.value)
    assert not (tmp_path / "own").exists()


def test_a_disk_that_fills_up_leaves_the_registry_as_it_was(tmp_path, monkeypatch):
    """The second file fails; the first is taken back, no part file stays."""
    write_site(tmp_path / "own")
    path = write_geojson(
        tmp_path / "all.geojson",
        box(11.0, 50.0, 11.02, 50.02),
        box(12.0, 50.0, 12.02, 50.02),
        properties=[{"id": "north"}, {"id": "south"}],
    )
    placed = []

    def full(_descriptor: int) -> None:
        placed.append(1)
        if len(placed) > 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)

    with pytest.raises(OutputError, match="No space left"):
        add_many(SiteOrder(file=path), ("id", "", ""), tmp_path / "own")

    assert [each.name for each in (tmp_path / "own" / "sites").iterdir()] == ["made-up.geojson"]


def test_the_same_order_writes_the_same_bytes(tmp_path):
    """A registry under version control shows no noise."""
    first = add("my-mine", POINT, tmp_path / "a").files[0].read_bytes()
    second = add("my-mine", POINT, tmp_path / "b").files[0].read_bytes()

    assert first == second
