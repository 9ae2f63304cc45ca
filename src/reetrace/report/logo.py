"""A logo: a PNG, or the plain part of an SVG made into one."""

from __future__ import annotations

import io
import struct

from reetrace.core.errors import TemplateError

LOGO_BYTES = 1024 * 1024

_SIDE_PX = (24, 4000)
_MOST_RATIO = 10.0
_PNG = b"\x89PNG\r\n\x1a\n"


def read_logo(name: str, content: bytes, where: str) -> bytes:
    """The logo as a PNG.

    Args:
        name: Its file.
        content: Of the file.
        where: File and field that name it, for messages.

    Raises:
        TemplateError: It is neither, is broken, or is too small, too large or too long.
    """
    if name.lower().endswith(".svg"):
        from reetrace.report.vector import draw_svg, read_svg

        return draw_svg(read_svg(name, content, where), name, where)
    if not name.lower().endswith(".png") or not content.startswith(_PNG):
        raise TemplateError(f"{where}: {name!r} is neither a PNG nor an SVG file. Save it as one.")
    _check_png(name, content, where)
    return content


def _check_png(name: str, content: bytes, where: str) -> None:
    from PIL import Image

    try:
        # The size stands in the first bytes: a picture too large is never opened.
        wide, tall = struct.unpack_from(">II", content, len(_PNG) + 8)
        _check_size(name, wide, tall, where)
        with Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
            _check_size(name, *picture.size, where)
            picture.load()
    except TemplateError:
        raise
    except (OSError, ValueError, SyntaxError, struct.error) as fault:
        raise TemplateError(f"{where}: {name!r} cannot be read as a PNG. Save it anew.") from fault


def _check_size(name: str, wide: int, tall: int, where: str) -> None:
    least, most = _SIDE_PX
    if not (least <= wide <= most and least <= tall <= most):
        raise TemplateError(
            f"{where}: {name!r} has {wide} × {tall} pixels; {least} to {most} a side are needed."
        )
    if max(wide / tall, tall / wide) > _MOST_RATIO:
        raise TemplateError(
            f"{where}: {name!r} is {wide} × {tall}: one side may be {_MOST_RATIO:g} times the "
            "other at most."
        )
