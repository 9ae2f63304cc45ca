"""A backend that keeps what is exported to it, and computes next to nothing."""

from __future__ import annotations

import io
import json
import threading
from typing import Any

import numpy as np

from tests.loopback.backend import BackendError, Body, ExportKind
from tests.loopback.operations import destination


class Keeping:
    """Exports become assets; what the graphs say is not looked at."""

    def __init__(self) -> None:
        self.assets: dict[str, Body] = {}
        self.answer: Any = {"1": 2}
        self.refusals: list[str] = []
        """Messages with which the next exports fail when they run."""
        self._lock = threading.Lock()

    def value(self, body: Body) -> Any:
        """Some number."""
        del body
        return 1

    def pixels(self, body: Body) -> bytes:
        """Every pixel of every band is 7."""
        size = body["grid"]["dimensions"]
        kinds = [(name, "<u2") for name in body["bandIds"]]
        picture = np.full((size["height"], size["width"]), 7, dtype="<u2")
        whole = np.empty(picture.shape, dtype=kinds)
        for name, _ in kinds:
            whole[name] = picture
        file = io.BytesIO()
        np.save(file, whole)
        return file.getvalue()

    def features(self, body: Body) -> Body:
        """The one row that a value exported as text is kept in."""
        del body
        row = {
            "type": "Feature",
            "geometry": None,
            "properties": {"answer": json.dumps(self.answer)},
        }
        return {"type": "FeatureCollection", "features": [row]}

    def export(self, kind: ExportKind, body: Body) -> None:
        """Keeps an asset of this name."""
        with self._lock:
            if self.refusals:
                raise BackendError(self.refusals.pop(0))
            name = destination(body)
            assert name not in self.assets, "an export was carried out twice"
            kept = {"image": "IMAGE", "table": "TABLE"}[kind]
            self.assets[name] = {"type": kept, "name": name, "id": name}

    def asset(self, name: str) -> Body | None:
        """What was exported."""
        return self.assets.get(name)
