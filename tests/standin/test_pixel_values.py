"""Types, arithmetic and masks of pixels."""

from __future__ import annotations

from typing import Any

import ee
import numpy as np
import pytest

from tests.loopback.backend import BackendError
from tests.standin.faults import Unmodelled
from tests.standin.offline import value
from tests.standin.small import image, layer, service


def _type(backend: Any, what: Any) -> Any:
    return value(backend, what)["bands"][0]["data_type"]


def test_the_difference_of_unsigned_bands_may_be_negative():
    """Types are widened before the arithmetic: 10 - 30 of two uint16 bands is -20."""
    backend = service(red=[[30]], nir=[[10]])

    found = layer(backend, image().select("nir").subtract(image().select("red")), 1, 1)

    assert found[0, 0] == -20


def test_the_quotient_of_whole_numbers_has_a_fraction():
    """1 / 2 is one half, in single precision."""
    backend = service(a=[[1]])

    found = layer(backend, image().divide(2), 1, 1)

    assert found.dtype == np.float32
    assert found[0, 0] == 0.5


def test_division_by_zero_is_zero():
    """As documented, and not masked."""
    backend = service(a=[[7]])

    assert layer(backend, image().divide(0), 1, 1)[0, 0] == 0


def test_large_whole_numbers_lose_their_last_digit_in_a_quotient():
    """A single has 24 bits: who needs more makes an operand double first."""
    backend = service(a=[[1]])
    big = image().multiply(100_000_001).toInt64()

    rough = layer(backend, big.divide(1), 1, 1)[0, 0]
    exact = layer(backend, big.toDouble().divide(1), 1, 1)[0, 0]

    assert (int(rough), int(exact)) == (100_000_000, 100_000_001)


def test_a_scale_with_a_fraction_makes_a_band_double():
    """Constants with a fraction are double, so scaled reflectance is."""
    backend = service(a=[[10_000]])

    scaled = image().multiply(0.0000275).add(-0.2)

    assert layer(backend, scaled, 1, 1).dtype == np.float64


def test_a_cast_to_a_smaller_type_keeps_within_its_range():
    """300 as a byte is 255, -1 is 0."""
    backend = service(a=[[300]])

    assert layer(backend, image().toByte(), 1, 1)[0, 0] == 255
    assert layer(backend, image().multiply(-1).toByte(), 1, 1)[0, 0] == 0


def test_a_cast_cuts_fractions_off():
    """2.9 becomes 2, not 3."""
    backend = service(a=[[29]])

    assert layer(backend, image().divide(10).toInt(), 1, 1)[0, 0] == 2


def test_halves_are_rounded_up():
    """As in Java: 2.5 becomes 3, -2.5 becomes -2."""
    backend = service(a=[[5]])

    assert layer(backend, image().divide(2).round(), 1, 1)[0, 0] == 3
    assert layer(backend, image().divide(-2).round(), 1, 1)[0, 0] == -2


def test_whole_numbers_beyond_32_bits_are_not_guessed_at():
    """Whether they wrap, clamp or widen is not documented; a cast before says what is wanted."""
    backend = service(a=[[60_000]])
    square = image().multiply(image())

    with pytest.raises(Unmodelled, match="beyond 32 bits"):
        layer(backend, square, 1, 1)
    assert layer(backend, image().toInt64().multiply(image()), 1, 1)[0, 0] == 3_600_000_000


def test_the_bytes_that_leave_are_the_smallest_type_that_holds_the_range():
    """A comparison is a byte, a stored reflectance two, a difference of such four."""
    backend = service(a=[[5]])

    assert layer(backend, image().gt(3), 1, 1).dtype == np.uint8
    assert layer(backend, image(), 1, 1).dtype == np.uint16
    assert layer(backend, image().subtract(image()), 1, 1).dtype == np.int32


def test_bits_need_whole_numbers():
    """QA bits are looked at with bitwiseAnd; a scaled band has none."""
    backend = service(qa=[[0b1010]])

    assert layer(backend, image().bitwiseAnd(1 << 3), 1, 1)[0, 0] == 8
    with pytest.raises(BackendError, match="integer operands"):
        layer(backend, image().multiply(0.5).bitwiseAnd(1), 1, 1)


