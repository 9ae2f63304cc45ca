"""What the numbers of a screening allow to be said, and why, in plain sentences."""

from __future__ import annotations

from dataclasses import dataclass

from reetrace.core.results import SpectralVerdict
from reetrace.verify.comparison import Comparison
from reetrace.verify.power import POWER

ALPHA = 0.01
"""Level of the test on all dates together. One mine in a hundred without rare earths may pass it;
it must then still pass the limits below."""

DATE_ALPHA = 0.05
"""Level at which a single date counts as showing the excess by itself."""

LEAST_DATES = 2
"""One image can be hazy, flooded or freshly wetted; minerals are there on every date."""

LEAST_DEPTH = 0.02
"""Both the depth of the pits and their excess must reach this. Of 4,196 measured soils and sands
with an NDVI below 0.3 (earthlib 1.1.0, ICRAF-ISRIC) 95 % lie below 0.001 and none above 0.0133;
ordinary soils differ among each other by as much. Median soil reaches 0.02 with 5 % monazite."""

NULL_P = 0.05
"""Above this a test counts as clearly null; between `ALPHA` and this nobody should conclude."""

MOST_DETECTABLE = 0.10
"""An absence is only stated when a tenth of the ground being monazite would have shown. A tenth is
rich: at 60 % rare-earth oxides in monazite it is 6 % of the ground."""

LEAST_SCREENED = 0.5
"""Share of the pit pixels that must have been compared before an absence is stated."""

MOST_WET_OR_COVERED = 0.5
"""Share of the pit pixels under water or plastic above which the rest is taken for their fringe."""

MOST_UNMATCHED = 0.5
"""Share of the usable pit pixels without like background above which the rest are too few."""

MOST_TINT = 0.05
"""Bluer than that against like ground (5 % in the blue-to-red ratio), the strongest tenth of the
pits is suspected to hold scraps of sheet too small for the masks. In median soil the depth of 0.02
that counts takes 6 % of green or 11 % of blue sheet, which is 10 or 25 % bluer; with monazite it is
1 % less blue (computed from the spectra named in `masks`)."""

ION_ADSORPTION_CAVEAT = (
    "The registry calls this ion-adsorption clay. Such clay holds well under 1 % rare-earth "
    "oxides, far less than a satellite of this kind can show, so the absence of an anomaly says "
    "nothing about whether rare earths are there."
)
"""For the report, beside any verdict on a deposit of this type."""

SCREENING_CAVEAT = (
    "An anomaly is a reason to look closer and no more: turbid water, plastic sheet and some "
    "paints bend the spectrum in the same place, and only samples of the ground can tell."
)


@dataclass(frozen=True)
class Findings:
    """What one zone's images gave."""

    pit_pixels: int
    """All pit pixels of the zone, usable or not."""
    by_date: tuple[Comparison | str, ...]
    """A test or the sentence why there is none, date by date."""
    together: Comparison | str
    aside: tuple[tuple[str, float], ...]
    """(reason, share of the pit pixels set aside for it on the average date), 0-1."""
    detectable: float | None
    """Smallest monazite share that would have shown, 0-1."""


def judge(findings: Findings) -> tuple[SpectralVerdict, tuple[str, ...]]:
    """The verdict and its reasons; `INCONCLUSIVE` unless all that another one needs holds."""
    together = findings.together
    if isinstance(together, str):
        return "INCONCLUSIVE", (together, *_set_aside(findings))
    doubts = _doubts(findings)
    if _strong(together):
        agreeing, tested = _agreeing(findings)
        if agreeing >= LEAST_DATES and 2 * agreeing >= tested and not doubts:
            return "SPECTRAL_ANOMALY", _anomaly(together, agreeing, tested)
        if tested >= LEAST_DATES and (agreeing < LEAST_DATES or 2 * agreeing < tested):
            doubts = (_too_few_dates(agreeing, tested), *doubts)
        return "INCONCLUSIVE", (*doubts, *_set_aside(findings))
    missing = (*doubts, *_short_of_absence(findings, together))
    if missing:
        return "INCONCLUSIVE", (*missing, *_set_aside(findings))
    return "NO_ANOMALY", _absence(findings, together)


def _strong(together: Comparison) -> bool:
    return (
        together.p_value < ALPHA
        and together.low > 0.0
        and together.excess >= LEAST_DEPTH
        and together.pit_depth >= LEAST_DEPTH
    )


def _agreeing(findings: Findings) -> tuple[int, int]:
    """(dates that show the excess alone, dates that could be tested)."""
    tested = [each for each in findings.by_date if isinstance(each, Comparison)]
    agreeing = [each for each in tested if each.p_value < DATE_ALPHA and each.excess > 0.0]
    return len(agreeing), len(tested)


