"""Every failure of the service ends in one plain line, and only what can help is asked again."""

from __future__ import annotations

import pytest

from reetrace.core.errors import ServiceError
from reetrace.engines.earthengine.known_faults import KNOWN, NETWORK
from reetrace.engines.earthengine.transport import Lost
from tests.earthengine import fault_table
from tests.earthengine.conftest import OpenLoopback
from tests.earthengine.fault_table import COMPUTING, DOING, OPENING, Row
from tests.loopback.made_up import MadeUp


def _named(row: Row) -> str:
    return row.fault.replace(" ", "-")


@pytest.mark.parametrize("row", COMPUTING, ids=_named)
def test_a_failing_computation_says_why_and_what_next(open_loopback: OpenLoopback, row: Row):
    """What was being done, the cause, the next step; asked again only where that can help."""
    import ee

    opened = open_loopback(MadeUp(value="a text long enough to be cut"), deadline_s=0.2)
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
