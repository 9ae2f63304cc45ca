"""Labels, forests, maps and how far they can be trusted, epoch by epoch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.classify.accuracy import assess, assess_sample
from reetrace.classify.crossvalidation import Grow, cross_validate, reference_codes
from reetrace.classify.forest import fit, predict
from reetrace.classify.split import folds, hold_out
from reetrace.core.engine import Engine
from reetrace.core.errors import ImageryError, LabelError
from reetrace.core.evidence import LabelRecord, ModelRecord
from reetrace.core.landcover import NOT_SEEN, Legend
from reetrace.core.model import Model
from reetrace.core.panel import Panel
from reetrace.core.raster import Composite
from reetrace.core.results import Accuracy, Basis
from reetrace.core.samples import Labels, Purpose, Samples
from reetrace.pipeline.plan import Choices, Plan, find_labels
from reetrace.registry import Registry

PURPOSES: tuple[Purpose, Purpose] = ("training", "probability-sample")


@dataclass(frozen=True)
class Labelled:
    """The labels of one epoch with what the sensor measured beneath them."""

    training: Samples | None
    sample: Samples | None
    """The probability sample."""

    @property
    def labels(self) -> tuple[Labels, ...]:
        """The label files used."""
        return tuple(each.labels for each in (self.training, self.sample) if each)


@dataclass(frozen=True)
class FittedFamily:
    """One forest, the epochs it serves and what was kept from it."""

    model: Model
    record: ModelRecord
    held_out: Mapping[str, NDArray[np.bool_]]
    """Epoch to shape (points,): the training labels it never saw."""
    cross_validated: Mapping[str, NDArray[np.uint8]]
    """Epoch to shape (points,): the class given by a forest that never saw the label's block;
    `NOT_SEEN` where the label could not be used."""


def gather_labels(
    plan: Plan,
    composites: Mapping[str, Composite[Any]],
    engine: Engine[Any],
    registry: Registry,
    world: Path | None,
) -> dict[str, Labelled]:
    """Every epoch's labels with the composite's values beneath them."""
    gathered = {}
    for planned in plan.epochs:
        composite = composites[planned.epoch.label]
        found = {
            purpose: labels
            for purpose in PURPOSES
            if (
                labels := find_labels(
                    plan.study,
                    planned.year,
                    purpose,
                    registry=registry,
                    simulated=composite.simulated,
                    world=world,
                )
            )
        }
        samples = dict(zip(found, engine.sample(composite, tuple(found.values())), strict=True))
        gathered[planned.epoch.label] = Labelled(
            samples.get("training"), samples.get("probability-sample")
        )
    return gathered


def refuse_unlabelled(plan: Plan, registry: Registry, world: Path | None) -> None:
    """Refuses a plan that no forest could be fitted for, before any image is read.

    Raises:
        LabelError: A family of sensors has no training labels at any of its epochs.
    """
    registries = (registry, *((Registry((world,)),) if world else ()))
    for epochs in epochs_by_family(plan).values():
        years = [each.year for each in plan.epochs if each.epoch.label in epochs]
        if not any(
            each.labels(plan.study.id, year, "training") for each in registries for year in years
        ):
            raise _unlabelled(plan, epochs)


def epochs_by_family(plan: Plan) -> dict[str, list[str]]:
    """Family of sensors to the labels of the epochs it sees."""
    by_family: dict[str, list[str]] = {}
    for each in plan.epochs:
        by_family.setdefault(each.sensor.family, []).append(each.epoch.label)
    return by_family


def _unlabelled(plan: Plan, epochs: Sequence[str]) -> LabelError:
    return LabelError(
        f"{plan.study.id}: no training labels for {', '.join(epochs)}. Put points of every "
        f"class into labels/{plan.study.id}/{epochs[0]}.geojson of your registry "
        "(`reetrace labels import`)."
    )


def fit_families(
    plan: Plan,
    composites: Mapping[str, Composite[Any]],
    labelled: Mapping[str, Labelled],
    choices: Choices,
    grow: Grow = fit,
) -> tuple[FittedFamily, ...]:
    """One forest a sensor family, fitted to the labels of all its epochs but those held out.

    Raises:
        LabelError: A family has no training labels.
    """
    return tuple(
        _fit_family(family, epochs, plan, composites, labelled, choices, grow)
        for family, epochs in epochs_by_family(plan).items()
    )


def _fit_family(
    family: str,
    epochs: Sequence[str],
    plan: Plan,
    composites: Mapping[str, Composite[Any]],
    labelled: Mapping[str, Labelled],
    choices: Choices,
    grow: Grow,
) -> FittedFamily:
    shared = [
        role
        for role in composites[epochs[0]].bands
        if all(role in composites[label].bands for label in epochs)
    ]
    if not shared:
        raise ImageryError(
            f"{plan.study.id}: the images of {', '.join(epochs)} have no band in common, so one "
            "forest cannot map them. Register the same bands for each."
        )
    samples = {
        label: _with_bands(found, shared)
        for label in epochs
        if (found := labelled[label].training) is not None
    }
    if not samples:
        raise _unlabelled(plan, epochs)
    usable = {label: each.seen & (each.rows >= 0) for label, each in samples.items()}
    held_out, fold_of = _split(samples, usable, plan, choices)

    model = grow(
        list(samples.values()),
        keep=[~held_out[label] for label in samples],
        knobs=choices.knobs,
        legend=plan.legend,
        sensor_family=family,
    )
    tested = cross_validate(
        list(samples.values()),
        folds=[fold_of[label] for label in samples],
        knobs=choices.knobs,
        legend=plan.legend,
        sensor_family=family,
        grow=grow,
    )
    record = ModelRecord(
        sensor_family=family,
        epochs=tuple(epochs),
        features=model.features,
        knobs=choices.knobs,
        digest=model.digest,
        training_points=model.training_points,
        held_out_points=sum(int(held_out[label].sum()) for label in samples),
        block_m=choices.block_m,
    )
    return FittedFamily(model, record, held_out, dict(zip(samples, tested, strict=True)))


def _with_bands(samples: Samples, roles: Sequence[str]) -> Samples:
    columns = [samples.bands.index(role) for role in roles]
    return replace(samples, bands=tuple(roles), values=samples.values[:, columns])


def _split(
    samples: Mapping[str, Samples],
    usable: Mapping[str, NDArray[np.bool_]],
    plan: Plan,
    choices: Choices,
) -> tuple[dict[str, NDArray[np.bool_]], dict[str, NDArray[np.int64]]]:
    """(held out or not, fold) of every label of every epoch; the same block at all epochs."""
    rows = np.concatenate([each.rows[usable[label]] for label, each in samples.items()])
    cols = np.concatenate([each.cols[usable[label]] for label, each in samples.items()])
    classes = [
        point.landcover
        for label, each in samples.items()
        for point, wanted in zip(each.labels.points, usable[label], strict=True)
        if wanted
    ]
    ground: dict[str, Any] = {"pixel_m": plan.grid.pixel_m, "block_m": choices.block_m}
    seed = choices.knobs.seed
    pooled_held_out = hold_out(
        rows, cols, classes, share=choices.held_out_share, seed=seed, **ground
    )
    pooled_folds = folds(rows, cols, classes, count=choices.folds, seed=seed, **ground)
    held_out, fold_of, start = {}, {}, 0
    for label, mask in usable.items():
        stop = start + int(mask.sum())
        held_out[label] = np.zeros(mask.shape, dtype=np.bool_)
        held_out[label][mask] = pooled_held_out[start:stop]
        fold_of[label] = np.zeros(mask.shape, dtype=np.int64)
        fold_of[label][mask] = pooled_folds[start:stop]
        start = stop
    return held_out, fold_of


def family_of(families: Sequence[FittedFamily], epoch: str) -> FittedFamily:
    """The forest that serves an epoch."""
    return next(each for each in families if epoch in each.record.epochs)


def assess_epochs(
    plan: Plan,
    labelled: Mapping[str, Labelled],
    families: Sequence[FittedFamily],
    codes: Mapping[str, NDArray[np.uint8]],
    panel: Panel | None,
    choices: Choices,
) -> tuple[Accuracy, ...]:
    """Every epoch's accuracy: on held-out blocks, by cross-validation, by probability sample.

    Args:
        plan: Legend and epochs.
        labelled: By epoch.
        families: The fitted forests.
        codes: Class codes of each epoch's map, shape (rows, cols).
        panel: The probability sample, if there is one.
        choices: Seed of the bootstrap.
    """
    found: list[Accuracy] = []
    for label in codes:
        training, family = labelled[label].training, family_of(families, label)
        if training is not None and label in family.held_out:
            found += _assess_training(plan, label, training, family, choices)
        if panel is not None and label in panel.epochs:
            found.append(assess_sample(panel, plan.legend, epoch=label, seed=choices.knobs.seed))
    return tuple(found)


def _assess_training(
    plan: Plan, epoch: str, training: Samples, family: FittedFamily, choices: Choices
) -> Iterator[Accuracy]:
    reference = reference_codes(training, plan.legend)
    across = family.cross_validated[epoch]
    usable = across != NOT_SEEN
    by_model = predict(family.model, training.values, training.bands)
    bases: tuple[tuple[Basis, NDArray[np.bool_], NDArray[np.uint8]], ...] = (
        ("held-out", family.held_out[epoch], by_model),
        ("cross-validation", usable, across),
    )
    for basis, tested, mapped in bases:
        yield assess(
            reference[tested],
            mapped[tested],
            plan.legend,
            epoch=epoch,
            basis=basis,
            lost=int((~(training.seen & (training.rows >= 0))).sum()),
            seed=choices.knobs.seed,
        )


def label_record(labels: Labels, legend: Legend) -> LabelRecord:
    """What the evidence says of one label file."""
    classes = [point.landcover for point in labels.points]
    strata = [point.stratum for point in labels.points]
    return LabelRecord(
        epoch=labels.epoch,
        purpose=labels.purpose,
        design=labels.design,
        source=labels.source,
        digest=labels.digest,
        points=len(labels.points),
        by_class=tuple((name, classes.count(name)) for name in legend.names),
        strata=tuple((each.id, each.area_m2, strata.count(each.id)) for each in labels.strata),
        interpreters=tuple(sorted({point.interpreter for point in labels.points})),
        image_sources=tuple(sorted({point.image_source for point in labels.points})),
        simulated=labels.simulated,
    )
