"""The doctor says what works, and never falls ill itself."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from reetrace.checkup import Finding, examine, machine
from reetrace.checkup import service as checkup_service
from reetrace.checkup.service import examine_service
from reetrace.engines.earthengine import standing
from reetrace.engines.earthengine.standing import Standing
from reetrace.engines.earthengine.usage import Usage
from reetrace.settings import Settings
from tests.earthengine.fault_table import OPENING
from tests.loopback.faults import RESTRICTED, Fault
from tests.loopback.made_up import MadeUp
from tests.loopback.server import Loopback
from tests.registry.made_up_sites import write_site


@pytest.fixture
def clean_client():
    """The client keeps its state for the whole process; whatever a test did to it is undone."""
    import ee

    ee.Reset()
    yield
    ee.Reset()


@pytest.fixture(autouse=True)
def _nobody_signed_in(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    """No credentials of whoever runs the tests are looked at."""
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_CONFIG", "GOOGLE_CLOUD_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))


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
        "Earth Engine sign-in",
    ]
    assert not any(each.is_fault for each in findings)
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_cannot_be_loaded_is_named(monkeypatch):
    """Its metadata may lie there while its library is gone."""
    monkeypatch.setitem(machine.PACKAGES, "numpy", "numpy_that_is_gone")

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
    monkeypatch.setattr(machine, "NEEDED_BYTES", 10**18)

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


def test_who_has_no_account_and_needs_none_reads_a_note():
    """The embedded engine asks for none; it is said what would be needed, and nothing fails."""
    finding = found("Earth Engine sign-in", Settings())

    assert (finding.works, finding.needed, finding.is_fault) == (False, False, False)
    assert "No sign-in for Earth Engine was found" in finding.finding
    assert finding.do.startswith("Only --engine earthengine needs one.")


def test_who_has_no_account_and_needs_one_is_told_how_to_sign_in():
    """And nobody is asked, for there is nobody to ask as."""
    findings = list(examine_service(Settings(engine="earthengine")))

    (finding,) = findings
    assert finding.is_fault
    assert finding.do == "Sign in with a browser: reetrace doctor --sign-in"


def test_credentials_are_named_by_kind_and_file_and_never_shown(tmp_path):
    """A token that was stored by the client, and the project beside it."""
    token = {"refresh_token": "1//never-show-this", "project": "my-mines-123"}
    home = Path(os.environ["HOME"]) / ".config" / "earthengine"
    home.mkdir(parents=True)
    (home / "credentials").write_text(json.dumps(token))

    finding = found("Earth Engine sign-in", Settings(cache=tmp_path))

    assert finding.works
    assert finding.finding == (
        f"sign-in of the Earth Engine client, in {home / 'credentials'}; project my-mines-123."
    )
    assert finding.do == "See whether it works: reetrace doctor --engine earthengine"


def asked(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> dict[str, Finding]:
    """What the doctor finds of a service on this machine."""
    monkeypatch.setenv("REETRACE_EARTHENGINE_URL", server.url)
    settings = Settings(engine="earthengine", project="reetrace-test")
    return {each.what: each for each in examine_service(settings, pause=lambda _: None)}


@pytest.mark.usefixtures("clean_client")
def test_a_service_that_answers_is_said_to_answer(monkeypatch):
    """For which project, too; what the service does not tell is not guessed at."""
    with Loopback(MadeUp(value=1)) as server:
        findings = asked(server, monkeypatch)

    assert findings["Earth Engine service"].finding == "answers to project reetrace-test."
    assert findings["Earth Engine quota"].finding == "not told by the service."
    assert not any(each.is_fault for each in findings.values())


@pytest.mark.usefixtures("clean_client")
def test_a_project_over_its_quota_is_said_to_be_slow(monkeypatch):
    """It still answers, so it is no fault."""
    with Loopback(MadeUp(value=1)) as server:
        server.faults.append(Fault("value:compute", "header", headers=RESTRICTED))
        findings = asked(server, monkeypatch)

    assert findings["Earth Engine service"].works
    assert "restricted mode" in findings["Earth Engine quota"].finding


@pytest.mark.usefixtures("clean_client")
@pytest.mark.parametrize("row", OPENING, ids=[row.fault for row in OPENING])
def test_a_service_that_refuses_is_a_finding_and_no_traceback(row, monkeypatch):
    """Whatever keeps the service from answering, it is one line."""
    with Loopback(MadeUp(value=1)) as server:
        server.faults.append(row.inject())
        findings = asked(server, monkeypatch)

    assert findings["Earth Engine service"].is_fault
    assert findings["Earth Engine service"].finding == row.sentence
    assert "Earth Engine quota" not in findings


@pytest.mark.usefixtures("clean_client")
def test_a_service_that_nobody_runs_is_a_finding(monkeypatch):
    """As where there is no network."""
    with Loopback(MadeUp()) as server:
        pass

    finding = asked(server, monkeypatch)["Earth Engine service"]

    assert finding.is_fault
    assert "the service could not be reached" in finding.finding


@pytest.mark.parametrize(
    ("registration", "said"),
    [
        ("REGISTERED_COMMERCIALLY", "registered for commercial use, 3 exports at once."),
        ("REGISTERED_NOT_COMMERCIALLY", "150 EECU-hours a month"),
        ("NOT_REGISTERED", "not registered, 3 exports at once."),
        ("SOMETHING_NEW", "not told by the service."),
    ],
)
def test_what_the_service_tells_of_a_project_is_passed_on(registration, said, monkeypatch):
    """Its registration and its exports; the tier it does not tell."""
    monkeypatch.setattr(standing, "standing", lambda _: Standing(registration, 3))
    service = SimpleNamespace(usage=Usage(), project="my-mines-123")

    finding, advice = checkup_service._quota(service)  # type: ignore[arg-type]

    assert said in finding
    assert ("register?project=my-mines-123" in advice) == (registration == "NOT_REGISTERED")


@pytest.mark.usefixtures("clean_client")
def test_images_are_counted_for_each_year_of_interest(monkeypatch):
    """Of the season only: of four images of 2005 the one of July is none of the site's."""
    days = ["2005-01-13", "2005-02-14", "2005-07-08", "2005-12-31"]
    scenes = [
        {
            "type": "Feature",
            "geometry": None,
            "properties": {
                "sensor": "landsat5-tm",
                "index": f"LT05_132042_{day.replace('-', '')}",
                "time": dt.datetime.fromisoformat(f"{day}T03:45+00:00").timestamp() * 1000,
                "crs": "EPSG:32647",
            },
        }
        for day in days
    ]
    with Loopback(MadeUp(value=1, features=scenes)) as server:
        monkeypatch.setenv("REETRACE_EARTHENGINE_URL", server.url)
        settings = Settings(engine="earthengine", project="reetrace-test")
        found = {each.what: each for each in examine_service(settings, site="mine-A")}

    assert found["imagery for mine-A"].finding == (
        "2005: 3 of Landsat 5 TM; 2010: no Landsat image; 2015: no Landsat image; "
        "2020: no Landsat image."
    )


@pytest.mark.parametrize(
    ("years", "works", "said"),
    [
        ((), False, "no labels to train on"),
        (("2005",), True, "training labels for 2005; none for 2010, 2015, 2020."),
        (("2005", "2010", "2015", "2020"), True, "training labels for 2005, 2010, 2015, 2020."),
    ],
)
def test_missing_labels_are_told_of_before_the_first_report(
    years, works, said, tmp_path, drawn_world
):
    """None is shipped for real images, and whoever begins cannot know."""
    home = tmp_path / "labels" / "kachin-nujiang"
    home.mkdir(parents=True)
    for year in years:
        shutil.copy2(drawn_world / "labels" / "kachin-nujiang" / f"{year}.geojson", home)
    settings = Settings(engine="earthengine", registry=tmp_path)

    findings = {each.what: each for each in examine_service(settings, site="mine-A")}

    finding = findings["labels for mine-A"]
    assert (finding.works, finding.is_fault) == (works, False)
    assert said in finding.finding
