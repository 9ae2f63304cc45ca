"""A fitted forest as plain arrays: fitted once, stored in the evidence, run by any engine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Knobs:
    """The six knobs of Earth Engine's `smileRandomForest`, with its defaults but for the trees."""

    trees: int = 50
    variables_per_split: int | None = None
    """None is the square root of the number of features, rounded down, at least 1."""
    bag_fraction: float = 0.5
    min_leaf_population: int = 1
    max_nodes: int | None = None
    """Most leaves of a tree; None is no limit."""
    seed: int = 0


@dataclass(frozen=True)
class Model:
    """A forest of binary trees over unsigned 16-bit features.

    The arrays hold all trees one after the other. A node with `feature` -1 is a leaf. A pixel goes
    left when its feature is less than or equal to `threshold`. Every tree has one vote; the
    majority wins, a tie goes to the lower class code.
    """

    features: tuple[str, ...]
    """Band roles in order, `ndvi` last."""
    classes: tuple[str, ...]
    """Class names by rising code."""
    codes: tuple[int, ...]
    tree_start: NDArray[np.int32]
    """Shape (trees + 1,): first node of each tree, then the number of nodes."""
    feature: NDArray[np.int8]
    threshold: NDArray[np.uint16]
    """Largest stored value that goes left."""
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    """Children, counted from the start of all nodes; -1 at a leaf."""
    leaf_class: NDArray[np.int16]
    """Index into `classes` at a leaf, -1 elsewhere."""
    knobs: Knobs
    sensor_family: str
    trained_on: tuple[str, ...]
    """Digests of the label files."""
    training_points: int
    simulated: bool

    @property
    def digest(self) -> str:
        """SHA-256 over everything that decides a prediction."""
        sha = hashlib.sha256()
        sha.update("\n".join(("reetrace-forest-1", *self.features, "", *self.classes)).encode())
        sha.update(np.asarray(self.codes, dtype="<i2").tobytes())
        for array, dtype in (
            (self.tree_start, "<i4"),
            (self.feature, "<i1"),
            (self.threshold, "<u2"),
            (self.left, "<i4"),
            (self.right, "<i4"),
            (self.leaf_class, "<i2"),
        ):
            sha.update(np.ascontiguousarray(array, dtype=dtype).tobytes())
        return sha.hexdigest()
