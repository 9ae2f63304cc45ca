"""What cannot be surface reflectance is refused with the evidence; what is odd is a doubt."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from reetrace.core.errors import ImageryError
from reetrace.core.raster import encode_reflectance
from reetrace.engines.local.doubts import Look, examine
from tests import worlds

ROLES = ("blue", "green", "red", "nir", "swir1", "swir2")
PLACES = 2_000


def _look(
    *,
    factors: Mapping[str, float] | None = None,
    lift: float = 0.0,
    family: str = "oli",
    bare_share: float = 0.25,
) -> Look:
    """Forest and some mine, with a spread of a fifth about their means."""
    generator = np.random.default_rng(7)
    bare = np.arange(PLACES) < bare_share * PLACES
    stored, measured = {}, {}
    for role in ROLES:
        mean = np.where(bare, worlds.MINE[role], worlds.FOREST[role])
        value = mean * generator.uniform(0.8, 1.2, PLACES) * (factors or {}).get(role, 1.0) + lift
        value = np.where((value > -0.2) & (value <= 1.6), value, np.nan)
        stored[role] = encode_reflectance(value)
        measured[role] = np.ones(PLACES, dtype=np.bool_)
    return Look("scene", stored, measured, np.ones(PLACES, dtype=np.bool_), family)


def test_forest_and_mine_raise_no_doubt():
    """Ordinary ground passes without a word."""
    assert examine(_look()) == ()


@pytest.mark.parametrize("role", ROLES)
def test_one_band_ten_times_too_large_is_refused(role: str) -> None:
    """Whichever band it is."""
    with pytest.raises(ImageryError, match=r"scene: .*(times|outside|greener)"):
        examine(_look(factors={role: 10.0}))


def test_visible_bands_ten_times_too_large_are_refused():
    """The defect of a published Landsat 5 file: blue, green and red, but not near infrared."""
    with pytest.raises(ImageryError, match="ten times too large"):
        examine(_look(factors={"blue": 10.0, "green": 10.0, "red": 10.0}, bare_share=0.05))


def test_an_offset_left_in_all_bands_is_refused_by_the_canopy():
    """Forest that reflects 0.12 in blue and red has Sentinel-2's 0.1 still on it."""
    with pytest.raises(ImageryError, match=r"blue 0\.1.*--offset -0\.1"):
        examine(_look(lift=0.1, family="msi"))


def test_haze_over_landsat_forest_is_a_doubt_and_no_refusal():
    """Landsat has no such offset: a lifted canopy is haze or a scale, and the scene says so."""
    assert any("haze" in doubt for doubt in examine(_look(lift=0.1)))


def test_an_offset_taken_away_twice_is_refused():
    """Half the ground would be darker than black."""
    with pytest.raises(ImageryError, match="subtracted twice"):
        examine(_look(lift=-0.1))


def test_water_and_shade_may_be_slightly_negative():
    """An over-correction of 0.02 is ordinary and passes."""
    assert examine(_look(lift=-0.02)) == ()


def test_a_scale_ten_times_too_small_is_a_doubt():
    """All dark could be open water, so it is said and not refused."""
    look = _look(factors=dict.fromkeys(ROLES, 0.1))

    assert any("nowhere brighter" in doubt for doubt in examine(look))


def test_too_few_clear_pixels_are_said_and_not_judged():
    """Under a closed cloud nothing can be checked."""
    look = _look(factors={"blue": 10.0})
    clear = np.zeros(PLACES, dtype=np.bool_)
    clear[:50] = True

    doubts = examine(Look(look.name, look.stored, look.measured, clear, look.family))

    assert doubts == ("only 50 clear pixels, too few to check its values",)
