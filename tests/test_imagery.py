"""Years as a user writes them."""

from __future__ import annotations

import dataclasses

import pytest

from reetrace.core.errors import SettingError
from reetrace.imagery import parse_years
from tests.test_zoning import rectangle, site

STUDIED = dataclasses.replace(site(rectangle(0, 0, 1, 1)), epochs=(2005, 2010, 2015, 2020))


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2005-2020", (2005, 2010, 2015, 2020)),
        ("2006-2016", (2010, 2015)),
        ("2005–2010", (2005, 2010)),
        ("2020, 2005", (2005, 2020)),
        ("2018", (2018,)),
        ("1999-2001", (1999, 2001)),
    ],
)
def test_a_range_picks_the_epochs_of_the_site_and_a_list_is_taken_as_it_is(text, years):
    """A range without an epoch of interest is its two ends."""
    assert parse_years(text, STUDIED) == years


@pytest.mark.parametrize(
    "text", ["2020-2005", "5-20", "", "all", "2005..2020", "1950", "2101", "20051"]
)
def test_years_that_make_no_sense_are_refused_with_an_example(text):
    """The line says what to write instead."""
    with pytest.raises(SettingError, match=r"Write|is not between"):
        parse_years(text, STUDIED)
