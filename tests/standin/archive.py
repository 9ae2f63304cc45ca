"""What the stand-in's archive holds: images by id, collections and tables of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.standin.calendar import moment_of
from tests.standin.geometry import Geometry
from tests.standin.grids import Projection
from tests.standin.layers import Image
from tests.standin.pixel_types import Array, type_of_array
from tests.standin.sources import Policy, Stored

Loaded = tuple[Array, NDArray[np.bool_]]


@dataclass(frozen=True)
class StoredBand:
    """One band of a stored image."""

    load: Callable[[], Loaded]
    """Values and where they are valid."""
    crs: str
    west_m: float
    north_m: float
    pixel_m: float
    dtype: str
    policy: Policy = "mean"

    def stored(self) -> Stored:
        """As a source of pixels."""
        transform = (self.pixel_m, 0.0, self.west_m, 0.0, -self.pixel_m, self.north_m)
        kind = type_of_array(np.dtype(self.dtype))
        return Stored(self.load, Projection(self.crs, transform), kind, self.policy)


def millis_of(moment: str) -> int:
    """An ISO moment as the archive states it."""
    return moment_of(dt.datetime.fromisoformat(moment)).millis


def stored_image(
    image_id: str,
    bands: Mapping[str, StoredBand],
    footprint: Geometry,
    properties: Mapping[str, Any],
) -> Image:
    """An image of the archive with the properties that every one has."""
    return Image(
        {name: band.stored().layer() for name, band in bands.items()},
        {
            **properties,
            "system:index": image_id.rsplit("/", 1)[-1],
            "system:id": image_id,
            "system:footprint": footprint,
        },
        footprint,
    )
