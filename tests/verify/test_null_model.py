"""The measure of chance: what it must not depend on, and how seldom it may be wrong."""

from __future__ import annotations

import numpy as np
import pytest

from reetrace.verify.comparison import Comparison, compare
from reetrace.verify.ground import ground_of, look_at
from reetrace.verify.null_model import (
    Ground,
    by_chance,
    departures,
    features_of,
    quantiles,
    running_counts,
    smooth,
)
from reetrace.verify.verdict import LEAST_DEPTH
from tests.verify.made_up_ground import MONAZITE, ROLES, SOIL, FloatArray, MadeUpGround

WORLDS = 100


def _tested(world: MadeUpGround, *, seed: int = 0, dates: int = 2) -> Comparison:
    rows, cols = np.nonzero(world.pits | world.candidates)
    looks = [look_at(image, world.pits.shape) for image in world.images(dates)]
    found = compare(ground_of(looks, rows, cols, world.pits[rows, cols]), 8, (0, seed))
    assert isinstance(found, Comparison)
    return found


def test_ordinary_ground_seldom_passes_and_never_reaches_the_limits():
    """Worlds without ore whose soil is alike over 200 m: chance alone must not look like ore.

    Of 100 worlds 1 is expected below 1 % and 5 below 5 %; the bounds leave room for luck and
    for the fact that pits are few blocks.
    """
    worlds = [
        MadeUpGround(seed=seed, rows=64, cols=64, pit_side=20, range_pixels=10.0)
        for seed in range(WORLDS)
    ]

    found = [_tested(world, seed=world.seed, dates=1) for world in worlds]

    p_values = np.array([each.p_value for each in found])
    deep = [each.excess >= LEAST_DEPTH and each.pit_depth >= LEAST_DEPTH for each in found]
    assert np.sum(p_values < 0.01) <= 6
    assert np.sum(p_values < 0.05) <= 12
    assert np.sum(p_values < 0.5) >= 25
    assert not any(deep)


def test_pixels_that_share_soil_are_not_counted_as_many_witnesses():
    """With soil alike over 600 m the interval is several times that of grainy soil."""
    patchy = _tested(MadeUpGround(seed=3, range_pixels=30.0))
    grainy = _tested(MadeUpGround(seed=3, range_pixels=0.0))

    assert patchy.high - patchy.low > 3 * (grainy.high - grainy.low)


def test_more_ore_cannot_hide_itself_in_the_measure_of_chance():
    """Chance is measured on the background only, so p falls with the share and stays down."""
    p_values = [_tested(MadeUpGround(seed=1, monazite=share)).p_value for share in (0.0, 0.1, 0.4)]

    assert p_values[0] > 0.05
    assert p_values[1] == p_values[2] == pytest.approx(0.001)


def test_the_excess_is_what_the_monazite_adds():
    """A tenth of monazite in the soil deepens it by 0.06; matching must not take that away."""
    plain = _tested(MadeUpGround(seed=1)).excess
    bearing = _tested(MadeUpGround(seed=1, monazite=0.1)).excess

    line = 1.0 - 0.4626
    added = _depth(0.9 * SOIL + 0.1 * MONAZITE, line) - _depth(SOIL, line)
    assert bearing - plain == pytest.approx(added, rel=0.2)


def _depth(spectrum: FloatArray, left: float) -> float:
    edge = ROLES.index("red-edge-1")
    return float(
        1.0 - spectrum[edge + 1] / (left * spectrum[edge] + (1 - left) * spectrum[edge + 2])
    )


def test_the_order_of_the_pixels_does_not_matter():
    """The same ground listed backwards has the same departures."""
    world = MadeUpGround(seed=2, rows=64, cols=64, pit_side=20)
    rows, cols = np.nonzero(world.pits | world.candidates)
    looks = [look_at(image, world.pits.shape) for image in world.images(2)]
    ground = ground_of(looks, rows, cols, world.pits[rows, cols])
    backwards = ground.take(np.arange(len(ground.depth))[::-1])

    forth, _ = departures(ground, ground.take(~ground.pit), 8)
    back, _ = departures(backwards, backwards.take(~backwards.pit), 8)

    np.testing.assert_allclose(forth, back[::-1])
    np.testing.assert_allclose(smooth(forth, ground), smooth(back, backwards)[::-1])


def test_the_three_bands_of_the_depth_take_no_part_in_matching():
    """Or the feature sought would be matched away."""
    bands = {role: np.array([value, value]) for role, value in zip(ROLES, SOIL, strict=True)}
    for role in ("red-edge-1", "red-edge-2", "red-edge-3"):
        bands[role] = np.array([0.1, 0.9])

    features = features_of(bands)

    np.testing.assert_array_equal(features[0], features[1])


def test_quantiles_are_read_to_a_fraction_of_a_bin():
    """Against numpy's own quantile on a thousand depths."""
    values = np.random.default_rng(5).normal(0.0, 0.02, 1_000)
    running = running_counts(values, np.zeros(1_000, dtype=np.int64), 1)

    assert quantiles(running)[0] == pytest.approx(np.quantile(values, 0.9), abs=0.0005)
    assert quantiles(running, 0.5)[0] == pytest.approx(np.median(values), abs=0.0005)


def test_chance_is_centred_on_no_difference():
    """Forty blocks of the same ground, ten called pits: on average nothing stands out."""
    rng = np.random.default_rng(7)
    values = rng.normal(0.0, 0.01, 40 * 64)
    running = running_counts(values, np.repeat(np.arange(40), 64), 40)

    chance = by_chance(running, 10, np.random.default_rng(1))

    assert abs(chance.mean()) < 0.0005


def test_ground_unlike_any_background_is_left_out():
    """A pit of white clay among red soil cannot be compared, and no number is made for it."""
    count = 60
    like = np.zeros((count, 4))
    unlike = np.full((1, 4), 50.0)
    features = np.concatenate([like, unlike])
    rows = np.arange(count + 1) * 40
    pit = np.arange(count + 1) == count
    flat = np.zeros(count + 1)
    ground = Ground(flat, flat, features, rows, rows, pit)

    found, _ = departures(ground, ground.take(~pit), 8)

    assert np.isnan(found[-1])
    assert not np.isnan(found[:-1]).any()
