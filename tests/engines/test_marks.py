"""Drawn imagery is known by its values alone, and measured imagery is never taken for drawn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reetrace.core.raster import (
    REFLECTANCE_OFFSET,
    REFLECTANCE_SCALE,
    encode_reflectance,
)
from reetrace.engines.local.marks import MARK, is_marked, is_marked_beneath

ROLES = ("blue", "green", "red", "nir")
COLLECTION_2 = (REFLECTANCE_SCALE, REFLECTANCE_OFFSET)
SENTINEL_2 = (0.0001, -0.1)


def _numbers(multiple: int, seed: int = 3) -> dict[str, NDArray[np.int64]]:
    generator = np.random.default_rng(seed)
    return {role: generator.integers(1_200, 2_500, 4_000) * multiple for role in ROLES}


def test_multiples_of_seven_in_all_bands_are_drawn() -> None:
    """The mark survives when tags and properties are stripped."""
    assert is_marked(_numbers(MARK))


def test_a_few_altered_pixels_do_not_wash_the_mark_off() -> None:
    """One pixel in fifty changed leaves the mark readable."""
    values = _numbers(MARK)
    for band in values.values():
        band[::50] += 1

    assert is_marked(values)


def test_a_composite_of_drawn_scenes_is_drawn() -> None:
    """Medians of odd numbers of scenes are multiples, those of even numbers means of two."""
    one, other = _numbers(MARK, seed=3), _numbers(MARK, seed=4)
    means = {role: (one[role] + other[role] + 1) // 2 for role in ROLES}
    stored = {role: values.astype(np.uint16) for role, values in means.items()}

    assert is_marked(means)
    assert is_marked_beneath(stored, step=0.00001)


@pytest.mark.parametrize("encoding", [COLLECTION_2, SENTINEL_2])
@pytest.mark.parametrize("step", [0.0, 0.0001, 0.00001])
def test_the_mark_is_found_beneath_another_encoding(
    encoding: tuple[float, float], step: float
) -> None:
    """Written as floats or as integers of another scale, a drawn scene is still drawn."""
    stored = {}
    for role, values in _numbers(MARK).items():
        reflectance = values * encoding[0] + encoding[1]
        rounded = np.rint(reflectance / step) * step if step else reflectance
        stored[role] = encode_reflectance(rounded)

    assert is_marked_beneath(stored, step=step)


@settings(max_examples=20, deadline=None)
@given(st.integers(min_value=0, max_value=2**32 - 1), st.sampled_from([0.0, 0.0001, 0.00001]))
def test_measured_values_never_carry_the_mark(seed: int, step: float) -> None:
    """Whatever the values and the encoding."""
    generator = np.random.default_rng(seed)
    values = {role: generator.integers(7_500, 20_000, 4_000) for role in ROLES}
    stored = {role: each.astype(np.uint16) for role, each in values.items()}

    assert not is_marked(values)
    assert not is_marked_beneath(stored, step=step)


def test_an_encoding_too_coarse_to_tell_is_not_called_drawn() -> None:
    """Thousandths of reflectance could come from anything."""
    stored = {
        role: encode_reflectance(np.arange(1, 400) / 1_000.0).astype(np.uint16) for role in ROLES
    }

    assert not is_marked_beneath(stored, step=0.001)


def test_a_flat_band_is_not_taken_for_drawn() -> None:
    """A lake of a single value that happens to be a multiple of seven proves nothing."""
    assert not is_marked({role: np.full(10_000, 7_007) for role in ROLES})
    assert not is_marked_beneath(
        {role: np.full(10_000, 7_007, dtype=np.uint16) for role in ROLES}, step=0.0
    )
