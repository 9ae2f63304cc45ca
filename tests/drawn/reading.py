"""Reads a drawn world's files back for the tests, by their catalogue alone."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray


@dataclass(frozen=True)
class DrawnItem:
    """One STAC item with its folder."""

    folder: Path
    record: dict[str, Any]

    @property
    def sensor(self) -> str:
        """Its sensor id."""
        return str(self.record["properties"]["reetrace:sensor"])

    @property
    def reflectance_bands(self) -> list[str]:
        """Ids of the bands that hold reflectance."""
        return [name for name, asset in self.record["assets"].items() if "eo:bands" in asset]

    def path(self, band: str) -> Path:
        """File of a band."""
        return self.folder / str(self.record["assets"][band]["href"])

    def stored(self, band: str) -> NDArray[np.int64]:
        """Stored numbers of a band."""
        with rasterio.open(self.path(band)) as source:
            return np.asarray(source.read(1), dtype=np.int64)

    def reflectance(self, band: str) -> NDArray[np.float64]:
        """Reflectance by the scale and offset that the item states."""
        encoding = self.record["assets"][band]["raster:bands"][0]
        stored = self.stored(band).astype(np.float64)
        return stored * float(encoding["scale"]) + float(encoding["offset"])


def items(world: Path) -> list[DrawnItem]:
    """The items of a world, in the order of its catalogue."""
    catalogue = json.loads((world / "catalog.json").read_text(encoding="utf-8"))
    paths = [world / link["href"] for link in catalogue["links"] if link["rel"] == "item"]
    return [DrawnItem(path.parent, json.loads(path.read_text(encoding="utf-8"))) for path in paths]


def labels(world: Path, name: str) -> dict[str, Any]:
    """One label file, e.g. `2005` or `2005-sample`."""
    path = world / "labels" / "kachin-nujiang" / f"{name}.geojson"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
