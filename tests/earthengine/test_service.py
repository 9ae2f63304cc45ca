"""The unpatched client against the loopback server, through the one door the engine has."""

from __future__ import annotations

import numpy as np

from reetrace.core.grid import Grid
from tests.earthengine.conftest import OpenLoopback
from tests.loopback.made_up import MadeUp

GRID = Grid(32647, 450_015.0, 2_866_995.0, 30.0, 40, 30, 900.0)


def test_a_value_comes_home(open_loopback: OpenLoopback):
    """One expression is one request."""
    import ee

    opened = open_loopback(MadeUp(value={"a": 1}))

    found = opened.service.value(ee.Number(1), tag="site-2005", doing="counting")

    assert found == {"a": 1}
    assert opened.server.counts() == {"value:compute": 1}
    assert opened.server.bodies("value:compute")[0]["workloadTag"] == "site-2005"


def test_pixels_come_home(open_loopback: OpenLoopback):
    """Each pixel holds the place of its centre."""
    import ee

    opened = open_loopback(MadeUp())

    found = opened.service.pixels(
        ee.Image(1), GRID, ["northing", "easting"], np.dtype("i4"), tag="t", doing="fetching"
    )

    assert found.shape == (2, 40, 30)
    assert found[1, 0, 0] == 450_030
    assert found[0, 39, 0] == 2_866_995 - 40 * 30 + 15
