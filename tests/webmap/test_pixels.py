"""Pictures within the page: what is drawn can be read back."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.core.errors import EvidenceError
from reetrace.webmap import colours, pixels

COLOUR = st.tuples(*[st.integers(0, 255)] * 3)


def opened(uri: str) -> np.ndarray:
    """The picture of a data URI, with its transparency."""
    from PIL import Image

    kind, content = uri.split(",", 1)
    assert kind in {"data:image/png;base64", "data:image/jpeg;base64"}
    with Image.open(io.BytesIO(base64.b64decode(content))) as picture:
        return np.asarray(picture.convert("RGBA"))


@settings(max_examples=40, deadline=None)
@given(st.lists(COLOUR, min_size=1, max_size=120))
def test_colours_told_apart_are_all_different_and_look_the_same(palette):
    """Even where a legend gives every class one colour."""
    apart = colours.told_apart(palette)

    assert len(set(apart)) == len(palette)
    moved = np.abs(np.array(apart) - np.array(palette))
    assert moved.max() <= 4


def test_one_colour_for_every_code_of_a_legend_can_be_told_apart():
    """254 classes, all black: there are enough near blacks."""
    apart = colours.told_apart([(0, 0, 0)] * 255)

    assert len(set(apart)) == 255
    assert max(max(each) for each in apart) <= 6


def test_every_code_can_be_found_again_by_its_colour():
    """As the script on the page does it."""
    palette = colours.told_apart(colours.ndvi_palette())
    codes = np.arange(len(palette), dtype=np.uint8).reshape(2, -1)

    picture = opened(pixels.classes(codes, palette, clear=[0]))

    known = {bytes(colour): code for code, colour in enumerate(palette)}
    drawn = codes != 0
    found = [known[pixel[:3].tobytes()] for pixel in picture[drawn]]
    assert found == codes[drawn].tolist()
    assert ((picture[..., 3] == 0) == (codes == 0)).all()


def test_codes_without_a_colour_are_clear():
    """Ground outside the area of interest is code 255."""
    picture = opened(pixels.classes(np.array([[0, 1, 255]], np.uint8), [(1, 2, 3), (4, 5, 6)]))

    assert picture[0, :, 3].tolist() == [255, 255, 0]


def test_a_stencil_is_white_where_true():
    """Black hides, white shows."""
    picture = opened(pixels.stencil(np.array([[True, False]])))

    assert picture[0, :, 0].tolist() == [255, 0]


def test_a_photograph_keeps_neighbouring_pixels_apart():
    """A single bright pixel does not run into the next one, as it would with coarser colours."""
    scene = np.zeros((16, 16, 3), np.float32)
    scene[8, 8] = (1.0, 0.1, 0.1)

    picture = opened(pixels.photograph(scene)).astype(int)

    assert picture[8, 8, 0] > 225
    assert picture[8, 10:, 0].max() < 40


def test_the_palette_of_the_index_rises_from_violet_to_dark_green():
    """-1.00 is code 1, 1.00 is code 201; each step has a colour."""
    palette = colours.ndvi_palette()

    assert len(palette) == 202
    assert colours.written(palette[1]) == "#3f1d6b"
    assert colours.written(palette[101]) == "#fffbe0"
    assert colours.written(palette[201]) == "#00210f"


def test_clear_views_have_the_colour_of_their_class():
    """Three and four views share one; more than 254 is shown as 254."""
    palette = colours.views_palette()

    assert palette[3] == palette[4] != palette[5]
    assert len(palette) == 255


@pytest.mark.parametrize("number", [1, 2, 4, 9])
def test_every_epoch_has_a_colour_of_its_own(number):
    """For one epoch as for nine."""
    assert len(set(colours.extent_colours(number))) == number


@pytest.mark.parametrize("text", ["red", "#12345", "#1234567", "#12345g", 'x"><script>', ""])
def test_what_is_no_colour_is_refused(text):
    """Only `#rrggbb` goes into a page."""
    with pytest.raises(EvidenceError, match="colour"):
        colours.parse(text)
