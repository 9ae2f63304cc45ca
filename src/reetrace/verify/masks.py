"""Which pixels may be screened: pits, ground beside them, and what fakes or hides the feature."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import GridMismatch
from reetrace.core.grid import Grid
from reetrace.core.landcover import NOT_SEEN, OUTSIDE
from reetrace.verify.band_depth import FloatArray, normalised_difference

BoolArray = NDArray[np.bool_]

REASONS = ("unseen", "water", "bright plastic", "vegetation", "shadow")
"""Why a pixel is set aside, in the order in which they are asked; code k is the k-th, 0 is usable.

Figures for soils below are of 4,196 measured soils and sands of earthlib 1.1.0 (the ICRAF-ISRIC
library), those for plastic, water and monazite of USGS Data Series 231 (Clark et al. 2007), all
convolved with the responses of Sentinel-2A.
"""

WATER_INDEX = 0.0
"""NDWI (McFeeters 1996) or MNDWI (Xu 2006) above this is water, whose depth where it is turbid is
0.08 to 0.12: the first mimic of neodymium. No measured soil comes above it."""

WET_SWIR_TO_NIR = 0.85
"""Red mud under a film of water keeps both water indices below zero, but water swallows the short
infrared first. 99 % of 4,196 measured soils and sands stay above 0.89, monazite has 1.08."""

PLASTIC_BLUE = 0.10
PLASTIC_BLUE_TO_RED = 0.85
"""Soils rise from blue to red: 99.9 % of them stay below a ratio of 0.83, monazite has 0.41, sheets
of green or blue plastic (depth 0.39 to 0.47) 2 or more, whitish roofs about 1. Forest has 1 too,
but is dark in the blue."""

PLASTIC_RISE = 1.25
"""Coloured plastic goes on rising from 783 to 865 nm by a factor of 1.1 to 2, and shows even where
a sheet fills a fifth of a pixel; 99 % of soils stay below 1.24, monazite falls (0.93)."""

VEGETATION_NDVI = 0.30
"""Green plants bend the spectrum upwards at 740 nm by more than monazite bends it down. The same
limit takes out the few dark organic soils that reach a depth of 0.02: their NDVI is above 0.4, and
of the measured soils below the limit none exceeds 0.0133."""

SHADOW_REFLECTANCE = 0.08
"""Below this mean of the three red-edge bands, an error of 0.002 in one is 0.025 of depth."""

SMALLEST_CORE = 100
"""Pixels: when fewer remain after a pit is shrunk by one pixel, it is used whole."""

CLEARANCE_M = 60.0
"""Two Landsat pixels: background nearer to a mine than that may be its dust, spoil or an edge."""


def pit_mask(
    codes: NDArray[np.uint8], landcover_grid: Grid, fine: Grid, *, target_code: int
) -> BoolArray:
    """Pixels of the fine grid that lie wholly on the target class, away from its edge.

    Args:
        codes: Class codes, shape (rows, cols) of `landcover_grid`.
        landcover_grid: Grid of the land-cover map.
        fine: Grid of the screening images; its pixels are no larger.
        target_code: Class code of the mine.

    Returns:
        Shape (rows, cols) of `fine`. A pixel counts when its eight neighbours do too; where fewer
        than `SMALLEST_CORE` such pixels remain, neighbours are not asked.
    """
    whole = _covered(codes == target_code, landcover_grid, fine, wholly=True)
    core = _spread(whole, grow=False)
    return core if int(core.sum()) >= SMALLEST_CORE else whole


def background_candidates(
    maps: Sequence[NDArray[np.uint8]], landcover_grid: Grid, fine: Grid, *, target_code: int
) -> BoolArray:
    """Mapped pixels of the fine grid at least `CLEARANCE_M` from any mine of any epoch.

    Args:
        maps: Class codes of every epoch, each shape (rows, cols) of `landcover_grid`.
        landcover_grid: Grid of the land-cover maps.
        fine: Grid of the screening images.
        target_code: Class code of the mine.

    Returns:
        Shape (rows, cols) of `fine`. Ground outside the maps is left out: nobody knows what it is.
    """
    from scipy.ndimage import distance_transform_edt

    ever_target = np.zeros(landcover_grid.shape, dtype=np.bool_)
    mapped = np.zeros(landcover_grid.shape, dtype=np.bool_)
    for codes in maps:
        ever_target |= codes == target_code
        mapped |= (codes != NOT_SEEN) & (codes != OUTSIDE)
    touched = _covered(ever_target, landcover_grid, fine, wholly=False)
    known = _covered(mapped, landcover_grid, fine, wholly=True)
    if not touched.any():
        return known
    distance_m = distance_transform_edt(~touched) * fine.pixel_m
    return known & (distance_m >= CLEARANCE_M)


def set_aside(bands: dict[str, FloatArray]) -> NDArray[np.uint8]:
    """Why each pixel may not be screened: 0 where it may, else its place in `REASONS` from 1.

    Args:
        bands: Reflectance 0-1 by role, each shape (rows, cols), NaN where unseen.
    """
    blue, green, red, nir = bands["blue"], bands["green"], bands["red"], bands["nir"]
    edges = [bands["red-edge-1"], bands["red-edge-2"], bands["red-edge-3"]]
    narrow, swir1 = bands["nir-narrow"], bands["swir1"]
    unseen = np.isnan(np.stack([blue, green, red, nir, narrow, swir1, *edges])).any(axis=0)
    leafy = normalised_difference(nir, red) > VEGETATION_NDVI
    wet = (
        (normalised_difference(green, nir) > WATER_INDEX)
        | (normalised_difference(green, swir1) > WATER_INDEX)
        | ((swir1 < WET_SWIR_TO_NIR * narrow) & ~leafy)
    )
    bluish = (blue > PLASTIC_BLUE) & (blue > PLASTIC_BLUE_TO_RED * red)
    plastic = (bluish | ((narrow > PLASTIC_RISE * edges[2]) & ~leafy)) & ~wet
    dark = (edges[0] + edges[1] + edges[2]) / 3.0 < SHADOW_REFLECTANCE
    # A shore or the hem of a sheet shares its pixel with ground, and the mixture still mimics.
    reasons = (unseen, _spread(wet, grow=True), _spread(plastic & ~dark, grow=True), leafy, dark)
    codes = np.zeros(red.shape, dtype=np.uint8)
    for code, mask in reversed(list(enumerate(reasons, start=1))):
        codes[mask] = code
    return codes


def _spread(mask: BoolArray, *, grow: bool) -> BoolArray:
    """A mask grown, or shrunk, by one pixel in all eight directions; beyond the edge is nothing."""
    from scipy.ndimage import binary_dilation, binary_erosion

    square = np.ones((3, 3), dtype=np.bool_)
    changed = binary_dilation(mask, square) if grow else binary_erosion(mask, square)
    return np.asarray(changed, dtype=np.bool_)


def _covered(mask: BoolArray, coarse: Grid, fine: Grid, *, wholly: bool) -> BoolArray:
    """Fine pixels that lie wholly, or at all, on the coarse pixels of a mask."""
    if coarse.epsg != fine.epsg or fine.pixel_m > coarse.pixel_m:
        raise GridMismatch(
            f"the screening grid (EPSG:{fine.epsg}, {fine.pixel_m:g} m) does not fit the "
            f"land-cover grid (EPSG:{coarse.epsg}, {coarse.pixel_m:g} m); the same CRS and pixels "
            "no larger are needed. Lay both grids for the same site."
        )
    first_row, last_row = _overlapped(coarse.north_m - fine.north_m, fine.rows, coarse, fine)
    first_col, last_col = _overlapped(fine.west_m - coarse.west_m, fine.cols, coarse, fine)
    # A frame of False stands for all that lies beyond the land-cover map.
    framed = np.pad(mask, 1)
    rows = [np.clip(each + 1, 0, coarse.rows + 1) for each in (first_row, last_row)]
    cols = [np.clip(each + 1, 0, coarse.cols + 1) for each in (first_col, last_col)]
    corners = [framed[np.ix_(row, col)] for row in rows for col in cols]
    return np.asarray(np.all(corners, axis=0) if wholly else np.any(corners, axis=0))


def _overlapped(
    start_m: float, count: int, coarse: Grid, fine: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last coarse row (or column) under each fine one."""
    edges_m = start_m + np.arange(count) * fine.pixel_m
    # A millimetre inwards: an edge that two pixels share belongs to neither neighbour.
    first = np.floor((edges_m + 0.001) / coarse.pixel_m).astype(np.int64)
    last = np.floor((edges_m + fine.pixel_m - 0.001) / coarse.pixel_m).astype(np.int64)
    return first, last
