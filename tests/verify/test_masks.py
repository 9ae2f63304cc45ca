"""Which pixels are screened, and which are set aside for what."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from numpy.typing import NDArray

from reetrace.core.errors import GridMismatch
from reetrace.core.grid import Grid
from reetrace.verify import background_candidates, pit_mask, reference_spectra
from reetrace.verify.band_depth import band_depth, centres_of
from reetrace.verify.masks import REASONS, set_aside
from tests.real_data import real
from tests.verify.made_up_ground import (
    BLUE_SHEET,
    GRASS,
    GREEN_SHEET,
    MONAZITE,
    ROLES,
    SOIL,
    TURBID_WATER,
    FloatArray,
)

COARSE = Grid(32647, 450_015.0, 2_860_005.0, 30.0, 20, 20, 900.0)
FINE = Grid(32647, 450_000.0, 2_860_020.0, 20.0, 33, 33, 400.0)


def _codes(*, target: tuple[slice, slice]) -> NDArray[np.uint8]:
    codes = np.ones(COARSE.shape, dtype=np.uint8)
    codes[target] = 2
    return codes


def _why(spectrum: FloatArray) -> str:
    """Why the middle of 5 × 5 pixels of one material is set aside; empty where it is not."""
    bands = {role: np.full((5, 5), value) for role, value in zip(ROLES, spectrum, strict=True)}
    code = int(set_aside(bands)[2, 2])
    return "" if code == 0 else REASONS[code - 1]


@pytest.mark.parametrize(
    ("spectrum", "reason"),
    [
        (SOIL, ""),
        (MONAZITE, ""),
        (0.8 * SOIL + 0.2 * MONAZITE, ""),
        (TURBID_WATER, "water"),
        (0.3 * TURBID_WATER, "water"),
        (GREEN_SHEET, "bright plastic"),
        (BLUE_SHEET, "bright plastic"),
        (0.5 * SOIL + 0.5 * GREEN_SHEET, "bright plastic"),
        (0.80 * SOIL + 0.20 * BLUE_SHEET, "bright plastic"),
        (GRASS, "vegetation"),
        (0.5 * SOIL + 0.5 * GRASS, "vegetation"),
        (0.2 * SOIL, "shadow"),
        (SOIL * np.nan, "unseen"),
    ],
)
def test_each_material_is_set_aside_for_its_own_reason(spectrum: FloatArray, reason: str):
    """Soil and monazite are screened; all that hides or fakes the feature is not."""
    assert _why(spectrum) == reason


def test_the_fringe_of_a_pond_goes_with_the_pond():
    """A pixel that is part water still mimics, so the eight round a pond are set aside too."""
    bands = {role: np.full((5, 5), value) for role, value in zip(ROLES, SOIL, strict=True)}
    for role, value in zip(ROLES, TURBID_WATER, strict=True):
        bands[role][2, 2] = value

    codes = set_aside(bands)

    assert (codes[1:4, 1:4] == REASONS.index("water") + 1).all()
    assert (codes == 0).sum() == 16


def test_red_mud_under_a_film_of_water_counts_as_water():
    """Real mud of a bauxite port: its green is below its infrared, its depth 0.12."""
    mud = np.array([0.036, 0.060, 0.114, 0.149, 0.132, 0.151, 0.135, 0.114, 0.027, 0.020])

    assert _why(mud) == "water"


def test_a_pit_pixel_lies_wholly_on_the_mine_and_away_from_its_edge():
    """A mine of 10 × 10 Landsat pixels, 300 m a side, keeps 12 × 12 whole pixels of 20 m inside."""
    pits = pit_mask(_codes(target=(slice(5, 15), slice(5, 15))), COARSE, FINE, target_code=2)

    rows, cols = np.nonzero(pits)
    # The mine's edges, in metres from the fine grid's corner, are 165 and 465.
    assert min(rows.min(), cols.min()) * 20 >= 165 + 20
    assert (max(rows.max(), cols.max()) + 1) * 20 <= 465 - 20
    assert pits.sum() == 12 * 12


def test_a_small_pit_is_not_shrunk_to_nothing():
    """Of 5 × 5 Landsat pixels 36 whole pixels are left; shrinking would leave 16, so it is not."""
    pits = pit_mask(_codes(target=(slice(5, 10), slice(5, 10))), COARSE, FINE, target_code=2)

    assert pits.sum() == 6 * 6


def test_background_keeps_its_distance_from_mines_of_every_epoch():
    """A pit closed long ago is no ordinary ground."""
    early = _codes(target=(slice(0, 2), slice(0, 2)))
    late = _codes(target=(slice(15, 17), slice(15, 17)))

    candidates = background_candidates([early, late], COARSE, FINE, target_code=2)

    far_from_both, beside_the_early, beside_the_late = (15, 15), (4, 4), (24, 24)
    assert candidates[far_from_both]
    assert not candidates[beside_the_early]
    assert not candidates[beside_the_late]


def test_ground_that_nobody_mapped_is_no_background():
    """Outside the maps, and where no epoch saw anything, there may be a mine."""
    codes = _codes(target=(slice(0, 1), slice(0, 1)))
    codes[10:] = 255
    codes[5:10, 5:10] = 0

    candidates = background_candidates([codes], COARSE, FINE, target_code=2)

    assert not candidates[18:].any()
    assert not candidates[10:14, 10:14].any()
    assert candidates[8, 20]


def test_grids_of_two_zones_are_refused():
    """Pixels of two map zones do not lie on each other."""
    other = Grid(32648, 450_000.0, 2_860_020.0, 20.0, 33, 33, 400.0)

    with pytest.raises(GridMismatch, match="EPSG:32648"):
        pit_mask(_codes(target=(slice(0, 3), slice(0, 3))), COARSE, other, target_code=2)


def test_measured_soils_are_screened_and_none_of_them_is_deep():
    """Of thousands of measured soils most are kept, and none kept comes near the limit of 0.02."""
    bands = _measured_soils()
    depth = band_depth(
        bands["red-edge-1"], bands["red-edge-2"], bands["red-edge-3"], centres_of("S2A")
    )

    kept = set_aside(bands) == 0

    assert kept.sum() > 3_500
    assert depth[kept].max() < 0.015


def _measured_soils() -> dict[str, FloatArray]:
    """Soil spectra read at the band centres, one in three pixels: no mask reaches the next."""
    folder = real("earthlib_soils_veg")
    with (folder / "earthlib_labels.csv").open(encoding="utf-8") as labels:
        rows = [int(row["row"]) for row in csv.DictReader(labels) if row["LEVEL_3"] == "soil"]
    spectra = np.load(folder / "earthlib_spectra.npz")
    wavelengths = spectra["wavelength_um"].astype(np.float64) * 1000.0
    chosen = spectra["reflectance"][rows].astype(np.float64)
    bands = {}
    for value in reference_spectra()[0].values:
        right = int(np.searchsorted(wavelengths, value.centre_nm))
        part = (value.centre_nm - wavelengths[right - 1]) / np.diff(wavelengths)[right - 1]
        layer = np.full((1, 3 * len(rows)), np.nan)
        layer[0, ::3] = (1 - part) * chosen[:, right - 1] + part * chosen[:, right]
        bands[value.role] = layer
    return bands
