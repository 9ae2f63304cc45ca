"""Every failure of the service ends in one plain line, and only what can help is asked again."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from reetrace.core.errors import ServiceError
from reetrace.core.grid import Grid
from reetrace.engines.earthengine.faults import translated
from reetrace.engines.earthengine.known_faults import KNOWN
from reetrace.engines.earthengine.known_losses import NETWORK, TOKEN
from reetrace.engines.earthengine.patience import Lost
from reetrace.engines.earthengine.service import Service
from tests.earthengine import fault_table
from tests.earthengine.conftest import OpenLoopback
from tests.earthengine.fault_table import COMPUTING, DOING, OPENING, Row
from tests.earthengine.whole import whole
from tests.loopback.faults import Fault, forbidden, too_many
from tests.loopback.made_up import MadeUp


def _named(row: Row) -> str:
    return row.fault.replace(" ", "-")


@pytest.mark.parametrize("row", COMPUTING, ids=_named)
def test_a_failing_computation_says_why_and_what_next(open_loopback: OpenLoopback, row: Row):
    """What was being done, the cause, the next step; asked again only where that can help."""
    import ee

    opened = open_loopback(MadeUp(value="a text long enough to be cut"))
    opened.server.faults.append(row.inject())

    with pytest.raises(row.raised) as caught:
        opened.service.value(ee.Number(1), tag="t", doing=DOING)

    assert str(caught.value) == row.sentence
    assert opened.server.counts() == {"value:compute": row.requests}


@pytest.mark.parametrize("row", OPENING, ids=_named)
def test_a_failing_start_says_why_and_what_next(open_loopback: OpenLoopback, row: Row):
    """The same before anything was computed."""
    servers = []

    def prepare(server):
        servers.append(server)
        server.faults.append(row.inject())

    with pytest.raises(row.raised) as caught:
        open_loopback(MadeUp(), before=prepare)

    assert str(caught.value) == row.sentence
    assert servers[0].counts()[row.inject().where] == row.requests + (
        row.inject().where == "discovery" and row.requests < 6
    )


LOST_BY_HAND = ("unknown host", "certificate", "proxy", "elsewhere")


@pytest.mark.parametrize("cause", LOST_BY_HAND)
def test_what_no_server_can_play_has_its_line_too(cause):
    """Names that do not resolve, certificates and proxies."""
    plain = translated(Lost(cause, 1), doing=DOING, project="reetrace-test")

    assert isinstance(plain, ServiceError)
    assert str(plain).startswith("Counting 2005 of mine-A: ")
    assert str(plain) == NETWORK[cause].sentence(DOING, project="reetrace-test")


def test_every_known_failure_is_in_the_table_with_its_line():
    """A failure that is not in the table is one whose line nobody has read."""
    lines = [row.sentence for row in fault_table.ALL]
    played = [fault for cause, fault in NETWORK.items() if cause not in LOST_BY_HAND]
    causes = [
        re.sub(r"\\{\w+\\}", ".*", re.escape(fault.cause)) for fault in (*KNOWN, *TOKEN, *played)
    ]

    missing = [cause for cause in causes if not any(re.search(cause, line) for line in lines)]

    assert missing == []


@pytest.mark.parametrize("row", fault_table.ALL, ids=_named)
def test_a_line_is_one_line_with_a_cause_and_a_step(row: Row):
    """It ends with a full stop, names no class of the program and is no traceback."""
    assert "\n" not in row.sentence
    assert row.sentence.endswith((".", "(say whether the use is commercial)."))
    assert len(row.sentence) < 420
    assert not re.search(r"Error\b|Exception|Traceback|HttpError|EEException", row.sentence)


def test_a_step_is_one_that_a_user_can_take():
    """Options that are named are options of the report; exports are made without being asked."""
    reference = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
    report = reference.split("\n## `reetrace report`\n")[1].split("\n## ")[0]
    options = set(re.findall(r"--[a-z-]+", report))
    lines = [row.sentence for row in fault_table.ALL]

    named = {name for line in lines for name in re.findall(r"(?<!\S)--[a-z-]+", line)}

    assert named - options == set()
    assert {"--project", "--years", "--concurrency"} <= named
    assert not any("batch export" in line for line in lines)


def test_the_table_is_good_markdown():
    """One row a failure, three columns each."""
    lines = fault_table.as_markdown().splitlines()

    assert len(lines) == len(fault_table.ALL) + 2
    assert {line.count(" | ") for line in lines} == {2}


@pytest.mark.parametrize(
    "fault",
    [
        too_many("*"),
        too_many("*", retry_after="7"),
        forbidden("*", "Slow down.", reason="rateLimitExceeded"),
        Fault("*", status=500),
        Fault("*", status=502),
        Fault("*", status=503),
        Fault("*", "hang"),
        Fault("*", "drop"),
        Fault("*", "reset"),
        Fault("*", "short"),
        Fault("*", "unmarked-short"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}-{fault.headers.get('Retry-After', '')}",
)
@pytest.mark.parametrize("what", ["value", "features", "pixels"])
def test_a_passing_failure_costs_one_more_request_and_nothing_else(
    open_loopback: OpenLoopback, fault: Fault, what: str
):
    """The answer is whole, as if nothing had happened."""
    import ee

    grid = Grid(32647, 450_015.0, 2_866_995.0, 30.0, 40, 30, 900.0)
    feature = {"type": "Feature", "geometry": None, "properties": {"a": 1}}
    opened = open_loopback(MadeUp(value=list(range(50)), features=[feature]))
    opened.server.faults.append(copy.deepcopy(fault))
    ways: dict[str, Callable[[], object]] = {
        "value": lambda: opened.service.value(ee.Number(1), tag="t", doing="d"),
        "features": lambda: opened.service.features(ee.FeatureCollection([]), tag="t", doing="d"),
        "pixels": lambda: int(
            whole(
                opened.service, ee.Image(1), grid, ["easting"], np.dtype("i4"), tag="t", doing="d"
            )[0, 0, 0]
        ),
    }

    found = ways[what]()

    assert found == {"value": list(range(50)), "features": [feature], "pixels": 450_030}[what]
    assert opened.service.usage.retries.total() == 1
    assert sum(opened.server.counts().values()) == 2


def test_the_service_is_asked_again_after_growing_pauses(open_loopback: OpenLoopback):
    """About 1, 2, 4, 8 and 16 s, spread so that threads do not come back together."""
    import ee

    opened = open_loopback(MadeUp())
    opened.server.faults.append(Fault("value:compute", times=5))

    opened.service.value(ee.Number(1), tag="t", doing="d")

    assert [round(math.log2(pause)) for pause in opened.pauses_s] == [0, 1, 2, 3, 4]


def test_a_service_that_says_when_to_come_back_is_taken_at_its_word(open_loopback: OpenLoopback):
    """Retry-After is a floor for the pause."""
    import ee

    opened = open_loopback(MadeUp())
    opened.server.faults.append(too_many("value:compute", times=2, retry_after="45"))

    opened.service.value(ee.Number(1), tag="t", doing="d")

    assert opened.pauses_s == [45, 45]


def _export(request_id: str) -> None:
    import ee

    name = "projects/reetrace-test/assets/a"
    ee.data.exportImage(
        request_id,
        {
            "expression": ee.Image(1),
            "assetExportOptions": {"earthEngineDestination": {"name": name}},
        },
    )


def test_an_export_whose_answer_was_lost_is_not_started_twice(open_loopback: OpenLoopback):
    """The request bears an id, so that asking again finds what the first one started."""
    opened = open_loopback(MadeUp())
    opened.server.faults.append(Fault("image:export", "reset"))

    with opened.service.calling("starting an export"):
        _export("digest-1")

    assert opened.server.counts() == {"image:export": 2}
    assert len(opened.server.operations.listing("reetrace-test")) == 1


def test_an_export_without_an_id_is_not_asked_again(open_loopback: OpenLoopback):
    """Nobody could tell whether the first one runs."""
    opened = open_loopback(MadeUp())
    opened.server.faults.append(Fault("image:export", "reset"))

    with pytest.raises(ServiceError), opened.service.calling("starting an export"):
        _export("")

    assert opened.server.counts() == {"image:export": 1}


@pytest.mark.usefixtures("clean_client")
def test_a_connection_refused_is_told_soon():
    """Two more attempts, then the line; whoever is offline need not wait for a minute."""
    pauses_s: list[float] = []

    with pytest.raises(ServiceError) as caught:
        Service.open(
            project="reetrace-test", key=None, url="http://127.0.0.1:9", pause=pauses_s.append
        )

    assert str(caught.value) == fault_table.REFUSED.sentence
    assert len(pauses_s) == 2


def test_a_mistake_in_the_program_is_not_dressed_up(open_loopback: OpenLoopback):
    """Only failures of the service are translated; a bug keeps its name."""
    opened = open_loopback(MadeUp())

    with pytest.raises(ZeroDivisionError), opened.service.calling("counting"):
        1 / 0  # noqa: B018  # the bug
