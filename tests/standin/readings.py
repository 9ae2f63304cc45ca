"""What the service might do where its documentation is silent.

The defaults are the readings that nothing should rely on. A graph that gives the same pixels under
every one of them does not depend on what nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Literal, get_args, get_type_hints


@dataclass(frozen=True)
class Readings:
    """One choice for each open question."""

    tie: Literal["highest", "lowest"] = "highest"
    """Which class wins when the trees of an ensemble are divided."""
    unseen_count: Literal["masked", "zero"] = "masked"
    """What a count down a stack is where no image is seen."""
    whole_key: Literal["integer", "double"] = "integer"
    """Whether a histogram writes a whole number as `3` or as `3.0`."""
    composite_extent: Literal["everywhere", "union"] = "everywhere"
    """Where a composite ends: nowhere, or with its images."""
    listed_index: Literal["place", "kept"] = "place"
    """Index of an image in a collection made of a list."""
    quotient: Literal["single", "double"] = "single"
    """Precision of one whole number divided by another."""
    middle: Literal["double", "single"] = "double"
    """Precision of a median of whole numbers."""
    properties: Literal["dropped", "kept"] = "dropped"
    """What becomes of the properties of an image that goes through arithmetic."""


def alternatives() -> Iterator[Readings]:
    """The default readings, then one changed at a time."""
    yield Readings()
    hints = get_type_hints(Readings)
    for each in fields(Readings):
        for choice in get_args(hints[each.name]):
            if choice != each.default:
                yield replace(Readings(), **{each.name: choice})
