"""Rows for the AMRT: what is known is there, what no image shows is blank, nothing is claimed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.geometry import MultiPolygon
from reetrace.core.table import Cell, Table
from reetrace.ledger import tabulate
from reetrace.ledger.places import middle
from reetrace.reading.wording import forbidden
from tests import made_up


def _table(evidence: Evidence) -> Table:
    return next(table for table in tabulate(evidence) if table.name == "mine_list")


def _rows(evidence: Evidence) -> list[dict[str, Cell]]:
    table = _table(evidence)
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def test_the_first_columns_are_those_of_the_template():
    """Thirteen in its order, so that a block can be copied at once."""
    columns = [column.name for column in _table(made_up.made_up_evidence()).columns]

    assert columns[:13] == [
        "metal",
        "smelter_name",
        "mine_name",
        "mine_id",
        "mine_id_source",
        "mine_country",
        "mine_street",
        "mine_city",
        "mine_province",
        "mine_contact",
        "mine_contact_email",
        "next_steps",
        "comments",
    ]


def test_the_site_asked_for_comes_first_with_what_its_record_says():
    """Its names in every script, its country as recorded, its metal in the template's word."""
    row, other = _rows(made_up.made_up_evidence())

    assert row["mine_id"] == "mine-A"
    assert row["metal"] == "Rare Earth Elements"
    assert (row["mine_country"], row["country_code"]) == ("Myanmar", "MMR")
    assert row["names"] == "Mine A (en); 矿区A (zh-Hans); မိုင်း အေ (my)"
    assert row["evidence_id"] == made_up.made_up_evidence().run_id
    assert other["mine_id"] == "mine-B"


def test_a_mine_the_run_was_not_asked_about_gets_no_country():
    """Its record is not in the evidence, and a country is not read off a map."""
    _, other = _rows(made_up.made_up_evidence())

    assert other["mine_country"] is None
    assert "Mine country: not in this evidence, whose run was asked about another" in str(
        other["reason"]
    )


@pytest.mark.parametrize(
    ("commodity", "metal"),
    [
        ("rare earths", "Rare Earth Elements"),
        ("Rare earths (xenotime)", "Rare Earth Elements"),
        ("niobium, phosphate, rare earths", "Rare Earth Elements"),
        ("rare earths, uranium, zinc", "Rare Earth Elements; Zinc"),
        ("rare earth elements", "Rare Earth Elements"),
        ("niobium, tantalum", "niobium, tantalum"),
        ("zinciferous clay", "zinciferous clay"),
    ],
)
def test_metals_go_by_the_words_of_the_template(commodity, metal):
    """What its list lacks is not forced into it; the commodity stands in a column of its own."""
    whole = made_up.made_up_evidence()

    row, _ = _rows(replace(whole, site=replace(whole.site, commodity=commodity)))

    assert (row["metal"], row["commodity"]) == (metal, commodity)


@pytest.mark.parametrize(
    ("codes", "country"),
    [(("AUS",), "Australia"), (("CHN", "MMR"), "China; Myanmar"), (("XKX",), "XKX"), ((), None)],
)
def test_countries_go_by_their_names_or_else_by_their_codes(codes, country):
    """Of the site's record, wherever borders lie."""
    far = made_up.no_country()

    row, _ = _rows(replace(far, site=replace(far.site, countries=codes)))

    assert row["mine_country"] == country


def test_what_no_image_shows_is_blank_with_its_reason():
    """Who buys, where the office is, whom to write to."""
    row, _ = _rows(made_up.made_up_evidence())

    for name in ("smelter_name", "mine_street", "mine_city", "mine_contact", "next_steps"):
        assert row[name] is None
    assert "not visible from orbit" in str(row["reason"])


def test_areas_are_those_of_the_table_of_areas():
    """Two tables cannot state two areas of one mine."""
    evidence = made_up.made_up_evidence()
    row, _ = _rows(evidence)

    found = next(
        each
        for each in evidence.areas
        if (each.zone, each.epoch, each.landcover) == ("mine-A", "2020", "mine")
    )
    assert row["mapped_area_km2"] == found.mapped.value
    assert row["adjusted_area_km2"] == found.adjusted.value
    assert (row["adjusted_area_low_km2"], row["adjusted_area_high_km2"]) == (
        found.adjusted.low,
        found.adjusted.high,
    )


def test_a_comment_that_is_pasted_elsewhere_still_says_that_it_was_drawn():
    """The notice column may be left behind; the comment carries the notice itself."""
    for row in _rows(made_up.simulated(made_up.made_up_evidence())):
        assert str(row["comments"]).startswith(SIMULATED_NOTICE)


def test_it_says_which_template_it_follows_and_that_it_is_none():
    """In every row, so that nobody takes a pasted row for a filled template."""
    for row in _rows(made_up.made_up_evidence()):
        assert row["mapped_to"] == (
            "AMRT 1.3 (2025-10-17), sheet “Mine List”, mapping 1; "
            "for pasting, not a filled template"
        )


@pytest.mark.parametrize("variant", [made_up.made_up_evidence, made_up.single_epoch])
def test_no_cell_claims_what_an_image_cannot_show(variant):
    """The words come from us, so they pass the list of words a report may not use."""
    cells = [cell for row in _rows(variant()) for cell in row.values() if isinstance(cell, str)]

    assert [hit for text in cells for hit in forbidden(text)] == []


def test_a_site_that_stands_alone_is_its_own_mine():
    """No set of mines: the site itself is the row, with the whole area's numbers."""
    full = made_up.only_zone_sets(made_up.made_up_evidence(), "study-area")
    alone = replace(full, site=full.study_area)

    (row,) = _rows(alone)

    assert row["mine_id"] == "kachin-nujiang"
    assert row["mapped_area_km2"] == next(
        each.mapped.value
        for each in alone.areas
        if (each.zone_set, each.epoch, each.landcover) == ("study-area", "2020", "mine")
    )


def test_a_mine_without_a_footprint_is_placed_by_its_outline():
    """And the row says so."""
    row, _ = _rows(replace(made_up.made_up_evidence(), footprints=()))

    assert row["place"] == "middle of the outline in the site's file"
    assert row["longitude"] == pytest.approx(98.534, abs=0.001)


_SQUARE = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0))
_HOLE = ((2.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 4.0), (2.0, 0.0))


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        (((_SQUARE,),), (2.0, 2.0)),
        (((_SQUARE[::-1],),), (2.0, 2.0)),
        (((_SQUARE, _HOLE),), (1.0, 2.0)),
        (((_SQUARE, _HOLE[::-1]),), (1.0, 2.0)),
        (((_SQUARE,), (tuple((x + 4, y) for x, y in _SQUARE),)), (4.0, 2.0)),
        ((), None),
    ],
)
def test_the_middle_is_the_centre_of_gravity(area: MultiPolygon, expected):
    """Holes count against it, several pieces by their size, however rings are turned."""
    assert middle(area) == expected
