"""Functions of one image's values, and casts."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.standin.arithmetic import keeps_properties
from tests.standin.layers import Image, Layer, map_layer
from tests.standin.pixel_types import BOOLEAN, DOUBLE, PixelType, named_type
from tests.standin.registering import models

_UNARY: dict[str, Any] = {
    "abs": np.abs,
    "floor": np.floor,
    "ceil": np.ceil,
    # Halves go up, as in Java's Math.round.
    "round": lambda a: np.floor(a + 0.5),
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "log10": np.log10,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "signum": np.sign,
}
_TO_INTEGERS = {"floor", "ceil", "round"}


def _ranges(kind: PixelType) -> dict[str, PixelType]:
    """What whole numbers become, where they stay whole."""
    largest = max(abs(bound) for bound in kind.bounds)
    return {"abs": PixelType("int", 0, largest), "signum": PixelType("int", -1, 1)}


@models(*(f"Image.{name}" for name in _UNARY))
def unary(value: Image, *, algorithm_name: str) -> Image:
    """A function of each value."""
    name = algorithm_name.removeprefix("Image.")

    def make(layer: Layer) -> Layer:
        if layer.kind.integral and name in _TO_INTEGERS:
            return layer
        kind = layer.kind
        if kind.integral:
            kind = _ranges(kind).get(name, DOUBLE)
        elif name in _TO_INTEGERS:
            # The service types these as integers without stating a range; 32 bits are assumed.
            kind = named_type("int32")
        return map_layer(layer, kind, _UNARY[name])

    return value.with_layers([make(layer) for layer in value.layers], keep=keeps_properties())


@models("Image.not")
def negate(value: Image) -> Image:
    """1 where the value is 0."""
    layers = [map_layer(layer, BOOLEAN, lambda a: a == 0) for layer in value.layers]
    return value.with_layers(layers, keep=keeps_properties())


_CASTS = [
    *("byte", "short", "int", "long", "float", "double"),
    *(f"{sign}int{bits}" for sign in ("u", "") for bits in (8, 16, 32)),
    "int64",
    *("toByte", "toShort", "toInt", "toLong", "toFloat", "toDouble"),
    *(f"to{sign}nt{bits}" for sign in ("Ui", "I") for bits in (8, 16, 32)),
    "toInt64",
]


@models(*(f"Image.{name}" for name in _CASTS))
def cast(value: Image, *, algorithm_name: str) -> Image:
    """Another type: fractions are cut off, integers are kept within the range."""
    kind = named_type(algorithm_name.removeprefix("Image."))
    layers = [map_layer(layer, kind, kind.cast) for layer in value.layers]
    return value.with_layers(layers, keep=keeps_properties())


@models("Image.clamp")
def clamp(input_: Image, low: float, high: float) -> Image:
    """Values kept between two limits."""
    layers = [
        map_layer(layer, layer.kind, lambda values: np.clip(values, low, high))
        for layer in input_.layers
    ]
    return input_.with_layers(layers, keep=keeps_properties())
