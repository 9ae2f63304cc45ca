"""What a run would do, before it does it: images, grid, labels, requests, bytes, disk."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from reetrace import tables, zoning
from reetrace.core.engine import Engine
from reetrace.core.errors import LabelError, NoImagery
from reetrace.core.raster import SceneListing
from reetrace.core.samples import Purpose
from reetrace.core.site import Epoch
from reetrace.pipeline.counting import spans
from reetrace.pipeline.landcover import epochs_by_family, refuse_unlabelled
from reetrace.pipeline.order import Order, Progress
from reetrace.pipeline.outlook import Forecast, ForecastEpoch, StageForecast
from reetrace.pipeline.plan import Plan, PlannedEpoch, find_labels, views
from reetrace.pipeline.screening import MOST_DATES, SCREENING_PIXEL_M
from reetrace.registry import Registry

__all__ = ["Forecast", "forecast", "forecast_order"]

# PDF, workbook, tables, outlines, fonts: beside the rasters, whatever the site.
_DOCUMENT_BYTES = 20_000_000

# Whatever the site: libraries, figures, the report's pages. The main job was seen to take 719 MB.
_STANDING_BYTES = 750_000_000
# Measured: one epoch's bands and index on their way into the evidence, a pixel; what the screening
# holds of a pixel beside the reflectance of every date.
_BYTES_DEPOSITED, _BYTES_SCREENED = 90, 150


def forecast_order(order: Order, progress: Progress) -> Forecast:
    """What carrying out an order would come to; no pixel is read and nothing is written.

    The drawn demonstration is drawn on its first use, as the run itself would.

    Raises:
        ReetraceError: Whatever of the order cannot be used.
    """
    from reetrace.pipeline.job import drawn_world, open_for, prepare
    from reetrace.pipeline.plan import plan, refuse_other_images
    from reetrace.settings import cache_folder

    job = prepare(order, documents=False)
    world = drawn_world(job, progress)
    engine = open_for(job, world, progress)
    progress("Looking for images", 0.0)
    planned = plan(
        job.site,
        sorted(set(job.years)),
        registry=job.registry,
        engine=engine,
        choices=order.choices,
    )
    if job.pinned is not None:
        refuse_other_images(planned, job.pinned)
    return forecast(
        planned,
        engine,
        registry=job.registry,
        world=world,
        trainer=job.settings.trainer,
        editions=len(set(order.boundaries)),
        folders=(cache_folder(job.settings), job.settings.reports),
    )


def forecast(
    plan: Plan,
    engine: Engine[Any],
    *,
    registry: Registry,
    world: Path | None = None,
    trainer: str = "local",
    editions: int = 0,
    folders: Sequence[Path] = (),
) -> Forecast:
    """What following a plan would come to.

    Args:
        plan: Its images are chosen already.
        engine: Finds the images of the screening.
        registry: Finds labels and zones.
        world: Drawn world whose labels go with drawn imagery.
        trainer: Who grows the forests.
        editions: Further editions of borders, fetched from a service.
        folders: Where the run will write; need not be there yet.
    """
    problems: list[str] = []
    epochs = tuple(_epoch(plan, each, registry, world, problems) for each in plan.epochs)
    try:
        refuse_unlabelled(plan, registry, world)
    except LabelError as fault:
        problems.append(str(fault))
    screening = _screening(engine, plan)
    drawn = [image for each in plan.epochs for image in each.images if image.simulated]
    asked = _asked(engine, plan, epochs, screening, registry, trainer, editions)
    files = _files(engine, plan, screening)
    return Forecast(
        site=plan.site.id,
        study_area=plan.study.id,
        engine=engine.name,
        simulated=bool(drawn),
        grid=plan.grid,
        epochs=epochs,
        screening_dates=tuple(sorted({image.date.isoformat() for image in screening})),
        files=len(files),
        file_bytes=sum(each.stat().st_size for each in files if each.is_file()),
        disk_bytes=_disk_bytes(plan, screening),
        disks=tuple(_free(each) for each in folders),
        memory_bytes=_memory_bytes(plan, screening),
        machine_bytes=_machine_bytes(),
        problems=tuple(problems),
        **asked,
    )


def _epoch(
    plan: Plan,
    planned: PlannedEpoch,
    registry: Registry,
    world: Path | None,
    problems: list[str],
) -> ForecastEpoch:
    def points(purpose: Purpose) -> int | None:
        try:
            found = find_labels(
                plan.study,
                planned.year,
                purpose,
                registry=registry,
                simulated=any(image.simulated for image in planned.images),
                world=world,
            )
        except LabelError as fault:
            problems.append(str(fault))
            return None
        return None if found is None else len(found.points)

    return ForecastEpoch(
        label=planned.epoch.label,
        sensor=planned.sensor.title,
        scenes=len(planned.images),
        passes=views(planned.images),
        dates=tuple(sorted({image.date.isoformat() for image in planned.images})),
        min_observations=planned.min_observations,
        training_labels=points("training"),
        sample_labels=points("probability-sample"),
    )


def _screening(engine: Engine[Any], plan: Plan) -> tuple[SceneListing, ...]:
    """The images that the screening would look at: see `screening.screen_zones`."""
    for year in sorted((each.year for each in plan.epochs), reverse=True):
        epoch = Epoch.of_year(year, plan.study.season_months)
        with suppress(NoImagery):
            listed = engine.scenes(plan.study, epoch, tables.spectral_sensors())
            dates = sorted({each.date for each in listed})[-MOST_DATES:]
            return tuple(each for each in listed if each.date in dates)
    return ()


def _files(engine: Engine[Any], plan: Plan, screening: Sequence[SceneListing]) -> tuple[Path, ...]:
    """Files that the run would read from on this machine."""
    files_of = getattr(engine, "files", None)
    if files_of is None:
        return ()
    found: set[Path] = set()
    for each in plan.epochs:
        found.update(files_of(plan.study, each.epoch, (each.sensor,)))
    for date in sorted({image.date for image in screening}):
        found.update(files_of(plan.study, Epoch.of_day(date), tables.spectral_sensors()))
    return tuple(sorted(found))


def _asked(
    engine: Engine[Any],
    plan: Plan,
    epochs: Sequence[ForecastEpoch],
    screening: Sequence[SceneListing],
    registry: Registry,
    trainer: str,
    editions: int,
) -> dict[str, Any]:
    """What a service would be asked; nothing where the engine asks none."""
    if not hasattr(engine, "usage"):
        return {"stages": (), "compute": (), "eecu_seconds": None}
    from reetrace.engines.earthengine.cost import Picture, estimate

    pictures = [
        Picture(plan.grid, each.sensor, len(each.images), _labels(found))
        for each, found in zip(plan.epochs, epochs, strict=True)
    ]
    fine = zoning.lay_grid(plan.study, SCREENING_PIXEL_M)
    dates = [image.date for image in screening]
    sensors = {each.id: each for each in tables.spectral_sensors()}
    sensor_of = {image.date: sensors[image.sensor] for image in screening}
    days = [Picture(fine, sensor_of[date], dates.count(date)) for date in sorted(sensor_of)]
    expected = estimate(
        pictures,
        days,
        listed=sum(len(each.images) for each in plan.epochs) + len(screening),
        searches=_searches(plan, screening),
        cells=_cells(plan, registry),
        forests=len(epochs_by_family(plan)) if trainer == "earthengine" else 0,
        editions=editions,
    )
    return {
        "stages": tuple(
            StageForecast(each.name, each.requests, each.bytes_home) for each in expected.stages
        ),
        "compute": expected.lines(),
        "eecu_seconds": expected.eecu_seconds,
    }


def _searches(plan: Plan, screening: Sequence[SceneListing]) -> int:
    """Years for which the screening has to look for images that nobody looked for before."""
    found = max((image.date.year for image in screening), default=0)
    first = min(int(each.service_first[:4]) for each in tables.spectral_sensors())
    return sum(found < each.year < first for each in plan.epochs)


def _labels(epoch: ForecastEpoch) -> int:
    return (epoch.training_labels or 0) + (epoch.sample_labels or 0)


def _cells(plan: Plan, registry: Registry) -> int:
    """Cells of all tables of counts: zones by classes, before and after."""
    classes = len(plan.legend.classes) + 1
    zones = sum(len(each.zones) + 2 for each in registry.zone_sets(plan.study))
    pairs = len(list(spans(tuple(each.epoch.label for each in plan.epochs))))
    return zones * (len(plan.epochs) * classes + pairs * classes**2)


def _disk_bytes(plan: Plan, screening: Sequence[SceneListing]) -> int:
    """Rasters kept for the next run, rasters and documents of the evidence, uncompressed."""
    pixels = plan.grid.rows * plan.grid.cols
    fine = pixels * (plan.grid.pixel_m / SCREENING_PIXEL_M) ** 2
    layers = sum(len(each.sensor.bands) for each in plan.epochs)
    spectral = max((len(each.bands) for each in tables.spectral_sensors()), default=0)
    days = len({image.date for image in screening})
    pairs = len(list(spans(tuple(each.epoch.label for each in plan.epochs))))
    # Per epoch: bands, observations and map kept; bands, index, observations and map deposited.
    kept = pixels * (2 * (layers + len(plan.epochs)) + len(plan.epochs))
    deposited = pixels * (2 * (layers + 2 * len(plan.epochs)) + len(plan.epochs) + pairs)
    return math.ceil(kept + deposited + fine * 2 * (spectral + 1) * days) + _DOCUMENT_BYTES


def _memory_bytes(plan: Plan, screening: Sequence[SceneListing]) -> int:
    """What a run holds at once: maps throughout, then the images screened, then one epoch."""
    pixels = plan.grid.rows * plan.grid.cols
    fine = pixels * (plan.grid.pixel_m / SCREENING_PIXEL_M) ** 2
    sensors = {each.id: each for each in tables.spectral_sensors()}
    bands = {image.date: len(sensors[image.sensor].bands) for image in screening}
    reflectance = sum(bands.values()) * np.dtype(np.float32).itemsize
    screened = fine * (reflectance + _BYTES_SCREENED) if bands else 0
    held = pixels * (len(plan.epochs) + 10)
    return math.ceil(_STANDING_BYTES + held + max(screened, pixels * _BYTES_DEPOSITED))


def _machine_bytes() -> int | None:
    """Memory of this machine; None where it does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def _free(folder: Path) -> tuple[str, int]:
    """A folder, and the bytes free where it lies or will lie."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.is_dir())
    return str(folder), shutil.disk_usage(there).free
