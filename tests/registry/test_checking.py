"""`check` finds everything that is not as it must be, one line each."""

from __future__ import annotations

import pytest

from reetrace.registry.checking import check
from tests.registry.made_up_sites import (
    box,
    feature,
    labels_document,
    point,
    write_labels,
    write_site,
)


def test_a_sound_folder_has_no_fault(tmp_path):
    """Site and labels that fit each other."""
    write_site(tmp_path)
    write_labels(tmp_path, labels_document())

    outcome = check((tmp_path,), None)

    assert outcome.faults == ()
    assert outcome.verdict == "2 files checked, no faults."


def test_every_fault_of_every_file_is_listed(tmp_path):
    """Not the first alone: a user mends a folder in one go."""
    write_site(tmp_path, countries=["MM"], epochs=[1900])
    write_site(tmp_path, id="second", status="shut", aliases=[])
    write_labels(tmp_path, labels_document(point(1, "gold")))
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "own.toml").write_text("id =")

    faults = check((tmp_path,), None).faults

    assert [fault.split(":")[0] for fault in faults] == [
        "made-up.geojson",
        "made-up.geojson",
        "second.geojson",
        "own.toml",
        "made-up/2020.geojson",
    ]
    assert all("\n" not in fault for fault in faults)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"part_of": "nowhere"}, "reetrace.part_of: 'nowhere'"),
        ({"part_of": "bayan-obo"}, "area of interest meets"),
        ({"legend": "gold"}, "reetrace.legend: 'gold'"),
        ({"aliases": ["mine-A"]}, "'mine-a' already names site mine-A"),
    ],
)
def test_what_is_only_wrong_beside_other_files_is_found(tmp_path, record, said):
    """A part of nothing, a legend nobody wrote, a name that is taken."""
    path = write_site(tmp_path, **{"id": "zz-site", "aliases": [], **record})

    (fault,) = check((path,), None).faults

    assert said in fault


def test_a_part_that_meets_its_study_area_is_sound(tmp_path):
    """It is a zone of it."""
    ring = box(98.52, 25.85, 98.53, 25.86)["coordinates"][0]
    write_site(tmp_path, feature(ring=ring), part_of="kachin-nujiang", countries=["MMR"])

    assert check((tmp_path,), None).faults == ()


def test_labels_of_no_site_are_found(tmp_path):
    """A folder by a misspelt id would never be read."""
    write_labels(tmp_path, labels_document())

    (fault,) = check((tmp_path,), None).faults

    assert "no site is called 'made-up'" in fault


def test_a_path_that_is_not_there_is_a_fault(tmp_path):
    """`check` of nothing must not say that all is well."""
    outcome = check((tmp_path / "absent.geojson",), None)

    assert "no such file or folder" in outcome.faults[0]


def test_only_labels_are_looked_at_where_only_they_are_asked_for(tmp_path):
    """`labels check` leaves sites alone."""
    write_site(tmp_path, status="shut")
    write_labels(tmp_path, labels_document(point(1, interpreter="")))

    faults = check((tmp_path,), None, only="labels").faults

    assert any("interpreter is missing" in fault for fault in faults)
    assert not any("status" in fault for fault in faults)


@pytest.mark.parametrize("written", ["[a", "[a]\ntitle = 3", "a = 1", "a = " + "[" * 5_000])
def test_boundary_editions_are_checked_too(tmp_path, written):
    """A misspelt edition would stop a report of every site."""
    (tmp_path / "borders").mkdir()
    (tmp_path / "borders" / "editions.toml").write_text(written)

    (fault,) = check((tmp_path,), None).faults

    assert "editions.toml: " in fault
    assert "\n" not in fault


def test_a_loose_label_file_is_checked_as_labels(tmp_path):
    """`labels check points.geojson` means labels, wherever the file lies."""
    path = tmp_path / "points.geojson"
    path.write_text(write_labels(tmp_path, labels_document(schema="labels-9")).read_text())

    (fault,) = check((path,), None, only="labels").faults

    assert "reetrace.schema is 'labels-9'" in fault
