"""Drawn worlds of other seeds against their truth: mapped areas, held-out accuracy, intervals.

A mapped area more than 15 % from the truth, or a held-out accuracy of a world (all its epochs
together) of 0.95 or less, ends the benchmark with an error. Seeds may be given as arguments.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reetrace.core.evidence import Evidence
from reetrace.core.results import Measure
from reetrace.drawn import draw_world
from reetrace.engines import open_engine
from reetrace.pipeline.method import trace
from reetrace.registry import load_registry

SEEDS = (1, 2, 3, 4, 5)
YEARS = (2005, 2010, 2015, 2020)
ZONES = ("all", "MMR", "CHN")
Truth = dict[str, dict[str, Any]]
"""`truth.json` of a drawn world, by epoch."""

MOST_OFF, LEAST_ACCURACY = 0.15, 0.95


@dataclass
class Tally:
    """What all worlds together showed."""

    held: dict[str, list[bool]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def note(self, kind: str, measure: Measure, truth_km2: float) -> None:
        """Whether an interval held the truth; blanks are passed over."""
        if measure.low is not None and measure.high is not None:
            self.held.setdefault(kind, []).append(measure.low <= truth_km2 <= measure.high)


def main() -> None:
    """One line a world and epoch, then how often the intervals held."""
    seeds = tuple(int(each) for each in sys.argv[1:]) or SEEDS
    tally = Tally()
    print("seed epoch   truth  mapped    off  error-adjusted, 95 % interval (km²)")
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            judge(seed, Path(folder), tally)
    for kind, held in tally.held.items():
        print(f"{kind}: {sum(held)} of {len(held)} intervals hold the truth")
    if tally.faults:
        raise SystemExit("; ".join(tally.faults))


def judge(seed: int, folder: Path, tally: Tally) -> None:
    """Draw a world, trace it as a user would, and compare."""
    world = folder / "world"
    draw_world(seed, world, progress=lambda _step, _share: None)
    truth = json.loads((world / "truth" / "truth.json").read_text(encoding="utf-8"))["epochs"]
    registry = load_registry(None)
    outcome = trace(
        registry.site("kachin-nujiang"),
        YEARS,
        registry=registry,
        engine=open_engine("local", catalogues=(), work=folder / "work", drawn=world),
        reports=folder / "reports",
        world=world,
        documents=False,
    )
    _compare_areas(seed, outcome.evidence, truth, tally)
    _compare_changes(outcome.evidence, truth, tally)
    _compare_accuracy(seed, outcome.evidence, tally)


def true_km2(truth: Truth, epoch: str, zone: str) -> float:
    """Area of the pixels that are mostly mine."""
    here = truth[epoch]
    part = here["all"] if zone == "all" else here["by_country"][zone]
    return float(part["majority_m2"]) / 1e6


def _compare_areas(seed: int, evidence: Evidence, truth: Truth, tally: Tally) -> None:
    for row in evidence.areas:
        if row.landcover != "mine" or row.zone not in ZONES or "natural-earth" in row.zone_set:
            continue
        area = true_km2(truth, row.epoch, row.zone)
        tally.note(f"area, {row.zone}", row.adjusted, area)
        if row.zone == "all" and row.mapped.value is not None:
            off = row.mapped.value / area - 1
            print(
                f"{seed:4} {row.epoch:5} {area:7.3f} {row.mapped.value:7.3f} {off:+6.1%}  "
                f"{row.adjusted.value:.3f} ({row.adjusted.low:.3f} to {row.adjusted.high:.3f})"
            )
            if abs(off) > MOST_OFF:
                tally.faults.append(f"seed {seed}, {row.epoch}: mapped area is {off:+.1%} off")


def _compare_changes(evidence: Evidence, truth: Truth, tally: Tally) -> None:
    for row in evidence.growth:
        if row.zone in ZONES and "natural-earth" not in row.zone_set:
            change = true_km2(truth, row.last, row.zone) - true_km2(truth, row.first, row.zone)
            tally.note(f"change, {row.zone}", row.change, change)


def _compare_accuracy(seed: int, evidence: Evidence, tally: Tally) -> None:
    for basis in ("held-out", "cross-validation"):
        found = [each for each in evidence.accuracies if each.basis == basis]
        labels = sum(each.labels for each in found)
        right = sum(row[place] for each in found for place, row in enumerate(each.counts))
        print(f"{seed:4} overall accuracy, {basis}: {right / labels:.3f} of {labels} labels")
        if basis == "held-out" and right / labels <= LEAST_ACCURACY:
            tally.faults.append(f"seed {seed}: held-out accuracy is {right / labels:.3f}")


if __name__ == "__main__":
    main()
