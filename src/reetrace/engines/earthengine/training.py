"""Training on the server: `smileRandomForest` grows the forest, and it comes home as a `Model`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import SettingError
from reetrace.core.landcover import Legend
from reetrace.core.model import Knobs, Model
from reetrace.core.samples import Samples
from reetrace.core.training import TrainingSet, training_set
from reetrace.engines.earthengine.explaining import from_explanation
from reetrace.engines.earthengine.trees import REQUEST_BYTES_LIMIT, band_names

if TYPE_CHECKING:
    import ee

    from reetrace.engines.earthengine.service import Service

_CLASS = "reetrace_class"


def train(
    service: Service,
    samples: Sequence[Samples],
    *,
    keep: Sequence[NDArray[np.bool_]],
    knobs: Knobs,
    legend: Legend,
    sensor_family: str,
    tag: str,
) -> Model:
    """Grow the forest that `classify.forest.fit` grows, but on the server, in one request.

    The same labels, features and knobs; the draws differ, so the trees do. What comes home votes
    as any model: one vote a tree, a tie to the lower code. (Smile's own forest may weigh its trees
    by their out-of-bag accuracy; the trees alone are taken.)

    Args:
        service: Signed in.
        samples: As for `fit`, as are `keep`, `knobs`, `legend` and `sensor_family`.
        keep: The labels to train on; the rest is held out.
        knobs: All six are sent, the seed too.
        legend: Every one of its classes must be labelled.
        sensor_family: For the record.
        tag: Workload tag.

    Raises:
        LabelError: As `fit`.
        SettingError: As `fit`, or there are more labels than a request can carry.
        ServiceError: The service failed, or its answer is not the forest that was asked for.
    """
    table = training_set(
        samples, keep=keep, knobs=knobs, legend=legend, sensor_family=sensor_family
    )
    question = forest(table).explain()
    _check_size(question, table)
    explanation = service.value(question, tag=tag, doing=f"training the forest of {sensor_family}")
    return from_explanation(
        explanation,
        features=table.features,
        classes=legend.names,
        codes=table.codes,
        knobs=knobs,
        labels=range(len(table.codes)),
        sensor_family=sensor_family,
        trained_on=table.trained_on,
        training_points=len(table.classes),
        simulated=table.simulated,
    )


def forest(table: TrainingSet) -> ee.Classifier:
    """The classifier to be trained, with the labels in it.

    Classes travel as their positions 0, 1, ...: whether the service prints a class or its position
    is then the same.
    """
    import ee

    names = band_names(table.features)
    knobs = table.knobs
    points = [
        ee.Feature(None, {**dict(zip(names, values, strict=True)), _CLASS: position})
        for values, position in zip(table.values.tolist(), table.classes.tolist(), strict=True)
    ]
    return ee.Classifier.smileRandomForest(
        numberOfTrees=knobs.trees,
        # Said out, so that both trainers round the square root alike.
        variablesPerSplit=knobs.variables_per_split or max(1, math.isqrt(len(names))),
        minLeafPopulation=knobs.min_leaf_population,
        bagFraction=knobs.bag_fraction,
        maxNodes=knobs.max_nodes,
        seed=knobs.seed,
    ).train(
        features=ee.FeatureCollection(points), classProperty=_CLASS, inputProperties=list(names)
    )


def _check_size(question: ee.ComputedObject, table: TrainingSet) -> None:
    import ee

    size = len(ee.serializer.toJSON(question))
    if size > REQUEST_BYTES_LIMIT:
        raise SettingError(
            f"{len(table.classes):,} training labels make a request of {size / 1e6:.1f} MB; "
            "Earth Engine takes 10 MB. Train the forest on this computer instead (--trainer local)."
        )
