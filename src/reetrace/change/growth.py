"""Whether the target class grew: stated only where the interval of the change carries it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from reetrace.change.adjustment import (
    COUNTED,
    NO_COUNT_INTERVAL,
    NOTHING_SEEN,
    Domain,
    blank,
    counted,
    uncounted,
)
from reetrace.change.matrix import Pair, mapped_net_pixels, net_change, net_of
from reetrace.core.landcover import NOT_SEEN, Legend
from reetrace.core.results import Growth, GrowthVerdict, Measure
from reetrace.core.stratified import Moments, fieller
from reetrace.core.units import square_kilometres

_PER_CENT = "change over the first area, both error-adjusted (Fieller's interval)"
_NO_PER_CENT = "the change has no interval, so a per cent would have none"
_NO_FIRST = "the interval of the first area includes zero, so a per cent means nothing"
_NOTHING_TWICE = f"{NOTHING_SEEN} at both epochs"
_NOTHING_LEFT = -100.0
"""Per cent: no area can lose more than all of itself."""


def growth(pair: Pair, legend: Legend) -> Growth:
    """Change of the target class's area between two epochs, absolute first.

    The mapped areas are those of each epoch; the change and its per cent speak of ground seen at
    both.
    """
    code = legend.target_code
    first, last = pair.crosstab.epochs
    change = _change(pair, code)
    return Growth(
        zone_set=pair.crosstab.zone_set,
        zone=pair.zone,
        first=first,
        last=last,
        mapped_first=_mapped(pair, code, axis=1),
        mapped_last=_mapped(pair, code, axis=0),
        change=change,
        percent=_percent(pair, code),
        verdict=verdict(change),
        detectable_km2=_detectable(pair, code),
    )


def _mapped(pair: Pair, code: int, *, axis: int) -> Measure:
    """Mapped area at one epoch (the other is summed over); blank where nothing was seen."""
    counts = pair.counts.sum(axis=axis)
    if counts[pair.place[NOT_SEEN]] == counts.sum() > 0:
        return uncounted(NOTHING_SEEN)
    return counted(int(counts[pair.place[code]]), pair.pixel_area_m2)


def verdict(change: Measure) -> GrowthVerdict:
    """What an interval of a change allows to be said."""
    if change.low is None or change.high is None:
        return "cannot-tell"
    if change.low > 0:
        return "grew"
    if change.high < 0:
        return "shrank"
    return "no-change-detectable"


def _change(pair: Pair, code: int) -> Measure:
    net = net_change(pair, code)
    if net.value is not None:
        return net
    if not pair.seen_twice:
        # Nothing seen is no change of nothing.
        return Measure(None, "km²", None, None, COUNTED, _NOTHING_TWICE)
    mapped = square_kilometres(mapped_net_pixels(pair, code) * pair.pixel_area_m2)
    source = f"difference of the {COUNTED}, ground seen at both epochs"
    return Measure(mapped, "km²", None, None, source, f"{NO_COUNT_INTERVAL}; {net.reason}")


def _detectable(pair: Pair, code: int) -> float | None:
    """Half the width of the interval, before it is held within what is possible."""
    if isinstance(pair.found, str):
        return None
    estimate = pair.found.error(net_of(code)).combine(np.ones(1))
    return square_kilometres((estimate.high - estimate.low) / 2)


def _percent(pair: Pair, code: int) -> Measure:
    if isinstance(pair.found, str):
        return replace(blank(_NO_PER_CENT, "%"), source=_PER_CENT)
    found = _change_and_first(pair, pair.found, code)
    quotient = fieller(0, 1, found)
    if quotient is None or not math.isfinite(quotient.value):
        return replace(blank(_NO_FIRST, "%"), source=_PER_CENT)
    value, low, high = (
        max(100 * each, _NOTHING_LEFT) for each in (quotient.value, quotient.low, quotient.high)
    )
    return Measure(value, "%", low, high, _PER_CENT)


def _change_and_first(pair: Pair, told: Domain, code: int) -> Moments:
    """Adjusted change and adjusted first area, m², on ground seen at both epochs."""
    place = pair.place
    seen = [place[each] for each in pair.crosstab.codes if each != NOT_SEEN]
    first_pixels = int(pair.counts[place[code], seen].sum())
    mapped = np.array([mapped_net_pixels(pair, code), first_pixels], dtype=np.float64)
    error = told.error(net_of(code), lambda classes: classes[:, 0] == code)
    return replace(error, totals=mapped * pair.pixel_area_m2 + error.totals)
