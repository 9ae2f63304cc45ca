"""The findings as graded sentences, made from intervals and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from reetrace.core.evidence import Evidence
from reetrace.core.results import Growth, SpectralCheck, ZoneArea
from reetrace.reading import lookup, numerals

ESTIMATED, MAPPED, CANNOT_TELL = "estimated", "mapped", "cannot tell"
NOT_SEEN, SCREENING, ARITHMETIC = "not seen", "screening", "arithmetic"

GRADES = {
    ESTIMATED: "from a probability sample, with its 95 % interval",
    MAPPED: "counted on the map, with no interval",
    SCREENING: "a screening test, which points and does not decide",
    NOT_SEEN: "ground or time without a clear view",
    ARITHMETIC: "worked out from printed figures, with no image",
    CANNOT_TELL: "the images and labels do not allow an answer",
}
"""What each mark beside a finding means."""


@dataclass(frozen=True)
class Finding:
    """One statement and how well it is founded."""

    grade: str
    text: str


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


def phrase(evidence: Evidence) -> str:
    """What the target class is called in a sentence."""
    if evidence.legend.target == "mine":
        return "disturbed ground consistent with surface mining"
    return f"ground of the class “{lookup.target_title(evidence)}”"


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
    return [made, Finding(changed.grade, _named(changed.text, _where(evidence, zone_set, zone)))]


def _named(text: str, where: str) -> str:
    """A sentence that stands alone names its place: `Between 2005 and 2020, in Mine A, …`."""
    span, _, rest = text.partition(", ")
    return f"{span}, {where}, {rest}"


def extent(evidence: Evidence, area: ZoneArea) -> Finding:
    """How much ground of a zone was of the target class at an epoch."""
    where = _where(evidence, area.zone_set, area.zone)
    what = phrase(evidence)
    if lookup.nothing_seen(evidence, area.zone_set, area.zone, area.epoch):
        text = (
            f"In {area.epoch}, no ground {where} was seen clear: how much was {what} is not known."
        )
        return Finding(NOT_SEEN, text)
    unseen = _unseen(evidence, area)
    if area.adjusted.value is not None and area.adjusted.low is not None:
        text = (
            f"In {area.epoch}, {what} covered {numerals.with_interval(area.adjusted)} {where}; "
            f"the map itself counts {numerals.value(area.mapped)}.{unseen}"
        )
        return Finding(ESTIMATED, text)
    if not area.pixels:
        text = (
            f"In {area.epoch}, no {what} was mapped {where}. Ground smaller than one pixel "
            f"({numerals.value_of_m2(evidence.grid.pixel_area_m2)}) cannot show.{unseen}"
        )
        return Finding(MAPPED, text)
    text = (
        f"In {area.epoch}, the map counts {numerals.value(area.mapped)} of {what} {where}. "
        f"There is no interval: {plain_reason(area.adjusted.reason)}.{unseen}"
    )
    return Finding(MAPPED, text)


def change(evidence: Evidence, growth: Growth) -> Finding:
    """What can be said of the change between two epochs."""
    del evidence
    span = f"Between {growth.first} and {growth.last}"
    size = growth.change
    if growth.verdict in {"grew", "shrank"}:
        told = (lambda one: one) if growth.verdict == "grew" else numerals.negated
        amount, percent = numerals.with_interval(told(size)), told(growth.percent)
        share = (
            f", which is {numerals.value(percent)} of the area of {growth.first} "
            f"({numerals.interval(percent)})"
            if percent.value is not None and percent.low is not None
            else ""
        )
        return Finding(ESTIMATED, f"{span}, the area {growth.verdict} by {amount}{share}.")
    if growth.verdict == "no-change-detectable":
        needed = (
            f" A change would need to be at least {numerals.area(growth.detectable_km2)} to show."
            if growth.detectable_km2 is not None
            else ""
        )
        text = (
            f"{span}, no change of the area is detectable: the estimate is "
            f"{numerals.with_interval(size)}.{needed}"
        )
        return Finding(ESTIMATED, text)
    # Of ground seen at both: the epochs' own areas differ by what either did not see, too.
    mapped = (
        f" On the maps, over ground seen at both, it changes by {numerals.value(size, sign=True)}."
        if size.value is not None
        else ""
    )
    text = f"{span}, whether the area changed cannot be told: {plain_reason(size.reason)}.{mapped}"
    return Finding(CANNOT_TELL, text)


def _where(evidence: Evidence, zone_set: str, zone: str) -> str:
    title = lookup.side_title(evidence, zone_set, zone)
    if zone_set.startswith("countries"):
        edition = next(each for each in lookup.country_sets(evidence) if each.id == zone_set)
        return f"on {title} of the border (edition “{edition.edition or edition.title}”)"
    return f"in {title}"


def _unseen(evidence: Evidence, area: ZoneArea) -> str:
    rows = lookup.observations(evidence, area.zone_set, area.zone)
    seen = next((each for each in rows if each.epoch == area.epoch), None)
    if seen is None or seen.seen == seen.pixels:
        return ""
    return f" A further {numerals.value(seen.unseen_area)} was not seen and is in neither figure."


def plain_reason(reason: str) -> str:
    """A reason as the end of a sentence."""
    text = (reason or "the labels allow none").rstrip(".")
    return text[0].lower() + text[1:] if text[:2].istitle() else text


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
                values.append(f"{numerals.value(found.mapped)} under “{edition}”")
        if len(values) > 1:
            parts.append(
                f"on {lookup.side_title(evidence, sets[0].id, zone.id)}, {', '.join(values)}"
            )
    if not parts:
        return []
    text = (
        f"Country areas depend on which edition of the border is taken. Mapped in {last}: "
        f"{'; '.join(parts)}."
    )
    return [Finding(MAPPED, text)]


def _views(evidence: Evidence) -> Finding:
    """What was not seen, at which epoch."""
    zone_set, zone = lookup.subject(evidence)
    rows = lookup.observations(evidence, zone_set, zone)
    where = _where(evidence, zone_set, zone)
    gaps = [each for each in rows if each.seen < each.pixels]
    if not gaps:
        epochs = ", ".join(each.epoch for each in rows)
        return Finding(MAPPED, f"Every pixel {where} was seen clear in {epochs}.")
    parts = [
        f"{numerals.value(each.unseen_area)} ({share}) in {each.epoch}"
        for each, share in ((each, numerals.share(1 - each.seen_share)) for each in gaps)
    ]
    text = (
        f"Some ground {where} was not seen clear: {', '.join(parts)}. It is counted in no class; "
        "what happened there is not known."
    )
    return Finding(NOT_SEEN, text)


def _patches(evidence: Evidence) -> list[Finding]:
    if not evidence.patches:
        return []
    gone = [each for each in evidence.patches if each.state in {"went", "came-and-went"}]
    text = (
        f"{_counted(len(evidence.patches), 'small patch', 'small patches')} of the same class "
        "came or went between epochs in the study area; "
        f"{_counted(len(gone), 'was', 'were')} gone by {evidence.epochs[-1].label}. "
        "Look-alikes such as landslides, road cuts and cleared fields come and go too: "
        "each needs to be looked at in sharper images or on the ground."
    )
    return [Finding(MAPPED, text)]


def _counted(amount: int, one: str, many: str) -> str:
    return f"{numerals.count(amount)} {one if amount == 1 else many}"


SPECTRAL_WORDS = {
    "SPECTRAL_ANOMALY": "showed an anomaly",
    "NO_ANOMALY": "showed no anomaly",
    "INCONCLUSIVE": "was inconclusive",
}


def _spectral(evidence: Evidence) -> list[Finding]:
    if not evidence.spectral:
        why = (evidence.spectral_not_run or "no imagery").removeprefix("not run: ").rstrip(".")
        return [Finding(CANNOT_TELL, f"The 740 nm screening test was not run: {why}.")]
    return [Finding(SCREENING, spectral_sentence(evidence, each)) for each in evidence.spectral]


def spectral_sentence(evidence: Evidence, check: SpectralCheck) -> str:
    """What the screening of one zone says, with its limits of detection."""
    name = lookup.any_zone_title(evidence, check.zone)
    depth = (
        " The strongest tenth of the mine pixels reaches "
        f"{numerals.with_interval(check.excess)} deeper at 740 nm than that of matched bare ground."
        if check.excess.value is not None
        else ""
    )
    power = (
        f" A share of about {numerals.value(check.detectable_fraction)} monazite would have shown."
        if check.detectable_fraction.value is not None
        else ""
    )
    return f"At {name}, the 740 nm screening test {SPECTRAL_WORDS[check.verdict]}.{depth}{power}"


def _published(evidence: Evidence) -> list[Finding]:
    if not evidence.faults:
        return []
    one = len(evidence.faults) == 1
    text = (
        f"{_counted(len(evidence.faults), 'published figure does', 'published figures do')} not "
        f"follow from the numbers printed beside {'it' if one else 'them'} in the same study; "
        f"{'it is' if one else 'they are'} listed with the arithmetic."
    )
    return [Finding(ARITHMETIC, text)]
