"""An evidence whose numbers contradict one another is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence
from reetrace.core.results import Measure
from reetrace.ledger import check
from tests import made_up


def _with_area(pixels: int) -> Evidence:
    evidence = made_up.made_up_evidence()
    first, *others = evidence.areas
    km2 = pixels * evidence.grid.pixel_area_m2 / 1e6
    changed = replace(first, pixels=pixels, mapped=replace(first.mapped, value=km2))
    return replace(evidence, areas=(changed, *others))


@settings(max_examples=20, deadline=None)
@given(extra=st.integers(-1000, 1000).filter(bool))
def test_a_single_pixel_too_many_is_found(extra):
    """Zones of every set and every epoch add up to the same study area."""
    evidence = _with_area(made_up.made_up_evidence().areas[0].pixels + extra)

    with pytest.raises(EvidenceError):
        check(evidence)


def test_an_evidence_that_adds_up_is_not_refused():
    """The check has nothing against a right one."""
    evidence = made_up.made_up_evidence()

    check(_with_area(evidence.areas[0].pixels))


_MEASURE = Measure(1.0, "km²", 0.5, 1.5, "made up")


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (replace(_MEASURE, value=2.0), "lies outside its interval"),
        (replace(_MEASURE, low=None), "an interval with one end"),
        (replace(_MEASURE, value=None), "an interval without a value"),
        (replace(_MEASURE, low=None, high=None), "a blank without its reason"),
        (replace(_MEASURE, high=float("inf")), "is not finite"),
        (replace(_MEASURE, value=float("nan")), "is not finite"),
    ],
)
def test_a_measure_that_contradicts_itself_is_refused(broken, said):
    """An interval holds its value, and a blank says why."""
    evidence = made_up.made_up_evidence()
    matrix = replace(evidence.changes[0], net=broken)

    with pytest.raises(EvidenceError, match=said):
        check(replace(evidence, changes=(matrix, *evidence.changes[1:])))


def test_a_from_to_matrix_must_have_the_margins_of_the_areas():
    """Sheet `changes` summed by class gives sheet `areas`, unseen ground included."""
    evidence = made_up.made_up_evidence()
    matrix = evidence.changes[0]
    km2 = evidence.grid.pixel_area_m2 / 1e6
    cell = matrix.cells[4]
    one_more = replace(
        cell,
        pixels=cell.pixels + 1,
        mapped=replace(cell.mapped, value=(cell.pixels + 1) * km2),
    )
    cells = (*matrix.cells[:4], one_more, *matrix.cells[5:])

    with pytest.raises(EvidenceError, match=r"change of study-area/all 2005-2010, .* pixels"):
        check(replace(evidence, changes=(replace(matrix, cells=cells), *evidence.changes[1:])))


def test_growth_is_not_stated_where_its_interval_holds_zero():
    """“Grew” needs an interval that excludes zero."""
    evidence = made_up.made_up_evidence()
    growth = evidence.growth[0]
    doubtful = replace(growth, change=replace(growth.change, low=-0.1), verdict="grew")

    with pytest.raises(EvidenceError, match="its interval says 'no-change-detectable'"):
        check(replace(evidence, growth=(doubtful, *evidence.growth[1:])))


def test_growth_starts_from_the_area_of_its_own_epoch():
    """Sheets `growth` and `areas` cannot give two areas for one epoch."""
    evidence = made_up.made_up_evidence()
    growth = evidence.growth[0]
    value = growth.mapped_first.value
    assert value is not None
    other = replace(growth, mapped_first=replace(growth.mapped_first, value=value + 0.01))

    with pytest.raises(EvidenceError, match="mapped area of 2005"):
        check(replace(evidence, growth=(other, *evidence.growth[1:])))


def test_an_overall_accuracy_that_is_not_its_matrix_is_refused():
    """The printed metric follows from the printed matrix."""
    evidence = made_up.made_up_evidence()
    first = evidence.accuracies[0]
    better = replace(first, overall=replace(first.overall, value=0.999, high=1.0))

    with pytest.raises(EvidenceError, match=r"overall accuracy 0\.999 does not agree"):
        check(replace(evidence, accuracies=(better, *evidence.accuracies[1:])))


def test_an_unseen_area_that_differs_from_its_rows_is_refused():
    """Sheets `observations` and `areas` speak of the same unseen ground."""
    evidence = made_up.made_up_evidence()
    first = evidence.observations[0]
    pixel = evidence.grid.pixel_area_m2 / 1e6
    seen, unseen = (first.seen - 1) * pixel, (first.pixels - first.seen + 1) * pixel
    other = replace(
        first,
        seen=first.seen - 1,
        seen_area=replace(first.seen_area, value=seen),
        unseen_area=replace(first.unseen_area, value=unseen),
    )

    with pytest.raises(EvidenceError, match="pixels not seen"):
        check(replace(evidence, observations=(other, *evidence.observations[1:])))


def test_drawn_scenes_cannot_hide_in_an_evidence_that_claims_to_be_real():
    """Nothing can switch the notice off, not even whoever assembles the evidence."""
    drawn = replace(made_up.simulated(made_up.made_up_evidence()), simulated=False)

    with pytest.raises(EvidenceError, match="must be marked as simulated"):
        check(drawn)


def test_an_area_of_a_zone_nobody_outlined_is_refused():
    """Every row can be traced to an outline of the evidence."""
    evidence = made_up.made_up_evidence()
    stray = tuple(
        replace(row, zone="mine-Z") if row.zone == "mine-B" else row for row in evidence.areas
    )

    with pytest.raises(EvidenceError, match="mines/mine-Z is no zone"):
        check(replace(evidence, areas=stray))