def _doubts(findings: Findings) -> tuple[str, ...]:
    """What speaks against any firm verdict."""
    shares = dict(findings.aside)
    covered = shares.get("water", 0.0) + shares.get("bright plastic", 0.0)
    doubts = []
    _, tested = _agreeing(findings)
    if tested < LEAST_DATES:
        doubts.append(
            f"{_count(tested, 'image')} could be tested; at least {LEAST_DATES} are needed."
        )
    if covered > MOST_WET_OR_COVERED:
        doubts.append(
            f"{covered:.0%} of the pit pixels lie in, under or beside water or plastic, which look "
            "like neodymium at 740 nm; what is left may be mixed with them."
        )
    if isinstance(findings.together, Comparison):
        if findings.together.tint > MOST_TINT:
            doubts.append(
                "The pixels with the strongest depth are bluer than like bare ground, as scraps of "
                "plastic or paint are and rare-earth ore is not."
            )
        matched = int(findings.together.ground.pit.sum())
        alone = findings.together.unmatched / (findings.together.unmatched + matched)
        if alone > MOST_UNMATCHED:
            doubts.append(
                f"{alone:.0%} of the usable pit pixels resemble no bare ground outside the mine in "
                "brightness, greenness and colour, so nothing says what they should have shown."
            )
    return tuple(doubts)


def _short_of_absence(findings: Findings, together: Comparison) -> tuple[str, ...]:
    """What keeps a weak result from being an absence."""
    missing = []
    screened = int(together.ground.pit.sum()) / max(1, findings.pit_pixels)
    if together.p_value < NULL_P or together.high >= LEAST_DEPTH:
        missing.append(
            "The strongest tenth of the pits departs from like ground by "
            f"{_signed(together.excess)} (95 % interval {_interval(together)}), with a depth of "
            f"{_signed(together.pit_depth)}: too much to be called nothing, too little or too "
            f"uncertain to stand out from ordinary soils, which differ by up to {LEAST_DEPTH:.2f}."
        )
    if findings.detectable is None:
        missing.append("No share of monazite, however large, would have been sure to show here.")
    elif findings.detectable > MOST_DETECTABLE:
        missing.append(
            f"Less than {findings.detectable:.0%} of monazite in the ground would not have been "
            f"sure to show; an absence is only stated from {MOST_DETECTABLE:.0%} down."
        )
    if screened < LEAST_SCREENED:
        missing.append(
            f"Only {screened:.0%} of the pit pixels could be compared; {LEAST_SCREENED:.0%} are "
            "needed before an absence is stated."
        )
    return tuple(missing)


def _too_few_dates(agreeing: int, tested: int) -> str:
    return (
        f"The excess over all dates is large, but only {agreeing} of {tested} dates show it alone; "
        f"at least {LEAST_DATES} dates and half of those tested are needed."
    )


def _anomaly(together: Comparison, agreeing: int, tested: int) -> tuple[str, ...]:
    strength = (
        f"The strongest tenth of the pits has a depth of {_plain(together.pit_depth)} at 740 nm, "
        f"{_plain(together.excess)} more than like ground outside the mine (95 % interval "
        f"{_plain(together.low)} to {_plain(together.high)})."
    )
    return (
        strength,
        f"Ordinary ground does as much by chance less often than once in {1 / ALPHA:.0f} draws.",
        f"{agreeing} of {tested} dates show it alone.",
        f"Ordinary soils with as few plants stay below {LEAST_DEPTH:.2f}.",
        SCREENING_CAVEAT,
    )


def _absence(findings: Findings, together: Comparison) -> tuple[str, ...]:
    strength = (
        "The strongest tenth of the pits departs from like ground outside the mine by "
        f"{_signed(together.excess)} (95 % interval {_interval(together)}), "
        "which is what ordinary soils do."
    )
    power = (
        f"Had {findings.detectable or 0.0:.0%} or more of the ground been monazite, the test would "
        f"have shown it in at least {10 * POWER:.0f} of 10 cases."
    )
    return strength, power, _STILL_HIDDEN


_STILL_HIDDEN = (
    "Smaller shares, other rare-earth minerals and clays that hold rare earths would not show."
)


def _set_aside(findings: Findings) -> tuple[str, ...]:
    """The largest reasons for which pit pixels were set aside, if they were many."""
    many = [(reason, share) for reason, share in findings.aside if share >= _MANY]
    if not many:
        return ()
    words = ", ".join(f"{share:.0%} for {reason}" for reason, share in many)
    return (f"Of the pit pixels, on the average date, these were set aside: {words}.",)


_MANY = 0.2


def _count(number: int, noun: str) -> str:
    return f"Only {number} {noun}" if number == 1 else f"Only {number or 'no'} {noun}s"


def _interval(together: Comparison) -> str:
    return f"{_signed(together.low)} to {_signed(together.high)}"


def _signed(depth: float) -> str:
    return f"{depth:+.3f}".replace("-", "−")


def _plain(depth: float) -> str:
    return f"{depth:.3f}".replace("-", "−")
