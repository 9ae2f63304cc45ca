"""Pictures of few colours: charts and maps of classes take a third of the room with a palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

_MOST_COLOURS = 256

_TOO_MANY = 8_192
"""Different colours beyond which a picture is like a photograph."""

NEAR = (4, 8, 12)
"""Steps of a channel (of 255) by which colours of edges may move, the fewest tried first."""

_COLOUR, _PLACES = 0xFFFFFF, np.array([1, 1 << 8, 1 << 16])
"""The bytes of a pixel that are its colour, as one number."""

_GROUND = 0.000_5
"""Share of a picture from which a colour is a ground, a line or a class: it never moves."""


def with_palette(pixels: NDArray[np.uint8]) -> Image | None:
    """A picture with a palette, or none where its colours are too many and too far apart.

    Colours that cover ground stay as they are. Those that lie only along the edges of letters and
    lines take that of the nearest which is more common.

    Args:
        pixels: Shape (rows, cols, 4): red, green, blue and opacity, which is full everywhere.
    """
    from PIL import Image

    found = Image.fromarray(pixels).getcolors(_TOO_MANY)
    if found is None:
        return None
    # By colour: the order in which they are found is no business of ours.
    found.sort(key=lambda each: each[1])
    counts = np.array([count for count, _ in found])
    rgb = np.array([colour[:3] for _, colour in found], dtype=np.int16)  # type: ignore[index]
    places = np.zeros(1 << 24, dtype=np.uint16)
    places[rgb @ _PLACES] = np.arange(len(rgb))
    at = places[np.ascontiguousarray(pixels).view("<u4")[..., 0] & _COLOUR]
    for near in NEAR:
        palette, entries = _merged(rgb, counts, near)
        if len(palette) <= _MOST_COLOURS:
            made = Image.fromarray(entries[at])
            made.putpalette(palette.astype(np.uint8).tobytes())
            return made
    return None


def _merged(
    rgb: NDArray[np.int16], counts: NDArray[np.intp], near: int
) -> tuple[NDArray[np.int16], NDArray[np.uint8]]:
    """The palette, and the entry of every colour; one entry too many where they do not fit."""
    ground = counts.sum() * _GROUND
    palette = np.empty((_MOST_COLOURS + 1, 3), dtype=np.int16)
    entries, filled = np.zeros(len(rgb), dtype=np.uint8), 0
    # The commonest first; of colours as common as one another the darkest in red.
    for each in np.argsort(-counts, kind="stable"):
        apart = np.abs(palette[:filled] - rgb[each]).max(axis=1, initial=0)
        nearest = int(apart.argmin()) if filled else 0
        if filled and apart[nearest] <= near and counts[each] < ground:
            entries[each] = nearest
            continue
        palette[filled] = rgb[each]
        entries[each] = filled % _MOST_COLOURS
        filled += 1
        if filled > _MOST_COLOURS:
            break
    return palette[:filled], entries
