"""Filters of collections."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from tests.standin.calendar import Moment, Span, as_moment
from tests.standin.coercion import as_geometry
from tests.standin.elements import Element
from tests.standin.faults import Refused, Unmodelled
from tests.standin.registering import models

Filter = Callable[[Element], bool]


def _operand(element: Element, field: str | None, value: Any) -> Any:
    """A property of an element, or the value given instead."""
    if field is None:
        return value
    if field not in element.properties:
        # Whether a missing property passes `not less than` is not documented.
        raise Unmodelled(f"a filter by property '{field}', which an element lacks")
    return element.properties[field]


def _plain(value: Any) -> Any:
    return value.millis if isinstance(value, Moment) else value


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "Filter.equals": operator.eq,
    "Filter.eq": operator.eq,
    "Filter.notEquals": operator.ne,
    "Filter.neq": operator.ne,
    "Filter.lessThan": operator.lt,
    "Filter.lt": operator.lt,
    "Filter.lessThanOrEquals": operator.le,
    "Filter.lte": operator.le,
    "Filter.greaterThan": operator.gt,
    "Filter.gt": operator.gt,
    "Filter.greaterThanOrEquals": operator.ge,
    "Filter.gte": operator.ge,
    "Filter.listContains": operator.contains,
    "Filter.inList": lambda value, listed: value in listed,
    "Filter.stringContains": operator.contains,
    "Filter.stringStartsWith": str.startswith,
    "Filter.stringEndsWith": str.endswith,
}


@models(*_COMPARISONS)
def compare(
    left_field: str | None,
    right_value: Any,
    right_field: str | None,
    left_value: Any,
    *,
    algorithm_name: str,
) -> Filter:
    """A property compared with a value, or with another property."""
    function = _COMPARISONS[algorithm_name]

    def passes(element: Element) -> bool:
        left = _plain(_operand(element, left_field, left_value))
        right = _plain(_operand(element, right_field, right_value))
        try:
            return bool(function(left, right))
        except TypeError as fault:
            raise Refused(f"{algorithm_name}: cannot compare {left!r} with {right!r}.") from fault

    return passes


@models("Filter.dateRangeContains")
def date_range_contains(left_value: Span, right_field: str) -> Filter:
    """Whether a date lies in a span; its end does not."""

    def passes(element: Element) -> bool:
        moment = as_moment(_operand(element, right_field, None))
        return moment is not None and left_value.holds(moment)

    return passes


@models("Filter.rangeContains")
def range_contains(field: str, min_value: Any, max_value: Any) -> Filter:
    """Whether a property lies between two values, both included."""

    def passes(element: Element) -> bool:
        return bool(_plain(min_value) <= _operand(element, field, None) <= _plain(max_value))

    return passes


_CALENDAR: dict[str, Callable[[Moment], int]] = {
    "year": lambda moment: moment.date.year,
    "month": lambda moment: moment.date.month,
    "hour": lambda moment: moment.date.hour,
    "day_of_month": lambda moment: moment.date.day,
    "day_of_year": lambda moment: moment.date.timetuple().tm_yday,
}


@models("Filter.calendarRange")
def calendar_range(start: int, end: int | None, field: str) -> Filter:
    """Whether a part of the date lies in a range, both ends included, round the turn if need be."""
    if field not in _CALENDAR:
        raise Unmodelled(f"Filter.calendarRange of {field}")
    last = start if end is None else end

    def passes(element: Element) -> bool:
        moment = as_moment(_operand(element, "system:time_start", None))
        part = _CALENDAR[field](moment) if moment else 0
        return start <= part <= last if start <= last else part >= start or part <= last

    return passes


@models("Filter.intersects")
def intersects(
    left_field: str | None, right_value: Any, right_field: str | None, left_value: Any
) -> Filter:
    """Whether an element's place touches another."""
    field, value = (left_field, right_value) if left_field else (right_field, left_value)
    if field not in {".all", ".geo", "system:footprint"}:
        raise Unmodelled(f"Filter.intersects by {field}")
    wanted = as_geometry(value).within("EPSG:4326")

    def passes(element: Element) -> bool:
        return bool(as_geometry(element).within("EPSG:4326").intersects(wanted))

    return passes


@models("Filter.notNull")
def not_null(properties: list[str]) -> Filter:
    """Whether an element has these properties."""
    return lambda element: all(name in element.properties for name in properties)


@models("Filter.and")
def both(filters: list[Filter]) -> Filter:
    """Whether all pass."""
    return lambda element: all(passes(element) for passes in filters)


@models("Filter.or")
def either(filters: list[Filter]) -> Filter:
    """Whether one passes."""
    return lambda element: any(passes(element) for passes in filters)


@models("Filter.not")
def opposite(filter_: Filter) -> Filter:
    """Whether it does not pass."""
    return lambda element: not filter_(element)
