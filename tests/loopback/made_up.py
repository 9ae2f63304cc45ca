"""A backend that computes nothing but is what a test says it is."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from tests.loopback.backend import BackendError, Body, ExportKind


def easting_northing(body: Body) -> dict[str, np.ndarray]:
    """Bands whose values are the place of each pixel's centre, so that a misplaced tile shows."""
    grid = body["grid"]
    affine, size = grid["affineTransform"], grid["dimensions"]
    cols, rows = np.meshgrid(np.arange(size["width"]) + 0.5, np.arange(size["height"]) + 0.5)
    return {
        "easting": cols * affine["scaleX"] + affine["translateX"],
        "northing": rows * affine["scaleY"] + affine["translateY"],
    }


class MadeUp:
    """Answers with what it holds."""

    def __init__(self, *, value: Any = 42, features: list[Body] | None = None) -> None:
        self.result = value
        self.collection = features or []
        self.dtype = "<i4"
        self.refuse_tiles_above = 0
        """Pixels of a tile from which on the service runs out of memory; 0 is never."""
        self.assets: dict[str, Body] = {}

    def value(self, body: Body) -> Any:
        """Whatever it holds, or makes of the request."""
        return self.result(body) if callable(self.result) else self.result

    def pixels(self, body: Body) -> bytes:
        """Places of the pixels, in the bands asked for."""
        size = body["grid"]["dimensions"]
        if 0 < self.refuse_tiles_above < size["width"] * size["height"]:
            raise BackendError("User memory limit exceeded.")
        found = easting_northing(body)
        picture = np.zeros(
            (size["height"], size["width"]), dtype=[(name, self.dtype) for name in body["bandIds"]]
        )
        for name in body["bandIds"]:
            picture[name] = found[name]
        file = io.BytesIO()
        np.save(file, picture)
        return file.getvalue()

    def features(self, body: Body) -> Body:
        """The whole collection; the service cuts it into pages."""
        del body
        return {"type": "FeatureCollection", "features": self.collection}

    def export(self, kind: ExportKind, body: Body) -> None:
        """The asset is there from now on."""
        name = body["assetExportOptions"]["earthEngineDestination"]["name"]
        self.assets[name] = {"type": kind.upper(), "name": name, "id": name}

    def asset(self, name: str) -> Body | None:
        """What an export made."""
        return self.assets.get(name)
