"""Everything found, put together as one evidence."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from reetrace import __version__, verify
from reetrace.core.evidence import SCHEMA_VERSION, EpochRecord, Evidence, SoftwareRecord
from reetrace.core.raster import Composite, Scene
from reetrace.core.results import Accuracy, ArithmeticFault, Observation
from reetrace.core.samples import Labels
from reetrace.pipeline.counting import Counted, Ground
from reetrace.pipeline.landcover import FittedFamily, Labelled, label_record
from reetrace.pipeline.plan import Choices, Plan, run_id
from reetrace.pipeline.publishing import compare
from reetrace.pipeline.screening import Screening
from reetrace.registry import Registry
from reetrace.registry.claims import arithmetic_faults

# Their versions can change a number or a byte.
SOFTWARE = ("matplotlib", "numpy", "openpyxl", "pyproj", "rasterio", "reportlab", "scikit-learn",
            "scipy", "shapely")  # fmt: skip


@dataclass(frozen=True)
class Findings:
    """What the stages brought home, by epoch where it is a mapping."""

    composites: Mapping[str, Composite[Any]]
    labelled: Mapping[str, Labelled]
    families: tuple[FittedFamily, ...]
    accuracies: tuple[Accuracy, ...]
    observations: tuple[Observation, ...]
    counted: Counted
    screening: Screening

    @property
    def labels(self) -> tuple[Labels, ...]:
        """Every label file used, in the order of the epochs."""
        return tuple(labels for each in self.labelled.values() for labels in each.labels)

    @property
    def scenes(self) -> tuple[Scene, ...]:
        """Every image used, Landsat and Sentinel-2."""
        landcover = (scene for each in self.composites.values() for scene in each.scenes)
        return (*landcover, *self.screening.scenes)

    @property
    def simulated(self) -> bool:
        """True as soon as one drawn image or one drawn label took part."""
        drawn_labels = any(each.simulated for each in self.labels)
        return drawn_labels or any(each.simulated for each in self.scenes)


def assemble(
    plan: Plan,
    ground: Ground,
    findings: Findings,
    engine: str,
    registry: Registry,
    choices: Choices,
) -> Evidence:
    """The evidence of one run, but for the rasters, which are recorded as they are written."""
    years = sorted(each.year for each in plan.epochs)
    span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    return Evidence(
        schema_version=SCHEMA_VERSION,
        reetrace_version=__version__,
        run_id=run_id(plan, choices, findings.labels, findings.scenes),
        simulated=findings.simulated,
        engine=engine,
        site=plan.site,
        study_area=plan.study,
        years=span,
        issue_date=max(scene.date for scene in findings.scenes),
        grid=plan.grid,
        legend=plan.legend,
        zone_sets=ground.zone_sets,
        epochs=tuple(_epoch_records(plan, findings)),
        labels=tuple(label_record(each, plan.legend) for each in findings.labels),
        models=tuple(each.record for each in findings.families),
        observations=findings.observations,
        areas=findings.counted.areas,
        accuracies=findings.accuracies,
        changes=findings.counted.changes,
        growth=findings.counted.growth,
        footprints=findings.counted.footprints,
        patches=findings.counted.patches,
        spectral=findings.screening.checks,
        spectral_not_run=findings.screening.not_run,
        reference_spectra=verify.reference_spectra(_platform(findings.screening)),
        published=compare(plan, ground, findings.counted, findings.accuracies, registry),
        faults=_faults(plan, registry),
        warnings=tuple(dict.fromkeys(_warnings(plan, findings))),
        rasters=(),
        software=_software(),
        spectral_scenes=findings.screening.scenes,
    )


def _epoch_records(plan: Plan, findings: Findings) -> Iterator[EpochRecord]:
    for each in plan.epochs:
        composite = findings.composites[each.epoch.label]
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


def _platform(screening: Screening) -> str:
    return screening.scenes[0].platform if screening.scenes else "sentinel-2a"


def _warnings(plan: Plan, findings: Findings) -> Iterator[str]:
    """Every weaker method used and every doubt about an input, in plain sentences."""
    for each in plan.epochs:
        label = each.epoch.label
        composite = findings.composites[label]
        if len(composite.scenes) == 1:
            yield (
                f"{label}: only one image was available, so every pixel rests on a single view and "
                "a cloud the provider's mask missed would not be voted down."
            )
        yield from _scene_warnings(label, composite.scenes)
        yield from _label_warnings(label, findings)
    for scene in findings.screening.scenes:
        yield from (f"{scene.date} ({scene.id}): {text}" for text in scene.warnings)


def _scene_warnings(label: str, scenes: Sequence[Scene]) -> Iterator[str]:
    moved = [scene for scene in scenes if scene.resampling == "nearest pixel"]
    if moved:
        yield (
            f"{label}: {len(moved)} of {len(scenes)} image(s) did not lie on the site's grid; "
            f"their "
            "nearest pixels were taken, which moves the ground by up to half a pixel."
        )
    for scene in scenes:
        yield from (f"{label} ({scene.id}): {text}" for text in scene.warnings)


def _label_warnings(label: str, findings: Findings) -> Iterator[str]:
    labelled = findings.labelled[label]
    if labelled.training is None:
        others = next(each for each in findings.families if label in each.record.epochs)
        known = ", ".join(others.held_out)
        yield f"{label}: no training labels of its own; its map uses the forest fitted on {known}."
    if labelled.sample is None:
        yield (
            f"{label}: no probability sample, so its areas are counted from the map and carry no "
            "interval; labels chosen by hand say nothing unbiased about area."
        )
    lost = sum(int((~each.seen).sum()) for each in (labelled.training, labelled.sample) if each)
    if lost:
        yield f"{label}: {lost} label(s) lie on ground that was not seen and could not be used."


def _faults(plan: Plan, registry: Registry) -> tuple[ArithmeticFault, ...]:
    return tuple(
        fault for study in registry.published(plan.study.id) for fault in arithmetic_faults(study)
    )


def _software() -> tuple[SoftwareRecord, ...]:
    from rasterio import __gdal_version__

    found = [SoftwareRecord(name, version(name)) for name in SOFTWARE]
    return (
        SoftwareRecord("reetrace", __version__),
        SoftwareRecord("Python", platform.python_version()),
        SoftwareRecord("GDAL", __gdal_version__),
        *found,
    )
