"""Mapped areas put right by a probability sample, or the reason why they cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.core.panel import Panel
from reetrace.core.results import Measure
from reetrace.core.stratified import Moments, moments
from reetrace.core.units import square_kilometres

MIN_POINTS = 30
"""Fewer seen and labelled points of the sample in a zone give no adjusted area for it."""

COUNTED = "pixels counted on the map"
ADJUSTED = "mapped area corrected by the probability sample (difference estimator)"

NO_COUNT_INTERVAL = "a count of pixels has no sampling interval"
NO_SAMPLE = "there is no probability sample of labels, so the map's error cannot be taken out"
PURPOSIVE = "the labels were chosen by hand, so they give no unbiased area"
UNSEEN = "ground that was not seen has no class"
NOTHING_SEEN = "the zone holds no ground that was seen"

Count = Callable[[NDArray[np.uint8]], NDArray[np.bool_ | np.int8]]
"""What counts at a point: from its classes, shape (points, epochs), to 0 or 1 (or -1)."""


@dataclass(frozen=True)
class Domain:
    """The panel as it tells about the seen ground of one zone."""

    here: NDArray[np.bool_]
    """Shape (points,): in the zone, and seen at every epoch asked for."""
    reference: NDArray[np.uint8]
    """Shape (points, epochs asked for)."""
    mapped: NDArray[np.uint8]
    stratum: NDArray[np.int64]
    areas_m2: NDArray[np.float64]
    cap_m2: float
    """Seen area of the zone: no area can be larger."""

    def error(self, *counts: Count) -> Moments:
        """By how much the reference exceeds the map, in m², for each way of counting."""
        values = [
            (count(self.reference).astype(np.float64) - count(self.mapped)) * self.here
            for count in counts
        ]
        return moments(np.column_stack(values), self.stratum, self.areas_m2, domain=self.here)


def uncounted(reason: str) -> Measure:
    """A mapped area that there is none of, with the reason."""
    return Measure(None, "km²", None, None, COUNTED, reason)


def counted(pixels: int, pixel_area_m2: float) -> Measure:
    """A mapped area."""
    value = square_kilometres(pixels * pixel_area_m2)
    return Measure(value, "km²", None, None, COUNTED, NO_COUNT_INTERVAL)


def blank(reason: str, unit: str = "km²") -> Measure:
    """No figure, and why."""
    return Measure(None, unit, None, None, "", reason)


def domain(
    panel: Panel | None, epochs: tuple[str, ...], member: NDArray[np.bool_] | None, cap_m2: float
) -> Domain | str:
    """The panel as it tells about a zone at these epochs, or why it cannot.

    Args:
        panel: None where there is no probability sample.
        epochs: Points unlabelled at one of them are left out; points unseen at one count as
            ground that is not spoken of.
        member: Shape (points,): points in the zone; None where there is no panel.
        cap_m2: Area of the zone seen at all of these epochs.
    """
    if panel is None or member is None:
        return NO_SAMPLE
    obstacle = _obstacle(panel, epochs, cap_m2)
    if obstacle:
        return obstacle
    judged = panel.labelled(*epochs)
    here = (member & panel.seen(*epochs))[judged]
    stratum = panel.stratum[judged]
    for index in np.flatnonzero(panel.areas_m2 > 0):
        if not (stratum == index).any():
            together = " and ".join(epochs)
            return f"stratum '{panel.strata[index].id}' has no point labelled at {together}"
    points = int(here.sum())
    if points < MIN_POINTS:
        return (
            f"{points} points of the probability sample fall on its seen ground, "
            f"{MIN_POINTS} are needed"
        )
    columns = [panel.column(epoch) for epoch in epochs]
    return Domain(
        here=here,
        reference=panel.reference[judged][:, columns],
        mapped=panel.mapped[judged][:, columns],
        stratum=stratum,
        areas_m2=panel.areas_m2,
        cap_m2=cap_m2,
    )


def _obstacle(panel: Panel, epochs: tuple[str, ...], cap_m2: float) -> str:
    """What keeps any panel from telling, whatever its points; empty where nothing does."""
    missing = [epoch for epoch in epochs if epoch not in panel.epochs]
    if missing:
        return (
            f"there is no probability sample of labels for {' and '.join(missing)}, so the map's "
            "error cannot be taken out"
        )
    if panel.design == "purposive":
        return PURPOSIVE
    return NOTHING_SEEN if cap_m2 == 0 else ""


def adjusted(found: Domain | str, mapped_m2: float, count: Count) -> Measure:
    """An area as mapped plus the map's error, held within what was seen of the zone."""
    if isinstance(found, str):
        return blank(found)
    estimate = found.error(count).combine(np.ones(1))
    half = (estimate.high - estimate.low) / 2
    return held(mapped_m2 + estimate.value, half, low=0.0, high=found.cap_m2)


def held(value_m2: float, half_m2: float, *, low: float, high: float) -> Measure:
    """An estimate with its interval, both held within what is possible.

    A correction can carry a small area below zero; the interval is then laid about zero, so that
    it keeps its width.
    """
    value = min(max(value_m2, low), high)
    return Measure(
        square_kilometres(value),
        "km²",
        square_kilometres(max(value - half_m2, low)),
        square_kilometres(min(value + half_m2, high)),
        ADJUSTED,
    )
