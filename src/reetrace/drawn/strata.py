"""The strata of the probability sample, from what a designer could know beforehand."""
# ruff: noqa: PLR2004 - a picture is made of measures; each says in its line what it measures

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.drawn.place import StudyArea
from reetrace.drawn.truth import EpochTruth


@dataclass(frozen=True)
class Plan:
    """One stratum and how many points it gets."""

    id: str
    title: str
    points: int


STRATA = (
    Plan("workings", "Rough outline of the workings of any epoch", 240),
    Plan("belt", "Belt of 150 m round that outline", 160),
    Plan("open", "Open ground elsewhere, from a coarse look at greenness", 130),
    Plan("rest", "The rest of the study area", 150),
)
WORKINGS, BELT, OPEN, REST = 1, 2, 3, 4


def lay_strata(
    rng: np.random.Generator, area: StudyArea, truths: list[EpochTruth]
) -> tuple[NDArray[np.uint8], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """(stratum codes on the grid, 0 outside; rows and cols of the sample's places).

    The outline is not the truth: it is smoothed over some 60 m and lies a pixel or two off, as one
    drawn by hand over an old picture does. The sample is simple random within each stratum.
    """
    from scipy.ndimage import binary_dilation, gaussian_filter, shift

    worked = np.max([truth.by_mine["mine-A"] + truth.by_mine["mine-B"] for truth in truths], axis=0)
    moved = shift(gaussian_filter(worked, 2.0), rng.uniform(-1.8, 1.8, 2), order=1)
    outline = moved > 0.38
    belt = binary_dilation(outline, iterations=5)
    greenness = np.min([truth.green for truth in truths], axis=0)
    coarse = gaussian_filter(greenness, 0.8) + rng.normal(0.0, 0.06, greenness.shape)
    codes = np.full(area.grid.shape, REST, dtype=np.uint8)
    codes[coarse < 0.62] = OPEN
    codes[belt] = BELT
    codes[outline] = WORKINGS
    codes[~area.inside] = 0
    places = [
        rng.choice(np.flatnonzero(codes == code), size=plan.points, replace=False)
        for code, plan in enumerate(STRATA, start=1)
    ]
    flat = np.sort(np.concatenate(places))
    return codes, (flat // area.grid.cols, flat % area.grid.cols)
