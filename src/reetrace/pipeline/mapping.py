"""From images and labels to land cover: the half of the method before anything is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.classify.crossvalidation import Grow
from reetrace.classify.forest import fit
from reetrace.core.engine import Engine
from reetrace.core.errors import SettingError
from reetrace.core.raster import Composite, LandcoverMap
from reetrace.imagery import compose
from reetrace.pipeline.counting import Ground
from reetrace.pipeline.landcover import (
    FittedFamily,
    Labelled,
    family_of,
    fit_families,
    gather_labels,
    refuse_unlabelled,
)
from reetrace.pipeline.plan import Choices, Plan
from reetrace.registry import Registry


@dataclass(frozen=True)
class Mapped:
    """Composites, forests and maps, by epoch in the order of time where it is a mapping."""

    composites: Mapping[str, Composite[Any]]
    labelled: Mapping[str, Labelled]
    families: tuple[FittedFamily, ...]
    maps: Mapping[str, LandcoverMap[Any]]
    codes: Mapping[str, NDArray[np.uint8]]
    """The maps' class codes, each shape (rows, cols)."""


def grower(engine: Engine[Any], choices: Choices) -> Grow:
    """Who grows the forests: this machine, or the engine where it can.

    Raises:
        SettingError: There is no such trainer, or the engine cannot train.
    """
    if choices.trainer == "local":
        return fit
    if choices.trainer != "earthengine":
        raise SettingError(f"--trainer {choices.trainer}: not known. Known: local, earthengine.")
    trains = getattr(engine, "train", None)
    if trains is None:
        raise SettingError(
            f"--trainer earthengine: the engine {engine.name} cannot train. "
            "Use --engine earthengine, or leave --trainer out."
        )
    train: Grow = trains
    return train


def map_landcover(
    plan: Plan,
    ground: Ground,
    engine: Engine[Any],
    registry: Registry,
    choices: Choices,
    world: Path | None,
    progress: Callable[[str, float], None],
) -> Mapped:
    """Compose every epoch, fit the forests to the labels, and classify.

    Raises:
        LabelError: There are no labels to train on; said before any pixel is read.
        TooCloudy: An epoch shows too little of the site.
    """
    refuse_unlabelled(plan, registry, world)
    grow = grower(engine, choices)
    composites: dict[str, Composite[Any]] = {}
    for done, each in enumerate(plan.epochs):
        progress(f"Composing {each.epoch.label}", 0.05 + 0.3 * done / len(plan.epochs))
        composites[each.epoch.label] = compose(
            engine,
            plan.study,
            each.epoch,
            plan.grid,
            inside=ground.inside,
            sensors=(each.sensor,),
            min_observations=each.min_observations,
            min_seen=choices.min_seen,
        )

    progress("Fitting the forest", 0.35)
    labelled = gather_labels(plan, composites, engine, registry, world)
    families = fit_families(plan, composites, labelled, choices, grow)

    progress("Mapping land cover", 0.4)
    maps = {
        label: engine.classify(composite, family_of(families, label).model, plan.legend, plan.study)
        for label, composite in composites.items()
    }
    codes = {label: engine.read(each)[0].astype(np.uint8) for label, each in maps.items()}
    return Mapped(composites, labelled, families, maps, codes)
