"""Every module that models functions, so that importing one imports them all."""

from __future__ import annotations

from tests.standin import (
    arithmetic,
    calendar,
    classifiers,
    collecting,
    composing,
    confusion,
    constructing,
    dictionaries,
    elements,
    elementwise,
    filters,
    imaging,
    masking,
    painting,
    plain_values,
    reducers,
    regions,
)

__all__ = [
    "arithmetic",
    "calendar",
    "classifiers",
    "collecting",
    "composing",
    "confusion",
    "constructing",
    "dictionaries",
    "elements",
    "elementwise",
    "filters",
    "imaging",
    "masking",
    "painting",
    "plain_values",
    "reducers",
    "regions",
]
