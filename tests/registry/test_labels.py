"""Label files are read, kept and brought in without losing a word."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.core.errors import LabelError
from reetrace.core.samples import Label, Labels
from reetrace.registry import load_registry
from reetrace.registry.labels import (
    check_labels,
    labels_document,
    labels_of,
    load_labels,
    save_labels,
)
from tests.registry.made_up_sites import labels_document as made_up
from tests.registry.made_up_sites import point, write_labels, write_site


def test_labels_are_read_by_id_with_design_and_strata(tmp_path):
    """The estimators need design, strata and their areas."""
    strata = [{"id": "near", "area_m2": 4e6, "title": "Near"}, {"id": "far", "area_m2": 5e7}]
    document = made_up(
        point(2, stratum="far"), point(1, "non-mine", stratum="near"),
        purpose="probability-sample", design="stratified", strata=strata, simulated=True,
    )  # fmt: skip

    labels = load_labels(write_labels(tmp_path, document, "2020-sample.geojson"))

    assert [each.id for each in labels.points] == ["p1", "p2"]
    assert [(each.id, each.area_m2) for each in labels.strata] == [("near", 4e6), ("far", 5e7)]
    assert labels.simulated
    assert labels.source == "2020-sample.geojson"


def test_the_registry_finds_labels_by_site_year_and_purpose(tmp_path):
    """Training labels and the probability sample of a year are two files."""
    write_site(tmp_path)
    write_labels(tmp_path, made_up())
    write_labels(
        tmp_path,
        made_up(purpose="probability-sample", design="simple-random"),
        "2020-sample.geojson",
    )
    registry = load_registry(tmp_path)

    training = registry.labels("made-up", 2020, "training")
    sample = registry.labels("made-up", "2020", "probability-sample")

    assert training is not None
    assert training.design == "purposive"
    assert sample is not None
    assert sample.design == "simple-random"
    assert registry.labels("made-up", 2005, "training") is None


def test_what_other_programs_wrote_is_kept_on_the_way_out(tmp_path):
    """Further properties and members survive a round through reetrace, types included."""
    document = made_up(point(1, plot=7, seen=[1, 2.5], note=None, ok=True), campaign={"id": 3})
    labels = load_labels(write_labels(tmp_path, document))

    save_labels(labels, tmp_path / "again.geojson")
    again = json.loads((tmp_path / "again.geojson").read_text())

    assert again["reetrace"]["campaign"] == {"id": 3}
    kept = again["features"][0]["properties"]
    assert (kept["plot"], kept["seen"], kept["note"], kept["ok"]) == (7, [1, 2.5], None, True)


texts = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(
            Label,
            id=texts,
            longitude=st.floats(-180, 180),
            latitude=st.floats(-90, 90),
            landcover=texts,
            interpreter=texts,
            image_source=texts,
            image_date=texts,
            confidence=st.just("") | texts,
            extra=st.dictionaries(
                texts.filter(lambda name: name not in {"id", "landcover"}).map("x{}".format),
                st.integers().map(str),
                max_size=3,
            ).map(lambda members: tuple(sorted(members.items()))),
        ),
        min_size=1,
        max_size=6,
        unique_by=lambda label: label.id,
    )
)
def test_labels_written_and_read_are_the_same_labels(points):
    """Whatever was typed, in whatever script."""
    ordered = tuple(sorted(points, key=lambda label: label.id))
    labels = Labels("site", "2020", "training", "purposive", (), ordered, "x.geojson", "")

    document = json.loads(json.dumps(labels_document(labels)))

    assert labels_of(document, "x.geojson", "") == labels


@pytest.mark.parametrize(
    "head",
    [
        {"site": "elsewhere"},
        {"epoch": "2005"},
        {"purpose": "probability-sample", "design": "simple-random"},
    ],
)
def test_labels_in_a_place_that_is_not_theirs_are_refused(tmp_path, head):
    """A file copied to the wrong year would pass another year's ground off as this one's."""
    write_site(tmp_path)
    write_labels(tmp_path, made_up(**head))

    with pytest.raises(LabelError, match=r"its place is for made-up, 2020, training"):
        load_registry(tmp_path).labels("made-up", 2020, "training")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (made_up(schema="labels-0"), "reetrace.schema is 'labels-0'"),
        (made_up(site=""), "reetrace.site is ''; text on one line"),
        (made_up(purpose="fun"), "reetrace.purpose is 'fun'; needed: training"),
        (made_up(design="random"), "reetrace.design is 'random'; needed: simple-random"),
        (made_up(design="stratified"), "reetrace.strata is empty"),
        (
            made_up(design="stratified", strata=[{"id": "a", "area_m2": 0}]),
            "each needs an id and area_m2 above 0",
        ),
        (
            made_up(point(1, stratum="c"), design="stratified", strata=[{"id": "a", "area_m2": 1}]),
            "stratum is 'c'; one of the file's strata",
        ),
        (
            made_up(design="stratified", strata=[{"id": ["a"], "area_m2": 1}]),
            "each needs an id and area_m2 above 0",
        ),
        (
            made_up(design="stratified", strata=[{"id": "a", "area_m2": float("inf")}]),
            "each needs an id and area_m2 above 0",
        ),
        (
            made_up(
                point(1, stratum="a"), design="stratified", strata=[{"id": "a", "area_m2": 1}] * 2
            ),
            "reetrace.strata: 'a' stands twice",
        ),
        (made_up(point(1, interpreter="A.\x1b[31m Name")), "point 'p1': interpreter is 'A."),
        (
            made_up({**point(1), "geometry": {"type": "Point", "coordinates": [10**400, 50]}}),
            "looks projected",
        ),
        (made_up(site=["a"]), "reetrace.site is ['a']; text on one line"),
        (made_up(point(1, confidence={"a": 1})), "confidence is {'a': 1}; text on one line"),
        (made_up(purpose="probability-sample"), "a probability sample is random or stratified"),
        (made_up(point(1), point(1)), "point 'p1': the id stands twice"),
        (made_up(point(1, interpreter="")), "point 'p1': interpreter is missing"),
        (made_up(point(1, image_date=None)), "point 'p1': image_date is missing"),
        (made_up(point(1, interpreter="A\nB")), r"interpreter is 'A\nB'; text on one line"),
        (made_up(point(1, landcover="mi\x00ne")), r"landcover is 'mi\x00ne'; text on one line"),
        (made_up({**point(1), "geometry": None}), "is not a Point"),
        (
            made_up({**point(1), "geometry": {"type": "Point", "coordinates": [1]}}),
            "longitude, latitude are needed",
        ),
        (
            made_up({**point(1), "geometry": {"type": "Point", "coordinates": [25.9, 98.5]}}),
            "may be swapped",
        ),
        ({"type": "FeatureCollection", "features": []}, "a member `reetrace`"),
        ([], "a member `reetrace`"),
    ],
)
def test_a_label_file_that_cannot_be_used_is_one_line(tmp_path, document, said):
    """File, point, field, value, need."""
    path = write_labels(tmp_path, document)

    with pytest.raises(LabelError) as refused:
        load_labels(path)

    assert str(refused.value).startswith("2020.geojson: ")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_class_that_the_legend_does_not_have_is_named(tmp_path):
    """A misspelt class would silently be a class of its own."""
    path = write_labels(tmp_path, made_up(point(1, "mien"), point(2)))

    faults = check_labels(path, classes=("mine", "non-mine"), site="made-up")

    assert faults == (
        "made-up/2020.geojson: point 'p1': landcover is 'mien'; needed: one of mine, non-mine.",
    )


def test_labels_of_another_site_in_a_sites_folder_are_named(tmp_path):
    """A file copied into the wrong folder speaks of another place."""
    path = write_labels(tmp_path, made_up(site="elsewhere"))

    (fault,) = check_labels(path, classes=("mine", "non-mine"), site="made-up")

    assert "reetrace.site: 'elsewhere'; needed: 'made-up'" in fault
