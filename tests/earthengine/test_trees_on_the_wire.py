"""Training on the server through the real client and the engine's one door."""

from __future__ import annotations

import numpy as np
import pytest

from reetrace.classify.forest import fit
from reetrace.core.errors import ServiceError
from reetrace.core.model import Knobs
from reetrace.engines.earthengine.training import train
from tests.classify.made_up_labels import MINE, two_kinds
from tests.earthengine.conftest import OpenLoopback
from tests.earthengine.made_up_trees import explained
from tests.loopback.made_up import MadeUp

LABELS = two_kinds(1, 282)
KEEP = [np.ones(282, dtype=bool)]


def test_training_is_one_request_and_brings_the_whole_forest_home(open_loopback: OpenLoopback):
    """Under its tag; some tens of kilobytes up and down for 282 labels and 50 trees."""
    grown = fit([LABELS], keep=KEEP, knobs=Knobs(), legend=MINE, sensor_family="tm")
    opened = open_loopback(MadeUp(value=explained(grown, (0, 1))))

    model = train(
        opened.service,
        [LABELS],
        keep=KEEP,
        knobs=Knobs(),
        legend=MINE,
        sensor_family="tm",
        tag="train-tm",
    )

    assert model.digest == grown.digest
    assert opened.server.counts() == {"value:compute": 1}
    assert opened.server.bodies("value:compute")[0]["workloadTag"] == "train-tm"
    bytes_up, bytes_down = opened.server.bytes_moved()["value:compute"]
    assert 10_000 < bytes_up < 100_000
    assert 10_000 < bytes_down < 200_000


def test_an_answer_that_is_no_forest_is_a_fault_of_the_service(open_loopback: OpenLoopback):
    """Not a crash: one line that says what to do instead."""
    opened = open_loopback(MadeUp(value={"classes": [0, 1]}))

    with pytest.raises(ServiceError, match=r"without its trees. .* \(--trainer local\)"):
        train(
            opened.service,
            [LABELS],
            keep=KEEP,
            knobs=Knobs(),
            legend=MINE,
            sensor_family="tm",
            tag="train-tm",
        )
