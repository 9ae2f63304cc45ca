"""Pictures of the ground: natural colour, near-infrared false colour, NDVI, how often seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reetrace.core.evidence import Evidence
from reetrace.core.geometry import MultiPolygon
from reetrace.core.landcover import NOT_SEEN, OUTSIDE
from reetrace.core.site import ZoneSet
from reetrace.reading import stretch
from reetrace.reading.language import say, titles
from reetrace.reading.rasters import Rasters
from reetrace.report.figures import maps
from reetrace.report.figures.plate import INK, Picture, Plate, drawn, entitle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Darker towards dense plants in grey print as well as in colour.
_NDVI_MAP, _NDVI_LOW, _NDVI_HIGH = "YlGn", 0.0, 0.9
_NDVI_SHADES = 45
"""One for every 0.02: more are not told apart, and flat shades are printed without a blur."""


def ground_of(rasters: Rasters, area: MultiPolygon | None = None) -> maps.Ground:
    """The whole grid, or the surroundings of an area."""
    grid = rasters.evidence.grid
    whole = maps.Ground(grid, grid.bounds)
    return maps.Ground(grid, maps.around(whole, area)) if area else whole


@drawn
def composites(
    rasters: Rasters,
    roles: tuple[str, ...],
    *,
    width_mm: float,
    most_mm: float,
    area: MultiPolygon | None = None,
    outlines: dict[str, MultiPolygon] | None = None,
) -> Picture:
    """One panel an epoch, the same extent and the same stretch."""
    ground = ground_of(rasters, area)
    pictures = stretch.stretched(rasters, roles)
    zone_lines = zone_outlines(rasters.evidence)
    entries = line_entries(rasters, zone_lines)
    foot = 7.0 if entries else 2.0
    panels, height = maps.arrange(
        len(pictures), ground.bounds, width_mm=width_mm, most_mm=most_mm, foot_mm=foot
    )
    plate = Plate(width_mm, height, simulated=rasters.evidence.simulated)
    for position, (epoch, picture) in enumerate(pictures.items()):
        axes = plate.axes(*panels.place(position))
        axes.imshow(picture, extent=rasters.extent, interpolation="nearest")
        hatch_unseen(axes, rasters, epoch)
        finish_panel(axes, ground, position, panels, title=epoch)
        mark_zones(axes, ground, zone_lines)
        for colour, shape in (outlines or {}).items():
            maps.outline(axes, ground, shape, colour, linewidth=0.7)
    maps.legend(plate, entries, columns=4, left_mm=panels.legend_mm)
    return plate.print("jpeg")


@drawn
def vegetation(rasters: Rasters, *, width_mm: float, most_mm: float) -> Picture:
    """NDVI of every epoch with one scale of colours."""
    from matplotlib import colormaps

    ground = ground_of(rasters)
    epochs = [
        each.label
        for each in rasters.evidence.epochs
        if rasters.has_bands(each.label, "red", "nir")
    ]
    panels, height = maps.arrange(
        len(epochs), ground.bounds, width_mm=width_mm, most_mm=most_mm, foot_mm=13.0
    )
    plate = Plate(width_mm, height, simulated=rasters.evidence.simulated)
    zone_lines = zone_outlines(rasters.evidence)
    image = None
    for position, epoch in enumerate(epochs):
        axes = plate.axes(*panels.place(position))
        image = axes.imshow(
            rasters.ndvi(epoch),
            extent=rasters.extent,
            cmap=colormaps[_NDVI_MAP].resampled(_NDVI_SHADES),
            vmin=_NDVI_LOW,
            vmax=_NDVI_HIGH,
            interpolation="nearest",
        )
        hatch_unseen(axes, rasters, epoch)
        finish_panel(axes, ground, position, panels, title=epoch)
        mark_zones(axes, ground, zone_lines)
    bar = plate.axes(panels.legend_mm, 9.0, 52.0, 2.4)
    if image is not None:
        plate.figure.colorbar(image, cax=bar, orientation="horizontal", extend="both")
    bar.text(1.06, 0.5, "NDVI", transform=bar.transAxes, va="center", size=6.5)
    maps.legend(plate, line_entries(rasters, zone_lines), columns=4, left_mm=panels.legend_mm)
    return plate.print("png")


@drawn
def clear_views(rasters: Rasters, *, width_mm: float, most_mm: float) -> Picture:
    """How often every pixel was seen clear, by epoch."""
    from matplotlib.colors import BoundaryNorm, ListedColormap

    ground = ground_of(rasters)
    epochs = [
        each.label for each in rasters.evidence.epochs if rasters.has(each.label, "observations")
    ]
    shades = ["#3b0f70", "#8c2981", "#de4968", "#fe9f6d", "#fcfdbf"]
    panels, height = maps.arrange(
        len(epochs), ground.bounds, width_mm=width_mm, most_mm=most_mm, foot_mm=9.0
    )
    plate = Plate(width_mm, height, simulated=rasters.evidence.simulated)
    for position, epoch in enumerate(epochs):
        axes = plate.axes(*panels.place(position))
        within = rasters.landcover(epoch) != OUTSIDE
        often = np.ma.masked_where(~within, rasters.observations(epoch))
        axes.imshow(
            often,
            extent=rasters.extent,
            cmap=ListedColormap(shades),
            norm=BoundaryNorm([0, 1, 2, 3, 5, 10_000], len(shades)),
            interpolation="nearest",
        )
        hatch_unseen(axes, rasters, epoch)
        finish_panel(axes, ground, position, panels, title=epoch)
    entries = [
        maps.swatch(colour, label)
        for colour, label in zip(
            shades, titles("never", "once", "twice", "3–4 times", "5 times or more"), strict=True
        )
    ]
    maps.legend(plate, [*entries, *unseen_entries(rasters)], columns=6, left_mm=panels.legend_mm)
    return plate.print("png")


def finish_panel(
    axes: Axes, ground: maps.Ground, position: int, panels: maps.Panels, *, title: str
) -> None:
    """Title, frame and graticule; scale bar and arrow on the first panel alone."""
    entitle(axes, title)
    maps.furnish(axes, ground, latitudes=position % panels.columns == 0, scale=position == 0)


def zone_outlines(evidence: Evidence) -> dict[str, list[NDArray[np.float64]]]:
    """Lines by kind, in degrees: `mine` outlines and the `border` of the first edition."""
    lines: dict[str, list[NDArray[np.float64]]] = {}
    for zone_set in evidence.zone_sets:
        if zone_set.id == "mines":
            rings = [ring for zone in zone_set.zones for poly in zone.geometry for ring in poly]
            lines["mine"] = [np.asarray(ring) for ring in rings]
    editions = country_sets(evidence)
    if editions:
        lines["border"] = border_of(evidence, editions[0])
    return {kind: found for kind, found in lines.items() if found}


def country_sets(evidence: Evidence) -> list[ZoneSet]:
    """The boundary editions, in the order of the evidence."""
    return [each for each in evidence.zone_sets if each.id.startswith("countries")]


def border_of(evidence: Evidence, zone_set: ZoneSet) -> list[NDArray[np.float64]]:
    """The lines between countries within the area of interest, in degrees."""
    from shapely import MultiLineString, get_parts
    from shapely.ops import linemerge, unary_union

    from reetrace.zoning import to_shapely

    area = to_shapely(evidence.study_area.area_of_interest.geometry)
    # Sides of country zones that follow the edge of the area are no border: 1e-4° is some 10 m.
    inner = area.buffer(-1e-4)
    pieces = [to_shapely(zone.geometry).boundary.intersection(inner) for zone in zone_set.zones]
    merged = unary_union(pieces)
    if isinstance(merged, MultiLineString):
        merged = linemerge(merged)
    # A country that covers the whole area leaves one line without points.
    lines = [each for each in get_parts(merged) if each.geom_type == "LineString"]
    return [np.asarray(each.coords) for each in lines if not each.is_empty]


_LINES = {
    "mine": ("#ffffff", INK, (0, (1.2, 1.0)), "Mine zone"),
    "border": ("#ffffff", INK, (0, (6, 1.6, 1.2, 1.6)), "Border"),
}


def mark_zones(
    axes: Axes, ground: maps.Ground, lines: dict[str, list[NDArray[np.float64]]]
) -> None:
    """Draws the lines of `zone_outlines`: dark dashes on a light line, to show on any ground."""
    from pyproj import Transformer

    forth = Transformer.from_crs(4326, ground.grid.epsg, always_xy=True)
    for kind, found in lines.items():
        halo, colour, dashes, _ = _LINES[kind]
        for line in found:
            eastings, northings = forth.transform(line[:, 0], line[:, 1])
            axes.plot(eastings, northings, color=halo, linewidth=1.5, zorder=4)
            axes.plot(eastings, northings, color=colour, linewidth=0.9, linestyle=dashes, zorder=5)


def line_entries(rasters: Rasters, lines: dict[str, list[NDArray[np.float64]]]) -> list[object]:
    """Legend entries for the lines drawn and, where there is any, for ground not seen."""
    entries: list[object] = []
    for kind in lines:
        _, colour, dashes, words = _LINES[kind]
        label = say(words)
        if kind == "border":
            label = f"{label} ({country_sets(rasters.evidence)[0].edition})"
        entries.append(maps.stroke(colour, label, linestyle=dashes, linewidth=0.9))
    return [*entries, *unseen_entries(rasters)]


def unseen_entries(rasters: Rasters) -> list[object]:
    """The legend entry of ground that was not seen, where some was not at some epoch."""
    labels = [each.label for each in rasters.evidence.epochs]
    mapped = [epoch for epoch in labels if rasters.has(epoch, "landcover")]
    if not any(_unseen(rasters, epoch).any() for epoch in mapped):
        return []
    return [maps.swatch("#ffffff", say("Not seen"), hatch="//////")]


def _unseen(rasters: Rasters, epoch: str) -> NDArray[np.bool_]:
    return np.asarray(rasters.landcover(epoch) == NOT_SEEN)


def hatch_unseen(axes: Axes, rasters: Rasters, epoch: str) -> None:
    """Hatches the ground that was not seen at an epoch."""
    if rasters.has(epoch, "landcover"):
        maps.hatch_unseen(axes, rasters.extent, _unseen(rasters, epoch))
