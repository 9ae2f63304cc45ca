"""Labels come in from points and polygons as they were drawn elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reetrace.core.errors import LabelError
from reetrace.core.site import Site
from reetrace.registry.label_import import ImportedLabels, LabelOrder, import_labels
from reetrace.registry.label_places import Drawing
from reetrace.registry.label_words import epochs_and_fields, pairs, sample_design
from reetrace.registry.site_file import read_site
from reetrace.tables import legend
from reetrace.zoning import lay_grid, pixel_of
from tests.real_data import real
from tests.registry.made_up_sites import box, feature, write_geojson, write_site

PITS = box(10.02, 50.02, 10.04, 50.04)
WOOD = box(10.06, 50.06, 10.08, 50.08)


def the_site(tmp_path: Path, **record: object) -> Site:
    """A tenth of a degree square."""
    return read_site(write_site(tmp_path, **record))


def order_for(path: Path, **said: object) -> LabelOrder:
    """What a user would say with it."""
    plain = LabelOrder(path, (("2020", "kind"),), interpreter="A. Name", image_source="an image")
    return replace(plain, **said)  # type: ignore[arg-type]


def two_polygons(tmp_path: Path) -> Path:
    """A pit and a wood."""
    kinds = [{"kind": "mine"}, {"kind": "non-mine"}]
    return write_geojson(tmp_path / "given.geojson", PITS, WOOD, properties=kinds)


def pixels(imported: ImportedLabels, site: Site) -> set[tuple[int, int]]:
    """(row, col) of every label of the first epoch."""
    grid = lay_grid(site)
    places = imported.labels[0].points
    rows, cols = pixel_of(
        np.array([each.longitude for each in places]),
        np.array([each.latitude for each in places]),
        grid,
    )
    return set(zip(rows.tolist(), cols.tolist(), strict=True))


def test_points_drawn_in_polygons_are_pixel_centres_none_twice(tmp_path):
    """Two labels in one pixel would count one measurement twice."""
    site = the_site(tmp_path)

    imported = import_labels(order_for(two_polygons(tmp_path)), site, legend("mine"))
    (labels,) = imported.labels

    assert len(labels.points) == 200
    assert len(pixels(imported, site)) == 200
    assert labels.design == "purposive"
    assert {each.landcover for each in labels.points} == {"mine", "non-mine"}
    assert all(10.02 < each.longitude < 10.04 for each in labels.points if each.landcover == "mine")


def test_the_seed_decides_which(tmp_path):
    """The same seed draws the same points, another seed draws others."""
    site, path = the_site(tmp_path), two_polygons(tmp_path)

    first, again, other = (
        import_labels(order_for(path, drawing=Drawing(seed=seed)), site, legend("mine"))
        for seed in (1, 1, 2)
    )

    assert first == again
    assert pixels(first, site) != pixels(other, site)


def test_points_outside_keep_their_distance_from_every_polygon(tmp_path):
    """The rim of a pit is neither mine nor not."""
    site = the_site(tmp_path)
    path = write_geojson(tmp_path / "given.geojson", PITS)
    drawing = Drawing(per_class=10, outside="non-mine", outside_count=300, outside_buffer_m=500.0)
    order = order_for(path, fields=(("2020", ""),), landcover="mine", drawing=drawing)

    (labels,) = import_labels(order, site, legend("mine")).labels
    far = [each for each in labels.points if each.landcover == "non-mine"]

    assert len(far) == 300
    # 500 m are 0.0045 degrees of latitude and 0.0070 of longitude here.
    assert not [
        each
        for each in far
        if (10.0132 < each.longitude < 10.0468 and 50.02 < each.latitude < 50.04)
        or (10.02 < each.longitude < 10.04 and 50.0157 < each.latitude < 50.0443)
    ]


def test_two_dates_share_their_places_and_ids(tmp_path):
    """A change can only be seen where both dates were looked at."""
    site = the_site(tmp_path)
    kinds = [{"a": "mine", "b": "mine"}, {"a": "non-mine", "b": "mine"}]
    path = write_geojson(tmp_path / "given.geojson", PITS, WOOD, properties=kinds)
    order = order_for(path, fields=(("2005", "a"), ("2020", "b")))

    before, after = import_labels(order, site, legend("mine")).labels

    assert [(each.id, each.longitude) for each in before.points] == [
        (each.id, each.longitude) for each in after.points
    ]
    assert {each.landcover for each in after.points} == {"mine"}
    assert sum(each.landcover == "non-mine" for each in before.points) == 100


def test_points_keep_their_place_their_fields_and_their_ids(tmp_path):
    """A label file from another program comes in whole."""
    site = the_site(tmp_path)
    here = {"type": "Point", "coordinates": [10.031, 50.031]}
    away = {"type": "Point", "coordinates": [11.0, 51.0]}
    fields = {"kind": "2", "id": "plot-7", "slope": 12.5, "interpreter": "B. Name"}
    path = write_geojson(tmp_path / "given.geojson", here, away, properties=[fields, fields])
    order = order_for(path, renamed=(("2", "mine"),))

    imported = import_labels(order, site, legend("mine"))
    (label,) = imported.labels[0].points

    assert (label.id, label.longitude, label.latitude) == ("plot-7", 10.031, 50.031)
    assert (label.landcover, label.interpreter) == ("mine", "B. Name")
    assert dict(label.extra)["slope"] == "12.5"
    assert imported.remarks == ("1 points lie outside the area of interest and were left out.",)


def test_a_pixel_in_polygons_of_two_classes_is_left_out(tmp_path):
    """It cannot be both."""
    site = the_site(tmp_path)
    kinds = [{"kind": "mine"}, {"kind": "non-mine"}]
    path = write_geojson(tmp_path / "given.geojson", PITS, PITS, properties=kinds)

    with pytest.raises(LabelError, match="none of its 2 features"):
        import_labels(order_for(path), site, legend("mine"))


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"fields": (("2020", "class"),)}, "has no field 'class'; its fields are kind"),
        ({"renamed": (("mine", "gold"),)}, "needed: a class of legend mine"),
        ({"interpreter": ""}, "interpreter is missing; say it with --interpreter"),
        ({"image_source": ""}, "image_source is missing; say it with --image-source"),
        ({"image_date": "last year"}, "a year or ISO date"),
        ({"where": (("kind", "x"),)}, "no feature has kind=x; there are mine, non-mine"),
        ({"where": (("sort", "x"),)}, "has no field 'sort'"),
        ({"drawing": Drawing(outside="gold")}, "--outside 'gold'"),
        ({"layer": "second"}, "has no layer 'second'"),
    ],
)
def test_labels_that_cannot_be_brought_in_are_refused_with_the_reason(tmp_path, said, complaint):
    """Field, value, need."""
    order = order_for(two_polygons(tmp_path), **said)

    with pytest.raises(LabelError) as refused:
        import_labels(order, the_site(tmp_path), legend("mine"))

    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value)


def test_points_that_were_drawn_by_chance_come_in_as_a_probability_sample(tmp_path):
    """Only such labels allow an unbiased area; the strata and their sizes come with them."""
    site = the_site(tmp_path)
    fields = {"kind": "mine", "stratum": "near"}
    here = {"type": "Point", "coordinates": [10.031, 50.031]}
    path = write_geojson(tmp_path / "given.geojson", here, properties=[fields])
    design, strata = sample_design("stratified", ["near=4.5", "far=53.26"])

    (labels,) = import_labels(
        order_for(path, sample=design, strata=strata), site, legend("mine")
    ).labels

    assert (labels.purpose, labels.design) == ("probability-sample", "stratified")
    assert [(each.id, each.area_m2) for each in labels.strata] == [
        ("near", 4.5e6),
        ("far", 53.26e6),
    ]
    assert labels.points[0].stratum == "near"


def test_a_point_in_no_stratum_of_the_sample_is_refused(tmp_path):
    """Its weight would be unknown."""
    here = {"type": "Point", "coordinates": [10.031, 50.031]}
    path = write_geojson(tmp_path / "given.geojson", here, properties=[{"kind": "mine"}])
    design, strata = sample_design("stratified", ["near=4.5"])
    order = order_for(path, sample=design, strata=strata)

    with pytest.raises(LabelError, match="stratum is ''; one of the file's strata"):
        import_labels(order, the_site(tmp_path), legend("mine"))


def test_polygons_are_no_probability_sample(tmp_path):
    """Whoever drew them chose them."""
    order = order_for(two_polygons(tmp_path), sample="simple-random")

    with pytest.raises(LabelError, match="holds polygons; a probability sample is points"):
        import_labels(order, the_site(tmp_path), legend("mine"))


@pytest.mark.parametrize(
    ("said", "strata"),
    [
        ("random", []), ("stratified", []), ("simple-random", ["a=1"]), ("", ["a=1"]),
        ("stratified", ["a=0"]), ("stratified", ["a=much"]), ("stratified", ["a=inf"]),
        ("stratified", ["a"]), ("stratified", ["a=nan"]),
    ],
)  # fmt: skip
def test_a_sample_that_is_said_wrongly_is_refused(said, strata):
    """Strata with areas for a stratified sample, none for any other."""
    with pytest.raises(LabelError, match="--s"):
        sample_design(said, strata)


@pytest.mark.parametrize(
    ("said", "landcover"),
    [
        (["20x0=f"], ""),
        (["2020"], ""),
        (["2020=f"], "mine"),
        (["2020=f", "2020=g"], ""),
        ([""], ""),
    ],
)
def test_an_epoch_that_is_said_wrongly_is_refused(said, landcover):
    """Either a field or one class for all, and each year once."""
    with pytest.raises(LabelError, match="--epoch"):
        epochs_and_fields(said, landcover)


@pytest.mark.parametrize("said", ["mine", "=mine", "mine="])
def test_a_pair_without_its_other_half_is_refused(said):
    """`--map Forest` maps to nothing."""
    with pytest.raises(LabelError, match="--map"):
        pairs("--map", [said])


def test_the_polygons_of_costa_rica_give_labels_of_two_dates(tmp_path):
    """Real polygons of 4 pixels in UTM, with a class for each date; 4 of 30 changed."""
    path = real("landsat5_costarica_1986_2001/training_polygons_1986_2001.gpkg")
    ring = [[-84.03, 10.0], [-83.96, 10.0], [-83.96, 10.06], [-84.03, 10.06]]
    square = feature(ring=[*ring, ring[0]])
    site = read_site(write_site(tmp_path, square, countries=["CRI"], legend="forest"))
    order = order_for(
        path,
        fields=(("1986", "class_1986"), ("2001", "class_2001")),
        renamed=(("Forest", "forest"), ("NonForest", "non-forest")),
    )

    before, after = import_labels(order, site, legend("forest")).labels
    changed = sum(
        one.landcover != other.landcover
        for one, other in zip(before.points, after.points, strict=True)
    )

    assert len(before.points) == 120
    assert changed == 16


def test_the_mine_polygons_of_la_pampa_give_mine_and_non_mine(tmp_path):
    """Real polygons south of the equator; those found later are left out by their year."""
    path = real("landsat8_lapampa_mine/amw_mining_polygons_2018_2024.gpkg")
    ring = [[-70.01, -12.895], [-69.985, -12.895], [-69.985, -12.875], [-70.01, -12.875]]
    site = read_site(write_site(tmp_path, feature(ring=[*ring, ring[0]]), countries=["PER"]))
    order = order_for(
        path, fields=(("2018", ""),), landcover="mine", where=(("file_year", "2018"),),
        drawing=Drawing(per_class=80, outside="non-mine", outside_count=60),
    )  # fmt: skip

    imported = import_labels(order, site, legend("mine"))

    classes = [each.landcover for each in imported.labels[0].points]
    assert (classes.count("mine"), classes.count("non-mine")) == (80, 60)
    assert len(pixels(imported, site)) == 140
