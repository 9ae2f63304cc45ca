"""The same places judged at every epoch: what areas and their changes are estimated from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.core.landcover import NOT_SEEN, OUTSIDE
from reetrace.core.samples import Design, Stratum


@dataclass(frozen=True)
class Panel:
    """The points of a probability sample, with map and reference class at each epoch."""

    ids: tuple[str, ...]
    """Rising."""
    rows: NDArray[np.int64]
    cols: NDArray[np.int64]
    """Pixel of each point on the grid; every point lies in the area of interest."""
    stratum: NDArray[np.int64]
    """Shape (points,): index into `strata`."""
    strata: tuple[Stratum, ...]
    """One, of the whole area of interest, where the design is simple random."""
    epochs: tuple[str, ...]
    reference: NDArray[np.uint8]
    """Shape (points, epochs): class code the interpreter gave; `NOT_SEEN` where none was given."""
    mapped: NDArray[np.uint8]
    """Shape (points, epochs): class code of the map; `NOT_SEEN` where the pixel was not seen."""
    design: Design
    lost: int
    """Points that lie outside the area of interest and take no part."""

    @property
    def areas_m2(self) -> NDArray[np.float64]:
        """Area of each stratum."""
        return np.array([stratum.area_m2 for stratum in self.strata], dtype=np.float64)

    def column(self, epoch: str) -> int:
        """Where an epoch stands in `reference` and `mapped`; ValueError where it does not."""
        return self.epochs.index(epoch)

    def labelled(self, *epochs: str) -> NDArray[np.bool_]:
        """Shape (points,): whether an interpreter judged the point at each of these epochs."""
        columns = [self.column(epoch) for epoch in epochs]
        judged: NDArray[np.bool_] = (self.reference[:, columns] != NOT_SEEN).all(axis=1)
        return judged

    def seen(self, *epochs: str) -> NDArray[np.bool_]:
        """Shape (points,): whether the map has a class there at each of these epochs."""
        mapped = self.mapped[:, [self.column(epoch) for epoch in epochs]]
        known: NDArray[np.bool_] = ((mapped != NOT_SEEN) & (mapped != OUTSIDE)).all(axis=1)
        return known
