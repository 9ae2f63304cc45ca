"""Each engine says here how it is opened on scenes that lie in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reetrace.core.engine import Engine
from reetrace.engines.earthengine import EarthEngine
from reetrace.engines.earthengine.service import Service
from reetrace.engines.local import LocalEngine
from tests.loopback.server import Loopback
from tests.standin.backend import StandIn
from tests.standin.world import World

OpenOn = Callable[[Path], Engine]  # type: ignore[type-arg]  # each engine has pixels of its own


@pytest.fixture(params=["local", "earthengine"])
def open_on(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenOn]:
    """Opens the engine under test on a folder of scenes."""
    if request.param == "local":
        yield lambda folder: LocalEngine([folder], work=tmp_path / "work")
        return
    servers: list[Loopback] = []

    def open_standin(folder: Path) -> EarthEngine:
        server = Loopback(StandIn(World.from_catalogue(folder))).__enter__()
        servers.append(server)
        service = Service.open(project="reetrace-test", key=None, url=server.url)
        return EarthEngine(service, work=tmp_path / "work")

    yield open_standin
    for server in servers:
        server.__exit__(None, None, None)
