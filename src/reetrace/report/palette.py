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

_GROUND = 0.000_5
"""Share of a picture from which a colour is a ground, a line or a class: it never moves."""


def with_palette(pixels: NDArray[np.uint8]) -> Image | None:
    """A picture with a palette, or none where its colours are too many and too far apart.

    Colours that cover ground stay as they are. Those that lie only along the edges of letters and
    lines take that of the nearest which is more common.

    Args:
        pixels: Shape (rows, cols, 4): red, green, blue, and one byte that is not looked at.
    """
    from PIL import Image

    packed = (np.ascontiguousarray(pixels).view("<u4")[..., 0] & 0xFFFFFF).astype(np.intp)
    places = np.zeros(1 << 24, dtype=np.uint16)
    places[packed] = 1
    colours = np.flatnonzero(places)
    if len(colours) > _TOO_MANY:
        return None
    places[colours] = np.arange(len(colours))
    at = places[packed]
    counts = np.bincount(at.ravel(), minlength=len(colours))
    rgb = np.stack([colours & 255, colours >> 8 & 255, colours >> 16], axis=1).astype(np.int16)
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
    # The commonest first; of colours as common as one another the darkest in blue.
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
