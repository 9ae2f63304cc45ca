"""`reetrace sites`: parse, one call, print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from reetrace.cli.sites import sites_app
from reetrace.core.errors import RegistryError, UnknownSite
from tests.registry.made_up_sites import box, write_geojson, write_site


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REETRACE_REGISTRY", raising=False)


def call(*words: str) -> Result:
    """What the command prints, returns or raises."""
    return CliRunner().invoke(sites_app, [str(word) for word in words])


def sound(words: Sequence[str]) -> str:
    """The output of a command that must succeed."""
    result = call(*words)
    if result.exception is not None:
        raise result.exception
    return result.output


def test_list_shows_every_site_on_a_line():
    """For people and for pipes."""
    lines = sound(["list"]).splitlines()

    assert lines[0].split() == ["id", "name", "countries", "status", "km²", "epochs", "part", "of"]
    assert len(lines) >= 21
    assert any(line.startswith("mine-A ") and line.endswith("kachin-nujiang") for line in lines)


def test_list_as_json_has_places_and_areas():
    """For scripts."""
    sites = {each["id"]: each for each in json.loads(sound(["list", "--json"]))}

    assert sites["kachin-nujiang"]["area_km2"] == pytest.approx(57.76, abs=0.01)
    assert sites["mine-A"]["longitude"] == pytest.approx(98.53, abs=0.02)


def test_show_prints_zones_with_source_and_precision():
    """What a reader must know before trusting an outline."""
    text = sound(["show", "mine-a"])

    assert text.startswith("mine-A: Mine A (Kachin side)")
    assert "approximate, within 1500 m" in text
    assert "doi:10.3390/rs15184597" in text


def test_show_as_json_names_the_zone_sets():
    """Scripts read the same facts."""
    record = json.loads(sound(["show", "kachin-nujiang", "--json"]))

    assert list(record["zone_sets"]) == [
        "study-area", "mines", "countries-osm-2017", "countries-natural-earth-4.1",
    ]  # fmt: skip
    assert record["published"] == ["chinkaka-2023"]


def test_show_of_a_wrong_id_names_the_nearest():
    """One line, no traceback."""
    fault = call("show", "bayanobo").exception

    assert isinstance(fault, UnknownSite)
    assert "bayan-obo" in str(fault)


def test_added_is_listed_shown_and_checked(tmp_path):
    """The whole way of a user's own site, without naming a folder."""
    said = sound(["add", "my-mine", "--point", "10.05", "50.05", "--radius-km", "2"])

    assert "Added my-mine (12.5" in said
    assert "my-mine" in sound(["list"])
    assert "reetrace-registry" in said
    assert "no faults" in sound(["check"])
    assert (tmp_path / "reetrace-registry" / "sites" / "my-mine.geojson").is_file()


def test_add_as_json_says_what_was_written(tmp_path):
    """Repairs and doubts too."""
    own = str(tmp_path / "own")
    words = ["add", "my-mine", "--point", "10.05", "50.05", "--radius-km", "2", "--registry", own]

    outcome = json.loads(sound([*words, "--json"]))

    assert outcome["added"] == ["my-mine"]
    assert Path(outcome["files"][0]).is_file()
    assert outcome["repairs"] == outcome["doubts"] == []


def test_southern_and_western_points_are_no_options():
    """A minus sign is part of a number."""
    words = ["add", "my-mine", "--point", "-69.9956", "-12.8853", "--radius-km", "1.6"]

    assert "PER" in sound([*words, "--country", "PER", "--near-ok"])


def test_add_from_a_file_lists_its_repairs():
    """What was changed is said at once."""
    path = Path("tie.geojson")
    tie = [[10, 50], [10.02, 50.01], [10.02, 50], [10, 50.01], [10, 50]]
    write_geojson(path, {"type": "Polygon", "coordinates": [tie]})

    assert "repaired: mended: Self-intersection" in sound(["add", "my-mine", "tie.geojson"])


def test_a_refusal_is_a_plain_error_of_ours():
    """The command line turns it into one line and exit code 1."""
    fault = call("add", "my-mine", "--point", "25.89", "98.53", "--radius-km", "2").exception

    assert isinstance(fault, RegistryError)
    assert "may be swapped" in str(fault)


def test_import_adds_one_site_a_feature():
    """With ids, names and countries from fields."""
    write_geojson(
        Path("all.geojson"),
        box(10.0, 50.0, 10.02, 50.02),
        box(11.0, 50.0, 11.02, 50.02),
        properties=[
            {"code": "north", "title": "Nord", "land": "DEU"},
            {"code": "south", "title": "Süd", "land": "DEU"},
        ],
    )
    words = ["import", "all.geojson", "--id-field", "code", "--name-field", "title"]

    said = sound([*words, "--country-field", "land"])

    assert "Added north" in said
    assert "Added south" in said
    assert "Nord" in sound(["list"])


def test_check_prints_one_line_a_fault_and_exits_with_1(tmp_path):
    """File, field, value, what was needed."""
    write_site(tmp_path / "own", countries=["MM"])

    result = call("check", str(tmp_path / "own"))

    assert result.exit_code == 1
    assert 'made-up.geojson: reetrace.countries.0: "MM"; needed: an ISO' in result.output


def test_check_as_json_lists_the_faults(tmp_path):
    """And says whether the files are sound."""
    write_site(tmp_path / "own", status="shut")

    result = call("check", str(tmp_path / "own"), "--json")

    assert json.loads(result.stdout)["sound"] is False
    assert result.exit_code == 1


def test_claims_lists_what_does_not_add_up():
    """For any study that is written down as data, not for this one alone."""
    text = sound(["claims", "mine-A"])
    (record,) = json.loads(sound(["claims", "mine-A", "--json"]))

    assert "kappa: printed 0.9877, recomputed 0.9767" in text
    assert record["study"] == "chinkaka-2023"
    assert f"{len(record['faults'])} figures do not follow" in text


def test_claims_reads_a_users_own_table(tmp_path):
    """A supplier's statement is checked by the same arithmetic."""
    path = tmp_path / "statement.toml"
    areas = "".join(
        f'[[areas]]\nzone = "all"\nepoch = "{epoch}"\nlandcover = "mine"\n'
        f'area_km2 = {area}\nwhere = "p. 1"\n'
        for epoch, area in (("2005", "1.0"), ("2020", "3.0"))
    )
    growth = (
        '[[changes]]\nzone = "all"\nlandcover = "mine"\nfirst = "2005"\nlast = "2020"\n'
        'value = 300\nunit = "%"\nwhere = "p. 2"\n'
    )
    path.write_text(f'id = "s"\ntitle = "T"\ncitation = "C"\n{areas}{growth}')

    assert "printed 300 %, recomputed 200 %" in sound(["claims", str(path)])


def test_the_environment_names_the_folder(tmp_path, monkeypatch):
    """As for every other command."""
    write_site(tmp_path / "own")
    monkeypatch.setenv("REETRACE_REGISTRY", str(tmp_path / "own"))

    assert "made-up" in sound(["list"])
