"""Where each class of the first epoch went by the last, zone by zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.change.adjustment import (
    UNSEEN,
    Count,
    Domain,
    adjusted,
    blank,
    counted,
    domain,
    held,
)
from reetrace.change.areas import NOT_SEEN_NAME
from reetrace.change.zones import counts_by_zone, points_in
from reetrace.core.grid import Grid
from reetrace.core.landcover import NOT_SEEN, Legend
from reetrace.core.panel import Panel
from reetrace.core.raster import Crosstab
from reetrace.core.results import ChangeMatrix, Measure, Transition
from reetrace.core.site import ZoneSet


@dataclass(frozen=True)
class Pair:
    """Two maps of one zone, counted against each other, with the sample that tells about both."""

    crosstab: Crosstab
    zone: str
    counts: NDArray[np.int64]
    """Shape (codes, codes): class at the first epoch, class at the last."""
    pixel_area_m2: float
    found: Domain | str
    """The panel on ground seen at both epochs, or why it cannot tell."""

    @property
    def place(self) -> dict[int, int]:
        """Class code to its place along either axis."""
        return {code: place for place, code in enumerate(self.crosstab.codes)}

    @property
    def seen_twice(self) -> int:
        """Pixels seen at both epochs."""
        known = np.array(self.crosstab.codes) != NOT_SEEN
        return int(self.counts[np.ix_(known, known)].sum())


def pairs(
    crosstabs: Sequence[Crosstab],
    *,
    grid: Grid,
    zone_sets: Sequence[ZoneSet],
    zone_codes: Mapping[str, NDArray[np.int16]],
    panel: Panel | None,
) -> tuple[Pair, ...]:
    """One a zone and pair of epochs, in the order of the zone sets.

    Args:
        crosstabs: Of two epochs each, for any of the zone sets.
        grid: For the area of a pixel.
        zone_sets: In the order the results are wanted.
        zone_codes: For each zone set, by its id, which zone each pixel lies in.
        panel: The probability sample; None where there is none.
    """
    found = []
    for zone_set in zone_sets:
        for crosstab in (each for each in crosstabs if each.zone_set == zone_set.id):
            first, last = crosstab.epochs
            known = np.array(crosstab.codes) != NOT_SEEN
            for zone, counts in counts_by_zone(crosstab, zone_set).items():
                member = (
                    None
                    if panel is None
                    else points_in(panel, zone_set, zone, zone_codes[zone_set.id])
                )
                seen_m2 = float(counts[np.ix_(known, known)].sum()) * grid.pixel_area_m2
                told = domain(panel, (first, last), member, seen_m2)
                found.append(Pair(crosstab, zone, counts, grid.pixel_area_m2, told))
    return tuple(found)


def change_matrix(pair: Pair, legend: Legend) -> ChangeMatrix:
    """From-to areas with not-seen ground as a row and a column; gain, loss and net of the target.

    Gain, loss and net speak of ground seen at both epochs.
    """
    first, last = pair.crosstab.epochs
    names = {NOT_SEEN: NOT_SEEN_NAME} | {legend.code(name): name for name in legend.names}
    place = pair.place
    target = place[legend.target_code]
    known = [place[code] for code in names if code not in {NOT_SEEN, legend.target_code}]
    return ChangeMatrix(
        zone_set=pair.crosstab.zone_set,
        zone=pair.zone,
        first=first,
        last=last,
        cells=tuple(_transition(pair, names, before, after) for before in names for after in names),
        gain=counted(int(pair.counts[known, target].sum()), pair.pixel_area_m2),
        loss=counted(int(pair.counts[target, known].sum()), pair.pixel_area_m2),
        net=net_change(pair, legend.target_code),
    )


def mapped_net_pixels(pair: Pair, code: int) -> int:
    """Pixels of a class at the last epoch less those at the first, on ground seen at both."""
    place = pair.place
    seen = [place[each] for each in pair.crosstab.codes if each != NOT_SEEN]
    column = pair.counts[seen, place[code]].sum()
    row = pair.counts[place[code], seen].sum()
    return int(column - row)


def net_change(pair: Pair, code: int) -> Measure:
    """Net change of a class with the maps' errors taken out, on ground seen at both epochs."""
    if isinstance(pair.found, str):
        return blank(pair.found)
    estimate = pair.found.error(net_of(code)).combine(np.ones(1))
    mapped_m2 = mapped_net_pixels(pair, code) * pair.pixel_area_m2
    half, cap = (estimate.high - estimate.low) / 2, pair.found.cap_m2
    return held(mapped_m2 + estimate.value, half, low=-cap, high=cap)


def net_of(code: int) -> Count:
    """Counts 1 where a point became the class, -1 where it left it."""
    return lambda classes: (
        (classes[:, 1] == code).astype(np.int8) - (classes[:, 0] == code).astype(np.int8)
    )


def _transition(pair: Pair, names: Mapping[int, str], before: int, after: int) -> Transition:
    place = pair.place
    pixels = int(pair.counts[place[before], place[after]])
    unseen = NOT_SEEN in {before, after}
    estimate = (
        blank(UNSEEN)
        if unseen
        else adjusted(
            pair.found,
            pixels * pair.pixel_area_m2,
            lambda classes: (classes[:, 0] == before) & (classes[:, 1] == after),
        )
    )
    return Transition(
        before=names[before],
        after=names[after],
        pixels=pixels,
        mapped=counted(pixels, pair.pixel_area_m2),
        adjusted=estimate,
    )
