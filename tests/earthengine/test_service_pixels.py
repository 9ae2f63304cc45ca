"""Bands of an image come home on the grid that was asked for, or not at all."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reetrace.core.errors import ServiceError, TooLarge
from reetrace.core.grid import Grid
from reetrace.engines.blocks import Block
from reetrace.engines.earthengine.tiles import tiles
from tests.earthengine.conftest import Opened, OpenLoopback
from tests.earthengine.whole import whole
from tests.loopback.made_up import MadeUp


def vars_of(tile: Block) -> tuple[int, ...]:
    """To sort by."""
    return tile.row, tile.col, tile.rows, tile.cols


GRID = Grid(32647, 450_015.0, 2_866_995.0, 30.0, 40, 30, 900.0)
LARGE = Grid(32647, 450_000.0, 2_867_000.0, 10.0, 3000, 2600, 100.0)


def fetched(
    opened: Opened, bands: list[str], *, grid: Grid = GRID, dtype: str = "i4", **said: Any
) -> NDArray[Any]:
    """What the service sends of an image, whatever that is: the made-up one knows only places."""
    import ee

    image = ee.Image(1)
    return whole(opened.service, image, grid, bands, dtype, tag="t", doing="fetching", **said)


def test_pixels_come_home_on_the_grid_that_was_asked_for(open_loopback: OpenLoopback):
    """Each pixel holds the place of its centre; the bands are in the order wanted."""
    opened = open_loopback(MadeUp())

    found = fetched(opened, ["northing", "easting"])

    assert found.shape == (2, 40, 30)
    assert found[1, 0, 0] == 450_030
    assert found[0, 39, 0] == 2_866_995 - 40 * 30 + 15
    body = opened.server.bodies("image:computePixels")[0]
    assert body["grid"] == {
        "crsCode": "EPSG:32647",
        "dimensions": {"width": 30, "height": 40},
        "affineTransform": {
            "scaleX": 30,
            "shearX": 0,
            "translateX": 450_015,
            "shearY": 0,
            "scaleY": -30,
            "translateY": 2_866_995,
        },
    }
    assert body["fileFormat"] == "NPY"
    assert body["bandIds"] == ["northing", "easting"]
    assert body["workloadTag"] == "t"


def test_a_large_picture_comes_in_tiles_that_fit_together(open_loopback: OpenLoopback):
    """62 MB do not come at once: two tiles, each in its place, progress told to the end."""
    opened = open_loopback(MadeUp())
    told: list[float] = []

    found = fetched(opened, ["easting", "northing"], grid=LARGE, progress=told.append)

    assert (found[0] == 450_005 + 10 * np.arange(2600)).all()
    assert (found[1] == (2_866_995 - 10 * np.arange(3000))[:, None]).all()
    assert opened.server.counts() == {"image:computePixels": 2}
    assert told == [0.5, 1.0]


def test_a_large_picture_is_handed_on_tile_by_tile(open_loopback: OpenLoopback):
    """So that memory does not grow with it: each tile is within the limit, none comes twice."""
    import ee

    opened = open_loopback(MadeUp())
    handed: list[Block] = []

    opened.service.pixels(
        ee.Image(1),
        LARGE,
        ["easting", "northing"],
        np.dtype("i4"),
        lambda tile, values: handed.append(Block(tile.row, tile.col, *values.shape[1:])),
        tag="t",
        doing="fetching",
    )

    assert sorted(handed, key=vars_of) == sorted(tiles(LARGE, 8), key=vars_of)
    assert len(handed) == 2


def test_a_tile_too_much_for_the_service_comes_in_quarters(open_loopback: OpenLoopback):
    """Memory that runs out over a tile is a reason for smaller ones, not for giving up."""
    backend = MadeUp()
    backend.refuse_tiles_above = 3000 * 2600 // 3
    opened = open_loopback(backend)

    found = fetched(opened, ["easting"], grid=LARGE)

    assert (found[0] == 450_005 + 10 * np.arange(2600)).all()
    assert opened.server.counts() == {"image:computePixels": 5}
    assert opened.service.usage.tiles_quartered == 1


def test_a_small_tile_that_is_too_much_is_given_up(open_loopback: OpenLoopback):
    """Below the size in which the service works itself, smaller tiles cure nothing."""
    backend = MadeUp()
    backend.refuse_tiles_above = 1
    opened = open_loopback(backend)

    with pytest.raises(TooLarge, match=r"^Fetching: the computation needs more memory"):
        fetched(opened, ["easting"])

    assert opened.server.counts() == {"image:computePixels": 1}


@pytest.mark.parametrize(
    ("dtype", "complaint"),
    [
        ("u1", "value 450030 in band easting, which uint8 cannot hold"),
        ("i2", "value 450030 in band easting, which int16 cannot hold"),
    ],
)
def test_values_that_do_not_fit_are_refused(open_loopback: OpenLoopback, dtype, complaint):
    """Wrapping round would turn one class into another without a word."""
    opened = open_loopback(MadeUp())

    with pytest.raises(ServiceError, match=complaint):
        fetched(opened, ["easting"], dtype=dtype)


def test_fractions_are_not_cut_off_in_silence(open_loopback: OpenLoopback):
    """Half a class is no class: 2,866,980.5 does not become 2,866,980."""

    class Halves(MadeUp):
        def pixels(self, body):
            body["grid"]["affineTransform"]["translateY"] += 0.5
            return super().pixels(body)

    backend = Halves()
    backend.dtype = "<f8"
    opened = open_loopback(backend)

    with pytest.raises(
        ServiceError, match=r"value 2866980\.5 in band northing, which int32 cannot"
    ):
        fetched(opened, ["northing"])


def test_whole_numbers_in_another_type_are_taken(open_loopback: OpenLoopback):
    """The service counts in 64-bit floats where it likes to."""
    backend = MadeUp()
    backend.dtype = "<f8"
    opened = open_loopback(backend)

    found = fetched(opened, ["easting"])

    assert found.dtype == np.dtype("i4")
    assert found[0, 0, 0] == 450_030


def test_a_picture_of_other_size_is_refused(open_loopback: OpenLoopback):
    """A service that answers on a grid of its own must not shift a map by a pixel."""

    class Wider(MadeUp):
        def pixels(self, body):
            wider = copy.deepcopy(body)
            wider["grid"]["dimensions"]["width"] += 1
            return super().pixels(wider)

    opened = open_loopback(Wider())

    with pytest.raises(ServiceError, match=r"shape \(40, 31\), not \(40, 30\)"):
        fetched(opened, ["easting"])


def test_other_bands_than_asked_for_are_refused(open_loopback: OpenLoopback):
    """Red must not be taken for near infrared."""

    class Other(MadeUp):
        def pixels(self, body):
            return super().pixels({**body, "bandIds": ["northing"]})

    opened = open_loopback(Other())

    with pytest.raises(ServiceError, match="bands northing, not easting"):
        fetched(opened, ["easting"])
