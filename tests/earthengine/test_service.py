"""The unpatched client against the loopback server, through the one door the engine has."""

from __future__ import annotations

import numpy as np
import pytest

from reetrace.core.errors import ServiceError, TooLarge
from reetrace.core.grid import Grid
from reetrace.engines.earthengine.cost import spent
from tests.earthengine.conftest import OpenLoopback
from tests.earthengine.whole import whole
from tests.loopback.backend import BackendError, Body
from tests.loopback.faults import RESTRICTED, Fault, bad_request, too_many
from tests.loopback.made_up import MadeUp

GRID = Grid(32647, 450_015.0, 2_866_995.0, 30.0, 40, 30, 900.0)


def _points(count: int) -> list[Body]:
    return [
        {
            "type": "Feature",
            "id": str(number),
            "geometry": {"type": "Point", "coordinates": [98.5, 25.9]},
            "properties": {"number": number},
        }
        for number in range(count)
    ]


def test_opening_costs_three_requests_and_none_elsewhere(
    open_loopback: OpenLoopback, monkeypatch: pytest.MonkeyPatch
):
    """The description of the interface, twice, and the list of functions.

    The client by itself also fetches a list of withdrawn data sets from another host, without a
    time limit: behind a firewall that swallows packets it would hang there for ever.
    """
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: pytest.fail("a request"))

    opened = open_loopback(MadeUp())

    assert opened.service.usage.requests == {"discovery": 2, "algorithms": 1}
    assert opened.service.standin
    assert opened.service.project == "reetrace-test"


def test_a_value_comes_home(open_loopback: OpenLoopback):
    """One expression is one request, and it bears the tag of its site and year."""
    import ee

    opened = open_loopback(MadeUp(value={"a": 1}))

    found = opened.service.value(ee.Number(1), tag="site-2005", doing="counting")

    assert found == {"a": 1}
    assert opened.server.counts() == {"value:compute": 1}
    assert opened.server.bodies("value:compute")[0]["workloadTag"] == "site-2005"


def test_features_come_home_from_every_page(open_loopback: OpenLoopback):
    """2,500 features are three pages of at most a thousand; none is lost, none twice."""
    import ee

    opened = open_loopback(MadeUp(features=_points(2500)))

    found = opened.service.features(ee.FeatureCollection([]), tag="t", doing="sampling")

    assert [one["properties"]["number"] for one in found] == list(range(2500))
    assert found[0]["geometry"] == {"type": "Point", "coordinates": [98.5, 25.9]}
    assert opened.server.counts() == {"table:computeFeatures": 3}


def test_pages_that_never_end_are_noticed(open_loopback: OpenLoopback):
    """A service that gives the same next page for ever is not followed for ever."""
    import ee

    class Endless(MadeUp):
        def features(self, _):
            return {"features": _points(1), "nextPageToken": "again"}

    opened = open_loopback(Endless())

    with pytest.raises(ServiceError, match=r"Sampling: .*the same page twice"):
        opened.service.features(ee.FeatureCollection([]), tag="t", doing="sampling")


def _tile_scale(body: Body) -> float:
    values = body["expression"]["values"]
    node = values[body["expression"]["result"]]["functionInvocationValue"]["arguments"]["right"]
    return float(node["constantValue"])


@pytest.mark.parametrize(("enough", "asked"), [(1, 1), (4, 3), (16, 5)])
def test_memory_that_runs_out_is_asked_again_in_smaller_pieces(
    open_loopback: OpenLoopback, enough, asked
):
    """With a tileScale of 2, 4, 8, 16; the evidence says so, and only then."""
    import ee

    def value(body: Body) -> float:
        if _tile_scale(body) < enough:
            raise BackendError("User memory limit exceeded.")
        return 7

    opened = open_loopback(MadeUp(value=value))

    found = opened.service.value(
        lambda scale: ee.Number(1).add(scale), tag="t", doing="counting 2005"
    )

    assert found == 7
    assert opened.server.counts() == {"value:compute": asked}
    raised = {"counting 2005": float(enough)} if enough > 1 else {}
    assert opened.service.usage.tile_scale_raised == raised


def test_memory_that_never_suffices_is_given_up(open_loopback: OpenLoopback):
    """After tileScale 16 there is nothing left to try; other failures are not tried at all."""
    import ee

    opened = open_loopback(MadeUp())
    opened.server.faults.append(
        bad_request("value:compute", "User memory limit exceeded.", times=99)
    )

    with pytest.raises(TooLarge):
        opened.service.value(ee.Number, tag="t", doing="counting")

    assert opened.server.counts() == {"value:compute": 5}


def test_restricted_mode_is_noted_and_nothing_fails(open_loopback: OpenLoopback):
    """The client would make a Python warning of it; here it is a line at the end of the run."""
    import ee

    opened = open_loopback(MadeUp())
    opened.server.faults.append(Fault("value:compute", "header", headers=RESTRICTED))

    opened.service.value(ee.Number(1), tag="t", doing="counting")

    assert opened.service.usage.restricted
    assert any("restricted mode" in line for line in spent(opened.service.usage))


def test_usage_counts_what_the_server_saw(open_loopback: OpenLoopback):
    """Requests and bytes agree at both ends of the wire, retries included."""
    import ee

    opened = open_loopback(MadeUp(features=_points(1200)))
    opened.server.faults.append(too_many("value:compute"))
    service, server = opened.service, opened.server
    before = service.usage.requests.total()

    service.value(ee.Number(1), tag="t", doing="counting")
    service.features(ee.FeatureCollection([]), tag="t", doing="sampling")
    whole(service, ee.Image(1), GRID, ["easting"], np.dtype("i4"), tag="t", doing="fetching")

    usage = service.usage
    assert {kind: usage.requests[kind] for kind in server.counts()} == server.counts()
    assert {
        kind: (usage.bytes_up[kind], usage.bytes_down[kind]) for kind in server.counts()
    } == server.bytes_moved()
    assert usage.requests_made == before + 5
    assert usage.retries == {"429": 1}


def test_compute_is_read_with_one_request(open_loopback: OpenLoopback):
    """The service keeps a profile of each computation; all are asked for at once, at the end."""
    import ee

    opened = open_loopback(MadeUp())
    for _ in range(4):
        opened.service.value(ee.Number(1), tag="t", doing="counting")
    opened.server.forget()

    spent = opened.service.read_spent()

    assert spent == pytest.approx(1.0)
    assert opened.service.usage.eecu_seconds == spent
    assert opened.server.counts() == {"value:compute": 1}


def test_compute_that_is_not_told_is_not_known(open_loopback: OpenLoopback):
    """A failure here is nobody's failure."""
    import ee

    opened = open_loopback(MadeUp())
    assert opened.service.read_spent() is None
    opened.service.value(ee.Number(1), tag="t", doing="counting")
    opened.server.faults.append(bad_request("value:compute", "Profile not found."))

    assert opened.service.read_spent() is None
