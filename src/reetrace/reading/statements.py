"""Areas and their change as graded sentences, made from intervals and from nothing else."""

from __future__ import annotations

from reetrace.core.evidence import Evidence
from reetrace.core.results import Growth, ZoneArea
from reetrace.reading import lookup, numerals
from reetrace.reading.grades import CANNOT_TELL, ESTIMATED, MAPPED, NOT_SEEN, Finding
from reetrace.reading.language import quote, say


def phrase(evidence: Evidence) -> str:
    """What the target class is called in a sentence."""
    if evidence.legend.target == "mine":
        return say("disturbed ground consistent with surface mining")
    return say("ground of the class “{landcover}”", landcover=lookup.target_title(evidence))


def extent(evidence: Evidence, area: ZoneArea) -> Finding:
    """How much ground of a zone was of the target class at an epoch."""
    where = where_of(evidence, area.zone_set, area.zone)
    what = phrase(evidence)
    if lookup.nothing_seen(evidence, area.zone_set, area.zone, area.epoch):
        text = say(
            "In {epoch}, no ground {where} was seen clear: how much was {what} is not known.",
            epoch=area.epoch,
            where=where,
            what=what,
        )
        return Finding(NOT_SEEN, text)
    unseen = _unseen(evidence, area)
    if area.adjusted.value is not None and area.adjusted.low is not None:
        text = say(
            "In {epoch}, {what} covered {amount} {where}; the map itself counts {mapped}.",
            epoch=area.epoch,
            what=what,
            amount=numerals.with_interval(area.adjusted),
            where=where,
            mapped=numerals.value(area.mapped),
        )
        return Finding(ESTIMATED, f"{text}{unseen}")
    if not area.pixels:
        text = say(
            "In {epoch}, no {what} was mapped {where}. Ground smaller than one pixel ({pixel}) "
            "cannot show.",
            epoch=area.epoch,
            what=what,
            where=where,
            pixel=numerals.value_of_m2(evidence.grid.pixel_area_m2),
        )
        return Finding(MAPPED, f"{text}{unseen}")
    text = say(
        "In {epoch}, the map counts {mapped} of {what} {where}. There is no interval: {reason}.",
        epoch=area.epoch,
        mapped=numerals.value(area.mapped),
        what=what,
        where=where,
        reason=plain_reason(area.adjusted.reason),
    )
    return Finding(MAPPED, f"{text}{unseen}")


def change(_evidence: Evidence, growth: Growth, where: str = "") -> Finding:
    """What can be said of the change between two epochs.

    Args:
        _evidence: Whose growth it is.
        growth: Of one zone.
        where: Names the zone, for a sentence that stands alone.
    """
    ends = {"first": growth.first, "last": growth.last}
    if where:
        span = say("Between {first} and {last}, {where}", **ends, where=where)
    else:
        span = say("Between {first} and {last}", **ends)
    size = growth.change
    if growth.verdict in {"grew", "shrank"}:
        return Finding(ESTIMATED, _changed_by(growth, span))
    if growth.verdict == "no-change-detectable":
        text = say(
            "{span}, no change of the area is detectable: the estimate is {amount}.",
            span=span,
            amount=numerals.with_interval(size),
        )
        return Finding(ESTIMATED, f"{text}{_detectable(growth)}")
    # Of ground seen at both: the epochs' own areas differ by what either did not see, too.
    mapped = (
        say(
            " On the maps, over ground seen at both, it changes by {amount}.",
            amount=numerals.value(size, sign=True),
        )
        if size.value is not None
        else ""
    )
    text = say(
        "{span}, whether the area changed cannot be told: {reason}.",
        span=span,
        reason=plain_reason(size.reason),
    )
    return Finding(CANNOT_TELL, f"{text}{mapped}")


def _changed_by(growth: Growth, span: str) -> str:
    grew = growth.verdict == "grew"
    size, percent = growth.change, growth.percent
    if not grew:
        size, percent = numerals.negated(size), numerals.negated(percent)
    share = (
        say(
            ", which is {percent} of the area of {first} ({interval})",
            percent=numerals.value(percent),
            first=growth.first,
            interval=numerals.interval(percent),
        )
        if percent.value is not None and percent.low is not None
        else ""
    )
    amount = numerals.with_interval(size)
    if grew:
        return say(
            "{span}, the area grew by {amount}{share}.", span=span, amount=amount, share=share
        )
    return say("{span}, the area shrank by {amount}{share}.", span=span, amount=amount, share=share)


def _detectable(growth: Growth) -> str:
    if growth.detectable_km2 is None:
        return ""
    return say(
        " A change would need to be at least {amount} to show.",
        amount=numerals.area(growth.detectable_km2),
    )


def where_of(evidence: Evidence, zone_set: str, zone: str) -> str:
    """A zone as the place of a sentence, e.g. `in Mine A`."""
    title = lookup.side_title(evidence, zone_set, zone)
    if zone_set.startswith("countries"):
        edition = next(each for each in lookup.country_sets(evidence) if each.id == zone_set)
        return say(
            "on {side} of the border (edition “{edition}”)",
            side=title,
            edition=edition.edition or edition.title,
        )
    return say("in {place}", place=title)


def _unseen(evidence: Evidence, area: ZoneArea) -> str:
    rows = lookup.observations(evidence, area.zone_set, area.zone)
    seen = next((each for each in rows if each.epoch == area.epoch), None)
    if seen is None or seen.seen == seen.pixels:
        return ""
    return say(
        " A further {area} was not seen and is in neither figure.",
        area=numerals.value(seen.unseen_area),
    )


def plain_reason(reason: str) -> str:
    """A reason as the end of a sentence."""
    text = (reason or "the labels allow none").rstrip(".")
    return quote(text[0].lower() + text[1:] if text[:2].istitle() else text)
