"""Exact majority votes of a forest at tens of millions of pixels a second, with numpy alone.

A leaf is a box: one interval of stored values per feature. Each feature's value is looked up as a
row of bits, one bit a leaf, set where the leaf's interval admits the value. The rows of all
features are ANDed; the bits left over are the leaves the pixel falls in, one a tree, so counting
them counts votes. There is no branch and no floating point, hence nothing to round.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import EvidenceError
from reetrace.core.model import Model

_VALUES = 65_536

# A row of 512 bits is one cache line: gathering it touches memory once a pixel.
_BLOCK_LEAVES = 512

# The votes of a block are added up within one byte.
_BLOCK_TREES = 255

# Two features share a table while it stays within a common second-level cache.
_JOINED_BYTES = 1_000_000

# Measured: fewer pixels pay for calls, more fall out of the cache. Also what bounds memory.
_CHUNK_PIXELS = 16_384


@dataclass(frozen=True)
class _Lookup:
    """One or two features and the row of bits for each combination of their intervals."""

    features: tuple[int, ...]
    shares: tuple[NDArray[np.uint16], ...]
    """Shape (65536,) each: stored value to its share of the row number; shares add up."""
    rows: NDArray[np.uint64]
    """Shape (rows, words)."""


@dataclass(frozen=True)
class _Block:
    """Up to 512 leaves of one class."""

    class_index: int
    words: int
    """64-bit words in a row of bits: 1, 2, 4 or 8."""
    lookups: tuple[_Lookup, ...]
    """Empty where no leaf asks for a feature: trees of a single leaf."""
    leaves: int


@dataclass(frozen=True)
class Kernel:
    """A forest made ready to vote on pixels."""

    feature_count: int
    codes: tuple[int, ...]
    trees: int
    uncounted: int
    """Index of the class with most leaves: it has the votes that the others leave."""
    blocks: tuple[_Block, ...]

    def votes(self, features: NDArray[np.uint16]) -> NDArray[np.int16]:
        """Votes of the trees for each class.

        Args:
            features: Shape (features, pixels), stored integers in the order of the model.

        Returns:
            Shape (classes, pixels), classes by rising code; each column adds up to the trees.
        """
        self._check(features)
        votes = np.empty((len(self.codes), features.shape[1]), dtype=np.int16)
        for chunk in _chunks(features.shape[1]):
            votes[:, chunk] = self._count(features[:, chunk])
        return votes

    def classify(self, features: NDArray[np.uint16]) -> NDArray[np.uint8]:
        """Code of the class with most votes; a tie goes to the lower code.

        Args:
            features: Shape (features, pixels), stored integers in the order of the model.

        Returns:
            Shape (pixels,). Unseen pixels get a class like any other: mask them afterwards.
        """
        self._check(features)
        winners = np.empty(features.shape[1], dtype=np.uint8)
        for chunk in _chunks(features.shape[1]):
            votes = self._count(features[:, chunk])
            most, winner = votes[0], winners[chunk]
            winner[:] = self.codes[0]
            for code, rival in zip(self.codes[1:], votes[1:], strict=True):
                np.copyto(winner, code, where=rival > most)
                most = np.maximum(most, rival)
        return winners

    def _check(self, features: NDArray[np.uint16]) -> None:
        if features.dtype != np.uint16 or features.shape[:-1] != (self.feature_count,):
            raise ValueError(
                f"features are {features.dtype} of shape {features.shape}, "
                f"uint16 of shape ({self.feature_count}, pixels) is needed"
            )

    def _count(self, features: NDArray[np.uint16]) -> NDArray[np.int16]:
        votes = np.zeros((len(self.codes), features.shape[1]), dtype=np.int16)
        for block in self.blocks:
            votes[block.class_index] += _block_votes(block, features)
        votes[self.uncounted] = self.trees - votes.sum(axis=0, dtype=np.int16)
        return votes


def compile_forest(model: Model) -> Kernel:
    """Turn the trees of a model into tables of leaf boxes.

    Raises:
        EvidenceError: The arrays are no forest: a child that lies before its parent or outside its
            tree, a leaf without a class, a feature that the model does not name.
    """
    _check_trees(model)
    lows, highs = _leaf_boxes(model)
    leaves = np.flatnonzero((model.feature < 0) & (lows <= highs).all(axis=1))
    classes = model.leaf_class[leaves]
    per_class = np.bincount(classes, minlength=len(model.codes))
    uncounted = int(per_class.argmax())
    trees = np.searchsorted(model.tree_start, leaves, side="right") - 1
    blocks = [
        _compile_block(index, lows[part], highs[part])
        for index in range(len(model.codes))
        if index != uncounted
        for part in _parts(leaves[classes == index], trees[classes == index])
    ]
    return Kernel(
        len(model.features), model.codes, len(model.tree_start) - 1, uncounted, tuple(blocks)
    )


def _check_trees(model: Model) -> None:
    nodes = np.arange(len(model.feature))
    tree_end = model.tree_start[np.searchsorted(model.tree_start, nodes, side="right")]
    inner = model.feature >= 0
    for child in (model.left, model.right):
        if (inner & ((child <= nodes) | (child >= tree_end))).any():
            raise EvidenceError("model: a tree's branch leads out of the tree; fit the model again")
    if (model.feature >= len(model.features)).any():
        raise EvidenceError("model: a tree asks for a feature that has no name; fit it again")
    named = (model.leaf_class >= 0) & (model.leaf_class < len(model.codes))
    if (~inner & ~named).any():
        raise EvidenceError("model: a leaf has no class of the legend; fit the model again")


def _leaf_boxes(model: Model) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Lowest and highest stored value that reach each node, shape (nodes, features) both."""
    shape = (len(model.feature), len(model.features))
    lows = np.zeros(shape, dtype=np.int32)
    highs = np.full(shape, _VALUES - 1, dtype=np.int32)
    level = model.tree_start[:-1].astype(np.intp)
    while level.size:
        parent = level[model.feature[level] >= 0]
        feature, last_left = model.feature[parent], model.threshold[parent].astype(np.int32)
        left, right = model.left[parent].astype(np.intp), model.right[parent].astype(np.intp)
        for child in (left, right):
            lows[child], highs[child] = lows[parent], highs[parent]
        highs[left, feature] = np.minimum(highs[left, feature], last_left)
        lows[right, feature] = np.maximum(lows[right, feature], last_left + 1)
        level = np.concatenate([left, right])
    return lows, highs


