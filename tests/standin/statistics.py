"""Single statistics: of the pixels of a region with their weights, or down a stack of images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.standin.faults import Unmodelled
from tests.standin.pixel_types import DOUBLE, FLOAT, Array, PixelType, named_type
from tests.standin.session import session

Stacked = tuple[Any, Any]
"""(values, whether there is one), both (rows, cols)."""


@dataclass(frozen=True)
class Statistic:
    """One number (or dictionary, or list) from many."""

    name: str
    weighted: bool
    """Whether a pixel at the edge counts by its covered share, or whole if its centre is inside."""
    of_values: Callable[[Array, Array], Any]
    """Values and weights, shape (values,) both, to an answer; None where there is none."""
    down_stack: Callable[[Array, Array], Stacked]
    """Values and whether they are seen, shape (images, rows, cols) both."""
    kind: Callable[[PixelType, int], PixelType]
    """Type of a layer made of that many layers of a type."""


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _same(kind: PixelType, _: int) -> PixelType:
    return kind


def _middling(_: PixelType, __: int) -> PixelType:
    return FLOAT if session().readings.middle == "single" else DOUBLE


def _double(_: PixelType, __: int) -> PixelType:
    return DOUBLE


def _counted(_: PixelType, __: int) -> PixelType:
    return named_type("int32")


def _summed(kind: PixelType, images: int) -> PixelType:
    if not kind.integral:
        return kind
    low, high = kind.bounds
    return PixelType("int", min(low * images, low), max(high * images, high))


def _middle(values: Array, seen: Array) -> Stacked:
    """Median of what was seen; the mean of the two in the middle of an even number."""
    count = seen.sum(axis=0)
    ordered = np.sort(np.where(seen, values.astype(np.float64), np.inf), axis=0)
    low = np.clip((count - 1) // 2, 0, None)[None]
    high = np.minimum(count // 2, len(values) - 1)[None]
    middle = np.take_along_axis(ordered, low, 0) + np.take_along_axis(ordered, high, 0)
    return np.where(count > 0, middle[0] / 2, 0), count > 0


def _weighted_middle(values: Array, weights: Array) -> Any:
    if not values.size:
        return None
    if (weights == weights[0]).all():
        return float(np.median(values))
    raise Unmodelled("a median of pixels of unequal weight; use .unweighted()")


def _mean(values: Array, seen: Array) -> Stacked:
    count = seen.sum(axis=0)
    total = np.where(seen, values, 0).sum(axis=0, dtype=np.float64)
    return total / np.maximum(count, 1), count > 0


def _sum(values: Array, seen: Array) -> Stacked:
    return np.where(seen, values, 0).sum(axis=0), seen.any(axis=0)


def _count(_: Array, seen: Array) -> Stacked:
    count = seen.sum(axis=0)
    # By default a pixel that no image sees is masked rather than 0: who needs 0 unmasks it.
    return count, (count > 0) | (session().readings.unseen_count == "zero")


def _extreme(function: Any, filler: float) -> Callable[[Array, Array], Stacked]:
    def down(values: Array, seen: Array) -> Stacked:
        chosen = function(np.where(seen, values.astype(np.float64), filler), axis=0)
        return np.where(seen.any(axis=0), chosen, 0), seen.any(axis=0)

    return down


def _taken(last: bool) -> Callable[[Array, Array], Stacked]:  # noqa: FBT001 - private
    def down(values: Array, seen: Array) -> Stacked:
        turned, turned_seen = (values[::-1], seen[::-1]) if last else (values, seen)
        first = turned_seen.argmax(axis=0)[None]
        return np.take_along_axis(turned, first, 0)[0], seen.any(axis=0)

    return down


def _no_stack(_: Array, __: Array) -> Stacked:
    raise Unmodelled("this reducer down a stack of images")


def _spread(values: Array, weights: Array) -> Any:
    """Standard deviation of the values themselves, not of the population they stand for."""
    if not values.size:
        return None
    mean = np.average(values, weights=weights)
    return float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))


def histogram_key(value: Any) -> str:
    """A pixel value as the key of a histogram: by default `3` for a whole number, else `3.0`."""
    number = _plain(value)
    return str(float(number) if session().readings.whole_key == "double" else number)


def _frequencies(values: Array, weights: Array) -> dict[str, float]:
    found, place = np.unique(values, return_inverse=True)
    totals = np.bincount(place, weights=weights, minlength=len(found))
    return {histogram_key(value): float(total) for value, total in zip(found, totals, strict=True)}


def _some(function: Callable[[Array, Array], Any]) -> Callable[[Array, Array], Any]:
    return lambda values, weights: _plain(function(values, weights)) if values.size else None


STATISTICS = {
    each.name: each
    for each in (
        Statistic(
            "sum",
            weighted=True,
            of_values=lambda v, w: float((v * w).sum()),
            down_stack=_sum,
            kind=_summed,
        ),
        Statistic(
            "mean",
            weighted=True,
            of_values=_some(lambda v, w: np.average(v, weights=w)),
            down_stack=_mean,
            kind=_double,
        ),
        Statistic(
            "median", weighted=True, of_values=_weighted_middle, down_stack=_middle, kind=_middling
        ),
        Statistic(
            "min",
            weighted=False,
            of_values=_some(lambda v, _: v.min()),
            down_stack=_extreme(np.min, np.inf),
            kind=_same,
        ),
        Statistic(
            "max",
            weighted=False,
            of_values=_some(lambda v, _: v.max()),
            down_stack=_extreme(np.max, -np.inf),
            kind=_same,
        ),
        Statistic(
            "count",
            weighted=False,
            of_values=lambda v, _: int(v.size),
            down_stack=_count,
            kind=_counted,
        ),
        Statistic(
            "first",
            weighted=False,
            of_values=_some(lambda v, _: v[0]),
            down_stack=_taken(last=False),
            kind=_same,
        ),
        Statistic(
            "last",
            weighted=False,
            of_values=_some(lambda v, _: v[-1]),
            down_stack=_taken(last=True),
            kind=_same,
        ),
        Statistic("stdDev", weighted=True, of_values=_spread, down_stack=_no_stack, kind=_double),
        Statistic(
            "histogram", weighted=True, of_values=_frequencies, down_stack=_no_stack, kind=_double
        ),
        Statistic(
            "list",
            weighted=False,
            of_values=lambda v, _: v.tolist(),
            down_stack=_no_stack,
            kind=_double,
        ),
    )
}


def percentile(share: float) -> Statistic:
    """The ends and the middle; what lies between is interpolated in a way nobody documents."""
    ends = {0.0: "min", 50.0: "median", 100.0: "max"}
    if share not in ends:
        raise Unmodelled(f"the {share:g}th percentile; only 0, 50 and 100 are")
    base = STATISTICS[ends[share]]
    return Statistic(
        f"p{share:g}",
        weighted=True,
        of_values=base.of_values,
        down_stack=base.down_stack,
        kind=_double,
    )
