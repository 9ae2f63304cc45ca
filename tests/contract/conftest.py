"""Each engine says here how it is opened on scenes that lie in a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reetrace.core.engine import Engine
from reetrace.engines.local import LocalEngine

OpenOn = Callable[[Path], Engine]  # type: ignore[type-arg]  # each engine has pixels of its own


@pytest.fixture(params=["local"])
def open_on(request: pytest.FixtureRequest, tmp_path: Path) -> OpenOn:
    """Opens the engine under test on a folder of scenes."""
    if request.param == "local":
        return lambda folder: LocalEngine([folder], work=tmp_path / "work")
    raise AssertionError(request.param)
