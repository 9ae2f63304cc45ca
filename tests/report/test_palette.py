"""Pictures of few colours keep their grounds to the bit, and their edges to the eye."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.report.palette import NEAR, with_palette

WHITE, BLUE, ORANGE = (255, 255, 255), (51, 34, 136), (213, 94, 0)


def sheet(rows: int = 200, cols: int = 300) -> np.ndarray:
    """White paper with a blue and an orange field."""
    pixels = np.full((rows, cols, 4), 255, dtype=np.uint8)
    pixels[20:80, 20:200, :3] = BLUE
    pixels[90:180, 20:200, :3] = ORANGE
    return pixels


def as_drawn(picture) -> np.ndarray:
    """Shape (rows, cols, 3)."""
    return np.asarray(picture.convert("RGB"))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 0xFFFFFF), min_size=1, max_size=256, unique=True))
def test_no_colour_moves_where_there_is_room_for_all(colours):
    """As many as 256 colours, however alike, come back as they were."""
    packed = np.repeat(np.array(colours, dtype="<u4"), 60).reshape(-1, 10)
    pixels = packed.view(np.uint8).reshape(*packed.shape, 4)

    made = with_palette(pixels)

    assert made is not None
    assert (as_drawn(made) == pixels[..., :3]).all()


def test_colours_of_edges_move_by_a_few_steps_and_grounds_by_none():
    """Along an edge some thousand tints lie; a class beside them must not take one of theirs."""
    pixels = sheet()
    tints = np.random.default_rng(1).integers(0, 60, size=(4, 300, 3))
    pixels[196:, :, :3] = 130 + tints

    made = with_palette(pixels)

    assert made is not None
    moved = np.abs(as_drawn(made).astype(int) - pixels[..., :3]).max(axis=-1)
    assert 0 < moved.max() <= NEAR[-1]
    assert not moved[:196].any()


def test_two_classes_alike_stay_two():
    """A legend may have colours that only the next field tells apart."""
    pixels = sheet()
    pixels[90:180, 20:200, :3] = (BLUE[0] + 2, BLUE[1], BLUE[2])
    pixels[199, :, :3] = np.random.default_rng(2).integers(0, 30, size=(300, 3)) * 2

    made = with_palette(pixels)

    assert made is not None
    assert as_drawn(made)[100, 100].tolist() == [BLUE[0] + 2, BLUE[1], BLUE[2]]


@pytest.mark.parametrize("most", [120, 256])
def test_a_photograph_has_no_palette(most):
    """Its colours are too many, or too far apart."""
    pixels = np.random.default_rng(3).integers(0, most, size=(70, 70, 4), dtype=np.uint8)

    assert with_palette(pixels) is None
