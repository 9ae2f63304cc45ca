"""The strata of the probability sample, from what a designer could know beforehand."""
# ruff: noqa: PLR2004 - a picture is made of measures; each says in its line what it measures

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.drawn.frame import BoolArray, Float32Array
from reetrace.drawn.place import StudyArea
from reetrace.drawn.truth import EpochTruth


@dataclass(frozen=True)
class Plan:
    """One stratum and how many points it gets."""

    id: str
    title: str
    points: int


STRATA = (
    Plan("old-workings", "Rough outline of the workings of the first epoch", 80),
    Plan("new-workings", "Rough outline of the workings of any later epoch", 110),
    Plan("belt", "Belt of 150 m round those outlines", 80),
    Plan("open", "Open ground elsewhere, from a coarse look at greenness", 90),
    Plan("rest", "The rest of the study area", 340),
)
OLD_WORKINGS, NEW_WORKINGS, BELT, OPEN, REST = 1, 2, 3, 4, 5


def lay_strata(
    rng: np.random.Generator, area: StudyArea, truths: list[EpochTruth]
) -> tuple[NDArray[np.uint8], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """(stratum codes on the grid, 0 outside; rows and cols of the sample's places).

    The outlines are not the truth: they are smoothed over some 60 m and lie a pixel or two off, as
    those drawn by hand over old pictures do. The sample is simple random within each stratum.
    """
    from scipy.ndimage import binary_dilation, gaussian_filter

    worked = [truth.by_mine["mine-A"] + truth.by_mine["mine-B"] for truth in truths]
    old = _by_hand(rng, worked[0])
    outline = _by_hand(rng, np.max(worked, axis=0)) | old
    belt = binary_dilation(outline, iterations=5)
    greenness = np.min([truth.green for truth in truths], axis=0)
    coarse = gaussian_filter(greenness, 0.8) + rng.normal(0.0, 0.06, greenness.shape)
    codes = np.full(area.grid.shape, REST, dtype=np.uint8)
    codes[binary_dilation(coarse < 0.60)] = OPEN
    codes[belt] = BELT
    codes[outline] = NEW_WORKINGS
    codes[old] = OLD_WORKINGS
    codes[~area.inside] = 0
    places = [
        rng.choice(np.flatnonzero(codes == code), size=plan.points, replace=False)
        for code, plan in enumerate(STRATA, start=1)
    ]
    flat = np.sort(np.concatenate(places))
    return codes, (flat // area.grid.cols, flat % area.grid.cols)


def _by_hand(rng: np.random.Generator, share: Float32Array) -> BoolArray:
    """An outline a little wide and a little off, as one draws it."""
    from scipy.ndimage import gaussian_filter, shift

    moved = shift(gaussian_filter(share, 2.0), rng.uniform(-1.5, 1.5, 2), order=1)
    outline: BoolArray = moved > 0.36
    return outline
