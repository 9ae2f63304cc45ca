"""The fonts a report embeds, and how Latin, Burmese and Chinese text is set with them.

Nothing else may be printed with: a character that none of these fonts has stops the report, since
a PDF would show it as an empty box that nobody notices.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple
from xml.sax.saxutils import escape

from reetrace.core.errors import TemplateError
from reetrace.report.shaping import MYANMAR, shape_by_font
from reetrace.report.typeface import Typeface

FOLDER = Path(__file__).parent / "fonts"

Face = Literal["regular", "bold", "italic"]

SANS, BOLD, ITALIC = "Sans", "Sans-Bold", "Sans-Italic"
MATH, HAN = "Sans-Math", "Sans-Han"

FILES = {
    SANS: "NotoSans-Regular.ttf",
    BOLD: "NotoSans-Bold.ttf",
    ITALIC: "NotoSans-Italic.ttf",
    MATH: "NotoSansMath-Regular.ttf",
    MYANMAR: "NotoSansMyanmar-Regular.ttf",
    HAN: "NotoSansSC-Regular.ttf",
}

_LATIN: dict[Face, str] = {"regular": SANS, "bold": BOLD, "italic": ITALIC}

_TYPEFACE: ContextVar[Mapping[Face, str]] = ContextVar("typeface", default=MappingProxyType({}))
"""A brand's own, by face; empty for the report's."""

# Unicode blocks Myanmar, Myanmar Extended-A and -B.
_MYANMAR_CHARACTERS = "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"
_BURMESE = re.compile(f"[{_MYANMAR_CHARACTERS}]")

_SCRIPTS = re.compile(
    f"(?P<myanmar>[{_MYANMAR_CHARACTERS}\u200b-\u200d]+)"
    "|(?P<math>[←↑→↓↔⇒∂∆∏∑√∞∫≈≠≡≤≥≪≫∈∝\u223c⊂\u222a∩]+)"
    "|(?P<han>[\u2e80-\u303f\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff00-\uffef\U00020000-\U0003ffff]+)"
)

_FONT_OF_SCRIPT = {"myanmar": MYANMAR, "math": MATH, "han": HAN}


class Span(NamedTuple):
    """Some words in one face."""

    text: str
    face: Face = "regular"
    language: str = ""
    """Where it differs from that of the document, e.g. `en`."""


def has_burmese(text: str) -> bool:
    """Whether a text needs shaping and breaking by syllables."""
    return _BURMESE.search(text) is not None


def has_han(text: str) -> bool:
    """Whether a text has Chinese characters."""
    return any(font == HAN for font, _ in runs(text))


def runs(text: str, face: Face = "regular") -> list[tuple[str, str]]:
    """(font, text) pieces of a text, each in one script.

    >>> runs("Tengchong 腾冲")
    [('Sans', 'Tengchong '), ('Sans-Han', '腾冲')]
    """
    pieces: list[tuple[str, str]] = []
    end = 0
    for match in _SCRIPTS.finditer(text):
        if match.start() > end:
            pieces += _latin(text[end : match.start()], face)
        pieces.append((_FONT_OF_SCRIPT[match.lastgroup or ""], match.group()))
        end = match.end()
    if end < len(text):
        pieces += _latin(text[end:], face)
    return pieces


def _latin(text: str, face: Face) -> list[tuple[str, str]]:
    """Letters in the typeface in force; those it lacks in the report's own."""
    font = _TYPEFACE.get().get(face)
    if font is None:
        return [(_LATIN[face], text)]
    has = _glyphs(font)
    return [
        (font if whole else _LATIN[face], "".join(part))
        for whole, part in groupby(text, key=lambda each: ord(each) in has)
    ]


@contextmanager
def set_in(typeface: Typeface | None) -> Iterator[None]:
    """Sets Latin letters in another typeface for a while; in the report's own without one."""
    names: dict[Face, str] = {}
    if typeface is not None:
        register()
        faces: tuple[tuple[Face, bytes], ...] = (
            ("regular", typeface.regular),
            ("bold", typeface.bold),
            ("italic", typeface.italic),
        )
        names = {face: _registered(content) for face, content in faces}
    before = _TYPEFACE.set(names)
    try:
        yield
    finally:
        _TYPEFACE.reset(before)


@lru_cache(maxsize=12)
def _registered(content: bytes) -> str:
    """The name of a font that reportlab now knows: it is made from its bytes."""
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase import pdfmetrics

    name = f"Brand-{hashlib.sha256(content).hexdigest()[:16]}"
    pdfmetrics.registerFont(_whole_face()(name, io.BytesIO(content)))
    addMapping(name, 0, 0, name)
    addMapping(name, 1, 0, name)
    addMapping(name, 0, 1, name)
    addMapping(name, 1, 1, name)
    return name


