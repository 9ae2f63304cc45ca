"""The engine over a stand-in service, and the stand-in made to answer wrongly."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from reetrace.engines.earthengine import EarthEngine
from tests.loopback.backend import Body
from tests.loopback.server import Loopback
from tests.standin.backend import StandIn
from tests.standin.world import World

Change = Callable[[Any], Any]


@dataclass
class Remote:
    """An engine, the service it talks to, and who computes there."""

    engine: EarthEngine
    server: Loopback
    computing: StandIn


OpenRemote = Callable[..., Remote]


class Lying(StandIn):
    """A stand-in whose answers of one kind are changed before they leave."""

    values: Change | None = None
    pictures: Change | None = None
    tables: Change | None = None

    def value(self, body: Body) -> Any:
        """As the stand-in, changed."""
        answer = super().value(body)
        return answer if self.values is None else self.values(answer)

    def pixels(self, body: Body) -> bytes:
        """As the stand-in, changed."""
        answer = super().pixels(body)
        if self.pictures is None:
            return answer
        file = io.BytesIO()
        np.save(file, self.pictures(np.load(io.BytesIO(answer))))
        return file.getvalue()

    def features(self, body: Body) -> Body:
        """As the stand-in, changed."""
        answer = super().features(body)
        return answer if self.tables is None else self.tables(answer)


def standing_on(folder: Path, **limits: Any) -> Lying:
    """A stand-in over the scenes of a folder."""
    return Lying(World.from_catalogue(folder), **limits)
