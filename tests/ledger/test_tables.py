"""Tidy tables: the same for every run, no blank without its reason, no digit lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.table import Table
from reetrace.ledger import dictionary, tabulate
from reetrace.reading.wording import forbidden
from tests import made_up

VARIANTS = {
    "whole": made_up.made_up_evidence,
    "single epoch": made_up.single_epoch,
    "no country": made_up.no_country,
    "one border edition": made_up.one_country,
    "no Sentinel-2": made_up.no_sentinel2,
}


def _table(evidence: Evidence, name: str) -> Table:
    return next(table for table in tabulate(evidence) if table.name == name)


def _rows(table: Table) -> list[dict[str, object]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_same_tables_come_whatever_a_run_found(variant):
    """A reader's script finds every table and every column, even where there are no rows."""
    tables = tabulate(VARIANTS[variant]())

    assert [table.name for table in tables] == [
        table.name for table in tabulate(made_up.made_up_evidence())
    ]
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_blank_cell_has_its_reason_in_its_row(variant):
    """Nothing is left to guess: whoever finds a blank finds why."""
    blanks = [
        row
        for table in tabulate(VARIANTS[variant]())
        for row in _rows(table)
        if None in row.values()
    ]

    assert all(row["reason"] for row in blanks)


def test_the_blank_areas_of_unseen_ground_say_why():
    """Ground that was not seen has a mapped size and no class, so no error-adjusted area."""
    rows = _rows(_table(made_up.made_up_evidence(), "areas"))

    unseen = [row for row in rows if row["landcover"] == "not-seen" and row["pixels"]]
    assert unseen
    assert {row["adjusted_area_km2"] for row in unseen} == {None}
    assert all("was not seen" in str(row["reason"]) for row in unseen)


def test_every_row_from_drawn_imagery_says_so():
    """The notice is the first column of every table, the dictionary's too."""
    tables = tabulate(made_up.simulated(made_up.made_up_evidence()))

    for table in (*tables, dictionary(tables)):
        assert table.columns[0].name == "notice"
        assert {row[0] for row in table.rows} <= {SIMULATED_NOTICE}


def test_tables_of_real_imagery_have_no_notice():
    """An empty column of notices would teach readers to look past it."""
    names = {
        column.name for table in tabulate(made_up.made_up_evidence()) for column in table.columns
    }

    assert "notice" not in names


def test_the_dictionary_explains_every_column():
    """No column without a title of its own in its table, a description and a table."""
    tables = tabulate(made_up.made_up_evidence())

    explained = {(row[0], row[1]) for row in dictionary(tables).rows}
    assert explained == {(table.name, each.name) for table in tables for each in table.columns}
    for table in tables:
        titles = [column.title for column in table.columns]
        assert len(set(titles)) == len(titles)
        assert all(column.description.strip() for column in table.columns)


def test_names_of_tables_fit_the_tab_of_a_sheet():
    """Excel allows 31 characters; prefixes of ours take three."""
    assert all(
        len(table.name) <= 28 and table.name.replace("_", "").isalnum()
        for table in tabulate(made_up.made_up_evidence())
    )


def test_words_of_the_tables_claim_nothing_an_image_cannot_show():
    """Titles, descriptions and headers pass the list of words a report may not use."""
    tables = tabulate(made_up.made_up_evidence())
    words = [
        text
        for table in tables
        for text in (
            table.title,
            table.description,
            *(column.title for column in table.columns),
            *(column.description for column in table.columns),
        )
    ]

    assert [hit for text in words for hit in forbidden(text)] == []


def test_country_areas_stand_side_by_side_under_each_border():
    """Both editions of the border and how far they differ are in one row."""
    rows = _rows(_table(made_up.made_up_evidence(), "borders"))

    row = next(
        each
        for each in rows
        if (each["zone"], each["epoch"], each["landcover"]) == ("CHN", "2020", "non-mine")
    )
    osm, coarse = row["mapped_area_osm_km2"], row["mapped_area_natural_earth_km2"]
    assert isinstance(osm, float)
    assert isinstance(coarse, float)
    assert row["difference_km2"] == pytest.approx(abs(osm - coarse))
    assert osm != coarse


def test_ground_in_no_country_and_in_two_has_its_rows():
    """A border that leaves a gap and an overlap shows both, so that rows add up."""
    rows = _rows(_table(made_up.made_up_evidence(), "borders"))

    zones = {row["zone"] for row in rows if row["mapped_area_natural_earth_km2"]}
    assert zones == {"MMR", "CHN", "none", "several"}


def test_a_screening_that_was_not_run_has_a_row_that_says_why():
    """An empty table could be read as nothing found."""
    (row,) = _rows(_table(made_up.no_sentinel2(), "spectral_summary"))

    assert row["verdict"] == "NOT_RUN"
    assert "no Sentinel-2 imagery" in str(row["reason"])


def test_values_are_not_rounded():
    """Digits are cut where a number is printed, not where it is stored."""
    evidence = made_up.made_up_evidence()

    stored = {row.mapped.value for row in evidence.areas}
    assert {row["mapped_area_km2"] for row in _rows(_table(evidence, "areas"))} == stored


def test_a_number_in_another_unit_is_refused():
    """A header names the unit, so a hectare must not slip into a column of km²."""
    evidence = made_up.made_up_evidence()
    patch = evidence.patches[0]
    wrong = replace(patch, largest=replace(patch.largest, unit="km²"))

    with pytest.raises(EvidenceError, match=r"Largest area: in 'km²', where 'ha' was needed"):
        tabulate(replace(evidence, patches=(wrong,)))
