"""What flows down a page in words: paragraphs in three scripts, items of lists.

The class is made on first use, because its base comes from reportlab, which importing the
library must not load.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reetrace.reading import language
from reetrace.report import breaking, fonts, tagging
from reetrace.report.fonts import Span
from reetrace.report.shaping import actual_text, meanings
from reetrace.report.tagging import Node
from reetrace.report.voices import CHINESE, language_of

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle


_UNIT = re.compile(r"(?<=\d) (?=(?:%|km²|km|ha|nm|m)(?!\w))")
"""The space between a number and its unit, at which no line may break."""

_NO_BREAK = "\u00a0"

_SUNK = 0.22
"""Share of its size by which Burmese is set lower: its marks rise above Latin capitals."""

_SLACK = 3.0
"""Points by which reportlab may reckon a line of several scripts wider than its pieces."""


def span_markup(spans: Sequence[Span]) -> str:
    """Paragraph markup of some words."""
    return "".join(fonts.markup(span.text, span.face, span.language) for span in spans)


@lru_cache(maxsize=1)
def words_class() -> Any:  # noqa: ANN401, C901 - a class made here
    """A paragraph that sets Burmese: shaped, broken between syllables, and found by a search."""
    from reportlab.platypus import Paragraph

    class Words(Paragraph):
        """Words of mixed scripts."""

        def __init__(
            self,
            spans: Sequence[Span] | None,
            style: ParagraphStyle,
            **options: Any,  # noqa: ANN401
        ) -> None:
            self.spans = tuple(
                span._replace(text=_UNIT.sub(_NO_BREAK, span.text)) for span in spans or ()
            )
            self.burmese = any(fonts.has_burmese(span.text) for span in self.spans)
            self.empty = spans is not None and not any(span.text.strip() for span in self.spans)
            # Nor does reportlab know where Chinese may be broken; a name in it stays in one piece.
            self.by_hand = self.burmese or (
                language.code() == CHINESE and any(fonts.has_han(each.text) for each in self.spans)
            )
            self.broken_at = 0.0
            self.laid: tuple[float, Any, Any] | None = None
            self.node: Node | None = None
            self.mark, self.label = "", None
            if self.burmese:
                # Burmese vowels hang low: with a Latin leading they touch the line beneath.
                style = style.clone(
                    style.name, shaping=1, leading=max(style.leading, style.fontSize * 1.75)
                )
            self.sunk = _SUNK * style.fontSize if self.burmese else 0.0
            text = span_markup(self.spans) if spans is not None else None
            super().__init__(text, style, **options)  # type: ignore[arg-type]

        def wrap(self, width: float, height: float) -> Any:  # noqa: ANN401
            """Breaks the lines first where reportlab would cut a syllable; once for each width."""
            if self.laid is not None and self.laid[0] == width:
                # A split that was in vain has thrown the lines away.
                _, size, self.blPara = self.laid
                return size
            if self.by_hand and width != self.broken_at:
                self.broken_at = width
                inner = width - self.style.leftIndent - self.style.rightIndent - _SLACK
                lines = breaking.break_lines(list(self.spans), self.style.fontSize, inner)
                broken = "<br/>".join(span_markup(line).rstrip() for line in lines)
                Paragraph.__init__(self, broken, self.style)
            size = super().wrap(width, height)
            if hasattr(self, "blPara"):
                self.laid = width, size, self.blPara
            return size

        def split(self, width: float, height: float) -> list[Any]:
            """Both parts are one element; the mark of an item stands before the first alone."""
            parts: list[Any] = super().split(width, height)
            for order, part in enumerate(parts):
                if part is not self:
                    part.node, part.sunk = self.node, self.sunk
                    if not order:
                        part.mark, part.label = self.mark, self.label
            return parts

        def draw(self) -> None:
            """The words as a piece of their element; the mark of an item is one of its own."""
            canvas: Any = self.canv
            if getattr(canvas, "draft", False):
                return
            canvas.translate(0, -self.sunk)
            if self.mark:
                with tagging.content(canvas, self.label):
                    canvas.setFillColor(self.style.textColor)
                    canvas.setFont(self.style.fontName, self.style.fontSize)
                    base = self.height - self.style.fontSize
                    canvas.drawString(self.style.bulletIndent, base, self.mark)
            if not self.empty:
                with tagging.content(canvas, self.node):
                    super().draw()

        def beginText(self, left: float, base: float) -> Any:  # noqa: ANN401, N802 - reportlab's name
            """A text that is read as it was written."""
            text: Any = self.canv.beginText(left, base)
            _voice(text, " ".join("".join(span.text for span in self.spans).split()))
            return text

    return Words


def _voice(text: Any, whole: str) -> None:  # noqa: ANN401 - reportlab's text object
    """Makes a text say its true characters, and the spaces at which its lines were broken.

    Args:
        text: Still to be written into.
        whole: The words of the paragraph; empty where they are not known.
    """
    plain, out, at = text._formatText, text._textOut, 0  # noqa: SLF001 - no other way in

    def shown(piece: str) -> str:
        marks = getattr(text._canvas, "marks", None)  # noqa: SLF001 - no other way in
        if marks is not None:
            for glyph, stands_for in meanings(piece):
                marks.letters.setdefault(ord(glyph), stands_for)
        return _spoken(plain(piece), piece, text._fontname)  # noqa: SLF001 - no other way in

    def line(piece: str, ends: int = 0) -> None:
        nonlocal at
        said = (actual_text(piece) or piece).replace(_NO_BREAK, " ").strip()
        found = whole.find(said, at) if said else -1
        at = found + len(said) if found >= 0 else at
        broken_at_space = whole[at : at + 1] == " " and found >= 0
        out(piece, 0)
        if ends and broken_at_space and not piece.endswith(" "):
            out(" ", 0)
        if ends:
            out("", 1)

    text._formatText, text._textOut = shown, line  # noqa: SLF001 - no other way in


def _spoken(code: str, piece: str, font: str) -> str:
    """Operators that show a piece of text, with its language and its true characters."""
    spoken = language_of(font, piece)
    actual = actual_text(piece)
    if not piece or not (spoken or actual):
        return code
    said = f"/Lang ({spoken})" if spoken else ""
    said += f" /ActualText <feff{actual.encode('utf-16-be').hex()}>" if actual else ""
    return f"/Span <<{said}>> BDC {code} EMC"


def words(spans: Sequence[Span], style: ParagraphStyle) -> Any:  # noqa: ANN401 - made class
    """A paragraph of these words."""
    return words_class()(spans, style)


def marked(
    spans: Sequence[Span], mark: str, style: ParagraphStyle, label: Node | None, body: Node | None
) -> Any:  # noqa: ANN401 - made class
    """An item of a list: words with a mark in their indent."""
    made = words_class()(spans, style)
    made.mark, made.label, made.node = mark, label, body
    return made
