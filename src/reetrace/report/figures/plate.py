"""A sheet of fixed size in millimetres that figures are drawn on and printed from."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.reading.jpeg import jpeg
from reetrace.reading.language import plain
from reetrace.report import breaking, fonts
from reetrace.report.figures.families import figure_families
from reetrace.report.palette import with_palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

P = ParamSpec("P")
T = TypeVar("T")

Form = Literal["png", "jpeg"]

MM_PER_INCH = 25.4
DOTS_PER_INCH = 200
DOTS_PER_MM = DOTS_PER_INCH / MM_PER_INCH
BAND_MM = 4.6
"""Height of the band over figures of drawn imagery."""

_BAND_TEXT_MM = 56.0
"""Width of the notice with some room beside it, at its full size."""

_TITLE, _LONG_TITLE = 8.0, 6.8
"""Points of the title of a panel, and of one that is long."""

_UNEVEN = 1.2

TITLE_LINE_MM = 4.2
"""Room that a second line of a title needs."""

INK, QUIET, RULE = "#1b1f24", "#5b6470", "#c9ced6"

_STYLE: dict[str, Any] = {
    "font.size": 7.0,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.5,
    "axes.titlesize": 8.0,
    "axes.titleweight": "bold",
    "axes.titlecolor": INK,
    "axes.titlepad": 3.5,
    # Where it would be put too, after a look at every label of the axes.
    "axes.titley": 1.0,
    "axes.unicode_minus": True,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelsize": 6.0,
    "ytick.labelsize": 6.0,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
    "xtick.major.size": 2.0,
    "ytick.major.size": 2.0,
    "xtick.major.pad": 1.5,
    "ytick.major.pad": 1.5,
    "legend.frameon": False,
    "legend.fontsize": 6.5,
    "hatch.linewidth": 0.5,
    "lines.linewidth": 1.0,
    "text.parse_math": False,
    "svg.hashsalt": "reetrace",
}


class Picture:
    """A figure of known size; what takes long, its image, is made when it is first asked for."""

    def __init__(self, image: Callable[[], bytes], width_mm: float, height_mm: float) -> None:
        self._make: Callable[[], bytes] | None = image
        self.width_mm = width_mm
        self.height_mm = height_mm

    @functools.cached_property
    def image(self) -> bytes:
        """PNG or JPEG without transparency."""
        if self._make is None:
            raise ValueError("the image was made already")
        # What draws it holds the whole sheet in memory, and is needed once.
        made, self._make = self._make(), None
        return made


@dataclass(frozen=True)
class Elastic:
    """A figure that can be drawn taller or lower where a page would else be left white."""

    draw: Callable[..., Picture]
    side: Literal["height_mm", "most_mm"]
    """The option that says how tall, exactly or at most."""
    usual_mm: float
    most_mm: float
    least_mm: float | None = None
    """How low, without what is in it becoming hard to read."""

    def at(self, tall_mm: float) -> Picture:
        """The figure at a height."""
        return self.draw(**{self.side: tall_mm})


def title_lines(title: str, width_mm: float, *, most: int = 1) -> list[str]:
    """A title in lines no wider than its panel; the last ends in an ellipsis where it was cut."""
    room = width_mm / MM_PER_INCH * 72
    if fonts.text_width(title, _TITLE, "bold") <= room:
        return [title]
    # Of even length: the last syllable of a name does not stand in a line of its own.
    even = fonts.text_width(title, _LONG_TITLE, "bold") / most * _UNEVEN
    broken = breaking.break_lines([fonts.Span(title, "bold")], _LONG_TITLE, min(room, even))
    lines = ["".join(span.text for span in line).strip() for line in broken]
    rest = " ".join(lines[most - 1 :])
    return [*lines[: most - 1], breaking.elided(rest, _LONG_TITLE, room)]


def entitle(axes: Axes, title: str, *, most: int = 1) -> None:
    """Writes the title of a panel above it, smaller where it is long, never into the next."""
    lines = title_lines(title, axes.get_window_extent().width / DOTS_PER_MM, most=most)
    axes.set_title("\n".join(lines), fontsize=_TITLE if lines == [title] else _LONG_TITLE)


def drawn(function: Callable[P, T]) -> Callable[P, T]:
    """Draws in the report's style and leaves the style of the process as it was."""

    @functools.wraps(function)
    def within(*arguments: P.args, **options: P.kwargs) -> T:
        with styled():
            return function(*arguments, **options)

    return within


