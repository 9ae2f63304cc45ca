"""What a composite shows beneath labels, asked of the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import ServiceError
from reetrace.core.grid import Grid
from reetrace.core.raster import OBSERVATIONS, UNSEEN, Composite
from reetrace.core.samples import Labels, Samples
from reetrace.engines.earthengine.places import crs_of, on_pixels
from reetrace.engines.earthengine.remote import RemotePixels
from reetrace.engines.earthengine.service import Service
from reetrace.engines.sampling import places_of

if TYPE_CHECKING:
    import ee

_PLACE = "place"


def samples(
    service: Service, image: ee.Image, composite: Composite[RemotePixels], labels: Sequence[Labels]
) -> tuple[Samples, ...]:
    """The values beneath each file of labels, all read in one question.

    Args:
        service: Signed in.
        image: The composite's graph.
        composite: For its grid and bands.
        labels: In the order wanted; labels off the grid get no value.
    """
    grid = composite.grid
    places = [places_of(each, grid) for each in labels]
    if not places:
        return ()
    rows, cols = (np.concatenate(axis) for axis in zip(*places, strict=True))
    on_grid = rows >= 0
    values = np.full((rows.size, len(composite.bands)), UNSEEN, dtype=np.uint16)
    bands = composite.pixels.bands[:-1]
    if on_grid.any():
        features = service.features(
            values_beneath(image, bands, rows[on_grid], cols[on_grid], grid),
            tag=composite.pixels.tag,
            doing=f"reading {composite.epoch.label} beneath the labels",
        )
        values[on_grid] = read_values(features, bands, int(on_grid.sum()))
    edges = np.cumsum([len(each.points) for each in labels])[:-1]
    return tuple(
        Samples(each, composite.bands, part, *place)
        for each, part, place in zip(labels, np.split(values, edges), places, strict=True)
    )


def values_beneath(
    composite: ee.Image,
    bands: Sequence[str],
    rows: NDArray[np.int64],
    cols: NDArray[np.int64],
    grid: Grid,
) -> ee.FeatureCollection:
    """One feature a pixel with its values, in the order given by `place`.

    The middle of the label's pixel is asked for and not the label's own place, so that no rounding
    of coordinates can pick its neighbour.
    """
    import ee

    eastings = grid.west_m + (cols + 0.5) * grid.pixel_m
    northings = grid.north_m - (rows + 0.5) * grid.pixel_m
    points = [
        ee.Feature(ee.Geometry.Point([east, north], crs_of(grid)), {_PLACE: place})
        for place, (east, north) in enumerate(
            zip(eastings.tolist(), northings.tolist(), strict=True)
        )
    ]
    # With a single band the answer would not bear its name; the observations make it two.
    return composite.select([*bands, OBSERVATIONS]).reduceRegions(
        collection=ee.FeatureCollection(points), reducer=ee.Reducer.first(), **on_pixels(grid)
    )


def read_values(
    features: Sequence[Mapping[str, Any]], bands: Sequence[str], places: int
) -> NDArray[np.uint16]:
    """The features that came home, shape (places, bands).

    Raises:
        ServiceError: A place is missing, comes twice, or has no value.
    """
    by_place = {feature["properties"].get(_PLACE): feature["properties"] for feature in features}
    values = np.zeros((places, len(bands)), dtype=np.uint16)
    for place in range(places):
        found = by_place.get(place, {})
        missing = [band for band in bands if not isinstance(found.get(band), int | float)]
        if missing:
            raise ServiceError(
                f"Earth Engine gave no {missing[0]} for place {place} of {places} asked for. "
                "Run again; if it stays so, report it."
            )
        values[place] = [round(found[band]) for band in bands]
    return values
