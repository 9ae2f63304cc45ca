"""Rasters as pictures inside a page: data URIs, nothing to fetch."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reetrace.reading.jpeg import jpeg
from reetrace.webmap.colours import Colour

_TRANSPARENT_BYTE = bytes([0])


def photograph(picture: NDArray[np.float32]) -> str:
    """A colour picture, shape (rows, cols, 3), 0-1, as JPEG."""
    return _uri("jpeg", jpeg(np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)))


def classes(
    codes: NDArray[np.uint8], palette: Sequence[Colour], *, clear: Sequence[int] = ()
) -> str:
    """Class codes, shape (rows, cols), as PNG with a colour for each code.

    Args:
        codes: Those beyond the palette are drawn clear.
        palette: Colour by code.
        clear: Codes that are not drawn.
    """
    from PIL import Image

    nothing = len(palette)
    stored = io.BytesIO()
    unknown = (codes >= nothing) | np.isin(codes, np.array(clear, dtype=np.int64))
    drawn = Image.fromarray(np.where(unknown, nothing, codes).astype(np.uint8), mode="P")
    drawn.putpalette([channel for colour in (*palette, (0, 0, 0)) for channel in colour])
    drawn.save(
        stored, format="PNG", optimize=True, transparency=bytes([255]) * nothing + _TRANSPARENT_BYTE
    )
    return _uri("png", stored.getvalue())


def stencil(where: NDArray[np.bool_]) -> str:
    """White where true and black elsewhere, as PNG of one bit a pixel."""
    from PIL import Image

    stored = io.BytesIO()
    Image.fromarray(where).save(stored, format="PNG", optimize=True)
    return _uri("png", stored.getvalue())


def _uri(kind: str, stored: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(stored).decode('ascii')}"