def _parts(leaves: NDArray[np.intp], trees: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """The leaves of a class in runs that one block can hold."""
    start = 0
    while start < leaves.size:
        in_reach = np.searchsorted(trees, trees[start] + _BLOCK_TREES)
        stop = min(start + _BLOCK_LEAVES, int(in_reach))
        yield leaves[start:stop]
        start = stop


def _compile_block(class_index: int, lows: NDArray[np.int32], highs: NDArray[np.int32]) -> _Block:
    words = 1
    while words * 64 < len(lows):
        words *= 2
    tables = {
        feature: _one_feature(lows[:, feature], highs[:, feature], words)
        for feature in range(lows.shape[1])
        if lows[:, feature].any() or (highs[:, feature] < _VALUES - 1).any()
    }
    # The largest table is joined with the smallest, which keeps the joined ones even.
    waiting = sorted(tables, key=lambda feature: (len(tables[feature][1]), feature))
    lookups = []
    while waiting:
        feature = waiting.pop()
        intervals, rows = tables[feature]
        if waiting and len(rows) * len(tables[waiting[0]][1]) * words * 8 <= _JOINED_BYTES:
            partner = waiting.pop(0)
            lookups.append(_join(feature, tables[feature], partner, tables[partner]))
        else:
            lookups.append(_Lookup((feature,), (intervals,), rows))
    return _Block(class_index, words, tuple(lookups), len(lows))


def _one_feature(
    lows: NDArray[np.int32], highs: NDArray[np.int32], words: int
) -> tuple[NDArray[np.uint16], NDArray[np.uint64]]:
    """Interval of each stored value, and the bits of the leaves that admit each interval."""
    starts = np.union1d(np.union1d(lows, highs + 1), [0])
    starts = starts[starts < _VALUES]
    intervals = np.searchsorted(starts, np.arange(_VALUES), side="right") - 1
    admitted = np.zeros((len(starts), words * 64), dtype=np.bool_)
    admitted[:, : len(lows)] = (lows <= starts[:, None]) & (starts[:, None] <= highs)
    bits = np.packbits(admitted, axis=1).view(np.uint64)
    return intervals.astype(np.uint16), bits


def _join(
    first: int,
    first_table: tuple[NDArray[np.uint16], NDArray[np.uint64]],
    second: int,
    second_table: tuple[NDArray[np.uint16], NDArray[np.uint64]],
) -> _Lookup:
    intervals, rows = first_table
    inner_intervals, inner_rows = second_table
    joined = rows[:, None, :] & inner_rows[None, :, :]
    shares = (intervals * np.uint16(len(inner_rows)), inner_intervals)
    return _Lookup((first, second), shares, joined.reshape(-1, rows.shape[1]))


def _block_votes(block: _Block, features: NDArray[np.uint16]) -> NDArray[np.int16]:
    if not block.lookups:
        return np.full(features.shape[1], block.leaves, dtype=np.int16)
    remaining = _admitted(block.lookups[0], features)
    for lookup in block.lookups[1:]:
        np.bitwise_and(remaining, _admitted(lookup, features), out=remaining)
    # Every word's count is one byte; multiplying by 0x0101… adds all bytes up in the highest one.
    counts = np.bitwise_count(remaining).view(f"u{block.words}").ravel()
    counts *= np.array(int("01" * block.words, 16), dtype=counts.dtype)
    counts >>= np.array(8 * (block.words - 1), dtype=counts.dtype)
    return counts.astype(np.int16)


def _admitted(lookup: _Lookup, features: NDArray[np.uint16]) -> NDArray[np.uint64]:
    """Row of bits of each pixel, shape (pixels, words)."""
    row = lookup.shares[0].take(features[lookup.features[0]], mode="clip")
    for feature, share in zip(lookup.features[1:], lookup.shares[1:], strict=True):
        row += share.take(features[feature], mode="clip")
    admitted: NDArray[np.uint64] = lookup.rows.take(row, axis=0, mode="clip")
    return admitted


def _chunks(pixels: int) -> Iterator[slice]:
    for start in range(0, pixels, _CHUNK_PIXELS):
        yield slice(start, min(start + _CHUNK_PIXELS, pixels))
