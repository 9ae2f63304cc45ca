"""Zones burnt, maps counted, epochs compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace import zoning
from reetrace.change.areas import zone_areas
from reetrace.change.footprint import footprints
from reetrace.change.growth import growth
from reetrace.change.matrix import change_matrix, pairs
from reetrace.change.panel import panel_of
from reetrace.change.patches import transient_patches
from reetrace.core.engine import Engine
from reetrace.core.panel import Panel
from reetrace.core.raster import LandcoverMap
from reetrace.core.results import ChangeMatrix, Footprint, Growth, Patch, ZoneArea
from reetrace.core.site import ZoneSet
from reetrace.pipeline.landcover import Labelled
from reetrace.pipeline.plan import Plan
from reetrace.registry import Registry


@dataclass(frozen=True)
class Ground:
    """The study area on its grid."""

    inside: NDArray[np.bool_]
    """Shape (rows, cols): whether a pixel's centre lies in the area of interest."""
    zone_sets: tuple[ZoneSet, ...]
    zone_codes: Mapping[str, NDArray[np.int16]]
    """By zone set: which of its zones each pixel lies in."""


@dataclass(frozen=True)
class Counted:
    """What the maps say, counted by zone."""

    areas: tuple[ZoneArea, ...]
    changes: tuple[ChangeMatrix, ...]
    growth: tuple[Growth, ...]
    footprints: tuple[Footprint, ...]
    patches: tuple[Patch, ...]
    panel: Panel | None


def survey(plan: Plan, registry: Registry, further: Sequence[ZoneSet] = ()) -> Ground:
    """The area of interest and its zones, burnt on the grid.

    Args:
        plan: Study area and grid.
        registry: Knows the zones.
        further: Zone sets from elsewhere, counted after the registry's own.
    """
    zone_sets = (*registry.zone_sets(plan.study), *further)
    return Ground(
        zoning.inside(plan.study, plan.grid),
        zone_sets,
        {each.id: zoning.zone_codes(each, plan.grid) for each in zone_sets},
    )


def count(
    plan: Plan,
    ground: Ground,
    engine: Engine[Any],
    maps: Mapping[str, LandcoverMap[Any]],
    labelled: Mapping[str, Labelled],
    codes: Mapping[str, NDArray[np.uint8]],
) -> Counted:
    """Areas at every epoch, change between consecutive epochs and between the first and last.

    Args:
        plan: Grid and legend.
        ground: Zones.
        engine: Counts the maps.
        maps: By epoch, in the order of time.
        labelled: By epoch; a probability sample makes the panel.
        codes: The maps' class codes, by epoch, each shape (rows, cols).
    """
    panel = _panel(plan, ground, labelled, codes)
    zoned: dict[str, Any] = {
        "grid": plan.grid,
        "zone_sets": ground.zone_sets,
        "zone_codes": ground.zone_codes,
    }
    outlined = zoned | {"legend": plan.legend}
    alone = [[each] for each in maps.values()]
    against = [[maps[first], maps[last]] for first, last in spans(tuple(maps))]
    crosstabs = engine.crosstab([*alone, *against], ground.zone_sets, plan.study)
    single = [each for each in crosstabs if len(each.epochs) == 1]
    areas = zone_areas(single, legend=plan.legend, panel=panel, **zoned)
    crossed = [each for each in crosstabs if len(each.epochs) > 1]
    compared = pairs(crossed, panel=panel, **zoned)
    return Counted(
        areas=areas,
        changes=tuple(change_matrix(pair, plan.legend) for pair in compared),
        growth=tuple(growth(pair, plan.legend) for pair in compared),
        footprints=tuple(
            footprint
            for label, each in codes.items()
            for footprint in footprints(each, epoch=label, **outlined)
        ),
        patches=transient_patches(list(codes.values()), list(codes), **outlined),
        panel=panel,
    )


def spans(epochs: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each consecutive pair, then the first and the last where they are not a pair already.

    >>> spans(("2005", "2010", "2015"))
    (('2005', '2010'), ('2010', '2015'), ('2005', '2015'))
    """
    steps = tuple(pairwise(epochs))
    return (*steps, (epochs[0], epochs[-1])) if len(steps) > 1 else steps


def _panel(
    plan: Plan,
    ground: Ground,
    labelled: Mapping[str, Labelled],
    codes: Mapping[str, NDArray[np.uint8]],
) -> Panel | None:
    samples = {label: each.sample for label, each in labelled.items() if each.sample is not None}
    if not samples:
        return None
    return panel_of(
        list(samples.values()),
        [codes[label] for label in samples],
        legend=plan.legend,
        area_m2=int(ground.inside.sum()) * plan.grid.pixel_area_m2,
    )
