"""The one place where a number becomes text: digits by the width of its interval, units, blanks."""

from __future__ import annotations

import math

from reetrace.core.results import Measure
from reetrace.reading.language import say

BLANK = "–"
"""Printed where there is no value; the reason stands beside or below it."""

MINUS = "\u2212"

# Digits after the point of a value without an interval, by unit.
_PLAIN_DECIMALS = {"km²": 2, "ha": 1, "%": 0, "share": 1, "pixels": 0, "points": 0, "1": 3}

_MOST_DECIMALS = 3

# Most digits after the point where there is an interval, unless it would then have no width.
_MOST_BY_UNIT = {"km²": 2, "ha": 2, "%": 0, "share": 1, "1": 3}


def number(value: float, decimals: int) -> str:
    """A number with a true minus sign and commas between thousands.

    >>> number(-1234.5, 1)
    '\u22121,234.5'
    """
    rounded = round(value, decimals)
    text = f"{abs(rounded):,.{decimals}f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def decimals_of(measure: Measure) -> int:
    """Digits after the point: two figures of the interval's half-width, or the unit's custom."""
    scale = 100.0 if measure.unit == "share" else 1.0
    if measure.low is None or measure.high is None or measure.high <= measure.low:
        return _plain_decimals(measure, scale)
    half = (measure.high - measure.low) / 2 * scale
    wanted = max(0, 1 - math.floor(math.log10(half)))
    most = _MOST_BY_UNIT.get(measure.unit, 2)
    while most < _MOST_DECIMALS and half < 10.0**-most:
        most += 1
    decimals = min(wanted, most)
    # An end just beside zero must not print as zero: whether it leaves out zero is the finding.
    ends = (measure.low * scale, measure.high * scale)
    while decimals < _MOST_DECIMALS and any(end and not round(end, decimals) for end in ends):
        decimals += 1
    return decimals


def _plain_decimals(measure: Measure, scale: float) -> int:
    if measure.value == 0:
        return 0
    custom = _PLAIN_DECIMALS.get(measure.unit, 2)
    size = abs(measure.value or 0.0) * scale
    # 0.004 km² must not print as nothing.
    return min(custom + 1, _MOST_DECIMALS) if 0 < size < 0.1 and custom else custom  # noqa: PLR2004


def unit_text(measure: Measure) -> str:
    """The unit as printed after the number, with its space."""
    if measure.unit == "share":
        return " %"
    return "" if measure.unit == "1" else f" {measure.unit}"


def value(measure: Measure, *, unit: bool = True, sign: bool = False) -> str:
    """The number alone, e.g. `2.49 km²`; a dash where there is none."""
    if measure.value is None:
        return BLANK
    text = _scaled(measure.value, measure)
    if sign and measure.value > 0:
        text = f"+{text}"
    return text + (unit_text(measure) if unit else "")


def interval(measure: Measure, *, unit: bool = True) -> str:
    """The 95 % interval alone, e.g. `2.10–2.88 km²`; a dash where there is none."""
    if measure.low is None or measure.high is None:
        return BLANK
    low, high = _scaled(measure.low, measure), _scaled(measure.high, measure)
    text = say("{low} to {high}", low=low, high=high) if measure.low < 0 else f"{low}–{high}"
    return text + (unit_text(measure) if unit else "")


def with_interval(measure: Measure) -> str:
    """The number and its interval in running text.

    >>> with_interval(Measure(2.49, "km²", 2.1, 2.88, "made up"))
    '2.49 km² (95 % interval 2.10–2.88 km²)'
    """
    if measure.value is None or measure.low is None:
        return value(measure)
    return say(
        "{value} (95 % interval {interval})", value=value(measure), interval=interval(measure)
    )


def area(km2: float) -> str:
    """A bare area in km² as running text, e.g. the smallest change that could be seen."""
    return value(Measure(km2, "km²", None, None, ""))


def count(amount: float) -> str:
    """A count with commas between thousands."""
    return number(amount, 0)


def share(part: float) -> str:
    """A share (0-1) in per cent; never 0 or 100 unless it is.

    >>> share(0.99999), share(0.031), share(0)
    ('> 99.9 %', '3.1 %', '0 %')
    """
    if part in (0, 1):
        return f"{part * 100:.0f} %"
    text = f"{part * 100:.1f}"
    if text == "100.0":
        return "> 99.9 %"
    return "< 0.1 %" if text == "0.0" else f"{text} %"


def _scaled(number_in_unit: float, measure: Measure) -> str:
    scale = 100.0 if measure.unit == "share" else 1.0
    return number(number_in_unit * scale, decimals_of(measure))


def negated(measure: Measure) -> Measure:
    """The same change told as a loss: what shrank by 2 changed by -2."""
    return Measure(
        None if measure.value is None else -measure.value,
        measure.unit,
        None if measure.high is None else -measure.high,
        None if measure.low is None else -measure.low,
        measure.source,
        measure.reason,
    )


def value_of_m2(area_m2: float) -> str:
    """A small area in hectares.

    >>> value_of_m2(900.0)
    '0.09 ha'
    """
    return f"{number(area_m2 / 10_000, 2)} ha"
