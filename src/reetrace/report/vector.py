"""The plain part of SVG: filled and stroked shapes, read with nothing fetched and nothing run."""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass, field
from typing import Any

from reetrace.core.errors import TemplateError
from reetrace.report.curves import Affine, Pieces, ellipse, even_odd, polyline, rounded
from reetrace.report.outline import outline_of

SVG_BYTES = 256 * 1024
_MOST_ELEMENTS, _DEEPEST = 2_000, 24
_LONG_SIDE_PX = 1_200
_MOST_RATIO = 10.0

_SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
_SILENT = frozenset({"title", "desc", "metadata"})
_STYLES = (
    "fill", "fill-opacity", "fill-rule", "opacity", "stroke", "stroke-opacity", "stroke-width",
)  # fmt: skip
_INHERITED = {"fill": "black", "stroke": "none", "stroke-width": "1", "fill-rule": "nonzero"}
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_TRANSFORM = re.compile(r"\s*,?\s*(\w+)\s*\(([^)]*)\)")


@dataclass
class Shape:
    """One shape with its colours, in the units of the drawing."""

    pieces: Pieces
    fill: str
    stroke: str
    fill_opacity: float
    stroke_opacity: float
    width: float


@dataclass
class Drawing:
    """What an SVG draws."""

    box: tuple[float, float, float, float]
    """(left, top, width, height)."""
    shapes: list[Shape] = field(default_factory=list)


