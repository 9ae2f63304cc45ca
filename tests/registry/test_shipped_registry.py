"""What the shipped registry promises."""

from __future__ import annotations

import json

import numpy as np
import pytest

from reetrace.core.errors import RegistryError, UnknownSite
from reetrace.registry import load_registry
from reetrace.registry.checking import check
from reetrace.registry.outlines import area_m2
from reetrace.shipped import shipped
from reetrace.zoning import inside, lay_grid, zone_codes
from tests.registry.made_up_sites import write_site


def test_the_shipped_registry_has_no_fault():
    """Every shipped file passes the check a user runs."""
    outcome = check((), None)

    assert outcome.faults == ()
    assert outcome.files >= 21


def test_the_schema_is_itself_a_schema():
    """Other programs validate by it too."""
    from jsonschema import Draft202012Validator

    schema = json.loads((shipped("registry") / "site.schema.json").read_text(encoding="utf-8"))

    Draft202012Validator.check_schema(schema)


def test_the_study_area_has_the_size_the_study_gives_on_the_ground_and_in_pixels():
    """57.76 km², within 0.01; its sides lie on pixel edges, so that no part-pixel is lost."""
    site = load_registry().site("kachin-nujiang")
    grid = lay_grid(site)

    pixels = int(inside(site, grid).sum())

    assert area_m2(site.area_of_interest.geometry) / 1e6 == pytest.approx(57.76, abs=0.01)
    assert pixels == grid.rows * grid.cols
    assert pixels * grid.pixel_area_m2 / 1e6 == pytest.approx(57.76, abs=0.01)


def test_the_mines_are_zones_of_one_study_area():
    """The classification runs once; sites and countries are zones of it."""
    registry = load_registry()
    areas = {registry.study_area(registry.site(name)).id for name in ("mine-A", "MINE-b")}

    sets = registry.zone_sets(registry.site("kachin-nujiang"))

    assert areas == {"kachin-nujiang"}
    assert [each.id for each in sets] == [
        "study-area",
        "mines",
        "countries-osm-2017",
        "countries-natural-earth-4.1",
    ]
    assert [zone.id for zone in sets[1].zones] == ["mine-A", "mine-B"]
    assert [zone.id for zone in sets[2].zones] == ["CHN", "MMR"]
    assert "OpenStreetMap" in sets[2].source
    assert sets[2].licence == "ODbL-1.0"


def test_the_two_boundary_editions_differ_by_a_tenth_of_the_area():
    """Natural Earth is off by kilometres here, which is why both are reported."""
    registry = load_registry()
    site = registry.site("kachin-nujiang")
    grid = lay_grid(site)
    osm, natural_earth = registry.zone_sets(site)[2:]

    chinese = [int((zone_codes(each, grid) == 1).sum()) for each in (osm, natural_earth)]

    assert chinese[0] * grid.pixel_area_m2 / 1e6 == pytest.approx(22.26, abs=0.1)
    assert chinese[1] * grid.pixel_area_m2 / 1e6 == pytest.approx(18.46, abs=0.1)


def test_the_point_of_the_study_lies_in_mine_a_and_in_myanmar():
    """98.53 E 25.89 N is in Myanmar by both editions."""
    registry = load_registry()
    grid = lay_grid(registry.site("kachin-nujiang"))
    from reetrace.zoning import pixel_of

    rows, cols = pixel_of(np.array([98.53]), np.array([25.89]), grid)
    codes = [
        int(zone_codes(each, grid)[rows[0], cols[0]])
        for each in registry.zone_sets(registry.site("kachin-nujiang"))[1:]
    ]

    assert codes == [1, 2, 2]


def test_a_placed_outline_says_that_it_is_approximate():
    """The study prints no outlines; nobody may take these for surveyed ones."""
    registry = load_registry()

    for name in ("kachin-nujiang", "mine-A", "mine-B"):
        own = [zone for zone in registry.site(name).zones if zone.role != "country"]
        assert all(zone.approximate and zone.precision_m >= 1000 for zone in own)


@pytest.mark.parametrize(
    ("near", "name"),
    [
        ((109.97, 41.80), "bayan-obo"),
        ((-115.53, 35.48), "mountain-pass"),
        ((122.55, -28.86), "mount-weld"),
        ((34.65, 67.89), "lovozero"),
        ((-46.94, -19.65), "araxa"),
        ((101.97, 28.45), "maoniuping"),
        ((18.63, -30.98), "steenkampskraal"),
        ((133.24, -22.59), "nolans"),
        ((-46.0, 60.97), "kvanefjeld"),
        ((-60.09, -0.77), "pitinga"),
    ],
)
def test_a_known_mine_lies_where_it_is_known_to_lie(near, name):
    """One slipped digit in a coordinate is a mine on another continent."""
    from shapely import Point

    from reetrace.zoning import to_shapely

    site = load_registry().site(name)

    assert to_shapely(site.area_of_interest.geometry).contains(Point(near))


def test_every_site_but_a_part_has_a_country():
    """A site within one country is one zone of it."""
    registry = load_registry()

    alone = [site for site in registry.sites if site.part_of is None]

    assert len(alone) >= 11
    for site in alone:
        codes = {zone.id for zone in site.zones if zone.role == "country"}
        assert codes == set(site.countries)


def test_a_wrong_site_id_names_the_nearest_ones():
    """A slip of the finger costs no second command."""
    with pytest.raises(UnknownSite, match=r"'mineA'.*mine-A.*reetrace sites list"):
        load_registry().site("mineA")


def test_a_users_file_stands_for_the_shipped_one_and_is_said_to(tmp_path):
    """The user's registry is layered over the shipped one."""
    write_site(tmp_path, id="mountain-pass", aliases=[])
    write_site(tmp_path)

    registry = load_registry(tmp_path)

    assert registry.overridden == ("mountain-pass",)
    assert registry.site("mountain-pass").countries == ("DEU",)
    assert registry.site("OLD-NAME").id == "made-up"
    assert registry.site("bayan-obo").countries == ("CHN",)


def test_an_alias_that_two_sites_claim_is_refused(tmp_path):
    """A name means one place."""
    write_site(tmp_path, aliases=["Bayan-Obo"])

    with pytest.raises(RegistryError, match=r"bayan-obo.*already names"):
        _ = load_registry(tmp_path).sites


def test_a_part_of_nothing_is_refused(tmp_path):
    """The study area is where the classification runs."""
    write_site(tmp_path, part_of="nowhere")
    registry = load_registry(tmp_path)

    with pytest.raises(RegistryError, match=r"part_of: 'nowhere'"):
        registry.study_area(registry.site("made-up"))


def test_a_missing_registry_folder_is_one_line(tmp_path):
    """A mistyped --registry must not fall back to the shipped sites alone."""
    with pytest.raises(RegistryError, match="no such registry folder"):
        load_registry(tmp_path / "absent")


def test_no_word_of_the_registry_is_one_that_a_report_may_not_use():
    """A note that stopped its own report from being made would be found by a user first."""
    from reetrace.reading.wording import forbidden
    from reetrace.registry.claims import arithmetic_faults

    registry = load_registry()
    texts = [text for site in registry.sites for text in (site.note, site.title, site.commodity)]
    texts += [zone.source for site in registry.sites for zone in site.zones]
    texts += [
        text
        for study in registry.published("mine-A")
        for fault in arithmetic_faults(study)
        for text in (fault.where, fault.explanation)
    ]

    assert [hit.word for text in texts for hit in forbidden(text)] == []
