"""Everything found, put together as one evidence."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from reetrace import __version__, verify
from reetrace.core.engine import Engine
from reetrace.core.evidence import SCHEMA_VERSION, EpochRecord, Evidence, SoftwareRecord
from reetrace.core.landcover import NOT_SEEN
from reetrace.core.raster import Composite, Scene
from reetrace.core.results import Accuracy, ArithmeticFault, Observation
from reetrace.core.samples import Labels, Samples
from reetrace.core.site import Epoch
from reetrace.pipeline.counting import Counted, Ground, spans
from reetrace.pipeline.landcover import FittedFamily, Labelled, family_of, label_record
from reetrace.pipeline.plan import Choices, Plan, run_id, views
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
    engine: Engine[Any],
    registry: Registry,
    choices: Choices,
) -> Evidence:
    """The evidence of one run, but for the rasters, which are recorded as they are written."""
    notes = engine.notes()
    years = sorted(each.year for each in plan.epochs)
    span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    return Evidence(
        schema_version=SCHEMA_VERSION,
        reetrace_version=__version__,
        run_id=run_id(plan, choices, ground.zone_sets, findings.labels, findings.scenes),
        simulated=findings.simulated,
        engine=engine.name,
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
        warnings=tuple(dict.fromkeys((*_warnings(plan, findings), *notes))),
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
        if views(composite.scenes) == 1:
            yield (
                f"{label}: images of only one pass were available, so every pixel rests on a "
                "single view and a cloud the provider's mask missed would not be voted down."
            )
        yield from _scene_warnings(label, composite.scenes)
        yield from _label_warnings(label, findings)
        yield from held_out_doubts(label, findings)
    yield from _sensor_warnings(plan)
    yield from screening_doubts(plan.epochs[-1].epoch, findings.screening.scenes)
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
    if labelled.training is not None:
        yield from unjudged_doubts(label, labelled.training, findings.families)
    yield from _shared_pixels(label, findings)


def unjudged_doubts(
    label: str, training: Samples, families: Sequence[FittedFamily]
) -> Iterator[str]:
    """Labels that cross-validation had to pass over."""
    unjudged = training.seen & (family_of(families, label).cross_validated[label] == NOT_SEEN)
    if unjudged.any():
        yield (
            f"{label}: {int(unjudged.sum())} label(s) could not be cross-validated: without their "
            "blocks too few labels of a class are left to train on. Label it in more places."
        )


def _shared_pixels(label: str, findings: Findings) -> Iterator[str]:
    """Chance may put a few places of the sample on training labels; many mean it was no chance."""
    found = findings.labelled[label]
    if found.training is None or found.sample is None:
        return
    kept = found.training.seen & ~family_of(findings.families, label).held_out[label]
    trained = set(zip(found.training.rows[kept], found.training.cols[kept], strict=True))
    places = list(zip(found.sample.rows, found.sample.cols, strict=True))
    shared = sum(place in trained for place in places)
    if shared:
        yield (
            f"{label}: {shared} of {len(places)} place(s) of the probability sample lie on a pixel "
            "whose label also trained the map. A few such pixels are chance and do no harm; if "
            "the sample was drawn with the training labels in view, it flatters the map."
        )


def held_out_doubts(label: str, findings: Findings) -> Iterator[str]:
    """Classes that no held-out label is of: accuracy on held-out labels is silent on them."""
    for each in findings.accuracies:
        if (each.epoch, each.basis) == (label, "held-out"):
            columns = zip(*each.counts, strict=True)
            missing = [
                name for name, counts in zip(each.classes, columns, strict=True) if not any(counts)
            ]
            if missing:
                yield (
                    f"{label}: no held-out label is of class {', '.join(missing)}, so the "
                    "accuracy on held-out labels says nothing of it. Label it in more places."
                )


def screening_doubts(last: Epoch, scenes: Sequence[Scene]) -> Iterator[str]:
    """Screening by images of another year than the map whose mine ground is screened."""
    years = sorted({scene.date[:4] for scene in scenes})
    if years and years != [str(last.first.year)]:
        yield (
            f"The 740 nm screening looks at the mine ground of {last.label} in images of "
            f"{', '.join(years)}, for want of later ones: what was not yet dug then is judged too."
        )


def _sensor_warnings(plan: Plan) -> Iterator[str]:
    """Comparisons of maps that different sensors, and so different forests, made."""
    sensors = {each.epoch.label: each.sensor for each in plan.epochs}
    mixed = [
        (first, last)
        for first, last in spans(tuple(sensors))
        if sensors[first].family != sensors[last].family
    ]
    if mixed:
        titles = dict.fromkeys(sensors[label].title for pair in mixed for label in pair)
        yield (
            f"{', '.join('–'.join(pair) for pair in mixed)}: the maps compared come from different "
            f"sensors ({', '.join(titles)}), each with a forest of its own, so some of the mapped "
            "change may be the sensors' doing. Only an error-adjusted change is put right for that."
        )


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