@dataclass
class _Reader:
    """Follows the elements of a file; whatever is not listed is refused by name."""

    name: str
    where: str
    drawing: Drawing | None = None
    stack: list[tuple[dict[str, str], Affine]] = field(default_factory=list)
    elements: int = 0
    silent: int = 0

    def fault(self, what: str) -> TemplateError:
        """A complaint with the file's name."""
        return TemplateError(
            f"{self.where}: {self.name!r}: {what}. Save it as plain shapes, or as a PNG."
        )

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element begins."""
        tag = tag.rsplit(":", 1)[-1]
        self.elements += 1
        if self.elements > _MOST_ELEMENTS or len(self.stack) + self.silent >= _DEEPEST:
            raise self.fault(f"has over {_MOST_ELEMENTS} elements, or some over {_DEEPEST} deep")
        if self.silent or tag in _SILENT:
            self.silent += 1
            return
        if self.drawing is None:
            if tag != "svg":
                raise self.fault(f"begins with {tag[:40]!r}, not svg")
            self.drawing = Drawing(self._box(given))
        elif tag not in _SHAPES | {"g"}:
            raise self.fault(f"holds {tag[:40]!r}, which is not drawn here")
        style, affine = self._style(given), self._affine(given)
        self.stack.append((style, affine))
        if tag in _SHAPES:
            self._draw(tag, given, style, affine)

    def end(self, _tag: str) -> None:
        """An element ends."""
        if self.silent:
            self.silent -= 1
        else:
            self.stack.pop()

    def _style(self, given: dict[str, str]) -> dict[str, str]:
        own = dict(self.stack[-1][0]) if self.stack else dict(_INHERITED)
        opacity = float(own.get("opacity", "1"))
        for key in given:
            if key.lower().startswith("on") or key.rsplit(":", 1)[-1] == "href":
                raise self.fault(f"has the attribute {key[:40]!r}")
        said = {key: given[key] for key in _STYLES if key in given}
        for part in given.get("style", "").split(";"):
            key, _, value = part.partition(":")
            if key.strip() in _STYLES:
                said[key.strip()] = value.strip()
        if "opacity" in said:
            said["opacity"] = str(opacity * self.number(said["opacity"], "opacity"))
        return own | said

    def _affine(self, given: dict[str, str]) -> Affine:
        affine = self.stack[-1][1] if self.stack else Affine()
        for verb, values in _TRANSFORM.findall(given.get("transform", "")):
            numbers = [self.number(each, "transform") for each in re.findall(_NUMBER, values)]
            try:
                affine = affine.then(Affine.of(verb, numbers))
            except (TypeError, ValueError, KeyError) as fault:
                raise self.fault(f"has the transform {verb[:20]!r}") from fault
        return affine

    def _box(self, given: dict[str, str]) -> tuple[float, float, float, float]:
        numbers = re.findall(_NUMBER, given.get("viewBox", ""))
        if not numbers:
            numbers = ["0", "0", given.get("width", "0"), given.get("height", "0")]
        box = [self.number(each.removesuffix("px"), "viewBox") for each in numbers]
        if (
            len(box) != 4  # noqa: PLR2004 - corner and size
            or min(box[2:]) <= 0
            or max(box[2] / box[3], box[3] / box[2]) > _MOST_RATIO
        ):
            raise self.fault(f"has no viewBox, or a side over {_MOST_RATIO:g} times the other")
        return box[0], box[1], box[2], box[3]

    def number(self, text: str, what: str) -> float:
        """A number as it stands in the file."""
        plain = text.strip().removesuffix("px")
        value = float(plain) if re.fullmatch(_NUMBER, plain) and len(plain) < 40 else math.inf  # noqa: PLR2004
        if not abs(value) < 1e6:  # noqa: PLR2004 - a drawing, not a map
            raise self.fault(f"has {what} {text[:30]!r}, which is no number it could have")
        return value

    def _draw(self, tag: str, given: dict[str, str], style: dict[str, str], affine: Affine) -> None:
        def at(key: str) -> float:
            return self.number(given.get(key, "0"), key)

        match tag:
            case "path":
                pieces = self._outline(given.get("d", ""))
            case "rect":
                pieces = rounded(at("x"), at("y"), at("width"), at("height"))
            case "circle":
                pieces = ellipse(at("cx"), at("cy"), at("r"), at("r"))
            case "ellipse":
                pieces = ellipse(at("cx"), at("cy"), at("rx"), at("ry"))
            case "line":
                pieces = polyline([(at("x1"), at("y1")), (at("x2"), at("y2"))], closed=False)
            case _:
                flat = [
                    self.number(each, "points")
                    for each in re.findall(_NUMBER, given.get("points", ""))
                ]
                points = list(zip(flat[::2], flat[1::2], strict=False))
                pieces = polyline(points, closed=tag == "polygon")
        if style["fill-rule"] == "evenodd":
            pieces = even_odd(pieces)
        opacity = float(style.get("opacity", "1"))
        drawing = self.drawing
        if drawing is not None and pieces:
            drawing.shapes.append(
                Shape(
                    affine.of_pieces(pieces),
                    self._colour(style["fill"]),
                    self._colour(style["stroke"]),
                    opacity * self.number(style.get("fill-opacity", "1"), "fill-opacity"),
                    opacity * self.number(style.get("stroke-opacity", "1"), "stroke-opacity"),
                    self.number(style["stroke-width"], "stroke-width") * affine.scale,
                )
            )

    def _outline(self, text: str) -> Pieces:
        try:
            return outline_of(text)
        except ValueError as fault:
            raise self.fault(f"has a path that cannot be read ({fault})") from fault

    def _colour(self, text: str) -> str:
        from matplotlib.colors import is_color_like

        plain = text.strip().lower()
        rgb = re.fullmatch(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)", plain)
        if rgb:
            return "#" + "".join(f"{min(255, int(each)):02x}" for each in rgb.groups())
        if plain != "none" and not (re.fullmatch(r"#?\w{1,24}", plain) and is_color_like(plain)):
            raise self.fault(f"has the colour {text[:30]!r}, which is no plain colour")
        return plain


def read_svg(name: str, content: bytes, where: str) -> Drawing:
    """The shapes of an SVG file.

    Raises:
        TemplateError: It is broken or large, or holds anything but shapes: words, pictures,
            gradients, styles apart, scripts, links, entities.
    """
    from xml.parsers import expat

    reader = _Reader(name, where)
    if len(content) > SVG_BYTES:
        raise reader.fault(f"has {len(content):,} bytes; at most {SVG_BYTES:,} may be")
    parser = expat.ParserCreate("utf-8")

    def refuse(*_given: Any) -> None:  # noqa: ANN401 - whatever the parser met
        raise reader.fault("has a DOCTYPE, entities or instructions")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(content, True)  # noqa: FBT003 - the parser's own way to say: all of it
    except (expat.ExpatError, ValueError) as fault:
        if isinstance(fault, TemplateError):
            raise
        raise reader.fault(f"is no SVG ({fault})") from fault
    if reader.drawing is None or not reader.drawing.shapes:
        raise reader.fault("draws nothing")
    return reader.drawing


def draw_svg(drawing: Drawing, name: str, where: str) -> bytes:
    """A drawing as a PNG on white, the same bytes every time."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    left, top, wide, tall = drawing.box
    scale = _LONG_SIDE_PX / max(wide, tall)
    figure = Figure(figsize=(wide * scale / 100, tall * scale / 100), dpi=100, facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(left, left + wide)
    axes.set_ylim(top + tall, top)
    for shape in drawing.shapes:
        path = Outline([point for _, point in shape.pieces], [code for code, _ in shape.pieces])
        for colour, opacity, filled in (
            (shape.fill, shape.fill_opacity, True),
            (shape.stroke, shape.stroke_opacity, False),
        ):
            if colour != "none":
                points = 0.0 if filled else shape.width * scale * 0.72
                axes.add_patch(
                    PathPatch(
                        path,
                        facecolor=colour if filled else "none",
                        edgecolor="none" if filled else colour,
                        alpha=min(1.0, max(0.0, opacity)),
                        linewidth=points,
                    )
                )
    out = io.BytesIO()
    try:
        FigureCanvasAgg(figure)
        figure.savefig(out, format="png", metadata={"Software": None})
    except (OverflowError, ValueError, MemoryError) as fault:
        raise TemplateError(f"{where}: {name!r} cannot be drawn. Save it as a PNG.") from fault
    return out.getvalue()
