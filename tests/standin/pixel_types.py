"""Pixel types: integers with a range, single and double precision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.standin.faults import Unmodelled

Array = NDArray[Any]

_SIZES: tuple[tuple[str, int, int], ...] = (
    ("uint8", 0, 255),
    ("int8", -128, 127),
    ("uint16", 0, 65_535),
    ("int16", -32_768, 32_767),
    ("uint32", 0, 2**32 - 1),
    ("int32", -(2**31), 2**31 - 1),
    ("int64", -(2**63), 2**63 - 1),
)
_NAMES = {
    **{name: (low, high) for name, low, high in _SIZES},
    "byte": (0, 255),
    "short": (-32_768, 32_767),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
}


@dataclass(frozen=True)
class PixelType:
    """What one band holds. Integers are computed in 64 bits and kept within their range."""

    precision: str
    """`int`, `float` (32 bits) or `double`."""
    low: float | None = None
    high: float | None = None

    @property
    def integral(self) -> bool:
        """Whether the band holds whole numbers."""
        return self.precision == "int"

    @property
    def working(self) -> Any:
        """The numpy type that the stand-in computes in."""
        return {"int": np.int64, "float": np.float32, "double": np.float64}[self.precision]

    @property
    def transport(self) -> np.dtype[Any]:
        """The numpy type in which pixels leave the service: the smallest that holds the range."""
        if not self.integral:
            return np.dtype("<f4" if self.precision == "float" else "<f8")
        low, high = self.bounds
        for name, least, most in _SIZES:
            if least <= low and high <= most:
                return np.dtype(name)
        raise Unmodelled(f"integers from {low} to {high}")

    @property
    def bounds(self) -> tuple[int, int]:
        """Least and greatest whole number."""
        if self.low is None or self.high is None:
            raise Unmodelled("an integer type without a range")
        return int(self.low), int(self.high)

    def cast(self, values: Array) -> Array:
        """Values as this type: fractions are cut off, integers are kept within the range."""
        if not self.integral:
            with np.errstate(over="ignore"):
                return values.astype(self.working)
        low, high = self.bounds
        if values.dtype.kind == "f":
            # Beyond 2**63 a float cannot become an integer at all: keep it just inside first.
            values = np.clip(np.trunc(np.nan_to_num(values)), max(low, -(2**62)), min(high, 2**62))
        return np.clip(values.astype(np.int64), low, high)

    def record(self) -> dict[str, Any]:
        """As getInfo shows it."""
        record: dict[str, Any] = {"type": "PixelType", "precision": self.precision}
        if self.low is not None and self.high is not None:
            record |= {"min": self.low, "max": self.high}
        return record


FLOAT, DOUBLE = PixelType("float"), PixelType("double")
BOOLEAN = PixelType("int", 0, 1)


def named_type(name: str) -> PixelType:
    """The type of a cast, e.g. `byte`, `uint16`, `toInt32` or `double`."""
    short = name.removeprefix("to").lower() if name.startswith("to") else name
    if short in {"float", "double"}:
        return PixelType(short)
    low, high = _NAMES[short]
    return PixelType("int", low, high)


def type_of_array(dtype: np.dtype[Any]) -> PixelType:
    """The type of stored pixels."""
    return named_type({"float32": "float", "float64": "double"}.get(dtype.name, dtype.name))


def constant_type(value: float) -> PixelType:
    """Whole numbers are integers of a range of one value, others are double."""
    if float(value).is_integer():
        return PixelType("int", int(value), int(value))
    return DOUBLE


def union(*kinds: PixelType) -> PixelType:
    """The smallest type that holds all of these."""
    for precision in ("double", "float"):
        if any(kind.precision == precision for kind in kinds):
            return PixelType(precision)
    return PixelType(
        "int", min(kind.bounds[0] for kind in kinds), max(kind.bounds[1] for kind in kinds)
    )


def ranged(corners: list[int]) -> PixelType:
    """The integer type that spans these results.

    Results within 32 bits stay integers. Beyond, what the service does is not documented: it is
    taken to be 64 bits only where an operand was made so (see `arithmetic`).
    """
    return PixelType("int", min(corners), max(corners))
