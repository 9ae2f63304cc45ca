"""Which rows of a count, and which points of a sample, belong to a zone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reetrace.core.panel import Panel
from reetrace.core.raster import Crosstab
from reetrace.core.site import ZoneSet
from reetrace.zoning import SEVERAL

WHOLE = "all"
"""The zone that is the whole area of interest."""

_NONE, _SEVERAL = "none", "several"


def is_whole(zone_set: ZoneSet) -> bool:
    """Whether the set is the study area itself, whose one zone is `all`."""
    return zone_set.id == "study-area"


def counts_by_zone(crosstab: Crosstab, zone_set: ZoneSet) -> dict[str, NDArray[np.int64]]:
    """Zone id to its counts, by class in each map.

    `none` and `several` appear where they hold pixels, and always between countries, where a
    gap and an overlap are findings.
    """
    if is_whole(zone_set):
        return {WHOLE: crosstab.counts.sum(axis=0)}
    found = {}
    for zone, counts in zip(crosstab.zones, crosstab.counts, strict=True):
        if zone in {_NONE, _SEVERAL} and not counts.any() and not _between_countries(zone_set):
            continue
        found[zone] = counts
    return found


def points_in(
    panel: Panel, zone_set: ZoneSet, zone: str, codes: NDArray[np.int16]
) -> NDArray[np.bool_]:
    """Shape (points,): whether each point of the panel lies in the zone.

    Args:
        panel: All its points lie on the grid.
        zone_set: The set the zone is of.
        zone: Zone id, `none`, `several` or `all`.
        codes: Shape (rows, cols), from `zoning.zone_codes` of the set.
    """
    if is_whole(zone_set):
        return np.ones(len(panel.ids), dtype=np.bool_)
    here: NDArray[np.bool_] = codes[panel.rows, panel.cols] == zone_code(zone_set, zone)
    return here


def zone_code(zone_set: ZoneSet, zone: str) -> int:
    """The code of a zone in `zoning.zone_codes`."""
    special = {_NONE: 0, _SEVERAL: SEVERAL}
    if zone in special:
        return special[zone]
    return 1 + [each.id for each in zone_set.zones].index(zone)


def _between_countries(zone_set: ZoneSet) -> bool:
    return any(zone.role == "country" for zone in zone_set.zones)
