"""A site file is read whole or refused with file, field, value and need."""

from __future__ import annotations

import hashlib
import json

import pytest

from reetrace.core.errors import RegistryError
from reetrace.registry.site_file import format_document, read_site, site_faults
from tests.registry.made_up_sites import SQUARE, document, feature, write_site


def test_a_sound_file_is_read_with_the_digest_of_its_bytes(tmp_path):
    """What the run id rests on is the file as it lay on the disk."""
    path = write_site(tmp_path)

    site = read_site(path)

    assert site.id == "made-up"
    assert site.title == "Made-up mine"
    assert site.area_of_interest.geometry[0][0][1] == (10.1, 50.0)
    assert site.digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_title_is_the_english_name_wherever_it_stands(tmp_path):
    """A local name may come first in the file; the report's title is English."""
    names = [{"text": "矿山", "language": "zh-Hans"}, {"text": "The mine", "language": "en"}]

    site = read_site(write_site(tmp_path, names=names))

    assert site.title == "The mine"
    assert site.names[0].text == "矿山"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"countries": ["MM"]}, 'reetrace.countries.0: "MM"; needed: an ISO 3166-1 alpha-3'),
        ({"status": "open"}, 'reetrace.status: "open"; needed: active, care-and-maintenance'),
        ({"epochs": [1950]}, "reetrace.epochs.0: 1950; needed: a year from 1972"),
        ({"season_months": [0]}, "reetrace.season_months.0: 0; needed: a calendar month"),
        ({"names": []}, "reetrace.names: []; needed: a list with at least one name"),
        ({"schema": "site-9"}, 'reetrace.schema: "site-9"; needed: `site-1`'),
        ({"commodity": " "}, 'reetrace.commodity: " "; needed: text, not empty'),
        ({"owner": "x"}, "owner"),
        ({"names": [{"text": "a\nb", "language": "en"}]}, "needed: text, not empty, on one line"),
        ({"commodity": "a\x00b"}, "needed: text, not empty, on one line"),
        ({"commodity": "rare earths\n"}, "needed: text, not empty, on one line"),
        ({"countries": ["DEU\n"]}, "needed: an ISO 3166-1 alpha-3"),
        ({"note": "bell \x07"}, "needed: text without control characters"),
        ({"deposit_type": "a\x1b[31m"}, "needed: text, not empty, on one line"),
        ({"commodity": "a\n"}, "needed: text, not empty, on one line"),
        ({"note": "\x07"}, "reetrace.note: "),
    ],
)
def test_a_wrong_field_is_named_with_its_value_and_the_need(tmp_path, record, said):
    """A user mends a file without reading a schema."""
    (fault,) = site_faults(write_site(tmp_path, **record))

    assert fault.startswith("made-up.geojson: ")
    assert said in fault
    assert "\n" not in fault


@pytest.mark.parametrize(
    ("ring", "said"),
    [
        ([[452919, 2863586], [452920, 2863586], [452920, 2863587], [452919, 2863586]], "projected"),
        ([[25.8, 98.5], [25.9, 98.5], [25.9, 98.6], [25.8, 98.5]], "may be swapped"),
        ([[10, 50], [10.1, 50.1], [10.1, 50], [10, 50.1], [10, 50]], "not valid"),
        ([[10, 50], [10.1, 50], [10.2, 50], [10, 50]], "not valid"),
        ([[10, 50], [10.1, 50], [10.1, 50.1], [10, 50.1]], "not closed"),
        ([[10, 50], [10.1, 50], [10, 50]], "closed ring"),
    ],
)
def test_an_outline_that_cannot_be_is_named(tmp_path, ring, said):
    """Projected, swapped, crossing, flat, open and too short rings each have their own words."""
    faults = site_faults(write_site(tmp_path, feature(ring=ring)))

    assert any(said in fault for fault in faults)


def test_a_file_needs_exactly_one_area_of_interest(tmp_path):
    """Everything is counted in it, so there is no site without one, nor with two."""
    (none,) = site_faults(write_site(tmp_path / "a", feature("mine")))
    (two, twice) = site_faults(write_site(tmp_path / "b", feature(), feature()))

    assert "0 features have the role area-of-interest" in none
    assert "2 features have the role area-of-interest" in two
    assert "stands twice" in twice


def test_a_country_without_its_boundary_edition_is_refused(tmp_path):
    """Whose border it is must be said."""
    (fault,) = site_faults(write_site(tmp_path, feature(), feature("country", id="DEU")))

    assert "edition is empty" in fault


def test_a_file_by_another_name_than_its_id_is_refused(tmp_path):
    """The user's file replaces the shipped one by name, so name and id are one."""
    path = write_site(tmp_path)

    (fault,) = site_faults(path.rename(path.with_name("other.geojson")))

    assert "must be called made-up.geojson" in fault


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"type": 1}'])
def test_what_is_no_site_file_is_refused_in_one_line(tmp_path, content):
    """No traceback for a file of the wrong kind."""
    path = tmp_path / "made-up.geojson"
    path.write_bytes(content)

    with pytest.raises(RegistryError, match=r"^made-up\.geojson: [^\n]+$"):
        read_site(path)


def test_a_document_is_written_one_feature_a_line_and_read_back():
    """Reviews on a code host show which zone changed."""
    made = document(feature(), feature("mine", ring=SQUARE))

    text = format_document(made)

    assert json.loads(text) == made
    assert sum('"type": "Feature"' in line for line in text.splitlines()) == 2


def test_a_file_that_gdal_has_edited_in_place_is_still_a_site_file(tmp_path):
    """QGIS saves through GDAL: the record stays, absent properties become null."""
    import pyogrio

    country = feature("country", id="DEU", edition="made-up")
    path = write_site(tmp_path, feature(), country)
    zones = pyogrio.read_dataframe(path)
    mine = zones.iloc[[0]].assign(role="mine")

    pyogrio.write_dataframe(mine, path, driver="GeoJSON", append=True)
    site = read_site(path)

    assert [zone.role for zone in site.zones] == ["area-of-interest", "country", "mine"]
    assert site.title == "Made-up mine"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[" * 100_000, "brackets are nested too deeply"),
        (b"1" * 5_000, "needed: a GeoJSON FeatureCollection"),
        (b"\xff\xfe\x00", "not valid JSON"),
        (b'{"half a letter": "\\ud800"}', "not valid JSON"),
    ],
)
def test_bytes_that_are_no_document_are_one_fault(tmp_path, content, said):
    """Whatever lies there, the reader neither recurses nor counts for ever."""
    path = tmp_path / "made-up.geojson"
    path.write_bytes(content)

    (fault,) = site_faults(path)

    assert said in fault


@pytest.mark.parametrize("number", ["NaN", "1e999", "9" * 400])
def test_a_number_without_end_is_refused_by_its_field(tmp_path, number):
    """Python reads them in JSON, no measurement is one, and the evidence could not hold them."""
    path = write_site(tmp_path)
    path.write_text(path.read_text().replace('"precision_m": 10', f'"precision_m": {number}'))

    (fault,) = site_faults(path)

    assert "features.0.properties.precision_m: " in fault
    assert "; needed: " in fault


def test_what_cannot_be_read_is_refused_by_its_path(tmp_path):
    """A folder may carry the name of a file; a link may lead nowhere."""
    folder, link = tmp_path / "made-up.geojson", tmp_path / "linked.geojson"
    folder.mkdir()
    link.symlink_to(tmp_path / "nowhere")

    for path in (folder, link):
        with pytest.raises(RegistryError, match=f"{path.name}: cannot be read"):
            read_site(path)
