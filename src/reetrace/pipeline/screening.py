"""Sentinel-2 images of single dates, brought to the screening test at 740 nm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace import tables, verify, zoning
from reetrace.core.engine import Engine
from reetrace.core.grid import Grid
from reetrace.core.landcover import Legend
from reetrace.core.raster import Scene, decode_reflectance
from reetrace.core.results import SpectralCheck
from reetrace.core.site import Epoch, Site, ZoneSet

# Of the bands the test needs, the coarsest have 20 m pixels; finer would repeat values.
SCREENING_PIXEL_M = 20.0

# The published surface-reflectance archive begins in 2017; images of one clear season are enough.
MOST_DATES = 8


@dataclass(frozen=True)
class Screening:
    """The checks, or why there are none."""

    checks: tuple[SpectralCheck, ...]
    not_run: str
    scenes: tuple[Scene, ...]


def screen_zones(
    engine: Engine[Any],
    study: Site,
    years: Sequence[int],
    landcover: Sequence[NDArray[np.uint8]],
    grid: Grid,
    legend: Legend,
    zone_set: ZoneSet,
    *,
    seed: int,
) -> Screening:
    """Run the screening test on every zone, on the latest year that has Sentinel-2 images.

    Args:
        engine: Finds and reads the images.
        study: The study area.
        years: Years judged, rising.
        landcover: Class codes of every epoch, each shape (rows, cols) of `grid`.
        grid: The land-cover grid.
        legend: Its target class is what is screened.
        zone_set: Zones to screen one by one.
        seed: Seed of the permutations and the bootstrap.
    """
    found = _latest_images(engine, study, years)
    if not found:
        return Screening((), "no Sentinel-2 image covers the site in the years judged", ())
    fine = zoning.lay_grid(study, SCREENING_PIXEL_M)
    images, scenes = [], []
    for date in found:
        composite = engine.composite(
            study,
            Epoch.of_day(date),
            fine,
            sensors=tables.spectral_sensors(),
            min_observations=1,
        )
        scene = composite.scenes[0]
        reflectance = decode_reflectance(engine.read(composite, composite.bands))
        images.append(
            verify.ScreeningImage(
                date=scene.date,
                scene=scene.id,
                platform=scene.platform,
                roles=composite.bands,
                reflectance=reflectance,
            )
        )
        scenes.extend(composite.scenes)
    pits = verify.pit_mask(landcover[-1], grid, fine, target_code=legend.target_code)
    candidates = verify.background_candidates(
        landcover, grid, fine, target_code=legend.target_code
    ) & zoning.inside(study, fine)
    codes = zoning.zone_codes(zone_set, fine)
    checks = tuple(
        verify.screen(
            zone.id, images, pits & (codes == position), candidates, fine.pixel_m, seed=seed
        )
        for position, zone in enumerate(zone_set.zones, start=1)
    )
    return Screening(checks, "", tuple(scenes))


def _latest_images(engine: Engine[Any], study: Site, years: Sequence[int]) -> tuple[dt.date, ...]:
    """Dates of the latest judged year that has images, the latest `MOST_DATES` of them, rising."""
    for year in sorted(years, reverse=True):
        epoch = Epoch.of_year(year, study.season_months)
        listed = engine.scenes(study, epoch, tables.spectral_sensors())
        dates = sorted({dt.date.fromisoformat(each.date) for each in listed})
        if dates:
            return tuple(dates[-MOST_DATES:])
    return ()
