"""The doctor says what works, and never falls ill itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reetrace import checkup
from reetrace.checkup import Finding, examine
from reetrace.settings import Settings
from tests.registry.made_up_sites import write_site


def found(what: str, settings: Settings, *, site: str | None = None) -> Finding:
    """The one finding of this name."""
    (finding,) = [each for each in examine(settings, site=site) if each.what == what]
    return finding


def test_a_sound_machine_has_no_fault(tmp_path):
    """Nothing configured, folders that can be made: a report can be made."""
    settings = Settings(cache=tmp_path / "cache", reports=tmp_path / "a" / "b")

    findings = examine(settings, site="mine-A")

    assert [each.what for each in findings] == [
        "Python",
        "packages",
        "registry",
        "templates",
        "cache folder",
        "reports folder",
        "own imagery",
        "imagery for mine-A",
    ]
    assert all(each.works for each in findings)
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_cannot_be_loaded_is_named(monkeypatch):
    """Its metadata may lie there while its library is gone."""
    monkeypatch.setitem(checkup.PACKAGES, "numpy", "numpy_that_is_gone")

    finding = found("packages", Settings())

    assert not finding.works
    assert finding.finding.startswith("cannot be used: numpy (")
    assert "Install reetrace again" in finding.do


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("template.toml", "schema = 2", "schema is 2"),
        ("brand.yml", "colour: red", "'colour' is not known"),
        ("text/limits.md.j2", "{% if %}", "limits.md.j2, line 1"),
        ("limits.md.j2", "misplaced", "holds nothing of a template"),
    ],
)
def test_a_template_that_would_stop_a_report_is_a_fault(tmp_path, name, text, said):
    """Found before the report is at work for minutes."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)

    finding = found("templates", Settings(templates=tmp_path))

    assert not finding.works
    assert said in finding.finding
    assert finding.do


def test_a_broken_site_file_is_a_fault_of_the_registry(tmp_path):
    """With the command that lists every such fault."""
    write_site(tmp_path, schema="site-9")

    finding = found("registry", Settings(registry=tmp_path))

    assert not finding.works
    assert 'reetrace.schema: "site-9"' in finding.finding
    assert "reetrace sites check" in finding.do


def test_a_file_in_place_of_a_folder_cannot_be_written_to(tmp_path):
    """Nor can what lies beneath it."""
    (tmp_path / "file").write_text("")

    for path in (tmp_path / "file", tmp_path / "file" / "deep" / "down"):
        finding = found("reports folder", Settings(reports=path))

        assert not finding.works
        assert finding.finding == f"{tmp_path / 'file'}: is no folder."
        assert "--out" in finding.do


def test_a_full_disk_is_said_before_it_is_met(tmp_path, monkeypatch):
    """The folder can be written to, but not a report."""
    monkeypatch.setattr(checkup, "NEEDED_BYTES", 10**18)

    finding = found("cache folder", Settings(cache=tmp_path))

    assert finding.works
    assert "may not fit" in finding.do


def test_a_folder_of_scenes_without_any_is_a_fault(tmp_path):
    """Whoever names one means real imagery."""
    finding = found("own imagery", Settings(scenes=tmp_path))

    assert not finding.works
    assert "holds no scene" in finding.finding


def _item(folder: Path, **properties: object) -> Path:
    """A STAC item over mine A whose files are not there."""
    west, south, east, north = 98.4, 25.7, 98.7, 26.0
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    names = ("SR_B1", "SR_B2", "SR_B3", "SR_B4", "SR_B5", "SR_B7", "QA_PIXEL", "QA_RADSAT")
    item = {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": "scene-1",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"datetime": "2005-01-13T00:00:00Z", "platform": "landsat-5", **properties},
        "links": [],
        "assets": {name: {"href": f"./{name}.tif"} for name in names},
    }
    path = folder / "scene-1.json"
    path.write_text(json.dumps(item))
    return path


def test_images_that_would_all_be_refused_are_a_fault_of_the_site(tmp_path):
    """With the reason of the first; the catalogue itself can be read."""
    _item(tmp_path)
    settings = Settings(scenes=tmp_path, cache=tmp_path / "cache")

    assert found("own imagery", settings).finding == f"1 image in {tmp_path}."
    finding = found("imagery for mine-A", settings, site="mine-A")

    assert not finding.works
    assert finding.finding.startswith("1 image, none of use: ")
    assert "SR_B1.tif: no such file" in finding.finding


def test_an_unknown_site_is_a_fault_with_the_nearest_name():
    """As everywhere else."""
    finding = found("imagery for mineA", Settings(), site="mineA")

    assert not finding.works
    assert "Did you mean mine-A" in finding.finding
