"""A service on this computer, opened through the unpatched client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from reetrace.engines.earthengine.service import Service
from tests.loopback.backend import Backend
from tests.loopback.server import Loopback


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


@pytest.fixture
def open_loopback(clean_client: None) -> Iterator[OpenLoopback]:  # noqa: ARG001  # for its effect
    """Opens a service over a backend, with the options of `Service.open`; all are closed after."""
    opened: list[Opened] = []

    def open_one(backend: Backend, *, before=None, **options) -> Opened:
        server = Loopback(backend).__enter__()
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
