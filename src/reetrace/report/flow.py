"""What flows down a page: words in three scripts, figures that fit, boxes.

The classes are made on first use, because their bases come from reportlab, which importing the
library must not load.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reetrace.report import fonts
from reetrace.report.fonts import Span

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

    from reetrace.report.figures.plate import Picture

MM = 72.0 / 25.4


def span_markup(spans: Sequence[Span]) -> str:
    """Paragraph markup of some words."""
    return "".join(fonts.markup(span.text, span.face) for span in spans)


@lru_cache(maxsize=1)
def words_class() -> Any:  # noqa: ANN401 - a class made here
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
            self.spans = tuple(spans or ())
            self.burmese = any(fonts.has_burmese(span.text) for span in self.spans)
            self.broken_at = 0.0
            if self.burmese:
                # Burmese vowels hang low: with a Latin leading they touch the line beneath.
                style = style.clone(
                    style.name, shaping=1, leading=max(style.leading, style.fontSize * 1.75)
                )
            text = span_markup(self.spans) if spans is not None else None
            super().__init__(text, style, **options)  # type: ignore[arg-type]

        def wrap(self, width: float, height: float) -> Any:  # noqa: ANN401
            """Breaks the lines first where reportlab would cut a syllable."""
            if self.burmese and width != self.broken_at:
                self.broken_at = width
                inner = width - self.style.leftIndent - self.style.rightIndent
                lines = fonts.break_lines(list(self.spans), self.style.fontSize, inner)
                broken = "<br/>".join(span_markup(line).rstrip() for line in lines)
                Paragraph.__init__(self, broken, self.style)
            return super().wrap(width, height)

        def draw(self) -> None:
            """Hangs the true text behind shaped glyphs, whose codes mean nothing to a search."""
            if not self.burmese:
                super().draw()
                return
            text = "".join(span.text for span in self.spans)
            actual = "feff" + text.encode("utf-16-be").hex()
            code = self.canv._code  # type: ignore[attr-defined]  # noqa: SLF001 - no other way in
            code.append(f"/Span <</ActualText <{actual}>>> BDC")
            super().draw()
            code.append("EMC")

    return Words


def words(spans: Sequence[Span], style: ParagraphStyle) -> Any:  # noqa: ANN401 - made class
    """A paragraph of these words."""
    return words_class()(spans, style)


@lru_cache(maxsize=1)
def plate_class() -> Any:  # noqa: ANN401 - a class made here
    """A figure and its caption in one piece, a little smaller where that saves a page break."""
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Flowable

    class PlateBlock(Flowable):
        """One figure."""

        def __init__(
            self,
            picture: Picture,
            caption: Any,  # noqa: ANN401 - a flowable
            *,
            gap: float,
            least_scale: float,
        ) -> None:
            super().__init__()
            self.picture, self.caption, self.gap = picture, caption, gap
            self.least_scale = least_scale
            self.scale = 1.0

        def least_height(self, width: float) -> float:
            """Height at the smallest scale, caption included."""
            _, caption_height = self.caption.wrap(width, 10_000)
            return float(
                self.picture.height_mm * MM * self.least_scale + caption_height + 2 * self.gap
            )

        def wrap(self, width: float, height: float) -> tuple[float, float]:
            """As large as there is room for, down to the smallest scale."""
            _, caption_height = self.caption.wrap(width, height)
            rest = caption_height + 2 * self.gap
            full = self.picture.height_mm * MM
            # Half a point short of the room: an exact fit is lost to rounding.
            fitting = (height - rest - 0.5) / full
            self.scale = fitting if self.least_scale <= fitting < 1 else 1.0
            self.scale = min(self.scale, width / (self.picture.width_mm * MM))
            self.size = width, full * self.scale + rest
            self.caption_height = caption_height
            return self.size

        def draw(self) -> None:
            """The figure above its caption; left out where a pass only counts pages."""
            self.caption.drawOn(self.canv, 0, self.gap)
            if self.canv.draft:  # type: ignore[attr-defined]
                return
            wide = self.picture.width_mm * MM * self.scale
            self.canv.drawImage(
                ImageReader(io.BytesIO(self.picture.image)),
                (self.size[0] - wide) / 2,
                self.caption_height + self.gap,
                wide,
                self.picture.height_mm * MM * self.scale,
            )

    return PlateBlock


@lru_cache(maxsize=1)
def image_class() -> Any:  # noqa: ANN401 - a class made here
    """A bare picture of fixed width, for covers and cells."""
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Flowable

    class Bare(Flowable):
        """One picture."""

        def __init__(self, image: bytes, width_mm: float, height_mm: float) -> None:
            super().__init__()
            self.image, self.width, self.height = image, width_mm * MM, height_mm * MM

        def wrap(self, _width: float, _height: float) -> tuple[float, float]:
            """Its own size."""
            return self.width, self.height

        def draw(self) -> None:
            """The picture; left out where a pass only counts pages."""
            if not self.canv.draft:  # type: ignore[attr-defined]
                reader = ImageReader(io.BytesIO(self.image))
                self.canv.drawImage(reader, 0, 0, self.width, self.height, mask="auto")

    return Bare


def marked(paragraph: Any, mark: str, style: ParagraphStyle) -> Any:  # noqa: ANN401
    """An item of a list: the same words with a mark in their indent."""
    return words_class()(paragraph.spans, style, bulletText=mark)
