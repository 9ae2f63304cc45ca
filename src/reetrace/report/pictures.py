"""Pictures on a page: numbered figures with their captions, bare pictures, rules.

The classes are made on first use, because their bases come from reportlab, which importing the
library must not load.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reetrace.report import tagging
from reetrace.report.stored import draw_stored
from reetrace.report.tagging import Node

if TYPE_CHECKING:
    from reetrace.report.figures.plate import Elastic, Picture

MM = 72.0 / 25.4

_ABOVE_CAPTION = 1.2 * MM
"""Between a figure and its caption."""

_LEAST_GROWTH_MM = 4
"""Below it a figure is not drawn anew."""


@lru_cache(maxsize=1)
def plate_class() -> Any:  # noqa: ANN401, C901 - a class made here
    """A figure and its caption in one piece, a little smaller where that saves a page break."""
    from reportlab.platypus import Flowable

    from reetrace.report.figures.plate import Elastic

    class PlateBlock(Flowable):
        """One figure."""

        def __init__(
            self,
            picture: Picture | Elastic,
            caption: Any,  # noqa: ANN401 - a flowable
            node: Node,
            *,
            gap: float,
            least_scale: float,
        ) -> None:
            super().__init__()
            self.elastic = picture if isinstance(picture, Elastic) else None
            self.usual = picture.at(picture.usual_mm) if isinstance(picture, Elastic) else picture
            self.picture, self.caption, self.gap = self.usual, caption, gap
            self.around = 2 * gap + _ABOVE_CAPTION
            self.other: tuple[int, Picture] | None = None
            self.node = node
            self.least_scale = least_scale
            self.scale = 1.0

        def least_height(self, width: float) -> float:
            """Height at the smallest scale, caption included."""
            _, caption_height = self.caption.wrap(width, 10_000)
            least_mm = self.usual.height_mm * self.least_scale
            if self.elastic is not None and self.elastic.least_mm is not None:
                lower = self.elastic.usual_mm - self.elastic.least_mm
                least_mm = min(least_mm, self.usual.height_mm - lower)
            return float(least_mm * MM + caption_height + self.around)

        def usual_height(self, width: float) -> float:
            """Height as it is drawn where nothing presses, caption included."""
            _, caption_height = self.caption.wrap(width, 10_000)
            return float(self.usual.height_mm * MM + caption_height + self.around)

        def spare(self, width: float) -> float:
            """How much lower it may be drawn for the sake of what follows."""
            if self.elastic is None or self.elastic.least_mm is None:
                return 0.0
            return min(
                self.usual_height(width) - self.least_height(width),
                (self.elastic.usual_mm - self.elastic.least_mm) * MM,
            )

        def grow(self, points: float) -> None:
            """Draws the figure taller by as much, or lower, as far as it may be; else as usual."""
            self.picture, elastic = self.usual, self.elastic
            more = math.floor(points / MM)
            if elastic is None or (more < 0 and elastic.least_mm is None):
                return
            more = min(more, int(elastic.most_mm - elastic.usual_mm))
            if elastic.least_mm is not None:
                more = max(more, int(elastic.least_mm - elastic.usual_mm))
            if 0 <= more < _LEAST_GROWTH_MM:
                return
            if self.other is None or self.other[0] != more:
                self.other = more, elastic.at(elastic.usual_mm + more)
            self.picture = self.other[1]

        def wrap(self, width: float, height: float) -> tuple[float, float]:
            """As large as there is room for, down to the smallest scale."""
            _, caption_height = self.caption.wrap(width, height)
            rest = caption_height + self.around
            full = self.picture.height_mm * MM
            # Half a point short of the room: an exact fit is lost to rounding.
            fitting = (height - rest - 0.5) / full
            self.scale = fitting if self.least_scale <= fitting < 1 else 1.0
            self.scale = min(self.scale, width / (self.picture.width_mm * MM))
            self.size = width, full * self.scale + rest
            self.caption_height = caption_height
            return self.size

        def draw(self) -> None:
            """The figure above its caption."""
            wide = self.picture.width_mm * MM * self.scale
            _put(
                self.canv,
                lambda: self.picture.image,
                ((self.size[0] - wide) / 2, self.caption_height + self.gap + _ABOVE_CAPTION),
                (wide, self.picture.height_mm * MM * self.scale),
                self.node,
            )
            self.caption.drawOn(self.canv, 0, self.gap)

    return PlateBlock


@lru_cache(maxsize=1)
def image_class() -> Any:  # noqa: ANN401 - a class made here
    """A bare picture of fixed width, for covers and cells."""
    from reportlab.platypus import Flowable

    class Bare(Flowable):
        """One picture."""

        def __init__(self, image: bytes, width_mm: float, height_mm: float, node: Node) -> None:
            super().__init__()
            self.image, self.width, self.height = image, width_mm * MM, height_mm * MM
            self.node = node

        def wrap(self, _width: float, _height: float) -> tuple[float, float]:
            """Its own size."""
            return self.width, self.height

        def draw(self) -> None:
            """The picture."""
            _put(self.canv, lambda: self.image, (0, 0), (self.width, self.height), self.node)

    return Bare


@lru_cache(maxsize=1)
def rule_class() -> Any:  # noqa: ANN401 - a class made here
    """A rule across the text."""
    from reportlab.platypus import HRFlowable

    class Rule(HRFlowable):
        """A line that says nothing."""

        def draw(self) -> None:
            """The line as an artifact."""
            with tagging.artifact(self.canv):
                super().draw()

    return Rule


def _put(
    canvas: Any,  # noqa: ANN401 - reportlab's canvas
    image: Callable[[], bytes],
    place: tuple[float, float],
    size: tuple[float, float],
    node: Node,
) -> None:
    """Draws a picture as a figure; left out where a pass only counts pages."""
    if canvas.draft:
        return
    (left, base), (width, height) = place, size
    with tagging.content(canvas, node):
        draw_stored(canvas, image(), place, size)
    corners = (
        canvas.absolutePosition(left, base),
        canvas.absolutePosition(left + width, base + height),
    )
    canvas.marks.boxes[node] = (*corners[0], *corners[1])


def opaque(image: bytes) -> bytes:
    """A plain PNG without transparency, on white: what lies beneath a report is paper."""
    from PIL import Image

    with Image.open(io.BytesIO(image)) as opened:
        seen = opened.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        paper.alpha_composite(seen)
    out = io.BytesIO()
    paper.convert("RGB").save(out, "PNG")
    return out.getvalue()
