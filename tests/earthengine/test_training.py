"""What is sent to be trained on, and that the forest that comes home is an ordinary model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from reetrace.classify.forest import fit
from reetrace.core.errors import LabelError, ServiceError, SettingError
from reetrace.core.model import Knobs, Model
from reetrace.core.samples import Samples
from reetrace.engines.earthengine import training
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.training import train
from tests.classify.made_up_labels import BANDS, MINE, THREE, samples, two_kinds
from tests.earthengine.made_up_trees import explained
from tests.standin.offline import offline_client


class Answering:
    """A service that was asked, and answers with a forest of its own."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[tuple[dict[str, Any], str, str]] = []

    def value(self, what: Any, *, tag: str, doing: str) -> Any:
        """Remembers the graph."""
        import ee

        self.asked.append((json.loads(ee.serializer.toJSON(what, for_cloud_api=True)), tag, doing))
        return self.answer


@pytest.fixture(autouse=True)
def _client() -> Iterator[None]:
    with offline_client():
        yield


def trained(
    service: Answering, *each: Samples, keep: list[NDArray[np.bool_]] | None = None, **knobs: Any
) -> Model:
    """Trained with the default knobs but for those given, on all labels unless told otherwise."""
    return train(
        cast("Service", service),
        each,
        keep=keep or [np.ones(len(one.labels.points), dtype=bool) for one in each],
        knobs=replace(Knobs(), **knobs),
        legend=MINE,
        sensor_family="tm",
        tag="train-tm",
    )


def here(*each: Samples, **knobs: Any) -> Model:
    """Fitted on this computer."""
    return fit(
        each,
        keep=[np.ones(len(one.labels.points), dtype=bool) for one in each],
        knobs=replace(Knobs(), **knobs),
        legend=MINE,
        sensor_family="tm",
    )


def unfolded(graph: dict[str, Any]) -> Any:
    """The graph as nested calls, `{"function": ..., argument: ...}`."""

    def unfold(node: dict[str, Any]) -> Any:
        if "valueReference" in node:
            return unfold(graph["values"][node["valueReference"]])
        if "arrayValue" in node:
            return [unfold(each) for each in node["arrayValue"]["values"]]
        if "dictionaryValue" in node:
            return {key: unfold(each) for key, each in node["dictionaryValue"]["values"].items()}
        if "functionInvocationValue" in node:
            call = node["functionInvocationValue"]
            named = {key: unfold(each) for key, each in call.get("arguments", {}).items()}
            return {"function": call["functionName"], **named}
        return node["constantValue"]

    return unfold(graph["values"][graph["result"]])


def sent(service: Answering) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """The arguments of `train`, those of the forest, and the points, of the one request."""
    ((graph, _, _),) = service.asked
    explain = unfolded(graph)
    assert explain["function"] == "Classifier.explain"
    call = explain["classifier"]
    return call, call["classifier"], [point["metadata"] for point in call["features"]["features"]]


def test_the_forest_that_comes_home_is_the_model_a_fit_here_would_give() -> None:
    """Field by field: had the server grown the same trees, nothing would differ."""
    labels = two_kinds(1)
    grown_here = here(labels)

    model = trained(Answering(explained(grown_here, (0, 1))), labels)

    assert model.digest == grown_here.digest
    arrays = ("tree_start", "feature", "threshold", "left", "right", "leaf_class")
    for name, value in vars(grown_here).items():
        if name not in arrays:
            assert getattr(model, name) == value
        else:
            assert getattr(model, name).dtype == value.dtype


def test_labels_travel_as_stored_integers_with_the_position_of_their_class() -> None:
    """No geometry, no name, no reflectance: what is trained on is what is classified."""
    labels = two_kinds(1)
    service = Answering(explained(here(labels), (0, 1)))

    trained(service, labels)

    call, _, points = sent(service)
    assert call["inputProperties"] == [*BANDS, "ndvi"]
    assert len(points) == 120
    first = labels.labels.points[0]
    assert [points[0][band] for band in BANDS] == labels.values[0].tolist()
    assert points[0][call["classProperty"]] == MINE.names.index(first.landcover)
    assert {*points[0]} == {*BANDS, "ndvi", call["classProperty"]}
    assert all(isinstance(value, int) for point in points for value in point.values())
    assert not any("geometry" in point for point in call["features"]["features"])


