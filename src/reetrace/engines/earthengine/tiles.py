"""How a grid is cut into pieces that the service hands over in one answer."""

from __future__ import annotations

import itertools
import math

from reetrace.core.grid import Grid
from reetrace.engines.blocks import Block

MAX_TILE_BYTES = 48_000_000
"""The service allows 48 MiB uncompressed (developers.google.com/earth-engine/reference/rest/v1/
projects.image/computePixels); the rest is room for the header of the array."""
MAX_TILE_SIDE = 32_768
"""Pixels; same source."""


def tiles(
    grid: Grid,
    bytes_per_pixel: int,
    *,
    max_bytes: int = MAX_TILE_BYTES,
    max_side: int = MAX_TILE_SIDE,
) -> tuple[Block, ...]:
    """Pieces that cover the grid exactly once, row by row; as few as the limits allow, or nearly.

    Args:
        grid: At least one pixel.
        bytes_per_pixel: Of all bands together, uncompressed.
        max_bytes: A piece never holds more, but for a single pixel.
        max_side: Pixels in a row or column of a piece at most.
    """
    down, across = math.ceil(grid.rows / max_side), math.ceil(grid.cols / max_side)
    while True:
        rows, cols = math.ceil(grid.rows / down), math.ceil(grid.cols / across)
        if rows * cols * bytes_per_pixel <= max_bytes or rows * cols == 1:
            break
        if rows >= cols:
            down += 1
        else:
            across += 1
    return tuple(
        Block(row, col, height, width)
        for row, height in _spans(grid.rows, down)
        for col, width in _spans(grid.cols, across)
    )


def quartered(tile: Block) -> tuple[Block, ...]:
    """The piece in four, or in two where it is one pixel wide or high."""
    return tuple(
        Block(tile.row + row, tile.col + col, rows, cols)
        for row, rows in _spans(tile.rows, min(2, tile.rows))
        for col, cols in _spans(tile.cols, min(2, tile.cols))
    )


def _spans(length: int, parts: int) -> tuple[tuple[int, int], ...]:
    """(start, length) of nearly equal parts."""
    edges = [length * part // parts for part in range(parts + 1)]
    return tuple((start, stop - start) for start, stop in itertools.pairwise(edges))
