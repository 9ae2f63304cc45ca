"""From the numbers of a file to stored reflectance, as its catalogue item declares them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import ImageryError
from reetrace.core.raster import (
    REFLECTANCE_OFFSET,
    REFLECTANCE_SCALE,
    UNSEEN,
    encode_reflectance,
)
from reetrace.core.sensor import Sensor

LEAST_REFLECTANCE, MOST_REFLECTANCE = -0.2, 1.6
"""A pixel at or below the first or above the second is no measurement: Collection 2 can store
nothing lower, and its Collection 1 predecessor named 1.6 as the upper end of the valid range."""

HIGHEST_STORED = int((MOST_REFLECTANCE - REFLECTANCE_OFFSET) / REFLECTANCE_SCALE)

# Since this baseline (25 January 2022) Level-2A carries the offset BOA_ADD_OFFSET = -1000.
_OFFSET_BASELINE = (4, 0)
_OFFSET_OF_BASELINE = -0.1

_VALUES_OF_16_BITS = 65_536


@dataclass(frozen=True)
class Encoding:
    """Reflectance = scale x value + offset, but for the values that mean no data."""

    scale: float
    offset: float
    nodata: tuple[float, ...]
    fault: str
    """Why the encoding cannot be known; empty where it is. It matters only for a scene in use."""

    @property
    def is_stored(self) -> bool:
        """Whether the file's integers already are stored reflectance."""
        return (self.scale, self.offset) == (REFLECTANCE_SCALE, REFLECTANCE_OFFSET)


def to_stored(values: NDArray[Any], encoding: Encoding) -> NDArray[np.uint16]:
    """Stored reflectance of a file's numbers; `UNSEEN` where they are no measurement.

    Integers that already have the stored scale and offset pass through unchanged.
    """
    if values.dtype in {np.dtype(np.uint16), np.dtype(np.int16)}:
        table = _table(encoding, values.dtype.str)
        stored: NDArray[np.uint16] = table[values.view(np.uint16)]
        return stored
    return _convert(values, encoding)


@lru_cache(maxsize=64)
def _table(encoding: Encoding, dtype: str) -> NDArray[np.uint16]:
    """Stored reflectance of each of the 65,536 values that 16 bits can hold."""
    every = np.arange(_VALUES_OF_16_BITS, dtype=np.uint16).view(np.dtype(dtype))
    return _convert(every, encoding)


def _convert(values: NDArray[Any], encoding: Encoding) -> NDArray[np.uint16]:
    if encoding.is_stored and np.issubdtype(values.dtype, np.integer):
        inside = (values > UNSEEN) & (values <= HIGHEST_STORED)
        stored = np.where(inside, values, UNSEEN).astype(np.uint16)
    else:
        reflectance = values.astype(np.float64) * encoding.scale + encoding.offset
        # Written so that NaN is outside; a comparison with NaN is false.
        inside = (reflectance > LEAST_REFLECTANCE) & (reflectance <= MOST_REFLECTANCE)
        stored = encode_reflectance(np.where(inside, reflectance, np.nan))
    for value in encoding.nodata:
        # Float files hold their no-data value as float32, the item as a decimal number.
        mark = np.asarray(value).astype(values.dtype) if _fits(value, values.dtype) else None
        if mark is not None:
            stored[values == mark] = UNSEEN
    return stored


def _fits(value: float, dtype: np.dtype[Any]) -> bool:
    if np.issubdtype(dtype, np.floating):
        return not math.isnan(value)
    limits = np.iinfo(dtype)
    return float(value).is_integer() and limits.min <= value <= limits.max


def encoding_of(
    path: Path,
    properties: Mapping[str, Any],
    asset: Mapping[str, Any],
    index: int,
    sensor: Sensor,
) -> Encoding:
    """What an item says about the numbers of one of its assets.

    Args:
        path: The item's file, for messages.
        properties: The item's own properties.
        asset: The asset.
        index: Band of the file, from 1.
        sensor: Its scale and no-data value stand in where the item is silent; for Sentinel-2 the
            offset has to follow from the item.
    """
    said = _said(asset, index)
    scale = _number(path, said, "scale", sensor.scale)
    nodata = _nodata(path, said, sensor)
    offset, fault = sensor.offset, ""
    if "offset" in said:
        offset = _number(path, said, "offset", sensor.offset)
    if sensor.family == "msi":
        offset, fault = _sentinel_offset(path, properties, said, offset)
    return Encoding(scale, offset, nodata, fault)


def _said(asset: Mapping[str, Any], index: int) -> Mapping[str, Any]:
    """`raster:bands` of STAC 1.0, or the like-named fields of bands and assets since 1.1."""
    said: dict[str, Any] = {}
    sources = [asset]
    for field in ("bands", "raster:bands"):
        rows = asset.get(field) or []
        # One row for a file of many bands, where each asset is one of its bands.
        position = index - 1 if index <= len(rows) else 0
        sources += rows[position : position + 1]
    for source in sources:
        for field in ("scale", "offset", "nodata"):
            for name in (field, f"raster:{field}"):
                if name in source:
                    said[field] = source[name]
    return said


def _number(path: Path, said: Mapping[str, Any], field: str, default: float) -> float:
    value = said.get(field, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ImageryError(f"{path}: {field} is {value!r}; a number is needed.")
    return float(value)


def _nodata(path: Path, said: Mapping[str, Any], sensor: Sensor) -> tuple[float, ...]:
    if "nodata" not in said:
        return (float(sensor.nodata),)
    value = said["nodata"]
    if value is None or str(value).casefold() in {"nan", "inf", "-inf"}:
        return ()
    return (_number(path, said, "nodata", 0.0),)


def _sentinel_offset(
    path: Path, properties: Mapping[str, Any], said: Mapping[str, Any], offset: float
) -> tuple[float, str]:
    """The offset and, where it cannot be known, why.

    A catalogue may publish files from which the offset was already taken away and say so; that
    statement is about the file and goes before what the band's description inherited.
    """
    applied = properties.get("earthsearch:boa_offset_applied")
    if applied is True:
        return 0.0, ""
    if "offset" in said:
        return offset, ""
    baseline = properties.get("s2:processing_baseline") or properties.get("processing:baseline")
    try:
        major, minor = (int(part) for part in str(baseline).split("."))
    except ValueError:
        return offset, (
            f"{path}: neither an offset nor s2:processing_baseline is stated ({baseline!r}), so "
            "the -0.1 of baselines since 04.00 can be neither applied nor left out. "
            "State `offset` in the asset's raster:bands."
        )
    return (_OFFSET_OF_BASELINE if (major, minor) >= _OFFSET_BASELINE else 0.0), ""
