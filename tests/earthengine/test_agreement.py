"""A map that came home is looked at run by run of rows; the verdict is on the whole of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reetrace.core.errors import ServiceError
from reetrace.core.landcover import OUTSIDE
from reetrace.engines.blocks import Block
from reetrace.engines.earthengine.agreement import MapCheck
from reetrace.engines.store import LocalPixels
from tests import worlds

WORLD = worlds.forest(20, 10)


def checked(folder: Path, came: NDArray[np.uint8], home: NDArray[np.uint8]) -> MapCheck:
    """A check that has seen two runs of ten rows."""
    np.save(folder / "pixels.npy", came)
    check = MapCheck(LocalPixels(folder / "pixels.npy", "0"), WORLD.site, WORLD.grid)
    for row in (0, 10):
        check.look(Block(row, 0, 10, 10), home[row : row + 10])
    return check


def test_maps_that_are_the_same_need_no_word(tmp_path):
    """Which is how it should always be."""
    home = np.ones((20, 10), dtype=np.uint8)

    assert checked(tmp_path, home.copy(), home).said("2020") == ()


def test_pixels_on_the_outline_are_gathered_from_all_runs(tmp_path):
    """Each with the place it has in the whole map, and the class it has here."""
    home = np.full((20, 10), 2, dtype=np.uint8)
    came = home.copy()
    came[[0, 19], [4, 7]] = OUTSIDE

    check = checked(tmp_path, came, home)

    (said,) = check.said("2020")
    assert "put 2 pixel(s) on the outline" in said
    assert [each.tolist() for each in check.moved] == [[0, 19], [4, 7], [2, 2]]


def test_classes_that_differ_are_counted_over_all_runs_and_the_first_is_named(tmp_path):
    """An outline excuses nothing but being in or out."""
    home = np.ones((20, 10), dtype=np.uint8)
    came = home.copy()
    came[[3, 12], [5, 5]] = 2

    check = checked(tmp_path, came, home)

    with pytest.raises(ServiceError, match=r"2 pixel\(s\), the first in row 3, column 5: class 2"):
        check.said("2020")
