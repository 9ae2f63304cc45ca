"""The list of contents: every section with its page, each line a link to it.

The classes are made on first use, because their bases come from reportlab, which importing the
library must not load.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reetrace.reading.language import say
from reetrace.report import flow, tagging
from reetrace.report.breaking import elided
from reetrace.report.fonts import SANS, Span, text_width
from reetrace.report.tagging import Node

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

_ROOM_FOR_PAGE = 30.0
"""Points kept free for the number of a page and some dots before it."""


@lru_cache(maxsize=1)
def contents_class() -> Any:  # noqa: ANN401 - a class made here
    """The list, made anew in every pass over the pages until no number moves."""
    from reportlab.platypus import Table
    from reportlab.platypus.tableofcontents import TableOfContents

    class Contents(TableOfContents):
        """Lines of title, dots and page."""

        def __init__(self, style: ParagraphStyle, place: Node, lines: int) -> None:
            super().__init__()
            self.style, self.lines = style, lines
            self.node = Node("TOC", place)

        def wrap(self, width: float, height: float) -> tuple[float, float]:
            """As high as its lines, of which the first pass knows no more than the number."""
            known: Any = self
            entries = known._lastEntries or [(0, "–", 0, "")] * self.lines  # noqa: SLF001 - no other way
            lines = [
                [_line_class()(title, page, key, self.style, Node("TOCI", self.node))]
                for _level, title, page, key in entries
            ]
            pads = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP")]
            own = ("FONTNAME", (0, 0), (-1, -1), SANS)
            self._table = Table(lines, colWidths=(width,), style=[own, *pads])
            self.width, self.height = self._table.wrapOn(self.canv, width, height)
            return self.width, self.height

    return Contents


@lru_cache(maxsize=1)
def _line_class() -> Any:  # noqa: ANN401 - a class made here
    from reportlab.platypus import Flowable

    class Line(Flowable):
        """One line: the title and the number of its page are one link."""

        def __init__(
            self, title: str, page: int, key: str, style: ParagraphStyle, node: Node
        ) -> None:
            super().__init__()
            self.title, self.page, self.key, self.style = title, page, key, style
            self.link = Node("Link", Node("Reference", node))

        def wrap(self, width: float, _height: float) -> tuple[float, float]:
            """One line high."""
            shown = elided(self.title, self.style.fontSize, width - _ROOM_FOR_PAGE)
            self.words = flow.words([Span(shown)], self.style)
            self.words.node = self.link
            self.used = text_width(shown, self.style.fontSize)
            _, self.height = self.words.wrap(width, 10_000)
            self.width = width
            return width, self.height

        def draw(self) -> None:
            """Title, dots, page, and the link over all of them."""
            if not self.key:
                return
            canvas: Any = self.canv
            number = str(self.page)
            size, font = self.style.fontSize, self.style.fontName
            base = self.height - size
            self.words.drawOn(canvas, 0, 0)
            dot = text_width(". ", size)
            left = self.width - text_width(f" {number}", size)
            # Dots of all lines stand beneath one another: counted from the right.
            count = max(0, int((left - self.used - dot) / dot))
            canvas.setFont(font, size)
            canvas.setFillColor(self.style.textColor)
            with tagging.artifact(canvas):
                canvas.drawString(left - count * dot, base, ". " * count)
            with tagging.content(canvas, self.link):
                canvas.drawRightString(self.width, base, number)
            canvas.linkRect("", self.key, (0, 0, self.width, self.height), relative=1)
            canvas.marks.annotation(
                canvas, self.link, say("{title}, page {page}", title=self.title, page=number)
            )

    return Line
