"""Arithmetic with printed decimals: each stands for every number that would print so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Printed:
    """A printed number, or a sum of some, with the room that rounding left."""

    exact: Fraction
    """As printed."""
    low: Fraction
    high: Fraction
    digits: int
    """Digits after the point."""

    @classmethod
    def of(cls, number: Decimal) -> Printed:
        """The room of one printed number.

        >>> Printed.of(Decimal("3.20")).high
        Fraction(641, 200)
        """
        exact, half = Fraction(number), _unit(number) / 2
        return cls(exact, exact - half, exact + half, _digits(number))

    def meets(self, other: Printed) -> bool:
        """Whether one number could lie behind both."""
        return self.low <= other.high and other.low <= self.high

    def __str__(self) -> str:
        return f"{_rounded(self.exact, self.digits)}"


def total(parts: Iterable[Printed]) -> Printed:
    """The sum, with the room of all its parts."""
    listed = tuple(parts)
    return Printed(
        sum((part.exact for part in listed), Fraction(0)),
        sum((part.low for part in listed), Fraction(0)),
        sum((part.high for part in listed), Fraction(0)),
        max(part.digits for part in listed),
    )


def difference(whole: Printed, part: Printed) -> Printed:
    """The first less the second."""
    return Printed(
        whole.exact - part.exact,
        whole.low - part.high,
        whole.high - part.low,
        max(whole.digits, part.digits),
    )


def percent_room(before: Printed, after: Printed) -> tuple[Fraction, Fraction]:
    """(low, high) of the change in per cent that the numbers behind the print could have."""
    smallest = max(before.low, Fraction(1, 10**9))
    return 100 * (after.low / before.high - 1), 100 * (after.high / smallest - 1)


def same(printed: Decimal, exact: Fraction) -> bool:
    """Whether rounding or cutting off the exact number could have given the printed one.

    >>> same(Decimal("99.64"), Fraction(28100, 282)), same(Decimal("0.98"), Fraction(1))
    (True, False)
    """
    return abs(Fraction(printed) - exact) < _unit(printed)


def plain(number: Decimal | Fraction, like: Decimal | None = None) -> str:
    """The number in digits, with as many after the point as the one it stands beside.

    >>> plain(Fraction(2, 3), like=Decimal("0.25")), plain(Decimal("3.20"))
    ('0.67', '3.20')
    """
    if isinstance(number, Decimal) and like is None:
        return f"{number:f}"
    return f"{_rounded(Fraction(number), _digits(like or Decimal(0)))}"


def _digits(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _unit(number: Decimal) -> Fraction:
    return Fraction(1, 10 ** _digits(number))


def _rounded(number: Fraction, digits: int) -> Decimal:
    quotient = Decimal(number.numerator) / Decimal(number.denominator)
    return quotient.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
