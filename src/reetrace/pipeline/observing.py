"""How well each zone was seen at each epoch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.engine import Engine
from reetrace.core.grid import Grid
from reetrace.core.raster import OBSERVATIONS, Composite
from reetrace.core.results import Measure, Observation
from reetrace.core.site import ZoneSet
from reetrace.core.units import square_kilometres
from reetrace.pipeline.counting import Ground
from reetrace.pipeline.plan import Plan
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


def observe_all(
    plan: Plan, ground: Ground, engine: Engine[Any], composites: Mapping[str, Composite[Any]]
) -> tuple[Observation, ...]:
    """How well every zone of every set was seen at every epoch."""
    rows: list[Observation] = []
    for label, composite in composites.items():
        observations = engine.read(composite, (OBSERVATIONS,))[0]
        for zone_set in ground.zone_sets:
            masks = zone_masks(zone_set, ground.zone_codes[zone_set.id], ground.inside)
            rows += observe(
                zone_set,
                masks,
                label,
                observations,
                plan.grid,
                min_observations=composite.min_observations,
            )
    return tuple(rows)