def test_all_six_knobs_are_sent() -> None:
    """The seed as well, and the square root of the features as both trainers round it."""
    labels = two_kinds(1)
    knobs: dict[str, Any] = {
        "trees": 9,
        "bag_fraction": 0.7,
        "min_leaf_population": 3,
        "max_nodes": 8,
        "seed": 4,
    }
    service = Answering(explained(here(labels, **knobs), (0, 1)))

    trained(service, labels, **knobs)

    _, forest, _ = sent(service)
    assert forest == {
        "function": "Classifier.smileRandomForest",
        "numberOfTrees": 9,
        "variablesPerSplit": 2,
        "minLeafPopulation": 3,
        "bagFraction": 0.7,
        "maxNodes": 8,
        "seed": 4,
    }


def test_no_limit_on_nodes_is_no_argument() -> None:
    """The service has no number for it."""
    labels = two_kinds(1)
    service = Answering(explained(here(labels), (0, 1)))

    trained(service, labels, variables_per_split=3)

    _, forest, _ = sent(service)
    assert "maxNodes" not in forest
    assert forest["variablesPerSplit"] == 3


def test_training_is_one_request_with_its_tag() -> None:
    """The trees, and everything else about the forest, come home at once."""
    labels = two_kinds(1)
    service = Answering(explained(here(labels), (0, 1)))

    trained(service, labels)

    ((_, tag, doing),) = service.asked
    assert tag == "train-tm"
    assert doing == "training the forest of tm"


def test_held_out_and_unseen_labels_stay_here() -> None:
    """What tests the forest, or was never seen, must not train it."""
    labels = two_kinds(1)
    values = labels.values.copy()
    values[3, 2] = 0
    labels = replace(labels, values=values)
    service = Answering(explained(here(labels), (0, 1)))

    model = trained(service, labels, keep=[np.arange(120) < 90])

    _, _, points = sent(service)
    assert len(points) == 89
    assert model.training_points == 89


def test_the_order_of_the_epochs_changes_no_byte_of_the_request() -> None:
    """The same labels are the same question, so they are answered with the same forest."""
    both = two_kinds(1), two_kinds(2, epoch="2010")
    answers = [Answering(explained(here(*both), (0, 1))) for _ in range(2)]

    trained(answers[0], *both)
    trained(answers[1], *reversed(both))

    assert answers[0].asked == answers[1].asked


def test_bands_with_signs_in_their_names_are_sent_under_safe_ones() -> None:
    """The model keeps the roles; the trees speak of names without signs."""
    bands = ("red-edge-1", "swir1")
    labels = two_kinds(1, bands=bands)
    service = Answering(explained(here(labels), (0, 1)))

    model = trained(service, labels)

    assert sent(service)[0]["inputProperties"] == ["red_edge_1", "swir1"]
    assert model.features == bands


def test_codes_that_are_not_positions_come_back() -> None:
    """A legend of 5, 10 and 15 is trained as 0, 1 and 2."""
    values = np.random.default_rng(5).integers(1, 65_536, (90, 6)).astype(np.uint16)
    points = samples(values, [*"abc" * 30])
    more: dict[str, Any] = {
        "keep": [np.ones(90, dtype=bool)],
        "knobs": Knobs(trees=5),
        "legend": THREE,
        "sensor_family": "own",
    }
    grown_here = fit([points], **more)
    service = Answering(explained(grown_here, (0, 1, 2)))

    model = train(cast("Service", service), [points], **more, tag="t")

    assert model.digest == grown_here.digest
    assert model.codes == (5, 10, 15)


def test_too_few_labels_are_refused_before_anything_is_asked() -> None:
    """With the words of a fit here."""
    service = Answering(None)

    with pytest.raises(LabelError, match="usable training labels of class"):
        trained(service, two_kinds(1), keep=[np.arange(120) < 4])

    assert service.asked == []


def test_more_labels_than_a_request_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is asked, with the way out."""
    monkeypatch.setattr(training, "REQUEST_BYTES_LIMIT", 20_000)
    service = Answering(None)

    with pytest.raises(SettingError, match=r"120 training labels make .* \(--trainer local\)"):
        trained(service, two_kinds(1))

    assert service.asked == []


def test_a_label_takes_a_few_hundred_bytes_of_the_request() -> None:
    """So that some tens of thousands fit into one."""
    labels = two_kinds(1, 282)
    service = Answering(explained(here(labels), (0, 1)))

    trained(service, labels)

    ((graph, _, _),) = service.asked
    assert len(json.dumps(graph)) / 282 < 300


def test_a_forest_with_trees_missing_is_refused() -> None:
    """A long answer that was cut would vote differently without a sound."""
    labels = two_kinds(1)

    with pytest.raises(ServiceError, match="sent 50 trees; 300 were asked for"):
        trained(Answering(explained(here(labels), (0, 1))), labels, trees=300)
