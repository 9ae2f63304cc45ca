"""Outlines of shapes: the path language of SVG (SVG 1.1, chapter 8) as curves of degree three."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
Pieces = list[tuple[int, Point]]
"""(code, point): 1 move, 2 line, 4 curve (three in a row), 79 close, as matplotlib has them."""

MOVE, LINE, CURVE, CLOSE = 1, 2, 4, 79

_MOST_PIECES = 40_000

_TOKEN = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_FLAG, _FLAGS = re.compile("[01]"), (3, 4)
"""Which of the seven numbers of an arc are flags."""

_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}

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
    """The same outline, its holes turned round, so that they are holes by the other rule, too."""
    from matplotlib.path import Path as Outline

    parts: list[Pieces] = []
    for code, point in pieces:
        if code == MOVE or not parts:
            parts.append([])
        parts[-1].append((code, point))
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


def outline_of(text: str) -> Pieces:
    """The outline that the `d` of a path describes.

    Raises:
        ValueError: It is not in the language of paths, or has too many pieces.
    """
    pen = _Pen()
    command = ""
    numbers: list[float] = []
    for letter, number in _tokens(text):
        if letter:
            if numbers or (command and _TAKES[command.upper()] and not pen.moved):
                raise ValueError(f"{command!r} lacks numbers")
            command = letter
            pen.moved = False
            if letter in "Zz":
                pen.close()
            continue
        if not command or command in "Zz":
            raise ValueError("a number stands before any letter")
        numbers.append(float(number))
        if len(numbers) == _TAKES[command.upper()]:
            pen.draw(command, numbers)
            # After a move, further points are lines.
            command = {"M": "L", "m": "l"}.get(command, command)
            numbers = []
    if numbers:
        raise ValueError(f"{command!r} lacks numbers")
    return pen.made


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """(letter, number), one of them empty; the flags of an arc may stand without a gap."""
    at, place, in_arc = 0, 0, False
    while at < len(text):
        if text[at] in " \t\r\n,":
            at += 1
            continue
        flag = in_arc and place % 7 in _FLAGS
        found = (_FLAG if flag else _TOKEN).match(text, at)
        if found is None:
            raise ValueError(f"{text[at : at + 20]!r} is no part of one")
        letter, number = ("", found[0]) if flag else (found[1] or "", found[2] or "")
        place = 0 if letter else place + 1
        in_arc = letter in "Aa" if letter else in_arc
        at = found.end()
        yield letter, number


class _Pen:
    """Where a path has come to."""

    def __init__(self) -> None:
        self.made: Pieces = []
        self.at: Point = (0.0, 0.0)
        self.began: Point = (0.0, 0.0)
        self.lever: Point | None = None
        """Last control point of a curve, and of which kind."""
        self.kind = ""
        self.moved = False

    def close(self) -> None:
        """Back to where the outline began."""
        if self.made:
            self.made.append((CLOSE, self.began))
        self.at, self.kind, self.moved = self.began, "", True

    def draw(self, command: str, numbers: list[float]) -> None:
        """One command with its numbers."""
        kind, base = command.upper(), (self.at if command.islower() else (0.0, 0.0))
        if not self.made and kind != "M":
            raise ValueError("it does not begin with a move")
        if len(self.made) > _MOST_PIECES:
            raise ValueError("it has too many pieces")
        self.moved = True
        points = [
            (base[0] + numbers[i], base[1] + numbers[i + 1]) for i in range(0, len(numbers) - 1, 2)
        ]
        match kind:
            case "M":
                self.began = points[0]
                self.made.append((MOVE, points[0]))
            case "L":
                self.made.append((LINE, points[0]))
            case "H":
                self.made.append((LINE, (base[0] + numbers[0], self.at[1])))
            case "V":
                self.made.append((LINE, (self.at[0], base[1] + numbers[0])))
            case "C":
                self._curve(kind, points[0], points[1], points[2])
            case "S":
                self._curve("C", self._mirrored("C"), points[0], points[1])
            case "Q" | "T":
                lever = points[0] if kind == "Q" else self._mirrored("Q")
                self._bow(lever, points[-1])
            case _:
                end = (base[0] + numbers[5], base[1] + numbers[6])
                self.made += arc(self.at, numbers[:5], end)
        self.at = self.made[-1][1]
        self.kind = {"C": "C", "S": "C", "Q": "Q", "T": "Q"}.get(kind, "")

    def _mirrored(self, kind: str) -> Point:
        if self.kind != kind or self.lever is None:
            return self.at
        return 2 * self.at[0] - self.lever[0], 2 * self.at[1] - self.lever[1]

    def _curve(self, _kind: str, one: Point, two: Point, end: Point) -> None:
        self.made += [(CURVE, one), (CURVE, two), (CURVE, end)]
        self.lever = two

    def _bow(self, lever: Point, end: Point) -> None:
        """A curve of degree two as one of degree three."""
        one = tuple(a + 2 / 3 * (b - a) for a, b in zip(self.at, lever, strict=True))
        two = tuple(a + 2 / 3 * (b - a) for a, b in zip(end, lever, strict=True))
        self.made += [(CURVE, (one[0], one[1])), (CURVE, (two[0], two[1])), (CURVE, end)]
        self.lever = lever


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
