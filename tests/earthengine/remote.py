"""The engine over a stand-in service, and the stand-in made to answer wrongly."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from reetrace import tables
from reetrace.core.samples import Label, Labels
from reetrace.engines.earthengine import EarthEngine
from reetrace.zoning import lonlat_of
from tests import worlds
from tests.loopback.backend import Body
from tests.loopback.server import Loopback
from tests.standin.backend import StandIn
from tests.standin.world import World

Change = Callable[[Any], Any]

OLI = (tables.sensor("landsat8-oli"),)
MSI = (tables.sensor("sentinel2-msi"),)
LEGEND = tables.legend("mine")


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


def compose(engine: Any, world: Any, number: int = 2020, sensors: Any = OLI, least: int = 1) -> Any:
    """The composite of a year."""
    return engine.composite(
        world.site, worlds.year(number), world.grid, sensors=sensors, min_observations=least
    )


def map_of(engine: Any, world: Any) -> Any:
    """The land cover of 2020 by a forest that knows bright from dark."""
    composite = compose(engine, world)
    model = worlds.brightness_model(LEGEND, composite.bands)
    return engine.classify(composite, model, LEGEND, world.site)


def labels_at(world: Any, *places: Any) -> Any:
    """Labels of class mine at these rows and columns."""
    rows, cols = np.array(places).T
    points = tuple(
        Label(f"p{number}", lon, lat, "mine", "me", "scene", "2020-12-06")
        for number, (lon, lat) in enumerate(zip(*lonlat_of(rows, cols, world.grid), strict=True))
    )
    return Labels("made-up", "2020", "training", "purposive", (), points, "made up", "0")
