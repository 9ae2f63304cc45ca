"""Maps in words, for readers who do not see them: what each shows, with its numbers."""

from __future__ import annotations

import numpy as np

from reetrace.core.evidence import Evidence
from reetrace.core.geometry import bounds
from reetrace.core.results import Measure
from reetrace.reading import lookup, numerals
from reetrace.reading.language import in_english
from reetrace.reading.rasters import Rasters

STUDY_AREA = ("study-area", lookup.WHOLE)

_BARE_NDVI = 0.3
"""Below it ground is bare, built or wet rather than green."""


def joined(parts: list[str]) -> str:
    """Words as a list in a sentence.

    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


@in_english
def globe(evidence: Evidence) -> str:
    """The globe on the cover."""
    west, south, east, north = bounds(evidence.study_area.area_of_interest.geometry)
    place = f"{_angle((south + north) / 2, 'N', 'S')}, {_angle((west + east) / 2, 'E', 'W')}"
    return f"A globe with the study area marked at {place}."


@in_english
def area(evidence: Evidence) -> str:
    """The map on the cover."""
    mines = [zone.name for each in evidence.zone_sets if each.id == "mines" for zone in each.zones]
    marked = f" Marked as mine zones: {joined(mines)}." if mines else ""
    return (
        f"Natural-colour picture of {evidence.study_area.title} in {evidence.epochs[-1].label}, "
        f"{_extent(evidence)}.{marked}{_border(evidence)}"
    )


@in_english
def editions(evidence: Evidence) -> str:
    """The border under every edition, side by side."""
    sets, last = lookup.country_sets(evidence), evidence.epochs[-1].label
    told = []
    for each in sets:
        sides = []
        for zone in each.zones:
            ground = [
                found.mapped.value or 0.0
                for found in evidence.areas
                if (found.zone_set, found.zone, found.epoch) == (each.id, zone.id, last)
            ]
            sides.append(f"{numerals.area(sum(ground))} on the {zone.name} side")
        told.append(f"Under “{each.edition or each.title}”, {joined(sides)}.")
    return (
        f"Maps of the border through {evidence.study_area.title}, one an edition, and one with "
        f"every line laid over the extent of {last}. {' '.join(told)}"
    )


@in_english
def composites(evidence: Evidence, colours: str, seen_as: str) -> str:
    """Pictures of every epoch.

    Args:
        evidence: Whose pictures they are.
        colours: What kind, e.g. `Natural colour`.
        seen_as: How the target class looks in them.
    """
    scenes = [f"{len(each.scenes)} in {each.label}" for each in evidence.epochs]
    return (
        f"{colours} maps of {evidence.study_area.title} in {_epochs(evidence)}, {_extent(evidence)}"
        f" each. Scenes used: {joined(scenes)}. {seen_as} Mapped as "
        f"“{lookup.target_title(evidence)}”: {_target(evidence, *STUDY_AREA)}."
        f"{_unseen(evidence)}"
    )


@in_english
def vegetation(rasters: Rasters) -> str:
    """The vegetation index of every epoch."""
    evidence = rasters.evidence
    told = []
    for each in evidence.epochs:
        index = rasters.ndvi(each.label)
        seen = index[np.isfinite(index)]
        if seen.size:
            bare = numerals.share(float((seen < _BARE_NDVI).mean()))
            middle = numerals.number(float(np.median(seen)), 2)
            told.append(
                f"in {each.label}, median {middle}, {bare} of the pixels below {_BARE_NDVI:g}"
            )
    return (
        f"Maps of the vegetation index NDVI of {evidence.study_area.title} in {_epochs(evidence)}: "
        f"{'; '.join(told)}.{_unseen(evidence)}"
    )


@in_english
def clear_views(evidence: Evidence) -> str:
    """How often each pixel was seen."""
    told = [
        f"in {each.epoch}, half of the pixels at least "
        f"{numerals.number(each.median_observations, 0)} times, and "
        f"{numerals.share(1 - each.seen_share)} too seldom to count as seen"
        for each in lookup.observations(evidence, *STUDY_AREA)
    ]
    return (
        f"Maps of how often each pixel of {evidence.study_area.title} was seen clear: "
        f"{'; '.join(told)}."
    )


@in_english
def landcover(evidence: Evidence) -> str:
    """The classes of every epoch."""
    told = [
        f"“{each.title}” covers {_series(evidence, *STUDY_AREA, each.name)}"
        for each in evidence.legend.classes
    ]
    return (
        f"Land-cover maps of {evidence.study_area.title} in {_epochs(evidence)}. "
        f"{'; '.join(told)}.{_unseen(evidence)}"
    )


@in_english
def from_to(evidence: Evidence, spans: list[tuple[str, str]]) -> str:
    """What became of the target class."""
    target = evidence.legend.target
    told = []
    for each in lookup.changes(evidence, *STUDY_AREA):
        if (each.first, each.last) in spans:
            stayed = next(cell.mapped for cell in each.cells if cell.before == cell.after == target)
            told.append(
                f"{each.first} to {each.last}: {numerals.value(stayed)} stayed, "
                f"{numerals.value(each.gain)} joined, {numerals.value(each.loss)} left"
            )
    return (
        f"Maps of {evidence.study_area.title} that show where ground of the class "
        f"“{lookup.target_title(evidence)}” stayed, joined or left. Mapped: {'; '.join(told)}."
    )


@in_english
def nested(evidence: Evidence) -> str:
    """The extents of every epoch over one another."""
    zones = [STUDY_AREA]
    zones += [(each.id, zone.id) for each in evidence.zone_sets if each.id == "mines"
              for zone in each.zones]  # fmt: skip
    told = [f"{lookup.zone_title(evidence, *zone)}: {_target(evidence, *zone)}" for zone in zones]
    return (
        f"Outlines of the class “{lookup.target_title(evidence)}” in {_epochs(evidence)} over the "
        f"natural colour of {evidence.epochs[-1].label}, the whole area beside a close-up of each "
        f"mine zone. Mapped – {'; '.join(told)}."
    )


@in_english
def first_and_last(evidence: Evidence, zone_set: str, zone: str) -> str:
    """One mine zone at both ends."""
    first, last = evidence.epochs[0].label, evidence.epochs[-1].label
    ends = [
        f"{numerals.value(lookup.mapped(evidence, each))} in {each.epoch}"
        for each in lookup.areas(evidence, zone_set, zone, evidence.legend.target)
        if each.epoch in {first, last}
    ]
    return (
        f"Three close-ups of {lookup.zone_title(evidence, zone_set, zone)}: natural colour of "
        f"{first}, natural colour of {last}, and both extents over one another, that of {first} in "
        f"yellow and that of {last} in red. Mapped as “{lookup.target_title(evidence)}”: "
        f"{joined(ends)}."
    )


def _epochs(evidence: Evidence) -> str:
    return joined([each.label for each in evidence.epochs])


def _series(evidence: Evidence, zone_set: str, zone: str, landcover: str) -> str:
    found = lookup.areas(evidence, zone_set, zone, landcover)
    return joined(
        [f"{_shown(lookup.mapped(evidence, each))} in {each.epoch}" for each in found]
        or ["nothing"]
    )


def _shown(measure: Measure) -> str:
    return numerals.value(measure) if measure.value is not None else "an unknown area"


def _target(evidence: Evidence, zone_set: str, zone: str) -> str:
    return _series(evidence, zone_set, zone, evidence.legend.target)


def _unseen(evidence: Evidence) -> str:
    gaps = [
        f"{numerals.value(each.unseen_area)} in {each.epoch}"
        for each in lookup.observations(evidence, *STUDY_AREA)
        if each.seen < each.pixels
    ]
    return f" Not seen: {joined(gaps)}." if gaps else " All of it was seen."


def _extent(evidence: Evidence) -> str:
    west, south, east, north = evidence.grid.bounds
    wide, tall = (numerals.number(each / 1000, 1) for each in (east - west, north - south))
    return f"{wide} km from west to east and {tall} km from south to north"


def _border(evidence: Evidence) -> str:
    sets = lookup.country_sets(evidence)
    if not sets or len(sets[0].zones) < 2:  # noqa: PLR2004 - a border has two sides
        return ""
    sides = joined([zone.name for zone in sets[0].zones])
    return f" A line marks the border between the sides of {sides} (edition “{sets[0].edition}”)."


def _angle(degrees: float, positive: str, negative: str) -> str:
    return f"{abs(degrees):.2f}° {positive if degrees >= 0 else negative}"
