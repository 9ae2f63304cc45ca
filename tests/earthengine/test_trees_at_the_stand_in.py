"""What the stand-in makes of our trees, and we of its: it gives ties to the highest class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from reetrace.classify.forest import fit
from reetrace.core.kernel import compile_forest
from reetrace.core.model import Knobs, Model
from reetrace.core.training import training_set
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.training import forest, train
from reetrace.engines.earthengine.trees import as_classifier, band_names
from tests.classify.made_up_labels import MINE, THREE, samples, two_kinds
from tests.core.test_kernel import random_model
from tests.standin import offline
from tests.standin.backend import StandIn
from tests.standin.world import World

LABELS = two_kinds(1, 282)
HOW: dict[str, Any] = {
    "keep": [np.ones(282, dtype=bool)],
    "knobs": Knobs(trees=20),
    "legend": MINE,
    "sensor_family": "tm",
}


@pytest.fixture(autouse=True)
def _client() -> Iterator[None]:
    with offline.offline_client():
        yield


class Door:
    """As much of the service as training needs."""

    def value(self, what: Any, *, tag: str, doing: str) -> Any:
        """The stand-in's answer."""
        assert tag
        assert doing
        return offline.value(StandIn(World()), what)


def classified(classifier: Any, model: Model, pixels: NDArray[np.uint16]) -> list[int]:
    """Labels that the stand-in gives to pixels, shape (features, pixels)."""
    import ee

    names = band_names(model.features)
    points = [ee.Feature(None, dict(zip(names, pixel, strict=True))) for pixel in pixels.T.tolist()]
    found = ee.FeatureCollection(points).classify(classifier, "given")
    return [int(each) for each in offline.value(StandIn(World()), found.aggregate_array("given"))]


@pytest.mark.parametrize(
    ("tree_count", "classes"), [(1, 3), (2, 2), (4, 2), (5, 2), (4, 3), (6, 4)]
)
def test_every_pixel_gets_the_class_it_gets_here(tree_count: int, classes: int) -> None:
    """Ties and thresholds included, though the stand-in prefers the other class in a tie."""
    model, pixels = random_model(11, trees=tree_count, features=3, classes=classes, depth=4)

    found = classified(as_classifier(model), model, pixels)

    assert found == compile_forest(model).classify(pixels).tolist()


def test_the_pixels_above_hold_ties() -> None:
    """Or the test would show nothing about them."""
    model, pixels = random_model(11, trees=4, features=3, classes=2, depth=4)

    votes = compile_forest(model).votes(pixels)

    assert (votes[0] == votes[1]).sum() > 20


def test_a_forest_fitted_here_classifies_there() -> None:
    """Fifty trees on six bands and the index, on the labels themselves."""
    model = fit([LABELS], **HOW)
    pixels = np.ascontiguousarray(training_set([LABELS], **HOW).values.T)

    found = classified(as_classifier(model), model, pixels)

    assert found == compile_forest(model).classify(pixels).tolist()


def test_a_forest_trained_there_votes_here_as_there() -> None:
    """But for its ties, which go to the lower class here."""
    table = training_set([LABELS], **HOW)
    rng = np.random.default_rng(0)
    pixels = rng.normal(13_000, 2_000, (7, 2_000)).astype(np.uint16)

    model = train(cast("Service", Door()), [LABELS], **HOW, tag="train")

    there = np.array(classified(forest(table), model, pixels))
    kernel = compile_forest(model)
    votes, here = kernel.votes(pixels), kernel.classify(pixels)
    tied = votes[0] == votes[1]
    assert tied.sum() > 20
    np.testing.assert_array_equal(here[~tied], there[~tied] + 1)
    assert (here[tied] == 1).all()
    assert (there[tied] + 1 == 2).all()
    assert len(model.tree_start) - 1 == 20


def test_training_there_gives_the_same_forest_every_time() -> None:
    """The labels travel in a fixed order with the seed, so the question is the same."""
    digests = {train(cast("Service", Door()), [LABELS], **HOW, tag="t").digest for _ in range(2)}

    assert len(digests) == 1


def test_three_classes_trained_there_are_told_apart_here() -> None:
    """Their codes are 5, 10 and 15; the service knew them as 0, 1 and 2."""
    names = [*"abc" * 30]
    centre = np.array([{"a": 9_000, "b": 20_000, "c": 40_000}[name] for name in names])
    noise = np.random.default_rng(0).normal(0, 500, (90, 6))
    points = samples((centre[:, None] + noise).astype(np.uint16), names)
    how = {**HOW, "keep": [np.ones(90, dtype=bool)], "legend": THREE}

    model = train(cast("Service", Door()), [points], **how, tag="t")

    pixels = np.ascontiguousarray(training_set([points], **how).values.T)
    codes = compile_forest(model).classify(pixels)
    assert codes.tolist() == [THREE.code(name) for name in names]
