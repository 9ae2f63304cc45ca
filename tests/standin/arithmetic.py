"""Functions of pixel values: one image, or two images band by band."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.standin.faults import Refused, Unmodelled
from tests.standin.grids import Grid
from tests.standin.layers import Image, Layer, Pixels
from tests.standin.pixel_types import (
    BOOLEAN,
    DOUBLE,
    FLOAT,
    Array,
    PixelType,
    named_type,
    ranged,
    union,
)
from tests.standin.registering import models
from tests.standin.session import session

_INT32 = 2**31 - 1


def pairs(image1: Image, image2: Image, what: str) -> list[tuple[str, Layer, Layer]]:
    """Bands matched as the service documents it: one against all, by name, or in order."""
    left, right = image1.bands, image2.bands
    if len(right) == 1 and len(left) != 1:
        return [(name, layer, image2.layers[0]) for name, layer in left.items()]
    if len(left) == 1 and len(right) != 1:
        return [(name, image1.layers[0], layer) for name, layer in right.items()]
    if len(left) != len(right):
        raise Refused(
            f"{what}: Images must contain the same number of bands or a single band. "
            f"Got {len(left)} and {len(right)}."
        )
    if set(left) == set(right):
        return [(name, layer, right[name]) for name, layer in left.items()]
    return [
        (name, layer, other)
        for (name, layer), other in zip(left.items(), image2.layers, strict=True)
    ]


def combine(
    left: Layer, right: Layer, kind: PixelType, function: Callable[[Array, Array], Array]
) -> Layer:
    """A function of two layers; masked where either is."""

    def compute(grid: Grid) -> Pixels:
        first, first_mask = left.read(grid)
        second, second_mask = right.read(grid)
        mask = np.minimum(first_mask, second_mask)
        with np.errstate(all="ignore"):
            answer = function(first, second)
        _within_range(answer, mask, kind)
        return np.where(mask > 0, answer, 0), mask

    return Layer(kind, left.projection, compute)


def _within_range(answer: Array, mask: Array, kind: PixelType) -> None:
    """What happens to 32-bit integers that outgrow 32 bits is not documented: refuse to guess."""
    if kind.integral and kind.bounds == (-_INT32 - 1, _INT32):
        seen = answer[mask > 0]
        if seen.size and (seen.min() < -_INT32 - 1 or seen.max() > _INT32):
            raise Unmodelled("integer arithmetic beyond 32 bits; cast to double or int64 before it")


def widened(left: PixelType, right: PixelType, function: Callable[[int, int], int]) -> PixelType:
    """The type of a sum, difference or product."""
    if not (left.integral and right.integral):
        return union(left, right)
    corners = [function(a, b) for a in left.bounds for b in right.bounds]
    if any(max(abs(bound) for bound in kind.bounds) > _INT32 + 1 for kind in (left, right)):
        return named_type("int64")
    if min(corners) < -_INT32 - 1 or max(corners) > _INT32:
        return named_type("int32")
    return ranged(corners)


def _binary(
    image1: Image, image2: Image, what: str, make: Callable[[Layer, Layer], Layer]
) -> Image:
    bands = {name: make(left, right) for name, left, right in pairs(image1, image2, what)}
    kept = image1.properties if keeps_properties() else {}
    return Image(bands, kept, image1.footprint or image2.footprint)


def keeps_properties() -> bool:
    """Whether properties survive arithmetic: by default they do not."""
    return session().readings.properties == "kept"


@models("Image.add", "Image.subtract", "Image.multiply")
def add_subtract_multiply(image1: Image, image2: Image, *, algorithm_name: str) -> Image:
    """Sums, differences and products."""
    functions: dict[str, Callable[[Any, Any], Any]] = {
        "Image.add": lambda a, b: a + b,
        "Image.subtract": lambda a, b: a - b,
        "Image.multiply": lambda a, b: a * b,
    }
    function = functions[algorithm_name]

    def make(left: Layer, right: Layer) -> Layer:
        return combine(left, right, widened(left.kind, right.kind, function), function)

    return _binary(image1, image2, algorithm_name, make)


@models("Image.divide")
def divide(image1: Image, image2: Image) -> Image:
    """Quotients; 0 for a division by 0.

    Of two whole numbers the quotient is taken to be of single precision, the coarser of what the
    service might do: who needs more makes an operand double first.
    """

    def make(left: Layer, right: Layer) -> Layer:
        kind = union(left.kind, right.kind)
        if kind.integral:
            kind = FLOAT if session().readings.quotient == "single" else DOUBLE

        def quotient(a: Array, b: Array) -> Array:
            return np.where(b == 0, 0, a.astype(kind.working) / np.where(b == 0, 1, b))

        return combine(left, right, kind, quotient)

    return _binary(image1, image2, "Image.divide", make)


@models("Image.min", "Image.max")
def least_or_greatest(image1: Image, image2: Image, *, algorithm_name: str) -> Image:
    """The smaller or larger of two values."""
    function: Any = np.minimum if algorithm_name == "Image.min" else np.maximum

    def make(left: Layer, right: Layer) -> Layer:
        return combine(left, right, union(left.kind, right.kind), function)

    return _binary(image1, image2, algorithm_name, make)


@models("Image.mod", "Image.pow")
def modulo_or_power(image1: Image, image2: Image, *, algorithm_name: str) -> Image:
    """Remainders, with the sign of the dividend; powers as double."""

    def make(left: Layer, right: Layer) -> Layer:
        if algorithm_name == "Image.pow":
            return combine(left, right, DOUBLE, lambda a, b: np.power(a.astype(np.float64), b))
        kind = union(left.kind, right.kind)
        return combine(left, right, kind, np.fmod)

    return _binary(image1, image2, algorithm_name, make)


_COMPARISONS: dict[str, Any] = {
    "Image.eq": np.equal,
    "Image.neq": np.not_equal,
    "Image.gt": np.greater,
    "Image.gte": np.greater_equal,
    "Image.lt": np.less,
    "Image.lte": np.less_equal,
    "Image.and": lambda a, b: (a != 0) & (b != 0),
    "Image.or": lambda a, b: (a != 0) | (b != 0),
}


@models(*_COMPARISONS)
def compare(image1: Image, image2: Image, *, algorithm_name: str) -> Image:
    """1 where it holds, 0 where not."""
    function = _COMPARISONS[algorithm_name]

    def make(left: Layer, right: Layer) -> Layer:
        return combine(left, right, BOOLEAN, function)

    return _binary(image1, image2, algorithm_name, make)


_BITWISE: dict[str, Any] = {
    "Image.bitwiseAnd": np.bitwise_and,
    "Image.bitwiseOr": np.bitwise_or,
    "Image.bitwiseXor": np.bitwise_xor,
    "Image.leftShift": np.left_shift,
    "Image.rightShift": np.right_shift,
    "Image.bitwise_and": np.bitwise_and,
    "Image.bitwise_or": np.bitwise_or,
    "Image.left_shift": np.left_shift,
    "Image.right_shift": np.right_shift,
}


@models(*_BITWISE)
def bitwise(image1: Image, image2: Image, *, algorithm_name: str) -> Image:
    """Operations on the bits of whole numbers."""

    def make(left: Layer, right: Layer) -> Layer:
        if not (left.kind.integral and right.kind.integral):
            raise Refused(f"{algorithm_name}: Bitwise operations need integer operands.")
        wide = any(kind.bounds[1] > _INT32 for kind in (left.kind, right.kind))
        kind = named_type("int64" if wide else "int32")
        return combine(left, right, kind, _BITWISE[algorithm_name])

    return _binary(image1, image2, algorithm_name, make)


@models("Image.normalizedDifference")
def normalized_difference(input_: Image, band_names: list[str] | None) -> Image:
    """(a - b) / (a + b), named `nd`; masked where a value is negative."""
    names = input_.pick(band_names) if band_names else input_.names
    if len(names) != 2:
        raise Refused(f"Image.normalizedDifference: Two bands are needed, got {len(names)}.")
    first, second = (input_.bands[name] for name in names)

    def compute(grid: Grid) -> Pixels:
        a, a_mask = first.read(grid)
        b, b_mask = second.read(grid)
        a, b = a.astype(np.float64), b.astype(np.float64)
        mask = np.where((a < 0) | (b < 0), 0, np.minimum(a_mask, b_mask))
        total = a + b
        return np.where(total == 0, 0, (a - b) / np.where(total == 0, 1, total)), mask

    return Image({"nd": Layer(FLOAT, first.projection, compute)}, {}, input_.footprint)
