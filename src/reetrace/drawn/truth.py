"""What is true of a drawn world, on the study area's grid. For tests: no stage may read it."""
# ruff: noqa: PLR2004 - a picture is made of measures; each says in its line what it measures

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.drawn.cover import Cover, Kind
from reetrace.drawn.files import write_band, write_json
from reetrace.drawn.frame import (
    LANDSAT,
    SENTINEL2_20M,
    BoolArray,
    Float32Array,
    Frame,
    Layer,
    onto,
)
from reetrace.drawn.mines import EPOCHS, PLANS, Mines
from reetrace.drawn.place import StudyArea

PERCENT = 200
"""Mine shares are stored in half per cents."""


@dataclass(frozen=True)
class EpochTruth:
    """One epoch on the study area's 30 m grid."""

    mine_share: Float32Array
    """Share of each pixel that is mine ground."""
    by_mine: dict[str, Float32Array]
    """The same for each mine alone, and for the small pits."""
    kind_share: dict[Kind, Float32Array]
    green: Float32Array
    """Share covered by plants."""

    @property
    def is_mine(self) -> BoolArray:
        """The reference class: more than half of the pixel is mine ground."""
        majority: BoolArray = self.mine_share > 0.5
        return majority


def take_truth(area: StudyArea, epoch: int, cover: Cover, mines: Mines) -> EpochTruth:
    """The truth of one epoch."""

    def share(layer: Layer) -> Float32Array:
        return np.asarray(area.cut(onto(layer, LANDSAT)), dtype=np.float32)

    worked = mines.worked(epoch)
    by_mine = {
        plan.id: share(worked & (mines.owner == position))
        for position, plan in enumerate(PLANS, start=1)
    }
    by_mine["small-pits"] = share(mines.small_pits(epoch) & ~worked)
    return EpochTruth(
        mine_share=share(mines.ground(epoch)),
        by_mine=by_mine,
        kind_share={kind: share(cover.kind == kind) for kind in Kind},
        green=share(cover.forest + cover.regrowth),
    )


def write_truth(
    folder: Path,
    seed: int,
    area: StudyArea,
    truths: list[EpochTruth],
    *,
    mines: Mines,
    last: Cover,
) -> None:
    """Writes the mine share of each epoch, the monazite ground, and `truth.json`."""
    folder.mkdir(parents=True)
    grid = area.grid
    frame = Frame(grid.west_m, grid.north_m, grid.pixel_m, grid.rows, grid.cols)
    for year, truth in zip(EPOCHS, truths, strict=True):
        stored = np.where(area.inside, np.rint(truth.mine_share * PERCENT), 255).astype(np.uint8)
        write_band(folder / f"mine-share-{year}.tif", stored, frame, nodata=255)
    monazite = monazite_share(last)
    stored = np.rint(monazite * PERCENT).astype(np.uint8)
    write_band(folder / "monazite-share-2020.tif", stored, SENTINEL2_20M, nodata=None)
    write_json(folder / "truth.json", _record(seed, area, truths, mines, monazite))


def monazite_share(cover: Cover) -> Float32Array:
    """Monazite share of the whole pixel on Sentinel-2's 20 m grid."""
    bare = 1.0 - cover.forest - cover.regrowth
    return onto(cover.monazite * bare, SENTINEL2_20M)


def _record(
    seed: int,
    area: StudyArea,
    truths: list[EpochTruth],
    mines: Mines,
    monazite: Float32Array,
) -> dict[str, Any]:
    pixel_m2 = area.grid.pixel_area_m2
    bearing = monazite > 0.02
    return {
        "title": f"{SIMULATED_NOTICE}: the truth of a drawn world",
        "note": "For tests. No stage reads this folder.",
        "seed": seed,
        "pixel_area_m2": pixel_m2,
        "area_of_interest_m2": int(area.inside.sum()) * pixel_m2,
        "share_scale": 1.0 / PERCENT,
        "epochs": {
            str(year): _epoch_record(area, truth)
            for year, truth in zip(EPOCHS, truths, strict=True)
        },
        "small_pits": [
            {
                "id": pit.id,
                "east_m": round(pit.east_m, 1),
                "north_m": round(pit.north_m, 1),
                "epochs": list(pit.epochs),
                "area_m2": pit.area_m2,
            }
            for pit in mines.pits
        ],
        "monazite": {
            "mine": "mine-A",
            "ground_m2": float(bearing.sum()) * SENTINEL2_20M.cell_m**2,
            "mean_share": round(float(monazite[bearing].mean()), 4) if bearing.any() else 0.0,
        },
    }


def _epoch_record(area: StudyArea, truth: EpochTruth) -> dict[str, Any]:
    pixel_m2 = area.grid.pixel_area_m2

    def both(share: Float32Array, where: BoolArray) -> dict[str, float]:
        return {
            "area_m2": round(float(share[where].sum(dtype=np.float64)) * pixel_m2, 1),
            "majority_m2": round(float(truth.is_mine[where & (share > 0)].sum()) * pixel_m2, 1),
        }

    return {
        "all": both(truth.mine_share, area.inside),
        "by_mine": {name: both(share, area.inside) for name, share in truth.by_mine.items()},
        "by_country": {
            name: both(truth.mine_share, where) for name, where in area.countries.items()
        },
    }
