"""Shapes as lines and curves of degree three: what SVG (1.1, chapters 7 and 9) draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
Pieces = list[tuple[int, Point]]
"""(code, point): 1 move, 2 line, 4 curve (three in a row), 79 close, as matplotlib has them."""

MOVE, LINE, CURVE, CLOSE = 1, 2, 4, 79

_MOST_RINGS = 400

# Four curves of degree three with this lever come within 0.03 % of a circle.
_LEVER = 4 / 3 * (math.sqrt(2) - 1)


@dataclass(frozen=True)
class Affine:
    """x' = a x + c y + e, y' = b x + d y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    @classmethod
    def of(cls, verb: str, numbers: Sequence[float]) -> Affine:
        """A transform of SVG; ValueError or KeyError where there is none such."""
        first, second = numbers[0], (numbers[1] if len(numbers) > 1 else None)
        match verb, len(numbers):
            case "matrix", 6:
                return cls(*numbers)
            case "translate", 1 | 2:
                return cls(e=first, f=second or 0.0)
            case "scale", 1 | 2:
                return cls(a=first, d=first if second is None else second)
            case "rotate", 1 | 3:
                turn = math.radians(first)
                cos, sin = math.cos(turn), math.sin(turn)
                x, y = (numbers[1], numbers[2]) if second is not None else (0.0, 0.0)
                return cls(cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)
        raise KeyError(verb)

    def then(self, inner: Affine) -> Affine:
        """The transform that does the inner one first."""
        return Affine(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            self.a * inner.e + self.c * inner.f + self.e,
            self.b * inner.e + self.d * inner.f + self.f,
        )

    @property
    def scale(self) -> float:
        """By how much lengths grow, on the whole."""
        return math.sqrt(abs(self.a * self.d - self.b * self.c))

    def of_pieces(self, pieces: Pieces) -> Pieces:
        """An outline moved."""
        return [
            (code, (self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f))
            for code, (x, y) in pieces
        ]


def polyline(points: Sequence[Point], *, closed: bool) -> Pieces:
    """Points joined by lines."""
    if len(points) < 2:  # noqa: PLR2004 - a line has two ends
        return []
    made = [(MOVE, points[0]), *((LINE, each) for each in points[1:])]
    return [*made, (CLOSE, points[0])] if closed else made


def rounded(left: float, top: float, wide: float, tall: float) -> Pieces:
    """A rectangle."""
    right, foot = left + wide, top + tall
    return polyline([(left, top), (right, top), (right, foot), (left, foot)], closed=True)


def ellipse(x: float, y: float, wide: float, tall: float) -> Pieces:
    """An ellipse around its middle."""
    return [(MOVE, (x + wide, y)), *_quarters(x, y, wide, tall), (CLOSE, (x + wide, y))]


def _quarters(x: float, y: float, wide: float, tall: float) -> Pieces:
    made: Pieces = []
    corners = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0), (1.0, 0.0)]
    for (ax, ay), (bx, by) in pairwise(corners):
        for px, py in (
            (ax + _LEVER * bx, ay + _LEVER * by),
            (bx + _LEVER * ax, by + _LEVER * ay),
            (bx, by),
        ):
            made.append((CURVE, (x + wide * px, y + tall * py)))
    return made


def even_odd(pieces: Pieces) -> Pieces:
    """The same outline, its holes turned round, so that they are holes by the other rule, too.

    Raises:
        ValueError: It has too many rings to compare each with each.
    """
    from matplotlib.path import Path as Outline

    parts: list[Pieces] = []
    for code, point in pieces:
        if code == MOVE or not parts:
            parts.append([])
        parts[-1].append((code, point))
    if len(parts) > _MOST_RINGS:
        raise ValueError(f"a shape of more than {_MOST_RINGS} rings")
    rings = [[point for _, point in part] for part in parts]
    made: Pieces = []
    for part, ring in zip(parts, rings, strict=True):
        within = sum(Outline(other).contains_point(ring[0]) for other in rings if other is not ring)
        turned = (_signed_area(ring) > 0) == (within % 2 == 0)
        made += part if turned else _backwards(part)
    return made


def _signed_area(ring: Sequence[Point]) -> float:
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]))


def _backwards(part: Pieces) -> Pieces:
    drawn = [each for each in part if each[0] != CLOSE]
    codes = [code for code, _ in drawn[1:]][::-1]
    points = [point for _, point in drawn][::-1]
    return [(MOVE, points[0]), *zip(codes, points[1:], strict=True), (CLOSE, points[0])]


def arc(start: Point, how: Sequence[float], end: Point) -> Pieces:
    """An arc of an ellipse as curves (SVG 1.1, appendix F.6).

    Args:
        start: Where the pen is.
        how: Both radii, the turn of the ellipse in degrees, and the two flags.
        end: Where it goes.
    """
    wide, tall, turn = abs(how[0]), abs(how[1]), math.radians(how[2])
    if not wide or not tall or start == end:
        return [(LINE, end)]
    cos, sin = math.cos(turn), math.sin(turn)
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos * half_x + sin * half_y, cos * half_y - sin * half_x
    short = (x / wide) ** 2 + (y / tall) ** 2
    if short > 1:
        wide, tall = wide * math.sqrt(short), tall * math.sqrt(short)
    rest = (wide * tall) ** 2 / ((wide * y) ** 2 + (tall * x) ** 2) - 1
    far = math.sqrt(max(0.0, rest)) * (1 if bool(how[3]) != bool(how[4]) else -1)
    mid_x, mid_y = far * wide * y / tall, -far * tall * x / wide
    middle = (
        cos * mid_x - sin * mid_y + (start[0] + end[0]) / 2,
        sin * mid_x + cos * mid_y + (start[1] + end[1]) / 2,
    )
    first = math.atan2((y - mid_y) / tall, (x - mid_x) / wide)
    last = math.atan2((-y - mid_y) / tall, (-x - mid_x) / wide)
    sweep = (last - first) % (2 * math.pi) if how[4] else -((first - last) % (2 * math.pi))
    steps = max(1, math.ceil(abs(sweep) / (math.pi / 2) - 1e-9))
    moved = Affine(cos * wide, sin * wide, -sin * tall, cos * tall, middle[0], middle[1])
    made = moved.of_pieces(_on_circle(first, sweep / steps, steps))
    return [*made[:-1], (CURVE, end)]


def _on_circle(first: float, step: float, steps: int) -> Pieces:
    """Arcs of the unit circle one after another."""
    lever, made = 4 / 3 * math.tan(step / 4), []
    for index in range(steps):
        one, two = first + index * step, first + (index + 1) * step
        made += [
            (CURVE, (math.cos(one) - lever * math.sin(one), math.sin(one) + lever * math.cos(one))),
            (CURVE, (math.cos(two) + lever * math.sin(two), math.sin(two) - lever * math.cos(two))),
            (CURVE, (math.cos(two), math.sin(two))),
        ]
    return made
