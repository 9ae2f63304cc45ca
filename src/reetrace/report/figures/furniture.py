"""Graticule, scale bar and north arrow of a map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from reetrace.report.figures.plate import DOTS_PER_MM, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Bounds = tuple[float, float, float, float]
"""(west, south, east, north) in metres of the grid's CRS."""

# Steps between the lines of a graticule, in minutes of arc.
_STEPS_MINUTES = (0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300)

# A patch of paper beneath scale bar and arrow: they must be read on dark forest and on bright pits.
_PAPER: dict[str, Any] = {"facecolor": "white", "alpha": 0.86, "linewidth": 0, "zorder": 8}

_ROUND_LENGTHS = (1.0, 2.0, 5.0)

_LABEL_ROOM_MM = 17.0
"""A label of a graticule and the room beside it."""


def graticule(axes: Axes, bounds: Bounds, epsg: int, *, latitudes: bool) -> None:
    """Meridians and parallels, labelled where they meet the lower and the left edge."""
    from pyproj import Transformer

    west, south, east, north = bounds
    back = Transformer.from_crs(epsg, 4326, always_xy=True)
    forth = Transformer.from_crs(4326, epsg, always_xy=True)
    edge = np.linspace(0, 1, 9)
    sides = [
        (west + (east - west) * edge, np.full(9, south)),
        (west + (east - west) * edge, np.full(9, north)),
        (np.full(9, west), south + (north - south) * edge),
        (np.full(9, east), south + (north - south) * edge),
    ]
    corners = [back.transform(*side) for side in sides]
    # Meridians meet the lower edge and parallels the left edge: labels belong where they do.
    lower, left = corners[0], corners[2]
    box = axes.get_window_extent()
    wide_mm, high_mm = box.width / DOTS_PER_MM, box.height / DOTS_PER_MM
    across = _round_degrees(lower[0][0], lower[0][-1], wanted=wide_mm / _LABEL_ROOM_MM)
    up = _round_degrees(left[1][0], left[1][-1], wanted=high_mm / _LABEL_ROOM_MM)
    line: dict[str, Any] = {"color": "#ffffff", "linewidth": 0.35, "alpha": 0.55, "zorder": 3}
    parallels = np.linspace(lower[1].min() - 0.1, corners[1][1].max() + 0.1, 40)
    meridians = np.linspace(left[0].min() - 0.1, corners[3][0].max() + 0.1, 40)
    for longitude in across:
        axes.plot(*forth.transform(np.full(40, longitude), parallels), **line)
    for latitude in up:
        axes.plot(*forth.transform(meridians, np.full(40, latitude)), **line)
    eastings = [float(np.interp(each, lower[0], sides[0][0])) for each in across]
    northings = [float(np.interp(each, left[1], sides[2][1])) for each in up]
    metres = (east - west) / wide_mm
    axes.set_xticks(eastings)
    axes.set_xticklabels(
        _clear_of_edges(
            [degrees(each, "E", "W") for each in across],
            [(each - west) / metres for each in eastings],
            wide_mm,
            room_mm=5.0,
        )
    )
    axes.set_yticks(northings)
    labels = _clear_of_edges(
        [degrees(each, "N", "S") for each in up],
        [(each - south) / metres for each in northings],
        high_mm,
        room_mm=1.6,
    )
    axes.set_yticklabels(labels if latitudes else [])
    axes.tick_params(length=1.6)


def _clear_of_edges(
    labels: list[str], places_mm: list[float], length_mm: float, *, room_mm: float
) -> list[str]:
    """Labels without those so near an end of their side that they would run into a neighbour's."""
    kept = [
        label if room_mm <= place <= length_mm - room_mm else ""
        for label, place in zip(labels, places_mm, strict=True)
    ]
    if labels and not any(kept):
        middle = min(range(len(labels)), key=lambda at: abs(places_mm[at] - length_mm / 2))
        kept[middle] = labels[middle]
    return kept


def _round_degrees(low: float, high: float, *, wanted: float) -> list[float]:
    """Round angles between two, about as many as wanted."""
    span = (high - low) * 60
    step = next((each for each in _STEPS_MINUTES if span / each <= max(wanted, 1.0)), 600.0) / 60
    first = math.ceil(low / step - 1e-9)
    return [step * each for each in range(first, math.floor(high / step + 1e-9) + 1)]


def degrees(angle: float, positive: str, negative: str) -> str:
    """An angle in degrees and minutes with its letter.

    >>> degrees(98.0, "E", "W"), degrees(-25.0, "N", "S")
    ('98°E', '25°S')
    """
    angle = (angle + 180) % 360 - 180 if positive == "E" else angle
    quarters = round(abs(angle) * 240)
    whole, rest = divmod(quarters, 240)
    minutes, seconds = divmod(rest, 4)
    text = f"{whole}°"
    if minutes or seconds:
        text += f"{minutes:02d}\u2032"
    if seconds:
        text += f"{seconds * 15:02d}\u2033"
    return text + (positive if angle >= 0 else negative)


def scale_bar(axes: Axes, bounds: Bounds) -> None:
    """A bar of round length in the lower left corner."""
    from matplotlib.patches import Rectangle

    west, south, east, _ = bounds
    metres = (east - west) / (axes.get_window_extent().width / DOTS_PER_MM)
    length = round_length((east - west) * 0.42)
    left, low = west + 2.2 * metres, south + 2.2 * metres
    axes.add_patch(
        Rectangle(
            (left - 1.2 * metres, low - 1.1 * metres),
            length + 2.4 * metres,
            5.2 * metres,
            **_PAPER,
        )
    )
    for share, colour in ((1.0, "white"), (0.5, INK)):
        axes.add_patch(
            Rectangle(
                (left, low),
                length * share,
                0.9 * metres,
                facecolor=colour,
                edgecolor=INK,
                linewidth=0.5,
                zorder=9,
            )
        )
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"  # noqa: PLR2004 - metres
    axes.text(
        left + length / 2, low + 1.4 * metres, text, ha="center", va="bottom", size=5.8, zorder=9
    )


def round_length(longest_m: float) -> float:
    """The longest round length that is no longer.

    >>> round_length(1680.0), round_length(999.0)
    (1000.0, 500.0)
    """
    power = 10.0 ** math.floor(math.log10(longest_m))
    return max(each * power for each in _ROUND_LENGTHS if each * power <= longest_m)


def north_arrow(axes: Axes, bounds: Bounds) -> None:
    """An arrow to grid north in the upper right corner."""
    from matplotlib.patches import Polygon, Rectangle

    west, _, east, north = bounds
    metres = (east - west) / (axes.get_window_extent().width / DOTS_PER_MM)
    right, top = east - 3.2 * metres, north - 1.6 * metres
    axes.add_patch(
        Rectangle((right - 2.2 * metres, top - 8.0 * metres), 4.4 * metres, 8.8 * metres, **_PAPER)
    )
    shape = ((0.0, 0.0), (-1.5, -4.6), (0.0, -3.5), (1.5, -4.6))
    corners = [(right + x * metres, top + y * metres) for x, y in shape]
    axes.add_patch(Polygon(corners, closed=True, facecolor=INK, linewidth=0, zorder=9))
    axes.text(
        right, top - 4.9 * metres, "N", ha="center", va="top", size=6, weight="bold", zorder=9
    )
