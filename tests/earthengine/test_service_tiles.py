"""Tiles cover a grid exactly once and stay within what the service hands over."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.core.grid import Grid
from reetrace.engines.blocks import Block
from reetrace.engines.earthengine.threads import in_threads
from reetrace.engines.earthengine.tiles import MAX_TILE_BYTES, MAX_TILE_SIDE, quartered, tiles
from reetrace.engines.earthengine.usage import eecu_of_profile, workload_tag


def _grid(rows: int, cols: int) -> Grid:
    return Grid(32647, 450_015.0, 2_866_995.0, 30.0, rows, cols, 900.0)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.integers(1, 70),
    cols=st.integers(1, 70),
    bytes_per_pixel=st.integers(1, 40),
    max_bytes=st.integers(40, 4000),
    max_side=st.integers(1, 50),
)
def test_tiles_cover_every_pixel_once_within_the_limits(
    rows, cols, bytes_per_pixel, max_bytes, max_side
):
    """Whatever the shape, the depth and the limits."""
    seen = np.zeros((rows, cols), dtype=int)

    cut = tiles(_grid(rows, cols), bytes_per_pixel, max_bytes=max_bytes, max_side=max_side)

    for tile in cut:
        seen[tile.row : tile.row + tile.rows, tile.col : tile.col + tile.cols] += 1
        assert tile.rows * tile.cols * bytes_per_pixel <= max_bytes
        assert max(tile.rows, tile.cols) <= max_side
    assert (seen == 1).all()


@settings(max_examples=30, deadline=None)
@given(rows=st.integers(1, 60), cols=st.integers(1, 60), row=st.integers(0, 9))
def test_quarters_cover_their_tile_once(rows, cols, row):
    """Where a tile is one pixel wide it falls in two, or stays."""
    seen = np.zeros((row + rows, cols), dtype=int)

    for quarter in quartered(Block(row, 0, rows, cols)):
        rows_of = slice(quarter.row, quarter.row + quarter.rows)
        seen[rows_of, quarter.col : quarter.col + quarter.cols] += 1

    assert (seen[row:] == 1).all()
    assert (seen[:row] == 0).all()


@pytest.mark.parametrize(
    ("rows", "cols", "bytes_per_pixel", "expected"),
    [
        (482, 134, 14, 1),
        (3400, 3400, 4, 1),
        (3500, 3500, 4, 2),
        (40_000, 100, 1, 2),
        (32_768, 1_464, 1, 1),
    ],
)
def test_as_few_tiles_as_the_limits_allow(rows, cols, bytes_per_pixel, expected):
    """The study area with seven bands comes at once; 3,500 pixels square of one float do not."""
    cut = tiles(_grid(rows, cols), bytes_per_pixel)

    assert len(cut) == expected
    assert max(tile.rows * tile.cols * bytes_per_pixel for tile in cut) <= MAX_TILE_BYTES
    assert max(max(tile.rows, tile.cols) for tile in cut) <= MAX_TILE_SIDE


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=90), st.integers(-9999, 9999))
def test_any_words_make_a_tag_that_the_client_takes(words, year):
    """The client refuses tags of its own accord; none of ours may be among them."""
    from ee._state import _WorkloadTag

    tag = workload_tag(words, year)

    assert _WorkloadTag().validate(tag) == tag  # type: ignore[no-untyped-call]
    assert 1 <= len(tag) <= 63


@pytest.mark.parametrize("text", ["", "Not found", "{}", "Count EECU"])
def test_a_profile_that_is_no_table_tells_nothing(text):
    """Not known is not zero."""
    assert eecu_of_profile(text) is None


def test_a_profile_with_work_that_was_not_measured_counts_the_rest():
    """Rows of unknown compute begin with a dash."""
    text = (
        " EECU·s PeakMem  Count  Description\n  0.250    10k      3  a\n     -     1k      1  b\n"
    )

    assert eecu_of_profile(text) == 0.25


@pytest.mark.parametrize("at_once", [1, 3, 40])
def test_threads_act_on_every_item_once(at_once):
    """However many there are."""
    done: list[int] = []

    in_threads(done.append, range(20), at_once)

    assert sorted(done) == list(range(20))


def test_the_first_failure_ends_the_work_and_is_raised():
    """Of twenty items the second fails while the first is held: no third is begun."""
    begun: list[int] = []
    go_on = threading.Event()
    before = set(threading.enumerate())

    def act(item: int) -> None:
        begun.append(item)
        if item == 1:
            raise OSError("no")
        go_on.wait(120)

    with pytest.raises(OSError, match="no"):
        in_threads(act, range(20), 2)
    go_on.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(120)

    assert sorted(begun) == [0, 1]
