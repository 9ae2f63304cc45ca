"""Pictures lie in a PDF as they were compressed, once, and are read from it as they were drawn."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pikepdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from reetrace.report.stored import draw_stored


def scene(mode: str) -> Image.Image:
    """A picture of 40 by 30 pixels with something in it."""
    pixels = np.random.default_rng(5).integers(0, 255, size=(30, 40, 3), dtype=np.uint8)
    pixels[5:20, 5:20] = (213, 94, 0)
    made = Image.fromarray(pixels)
    return made.quantize(200) if mode == "P" else made


def encoded(picture: Image.Image, form: str, **options) -> bytes:
    """The bytes of a picture."""
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


@contextmanager
def printed(*images: bytes) -> Iterator[list[pikepdf.PdfImage]]:
    """The pictures of a page on which these were drawn."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for image in images:
        draw_stored(canvas, image, (50, 50), (200, 150))
    canvas.save()
    with pikepdf.open(out) as pdf:
        yield [
            pikepdf.PdfImage(each)
            for each in pdf.pages[0].get_images().values()
            if isinstance(each, pikepdf.Stream)
        ]


@pytest.mark.parametrize(
    "picture",
    [scene("RGB"), scene("P"), scene("RGB").quantize(12), scene("RGB").quantize(3)],
    ids=["true colour", "palette", "few colours", "three colours"],
)
def test_a_png_is_read_from_the_page_as_it_was_drawn(picture):
    """Every pixel is the same; the stream is that of the file, however many bits a pixel has."""
    image = encoded(picture, "PNG")

    with printed(image) as (found,):
        stream = found.obj.read_raw_bytes()
        read = np.asarray(found.as_pil_image().convert("RGB"))

    assert stream in image
    assert (read == np.asarray(picture.convert("RGB"))).all()


def test_a_jpeg_is_in_the_page_byte_by_byte():
    """It is not compressed a second time, by which it would lose once more."""
    image = encoded(scene("RGB"), "JPEG", quality=90, subsampling=0, progressive=True)

    with printed(image) as (found,):
        stream, size = found.obj.read_raw_bytes(), (found.width, found.height)

    assert stream == image
    assert size == (40, 30)


def test_a_picture_drawn_twice_is_kept_once():
    """A page that shows a picture in two places grows by its name alone."""
    first, second = encoded(scene("P"), "PNG"), encoded(scene("RGB"), "PNG")

    with printed(first, second, first, second) as found:
        assert len(found) == 2


@pytest.mark.parametrize(("mode", "options"), [("L", {}), ("RGBA", {}), ("P", {"transparency": 3})])
def test_a_png_that_is_not_plain_is_refused(mode, options):
    """What a reader of the file would show otherwise than here never comes in."""
    image = encoded(scene("P" if mode == "P" else "RGB").convert(mode), "PNG", **options)

    with pytest.raises(ValueError, match="plain PNG"), printed(image):
        pass
