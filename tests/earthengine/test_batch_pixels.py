"""What comes home by way of an export is what a direct answer would have brought."""

from __future__ import annotations

import numpy as np
import pytest

from reetrace.core.grid import Grid
from reetrace.core.sensor import Sensor
from reetrace.engines.earthengine import EarthEngine
from reetrace.engines.earthengine.batch import Exports
from tests import worlds
from tests.earthengine.batch_backend import Keeping
from tests.earthengine.conftest import OpenLoopback
from tests.earthengine.whole import whole
from tests.standin.backend import StandIn
from tests.standin.world import World

GRID = Grid(32647, 450_015.0, 2_866_995.0, 30.0, 23, 17, 900.0)
SCENE = "LANDSAT/LC08/C02/T1_L2/LC08_133042_20200101"


def scene() -> World:
    """One image whose every pixel is another number; it reaches beyond the grid all round."""
    numbers = np.arange(1, 40 * 40 + 1, dtype=np.uint16).reshape(40, 40)
    world = World()
    bands = {"SR_B4": numbers, "SR_B5": numbers[::-1].copy()}
    west_m, north_m = GRID.west_m - 8 * GRID.pixel_m, GRID.north_m + 7 * GRID.pixel_m
    world.add_arrays(SCENE, bands, west_m=west_m, north_m=north_m, pixel_m=GRID.pixel_m)
    return world


@pytest.mark.parametrize("dtype", ["uint16", "float32", "int32"])
def test_pixels_of_an_export_are_those_of_the_graph(open_loopback: OpenLoopback, tmp_path, dtype):
    """Not one is moved, lost or rounded."""
    import ee

    opened = open_loopback(StandIn(scene()))
    bands, kind = ["SR_B5", "SR_B4"], np.dtype(dtype)
    graph = ee.Image(SCENE).add(3)

    asset = Exports(opened.service, tmp_path, pause=lambda _: None).image(
        graph, GRID, bands, dtype, digest="ab" * 32, title="exporting", tag="t"
    )

    direct = whole(opened.service, graph, GRID, bands, kind, tag="t", doing="reading")
    exported = whole(opened.service, ee.Image(asset), GRID, bands, kind, tag="t", doing="reading")
    np.testing.assert_array_equal(exported, direct)
    assert exported[1, 0, 0] == 7 * 40 + 8 + 1 + 3


def test_a_composite_too_large_for_an_answer_comes_home_by_an_export(
    open_loopback: OpenLoopback, tmp_path
):
    """The engine falls back by itself: the same pixels, and the evidence says how they came."""
    world = worlds.forest(20, 20).dig(slice(4, 9), slice(3, 8))
    dates = [f"2020-{month:02}-10" for month in range(1, 9)]
    folder = worlds.write_landsat(tmp_path / "scenes", world, dates)
    sensors = worlds_sensors()

    def composed(backend: StandIn, name: str):
        engine = EarthEngine(
            open_loopback(backend).service, work=tmp_path / name, pause=lambda _: None
        )
        composite = engine.composite(
            world.site, worlds.year(2020), world.grid, sensors=sensors, min_observations=1
        )
        return engine.read(composite), engine

    direct, _ = composed(StandIn(World.from_catalogue(folder)), "direct")
    # Too little for a composite of eight scenes, enough for one scene and for reading an asset.
    exported, engine = composed(StandIn(World.from_catalogue(folder), work_pixels=60_000), "small")

    np.testing.assert_array_equal(exported, direct)
    assert engine.usage.requests["image:export"] == 1
    assert any("export" in note for note in engine.notes())


def worlds_sensors() -> tuple[Sensor, ...]:
    """Landsat 8 alone."""
    from reetrace import tables

    return (tables.sensor("landsat8-oli"),)


def test_an_asset_is_read_as_any_image(open_loopback: OpenLoopback, tmp_path):
    """What comes back is a name that the client takes."""
    import ee

    opened = open_loopback(Keeping())
    asset = Exports(opened.service, tmp_path, pause=lambda _: None).image(
        ee.Image(1).rename("a"), GRID, ["a"], "uint16", digest="cd" * 32, title="x", tag="t"
    )

    pixels = whole(
        opened.service, ee.Image(asset), GRID, ["a"], np.dtype("u2"), tag="t", doing="reading"
    )

    assert pixels.shape == (1, 23, 17)
    assert (pixels == 7).all()
