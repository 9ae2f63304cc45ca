"""The real client without a network, and a graph evaluated as if it had been sent."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.standin.backend import StandIn

PROJECT = "offline-project"


@contextmanager
def offline_client() -> Iterator[None]:
    """The client initialised by its own packaged lists; its state is put back afterwards."""
    import ee
    import ee.apitestcase
    from ee import _state

    kept = (
        ee.data._install_cloud_api_resource,
        ee.data.getAlgorithms,
        ee.deprecation._FetchDataCatalogStac,
    )
    before = copy.copy(_state.get_state())
    ee.Reset()
    ee.data._install_cloud_api_resource = lambda: None
    ee.data.getAlgorithms = ee.apitestcase.GetAlgorithms
    ee.deprecation._FetchDataCatalogStac = dict
    try:
        ee.Initialize(None, "", project=PROJECT)
        yield
    finally:
        (
            ee.data._install_cloud_api_resource,
            ee.data.getAlgorithms,
            ee.deprecation._FetchDataCatalogStac,
        ) = kept
        ee.Reset()
        _state._state = before


def expression(what: Any) -> dict[str, Any]:
    """The body of a request for an object of the client."""
    import json

    from ee import serializer

    # Through text and back: tuples, numpy numbers and the like must not slip by.
    return dict(json.loads(json.dumps(serializer.encode(what, for_cloud_api=True))))


def value(service: StandIn, what: Any) -> Any:
    """What `getInfo` would answer."""
    return service.value({"expression": expression(what)})


def features(service: StandIn, what: Any) -> list[dict[str, Any]]:
    """What `computeFeatures` would answer."""
    found: list[dict[str, Any]] = service.features({"expression": expression(what)})["features"]
    return found


def pixels(
    service: StandIn,
    what: Any,
    *,
    west: float,
    north: float,
    pixel: float,
    rows: int,
    cols: int,
    crs: str = "EPSG:32647",
    bands: Sequence[str] = (),
) -> NDArray[Any]:
    """What `computePixels` would answer, as a structured array of shape (rows, cols)."""
    affine = {"scaleX": pixel, "translateX": west, "scaleY": -pixel, "translateY": north}
    body = {
        "expression": expression(what),
        "fileFormat": "NPY",
        "grid": {
            "dimensions": {"width": cols, "height": rows},
            "affineTransform": affine,
            "crsCode": crs,
        },
        **({"bandIds": list(bands)} if bands else {}),
    }
    return np.asarray(np.load(io.BytesIO(service.pixels(body))))
