"""The pieces a grid is worked through in, so that memory does not grow with it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reetrace.core.grid import Grid

BLOCK_BYTES = 24_000_000
"""What the scenes' pixels of one block may take; a worker needs about three times as much."""

_LEAST_EDGE, _MOST_EDGE = 64, 1024


@dataclass(frozen=True)
class Block:
    """A rectangle of whole pixels of a grid."""

    row: int
    col: int
    rows: int
    cols: int


def grid_of(block: Block, grid: Grid) -> Grid:
    """The part of a grid that a block covers, as a grid of its own."""
    return dataclasses.replace(
        grid,
        west_m=grid.west_m + block.col * grid.pixel_m,
        north_m=grid.north_m - block.row * grid.pixel_m,
        rows=block.rows,
        cols=block.cols,
    )


# Outlines are burnt strip by strip so that memory does not grow with the grid. Up to 4,000 pixels
# square is one strip: the whole grid, as everybody else burns it.
_STRIP_PIXELS = 16_000_000


def strips(grid: Grid, *, pixels: int = _STRIP_PIXELS) -> Iterator[Block]:
    """Runs of whole rows that cover a grid."""
    height = max(pixels // grid.cols, 1)
    for row in range(0, grid.rows, height):
        yield Block(row, 0, min(height, grid.rows - row), grid.cols)


def lay_blocks(grid: Grid, *, layers: int, block_bytes: int) -> Iterator[Block]:
    """Squares that cover a grid, as large as memory allows."""
    edge = int(math.sqrt(block_bytes / (max(layers, 1) * np.dtype(np.uint16).itemsize)))
    edge = min(max(edge, _LEAST_EDGE), _MOST_EDGE)
    for row in range(0, grid.rows, edge):
        for col in range(0, grid.cols, edge):
            yield Block(row, col, min(edge, grid.rows - row), min(edge, grid.cols - col))
