"""How well a statement is founded: the marks that stand beside findings."""

from __future__ import annotations

from dataclasses import dataclass

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
