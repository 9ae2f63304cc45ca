"""Findings are made from intervals: they claim no more than the interval bears."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reetrace.core.results import Growth, GrowthVerdict, Measure
from reetrace.reading import findings, lookup, numerals, wording
from tests import made_up


def grown(low: float, high: float, verdict: GrowthVerdict) -> Growth:
    """A change of mine A from 2005 to 2020."""
    whole = lookup.whole_growth(made_up.made_up_evidence(), "mines", "mine-A")
    assert whole is not None
    return replace(
        whole,
        change=Measure((low + high) / 2, "km²", low, high, "made up"),
        verdict=verdict,
        detectable_km2=(high - low) / 2,
    )


def test_growth_is_stated_with_its_interval():
    """Absolute first, then per cent."""
    said = findings.change(made_up.made_up_evidence(), grown(1.6, 1.9, "grew"))

    assert said.grade == findings.ESTIMATED
    assert "grew by 1.75 km² (95 % interval 1.60–1.90 km²)" in said.text
    assert said.text.index("km²") < said.text.index(" % of the area")


def test_a_loss_is_told_as_a_positive_amount():
    """It shrank by 0.5 km², not by −0.5 km²."""
    said = findings.change(made_up.made_up_evidence(), grown(-0.7, -0.3, "shrank"))

    assert "shrank by 0.50 km² (95 % interval 0.30–0.70 km²)" in said.text


def test_an_interval_around_zero_is_no_change_and_says_what_would_show():
    """The smallest change that would have shown is part of the statement."""
    said = findings.change(made_up.made_up_evidence(), grown(-0.2, 0.6, "no-change-detectable"))

    assert "no change of the area is detectable" in said.text
    assert "at least 0.40 km²" in said.text


def test_without_an_estimate_the_reason_is_given():
    """Mine B has no sample of its own: the change cannot be told."""
    evidence = made_up.made_up_evidence()
    growth = lookup.whole_growth(evidence, "mines", "mine-B")
    assert growth is not None

    said = findings.change(evidence, growth)

    assert said.grade == findings.CANNOT_TELL
    assert "cannot be told: the probability sample was not designed for this zone" in said.text


def test_a_zone_that_was_not_seen_is_not_said_to_hold_nothing():
    """No pixel mapped is no finding where no pixel was seen."""
    evidence = made_up.made_up_evidence()
    found = lookup.area(evidence, "mines", "mine-A", "mine", "2020")
    assert found is not None
    blind = replace(
        evidence,
        observations=tuple(
            replace(each, seen=0, seen_share=0.0)
            if (each.zone, each.epoch) == ("mine-A", "2020")
            else each
            for each in evidence.observations
        ),
    )
    empty = replace(found, pixels=0, adjusted=replace(found.adjusted, value=None, low=None))

    said = findings.extent(blind, empty)

    assert said.grade == findings.NOT_SEEN
    assert "no ground in Mine A" in said.text
    assert "was mapped" not in said.text
    assert lookup.mapped(blind, empty).value is None
    assert lookup.mapped(evidence, empty).value is not None


def test_the_mapped_change_is_that_of_ground_seen_at_both_epochs():
    """Ground lost from view is no loss: the epochs' own areas may not be set against each other."""
    evidence = made_up.made_up_evidence()
    (whole,) = [
        each
        for each in lookup.growth(evidence, "study-area", lookup.WHOLE)
        if (each.first, each.last) == ("2005", "2020")
    ]
    (matrix,) = [
        each
        for each in lookup.changes(evidence, "study-area", lookup.WHOLE)
        if (each.first, each.last) == ("2005", "2020")
    ]

    found = lookup.mapped_change(evidence, whole)

    assert found is not None
    assert found.value == (matrix.gain.value or 0) - (matrix.loss.value or 0)


def test_the_first_finding_is_about_the_site_asked_for():
    """Its figures are those of the evidence."""
    evidence = made_up.made_up_evidence()
    area = lookup.area(evidence, "mines", "mine-A", "mine", "2020")
    assert area is not None

    said = findings.findings(evidence)[0]

    assert numerals.with_interval(area.adjusted) in said.text
    assert "in Mine A" in said.text


def test_ground_not_seen_has_a_statement_of_its_own():
    """The study area missed some ground in 2010 and in 2015."""
    evidence = made_up.made_up_evidence()
    evidence = replace(evidence, site=evidence.study_area)

    (said,) = [each for each in findings.findings(evidence) if each.grade == findings.NOT_SEEN]

    assert "in 2010" in said.text
    assert "in 2015" in said.text
    assert "what happened there is not known" in said.text


@pytest.mark.parametrize(
    "evidence",
    [
        made_up.made_up_evidence(),
        made_up.single_epoch(),
        made_up.no_country(),
        made_up.no_sentinel2(),
        made_up.simulated(made_up.made_up_evidence()),
    ],
)
def test_no_finding_uses_a_forbidden_word(evidence):
    """Whatever is missing from the evidence."""
    assert [
        hit for each in findings.findings(evidence) for hit in wording.forbidden(each.text)
    ] == []


def test_a_country_is_only_ever_a_side_of_a_line():
    """No pixel is said to lie in a country."""
    said = " ".join(each.text for each in findings.findings(made_up.made_up_evidence()))

    assert "on the Myanmar side of the border (edition “osm”)" in said
    assert "in Myanmar" not in said
