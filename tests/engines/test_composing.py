"""Neither workers nor the size of windows change a pixel, and memory does not grow."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from reetrace import tables
from reetrace.core.raster import OBSERVATIONS
from reetrace.engines.local import LocalEngine
from reetrace.engines.local.compose import median_of_clear
from tests import worlds

OLI = (tables.sensor("landsat8-oli"),)
DATES = ["2020-01-01", "2020-02-01", "2020-03-01", "2020-04-01"]


def _rough(folder: Path, world: worlds.World) -> Path:
    """Scenes with noise in every pixel and clouds strewn over them, the same for a folder."""
    generator = np.random.default_rng(11)
    sensor = OLI[0]
    for date in DATES:
        rasters: dict[str, NDArray[np.generic]] = {
            band.id: generator.integers(7_500, 20_000, (world.rows, world.cols), dtype=np.uint16)
            for band in sensor.bands
        }
        cloud = generator.random((world.rows, world.cols)) < 0.3
        rasters["QA_PIXEL"] = np.where(cloud, worlds.CLOUD, worlds.CLEAR).astype(np.uint16)
        worlds.write_scene(folder, sensor, date, rasters, world)
    return folder


@pytest.mark.parametrize(("workers", "block_bytes"), [(1, 10**9), (2, 1), (3, 200_000)])
def test_neither_workers_nor_windows_change_a_pixel(
    tmp_path: Path, workers: int, block_bytes: int
) -> None:
    """150 × 130 pixels in one window or in many, on one thread or three, are the same."""
    world = worlds.forest(150, 130)
    folder = _rough(tmp_path / "scenes", world)
    plain = LocalEngine([folder], work=tmp_path / "plain", workers=1)
    other = LocalEngine([folder], work=tmp_path / "other", workers=workers, block_bytes=block_bytes)

    one, two = (
        engine.composite(world.site, worlds.year(2020), world.grid, sensors=OLI, min_observations=2)
        for engine in (plain, other)
    )

    layers = (*one.bands, OBSERVATIONS)
    assert np.array_equal(plain.read(one, layers), other.read(two, layers))
    assert one.scenes == two.scenes
    assert one.pixels.digest == two.pixels.digest


@settings(max_examples=40, deadline=None)
@given(
    arrays.arrays(
        np.uint16,
        st.tuples(st.integers(1, 6), st.integers(1, 3), st.integers(1, 4), st.integers(1, 4)),
        elements=st.integers(1, 65_454),
    ),
    st.integers(1, 4),
    st.randoms(use_true_random=False),
)
def test_the_median_is_that_of_numpy_rounded_half_up(scenes, least, random) -> None:
    """Against numpy's float median, pixel by pixel, with pixels hidden at random."""
    hidden = np.array(
        [random.random() < 0.3 for _ in range(scenes[:, 0].size)], dtype=np.bool_
    ).reshape(scenes[:, 0].shape)
    filled = np.where(hidden[:, None], 65_535, scenes).astype(np.uint16)
    expected = np.floor(np.nan_to_num(_nanmedian(np.where(hidden[:, None], np.nan, scenes))) + 0.5)

    stored = median_of_clear(filled, least)

    count = (~hidden).sum(axis=0)
    assert np.array_equal(stored[-1], count)
    assert np.array_equal(stored[:-1], np.where(count >= least, expected, 0))


def _nanmedian(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of pixels without any value numpy's own would warn; they are 0 here and never compared."""
    seen = np.where(np.isnan(values).all(axis=0), 0.0, values)
    return np.asarray(np.nanmedian(seen, axis=0))


def test_memory_does_not_grow_with_the_scene(tmp_path: Path) -> None:
    """Two and a half times the pixels take hardly more: the looking and one window at a time."""
    peaks = []
    for edge in (800, 1300):
        world = worlds.forest(edge, edge)
        folder = worlds.write_landsat(tmp_path / str(edge), world, DATES[:1])
        engine = LocalEngine(
            [folder], work=tmp_path / f"work-{edge}", workers=1, block_bytes=1_000_000
        )
        site, grid = world.site, world.grid
        tracemalloc.start()
        engine.composite(site, worlds.year(2020), grid, sensors=OLI, min_observations=1)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    # The whole composite of the larger world is 24 MB; it is never in memory.
    assert peaks[1] < 1.1 * peaks[0]
