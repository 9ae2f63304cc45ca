"""How often the 95 % intervals hold the truth, over made-up maps whose errors are known.

A study area of 57.5 km² in three strata: the rest (50 km², 150 points), a belt round the workings
(5 km², 75 points) and the workings (2.5 km², 75 points). Some of the mine in the rest and in the
belt is missed by the map, some of the mapped workings is no mine. Each line is 1,000 samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.core.stratified import Z95, difference, ratio

AREAS_KM2 = np.array([50.0, 5.0, 2.5])
STRATUM = np.repeat([0, 1, 2], [150, 75, 75])
MAPPED = STRATUM == 2  # noqa: PLR2004 - the map shows mine in the last stratum, the workings
SAMPLES = 1_000
CASES = (
    ("nothing missed in the rest", (0.0, 0.05, 0.08)),
    ("0.1 % of the rest missed", (0.001, 0.05, 0.08)),
    ("0.5 % of the rest missed", (0.005, 0.05, 0.08)),
    ("1 % of the rest missed", (0.01, 0.05, 0.08)),
    ("2 % of the rest missed", (0.02, 0.05, 0.08)),
    ("5 % of the rest missed", (0.05, 0.05, 0.08)),
    ("a very good map", (0.001, 0.01, 0.01)),
)


@dataclass
class Tally:
    """How often an interval held the truth, and how wide it was."""

    held: int = 0
    width: float = 0.0

    def add(self, low: float, high: float, truth: float) -> None:
        """Count one interval."""
        self.held += low <= truth <= high
        self.width += high - low

    def __str__(self) -> str:
        return f"{self.held / SAMPLES:6.1%} ({self.width / SAMPLES:.2f})"


def main() -> None:
    """Print one line a case."""
    heads = ("area", "textbook", "overall", "user's", "producer's")
    print("share of intervals that hold the truth (mean width; km² for areas)")
    print(f"{'':28}" + "".join(f"{head:>16}" for head in heads))
    for title, errors in CASES:
        tallies = simulate(np.array(errors))
        print(f"{title:28}" + "".join(f"{tally!s:>16}" for tally in tallies))


def simulate(errors: NDArray[np.float64]) -> list[Tally]:
    """Tallies of the mine's area (ours and the textbook's) and of its accuracies."""
    rng = np.random.default_rng(1)
    wrong_km2 = AREAS_KM2 * errors
    right_mine_km2 = AREAS_KM2[2] - wrong_km2[2]
    area = right_mine_km2 + wrong_km2[:2].sum()
    truths = (
        area,
        area,
        1 - wrong_km2.sum() / AREAS_KM2.sum(),
        1 - errors[2],
        right_mine_km2 / area,
    )
    tallies = [Tally() for _ in truths]
    for _ in range(SAMPLES):
        wrong = rng.random(len(STRATUM)) < errors[STRATUM]
        for tally, interval, truth in zip(tallies, _intervals(wrong), truths, strict=True):
            tally.add(*interval, truth)
    return tallies


def _intervals(wrong: NDArray[np.bool_]) -> list[tuple[float, float]]:
    mine = MAPPED ^ wrong
    area = difference(AREAS_KM2[2], mine.astype(float), MAPPED.astype(float), STRATUM, AREAS_KM2)
    half = Z95 * area.standard_error
    every = np.ones(len(STRATUM), dtype=bool)
    shares = [
        ratio(asked & ~wrong, asked & wrong, STRATUM, AREAS_KM2, may_hit=hit, may_miss=miss)
        for asked, hit, miss in (
            (every, every, every),
            (MAPPED, MAPPED, MAPPED),
            (mine, MAPPED, ~MAPPED),
        )
    ]
    return [
        (area.low, area.high),
        (area.value - half, area.value + half),
        *((share.low, share.high) for share in shares if share is not None),
    ]


if __name__ == "__main__":
    main()
