"""Pictures of the ground as JPEG, however restless the ground is."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

_QUALITY = 90

# Pillow lays out one byte a pixel for the file; noise at this quality takes up to three.
_MOST_BYTES_A_PIXEL = 4


def jpeg(pixels: NDArray[np.uint8], *, progressive: bool = False) -> bytes:
    """A picture, shape (rows, cols, 3), 0-255, as the bytes of a JPEG file.

    Args:
        pixels: Not subsampled in colour: at 30 m a pixel is a place, and colours must not run into
            the next.
        progressive: The same picture in fewer bytes, coarse first.
    """
    from PIL import Image, ImageFile

    rows, cols = pixels.shape[:2]
    out = io.BytesIO()
    # There is no other way to say it; more room than needed changes no byte of the file.
    ImageFile.MAXBLOCK = max(ImageFile.MAXBLOCK, _MOST_BYTES_A_PIXEL * rows * cols)
    Image.fromarray(np.ascontiguousarray(pixels)).save(
        out, "JPEG", quality=_QUALITY, subsampling=0, optimize=True, progressive=progressive
    )
    return out.getvalue()
