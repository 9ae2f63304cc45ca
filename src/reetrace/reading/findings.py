"""The findings as graded sentences, made from intervals and from nothing else."""

from __future__ import annotations

from reetrace.core.evidence import Evidence
from reetrace.core.results import SpectralCheck
from reetrace.reading import lookup, numerals
from reetrace.reading.grades import (
    ARITHMETIC,
    CANNOT_TELL,
    ESTIMATED,
    GRADES,
    MAPPED,
    NOT_SEEN,
    SCREENING,
    Finding,
)
from reetrace.reading.language import quote, say, say_number
from reetrace.reading.statements import change, extent, phrase, plain_reason, where_of

__all__ = [
    "ARITHMETIC",
    "CANNOT_TELL",
    "ESTIMATED",
    "GRADES",
    "MAPPED",
    "NOT_SEEN",
    "SCREENING",
    "Finding",
    "change",
    "extent",
    "findings",
    "phrase",
    "plain_reason",
    "spectral_sentence",
    "spectral_verdict",
]


def findings(evidence: Evidence) -> list[Finding]:
    """Every statement the evidence allows, the site asked for first."""
    made: list[Finding] = []
    for zone_set, zone in _places(evidence):
        made += _place(evidence, zone_set, zone)
    made += _other_editions(evidence)
    made.append(_views(evidence))
    made += _patches(evidence)
    made += _spectral(evidence)
    made += _published(evidence)
    return made


def _places(evidence: Evidence) -> list[tuple[str, str]]:
    """The site, the study area, and the countries under the first edition."""
    places = [lookup.subject(evidence), ("study-area", lookup.WHOLE)]
    for zone_set in lookup.country_sets(evidence)[:1]:
        if len(zone_set.zones) > 1:
            places += [(zone_set.id, zone.id) for zone in zone_set.zones]
    return list(dict.fromkeys(places))


def _place(evidence: Evidence, zone_set: str, zone: str) -> list[Finding]:
    last = evidence.epochs[-1].label
    found = lookup.area(evidence, zone_set, zone, evidence.legend.target, last)
    if found is None:
        return []
    made = extent(evidence, found)
    growth = lookup.whole_growth(evidence, zone_set, zone)
    if growth is None:
        return [made]
    changed = change(evidence, growth)
    if changed.grade == made.grade:
        return [Finding(made.grade, f"{made.text} {changed.text}")]
    # A sentence that stands alone names its place.
    return [made, change(evidence, growth, where_of(evidence, zone_set, zone))]


def _other_editions(evidence: Evidence) -> list[Finding]:
    """How far country areas move with the boundary edition."""
    sets = lookup.country_sets(evidence)
    if len(sets) < 2:  # noqa: PLR2004 - a comparison needs two
        return []
    last, target = evidence.epochs[-1].label, evidence.legend.target
    parts = []
    for zone in sets[0].zones:
        values = []
        for zone_set in sets:
            found = lookup.area(evidence, zone_set.id, zone.id, target, last)
            if found is not None:
                edition = zone_set.edition or zone_set.title
                area = numerals.value(found.mapped)
                values.append(say("{area} under “{edition}”", area=area, edition=edition))
        if len(values) > 1:
            side = lookup.side_title(evidence, sets[0].id, zone.id)
            parts.append(say("on {side}, {values}", side=side, values=say(", ").join(values)))
    if not parts:
        return []
    text = say(
        "Country areas depend on which edition of the border is taken. Mapped in {epoch}: {areas}.",
        epoch=last,
        areas=say("; ").join(parts),
    )
    return [Finding(MAPPED, text)]


