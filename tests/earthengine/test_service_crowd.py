"""Many threads at once, and nobody but the service is spoken to."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time

import pytest

from reetrace.core.errors import ServiceError, SettingError
from reetrace.engines.earthengine.patience import Lost
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.transport import Transport
from reetrace.engines.earthengine.usage import Usage
from tests.earthengine.conftest import OpenLoopback
from tests.loopback.backend import BackendError, Body
from tests.loopback.faults import Fault
from tests.loopback.made_up import MadeUp


def test_requests_at_once_stay_under_the_limit(open_loopback: OpenLoopback):
    """Twelve threads, three at once."""
    import ee

    gate = threading.Barrier(3, timeout=120)

    def value(_: Body) -> int:
        gate.wait()
        return 1

    opened = open_loopback(MadeUp(value=value), concurrency=3)
    ask = ee.Number(1)
    threads = [
        threading.Thread(
            target=opened.service.value, args=(ask,), kwargs={"tag": "t", "doing": "d"}
        )
        for _ in range(12)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert opened.server.counts() == {"value:compute": 12}
    assert opened.server.most_at_once == 3


def test_tags_of_threads_do_not_mix(open_loopback: OpenLoopback):
    """The client has one tag for the whole process; two sites at once must not share it."""
    import ee

    opened = open_loopback(MadeUp())

    def many(tag: str, number: int) -> None:
        for _ in range(10):
            opened.service.value(ee.Number(number), tag=tag, doing="counting")

    threads = [threading.Thread(target=many, args=(f"site-{n}", n)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    sent = {
        (body["workloadTag"], body["expression"]["values"]["0"]["constantValue"])
        for body in opened.server.bodies("value:compute")
    }
    assert sent == {(f"site-{n}", n) for n in range(4)}


def test_only_this_computer_can_stand_in_for_google(monkeypatch: pytest.MonkeyPatch):
    """No address that somebody else controls gets a token or a site."""
    monkeypatch.setenv("REETRACE_EARTHENGINE_URL", "https://127.0.0.1.example.com/")

    with pytest.raises(SettingError, match=r"REETRACE_EARTHENGINE_URL .* only a service on this"):
        Service.open(project="reetrace-test", key=None)


def test_a_proxy_of_the_environment_is_not_used_for_this_computer(
    open_loopback: OpenLoopback, monkeypatch: pytest.MonkeyPatch
):
    """Otherwise every test behind a proxy would fail, or leak."""
    import ee

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    opened = open_loopback(MadeUp())

    assert opened.service.value(ee.Number(1), tag="t", doing="counting") == 42


def test_a_request_for_elsewhere_does_not_leave(open_loopback: OpenLoopback):
    """With a service on this computer nothing goes out, whoever asks for it."""
    import ee

    opened = open_loopback(MadeUp())
    transport = ee.data._get_state().http_transport
    assert transport is not None

    with (
        pytest.raises(ServiceError, match="was to leave this computer"),
        opened.service.calling("x"),
    ):
        transport.request("https://example.com/")


def test_when_too_many_are_refused_they_try_again_one_by_one(open_loopback: OpenLoopback):
    """A project in restricted mode may let in one; six threads then take turns, none gives up."""
    import ee

    inside, refused, all_came = threading.Lock(), itertools.count(1), threading.Event()

    def value(_: Body) -> int:
        if not inside.acquire(blocking=False):
            if next(refused) == 5:
                all_came.set()
            raise BackendError("Too Many Requests", status=429, status_name="RESOURCE_EXHAUSTED")
        with contextlib.ExitStack() as held:
            held.callback(inside.release)
            # The first stays until the five others were refused; the next long enough to meet them.
            assert all_came.wait(120)
            time.sleep(0.03)
            return 1

    def pause(_: float) -> None:
        with inside:
            pass

    opened = open_loopback(MadeUp(value=value), concurrency=6, pause=pause)
    ask, found = ee.Number(1), []

    def one() -> None:
        found.append(opened.service.value(ask, tag="t", doing="counting"))

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [1] * 6
    assert opened.server.counts() == {"value:compute": 6 + 5}


def test_a_service_that_sends_elsewhere_is_not_followed(open_loopback: OpenLoopback):
    """The sign-in would go along."""
    import ee

    opened = open_loopback(MadeUp())
    there = f"{opened.server.url}/token"
    opened.server.faults.append(Fault("value:compute", status=307, headers={"Location": there}))

    with pytest.raises(ServiceError, match="the service answered"):
        opened.service.value(ee.Number(1), tag="t", doing="counting")

    assert opened.server.counts() == {"value:compute": 1}


def test_where_an_account_may_be_used_from_is_not_looked_up():
    """The address of that question holds the account's name, and proxies keep addresses."""
    transport = Transport(usage=Usage(), deadline_s=1, concurrency=1, loopback_only=False)

    with pytest.raises(Lost, match="elsewhere after 0 attempts"):
        transport.request("https://iamcredentials.googleapis.com/v1/a@b.example/allowedLocations")


def test_an_address_of_google_without_encryption_is_refused():
    """A token must not travel in the clear."""
    with pytest.raises(SettingError, match="only a service on this computer"):
        Service.open(project="a-project", key=None, url="http://earthengine.googleapis.com")
