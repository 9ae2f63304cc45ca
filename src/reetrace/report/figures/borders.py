"""The border under every edition, side by side, and the lines laid over one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reetrace.core.site import ZoneSet
from reetrace.reading import lookup
from reetrace.reading.language import quote, say
from reetrace.reading.rasters import Rasters
from reetrace.report.figures import extents, imagery, maps
from reetrace.report.figures.charts import SERIES
from reetrace.report.figures.furniture import Bounds
from reetrace.report.figures.plate import INK, Picture, Plate, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINE_DASHES = ("solid", (0, (4, 1.5)), (0, (1.2, 1.2)))

_MARGIN = 0.12


def has_lines(rasters: Rasters) -> bool:
    """Whether any edition draws a border through the area of interest."""
    evidence = rasters.evidence
    return any(imagery.border_of(evidence, each) for each in lookup.country_sets(evidence))


@drawn
def editions(rasters: Rasters, *, width_mm: float, most_mm: float) -> Picture:
    """One panel an edition with the sides tinted, and one with every line over the last extent."""
    evidence = rasters.evidence
    sets = lookup.country_sets(evidence)
    ground = maps.Ground(evidence.grid, _surroundings(rasters, sets))
    panels, height = maps.arrange(
        len(sets) + 1, ground.bounds, width_mm=width_mm, most_mm=most_mm, foot_mm=11.0
    )
    plate = Plate(width_mm, height, simulated=evidence.simulated)
    last = evidence.epochs[-1].label
    zones = list(dict.fromkeys(zone.id for each in sets for zone in each.zones))
    for position, zone_set in enumerate(sets):
        axes = plate.axes(*panels.place(position))
        for zone in zone_set.zones:
            colour = SERIES[zones.index(zone.id) % len(SERIES)]
            maps.filled(axes, ground, zone.geometry, colour, alpha=0.28, linewidth=0)
        _lines(axes, ground, rasters, [zone_set], sets)
        _extent(axes, ground, rasters, last)
        imagery.finish_panel(axes, ground, position, panels, title=zone_set.edition)
    axes = plate.axes(*panels.place(len(sets)))
    _extent(axes, ground, rasters, last)
    _lines(axes, ground, rasters, sets, sets)
    imagery.finish_panel(axes, ground, len(sets), panels, title=say("Lines over one another"))
    names = {
        zone.id: say("{country} side", country=quote(zone.name))
        for each in sets
        for zone in each.zones
    }
    entries = [
        *(maps.swatch(SERIES[order % len(SERIES)], names[zone], alpha=0.28)
          for order, zone in enumerate(zones)),
        maps.swatch(extents.LAST_COLOUR, say("Extent {epoch}", epoch=last), edgecolor=INK),
        *(maps.stroke(INK, each.edition, linestyle=_LINE_DASHES[order % 3])
          for order, each in enumerate(sets)),
    ]  # fmt: skip
    maps.legend(plate, entries, columns=4, left_mm=panels.legend_mm)
    return plate.print("png")


def _surroundings(rasters: Rasters, sets: list[ZoneSet]) -> Bounds:
    """The part of the area that the lines run through, as wide as the area."""
    from pyproj import Transformer

    evidence = rasters.evidence
    forth = Transformer.from_crs(4326, evidence.grid.epsg, always_xy=True)
    lines = [line for each in sets for line in imagery.border_of(evidence, each)]
    northings = np.concatenate([forth.transform(line[:, 0], line[:, 1])[1] for line in lines])
    west, south, east, north = evidence.grid.bounds
    edge = _MARGIN * (east - west) + _MARGIN * (northings.max() - northings.min())
    low, high = max(south, northings.min() - edge), min(north, northings.max() + edge)
    # No flatter than a square, or panels side by side would be slivers.
    wanted = max(high - low, east - west)
    middle = min(max((low + high) / 2, south + wanted / 2), north - wanted / 2)
    return west, max(south, middle - wanted / 2), east, min(north, middle + wanted / 2)


def _lines(
    axes: Axes, ground: maps.Ground, rasters: Rasters, shown: list[ZoneSet], all_sets: list[ZoneSet]
) -> None:
    from pyproj import Transformer

    forth = Transformer.from_crs(4326, ground.grid.epsg, always_xy=True)
    for zone_set in shown:
        dashes = _LINE_DASHES[all_sets.index(zone_set) % len(_LINE_DASHES)]
        for line in imagery.border_of(rasters.evidence, zone_set):
            eastings, northings = forth.transform(line[:, 0], line[:, 1])
            axes.plot(eastings, northings, color="white", linewidth=2.2, zorder=4)
            axes.plot(eastings, northings, color=INK, linewidth=1.0, linestyle=dashes, zorder=5)


def _extent(axes: Axes, ground: maps.Ground, rasters: Rasters, epoch: str) -> None:
    shape = extents.footprint(rasters.evidence, epoch)
    maps.filled(axes, ground, shape, extents.LAST_COLOUR, edgecolor=INK, linewidth=0.25, zorder=3.5)
