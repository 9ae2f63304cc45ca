"""Maps of what was classified: land cover, what became of it, extents over the years."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reetrace.core.evidence import Evidence
from reetrace.core.geometry import MultiPolygon
from reetrace.core.landcover import NOT_SEEN
from reetrace.reading import lookup, stretch
from reetrace.reading.language import quote, say
from reetrace.reading.rasters import GAINED, LOST, STAYED, STAYED_OTHER, Rasters
from reetrace.report.figures import imagery, maps
from reetrace.report.figures.plate import (
    INK,
    TITLE_LINE_MM,
    Picture,
    Plate,
    drawn,
    entitle,
    title_lines,
)

FIRST_COLOUR, LAST_COLOUR = "#ffd92f", "#d7191c"
"""The yellow and red of the study's extents."""

FATE_COLOURS = {
    STAYED: "#332288",
    GAINED: "#d55e00",
    LOST: "#56b4e9",
    STAYED_OTHER: "#ecece4",
    NOT_SEEN: "#ffffff",
}
"""Told apart by hue for colour-blind readers and by lightness in grey print."""


def extent_colours(number: int) -> list[str]:
    """From pale yellow for the first epoch to dark red for the last."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    shades = colormaps["YlOrRd"](np.linspace(0.12, 1.0, max(number, 2)))
    return [to_hex(each) for each in shades][-number:]


@drawn
def landcover(rasters: Rasters, *, width_mm: float, most_mm: float) -> Picture:
    """The classes of every epoch."""
    from matplotlib.colors import ListedColormap

    evidence = rasters.evidence
    ground = imagery.ground_of(rasters)
    epochs = [each.label for each in evidence.epochs if rasters.has(each.label, "landcover")]
    colours = ["#ffffff"] * 256
    for each in evidence.legend.classes:
        colours[each.code] = each.colour
    panels, height = maps.arrange(
        len(epochs), ground.bounds, width_mm=width_mm, most_mm=most_mm, foot_mm=8.0
    )
    plate = Plate(width_mm, height, simulated=evidence.simulated)
    lines = imagery.zone_outlines(evidence)
    for position, epoch in enumerate(epochs):
        axes = plate.axes(*panels.place(position))
        codes = rasters.landcover(epoch)
        axes.imshow(
            codes,
            extent=rasters.extent,
            cmap=ListedColormap(colours),
            vmin=-0.5,
            vmax=255.5,
            interpolation="nearest",
        )
        maps.hatch_unseen(axes, rasters.extent, codes == NOT_SEEN)
        imagery.finish_panel(axes, ground, position, panels, title=epoch)
        imagery.mark_zones(axes, ground, lines)
    classes = [maps.swatch(each.colour, quote(each.title)) for each in evidence.legend.classes]
    maps.legend(plate, [*classes, *imagery.line_entries(rasters, lines)], left_mm=panels.legend_mm)
    return plate.print("png")


@drawn
def from_to(
    rasters: Rasters, spans: list[tuple[str, str]], *, width_mm: float, most_mm: float
) -> Picture:
    """What became of the target class, one panel a pair of epochs."""
    from matplotlib.colors import ListedColormap

    evidence = rasters.evidence
    ground = imagery.ground_of(rasters)
    colours = [FATE_COLOURS.get(code, "#ffffff") for code in range(256)]
    panels, height = maps.arrange(
        len(spans), ground.bounds, width_mm=width_mm, most_mm=most_mm, foot_mm=11.0
    )
    plate = Plate(width_mm, height, simulated=evidence.simulated)
    lines = imagery.zone_outlines(evidence)
    for position, (first, last) in enumerate(spans):
        axes = plate.axes(*panels.place(position))
        codes = rasters.fate(first, last)
        axes.imshow(
            codes,
            extent=rasters.extent,
            cmap=ListedColormap(colours),
            vmin=-0.5,
            vmax=255.5,
            interpolation="nearest",
        )
        maps.hatch_unseen(axes, rasters.extent, codes == NOT_SEEN)
        imagery.finish_panel(axes, ground, position, panels, title=f"{first}–{last}")
        imagery.mark_zones(axes, ground, lines)
    fates = [maps.swatch(FATE_COLOURS[code], label) for code, label in fate_labels(evidence)]
    maps.legend(
        plate, [*fates, *imagery.line_entries(rasters, lines)], columns=4, left_mm=panels.legend_mm
    )
    return plate.print("png")


def fate_labels(evidence: Evidence) -> list[tuple[int, str]]:
    """(code, words) of what can become of the target class."""
    title = lookup.target_title(evidence)
    names = [each.name for each in evidence.legend.classes if each.name != evidence.legend.target]
    other = lookup.class_title(evidence, names[0]) if len(names) == 1 else say("Other")
    return [
        (STAYED, f"{title} – {title.lower()}"),
        (GAINED, f"{other} – {title.lower()}"),
        (LOST, f"{title} – {other.lower()}"),
        (STAYED_OTHER, f"{other} – {other.lower()}"),
    ]


def footprint(evidence: Evidence, epoch: str) -> MultiPolygon:
    """Outline of the target class in the whole study area at one epoch."""
    for each in evidence.footprints:
        if each.zone_set == "study-area" and each.epoch == epoch and each.zone != "none":
            return each.geometry
    return ()


@drawn
def nested(rasters: Rasters, *, width_mm: float, height_mm: float) -> Picture:
    """The extents of every epoch over the latest natural-colour picture."""
    evidence = rasters.evidence
    ground = imagery.ground_of(rasters)
    epochs = [each.label for each in evidence.epochs]
    colours = extent_colours(len(epochs))
    mines = [zone for each in evidence.zone_sets if each.id == "mines" for zone in each.zones]
    zooms = [(imagery.ground_of(rasters, each.geometry), quote(each.name)) for each in mines]
    frames, height_mm = _side_by_side(ground, zooms, width_mm, height_mm)
    plate = Plate(width_mm, height_mm, simulated=evidence.simulated)
    picture = _latest_picture(rasters)
    lines = imagery.zone_outlines(evidence)
    for position, (shown, place, title) in enumerate(frames):
        axes = plate.axes(*place)
        if picture is not None:
            axes.imshow(_washed(picture), extent=rasters.extent, interpolation="nearest")
        imagery.hatch_unseen(axes, rasters, epochs[-1])
        # The last and largest first, so that earlier extents lie on top of it.
        for epoch, colour in reversed(list(zip(epochs, colours, strict=True))):
            maps.filled(
                axes,
                shown,
                footprint(evidence, epoch),
                colour,
                edgecolor=INK,
                linewidth=0.25,
                zorder=2,
            )
        entitle(axes, title, most=2)
        maps.furnish(axes, shown, scale=True, latitudes=True)
        imagery.mark_zones(
            axes,
            shown,
            lines if position == 0 else {k: v for k, v in lines.items() if k == "border"},
        )
    entries = [
        maps.swatch(colour, epoch, edgecolor=INK)
        for epoch, colour in zip(epochs, colours, strict=True)
    ]
    maps.legend(plate, [*entries, *imagery.line_entries(rasters, lines)], columns=7)
    return plate.print("jpeg")


_Frame = tuple[maps.Ground, tuple[float, float, float, float], str]
"""What is shown; its left edge, foot, width and height in mm; its title."""


def _side_by_side(
    whole: maps.Ground, zooms: list[tuple[maps.Ground, str]], width_mm: float, height_mm: float
) -> tuple[list[_Frame], float]:
    """The whole area on the left, close-ups stacked on its right where there are any.

    Returns:
        The frames, and how tall a sheet they need.
    """
    foot, head, gap, between = 10.0, 5.0, 15.0, 9.5
    height = height_mm - foot - head
    wide = _width_at(whole, height)
    if not zooms or wide > width_mm * 0.55:
        wide = min(wide, width_mm - maps.LEFT_MM - 1)
        tall = wide / _width_at(whole, 1.0)
        left = maps.LEFT_MM + (width_mm - maps.LEFT_MM - 1 - wide) / 2
        return [(whole, (left, foot, wide, tall), say("Whole area"))], foot + tall + head
    talls = [1 / _width_at(ground, 1.0) for ground, _ in zooms]
    room = width_mm - maps.LEFT_MM - wide - gap - 1
    zoom_wide = min(room, (height - between * (len(zooms) - 1)) / sum(talls))
    more = [TITLE_LINE_MM * (len(title_lines(name, zoom_wide, most=2)) - 1) for _, name in zooms]
    zoom_wide = min(room, (height - sum(more) - between * (len(zooms) - 1)) / sum(talls))
    left = maps.LEFT_MM + (room - zoom_wide) / 2
    frames: list[_Frame] = [(whole, (left, foot, wide, height), say("Whole area"))]
    top = foot + height
    for (ground, name), tall, lines_mm in zip(zooms, talls, more, strict=True):
        high = zoom_wide * tall
        top -= lines_mm
        frames.append((ground, (left + wide + gap, top - high, zoom_wide, high), name))
        top -= high + between
    return frames, height_mm


def _width_at(ground: maps.Ground, height: float) -> float:
    west, south, east, north = ground.bounds
    return height * (east - west) / (north - south)


_WASH = 0.55
"""Share of white over a picture on which extents lie: in grey print dark red on forest is lost."""


def _washed(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """A picture in lighter and quieter tones."""
    grey = picture.mean(axis=-1, keepdims=True)
    return np.asarray(_WASH + (1 - _WASH) * (picture + grey) / 2, dtype=np.float32)


def _latest_picture(rasters: Rasters) -> np.ndarray | None:
    pictures = stretch.stretched(rasters, stretch.NATURAL)
    return pictures[max(pictures)] if pictures else None


@drawn
def first_and_last(
    rasters: Rasters, area: MultiPolygon, *, width_mm: float, most_mm: float
) -> Picture:
    """Natural colour at the first and at the last epoch, and both extents in yellow and red."""
    evidence = rasters.evidence
    ground = imagery.ground_of(rasters, area)
    first, last = evidence.epochs[0].label, evidence.epochs[-1].label
    pictures = stretch.stretched(rasters, stretch.NATURAL)
    panels, height = maps.arrange(3, ground.bounds, width_mm=width_mm, most_mm=most_mm, foot_mm=7.0)
    plate = Plate(width_mm, height, simulated=evidence.simulated)
    lines = imagery.zone_outlines(evidence)
    both = say("Extent {first} and {last}", first=first, last=last)
    for position, title in enumerate((first, last, both)):
        axes = plate.axes(*panels.place(position))
        background = pictures.get(last if position else first)
        if background is not None:
            shown = _washed(background) if title == both else background
            axes.imshow(shown, extent=rasters.extent, interpolation="nearest")
        imagery.hatch_unseen(axes, rasters, last if position else first)
        if title == both:
            for order, (epoch, colour) in enumerate(((last, LAST_COLOUR), (first, FIRST_COLOUR))):
                shape = footprint(evidence, epoch)
                style = {"edgecolor": INK, "linewidth": 0.3, "zorder": 2 + 0.1 * order}
                maps.filled(axes, ground, shape, colour, **style)
        imagery.finish_panel(axes, ground, position, panels, title=title)
        imagery.mark_zones(axes, ground, lines)
    entries = [
        maps.swatch(FIRST_COLOUR, say("Extent {epoch}", epoch=first), edgecolor=INK),
        maps.swatch(LAST_COLOUR, say("Extent {epoch}", epoch=last), edgecolor=INK),
    ]
    maps.legend(plate, [*entries, *imagery.line_entries(rasters, lines)], left_mm=panels.legend_mm)
    return plate.print("jpeg")
