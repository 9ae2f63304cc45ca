"""Area of every class in every zone: as mapped, and with the map's error taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reetrace.change.adjustment import (
    NOTHING_SEEN,
    UNSEEN,
    Count,
    adjusted,
    blank,
    counted,
    domain,
    uncounted,
)
from reetrace.change.zones import counts_by_zone, points_in
from reetrace.core.grid import Grid
from reetrace.core.landcover import NOT_SEEN, Legend
from reetrace.core.panel import Panel
from reetrace.core.raster import Crosstab
from reetrace.core.results import Measure, ZoneArea
from reetrace.core.site import ZoneSet

NOT_SEEN_NAME = "not-seen"
"""How tables call ground without enough clear observations."""


def zone_areas(
    crosstabs: Sequence[Crosstab],
    *,
    grid: Grid,
    legend: Legend,
    zone_sets: Sequence[ZoneSet],
    zone_codes: Mapping[str, NDArray[np.int16]],
    panel: Panel | None,
) -> tuple[ZoneArea, ...]:
    """One row a zone, epoch and class, and one for the ground that was not seen.

    Args:
        crosstabs: Of a single epoch each, for any of the zone sets.
        grid: For the area of a pixel.
        legend: The classes counted.
        zone_sets: In the order the rows are wanted.
        zone_codes: For each zone set, by its id, which zone each pixel lies in.
        panel: The probability sample; None where there is none.
    """
    rows: list[ZoneArea] = []
    for zone_set in zone_sets:
        for crosstab in (each for each in crosstabs if each.zone_set == zone_set.id):
            for zone, counts in counts_by_zone(crosstab, zone_set).items():
                member = (
                    None
                    if panel is None
                    else points_in(panel, zone_set, zone, zone_codes[zone_set.id])
                )
                rows += _zone_rows(
                    crosstab, zone, counts, grid=grid, legend=legend, panel=panel, member=member
                )
    return tuple(rows)


def _zone_rows(
    crosstab: Crosstab,
    zone: str,
    counts: NDArray[np.int64],
    *,
    grid: Grid,
    legend: Legend,
    panel: Panel | None,
    member: NDArray[np.bool_] | None,
) -> list[ZoneArea]:
    (epoch,) = crosstab.epochs
    pixels = dict(zip(crosstab.codes, counts.tolist(), strict=True))
    seen_pixels = sum(pixels.values()) - pixels[NOT_SEEN]
    found = domain(panel, (epoch,), member, seen_pixels * grid.pixel_area_m2)
    # Nothing seen is not nothing there: where no ground was seen, no class has an area, not even 0.
    hidden = seen_pixels == 0 and pixels[NOT_SEEN] > 0

    def row(landcover: str, code: int, estimate: Measure) -> ZoneArea:
        return ZoneArea(
            zone_set=crosstab.zone_set,
            zone=zone,
            epoch=epoch,
            landcover=landcover,
            pixels=pixels[code],
            mapped=uncounted(NOTHING_SEEN)
            if hidden and code != NOT_SEEN
            else counted(pixels[code], grid.pixel_area_m2),
            adjusted=estimate,
        )

    rows = [
        row(name, code, adjusted(found, pixels[code] * grid.pixel_area_m2, _is_class(code)))
        for name in legend.names
        for code in [legend.code(name)]
    ]
    return [*rows, row(NOT_SEEN_NAME, NOT_SEEN, blank(UNSEEN))]


def _is_class(code: int) -> Count:
    """Counts points of one class at the one epoch asked for."""
    return lambda classes: classes[:, 0] == code