def _views(evidence: Evidence) -> Finding:
    """What was not seen, at which epoch."""
    zone_set, zone = lookup.subject(evidence)
    rows = lookup.observations(evidence, zone_set, zone)
    where = where_of(evidence, zone_set, zone)
    gaps = [each for each in rows if each.seen < each.pixels]
    if not gaps:
        epochs = say(", ").join(each.epoch for each in rows)
        text = say("Every pixel {where} was seen clear in {epochs}.", where=where, epochs=epochs)
        return Finding(MAPPED, text)
    parts = [
        say(
            "{area} ({share}) in {epoch}",
            area=numerals.value(each.unseen_area),
            share=numerals.share(1 - each.seen_share),
            epoch=each.epoch,
        )
        for each in gaps
    ]
    text = say(
        "Some ground {where} was not seen clear: {areas}. It is counted in no class; what happened "
        "there is not known.",
        where=where,
        areas=say(", ").join(parts),
    )
    return Finding(NOT_SEEN, text)


def _patches(evidence: Evidence) -> list[Finding]:
    if not evidence.patches:
        return []
    gone = [each for each in evidence.patches if each.state in {"went", "came-and-went"}]
    last = evidence.epochs[-1].label
    came = say_number(
        "{count} small patch of the same class came or went between epochs in the study area",
        "{count} small patches of the same class came or went between epochs in the study area",
        len(evidence.patches),
        count=numerals.count(len(evidence.patches)),
    )
    went = say_number(
        "{count} was gone by {epoch}",
        "{count} were gone by {epoch}",
        len(gone),
        count=numerals.count(len(gone)),
        epoch=last,
    )
    text = say(
        "{came}; {went}. Look-alikes such as landslides, road cuts and cleared fields come and go "
        "too: each needs to be looked at in sharper images or on the ground.",
        came=came,
        went=went,
    )
    return [Finding(MAPPED, text)]


SPECTRAL_WORDS = {
    "SPECTRAL_ANOMALY": "At {place}, the 740 nm screening test showed an anomaly.",
    "NO_ANOMALY": "At {place}, the 740 nm screening test showed no anomaly.",
    "INCONCLUSIVE": "At {place}, the 740 nm screening test was inconclusive.",
}


def _spectral(evidence: Evidence) -> list[Finding]:
    if not evidence.spectral:
        why = (evidence.spectral_not_run or "no imagery").removeprefix("not run: ").rstrip(".")
        text = say("The 740 nm screening test was not run: {reason}.", reason=quote(why))
        return [Finding(CANNOT_TELL, text)]
    return [Finding(SCREENING, spectral_sentence(evidence, each)) for each in evidence.spectral]


def spectral_sentence(evidence: Evidence, check: SpectralCheck) -> str:
    """What the screening of one zone says, with its limits of detection."""
    depth = (
        say(
            " The strongest tenth of the mine pixels reaches {excess} deeper at 740 nm than that "
            "of matched bare ground.",
            excess=numerals.with_interval(check.excess),
        )
        if check.excess.value is not None
        else ""
    )
    verdict = say(SPECTRAL_WORDS[check.verdict], place=lookup.any_zone_title(evidence, check.zone))
    return f"{verdict}{depth}{_power(check)}"


def spectral_verdict(evidence: Evidence, check: SpectralCheck) -> str:
    """The same without the depth, for where the reasons that follow state it."""
    verdict = say(SPECTRAL_WORDS[check.verdict], place=lookup.any_zone_title(evidence, check.zone))
    return f"{verdict}{_power(check)}"


def _power(check: SpectralCheck) -> str:
    if check.detectable_fraction.value is None:
        return ""
    return say(
        " A share of about {share} monazite would have shown.",
        share=numerals.value(check.detectable_fraction),
    )


def _published(evidence: Evidence) -> list[Finding]:
    if not evidence.faults:
        return []
    text = say_number(
        "{count} published figure does not follow from the numbers printed beside it in the same "
        "study; it is listed with the arithmetic.",
        "{count} published figures do not follow from the numbers printed beside them in the same "
        "study; they are listed with the arithmetic.",
        len(evidence.faults),
        count=numerals.count(len(evidence.faults)),
    )
    return [Finding(ARITHMETIC, text)]
