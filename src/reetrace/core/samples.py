"""What an interpreter saw at a point, and what the sensor measured there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Design = Literal["simple-random", "stratified", "purposive"]
"""How the points were chosen. Only the first two allow an unbiased area."""

Purpose = Literal["training", "probability-sample"]


@dataclass(frozen=True)
class Stratum:
    """A part of the study area sampled at its own rate."""

    id: str
    area_m2: float
    title: str = ""


@dataclass(frozen=True)
class Label:
    """The class one interpreter gave to one place at one time."""

    id: str
    """Unique in its file; the same id in two epochs is the same place."""
    longitude: float
    latitude: float
    landcover: str
    """Class name of the legend."""
    interpreter: str
    image_source: str
    image_date: str
    confidence: str = ""
    stratum: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    """(property, JSON text of its value) of a file's further properties: kept on the way out."""


@dataclass(frozen=True)
class Labels:
    """One file of labels: one site, one epoch, one design."""

    site: str
    epoch: str
    purpose: Purpose
    design: Design
    strata: tuple[Stratum, ...]
    """Empty unless the design is stratified."""
    points: tuple[Label, ...]
    """By id."""
    source: str
    """File name, for the evidence."""
    digest: str
    simulated: bool = False
    extra: tuple[tuple[str, str], ...] = ()
    """(member, JSON text of its value) of a file's further members: kept on the way out."""


@dataclass(frozen=True)
class Samples:
    """Labels of one epoch with the composite's stored reflectance beneath them."""

    labels: Labels
    bands: tuple[str, ...]
    values: NDArray[np.uint16]
    """Shape (points, bands), stored reflectance; `UNSEEN` where the pixel was not seen."""
    rows: NDArray[np.int64]
    cols: NDArray[np.int64]
    """Pixel of each point on the grid; -1 where the point lies outside it."""

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Shape (points,): whether every band was seen there."""
        seen: NDArray[np.bool_] = (self.values != 0).all(axis=1)
        return seen
