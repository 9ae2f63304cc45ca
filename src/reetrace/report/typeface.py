"""A typeface of the user's own: looked at before a word is set in it.

A report is read by people who did not choose its letters. So a typeface must be one that may be
embedded, has the letters, and draws them at the size that letters have.
"""

from __future__ import annotations

import io
import string
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reetrace.core.errors import TemplateError

TYPEFACE_BYTES = 4 * 1024 * 1024

NEEDED = (
    string.ascii_letters
    + string.digits
    + string.punctuation
    + " °±²·×àâäåçèéêëíîïñóôöøúûüßÄÅÉÖÜ–—\u2018’“”…•"
)
"""What every face must have; other letters come from the report's own fonts."""

# OpenType 1.9, OS/2.fsType.
_RESTRICTED, _NO_SUBSETS, _BITMAPS_ONLY = 0x0002, 0x0100, 0x0200
_EASED = 0x0004 | 0x0008

_TABLES = ("OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp")

_DRAWN_PX = 200

_LOOKED_AT = string.ascii_letters + string.digits + ".,-–%()"
"""A point that is not to be seen makes another number."""

# Shares of the em square: Noto Sans has 0.54 and 0.71, old and condensed faces of books 0.40, 0.62.
_HEIGHTS = {"x": (0.38, 0.66), "H": (0.56, 0.88), "0": (0.50, 0.90)}
_LEAST_WIDTH = 0.22
"""Of the letter n: narrower letters run into one another."""

_LEAST_INK = 0.02
"""Share of its box that a letter fills."""


@dataclass(frozen=True)
class Typeface:
    """Three faces, each the bytes of a TrueType file."""

    regular: bytes
    bold: bytes
    italic: bytes


def check_typeface(name: str, content: bytes, where: str) -> None:
    """Raises TemplateError where a file is no TrueType, may not be embedded or cannot be read."""
    tables = _tables(name, content, where)
    _check_licence(name, content, tables, where)
    lacking = _lacking(name, content, where)
    if lacking:
        raise TemplateError(
            f"{where}: {name!r} has no glyph for {' '.join(lacking[:8])!r}. Take a typeface that "
            "has all letters of western Europe, digits and marks."
        )
    _check_looks(name, content, where)


def _tables(name: str, content: bytes, where: str) -> dict[str, tuple[int, int]]:
    """(offset, length) of every table of a font file."""
    if content[:4] not in {b"\0\1\0\0", b"true"}:
        raise TemplateError(
            f"{where}: {name!r} is not a TrueType file. Take a .ttf; OpenType with PostScript "
            "outlines (.otf), collections and web fonts cannot be embedded."
        )
    try:
        (count,) = struct.unpack_from(">H", content, 4)
        rows = [struct.unpack_from(">4sIII", content, 12 + 16 * index) for index in range(count)]
    except struct.error as fault:
        raise _broken(name, where) from fault
    found = {tag.decode("latin-1"): (offset, length) for tag, _, offset, length in rows}
    if any(offset + length > len(content) for offset, length in found.values()):
        raise _broken(name, where)
    lacking = [tag for tag in _TABLES if tag not in found]
    if lacking:
        raise TemplateError(f"{where}: {name!r} is not a whole TrueType file: {lacking[0]} lacks.")
    if "fvar" in found:
        raise TemplateError(
            f"{where}: {name!r} is a variable font. Take its static files, one a face."
        )
    return found


def _check_licence(
    name: str, content: bytes, tables: dict[str, tuple[int, int]], where: str
) -> None:
    offset, length = tables["OS/2"]
    if length < 10:  # noqa: PLR2004 - up to the field
        raise _broken(name, where)
    (flags,) = struct.unpack_from(">H", content, offset + 8)
    if flags & _RESTRICTED and not flags & _EASED:
        reason = "its maker does not let it be embedded"
    elif flags & _NO_SUBSETS:
        reason = "its maker does not let a part of it be embedded"
    elif flags & _BITMAPS_ONLY:
        reason = "its maker lets bitmaps alone be embedded"
    else:
        return
    raise TemplateError(
        f"{where}: {name!r}: {reason} (fsType {flags:#06x}). Take a typeface whose licence allows "
        "documents to carry it."
    )


def _lacking(name: str, content: bytes, where: str) -> str:
    try:
        known = characters_of(content)
    except Exception as fault:
        # Whatever a broken file does to the reader of fonts.
        raise _broken(name, where) from fault
    return "".join(each for each in NEEDED if ord(each) not in known)


@lru_cache(maxsize=8)
def characters_of(content: bytes) -> frozenset[int]:
    """The characters that a font has a glyph for."""
    from reportlab.pdfbase.ttfonts import TTFontFile

    face: Any = TTFontFile(io.BytesIO(content))
    return frozenset(code for code, glyph in face.charToGlyph.items() if glyph)


def _check_looks(name: str, content: bytes, where: str) -> None:
    """Letters are drawn, and looked at: what a file says of their size need not be so."""
    drawn = _drawn(name, content, where)
    for letter, (least, most) in _HEIGHTS.items():
        height = drawn[letter][1]
        if not least <= height <= most:
            raise TemplateError(
                f"{where}: {name!r} draws {letter!r} {height:.2f} em high; {least:g} to {most:g} "
                "is needed, or words could not be read at their size."
            )
    if drawn["n"][0] < _LEAST_WIDTH:
        raise TemplateError(
            f"{where}: {name!r} draws 'n' {drawn['n'][0]:.2f} em wide; {_LEAST_WIDTH:g} is needed."
        )
    faint = [each for each, (_, _, ink, _) in drawn.items() if ink < _LEAST_INK]
    if faint:
        raise TemplateError(f"{where}: {name!r} draws {faint[0]!r} blank or all but blank.")
    shapes = [drawn[each][3] for each in string.digits]
    if len(set(shapes)) < len(shapes):
        raise TemplateError(f"{where}: {name!r} draws two digits alike.")


def _drawn(name: str, content: bytes, where: str) -> dict[str, tuple[float, float, float, bytes]]:
    """(width, height, share of ink, picture) of what is looked at; sizes in em."""
    from PIL import ImageFont

    drawn = {}
    try:
        font = ImageFont.truetype(
            io.BytesIO(content), _DRAWN_PX, layout_engine=ImageFont.Layout.BASIC
        )
        for each in _LOOKED_AT:
            mask = font.getmask(each)
            seen = mask.getbbox() or (0, 0, 0, 0)
            wide, tall = seen[2] - seen[0], seen[3] - seen[1]
            picture = bytes(mask)
            ink = sum(picture) / 255 / max(1, wide * tall)
            drawn[each] = (wide / _DRAWN_PX, tall / _DRAWN_PX, ink, picture)
    except (OSError, ValueError, MemoryError, SystemError) as fault:
        raise _broken(name, where) from fault
    return drawn


def _broken(name: str, where: str) -> TemplateError:
    return TemplateError(f"{where}: {name!r} cannot be read as a TrueType file. Take another copy.")
