"""Small archives made by hand, and where their pixels lie."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.standin import StandIn, World
from tests.standin.offline import pixels

WEST, NORTH, PIXEL = 450_015.0, 2_860_005.0, 30.0
CRS = "EPSG:32647"
TRANSFORM = [PIXEL, 0, WEST, 0, -PIXEL, NORTH]
COLLECTION = "LANDSAT/LC08/C02/T1_L2"


def scene(world: World, name: str, moment: str = "2020-01-01", **bands: Any) -> None:
    """An image of the collection, its bands given as nested lists; 0 is masked."""
    world.add_arrays(
        f"{COLLECTION}/{name}",
        {band: np.asarray(rows, dtype=np.uint16) for band, rows in bands.items()},
        west_m=WEST,
        north_m=NORTH,
        pixel_m=PIXEL,
        moment=f"{moment}T03:40:00+00:00",
    )


def service(**bands: Any) -> StandIn:
    """An archive of one scene, `one`."""
    world = World()
    scene(world, "one", **bands)
    return StandIn(world)


def image(name: str = "one") -> Any:
    """A scene in the client's words."""
    import ee

    return ee.Image(f"{COLLECTION}/{name}")


def layer(backend: StandIn, what: Any, rows: int, cols: int, band: str = "") -> NDArray[Any]:
    """One band of an image on the scenes' own pixels."""
    found = pixels(backend, what, west=WEST, north=NORTH, pixel=PIXEL, rows=rows, cols=cols)
    assert found.dtype.names is not None
    return np.asarray(found[band or found.dtype.names[0]])


def rectangle(rows: float, cols: float, *, row: float = 0, col: float = 0) -> Any:
    """So many pixels from the scenes' corner, in metres and with straight sides."""
    import ee

    west, north = WEST + col * PIXEL, NORTH - row * PIXEL
    corners = [west, north - rows * PIXEL, west + cols * PIXEL, north]
    return ee.Geometry.Rectangle(corners, CRS, geodesic=False, evenOdd=True)


def point(row: float, col: float) -> Any:
    """A place in pixels from the scenes' corner."""
    import ee

    return ee.Geometry.Point([WEST + col * PIXEL, NORTH - row * PIXEL], CRS)


def on_pixels() -> dict[str, Any]:
    """The arguments that tie a reduction to the scenes' own pixels."""
    return {"crs": CRS, "crsTransform": TRANSFORM}
