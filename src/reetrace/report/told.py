"""What descriptions of figures have in common: lists in a sentence, areas by epoch, the unseen."""

from __future__ import annotations

from collections.abc import Sequence

from reetrace.core.evidence import Evidence
from reetrace.core.results import Measure
from reetrace.reading import lookup, numerals
from reetrace.reading.language import quote, say

STUDY_AREA = ("study-area", lookup.WHOLE)


def joined(parts: Sequence[str]) -> str:
    """Words as a list in a sentence.

    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    if len(parts) < 2:  # noqa: PLR2004 - one needs no `and`
        return "".join(parts)
    return say("{list} and {last}", list=say(", ").join(parts[:-1]), last=parts[-1])


def parted(parts: Sequence[str]) -> str:
    """Words one after another, parted by more than a comma."""
    return say("; ").join(parts)


def place(evidence: Evidence) -> str:
    """The study area by its name."""
    return quote(evidence.study_area.title)


def epochs(evidence: Evidence) -> str:
    """Every epoch."""
    return joined([each.label for each in evidence.epochs])


def series(evidence: Evidence, zone_set: str, zone: str, landcover: str) -> str:
    """The mapped areas of a class in a zone, by epoch."""
    found = lookup.areas(evidence, zone_set, zone, landcover)
    told = [
        say("{value} in {epoch}", value=_shown(lookup.mapped(evidence, each)), epoch=each.epoch)
        for each in found
    ]
    return joined(told or [say("nothing")])


def _shown(measure: Measure) -> str:
    return numerals.value(measure) if measure.value is not None else say("an unknown area")


def target(evidence: Evidence, zone_set: str, zone: str) -> str:
    """Those of the class whose footprint is reported."""
    return series(evidence, zone_set, zone, evidence.legend.target)


def unseen(evidence: Evidence) -> str:
    """What of the study area was not seen, as a sentence."""
    gaps = [
        say("{value} in {epoch}", value=numerals.value(each.unseen_area), epoch=each.epoch)
        for each in lookup.observations(evidence, *STUDY_AREA)
        if each.seen < each.pixels
    ]
    return say(" Not seen: {areas}.", areas=joined(gaps)) if gaps else say(" All of it was seen.")


def size(evidence: Evidence) -> str:
    """How wide and how tall a map is."""
    west, south, east, north = evidence.grid.bounds
    wide, tall = (numerals.number(each / 1000, 1) for each in (east - west, north - south))
    return say(
        "{wide} km from west to east and {tall} km from south to north", wide=wide, tall=tall
    )
