"""Sentinel-2 images of single dates, brought to the screening test at 740 nm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace import tables, verify, zoning
from reetrace.core.engine import Engine
from reetrace.core.errors import NoImagery
from reetrace.core.raster import Scene, decode_reflectance
from reetrace.core.results import SpectralCheck
from reetrace.core.site import Epoch, Site
from reetrace.pipeline.counting import Ground
from reetrace.pipeline.plan import Plan

# Of the bands the test needs, the coarsest have 20 m pixels; finer would repeat values.
SCREENING_PIXEL_M = 20.0

# Images of one clear season are enough.
MOST_DATES = 8

# The archive of surface reflectance begins on 28 March 2017.
_ARCHIVE_FROM = 2017


@dataclass(frozen=True)
class Screening:
    """The checks, or why there are none."""

    checks: tuple[SpectralCheck, ...]
    not_run: str
    scenes: tuple[Scene, ...]


def screen_zones(
    engine: Engine[Any],
    plan: Plan,
    ground: Ground,
    landcover: Sequence[NDArray[np.uint8]],
    *,
    seed: int,
) -> Screening:
    """Run the screening test on every mine, on the latest year that has Sentinel-2 images.

    Args:
        engine: Finds and reads the images.
        plan: Study area, years, grid, and the legend whose target class is screened.
        ground: Its mines are screened one by one; without any, the study area as a whole.
        landcover: Class codes of every epoch, each shape (rows, cols) of the plan's grid.
        seed: Seed of the permutations and the bootstrap.
    """
    study, grid, legend = plan.study, plan.grid, plan.legend
    mines = [each for each in ground.zone_sets if each.id == "mines"]
    zone_set = (mines or list(ground.zone_sets))[0]
    found = _latest_images(engine, study, [each.year for each in plan.epochs])
    if not found:
        return Screening((), _nothing_found([each.year for each in plan.epochs]), ())
    fine = zoning.lay_grid(study, SCREENING_PIXEL_M)
    images: list[verify.ScreeningImage] = []
    scenes: list[Scene] = []
    # All are asked for before any is read, so that an engine far away can bring them at once.
    composites = [
        engine.composite(
            study,
            Epoch.of_day(date),
            fine,
            sensors=tables.spectral_sensors(),
            min_observations=1,
        )
        for date in found
    ]
    for composite in composites:
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
    return Screening(tuple(_with_caveat(each, study) for each in checks), "", tuple(scenes))


def _nothing_found(years: Sequence[int]) -> str:
    said = "no Sentinel-2 image covers the site in the years judged"
    if max(years) < _ARCHIVE_FROM:
        said += f"; surface reflectance of Sentinel-2 is published from {_ARCHIVE_FROM} on"
    return said


def _with_caveat(check: SpectralCheck, study: Site) -> SpectralCheck:
    if "adsorption" not in study.deposit_type.casefold():
        return check
    return replace(check, reasons=(*check.reasons, verify.ION_ADSORPTION_CAVEAT))


def _latest_images(engine: Engine[Any], study: Site, years: Sequence[int]) -> tuple[dt.date, ...]:
    """Dates of the latest judged year that has images, the latest `MOST_DATES` of them, rising."""
    for year in sorted(years, reverse=True):
        epoch = Epoch.of_year(year, study.season_months)
        with suppress(NoImagery):
            listed = engine.scenes(study, epoch, tables.spectral_sensors())
            return tuple(sorted({each.date for each in listed})[-MOST_DATES:])
    return ()
