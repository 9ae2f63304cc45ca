"""Numbers print with the digits their intervals bear, and blanks stay blank."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.core.results import Measure
from reetrace.reading import numerals


def measured(value: float | None, low: float | None, high: float | None, unit: str = "km²"):
    """A measure from nowhere in particular."""
    return Measure(value, unit, low, high, "made up", "" if value is not None else "none given")


def test_digits_follow_the_width_of_the_interval():
    """A wide interval takes digits away that a narrow one bears."""
    assert numerals.value(measured(2.4917, 2.1, 2.9)) == "2.49 km²"
    assert numerals.value(measured(249.17, 210, 290)) == "249 km²"
    assert numerals.value(measured(0.0113, 0.0111, 0.0115, "1")) == "0.011"


def test_an_interval_that_leaves_out_zero_does_not_print_zero():
    """It grew, if by little: 0.00 as the lower end would deny the finding."""
    assert numerals.interval(measured(0.235, 0.002, 0.467)) == "0.002–0.467 km²"
    assert numerals.interval(measured(38.9, 0.319, 93.1, "%")) == "0.3–93.1 %"
    assert numerals.interval(measured(0.2, 0.0, 0.4)) == "0.00–0.40 km²"


def test_shares_print_in_per_cent_and_thousands_have_commas():
    """0.973 is 97.3 %, and 12345 is 12,345."""
    assert numerals.with_interval(measured(0.973, 0.94, 0.99, "share")) == (
        "97.3 % (95 % interval 94.0–99.0 %)"
    )
    assert numerals.count(12345) == "12,345"


def test_an_interval_below_zero_is_written_with_words():
    """A dash between two minus signs cannot be read."""
    assert numerals.interval(measured(0.1, -0.2, 0.4)) == "−0.20 to 0.40 km²"


def test_a_blank_is_a_dash_and_never_zero():
    """What was not estimated has no number at all."""
    assert numerals.value(measured(None, None, None)) == numerals.BLANK
    assert numerals.interval(measured(1.0, None, None)) == numerals.BLANK


def test_a_small_area_does_not_print_as_nothing():
    """0.004 km² of pixels is not 0.00 km²; nought is 0."""
    assert numerals.value(measured(0.004, None, None)) == "0.004 km²"
    assert numerals.value(measured(0.0, None, None)) == "0 km²"


def test_a_share_is_never_rounded_to_all_or_nothing():
    """One unseen pixel in a million keeps 100 % from being printed."""
    assert numerals.share(1 - 1e-6) == "> 99.9 %"
    assert numerals.share(1e-6) == "< 0.1 %"
    assert numerals.share(1.0) == "100 %"


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.001, 1e4),
    st.floats(0.001, 1e3),
    st.sampled_from(["km²", "ha", "share", "1", "%"]),
)
def test_the_printed_interval_never_leaves_out_the_printed_value(value, half, unit):
    """Rounding moves value and ends alike: the order low, value, high stays."""
    measure = measured(value, value - half, value + half, unit)

    decimals = numerals.decimals_of(measure)

    scale = 100 if unit == "share" else 1
    low, middle, high = (
        round(each * scale, decimals) for each in (value - half, value, value + half)
    )
    assert low <= middle <= high


@pytest.mark.parametrize("value", [-0.0001, 0.0])
def test_nothing_has_no_minus_sign(value):
    """What rounds to nought is nought."""
    assert numerals.number(value, 2) == "0.00"
