"""The path language of SVG (1.1, section 8.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reetrace.report.curves import CLOSE, CURVE, LINE, MOVE, Pieces, Point, arc

_MOST_PIECES = 40_000

_TOKEN = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_FLAG, _FLAGS = re.compile("[01]"), (3, 4)
"""Which of the seven numbers of an arc are flags."""

_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


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
                self._curve(*points)
            case "S":
                self._curve(self._mirrored("C"), *points)
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

    def _curve(self, one: Point, two: Point, end: Point) -> None:
        self.made += [(CURVE, one), (CURVE, two), (CURVE, end)]
        self.lever = two

    def _bow(self, lever: Point, end: Point) -> None:
        """A curve of degree two as one of degree three."""
        one = tuple(a + 2 / 3 * (b - a) for a, b in zip(self.at, lever, strict=True))
        two = tuple(a + 2 / 3 * (b - a) for a, b in zip(end, lever, strict=True))
        self.made += [(CURVE, (one[0], one[1])), (CURVE, (two[0], two[1])), (CURVE, end)]
        self.lever = lever