_FAMILIES: ContextVar[tuple[str, ...]] = ContextVar("families", default=())
"""Typefaces of the style in force; none outside of it."""


@contextmanager
def styled() -> Iterator[None]:
    """Sets the report's style; within itself it is set already."""
    import matplotlib as mpl

    families = tuple(figure_families())
    if families == _FAMILIES.get():
        yield
        return
    before = _FAMILIES.set(families)
    try:
        with mpl.rc_context():
            mpl.rcdefaults()
            settings: dict[Any, Any] = {**_STYLE, "font.family": list(families)}
            mpl.rcParams.update(settings)
            yield
    finally:
        _FAMILIES.reset(before)


class Plate:
    """The sheet. Drawn imagery is named on it when it is printed; no caller can leave that out."""

    def __init__(self, width_mm: float, height_mm: float, *, simulated: bool) -> None:
        from matplotlib.figure import Figure

        self._simulated = simulated
        self.width_mm = width_mm
        self.height_mm = height_mm
        self._full_mm = height_mm + (BAND_MM if simulated else 0.0)
        self.figure: Figure = Figure(
            figsize=(width_mm / MM_PER_INCH, self._full_mm / MM_PER_INCH),
            dpi=DOTS_PER_INCH,
            facecolor="white",
        )

    def axes(self, left_mm: float, bottom_mm: float, width_mm: float, height_mm: float) -> Axes:
        """Axes at a place counted from the lower left corner."""
        return self.figure.add_axes(
            (
                left_mm / self.width_mm,
                bottom_mm / self._full_mm,
                width_mm / self.width_mm,
                height_mm / self._full_mm,
            )
        )

    def text(self, left_mm: float, bottom_mm: float, text: str, **style: object) -> None:
        """Words at a place counted from the lower left corner."""
        self.figure.text(left_mm / self.width_mm, bottom_mm / self._full_mm, text, **style)  # type: ignore[arg-type]

    def print(self, form: Form = "png") -> Picture:
        """The finished figure: JPEG for what is like a photograph, PNG for flat colours."""
        from matplotlib.text import Text

        if self._simulated:
            self._band()
        for each in self.figure.findobj(Text):
            # A picture has no voice: marks of language are for words beside it.
            if each.get_text() != plain(each.get_text()):
                each.set_text(plain(each.get_text()))
        made = functools.partial(_rendered, self.figure, form)
        return Picture(made, self.width_mm, self._full_mm)

    def _band(self) -> None:
        from matplotlib.patches import Rectangle

        share = BAND_MM / self._full_mm
        self.figure.add_artist(
            Rectangle((0, 1 - share), 1, share, facecolor="#8c1c13", edgecolor="none", zorder=1000)
        )
        self.figure.text(
            0.5,
            1 - share / 2,
            SIMULATED_NOTICE,
            ha="center",
            va="center_baseline",
            color="white",
            weight="bold",
            size=min(7.5, 7.5 * self.width_mm / _BAND_TEXT_MM),
            zorder=1001,
        )


def _rendered(figure: Figure, form: Form) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    with styled():
        canvas.draw()  # type: ignore[no-untyped-call]
    return _encode(canvas, form)


def _encode(canvas: object, form: Form) -> bytes:
    import numpy as np
    from PIL import Image

    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[attr-defined]
    out = io.BytesIO()
    if form == "png":
        few = with_palette(pixels)
        if few is not None:
            few.save(out, "PNG", compress_level=8)
            return out.getvalue()
    if form == "jpeg":
        return jpeg(pixels[..., :3], progressive=True)
    Image.fromarray(np.ascontiguousarray(pixels[..., :3])).save(out, "PNG", compress_level=6)
    return out.getvalue()
