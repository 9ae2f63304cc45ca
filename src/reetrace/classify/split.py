"""Which labels are held out: whole blocks of ground, the same at every epoch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import SettingError

BLOCK_M = 300.0
"""Side of a block: labels nearer than a few pixels resemble each other."""


def block_of(
    rows: NDArray[np.int64], cols: NDArray[np.int64], *, block_m: float, pixel_m: float
) -> NDArray[np.int64]:
    """Shape (points, 2): the block each pixel lies in, row and column of blocks."""
    pixels = max(1, round(block_m / pixel_m))
    return np.column_stack([rows // pixels, cols // pixels])


def hold_out(
    rows: NDArray[np.int64],
    cols: NDArray[np.int64],
    classes: Sequence[str],
    *,
    pixel_m: float,
    block_m: float = BLOCK_M,
    share: float = 0.3,
    seed: int = 0,
) -> NDArray[np.bool_]:
    """Whether each label is held out, by whole blocks and in each class about its share.

    Give the labels of all epochs that share a model at once: a block is held out at every epoch
    or at none, so that no label trains the model that is tested a few metres away. The order of
    the labels changes nothing.

    Args:
        rows: Shape (labels,), pixel rows.
        cols: Pixel columns.
        classes: Class name of each label.
        pixel_m: Side of a pixel.
        block_m: Side of a block.
        share: Of the labels, to be held out, 0-1.
        seed: Which blocks.

    Raises:
        SettingError: The share is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise SettingError(f"the held-out share is {share}; more than 0 and less than 1 is needed.")
    blocks, block_index, counts = _table(rows, cols, classes, block_m=block_m, pixel_m=pixel_m)
    # Greedy: a block is taken when that brings every class nearer to its share.
    wanted = counts.sum(axis=0) * share
    taken = np.zeros(len(blocks), dtype=np.bool_)
    for block in _shuffled(blocks, seed):
        here = counts[block]
        now = counts[taken].sum(axis=0)
        left = counts[~taken].sum(axis=0) - here
        empties = ((left == 0) & (here > 0)).any()
        if not empties and _distance(now + here, wanted) < _distance(now, wanted):
            taken[block] = True
    return taken[block_index]


def folds(
    rows: NDArray[np.int64],
    cols: NDArray[np.int64],
    classes: Sequence[str],
    *,
    pixel_m: float,
    block_m: float = BLOCK_M,
    count: int = 5,
    seed: int = 0,
) -> NDArray[np.int64]:
    """The fold (0 to count - 1) each label is tested in, by whole blocks, balanced by class.

    Arguments as for `hold_out`.
    """
    if count < 2:  # noqa: PLR2004 - one fold would leave nothing to train on
        raise SettingError(f"{count} folds were asked for; at least 2 are needed.")
    blocks, block_index, counts = _table(rows, cols, classes, block_m=block_m, pixel_m=pixel_m)
    wanted = np.maximum(counts.sum(axis=0) / count, 1e-9)
    held = np.zeros((count, counts.shape[1]))
    fold_of = np.zeros(len(blocks), dtype=np.int64)
    order = _shuffled(blocks, seed)
    # The fullest blocks first: the small ones then even out what they left.
    for block in order[np.argsort(-counts[order].sum(axis=1), kind="stable")]:
        here = counts[block]
        fullness = (((held + here) / wanted)[:, here > 0]).max(axis=1)
        fold = int(np.lexsort((held.sum(axis=1), fullness))[0])
        fold_of[block] = fold
        held[fold] += here
    return fold_of[block_index]


def _table(
    rows: NDArray[np.int64],
    cols: NDArray[np.int64],
    classes: Sequence[str],
    *,
    block_m: float,
    pixel_m: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Blocks by row and column, the block of each label, and labels by block and class."""
    places = block_of(rows, cols, block_m=block_m, pixel_m=pixel_m)
    blocks, block_index = np.unique(places, axis=0, return_inverse=True)
    block_index = block_index.reshape(-1)
    names = sorted(set(classes))
    counts = np.zeros((len(blocks), len(names)), dtype=np.int64)
    class_index = np.array([names.index(name) for name in classes], dtype=np.int64)
    np.add.at(counts, (block_index, class_index), 1)
    return blocks, block_index, counts


def _shuffled(blocks: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).permutation(len(blocks))


def _distance(counts: NDArray[np.int64], wanted: NDArray[np.float64]) -> float:
    """How far from the wanted count of each class, relative to it."""
    return float((((counts - wanted) / wanted) ** 2).sum())
