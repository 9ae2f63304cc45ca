"""`model.json`: every fitted forest as plain arrays, so that anybody can run it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.core.model import Knobs, Model
from reetrace.evidence.document import from_json, to_json

FORMAT = "reetrace-models-1"


@dataclass(frozen=True)
class _Forest:
    """A `Model` whose arrays are lists; see there for what they mean."""

    digest: str
    features: tuple[str, ...]
    classes: tuple[str, ...]
    codes: tuple[int, ...]
    knobs: Knobs
    sensor_family: str
    trained_on: tuple[str, ...]
    training_points: int
    simulated: bool
    tree_start: list[int]
    feature: list[int]
    threshold: list[int]
    left: list[int]
    right: list[int]
    leaf_class: list[int]


@dataclass(frozen=True)
class _Models:
    format: Literal["reetrace-models-1"]
    notice: str
    models: tuple[_Forest, ...]


def encode_models(models: Sequence[Model], *, simulated: bool) -> bytes:
    """Models as JSON; drawn imagery is said at the top."""
    forests = tuple(
        _Forest(
            digest=model.digest,
            features=model.features,
            classes=model.classes,
            codes=model.codes,
            knobs=model.knobs,
            sensor_family=model.sensor_family,
            trained_on=model.trained_on,
            training_points=model.training_points,
            simulated=model.simulated,
            tree_start=model.tree_start.tolist(),
            feature=model.feature.tolist(),
            threshold=model.threshold.tolist(),
            left=model.left.tolist(),
            right=model.right.tolist(),
            leaf_class=model.leaf_class.tolist(),
        )
        for model in models
    )
    notice = SIMULATED_NOTICE if simulated else ""
    return to_json(_Models("reetrace-models-1", notice, forests))


def decode_models(content: bytes, name: str) -> tuple[Model, ...]:
    """The models of a file, each checked against the digest beside it.

    Raises:
        EvidenceError: Not of the shape it must have, or a tree was altered.
    """
    models = []
    for forest in from_json(content, _Models, name).models:
        model = _model(forest, name)
        if model.digest != forest.digest:
            raise EvidenceError(
                f"{name}: the model of {forest.sensor_family} has the digest {model.digest[:12]}…, "
                f"the file says {forest.digest[:12]}…. A tree was altered."
            )
        models.append(model)
    return tuple(models)


def _model(forest: _Forest, name: str) -> Model:
    try:
        return Model(
            features=forest.features,
            classes=forest.classes,
            codes=forest.codes,
            tree_start=np.array(forest.tree_start, dtype=np.int32),
            feature=np.array(forest.feature, dtype=np.int8),
            threshold=np.array(forest.threshold, dtype=np.uint16),
            left=np.array(forest.left, dtype=np.int32),
            right=np.array(forest.right, dtype=np.int32),
            leaf_class=np.array(forest.leaf_class, dtype=np.int16),
            knobs=forest.knobs,
            sensor_family=forest.sensor_family,
            trained_on=forest.trained_on,
            training_points=forest.training_points,
            simulated=forest.simulated,
        )
    except OverflowError as error:
        raise EvidenceError(
            f"{name}: the model of {forest.sensor_family} holds a number too large ({error})."
        ) from error
