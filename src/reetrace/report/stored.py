"""Pictures inside a PDF as they were compressed: not read, and not compressed a second time."""

from __future__ import annotations

import hashlib
import io
import struct
from typing import Any

_PNG = b"\x89PNG\r\n\x1a\n"

_TRUE_COLOUR, _PALETTE = 2, 3
"""Kinds of PNG (ISO 15948, 11.2.2)."""

_BITS = 8
"""Of a channel; a palette of sixteen colours or fewer is stored in fewer bits a pixel."""


def draw_stored(
    canvas: Any,  # noqa: ANN401 - reportlab's canvas
    image: bytes,
    place: tuple[float, float],
    size: tuple[float, float],
) -> None:
    """Draws a picture, which is kept once however often it is drawn.

    Args:
        canvas: Of the page.
        image: A JPEG in colour, or a PNG of 8 bits a channel or with a palette of any size, not
            interlaced and without transparency, as the report's figures are.
        place: Of its lower left corner, in points.
        size: Width and height, in points.
    """
    name = hashlib.sha256(image).hexdigest()
    if not canvas.hasForm(name):
        canvas._doc.addForm(name, _stream(image))  # noqa: SLF001 - no other way in
    canvas.saveState()
    canvas.translate(*place)
    canvas.scale(*size)
    canvas.doForm(name)
    canvas.restoreState()


def _stream(image: bytes) -> Any:  # noqa: ANN401 - an object of reportlab
    from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFStream

    described, content = _of_png(image) if image.startswith(_PNG) else _of_jpeg(image)
    described |= {"Type": PDFName("XObject"), "Subtype": PDFName("Image")}
    return PDFStream(PDFDictionary(described), content, filters=[])


def _of_jpeg(image: bytes) -> tuple[dict[str, Any], bytes]:
    from PIL import Image
    from reportlab.pdfbase.pdfdoc import PDFName

    with Image.open(io.BytesIO(image), formats=("JPEG",)) as opened:
        width, height = opened.size
    described = {
        "Width": width,
        "Height": height,
        "ColorSpace": PDFName("DeviceRGB"),
        "Filter": PDFName("DCTDecode"),
        "BitsPerComponent": _BITS,
    }
    return described, image


def _of_png(image: bytes) -> tuple[dict[str, Any], bytes]:
    """The lines of a PNG are what PDF calls the predictors of PNG (ISO 32000-1, 7.4.4.4)."""
    from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName

    chunks = _chunks(image)
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    plain = kind == _PALETTE or (kind == _TRUE_COLOUR and depth == _BITS)
    if not plain or interlaced or b"tRNS" in chunks:
        raise ValueError("a picture must be a plain PNG of 8 bits a channel")
    space: Any = PDFName("DeviceRGB")
    if kind == _PALETTE:
        colours = chunks[b"PLTE"]
        space = PDFArray([PDFName("Indexed"), space, len(colours) // 3 - 1, f"<{colours.hex()}>"])
    lines = {
        "Predictor": 15,
        "Colors": 3 if kind == _TRUE_COLOUR else 1,
        "BitsPerComponent": depth,
        "Columns": width,
    }
    described = {
        "Width": width,
        "Height": height,
        "ColorSpace": space,
        "Filter": PDFName("FlateDecode"),
        "DecodeParms": PDFDictionary(lines),
        "BitsPerComponent": depth,
    }
    return described, chunks[b"IDAT"]


def _chunks(image: bytes) -> dict[bytes, bytes]:
    """Content of a PNG by kind of chunk; several of a kind are one."""
    found: dict[bytes, bytes] = {}
    at = len(_PNG)
    while at < len(image):
        length, kind = struct.unpack_from(">I4s", image, at)
        found[kind] = found.get(kind, b"") + image[at + 8 : at + 8 + length]
        at += length + 12
    return found
