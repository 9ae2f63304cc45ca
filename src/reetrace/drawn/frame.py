"""The patch of ground that is drawn, and the lattices it is drawn and seen on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
BoolArray = NDArray[np.bool_]
Layer = NDArray[np.bool_] | NDArray[np.uint8] | NDArray[np.uint16] | Float32Array

EPSG = 32647
STUDY_AREA = "kachin-nujiang"

CENTRE_EAST_M = 452_919.0
CENTRE_NORTH_M = 2_863_586.0
"""The study's point, 98.53 E 25.89 N, in UTM zone 47 north."""


@dataclass(frozen=True)
class Frame:
    """Square cells of one size over the drawn ground."""

    west_m: float
    north_m: float
    cell_m: float
    rows: int
    cols: int

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.rows, self.cols

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in metres."""
        return (
            self.west_m,
            self.north_m - self.rows * self.cell_m,
            self.west_m + self.cols * self.cell_m,
            self.north_m,
        )

    def eastings(self) -> Float32Array:
        """Metres east of the study's point, shape (1, cols), at cell centres."""
        at = self.west_m - CENTRE_EAST_M + (np.arange(self.cols) + 0.5) * self.cell_m
        return at[None, :].astype(np.float32)

    def northings(self) -> Float32Array:
        """Metres north of the study's point, shape (rows, 1), at cell centres."""
        at = self.north_m - CENTRE_NORTH_M - (np.arange(self.rows) + 0.5) * self.cell_m
        return at[:, None].astype(np.float32)


# The study area with some 700 m around it. Edges lie on Landsat's lattice (15 m off the multiples
# of 30 m), and 5 m divides both that and Sentinel-2's multiples of 10 and 20 m.
GROUND = Frame(west_m=450_705.0, north_m=2_867_745.0, cell_m=5.0, rows=3174, cols=1086)
HALF_LANDSAT = Frame(GROUND.west_m, GROUND.north_m, 15.0, 1058, 362)
LANDSAT = Frame(GROUND.west_m, GROUND.north_m, 30.0, 529, 181)
SENTINEL2_10M = Frame(450_720.0, 2_867_740.0, 10.0, 1586, 540)
SENTINEL2_20M = Frame(450_720.0, 2_867_740.0, 20.0, 793, 270)


def onto(values: Layer, frame: Frame) -> Float32Array:
    """Means of a layer of the ground over the cells of a coarser frame inside it."""
    step = round(frame.cell_m / GROUND.cell_m)
    top = round((GROUND.north_m - frame.north_m) / GROUND.cell_m)
    left = round((frame.west_m - GROUND.west_m) / GROUND.cell_m)
    cut = values[top : top + frame.rows * step, left : left + frame.cols * step]
    total = np.zeros(frame.shape, dtype=np.float32)
    for down in range(step):
        for across in range(step):
            total += cut[down::step, across::step]
    total /= np.float32(step * step)
    return total


def coarsen(values: Layer, step: int) -> Float32Array:
    """Means over blocks of step × step cells."""
    total = np.zeros((values.shape[0] // step, values.shape[1] // step), dtype=np.float32)
    for down in range(step):
        for across in range(step):
            total += values[down::step, across::step]
    total /= np.float32(step * step)
    return total
