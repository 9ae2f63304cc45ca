"""`reetrace labels`: parse, one call, print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from reetrace.cli.labels import labels_app
from reetrace.core.errors import LabelError
from tests.registry.made_up_sites import (
    box,
    labels_document,
    write_geojson,
    write_labels,
    write_site,
)

OWN = "reetrace-registry"
SAID = ["--interpreter", "A. Name", "--image-source", "an image"]


@pytest.fixture(autouse=True)
def _a_folder_with_one_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REETRACE_REGISTRY", raising=False)
    write_site(tmp_path / OWN)
    write_geojson(tmp_path / "pits.geojson", box(10.02, 50.02, 10.04, 50.04))


def call(*words: str) -> Result:
    """What the command prints, returns or raises."""
    return CliRunner().invoke(labels_app, list(words))


def sound(words: Sequence[str]) -> str:
    """The output of a command that must succeed."""
    result = call(*words)
    if result.exception is not None:
        raise result.exception
    return result.output


def test_polygons_come_in_as_labels_that_are_listed_shown_and_sound(tmp_path):
    """The whole way of a user's own labels."""
    words = ["import", "made-up", "pits.geojson", "--epoch", "2018", "--as", "mine", *SAID]

    said = sound([*words, "--outside", "non-mine", "--per-class", "40", "--outside-count", "60"])

    assert "2018.geojson: 100 labels (40 mine, 60 non-mine), purposive" in said
    assert "made-up 2018: 100 points (40 mine, 60 non-mine), training" in sound(["list"])
    assert "interpreters: A. Name" in sound(["show", "made-up", "2018"])
    assert "no faults" in sound(["check"])
    assert (tmp_path / OWN / "labels" / "made-up" / "2018.geojson").is_file()


def test_labels_that_are_there_are_not_written_over_unasked():
    """Interpreting takes days."""
    words = ["import", "made-up", "pits.geojson", "--epoch", "2018", "--as", "mine", *SAID]
    sound(words)

    fault = call(*words).exception

    assert isinstance(fault, LabelError)
    assert "--replace" in str(fault)
    assert "100 labels" in sound([*words, "--replace"])


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--epoch", "2018", *SAID], "--as CLASS"),
        (["--epoch", "2018", "--as", "gold", *SAID], "needed: a class of legend mine"),
        (["--epoch", "2018=kind", *SAID], "has no field 'kind'"),
        (["--epoch", "2018", "--as", "mine"], "--interpreter"),
        (["--epoch", "2018", "--as", "mine", "--map", "x", *SAID], "--map 'x'"),
    ],
)
def test_a_refused_import_writes_nothing(tmp_path, words, complaint):
    """One line, and the folder as it was."""
    fault = call("import", "made-up", "pits.geojson", *words).exception

    assert isinstance(fault, LabelError)
    assert complaint in str(fault)
    assert not (tmp_path / OWN / "labels").exists()


def test_labels_for_a_part_are_kept_for_its_study_area(tmp_path):
    """The classification runs over the study area."""
    write_geojson(tmp_path / "a.geojson", box(98.53, 25.88, 98.54, 25.89))
    words = ["import", "mine-A", "a.geojson", "--epoch", "2020", "--as", "mine", *SAID]

    said = sound(words)

    assert "mine-A is classified as part of kachin-nujiang" in said
    assert (tmp_path / OWN / "labels" / "kachin-nujiang" / "2020.geojson").is_file()


def test_list_and_show_as_json_count_the_classes(tmp_path):
    """For scripts."""
    write_labels(tmp_path / OWN, labels_document())

    (listed,) = json.loads(sound(["list", "made-up", "--json"]))
    (shown,) = json.loads(sound(["show", "made-up", "2020", "--json"]))

    assert listed == shown
    assert shown["by_class"] == {"mine": 1, "non-mine": 1}


def test_no_labels_for_a_year_says_which_years_have_some(tmp_path):
    """A slip of the finger costs no second command."""
    write_labels(tmp_path / OWN, labels_document())

    fault = call("show", "made-up", "2019").exception

    assert isinstance(fault, LabelError)
    assert "it has 2020" in str(fault)


def test_check_names_what_is_wrong_and_exits_with_1(tmp_path):
    """One line a fault."""
    write_labels(tmp_path / OWN, labels_document(design="random"))

    result = call("check")

    assert result.exit_code == 1
    assert "reetrace.design is 'random'" in result.output
