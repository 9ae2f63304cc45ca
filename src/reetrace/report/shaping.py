"""Shaped text: Burmese letters are joined into glyphs, which remember what they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unicodedata import category

MYANMAR = "Sans-Myanmar"
"""The font whose text is shaped; reportlab shapes no other well."""

ZERO_WIDTH = "\u200b"

_PRIVATE_USE = "Co"


def shape_by_font(word: Any, **options: Any) -> Any:  # noqa: ANN401 - reportlab's words are bare lists
    """Shapes the Burmese pieces of a word and leaves the rest as it is."""
    from reportlab.pdfbase import pdfmetrics, ttfonts

    if isinstance(word, ttfonts.ShapedFragWord) or len(word) < 2:  # noqa: PLR2004 - width and a piece
        return word
    pieces: list[Any] = []
    total, shaped = 0.0, False
    for piece in word[1:]:
        style, text = piece[0], piece[1]
        if hasattr(style, "cbDefn") or not text:
            pieces.append(piece)
            continue
        width = pdfmetrics.stringWidth(text, style.fontName, style.fontSize)
        if style.fontName == MYANMAR:
            alone = ttfonts.shapeFragWord([width, (style, text)], **options)
            shaped = shaped or isinstance(alone, ttfonts.ShapedFragWord)
            width = alone[0]
            _remember_source(alone[1:], text)
            pieces.extend(alone[1:])
        else:
            pieces.append(piece)
        total += width
    if not shaped:
        return word
    # The class of the word carries whether a space follows it.
    made = ttfonts.makeShapedFragWord(word)(pieces)
    made.insert(0, total)
    return made


def _remember_source(pieces: list[Any], text: str) -> None:
    """Leaves with the first glyph of every cluster the characters that it was shaped from."""
    shape = [each for piece in pieces for each in getattr(piece[1], "__shapeData__", ())]
    starts = sorted({each.cluster for each in shape})
    ends = dict(zip(starts, [*starts, len(text)][1:], strict=True))
    for each in shape:
        each.source = text[each.cluster : ends.pop(each.cluster)] if each.cluster in ends else ""


def actual_text(piece: str) -> str:
    """The characters that a shaped piece of text stands for; empty for one that is not shaped."""
    shape = getattr(piece, "__shapeData__", None)
    if shape is None:
        return ""
    return "".join(getattr(each, "source", glyph) for each, glyph in zip(shape, piece, strict=True))


def meanings(piece: str) -> Iterator[tuple[str, str]]:
    """(glyph, characters) of the glyphs of a shaped piece that are no characters themselves.

    What a group of letters says and its plain glyphs do not is what its first other glyph stands
    for; a second one adds nothing.
    """
    group = ""
    rest = ""
    for shape, glyph in zip(getattr(piece, "__shapeData__", ()), piece, strict=False):
        source = getattr(shape, "source", glyph)
        if source:
            yield from _meanings_of(group, rest)
            group, rest = "", source
        group += glyph
    yield from _meanings_of(group, rest)


def _meanings_of(glyphs: str, text: str) -> Iterator[tuple[str, str]]:
    for glyph in glyphs:
        text = text.replace(glyph, "", 1)
    for glyph in glyphs:
        if category(glyph) == _PRIVATE_USE:
            yield glyph, text or ZERO_WIDTH
            text = ""
