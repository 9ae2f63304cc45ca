"""Colours of class and index rasters; every code its own, so that a colour tells its code."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import EvidenceError

Colour = tuple[int, int, int]

_HEX = re.compile(r"#[0-9a-fA-F]{6}")

# Yellow to green as the report prints it, darker towards dense plants in grey too; water and
# shadow, below zero, go to violet.
_NDVI_STOPS: tuple[tuple[float, str], ...] = (
    (-1.0, "#3f1d6b"),
    (-0.3, "#b2abd2"),
    (0.0, "#fffbe0"),
    (0.25, "#d9f0a3"),
    (0.5, "#78c679"),
    (0.75, "#238443"),
    (0.9, "#004529"),
    (1.0, "#00210f"),
)

_EXTENT_STOPS: tuple[tuple[float, str], ...] = (
    (0.0, "#ffe066"),
    (0.35, "#fd8d3c"),
    (0.7, "#e31a1c"),
    (1.0, "#99001f"),
)

OFTEN: tuple[tuple[int, str, str], ...] = (
    (0, "#3b0f70", "never"),
    (1, "#8c2981", "once"),
    (2, "#de4968", "twice"),
    (3, "#fe9f6d", "3–4 times"),
    (5, "#fcfdbf", "5 times or more"),
)
"""(from how many clear views on, colour, words)."""

MOST_VIEWS = 254
"""Clear views above this are shown as this."""

NDVI_STEPS = 100
"""Steps of the index to 1.0; code 1 is -1.0, 0 is not seen."""


def parse(colour: str) -> Colour:
    """Red, green and blue of `#rrggbb`.

    Raises:
        EvidenceError: It is no such colour; it would go into a page as it stands.
    """
    if not _HEX.fullmatch(colour):
        raise EvidenceError(f"evidence: colour {colour!r} of the legend: '#rrggbb' was needed.")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def written(colour: Colour) -> str:
    """`#rrggbb`."""
    return f"#{colour[0]:02x}{colour[1]:02x}{colour[2]:02x}"


def ndvi_palette() -> list[Colour]:
    """Colour by code, -1.00 at code 1 to 1.00 at code 201."""
    indices = np.arange(-NDVI_STEPS, NDVI_STEPS + 1) / NDVI_STEPS
    return [(255, 255, 255), *_between(_NDVI_STOPS, indices)]


def views_palette() -> list[Colour]:
    """Colour by the number of clear views."""
    steps = [each[0] for each in OFTEN]
    classes = np.searchsorted(steps, np.arange(MOST_VIEWS + 1), side="right") - 1
    return [parse(OFTEN[position][1]) for position in classes]


def extent_colours(number: int) -> list[str]:
    """From pale yellow for the first epoch to dark red for the last."""
    if number == 1:
        return [_EXTENT_STOPS[-2][1]]
    return [written(each) for each in _between(_EXTENT_STOPS, np.linspace(0.0, 1.0, number))]


def _between(stops: Sequence[tuple[float, str]], at: NDArray[np.float64]) -> list[Colour]:
    places = [place for place, _ in stops]
    parts = np.array([parse(colour) for _, colour in stops], dtype=np.float64)
    channels = [np.rint(np.interp(at, places, parts[:, each])) for each in range(3)]
    return [(int(r), int(g), int(b)) for r, g, b in zip(*channels, strict=True)]


def told_apart(palette: Sequence[Colour]) -> list[Colour]:
    """The same colours, equal ones moved by so little that no eye sees it, each found once."""
    taken: set[Colour] = set()
    apart = []
    for colour in palette:
        moved = next(each for each in _neighbours(colour) if each not in taken)
        taken.add(moved)
        apart.append(moved)
    return apart


def _neighbours(colour: Colour) -> Iterator[Colour]:
    """A colour and those around it, the nearest first."""
    for reach in range(256):
        sides = [range(max(0, each - reach), min(255, each + reach) + 1) for each in colour]
        for red, green, blue in itertools.product(*sides):
            away = max(abs(red - colour[0]), abs(green - colour[1]), abs(blue - colour[2]))
            if away == reach:
                yield red, green, blue
