"""What is true of a drawn world, and that the scenes show it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray

from reetrace.drawn.frame import LANDSAT, onto
from reetrace.drawn.materials import Instrument, palette
from reetrace.drawn.mines import EPOCHS
from reetrace.drawn.world import make_ground
from reetrace.registry import load_registry
from reetrace.zoning import inside, lay_grid
from tests.drawn.reading import DrawnItem, items

CENTRES_NM = {
    "sentinel-2a": (704.11, 740.49, 782.75),
    "sentinel-2b": (703.83, 739.13, 779.72),
}
"""Response-weighted centres of B05, B06 and B07 (ESA COPE-GSEG-EOPG-TN-15-0007 v3.0)."""


def _truth(folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return record


def _depth(bands: list[NDArray[np.float64]], platform: str) -> NDArray[np.float64]:
    """Of the 740 nm band below the line between its neighbours."""
    low, middle, high = bands
    left, centre, right = CENTRES_NM[platform]
    share = (centre - left) / (right - left)
    depth: NDArray[np.float64] = 1.0 - middle / ((1.0 - share) * low + share * high)
    return depth


def _measured_depth(item: DrawnItem) -> NDArray[np.float64]:
    bands = [item.reflectance(band) for band in ("B05", "B06", "B07")]
    return _depth(bands, item.record["properties"]["platform"])


def test_the_truth_counts_the_pixels_of_the_area_of_interest(truth_folder: Path):
    """Its area is that of the registry's study area, and its rasters add up to its figures."""
    truth = _truth(truth_folder)
    site = load_registry().site("kachin-nujiang")
    grid = lay_grid(site)
    for year, record in truth["epochs"].items():
        with rasterio.open(truth_folder / f"mine-share-{year}.tif") as source:
            stored = source.read(1)
        share = np.where(stored == 255, 0.0, stored * truth["share_scale"])
        assert np.array_equal(stored != 255, inside(site, grid))
        area_m2 = float(share.sum()) * grid.pixel_area_m2
        # Shares are stored in half per cents.
        assert area_m2 == pytest.approx(record["all"]["area_m2"], rel=0.005)


def test_the_mines_grow_about_as_the_study_found(truth_folder: Path):
    """From about 1.2 to about 3.8 km² in all, and each mine larger at every epoch."""
    epochs = _truth(truth_folder)["epochs"]
    whole = [epochs[str(year)]["all"]["area_m2"] / 1e6 for year in EPOCHS]

    assert 1.0 < whole[0] < 1.5
    assert 3.3 < whole[-1] < 4.4
    assert whole == sorted(whole)
    for mine in ("mine-A", "mine-B"):
        areas = [epochs[str(year)]["by_mine"][mine]["area_m2"] for year in EPOCHS]
        assert areas == sorted(areas)


def test_the_parts_of_the_truth_add_up(truth_folder: Path):
    """Two mines and the small pits are all the mine ground there is."""
    for record in _truth(truth_folder)["epochs"].values():
        parts = sum(part["area_m2"] for part in record["by_mine"].values())
        assert parts == pytest.approx(record["all"]["area_m2"], abs=1.0)


def test_small_pits_come_and_go():
    """Each is open at one epoch or two, none at all four, away from both mines."""
    mines = make_ground(5).mines
    for pit in mines.pits:
        assert 1 <= len(pit.epochs) <= 2
        assert 3_000.0 < pit.area_m2 < 20_000.0
    at_once = [int(mines.small_pits(epoch).sum()) for epoch in range(4)]

    assert all(at_once)
    assert not (mines.small_pits(0) & mines.small_pits(3)).any()
    assert not (mines.worked(3) & (mines.pit_epochs > 0)).any()


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_old_ground_is_given_up_and_grows_over(seed: int):
    """A from-to matrix has something in every cell: a little mine becomes non-mine again."""
    mines = make_ground(seed).mines
    lost = mines.worked(0) & ~mines.worked(3)

    assert 0.02 < lost.sum() / mines.worked(0).sum() < 0.25


def test_edges_are_not_clean():
    """Many 30 m pixels are partly mine, so that no classifier can be right about all."""
    share = onto(make_ground(3).mines.ground(3), LANDSAT)
    mixed = (share > 0.1) & (share < 0.9)

    assert mixed.sum() > 0.1 * (share > 0.5).sum()


def test_monazite_deepens_the_740_nm_band_as_mixing_predicts(drawn_world: Path, truth_folder: Path):
    """Pit floor with a known share of monazite: what is measured is what is mixed."""
    with rasterio.open(truth_folder / "monazite-share-2020.tif") as source:
        share = source.read(1) * _truth(truth_folder)["share_scale"]
    even = (share >= 0.12) & (share <= 0.16)
    for item in (each for each in items(drawn_world) if each.sensor == "sentinel2-msi"):
        clear = np.isin(item.stored("SCL"), (4, 5, 7))
        measured = float(np.median(_measured_depth(item)[even & clear]))
        platform = item.record["properties"]["platform"]
        predicted = _mixed_depth("pit-floor", platform)
        assert measured == pytest.approx(predicted, abs=0.015)


def _mixed_depth(ground: str, platform: str, share: float = 0.14) -> float:
    colours = palette()
    instrument: Instrument = "msi-a" if platform == "sentinel-2a" else "msi-b"
    mixed = []
    for band in ("B05", "B06", "B07"):
        of = colours.reflectance(instrument, band)
        bare, mineral = of[colours.code(ground)], of[colours.code("monazite")]
        mixed.append(np.array([(1.0 - share) * bare + share * mineral], dtype=np.float64))
    return float(_depth(mixed, platform)[0])


def test_ground_without_monazite_shows_no_absorption(drawn_world: Path, truth_folder: Path):
    """Bare ground elsewhere has a median depth below zero, as measured soils have."""
    with rasterio.open(truth_folder / "monazite-share-2020.tif") as source:
        share = source.read(1)
    for item in (each for each in items(drawn_world) if each.sensor == "sentinel2-msi"):
        bare = (item.stored("SCL") == 5) & (share == 0)
        assert float(np.median(_measured_depth(item)[bare])) < 0.0


def test_only_mine_a_has_monazite():
    """It lies within the workings of the first plan, on a tenth to a fifth of the bare ground."""
    ground = make_ground(4)
    cover = ground.cover(3)
    bearing = cover.monazite > 0

    assert bearing.any()
    assert set(np.unique(ground.mines.owner[bearing])) == {1}
    assert float(cover.monazite[bearing].min()) >= 0.10
    assert float(cover.monazite.max()) <= 0.20
