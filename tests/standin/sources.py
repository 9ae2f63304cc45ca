"""Stored pixels, read as the archive serves them: nearest neighbour, coarser from a pyramid."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tests.standin.grids import METRES_PER_DEGREE, Grid, Projection, is_geographic
from tests.standin.layers import Layer, Pixels, masked_everywhere
from tests.standin.pixel_types import Array, PixelType

Policy = Literal["mean", "sample"]
"""How a coarser level is made of 2 x 2 pixels: reflectance by the mean, codes by one of them."""


@dataclass(frozen=True, eq=False)
class Stored:
    """One band of a stored image, loaded when first looked at."""

    load: Callable[[], tuple[Array, NDArray[np.bool_]]]
    """Values and where they are valid, shape (rows, cols)."""
    projection: Projection
    kind: PixelType
    policy: Policy = "mean"
    _lock: Lock = field(default_factory=Lock)

    @cached_property
    def _levels(self) -> list[tuple[Array, Array]]:
        values, valid = self.load()
        return [(values, valid.astype(np.float32))]

    def _level(self, number: int) -> tuple[Array, Array]:
        with self._lock:
            while len(self._levels) <= number:
                self._levels.append(_coarser(*self._levels[-1], self.policy, self.kind))
            return self._levels[number]

    def layer(self) -> Layer:
        """As a layer."""
        return Layer(self.kind, self.projection, self._compute)

    def _compute(self, grid: Grid) -> Pixels:
        number = self._level_for(grid.projection)
        values, mask = self._level(number)
        if grid.projection.crs == self.projection.crs and grid.upright:
            # The rows of a grid lie alike in every column: one of each is enough.
            across, down = grid.part(0, 0, 1, grid.cols).centres()[0], grid.column()
        else:
            across, down = grid.places(self.projection.crs)
        a, _, c, _, e, f = self.projection.transform
        cols = np.floor((across - c) / (a * 2**number)).astype(np.int64)
        rows = np.floor((down - f) / (e * 2**number)).astype(np.int64)
        on = ((rows >= 0) & (rows < values.shape[0])) & ((cols >= 0) & (cols < values.shape[1]))
        if not on.any():
            return masked_everywhere(grid, self.kind)
        rows = np.clip(rows, 0, values.shape[0] - 1)
        cols = np.clip(cols, 0, values.shape[1] - 1)
        return np.where(on, values[rows, cols], 0), np.where(on, mask[rows, cols], 0.0)

    def _level_for(self, wanted: Projection) -> int:
        """The coarsest level whose pixels are no larger than those wanted."""
        if wanted.crs == self.projection.crs:
            ratio = wanted.pixel / self.projection.pixel
        else:
            ratio = _metres(wanted) / _metres(self.projection)
        return max(math.floor(math.log2(ratio) + 1e-3), 0)


def _metres(projection: Projection) -> float:
    return projection.pixel * (METRES_PER_DEGREE if is_geographic(projection.crs) else 1.0)


def _coarser(values: Array, mask: Array, policy: Policy, kind: PixelType) -> tuple[Array, Array]:
    """The next level, its blocks counted from the image's first pixel."""
    rows, cols = values.shape
    padded = ((0, rows % 2), (0, cols % 2))
    values, mask = np.pad(values, padded), np.pad(mask, padded)
    if policy == "sample":
        return values[::2, ::2], mask[::2, ::2]
    weight = _sums(mask)
    total = _sums(values.astype(np.float64) * mask)
    mean = np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)
    if kind.integral:
        mean = np.rint(mean)
    return kind.cast(mean), weight / 4.0


def _sums(values: Array) -> Array:
    summed: Array = values[::2, ::2] + values[1::2, ::2] + values[::2, 1::2] + values[1::2, 1::2]
    return summed
