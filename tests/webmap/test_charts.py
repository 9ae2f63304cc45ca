"""Charts of the companion: what stands where, and what is told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reetrace.core.evidence import Evidence
from reetrace.core.site import ZoneSet
from reetrace.ledger import tabulate
from reetrace.reading import lookup, numerals
from reetrace.webmap import charts as drawing
from reetrace.webmap.charts import charts
from reetrace.webmap.tabling import tables
from tests import made_up


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    """The made-up evidence; no raster is needed for a chart."""
    return made_up.made_up_evidence()


def test_site_study_area_and_every_edition_of_the_border_have_their_charts(evidence):
    """Area and change of both places, and the sides of two editions."""
    titles = [each.title for each in charts(evidence)]

    assert len(titles) == len(set(titles)) == 6
    assert sum(title.startswith("Area of “Mine” in ") for title in titles) == 2
    assert sum(title.startswith("Gain and loss of “Mine” in ") for title in titles) == 2
    assert sum("by side of the border, edition" in title for title in titles) == 2


def test_a_bar_is_as_high_as_its_number_and_a_whisker_as_long_as_its_interval(evidence):
    """Read back from the drawing by the numbers of its axis."""
    chart = charts(evidence)[0]
    areas = lookup.areas(evidence, *lookup.subject(evidence), evidence.legend.target)
    first, last = chart.ticks[0], chart.ticks[-1]
    scale = (float(last.words) - float(first.words)) / (first.at - last.at)

    for mark, area in zip(chart.marks, areas, strict=True):
        assert mark.height * scale == pytest.approx(area.mapped.value, abs=scale / 10)
        low, high, dot = (
            (chart.zero - at) * scale if at is not None else None
            for at in (mark.low, mark.high, mark.dot)
        )
        assert low == pytest.approx(area.adjusted.low, abs=scale / 10)
        assert high == pytest.approx(area.adjusted.high, abs=scale / 10)
        assert dot == pytest.approx(area.adjusted.value, abs=scale / 10)


def test_what_is_told_of_a_bar_is_what_the_report_prints(evidence):
    """Epoch, class, mapped area, and the estimate with its interval, by the one formatter."""
    area = lookup.areas(evidence, *lookup.subject(evidence), evidence.legend.target)[-1]

    told = charts(evidence)[0].marks[-1].words

    assert told == (
        f"{area.epoch}, Mine: {numerals.value(area.mapped)} mapped; estimated "
        f"{numerals.with_interval(area.adjusted)}."
    )


def test_losses_hang_below_zero_and_gains_stand_above(evidence):
    """In the same place, as one is the other's counterpart."""
    chart = charts(evidence)[1]
    gains, losses = chart.marks[0::2], chart.marks[1::2]

    assert all(mark.top is not None and mark.top + mark.height == chart.zero for mark in gains)
    assert all(mark.top == pytest.approx(chart.zero) for mark in losses)
    assert [mark.left for mark in gains] == [mark.left for mark in losses]
    assert [each.words for each in chart.groups] == ["2005–2010", "2010–2015", "2015–2020"]


def test_an_epoch_that_was_not_seen_has_no_bar_and_says_so(evidence):
    """Not a bar of no height: nothing is known of it."""
    zone_set, zone = lookup.subject(evidence)
    blind = replace(
        evidence,
        observations=tuple(
            replace(each, seen=0) if (each.zone, each.epoch) == (zone, "2010") else each
            for each in evidence.observations
        ),
    )

    mark = charts(blind)[0].marks[1]

    assert zone_set == "mines"
    assert mark.top is None
    assert "no value (no ground of it was seen clear)" in mark.words


def test_a_change_without_ground_seen_at_both_dates_is_not_drawn_as_nothing(evidence):
    """Neither gained nor lost: not known."""
    zone_set, zone = lookup.subject(evidence)
    blind = replace(
        evidence,
        changes=tuple(
            replace(each, cells=tuple(replace(cell, pixels=0) for cell in each.cells))
            if (each.zone_set, each.zone, each.first) == (zone_set, zone, "2005")
            else each
            for each in evidence.changes
        ),
    )

    first = charts(blind)[1].marks[0]

    assert first.top is None
    assert first.words == "2005–2010: no ground was seen at both dates."


def test_a_single_epoch_has_areas_and_no_change():
    """There is nothing to compare."""
    titles = [each.title for each in charts(made_up.single_epoch())]

    assert not any(title.startswith("Gain and loss") for title in titles)
    assert any(title.startswith("Area of") for title in titles)


def test_more_countries_than_colours_are_all_drawn(evidence):
    """Colours begin anew; no side is dropped."""
    edition = lookup.country_sets(evidence)[0]
    many = ZoneSet(
        id=edition.id,
        title=edition.title,
        zones=edition.zones * 4,
        edition=edition.edition,
    )

    chart = drawing._of_border(evidence, many)

    assert chart is not None
    assert len(chart.marks) == 8 * len(evidence.epochs)


@pytest.mark.parametrize(("span", "lines"), [(0.004, 4), (0.9, 5), (3.0, 6), (57.76, 6), (1e4, 5)])
def test_the_axis_has_a_handful_of_round_lines(span, lines):
    """Whatever the size of the numbers."""
    assert span / drawing._step(span) == pytest.approx(lines, abs=1.9)


def test_the_tables_are_those_of_the_ledger(evidence):
    """Cell by cell, numbers printed to the digits of their column."""
    ledger = {each.name: each for each in tabulate(evidence)}

    for printed in tables(evidence):
        source = ledger[printed.name]
        columns = [each.title for each in source.columns]
        kept = [columns.index(each.title) for each in printed.head]
        assert len(printed.rows) == len(source.rows)
        for shown, row in zip(printed.rows, source.rows, strict=True):
            for text, place in zip(shown, kept, strict=True):
                cell = row[place]
                if isinstance(cell, str):
                    assert text == cell
                elif cell is None:
                    assert text == numerals.BLANK
                else:
                    digits = source.columns[place].decimals
                    number = float(text.replace(",", "").replace(numerals.MINUS, "-"))
                    assert number == pytest.approx(cell, abs=0.51 * 10.0**-digits)


def test_the_notice_is_the_bands_and_not_a_column_of_every_table(evidence):
    """Two columns of the same words would hide the numbers on a narrow screen."""
    heads = [head.title for each in tables(made_up.simulated(evidence)) for head in each.head]

    assert heads
    assert "Notice" not in heads
