"""Materials, random fields and optics: the paint box of the drawn world."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.drawn.frame import GROUND, LANDSAT, SENTINEL2_20M, Frame, onto
from reetrace.drawn.materials import palette
from reetrace.drawn.noise import above_share, rough_field
from reetrace.drawn.optics import store
from reetrace.drawn.passes import landsat_passes
from reetrace.drawn.sky import draw_sky

SMALL = Frame(0.0, 3000.0, 30.0, 100, 80)


def test_every_material_has_a_source_and_reflectance_for_every_band():
    """Figures are looked up, between black and white, and say where they are from."""
    colours = palette()
    for material in colours.materials:
        assert len(material.source) > 20
        for instrument, bands in colours.bands.items():
            values = material.reflectance[instrument]
            assert len(values) == len(bands)
            assert all(0.0 < value < 1.0 for value in values)


def test_monazite_keeps_the_absorption_that_was_measured():
    """USGS HS255.3B has a depth of 0.448 at the centres of Sentinel-2A."""
    colours = palette()
    low, middle, high = (
        float(colours.reflectance("msi-a", band)[colours.code("monazite")])
        for band in ("B05", "B06", "B07")
    )
    share = (740.49 - 704.11) / (782.75 - 704.11)

    depth = 1.0 - middle / ((1.0 - share) * low + share * high)

    assert depth == pytest.approx(0.448, abs=0.002)


def test_one_material_differs_a_little_between_instruments():
    """Forest in the near infrared and in the green: TM's broad bands see a little less."""
    forest = {each.id: each for each in palette().materials}["dense-forest"]

    assert forest.reflectance["tm"] != forest.reflectance["oli"]
    assert forest.reflectance["tm"] == pytest.approx(forest.reflectance["oli"], abs=0.02)


@given(seed=st.integers(0, 2**32 - 1), length_m=st.floats(40.0, 2000.0))
@settings(max_examples=15, deadline=None)
def test_fields_have_mean_zero_and_deviation_one(seed: int, length_m: float):
    """Thresholds on them mean the same whatever the lump size."""
    field = rough_field(np.random.default_rng(seed), SMALL, length_m)

    assert field.shape == SMALL.shape
    assert abs(float(field.mean())) < 1e-3
    assert float(field.std()) == pytest.approx(1.0, abs=1e-3)


def test_the_share_above_a_threshold_is_the_share_asked_for():
    """A fifth of a field lies above the value of its upper fifth."""
    field = rough_field(np.random.default_rng(1), SMALL, 300.0)

    assert float((field > above_share(field, 0.2)).mean()) == pytest.approx(0.2, abs=0.002)


@given(
    level=st.floats(-0.5, 2.5),
    encoding=st.sampled_from([(0.0000275, -0.2), (0.0001, -0.1)]),
)
@settings(max_examples=30, deadline=None)
def test_stored_numbers_are_multiples_of_seven_and_never_fill(
    level: float, encoding: tuple[float, float]
):
    """Whatever arrives, dark, bright or beyond the range of the product."""
    light = np.full((20, 20), level, dtype=np.float32)

    stored = store(
        light, np.random.default_rng(2), noise=0.01, scale=encoding[0], offset=encoding[1]
    )

    assert stored.dtype == np.uint16
    assert (stored % 7 == 0).all()
    assert stored.min() > 0


def test_stored_numbers_give_the_reflectance_back():
    """The mark costs at most 3.5 steps of the product's scale."""
    light = np.linspace(0.0, 0.9, 400, dtype=np.float32).reshape(20, 20)

    stored = store(light, np.random.default_rng(3), noise=0.0, scale=0.0000275, offset=-0.2)

    assert np.abs(stored * 0.0000275 - 0.2 - light).max() <= 3.51 * 0.0000275


def test_means_over_coarse_cells_keep_the_total():
    """A patch that covers a quarter of a pixel is a quarter of it."""
    layer = np.zeros(GROUND.shape, dtype=np.bool_)
    layer[:3, :3] = True

    share = onto(layer, LANDSAT)

    assert share[0, 0] == pytest.approx(0.25)
    assert share.sum() == pytest.approx(0.25)


def test_sentinel2_cells_lie_where_their_coordinates_say():
    """One 5 m cell of ground falls into the 20 m pixel that holds its centre."""
    layer = np.zeros(GROUND.shape, dtype=np.bool_)
    layer[1001, 503] = True
    east_m = GROUND.west_m + 503.5 * GROUND.cell_m
    north_m = GROUND.north_m - 1001.5 * GROUND.cell_m

    share = onto(layer, SENTINEL2_20M)

    row = int((SENTINEL2_20M.north_m - north_m) // 20.0)
    col = int((east_m - SENTINEL2_20M.west_m) // 20.0)
    assert share[row, col] == pytest.approx(1 / 16)
    assert np.count_nonzero(share) == 1


def test_the_greenest_pass_is_the_one_after_the_rains():
    """Leaves fall from November to March."""
    by_month = {each.date.month: each.greenness for each in landsat_passes(2020)}

    assert by_month[11] > by_month[12] > by_month[1] > by_month[2] > by_month[3]


def test_cloud_shadows_fall_away_from_the_sun():
    """With the sun in the south-east, shadows lie north-west of their clouds."""
    sky = draw_sky(
        np.random.default_rng(4),
        cloud_cover=0.05,
        veil=np.zeros(LANDSAT.shape, dtype=np.float32),
        azimuth_deg=135.0,
        elevation_deg=45.0,
    )
    best = max(
        ((row, col) for row in range(-60, 61, 3) for col in range(-60, 61, 3)),
        key=lambda move: float((np.roll(sky.cloud, move, axis=(0, 1)) * sky.shadow).sum()),
    )

    assert best[0] < 0
    assert best[1] < 0
