"""Zones and footprints as paths of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reetrace.core.evidence import Evidence
from reetrace.core.geometry import MultiPolygon
from reetrace.core.site import Zone, ZoneSet
from reetrace.reading import lookup
from reetrace.webmap import places
from reetrace.webmap.colours import extent_colours

_AREA_COLOUR, _MINE_COLOUR = "#1b1f24", "#12355b"

# Okabe-Ito hues, dark enough beside a white halo; one a boundary edition.
_EDITION_COLOURS = ("#8f3a00", "#004f7c", "#00614a", "#7a3f63")

# Dashes in pixels of the screen, so that lines can be told apart without colour.
_EDITION_DASHES = ("10 3 2 3", "3 3", "12 4", "2 4")


@dataclass(frozen=True)
class Outline:
    """One zone."""

    id: str
    """Of the element on the page."""
    name: str
    """As its list calls it."""
    told: str
    """Name with what it is, for the reading under the pointer."""
    path: str
    bounds: tuple[float, float, float, float]
    """(left, top, right, bottom) in metres of the page."""


@dataclass(frozen=True)
class ZoneLayer:
    """Zones that are shown and hidden together."""

    key: str
    title: str
    note: str
    colour: str
    dashes: str
    shown: bool
    whole: bool
    """Whether it is the area of interest, in which every other place lies."""
    line: str
    """What is drawn of them, as the `d` of a path."""
    zones: tuple[Outline, ...]


@dataclass(frozen=True)
class Extent:
    """Footprint of the target class at one epoch in the whole study area."""

    epoch: str
    colour: str
    path: str


def zone_layers(evidence: Evidence) -> list[ZoneLayer]:
    """The area of interest, mines and each boundary edition, in the order they are drawn."""
    made = []
    editions = 0
    for position, zone_set in enumerate(evidence.zone_sets):
        key, title, shown = f"zones-{position}", zone_set.title, True
        colour, dashes = _AREA_COLOUR, ""
        if zone_set.id == "mines":
            colour, dashes = _MINE_COLOUR, "4 3"
        elif zone_set.id.startswith("countries"):
            colour = _EDITION_COLOURS[editions % len(_EDITION_COLOURS)]
            dashes = _EDITION_DASHES[editions % len(_EDITION_DASHES)]
            title, shown = lookup.edition_title(zone_set), editions == 0
            editions += 1
        outlines = tuple(_outlines(evidence, zone_set, key))
        if outlines:
            whole = zone_set.id == "study-area"
            note = _note(zone_set)
            line = _line(evidence, zone_set)
            made.append(ZoneLayer(key, title, note, colour, dashes, shown, whole, line, outlines))
    return made


def _note(zone_set: ZoneSet) -> str:
    placed = "Placed, not surveyed" if any(each.approximate for each in zone_set.zones) else ""
    off = f"may be off by {zone_set.precision_m:,.0f} m" if zone_set.precision_m else ""
    words = "; ".join(each for each in (placed, off) if each)
    return words[:1].upper() + words[1:]


def _line(evidence: Evidence, zone_set: ZoneSet) -> str:
    """The outlines themselves; of countries only the border, not where their ground was cut off."""
    if not zone_set.id.startswith("countries"):
        return "".join(places.path(zone.geometry, evidence.grid) for zone in zone_set.zones)
    return places.border_path([zone.geometry for zone in zone_set.zones], evidence.grid)


def _outlines(evidence: Evidence, zone_set: ZoneSet, key: str) -> Iterator[Outline]:
    for position, zone in enumerate(zone_set.zones):
        path = places.clipped_path(zone.geometry, evidence.grid)
        if not path:
            continue
        name = _name(evidence, zone_set, zone)
        told = name
        if zone_set.id.startswith("countries"):
            told = f"{name} ({zone_set.edition or zone_set.title})"
        yield Outline(
            id=f"{key}-{position}",
            name=name,
            told=told,
            path=path,
            bounds=places.bounds_of(zone.geometry, evidence.grid),
        )


def _name(evidence: Evidence, zone_set: ZoneSet, zone: Zone) -> str:
    """A country only ever by its side of a line."""
    title = lookup.zone_title(evidence, zone_set.id, zone.id)
    return f"{title} side" if zone_set.id.startswith("countries") else title


def extents(evidence: Evidence) -> list[Extent]:
    """The footprints of the study area, by epoch; none where nothing was classified."""
    labels = [each.label for each in evidence.epochs]
    shades = dict(zip(labels, extent_colours(len(labels)), strict=True))
    return [
        Extent(label, shades[label], places.path(_footprint(evidence, label), evidence.grid))
        for label in labels
    ]


def _footprint(evidence: Evidence, epoch: str) -> MultiPolygon:
    for each in evidence.footprints:
        if each.zone_set == "study-area" and each.epoch == epoch and each.zone != "none":
            return each.geometry
    return ()