def test_a_pixel_masked_in_either_operand_is_masked():
    """Masks meet in arithmetic; masked pixels leave as 0."""
    backend = service(a=[[1, 0, 3]], b=[[1, 2, 0]])

    total = image().select("a").add(image().select("b"))

    assert layer(backend, total.mask(), 1, 3).tolist() == [[1, 0, 0]]
    assert layer(backend, total, 1, 3).tolist() == [[2, 0, 0]]


def test_update_mask_never_unmasks():
    """A new mask works only where the old one is not 0."""
    backend = service(a=[[1, 0]])

    assert layer(backend, image().updateMask(1).mask(), 1, 2).tolist() == [[1, 0]]


def test_a_masked_pixel_of_a_new_mask_masks():
    """A condition that cannot be judged does not let a pixel through."""
    backend = service(a=[[1, 2]], qa=[[1, 0]])

    masked = image().select("a").updateMask(image().select("qa").gte(0))

    assert layer(backend, masked.mask(), 1, 2).tolist() == [[1, 0]]


def test_where_leaves_masked_pixels_alone():
    """Where the test or the value is masked the input stays; what is masked stays so."""
    backend = service(a=[[1, 0, 3]], when=[[1, 1, 0]])

    changed = image().select("a").where(image().select("when"), 9)

    assert layer(backend, changed, 1, 3).tolist() == [[9, 0, 3]]
    assert layer(backend, changed.mask(), 1, 3).tolist() == [[1, 0, 1]]


def test_normalized_difference_masks_negative_values():
    """An overshot reflectance below zero has no index."""
    backend = service(a=[[3, 1]], b=[[1, 3]])
    shifted = image().subtract(2)

    found = shifted.normalizedDifference(["a", "b"])

    assert layer(backend, found.mask(), 1, 2).tolist() == [[0, 0]]
    assert layer(backend, image().normalizedDifference(["a", "b"]), 1, 2).tolist() == [[0.5, -0.5]]


def test_remap_masks_what_is_not_listed():
    """Unless a default says otherwise."""
    backend = service(a=[[1, 2, 3]])

    assert layer(backend, image().remap([1, 2], [10, 20]).mask(), 1, 3).tolist() == [[1, 1, 0]]
    assert layer(backend, image().remap([1, 2], [10, 20], 0), 1, 3).tolist() == [[10, 20, 0]]


def test_bands_of_the_same_names_meet_by_name():
    """The order of the second image does not matter where the names are the same."""
    backend = service(a=[[10]], b=[[1]])

    total = image().select(["a", "b"]).subtract(image().select(["b", "a"]))

    assert layer(backend, total, 1, 1, "a")[0, 0] == 0


def test_bands_of_other_names_meet_in_order():
    """As many bands, other names: the first meets the first."""
    backend = service(a=[[10]], b=[[1]])

    total = image().select(["a"]).add(image().select(["b"]))

    assert layer(backend, total, 1, 1, "a")[0, 0] == 11


def test_an_absent_band_is_named_in_the_refusal():
    """With the bands that there are."""
    backend = service(a=[[1]])

    with pytest.raises(
        BackendError, match=r"Band pattern 'SR_B4' did not match any bands\. Available bands: \[a\]"
    ):
        layer(backend, image().select("SR_B4"), 1, 1)


def test_a_band_name_that_is_taken_gets_a_number():
    """`Image.cat` of two bands of one name keeps both."""
    backend = service(a=[[1]])

    both = ee.Image.cat([image(), image().add(1)])

    assert value(backend, both.bandNames()) == ["a", "a_1"]


def test_arithmetic_drops_properties():
    """A date is gone after a multiplication, and comes back by copyProperties only."""
    backend = service(a=[[1]])
    bare = image().multiply(2)

    assert value(backend, bare.get("system:time_start")) is None
    kept = bare.copyProperties(image(), ["system:time_start"])
    assert value(backend, kept.get("system:time_start")) == 1_577_850_000_000


def test_masking_and_choosing_keep_properties():
    """updateMask, select and clip hand them on."""
    backend = service(a=[[1]])

    kept = image().select("a").updateMask(1).clip(ee.Geometry.Point([98, 25]))

    assert value(backend, kept.get("system:time_start")) == 1_577_850_000_000


def test_a_property_as_an_image_is_double_and_everywhere():
    """`Image.metadata` gives a constant."""
    backend = service(a=[[1]])

    found = image().metadata("system:time_start")

    assert _type(backend, found)["precision"] == "double"
    assert layer(backend, found, 1, 1)[0, 0] == 1_577_850_000_000
