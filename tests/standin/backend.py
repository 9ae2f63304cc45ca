"""The computing behind the loopback service."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.loopback.backend import Backend, Body, ExportKind
from tests.standin.answering import as_json, as_npy, feature_json, grid_of
from tests.standin.archive import Loaded, StoredBand
from tests.standin.coercion import coerce
from tests.standin.elements import Collection, changed
from tests.standin.faults import Refused, Unmodelled
from tests.standin.graph import evaluate
from tests.standin.grids import window
from tests.standin.layers import Image
from tests.standin.readings import Readings
from tests.standin.session import Session, opened
from tests.standin.world import World

_EXPORT_MOST_PIXELS = 100_000_000


@dataclass
class StandIn:
    """Evaluates what the client sends. Its numbers are never Earth Engine's."""

    world: World
    readings: Readings = field(default_factory=Readings)
    """What is taken for granted where the documentation is silent."""
    work_pixels: int | None = None
    """Pixels of all layers of a request together before it times out; None is no limit."""
    memory_pixels: int | None = None
    """Pixels of one aggregation, its bands counted, before memory runs out at tileScale 1."""

    def value(self, body: Body) -> Any:
        """The answer to value:compute."""
        with opened(self._session()):
            return as_json(evaluate(body["expression"]))

    def pixels(self, body: Body) -> bytes:
        """The answer to image:computePixels."""
        if body.get("fileFormat") != "NPY":
            raise Unmodelled(f"computePixels as {body.get('fileFormat')}")
        if body.get("visualizationOptions"):
            raise Unmodelled("computePixels with visualizationOptions")
        with opened(self._session()):
            image: Image = coerce(evaluate(body["expression"]), "Image", "computePixels")
            if body.get("bandIds"):
                image = image.replace(
                    bands={name: image.bands[name] for name in image.pick(body["bandIds"])}
                )
            return as_npy(image, grid_of(body.get("grid", {})))

    def features(self, body: Body) -> Body:
        """The answer to table:computeFeatures, all features at once."""
        with opened(self._session()):
            table: Collection = coerce(
                evaluate(body["expression"]), "FeatureCollection", "computeFeatures"
            )
            features = [feature_json(each) for each in table.features()]
        return {"type": "FeatureCollection", "features": features}

    def export(self, kind: ExportKind, body: Body) -> None:
        """The work of an export to an asset; batch work has none of the interactive limits."""
        options = body.get("assetExportOptions", {})
        name = options.get("earthEngineDestination", {}).get("name")
        if not name:
            raise Unmodelled(f"an export of {kind} to anything but an asset")
        with opened(Session(self.world, self.readings)):
            if kind == "table":
                self._export_table(
                    name, coerce(evaluate(body["expression"]), "FeatureCollection", "export")
                )
            else:
                most = int(body.get("maxPixels", {}).get("value", _EXPORT_MOST_PIXELS))
                self._export_image(
                    name, coerce(evaluate(body["expression"]), "Image", "export"), most
                )

    def asset(self, name: str) -> Body | None:
        """What is known of an asset."""
        return self.world.assets.get(name)

    def _session(self) -> Session:
        return Session(
            self.world,
            self.readings,
            work_pixels=self.work_pixels,
            memory_pixels=self.memory_pixels,
        )

    def _export_table(self, name: str, table: Collection) -> None:
        features = table.features()
        if not features:
            raise Refused("Table is empty.")
        if any(feature.geometry is None for feature in features):
            raise Refused("Exporting a table to an asset: every feature needs a geometry.")
        self.world.tables[name] = Collection(table.items, {}, name)
        self.world.assets[name] = {"type": "TABLE", "name": name, "id": name}

    def _export_image(self, name: str, image: Image, most: int) -> None:
        if image.footprint is None:
            raise Refused("Unable to export unbounded image.")
        projection = image.projection
        grid = window(projection, image.footprint.bounds(projection.crs))
        if grid.pixels > most:
            raise Refused(
                f"Export too large: specified {grid.pixels} pixels (max: {most}). Specify higher "
                "maxPixels value if you intend to export a large area."
            )
        a, _, c, _, _, f = grid.projection.transform
        bands = {}
        for (band, layer), (values, mask) in zip(
            image.bands.items(), image.read(grid), strict=True
        ):
            pixels = (values.astype(layer.kind.transport), mask > 0)
            bands[band] = StoredBand(
                _holding(pixels), projection.crs, c, f, a, layer.kind.transport.name
            )
        stored = {band: each.stored().layer() for band, each in bands.items()}
        asset = changed(image.replace(bands=stored), {"system:id": name})
        self.world.images[name] = changed(asset, {"system:index": name.rsplit("/", 1)[-1]})
        self.world.assets[name] = {"type": "IMAGE", "name": name, "id": name}


def _holding(pixels: Loaded) -> Any:
    return lambda: pixels


_: type[Backend] = StandIn
