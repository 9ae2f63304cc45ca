"""Labels of a probability sample joined place by place, or refused with a reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reetrace.change.panel import Panel, panel_of
from reetrace.core.errors import LabelError
from reetrace.core.landcover import NOT_SEEN, OUTSIDE
from reetrace.core.samples import Design, Label, Labels, Samples, Stratum
from tests.change.made_up_ground import FOREST, LEGEND, MINE, Codes, forest

AREA_M2 = 2_000_000.0
STRATA = (Stratum("workings", 500_000.0), Stratum("rest", 1_500_000.0))


def sampled(
    epoch: str,
    points: list[tuple[str, int, int, str, str]],
    design: Design = "stratified",
    strata: tuple[Stratum, ...] = STRATA,
) -> Samples:
    """Labels given as (id, row, column, class, stratum)."""
    labels = Labels(
        site="made-up",
        epoch=epoch,
        purpose="probability-sample",
        design=design,
        strata=strata if design == "stratified" else (),
        points=tuple(
            Label(name, 0.0, 0.0, landcover, "reader", "picture", epoch, "", stratum)
            for name, _, _, landcover, stratum in points
        ),
        source=f"{epoch}-sample.geojson",
        digest="",
    )
    return Samples(
        labels=labels,
        bands=("red",),
        values=np.ones((len(points), 1), dtype=np.uint16),
        rows=np.array([row for _, row, *_ in points]),
        cols=np.array([col for _, _, col, *_ in points]),
    )


POINTS = [
    ("b", 3, 4, "mine", "workings"),
    ("a", 0, 0, "non-mine", "rest"),
    ("c", 9, 9, "non-mine", "rest"),
]


def joined(*samples: Samples, maps: list[Codes] | None = None) -> Panel:
    """The panel over maps of forest."""
    return panel_of(
        samples,
        maps or [forest() for _ in samples],
        legend=LEGEND,
        area_m2=AREA_M2,
    )


def test_places_are_joined_by_id_whatever_their_order() -> None:
    """Points stand by id, with map and reference of each epoch beside each other."""
    mapped = forest()
    mapped[3, 4] = MINE
    found = joined(sampled("2005", POINTS), sampled("2010", POINTS[::-1]), maps=[forest(), mapped])

    assert found.ids == ("a", "b", "c")
    assert found.rows.tolist() == [0, 3, 9]
    assert found.stratum.tolist() == [1, 0, 1]
    assert found.reference.tolist() == [[FOREST, FOREST], [MINE, MINE], [FOREST, FOREST]]
    assert found.mapped.tolist() == [[FOREST, FOREST], [FOREST, MINE], [FOREST, FOREST]]


def test_points_outside_the_area_of_interest_are_lost() -> None:
    """They stand for no ground of the study area."""
    codes = forest()
    codes[9, 9] = OUTSIDE
    points = [*POINTS, ("d", -1, -1, "mine", "rest")]

    found = joined(sampled("2005", points), maps=[codes])

    assert found.ids == ("a", "b")
    assert found.lost == 2


def test_a_point_without_a_label_at_one_epoch_has_no_reference_there() -> None:
    """It tells about the other epochs only."""
    found = joined(sampled("2005", POINTS), sampled("2010", POINTS[:2]))

    assert found.reference[2].tolist() == [FOREST, NOT_SEEN]
    assert found.labelled("2005", "2010").tolist() == [True, True, False]


def test_an_unseen_pixel_is_labelled_but_not_seen() -> None:
    """Cloud takes the map's class, not the interpreter's."""
    codes = forest()
    codes[3, 4] = NOT_SEEN

    found = joined(sampled("2005", POINTS), maps=[codes])

    assert found.seen("2005").tolist() == [True, False, True]
    assert found.labelled("2005").all()


def test_a_simple_random_sample_is_one_stratum() -> None:
    """Of the whole area of interest."""
    found = joined(sampled("2005", POINTS, "simple-random"))

    assert found.areas_m2.tolist() == [AREA_M2]
    assert set(found.stratum.tolist()) == {0}


@pytest.mark.parametrize(
    ("second", "complaint"),
    [
        (sampled("2010", [("b", 3, 5, "mine", "workings")]), "label b lies elsewhere"),
        (sampled("2010", [("b", 3, 4, "mine", "rest")]), "in another stratum"),
        (sampled("2010", [("x", 1, 1, "mine", "belt")]), "stratum 'belt' is not one of"),
        (sampled("2010", [("x", 1, 1, "mien", "rest")]), "class 'mien' is not in the legend"),
        (sampled("2010", POINTS, "simple-random"), "design is 'simple-random'"),
        (sampled("2010", POINTS, strata=STRATA[::-1]), "strata differ"),
        (sampled("2010", POINTS[1:]), "stratum 'workings' has no label"),
    ],
)
def test_files_that_do_not_fit_together_are_refused(second: Samples, complaint: str) -> None:
    """One line: the file, what is wrong, what is needed."""
    with pytest.raises(LabelError, match=complaint) as refusal:
        joined(sampled("2005", POINTS), second)

    assert str(refusal.value).startswith("2010-sample.geojson: ")


def test_strata_must_add_up_to_the_area_of_interest() -> None:
    """A stratum left out would bias every area."""
    first = sampled("2005", POINTS, strata=(STRATA[0], replace(STRATA[1], area_m2=1_000_000.0)))

    with pytest.raises(
        LabelError, match=r"strata add up to 1.50 km², the area of interest is 2.00"
    ):
        joined(first)
