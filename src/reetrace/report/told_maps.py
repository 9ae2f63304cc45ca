"""Maps in words, for readers who do not see them: what each shows, with its numbers."""

from __future__ import annotations

from typing import Literal

import numpy as np

from reetrace.core.evidence import Evidence
from reetrace.core.geometry import bounds
from reetrace.reading import lookup, numerals
from reetrace.reading.language import in_one_language, quote, say
from reetrace.reading.rasters import Rasters
from reetrace.report import told

_BARE_NDVI = 0.3
"""Below it ground is bare, built or wet rather than green."""

_COMPOSITES = {
    "natural": "Natural-colour maps of {place} in {epochs}, {size} each. Scenes used: {scenes}. "
    "Dug ground is bright, forest dark green. Mapped as “{target}”: {areas}.{unseen}",
    "false": "Near-infrared false-colour maps of {place} in {epochs}, {size} each. Scenes used: "
    "{scenes}. Plants are red, dug ground cyan to white. Mapped as “{target}”: {areas}.{unseen}",
}


@in_one_language
def globe(evidence: Evidence) -> str:
    """The globe on the cover."""
    west, south, east, north = bounds(evidence.study_area.area_of_interest.geometry)
    latitude, longitude = (south + north) / 2, (west + east) / 2
    size = f"{abs(latitude):.2f}", f"{abs(longitude):.2f}"
    place = (
        say("{degrees}° N", degrees=size[0])
        if latitude >= 0
        else say("{degrees}° S", degrees=size[0]),
        say("{degrees}° E", degrees=size[1])
        if longitude >= 0
        else say("{degrees}° W", degrees=size[1]),
    )
    return say("A globe with the study area marked at {place}.", place=say(", ").join(place))


@in_one_language
def area(evidence: Evidence) -> str:
    """The map on the cover."""
    mines = [
        quote(zone.name) for each in evidence.zone_sets if each.id == "mines" for zone in each.zones
    ]
    return say(
        "Natural-colour picture of {place} in {epoch}, {size}.{marked}{border}",
        place=told.place(evidence),
        epoch=evidence.epochs[-1].label,
        size=told.size(evidence),
        marked=say(" Marked as mine zones: {mines}.", mines=told.joined(mines)) if mines else "",
        border=_border(evidence),
    )


@in_one_language
def editions(evidence: Evidence) -> str:
    """The border under every edition, side by side."""
    last = evidence.epochs[-1].label
    parts = []
    for each in lookup.country_sets(evidence):
        sides = []
        for zone in each.zones:
            ground = [
                found.mapped.value or 0.0
                for found in evidence.areas
                if (found.zone_set, found.zone, found.epoch) == (each.id, zone.id, last)
            ]
            sides.append(
                say(
                    "{area} on the {country} side",
                    area=numerals.area(sum(ground)),
                    country=quote(zone.name),
                )
            )
        edition = each.edition or quote(each.title)
        parts.append(say(" Under “{edition}”, {sides}.", edition=edition, sides=told.joined(sides)))
    return say(
        "Maps of the border through {place}, one an edition, and one with every line laid over "
        "the extent of {epoch}.{editions}",
        place=told.place(evidence),
        epoch=last,
        editions="".join(parts),
    )


@in_one_language
def composites(evidence: Evidence, colours: Literal["natural", "false"]) -> str:
    """Pictures of every epoch."""
    scenes = [
        say("{value} in {epoch}", value=len(each.scenes), epoch=each.label)
        for each in evidence.epochs
    ]
    return say(
        _COMPOSITES[colours],
        place=told.place(evidence),
        epochs=told.epochs(evidence),
        size=told.size(evidence),
        scenes=told.joined(scenes),
        target=lookup.target_title(evidence),
        areas=told.target(evidence, *told.STUDY_AREA),
        unseen=told.unseen(evidence),
    )


@in_one_language
def vegetation(rasters: Rasters) -> str:
    """The vegetation index of every epoch."""
    evidence = rasters.evidence
    parts = []
    for each in evidence.epochs:
        index = rasters.ndvi(each.label)
        seen = index[np.isfinite(index)]
        if seen.size:
            parts.append(
                say(
                    "in {epoch}, median {median}, {share} of the pixels below {limit}",
                    epoch=each.label,
                    median=numerals.number(float(np.median(seen)), 2),
                    share=numerals.share(float((seen < _BARE_NDVI).mean())),
                    limit=f"{_BARE_NDVI:g}",
                )
            )
    return say(
        "Maps of the vegetation index NDVI of {place} in {epochs}: {told}.{unseen}",
        place=told.place(evidence),
        epochs=told.epochs(evidence),
        told=told.parted(parts),
        unseen=told.unseen(evidence),
    )


