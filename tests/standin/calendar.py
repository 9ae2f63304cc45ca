"""Dates and spans of dates, all in UTC."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from tests.standin.faults import Refused, Unmodelled
from tests.standin.registering import models

_UNITS_MS = {
    "second": 1_000,
    "minute": 60_000,
    "hour": 3_600_000,
    "day": 86_400_000,
    "week": 7 * 86_400_000,
}
_JAVA = (
    ("YYYY", "%Y"), ("yyyy", "%Y"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"), ("mm", "%M"),
    ("ss", "%S"), ("'T'", "T"), ("DDD", "%j"),
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """Milliseconds since 1970."""

    millis: int

    @property
    def date(self) -> dt.datetime:
        """In UTC."""
        return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=self.millis)


@dataclass(frozen=True)
class Span:
    """From a moment to just before another."""

    start: Moment
    end: Moment

    def holds(self, moment: Moment) -> bool:
        """The end is outside."""
        return self.start.millis <= moment.millis < self.end.millis


def moment_of(date: dt.datetime) -> Moment:
    """A moment from a date in UTC."""
    return Moment(
        round((date - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) / dt.timedelta(milliseconds=1))
    )


def as_moment(value: Any) -> Moment | None:
    """What the service takes for a date: a date, milliseconds, or an ISO text."""
    if isinstance(value, Moment):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Moment(int(value))
    if isinstance(value, str):
        try:
            date = dt.datetime.fromisoformat(value)
        except ValueError as fault:
            raise Refused(f"Date: Bad date/time '{value}'.") from fault
        return moment_of(date.replace(tzinfo=dt.UTC) if date.tzinfo is None else date)
    return None


@models("Date")
def date(value: Any) -> Moment:
    """A date of milliseconds or ISO text."""
    found = as_moment(value)
    if found is None:
        raise Refused(f"Date: cannot be made of {value!r}.")
    return found


@models("Image.date")
def taken(image: Any) -> Moment:
    """When an image was taken."""
    return date(image.properties.get("system:time_start"))


@models("Date.fromYMD")
def from_ymd(year: int, month: int, day: int) -> Moment:
    """Midnight of a day."""
    return moment_of(dt.datetime(year, month, day, tzinfo=dt.UTC))


@models("DateRange")
def date_range(start: Any, end: Any) -> Span:
    """From one date to just before another; a single date is a millisecond."""
    first = date(start)
    last = date(end) if end is not None else Moment(first.millis + 1)
    if last.millis <= first.millis:
        raise Refused("DateRange: Range must not be empty: the end has to follow the start.")
    return Span(first, last)


@models("Date.advance")
def advance(date: Moment, delta: float, unit: str) -> Moment:
    """A date later by so many units."""
    unit = unit.rstrip("s")
    if unit in _UNITS_MS:
        return Moment(date.millis + round(delta * _UNITS_MS[unit]))
    months = delta * {"month": 1, "year": 12}.get(unit, 0)
    if not months or not float(months).is_integer():
        raise Unmodelled(f"Date.advance by {delta} {unit}")
    day = date.date
    years, month = divmod(day.year * 12 + day.month - 1 + int(months), 12)
    if day.day > 28:
        raise Unmodelled("Date.advance by months from the end of a month")
    return moment_of(day.replace(year=years, month=month + 1))


@models("Date.millis")
def millis(date: Moment) -> int:
    """Milliseconds since 1970."""
    return date.millis


@models("Date.get")
def part(date: Moment, unit: str) -> int:
    """The year, month, day or time of a date."""
    if unit not in {"year", "month", "day", "hour", "minute", "second"}:
        raise Unmodelled(f"Date.get of {unit}")
    return int(getattr(date.date, unit))


@models("Date.getRelative")
def relative(date: Moment, unit: str, in_unit: str) -> int:
    """The day of the year, from 0."""
    if (unit, in_unit) != ("day", "year"):
        raise Unmodelled(f"Date.getRelative of {unit} in {in_unit}")
    return date.date.timetuple().tm_yday - 1


@models("Date.difference")
def difference(date: Moment, start: Moment, unit: str) -> float:
    """Units from one date to another."""
    unit = unit.rstrip("s")
    if unit not in _UNITS_MS:
        raise Unmodelled(f"Date.difference in {unit}")
    return (date.millis - start.millis) / _UNITS_MS[unit]


@models("Date.format")
def formatted(date: Moment, format_: str | None) -> str:
    """A date in a Joda-time pattern; ISO 8601 without one."""
    if format_ is None:
        return date.date.strftime("%Y-%m-%dT%H:%M:%S")
    pattern = format_
    for java, python in _JAVA:
        pattern = pattern.replace(java, python)
    if re.search(r"(?<!%)[A-Za-z]", pattern.replace("T", "")):
        raise Unmodelled(f"Date.format with {format_!r}")
    return date.date.strftime(pattern)
