"""Polygons painted onto images."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.standin.elements import Collection, Feature
from tests.standin.faults import Refused
from tests.standin.grids import Grid
from tests.standin.layers import Image, Layer, Pixels
from tests.standin.registering import models


@models("Image.paint")
def paint(image: Image, feature_collection: Collection, color: Any) -> Image:
    """A value wherever a pixel's centre lies in a feature, later features over earlier ones.

    Painted pixels are unmasked. The band keeps its type: a value beyond it is kept within it.
    """
    painted = [(feature, _value(feature, color)) for feature in feature_collection.features()]

    def make(layer: Layer) -> Layer:
        def compute(grid: Grid) -> Pixels:
            values, mask = layer.read(grid)
            for feature, value in painted:
                inside = feature.place.inside(grid)
                values = np.where(inside, layer.kind.cast(np.asarray(float(value))), values)
                mask = np.where(inside, 1, mask)
            return values, mask

        return Layer(layer.kind, layer.projection, compute)

    layers = [make(layer) for layer in image.layers]
    return image.with_layers(layers, keep=False).replace(footprint=None)


def _value(feature: Feature, color: Any) -> float:
    if isinstance(color, int | float):
        return color
    value = feature.properties.get(color)
    if not isinstance(value, int | float):
        raise Refused(f"Image.paint: Property '{color}' is not a number: {value!r}.")
    return value
