"""The method against the drawn truth over several seeds: areas, accuracy, coverage of intervals.

python benchmarks/seeds.py [--seeds 6]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from reetrace import load_registry, open_engine, trace
from reetrace.drawn import draw_world
from reetrace.pipeline import Outcome

YEARS = (2005, 2010, 2015, 2020)
ZONE_SETS = {"study-area": "all", "mines": "by_mine", "countries-osm-2017": "by_country"}


def main() -> None:
    """Print one line a seed and epoch, then how often the intervals held the truth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=6)
    asked = parser.parse_args()
    print(
        "seed  epoch  truth km²  mapped km²  mapped/truth  adjusted 95 % km²    held-out accuracy"
    )
    held: list[bool] = []
    within = accurate = 0
    for seed in range(1, asked.seeds + 1):
        with tempfile.TemporaryDirectory() as folder:
            outcome, truth = _judge(seed, Path(folder))
        rows = [_row(outcome, truth, str(year)) for year in YEARS]
        for year, (true, mapped, low, high, overall) in zip(YEARS, rows, strict=True):
            print(
                f"{seed:>4}  {year:>5}  {true:>9.2f}  {mapped:>10.2f}  {mapped / true:>12.3f}  "
                f"{low:>7.2f} – {high:<7.2f}    {overall:>10.3f}"
            )
            within += abs(mapped / true - 1) <= 0.15  # noqa: PLR2004 - the promise, in print
            accurate += overall > 0.95  # noqa: PLR2004 - the promise, in print
        held += _coverage(outcome, truth)
    total = asked.seeds * len(YEARS)
    print(f"mapped area within 15 % of the truth: {within} of {total}")
    print(f"held-out overall accuracy above 0.95: {accurate} of {total}")
    print(f"95 % intervals that hold the truth: {sum(held)} of {len(held)}")


def _judge(seed: int, folder: Path) -> tuple[Outcome, dict[str, dict[str, dict[str, float]]]]:
    registry = load_registry()
    world = draw_world(seed, folder / "world")
    truth = json.loads((world / "truth" / "truth.json").read_text(encoding="utf-8"))["epochs"]
    outcome = trace(
        registry.site("kachin-nujiang"),
        YEARS,
        registry=registry,
        engine=open_engine("local", catalogues=[], work=folder / "work", drawn=world),
        reports=folder,
        world=world,
        documents=False,
    )
    return outcome, truth


def _row(
    outcome: Outcome, truth: dict[str, dict[str, dict[str, float]]], epoch: str
) -> tuple[float, float, float, float, float]:
    (area,) = (
        each
        for each in outcome.evidence.areas
        if (each.zone_set, each.epoch, each.landcover) == ("study-area", epoch, "mine")
    )
    (accuracy,) = (
        each
        for each in outcome.evidence.accuracies
        if (each.epoch, each.basis) == (epoch, "held-out")
    )
    numbers = (
        truth[epoch]["all"]["area_m2"] / 1e6,
        area.mapped.value,
        area.adjusted.low,
        area.adjusted.high,
        accuracy.overall.value,
    )
    return tuple(-1.0 if each is None else float(each) for each in numbers)  # type: ignore[return-value]


def _coverage(outcome: Outcome, truth: dict[str, dict[str, dict[str, float]]]) -> list[bool]:
    """For the study area, mines and countries at every epoch: did the interval hold the truth?"""
    held = []
    for each in outcome.evidence.areas:
        if each.landcover != "mine" or each.adjusted.low is None or each.adjusted.high is None:
            continue
        key = ZONE_SETS.get(each.zone_set)
        if key is None or each.zone in {"none", "several"}:
            continue
        of_epoch = truth[each.epoch]
        true = of_epoch["all"] if key == "all" else of_epoch[key][each.zone]  # type: ignore[assignment]
        true_km2 = float(true["area_m2"]) / 1e6  # type: ignore[index,arg-type]
        held.append(each.adjusted.low <= true_km2 <= each.adjusted.high)
    return held


if __name__ == "__main__":
    main()
