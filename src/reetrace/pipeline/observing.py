"""How well each zone was seen at each epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reetrace.core.grid import Grid
from reetrace.core.results import Measure, Observation
from reetrace.core.site import ZoneSet
from reetrace.core.units import square_kilometres
from reetrace.zoning import SEVERAL


def zone_masks(
    zone_set: ZoneSet, codes: NDArray[np.int16], inside: NDArray[np.bool_]
) -> dict[str, NDArray[np.bool_]]:
    """Zone id to its pixels within the area of interest; `none` and `several` close the sum."""
    if zone_set.id == "study-area":
        return {"all": inside}
    masks = {
        zone.id: inside & (codes == position)
        for position, zone in enumerate(zone_set.zones, start=1)
    }
    return masks | {"none": inside & (codes == 0), "several": inside & (codes == SEVERAL)}


def observe(
    zone_set: ZoneSet,
    masks: Mapping[str, NDArray[np.bool_]],
    epoch: str,
    observations: NDArray[np.uint16],
    grid: Grid,
    *,
    min_observations: int,
) -> tuple[Observation, ...]:
    """One row a zone that has pixels.

    Args:
        zone_set: For its id.
        masks: From `zone_masks`.
        epoch: Label.
        observations: Shape (rows, cols), clear observations of each pixel.
        grid: For the area of a pixel.
        min_observations: Pixels seen clear less often are not seen.
    """
    rows = []
    for zone, mask in masks.items():
        counts = observations[mask]
        if not counts.size:
            continue
        seen = int((counts >= min_observations).sum())
        rows.append(
            Observation(
                zone_set=zone_set.id,
                zone=zone,
                epoch=epoch,
                pixels=int(counts.size),
                seen=seen,
                seen_share=seen / counts.size,
                seen_area=_counted(seen, grid),
                unseen_area=_counted(int(counts.size) - seen, grid),
                median_observations=float(np.median(counts)),
                min_observations=min_observations,
            )
        )
    return tuple(rows)


def _counted(pixels: int, grid: Grid) -> Measure:
    return Measure(
        value=square_kilometres(pixels * grid.pixel_area_m2),
        unit="km²",
        low=None,
        high=None,
        source="pixels counted",
        reason="a count, not an estimate",
    )


def all_masks(
    zone_sets: Sequence[ZoneSet],
    codes: Mapping[str, NDArray[np.int16]],
    inside: NDArray[np.bool_],
) -> dict[str, dict[str, NDArray[np.bool_]]]:
    """`zone_masks` of every zone set, by its id."""
    return {each.id: zone_masks(each, codes[each.id], inside) for each in zone_sets}
