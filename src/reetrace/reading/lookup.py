"""Where in the evidence a figure or a sentence finds its numbers."""

from __future__ import annotations

from dataclasses import replace

from reetrace.core.evidence import Evidence, LabelRecord
from reetrace.core.results import (
    Accuracy,
    ChangeMatrix,
    Growth,
    Measure,
    Observation,
    ZoneArea,
)
from reetrace.core.site import ZoneSet
from reetrace.reading.language import quote, say

WHOLE = "all"
"""Zone that stands for the whole area of interest."""

LEFTOVERS = {"none": "In no zone", "several": "In several zones"}

_COUNTRY_LEFTOVERS = {"none": "In no country", "several": "In two or more countries"}


def subject(evidence: Evidence) -> tuple[str, str]:
    """(zone set, zone) of the site asked for: a mine of the study area, or the area itself."""
    for zone_set in evidence.zone_sets:
        if zone_set.id == "mines" and any(each.id == evidence.site.id for each in zone_set.zones):
            return zone_set.id, evidence.site.id
    return "study-area", WHOLE


def subjects(evidence: Evidence) -> list[tuple[str, str]]:
    """The site asked for, the study area, every mine and every country's side, once each."""
    places = [subject(evidence), ("study-area", WHOLE)]
    for zone_set in evidence.zone_sets:
        if zone_set.id != "study-area":
            places += [(zone_set.id, zone.id) for zone in zone_set.zones]
    return list(dict.fromkeys(places))


def areas(evidence: Evidence, zone_set: str, zone: str, landcover: str) -> list[ZoneArea]:
    """Areas of one class of one zone, by epoch."""
    order = [each.label for each in evidence.epochs]
    found = [
        each
        for each in evidence.areas
        if each.zone_set == zone_set
        and each.landcover == landcover
        and _same_zone(each.zone_set, each.zone, zone)
        and each.epoch in order
    ]
    return sorted(found, key=lambda each: order.index(each.epoch))


def area(
    evidence: Evidence, zone_set: str, zone: str, landcover: str, epoch: str
) -> ZoneArea | None:
    """Area of one class of one zone at one epoch."""
    found = areas(evidence, zone_set, zone, landcover)
    return next((each for each in found if each.epoch == epoch), None)


def changes(evidence: Evidence, zone_set: str, zone: str) -> list[ChangeMatrix]:
    """From-to matrices of one zone, in the order of the evidence."""
    return [
        each
        for each in evidence.changes
        if each.zone_set == zone_set and _same_zone(each.zone_set, each.zone, zone)
    ]


def growth(evidence: Evidence, zone_set: str, zone: str) -> list[Growth]:
    """Growth of one zone, in the order of the evidence."""
    return [
        each
        for each in evidence.growth
        if each.zone_set == zone_set and _same_zone(each.zone_set, each.zone, zone)
    ]


def whole_growth(evidence: Evidence, zone_set: str, zone: str) -> Growth | None:
    """Growth of one zone from the first epoch to the last."""
    first, last = evidence.epochs[0].label, evidence.epochs[-1].label
    found = growth(evidence, zone_set, zone)
    return next((each for each in found if (each.first, each.last) == (first, last)), None)


def observations(evidence: Evidence, zone_set: str, zone: str) -> list[Observation]:
    """How well one zone was seen, by epoch."""
    return [
        each
        for each in evidence.observations
        if each.zone_set == zone_set and _same_zone(each.zone_set, each.zone, zone)
    ]


def nothing_seen(evidence: Evidence, zone_set: str, zone: str, epoch: str) -> bool:
    """Whether a zone that has ground was not seen at all at an epoch."""
    found = [each for each in observations(evidence, zone_set, zone) if each.epoch == epoch]
    return bool(found) and not any(each.seen for each in found)


def mapped(evidence: Evidence, area: ZoneArea) -> Measure:
    """The mapped area as a reader may see it: blank where nothing was seen, never zero."""
    if nothing_seen(evidence, area.zone_set, area.zone, area.epoch):
        return replace(area.mapped, value=None, reason="no ground of it was seen clear")
    return area.mapped


def mapped_change(evidence: Evidence, found: Growth) -> Measure | None:
    """Mapped gain less loss over the ground seen at both epochs; None where there was none."""
    for each in changes(evidence, found.zone_set, found.zone):
        if (each.first, each.last) == (found.first, found.last):
            if not any(
                cell.pixels for cell in each.cells if "not-seen" not in (cell.before, cell.after)
            ):
                return None
            net = (each.gain.value or 0.0) - (each.loss.value or 0.0)
            return Measure(net, each.gain.unit, None, None, each.gain.source)
    return None


def _same_zone(zone_set: str, found: str, wanted: str) -> bool:
    """The study area is one zone: by whichever id it goes, it is the whole."""
    if zone_set == "study-area":
        return found not in LEFTOVERS
    return found == wanted


def country_sets(evidence: Evidence) -> list[ZoneSet]:
    """The boundary editions, in the order of the evidence."""
    return [each for each in evidence.zone_sets if each.id.startswith("countries")]


def edition_title(zone_set: ZoneSet) -> str:
    """A boundary edition as a heading prints it."""
    if zone_set.title:
        return quote(zone_set.title)
    return say("Border: {edition}", edition=zone_set.edition)


def zone_title(evidence: Evidence, zone_set: str, zone: str) -> str:
    """A zone as a reader calls it."""
    if zone_set == "study-area":
        return quote(evidence.study_area.title)
    if zone in LEFTOVERS:
        countries = zone_set.startswith("countries")
        return say((_COUNTRY_LEFTOVERS if countries else LEFTOVERS)[zone])
    for each in evidence.zone_sets:
        if each.id == zone_set:
            for candidate in each.zones:
                if candidate.id == zone:
                    return quote(candidate.name)
    return say("Whole area") if zone == WHOLE else zone


def any_zone_title(evidence: Evidence, zone: str) -> str:
    """A zone of whatever set as a reader calls it."""
    for each in evidence.zone_sets:
        if any(candidate.id == zone for candidate in each.zones):
            title = zone_title(evidence, each.id, zone)
            countries = each.id.startswith("countries")
            return say("{country} side", country=title) if countries else title
    return quote(evidence.study_area.title) if zone == WHOLE else zone


def side_title(evidence: Evidence, zone_set: str, zone: str) -> str:
    """A zone in running text; a country only ever by its side of a line."""
    title = zone_title(evidence, zone_set, zone)
    if zone_set.startswith("countries") and zone not in LEFTOVERS:
        return say("the {country} side", country=title)
    if zone_set == "study-area":
        return say("the study area")
    return title


def target_title(evidence: Evidence) -> str:
    """Title of the class whose footprint is reported."""
    return class_title(evidence, evidence.legend.target)


def target_colour(evidence: Evidence) -> str:
    """Its colour on the maps."""
    names = {each.name: each.colour for each in evidence.legend.classes}
    return names[evidence.legend.target]


def class_title(evidence: Evidence, name: str) -> str:
    """A class as a reader calls it."""
    if name == "not-seen":
        return say("Not seen")
    titles = (each.title for each in evidence.legend.classes if each.name == name)
    return quote(next(titles, name))


def accuracies(evidence: Evidence, basis: str) -> list[Accuracy]:
    """Error matrices on one basis, by epoch."""
    return [each for each in evidence.accuracies if each.basis == basis]


def samples(evidence: Evidence) -> list[LabelRecord]:
    """Label files that were drawn as a probability sample."""
    return [each for each in evidence.labels if each.purpose == "probability-sample"]
