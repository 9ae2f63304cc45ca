"""Layers of pixels that are computed when a grid of them is asked for, and images made of them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.standin.faults import Refused
from tests.standin.geometry import Geometry
from tests.standin.grids import WGS84, Grid, Projection
from tests.standin.pixel_types import Array, PixelType, constant_type
from tests.standin.session import session

_STRIP_PIXELS = 20_000

Pixels = tuple[Array, Array]
"""(values, mask), both (rows, cols); a mask runs from 0, masked, to 1."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One band without its name."""

    kind: PixelType
    projection: Projection
    compute: Callable[[Grid], Pixels]

    def read(self, grid: Grid) -> Pixels:
        """Values and mask on a grid; values beneath a mask of 0 mean nothing."""
        purse = session()
        # The layer itself is the key, so that it lives as long as what is kept of it.
        kept: Pixels | None = purse.recall((self, grid))
        if kept is None:
            purse.spend(grid.pixels)
            values, mask = self.compute(grid)
            kept = (self.kind.cast(np.asarray(values)), np.asarray(mask, dtype=np.float32))
            purse.keep((self, grid), kept)
        return kept


@dataclass(frozen=True)
class Image:
    """Bands by name, in order."""

    bands: Mapping[str, Layer]
    properties: Mapping[str, Any] = field(default_factory=dict)
    footprint: Geometry | None = None
    """None is everywhere."""

    @property
    def names(self) -> list[str]:
        """Of the bands."""
        return list(self.bands)

    @property
    def layers(self) -> list[Layer]:
        """In order."""
        return list(self.bands.values())

    @property
    def projection(self) -> Projection:
        """Of the bands, which must share one."""
        projections = {layer.projection for layer in self.layers}
        if len(projections) > 1:
            raise Refused(
                "Image.projection: The bands of the specified image contains different "
                "projections. Use Image.select to pick a single band."
            )
        return self.first_projection

    @property
    def first_projection(self) -> Projection:
        """Of the first band."""
        return self.layers[0].projection if self.bands else WGS84

    def read(self, grid: Grid) -> list[Pixels]:
        """Values and mask of each band on a grid, computed strip by strip to bound memory."""
        rows = max(_STRIP_PIXELS // grid.cols, 1)
        strips = [
            grid.part(top, 0, min(rows, grid.rows - top), grid.cols)
            for top in range(0, grid.rows, rows)
        ]
        read = []
        for strip in strips:
            read.append([layer.read(strip) for layer in self.layers])
            if len(strips) > 1:
                session().forget()
        return [
            (
                np.concatenate([each[0] for each in parts]),
                np.concatenate([each[1] for each in parts]),
            )
            for parts in zip(*read, strict=True)
        ]

    def only(self, what: str) -> Layer:
        """The single band of an image that must have one."""
        if len(self.bands) != 1:
            raise Refused(f"{what}: The image must have exactly one band, has {len(self.bands)}.")
        return self.layers[0]

    def replace(self, **changes: Any) -> Image:
        """The image with other bands, properties or footprint."""
        return dataclasses.replace(self, **changes)

    def with_layers(self, layers: Iterable[Layer], *, keep: bool = True) -> Image:
        """The same names over other layers; properties are dropped unless kept."""
        bands = dict(zip(self.names, layers, strict=True))
        return Image(bands, self.properties if keep else {}, self.footprint)

    def pick(self, selectors: Sequence[Any]) -> list[str]:
        """Names of the bands that selectors (names, patterns, numbers from 0) ask for."""
        picked: list[str] = []
        for selector in selectors:
            if isinstance(selector, str):
                found = [selector] if selector in self.bands else []
                found = found or [name for name in self.names if re.fullmatch(selector, name)]
                if not found:
                    raise Refused(
                        f"Image.select: Band pattern '{selector}' did not match any bands. "
                        f"Available bands: [{', '.join(self.names)}]"
                    )
                picked += found
            elif -len(self.names) <= int(selector) < len(self.names):
                picked.append(self.names[int(selector)])
            else:
                raise Refused(
                    f"Image.select: Band number {selector} is out of range. "
                    f"Available bands: [{', '.join(self.names)}]"
                )
        return picked


def constant_layer(value: float, kind: PixelType | None = None) -> Layer:
    """The same value everywhere."""
    kind = kind or constant_type(value)

    def compute(grid: Grid) -> Pixels:
        shape = (grid.rows, grid.cols)
        return np.full(shape, value, dtype=kind.working), np.ones(shape, dtype=np.float32)

    return Layer(kind, WGS84, compute)


def constant_image(values: Sequence[float]) -> Image:
    """Constants as bands: `constant`, or `constant_0`, `constant_1` … for several."""
    if len(values) == 1:
        return Image({"constant": constant_layer(values[0])})
    return Image({f"constant_{k}": constant_layer(value) for k, value in enumerate(values)})


def masked_everywhere(grid: Grid, kind: PixelType) -> Pixels:
    """Nothing seen."""
    shape = (grid.rows, grid.cols)
    return np.zeros(shape, dtype=kind.working), np.zeros(shape, dtype=np.float32)


def map_layer(
    layer: Layer, kind: PixelType, function: Callable[[Array], Array], *, tidy: bool = True
) -> Layer:
    """A function of each value; the mask stays."""

    def compute(grid: Grid) -> Pixels:
        values, mask = layer.read(grid)
        with np.errstate(all="ignore"):
            answer = function(values)
        return (np.where(mask > 0, answer, 0) if tidy else answer), mask

    return Layer(kind, layer.projection, compute)
