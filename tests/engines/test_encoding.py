"""The numbers of a file become stored reflectance as its item says, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace import tables
from reetrace.core.errors import ImageryError
from reetrace.core.raster import REFLECTANCE_OFFSET, REFLECTANCE_SCALE, decode_reflectance
from reetrace.engines.local.encoding import HIGHEST_STORED, Encoding, encoding_of, to_stored

COLLECTION_2 = Encoding(REFLECTANCE_SCALE, REFLECTANCE_OFFSET, (0.0,), "")
TEN_THOUSANDTHS = Encoding(0.0001, 0.0, (-9999.0,), "")
ITEM = Path("item.json")


@settings(max_examples=50, deadline=None)
@given(st.integers(min_value=1, max_value=HIGHEST_STORED))
def test_collection_2_integers_are_never_rounded(value: int) -> None:
    """Every valid integer comes through as it is."""
    assert to_stored(np.array([value], dtype=np.uint16), COLLECTION_2)[0] == value


@settings(max_examples=50, deadline=None)
@given(st.integers(min_value=-1999, max_value=16_000))
def test_ten_thousandths_come_back_to_the_fourth_decimal(value: int) -> None:
    """The stored scale is finer than a ten-thousandth: nothing is lost."""
    stored = to_stored(np.array([value], dtype=np.int16), TEN_THOUSANDTHS)

    assert decode_reflectance(stored)[0] == pytest.approx(value / 10_000, abs=1.5e-5)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(min_value=-32768, max_value=32767), min_size=1, max_size=20))
def test_the_table_of_16_bits_and_the_formula_agree(values: list[int]) -> None:
    """Looking a value up gives what computing it as a float would."""
    looked_up = to_stored(np.array(values, dtype=np.int16), TEN_THOUSANDTHS)
    computed = to_stored(np.array(values, dtype=np.float64), TEN_THOUSANDTHS)

    assert looked_up.tolist() == computed.tolist()


def test_what_is_no_reflectance_is_not_seen():
    """No data, not a number, too dark and too bright are all 0."""
    values = np.array([-9999.0, np.nan, np.inf, -2000.0, 16_001.0, 250.0], dtype=np.float32)

    assert (to_stored(values, TEN_THOUSANDTHS) > 0).tolist() == [False] * 5 + [True]


def _sentinel(properties: dict[str, Any], asset: dict[str, Any]) -> Encoding:
    return encoding_of(ITEM, properties, asset, 1, tables.sensor("sentinel2-msi"))


@pytest.mark.parametrize(
    ("properties", "asset", "offset"),
    [
        ({"s2:processing_baseline": "05.09"}, {}, -0.1),
        ({"s2:processing_baseline": "04.00"}, {}, -0.1),
        ({"s2:processing_baseline": "03.01"}, {}, 0.0),
        ({}, {"raster:bands": [{"scale": 0.0001, "offset": -0.1}]}, -0.1),
        ({}, {"raster:offset": 0.0}, 0.0),
        ({}, {"bands": [{"name": "B02", "raster:offset": -0.1}]}, -0.1),
        (
            {"s2:processing_baseline": "05.09", "earthsearch:boa_offset_applied": True},
            {"raster:bands": [{"offset": -0.1}]},
            0.0,
        ),
    ],
)
def test_the_offset_of_sentinel_2_follows_from_its_item(
    properties: dict[str, Any], asset: dict[str, Any], offset: float
) -> None:
    """Baseline, band description, or the statement that it was taken away already."""
    encoding = _sentinel(properties, asset)

    assert (encoding.offset, encoding.fault) == (offset, "")


def test_an_unstated_offset_of_sentinel_2_is_not_guessed():
    """Without baseline and offset the encoding has a fault, raised when the scene is used."""
    assert "State `offset`" in _sentinel({}, {}).fault


def test_a_scale_that_is_no_number_is_refused_by_name():
    """The message names the item, the field and the value."""
    with pytest.raises(ImageryError, match=r"item\.json: scale is 'many'"):
        _sentinel({}, {"raster:bands": [{"scale": "many"}]})
