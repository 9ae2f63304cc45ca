"""Images without labels, as evidence enough to be looked at: nothing is classified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reetrace import __version__, evidence
from reetrace.core.engine import Engine
from reetrace.core.evidence import SCHEMA_VERSION, EpochRecord, Evidence, RasterRecord
from reetrace.core.raster import OBSERVATIONS, Composite
from reetrace.imagery import compose
from reetrace.pipeline.counting import Ground
from reetrace.pipeline.observing import observe_all
from reetrace.pipeline.order import Progress
from reetrace.pipeline.plan import Choices, Plan, run_id

_FOUND_BY_CLASSIFYING = (
    "labels", "models", "areas", "accuracies", "changes", "growth", "footprints", "patches",
    "spectral", "reference_spectra", "published", "faults", "warnings", "software",
)  # fmt: skip


def compose_all(
    plan: Plan, ground: Ground, engine: Engine[Any], progress: Progress
) -> dict[str, Composite[Any]]:
    """Every epoch's composite, however little of the site it shows: a map shows that, too."""
    composites = {}
    for done, each in enumerate(plan.epochs):
        progress(f"Composing {each.epoch.label}", 0.05 + 0.7 * done / len(plan.epochs))
        composites[each.epoch.label] = compose(
            engine,
            plan.study,
            each.epoch,
            plan.grid,
            inside=ground.inside,
            sensors=(each.sensor,),
            min_observations=each.min_observations,
            min_seen=0.0,
        )
    return composites


def show_images(
    plan: Plan,
    ground: Ground,
    engine: Engine[Any],
    choices: Choices,
    folder: Path,
    progress: Progress,
) -> Evidence:
    """Compose every epoch, and write the composites under `folder/data`.

    Returns:
        What can be said without labels: images, how often the ground was seen, zones.
    """
    composites = compose_all(plan, ground, engine, progress)
    scenes = [scene for each in composites.values() for scene in each.scenes]
    simulated = any(scene.simulated for scene in scenes)
    rasters = tuple(_rasters(folder, plan, engine, composites, simulated=simulated))
    years = sorted(each.year for each in plan.epochs)
    nothing: dict[str, Any] = dict.fromkeys(_FOUND_BY_CLASSIFYING, ())
    return Evidence(
        schema_version=SCHEMA_VERSION,
        reetrace_version=__version__,
        run_id=run_id(plan, choices, ground.zone_sets, (), scenes),
        simulated=simulated,
        engine=engine.name,
        site=plan.site,
        study_area=plan.study,
        years=str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}",
        issue_date=max(scene.date for scene in scenes),
        grid=plan.grid,
        legend=plan.legend,
        zone_sets=ground.zone_sets,
        epochs=tuple(_epochs(plan, composites)),
        observations=observe_all(plan, ground, engine, composites),
        spectral_not_run="not run: nothing was classified",
        rasters=rasters,
        **nothing,
    )


def _epochs(plan: Plan, composites: Mapping[str, Composite[Any]]) -> Iterator[EpochRecord]:
    for each in plan.epochs:
        composite = composites[each.epoch.label]
        yield EpochRecord(
            label=each.epoch.label,
            first=each.epoch.first.isoformat(),
            last=each.epoch.last.isoformat(),
            months=each.epoch.months,
            sensor=each.sensor.id,
            sensor_title=each.sensor.title,
            bands=composite.bands,
            scenes=composite.scenes,
            min_observations=composite.min_observations,
        )


def _rasters(
    folder: Path,
    plan: Plan,
    engine: Engine[Any],
    composites: Mapping[str, Composite[Any]],
    *,
    simulated: bool,
) -> Iterator[RasterRecord]:
    for label, composite in composites.items():
        path, title = f"rasters/{label}_composite.tif", f"Median composite {label}"
        sha256 = evidence.write_raster(
            folder / "data" / path,
            engine.read(composite, composite.bands),
            plan.grid,
            kind="composite",
            title=title,
            simulated=simulated,
            band_names=composite.bands,
        )
        yield RasterRecord(path, title, "composite", (label,), sha256)
        path, title = f"rasters/{label}_observations.tif", f"Clear observations {label}"
        sha256 = evidence.write_raster(
            folder / "data" / path,
            engine.read(composite, (OBSERVATIONS,))[0],
            plan.grid,
            kind="observations",
            title=title,
            simulated=simulated,
        )
        yield RasterRecord(path, title, "observations", (label,), sha256)
