"""The figures of a first page: the answer, how it changed, how sure it is, what was seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reetrace.core.evidence import Evidence
from reetrace.core.results import Accuracy, Measure
from reetrace.reading import lookup, numerals
from reetrace.reading.findings import phrase
from reetrace.reading.language import capital, quote, say

_HECTARES_PER_KM2 = 100.0

_CHANGE = {
    "grew": "Change {first}–{last}",
    "shrank": "Change {first}–{last}",
    "no-change-detectable": "Change {first}–{last}: none detectable",
    "cannot-tell": "Change {first}–{last}",
}


@dataclass(frozen=True)
class Headline:
    """One big figure, with what stands above and below it."""

    title: str
    figure: str
    below: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """The last epoch on one side of a border."""

    title: str
    figure: str
    how: str
    """Its interval, or that it has none."""


@dataclass(frozen=True)
class Sides:
    """The sides of a border under the first edition."""

    title: str
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class Hectares:
    """The answer of a letter: a row an epoch."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    """Epoch, mapped, error-adjusted, its 95 % interval, share seen clear."""
    reasons: tuple[str, ...]
    """Why a row lacks an error-adjusted area."""


def answers(evidence: Evidence) -> list[Headline]:
    """How much ground at the last epoch, and how much it changed."""
    zone_set, zone = lookup.subject(evidence)
    last = evidence.epochs[-1].label
    made = []
    area = lookup.area(evidence, zone_set, zone, evidence.legend.target, last)
    if area is not None:
        best = area.adjusted
        if best.value is None:
            best = lookup.mapped(evidence, area)
        title = say("{what}, {epoch}", what=capital(phrase(evidence)), epoch=last)
        made.append(_headline(title, best, area.adjusted.reason))
    growth = lookup.whole_growth(evidence, zone_set, zone)
    if growth is not None:
        title = say(_CHANGE[growth.verdict], first=growth.first, last=growth.last)
        told = _headline(title, growth.change, growth.change.reason, sign=True)
        made.append(_untold(told, growth.change) if growth.verdict == "cannot-tell" else told)
    return made


def _untold(told: Headline, mapped: Measure) -> Headline:
    """A change that cannot be told is not the big figure, whatever the maps count."""
    counted = (
        (
            say(
                " On the maps, over ground seen at both, it changes by {amount}.",
                amount=numerals.value(mapped, sign=True),
            ).strip(),
        )
        if mapped.value is not None
        else ()
    )
    return Headline(told.title, capital(say("cannot tell")), (*counted, *told.below))


def sides(evidence: Evidence) -> Sides | None:
    """The last epoch on each side of the border, under the first edition; None where it has one."""
    last = evidence.epochs[-1].label
    for zone_set in lookup.country_sets(evidence)[:1]:
        made = []
        for zone in zone_set.zones:
            area = lookup.area(evidence, zone_set.id, zone.id, evidence.legend.target, last)
            if area is None:
                continue
            best = area.adjusted if area.adjusted.value is not None else area.mapped
            how = (
                say("95 % interval {interval}", interval=numerals.interval(best))
                if best.low is not None
                else say("mapped, no interval")
            )
            title = lookup.side_title(evidence, zone_set.id, zone.id)
            made.append(Side(capital(title), numerals.value(best), how))
        if len(made) > 1:
            edition = zone_set.edition or zone_set.title
            where = say(
                "Whole study area by side of the border (edition “{edition}”), {epoch}",
                edition=edition,
                epoch=last,
            )
            return Sides(where, tuple(made))
    return None


def hectares(evidence: Evidence) -> Hectares:
    """The area of the site at every epoch, in hectares."""
    zone_set, zone = lookup.subject(evidence)
    seen = {each.epoch: each for each in lookup.observations(evidence, zone_set, zone)}
    rows, reasons = [], []
    for area in lookup.areas(evidence, zone_set, zone, evidence.legend.target):
        views = seen.get(area.epoch)
        adjusted = _in_hectares(area.adjusted)
        reasons += [area.adjusted.reason] if adjusted.value is None else []
        rows.append(
            (
                area.epoch,
                numerals.value(_in_hectares(lookup.mapped(evidence, area)), unit=False),
                numerals.value(adjusted, unit=False),
                numerals.interval(adjusted, unit=False),
                numerals.share(views.seen_share) if views else numerals.BLANK,
            )
        )
    title = say(
        "{what} in {place}, in hectares (1 ha = 0.01 km²).",
        what=capital(phrase(evidence)),
        place=lookup.side_title(evidence, zone_set, zone),
    )
    return Hectares(title, tuple(rows), tuple(reasons))


def _in_hectares(measure: Measure) -> Measure:
    if measure.unit != "km²":
        return measure
    scaled = (
        None if each is None else each * _HECTARES_PER_KM2
        for each in (measure.value, measure.low, measure.high)
    )
    value, low, high = scaled
    return replace(measure, value=value, unit="ha", low=low, high=high)


def certainty(evidence: Evidence) -> list[Headline]:
    """Overall accuracy of the last epoch on the best basis there is, and what was seen clear."""
    return [*_accuracy(evidence), *_seen(evidence)]


def _headline(title: str, measure: Measure, reason: str, *, sign: bool = False) -> Headline:
    below = (
        say(
            "95 % interval {interval} · {source}",
            interval=numerals.interval(measure),
            source=quote(measure.source),
        )
        if measure.low is not None
        else say("No interval: {reason}.", reason=quote((measure.reason or reason).rstrip(".")))
    )
    return Headline(title, numerals.value(measure, sign=sign), (below,))


def _accuracy(evidence: Evidence) -> list[Headline]:
    for basis in ("probability-sample", "held-out", "cross-validation"):
        found = lookup.accuracies(evidence, basis)
        if found:
            title = say(
                "Overall accuracy of the map of {epoch} ({basis})",
                epoch=found[-1].epoch,
                basis=quote(basis.replace("-", " ")),
            )
            made = _headline(title, found[-1].overall, "")
            below = (*made.below, _of_target(evidence, found[-1]))
            return [Headline(made.title, made.figure, below)]
    return []


def _of_target(evidence: Evidence, found: Accuracy) -> str:
    """Where the class is rare a map without any of it would be accurate, too: so these as well."""
    place = found.classes.index(evidence.legend.target)
    title = lookup.target_title(evidence)
    users = numerals.with_interval(found.users[place])
    producers = numerals.with_interval(found.producers[place])
    if found.basis == "probability-sample":
        return say(
            "Of the ground mapped as “{landcover}”, {users} is of that class. Of the ground of "
            "that class, {producers} is mapped so.",
            landcover=title,
            users=users,
            producers=producers,
        )
    # Training labels are no sample of the ground: they speak for themselves alone.
    return say(
        "Of the labels mapped as “{landcover}”, {users} are of that class. Of the labels of that "
        "class, {producers} are mapped so.",
        landcover=title,
        users=users,
        producers=producers,
    )


def _seen(evidence: Evidence) -> list[Headline]:
    rows = lookup.observations(evidence, *lookup.subject(evidence))
    if not rows:
        return []
    worst = min(rows, key=lambda each: each.seen_share)
    where = lookup.side_title(evidence, *lookup.subject(evidence))
    if worst.seen < worst.pixels:
        title = say(
            "Share of {place} seen clear, at the worst epoch ({epoch})",
            place=where,
            epoch=worst.epoch,
        )
        area = numerals.value(worst.unseen_area)
        below = say("Not seen: {area}; counted in no class.", area=area)
    else:
        title, below = say("Share of {place} seen clear", place=where), say("At every epoch.")
    return [Headline(title, numerals.share(worst.seen_share), (below,))]