@in_one_language
def clear_views(evidence: Evidence) -> str:
    """How often each pixel was seen."""
    parts = [
        say(
            "in {epoch}, half of the pixels at least {times} times, and {share} too seldom to "
            "count as seen",
            epoch=each.epoch,
            times=numerals.number(each.median_observations, 0),
            share=numerals.share(1 - each.seen_share),
        )
        for each in lookup.observations(evidence, *told.STUDY_AREA)
    ]
    return say(
        "Maps of how often each pixel of {place} was seen clear: {told}.",
        place=told.place(evidence),
        told=told.parted(parts),
    )


@in_one_language
def landcover(evidence: Evidence) -> str:
    """The classes of every epoch."""
    parts = [
        say(
            "“{landcover}” covers {areas}",
            landcover=lookup.class_title(evidence, each.name),
            areas=told.series(evidence, *told.STUDY_AREA, each.name),
        )
        for each in evidence.legend.classes
    ]
    return say(
        "Land-cover maps of {place} in {epochs}. {told}.{unseen}",
        place=told.place(evidence),
        epochs=told.epochs(evidence),
        told=told.parted(parts),
        unseen=told.unseen(evidence),
    )


@in_one_language
def from_to(evidence: Evidence, spans: list[tuple[str, str]]) -> str:
    """What became of the target class."""
    target = evidence.legend.target
    parts = []
    for each in lookup.changes(evidence, *told.STUDY_AREA):
        if (each.first, each.last) in spans:
            stayed = next(cell.mapped for cell in each.cells if cell.before == cell.after == target)
            parts.append(
                say(
                    "{first} to {last}: {stayed} stayed, {gain} joined, {loss} left",
                    first=each.first,
                    last=each.last,
                    stayed=numerals.value(stayed),
                    gain=numerals.value(each.gain),
                    loss=numerals.value(each.loss),
                )
            )
    return say(
        "Maps of {place} that show where ground of the class “{target}” stayed, joined or left. "
        "Mapped: {told}.",
        place=told.place(evidence),
        target=lookup.target_title(evidence),
        told=told.parted(parts),
    )


@in_one_language
def nested(evidence: Evidence) -> str:
    """The extents of every epoch over one another."""
    zones = [told.STUDY_AREA]
    zones += [(each.id, zone.id) for each in evidence.zone_sets if each.id == "mines"
              for zone in each.zones]  # fmt: skip
    parts = [
        say(
            "{zone}: {areas}",
            zone=lookup.zone_title(evidence, *zone),
            areas=told.target(evidence, *zone),
        )
        for zone in zones
    ]
    return say(
        "Outlines of the class “{target}” in {epochs} over the natural colour of {epoch}, the "
        "whole area beside a close-up of each mine zone. Mapped – {told}.",
        target=lookup.target_title(evidence),
        epochs=told.epochs(evidence),
        epoch=evidence.epochs[-1].label,
        told=told.parted(parts),
    )


@in_one_language
def first_and_last(evidence: Evidence, zone_set: str, zone: str) -> str:
    """One mine zone at both ends."""
    first, last = evidence.epochs[0].label, evidence.epochs[-1].label
    ends = [
        say(
            "{value} in {epoch}",
            value=numerals.value(lookup.mapped(evidence, each)),
            epoch=each.epoch,
        )
        for each in lookup.areas(evidence, zone_set, zone, evidence.legend.target)
        if each.epoch in {first, last}
    ]
    return say(
        "Three close-ups of {zone}: natural colour of {first}, natural colour of {last}, and both "
        "extents over one another, the first in yellow and the last in red. Mapped as “{target}”: "
        "{areas}.",
        zone=lookup.zone_title(evidence, zone_set, zone),
        first=first,
        last=last,
        target=lookup.target_title(evidence),
        areas=told.joined(ends),
    )


def _border(evidence: Evidence) -> str:
    sets = lookup.country_sets(evidence)
    if not sets or len(sets[0].zones) < 2:  # noqa: PLR2004 - a border has two sides
        return ""
    return say(
        " A line marks the border between the sides of {sides} (edition “{edition}”).",
        sides=told.joined([quote(zone.name) for zone in sets[0].zones]),
        edition=sets[0].edition,
    )
