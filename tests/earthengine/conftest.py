"""A service on this computer, opened through the unpatched client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import pytest

from reetrace.engines.earthengine import EarthEngine
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.transport import Transport
from tests import worlds
from tests.earthengine.remote import Lying, OpenRemote, Remote
from tests.loopback.answering import endpoint_of
from tests.loopback.backend import Backend
from tests.loopback.server import Loopback

SOON_S, AT_LONGEST_S = 0.1, 120.0


@dataclass
class Opened:
    """A service of ours, the server it talks to, and how long it would have waited."""

    service: Service
    server: Loopback
    pauses_s: list[float] = field(default_factory=list)


OpenLoopback = Callable[..., Opened]


@pytest.fixture
def clean_client() -> Iterator[None]:
    """The client keeps its state for the whole process; whatever a test did to it is undone."""
    import ee
    import ee.data

    ee.Reset()
    yield
    ee.Reset()


def _giving_up_soon(monkeypatch: pytest.MonkeyPatch) -> dict[int, Loopback]:
    """Servers by port, on whose silence the client gives up soon; and on nothing else.

    A wait short enough for a test is shorter than an answer may take on a machine that is busy. So
    it is short only where none will come, and over only when the server knows of the request.
    """
    servers: dict[int, Loopback] = {}
    attempt = Transport._attempt

    def attempted(self, kind, uri, method, body, headers):
        address = urlsplit(uri)
        server = servers.get(address.port or 0)
        if server is None or not server.will_hang(endpoint_of(method, unquote(address.path))[0]):
            return attempt(self, kind, uri, method, body, headers)
        usual_s, hanging = self._deadline_s, server.hanging()
        self._deadline_s = SOON_S
        try:
            found = attempt(self, kind, uri, method, body, headers)
        finally:
            self._deadline_s = usual_s
        ends = time.monotonic() + AT_LONGEST_S
        while server.hanging() == hanging:
            assert time.monotonic() < ends, "the server never saw the request"
            time.sleep(0.005)
        return found

    monkeypatch.setattr(Transport, "_attempt", attempted)
    return servers


@pytest.fixture
def open_loopback(
    clean_client: None,  # noqa: ARG001  # for its effect
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[OpenLoopback]:
    """Opens a service over a backend, with the options of `Service.open`; all are closed after."""
    opened: list[Opened] = []
    given_up = _giving_up_soon(monkeypatch)

    def open_one(backend: Backend, *, before=None, **options) -> Opened:
        server = Loopback(backend).__enter__()
        given_up[server.port] = server
        try:
            if before is not None:
                before(server)
            pauses_s: list[float] = []
            usual = {"project": "reetrace-test", "key": None, "pause": pauses_s.append}
            service = Service.open(url=server.url, **{**usual, **options})
        except BaseException:
            server.__exit__(None, None, None)
            raise
        server.forget()
        opened.append(Opened(service, server, pauses_s))
        return opened[-1]

    yield open_one
    for one in opened:
        one.service.close()
        one.server.__exit__(None, None, None)


@pytest.fixture
def quick_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sign-in library pauses between its attempts by itself."""
    from google.auth import _exponential_backoff

    monkeypatch.setattr(_exponential_backoff, "time", SimpleNamespace(sleep=lambda _: None))


@pytest.fixture
def open_remote(tmp_path: Path, clean_client: None) -> Iterator[OpenRemote]:  # noqa: ARG001 - asked for what it undoes
    """Opens the engine over whoever computes."""
    servers: list[Loopback] = []

    def open_one(computing: Lying, *, work: str = "work", only=None) -> Remote:
        server = Loopback(computing).__enter__()
        servers.append(server)
        service = Service.open(
            project="reetrace-test", key=None, url=server.url, pause=lambda _: None
        )
        server.forget()
        engine = EarthEngine(service, work=tmp_path / work, only=only, pause=lambda _: None)
        return Remote(engine, server, computing)

    yield open_one
    for server in servers:
        server.__exit__(None, None, None)


@pytest.fixture
def pit(tmp_path: Path):
    """Forest with a pit, on two days, one of them clouded in a corner."""
    world = worlds.forest(60, 50).dig(slice(10, 20), slice(10, 25))
    world = world.cloud("2020-01-11", slice(0, 9), slice(0, 9))
    worlds.write_landsat(tmp_path / "scenes", world, ["2020-01-11", "2020-12-06"])
    return world