def missing(text: str) -> str:
    """The characters of a text that no font of the report has."""
    register()
    lacking = [
        character
        for font, part in runs(text)
        for character in dict.fromkeys(part)
        if ord(character) not in _glyphs(font) and character not in "\n\t"
    ]
    return "".join(dict.fromkeys(lacking))


def check_glyphs(text: str, where: str) -> None:
    """Raises TemplateError where a character cannot be printed."""
    lacking = missing(text)
    if lacking:
        raise _without_glyph(lacking, text, where)


def _without_glyph(lacking: str, text: str, where: str) -> TemplateError:
    named = ", ".join(f"{each!r} (U+{ord(each):04X})" for each in lacking)
    return TemplateError(
        f"{where}: no font of the report has {named} of {text!r}. "
        "Spell it with Latin, Greek, Cyrillic, Burmese or simplified Chinese characters."
    )


def markup(text: str, face: Face = "regular", language: str = "") -> str:
    """A plain text as paragraph markup, every script in its font, which may carry a language."""
    named = (
        (_voiced(font, language) if language else font, part) for font, part in runs(text, face)
    )
    return "".join(
        escape(part) if font == SANS else f'<font name="{font}">{escape(part)}</font>'
        for font, part in named
    )


@lru_cache(maxsize=64)
def _voiced(font: str, language: str) -> str:
    """The same font by a name that carries a language, so that what is set in it can say so."""
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase import pdfmetrics

    name = f"{font}@{language}"
    # One font under two names: embedded once.
    pdfmetrics._fonts[name] = pdfmetrics.getFont(font)  # type: ignore[attr-defined]  # noqa: SLF001
    for bold in (0, 1):
        for italic in (0, 1):
            addMapping(name, bold, italic, name)
    return name


def text_width(text: str, size: float, face: Face = "regular") -> float:
    """Width in points as printed, Burmese shaped."""
    register()
    return sum(_width(font, part, size) for font, part in runs(text, face))


@lru_cache(maxsize=50_000)
def _width(font: str, part: str, size: float) -> float:
    """Width of a piece in one font: a page of Burmese asks for the same syllables many times."""
    from reportlab.lib.abag import ABag
    from reportlab.pdfbase import pdfmetrics, ttfonts

    if font == MYANMAR:
        word = [0, (ABag(fontName=font, fontSize=size), part)]
        return float(ttfonts.shapeFragWord(word, force=True)[0])
    return float(pdfmetrics.stringWidth(part, font, size))


@lru_cache(maxsize=1)
def register() -> None:
    """Makes the fonts known to reportlab, as the only ones it may use."""
    from reportlab import rl_config

    # Both are read when a canvas or a drawing is made: without them Helvetica comes in unembedded.
    rl_config.canvas_basefontname = SANS
    rl_config.defaultGraphicsFontName = SANS
    # Bytes as they are: as text they would take a quarter more.
    rl_config.useA85 = 0
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase import pdfmetrics

    face = _whole_face()
    for name, file in FILES.items():
        pdfmetrics.registerFont(face(name, str(FOLDER / file)))
    for name, bold, italic in (
        (SANS, BOLD, ITALIC),
        (MATH, MATH, MATH),
        (MYANMAR, MYANMAR, MYANMAR),
        (HAN, HAN, HAN),
    ):
        addMapping(name, 0, 0, name)
        addMapping(name, 1, 0, bold)
        addMapping(name, 0, 1, italic)
        addMapping(name, 1, 1, bold)
    # Only now: platypus asks for the faces of the base font as it is imported.
    from reportlab.platypus import paragraph

    # reportlab shapes a word with the font of its first piece alone: Latin brackets around a
    # Burmese name would take its letters with them into a font that has none.
    paragraph.shapeFragWord = shape_by_font  # type: ignore[attr-defined]


def _whole_face() -> Any:  # noqa: ANN401 - a class made here
    """A font that refuses what it has no glyph for, whoever prints it."""
    from reportlab.pdfbase.ttfonts import TTFont

    class Whole(TTFont):
        """A TrueType font."""

        def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> Any:  # noqa: ANN401, N802
            """Codes of a text in the subsets of the font."""
            lacking = "".join(
                each
                for each in dict.fromkeys(text)
                if ord(each) not in self.face.charToGlyph and each != "\xa0"
            )
            if lacking:
                raise _without_glyph(lacking, text, f"font {self.fontName}")
            return super().splitString(text, doc, encoding)

    return Whole


@lru_cache(maxsize=32)
def _glyphs(font: str) -> frozenset[int]:
    from reportlab.pdfbase import pdfmetrics

    face = pdfmetrics.getFont(font).face  # type: ignore[attr-defined]
    return frozenset(face.charToGlyph)
