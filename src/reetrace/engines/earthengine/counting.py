"""Land cover and its counts, as graphs, and the table they come home as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from reetrace.core.errors import ServiceError
from reetrace.core.grid import Grid
from reetrace.core.landcover import NOT_SEEN, OUTSIDE, Legend
from reetrace.core.model import Model
from reetrace.core.raster import NDVI_SCALE, Crosstab, LandcoverMap
from reetrace.core.site import Site, ZoneSet
from reetrace.engines.earthengine.composing import everywhere
from reetrace.engines.earthengine.places import (
    MOST_PIXELS,
    extent,
    inside,
    on_pixels,
    zone_rows,
)
from reetrace.engines.earthengine.trees import as_classifier, band_names

if TYPE_CHECKING:
    import ee

LANDCOVER = "landcover"


def landcover(composite: ee.Image, model: Model, site: Site, grid: Grid) -> ee.Image:
    """One band of class codes, `NOT_SEEN` and `OUTSIDE`."""
    features = features_of(composite, model.features)
    # Where one band was not seen none was: any of them tells.
    seen = composite.select(0).neq(0)
    codes = features.updateMask(seen).classify(as_classifier(model), LANDCOVER)
    return everywhere(codes).where(inside(site, grid).eq(0), OUTSIDE).toByte()


def features_of(composite: ee.Image, names: Sequence[str]) -> ee.Image:
    """The bands a forest looks at, in its order; `ndvi` is made of red and near infrared."""
    import ee

    layers = [
        _ndvi(composite) if name == "ndvi" else composite.select(name).toInt()
        for name in band_names(names)
    ]
    return ee.Image.cat(layers).rename(list(band_names(names)))


def _ndvi(composite: ee.Image) -> ee.Image:
    """As `core.raster.ndvi_feature`: floor((2 s d + t) / (2 t)) + s, in numbers that are exact."""
    red = composite.select("red").toDouble().multiply(11).subtract(80_000).max(0)
    nir = composite.select("nir").toDouble().multiply(11).subtract(80_000).max(0)
    total = nir.add(red)
    scaled = nir.subtract(red).multiply(2 * NDVI_SCALE).add(total)
    ratio = scaled.divide(total.multiply(2).max(1)).floor()
    return ratio.where(total.eq(0), 0).add(NDVI_SCALE).toInt()


def counts(
    comparisons: Sequence[Sequence[ee.Image]],
    zone_sets: Sequence[ZoneSet],
    legend: Legend,
    site: Site,
    grid: Grid,
    tile_scale: float,
) -> ee.Dictionary:
    """For each zone set and comparison a histogram of one integer that says zone and classes.

    All histograms are taken in one sweep over the grid; unweighted, so that a pixel counts when
    its centre does, and once.
    """
    import ee

    codes = codes_of(legend)
    places = list(range(len(codes)))
    area = inside(site, grid)
    layers = []
    for row, zone_set in enumerate(zone_sets):
        zones = zone_rows(zone_set, grid)
        for column, maps in enumerate(comparisons):
            cell = zones
            for each in maps:
                cell = cell.multiply(len(codes)).add(each.remap(list(codes), places))
            layers.append(cell.updateMask(area).toInt().rename(band_name(row, column)))
    return ee.Image.cat(layers).reduceRegion(
        reducer=ee.Reducer.frequencyHistogram().unweighted(),
        geometry=extent(grid),
        **on_pixels(grid),
        maxPixels=MOST_PIXELS,
        tileScale=tile_scale,
    )


def codes_of(legend: Legend) -> tuple[int, ...]:
    """`NOT_SEEN`, then the legend's codes by rising code."""
    return (NOT_SEEN, *sorted(each.code for each in legend.classes))


def band_name(zone_set: int, comparison: int) -> str:
    """The band, and so the key, of one histogram."""
    return f"z{zone_set}c{comparison}"


def crosstabs(
    histograms: Mapping[str, Any],
    comparisons: Sequence[Sequence[LandcoverMap[Any]]],
    zone_sets: Sequence[ZoneSet],
    legend: Legend,
) -> tuple[Crosstab, ...]:
    """The answer to `counts`, as tables, zone set by zone set.

    Raises:
        ServiceError: A histogram is missing, or is none.
    """
    found = []
    for row, zone_set in enumerate(zone_sets):
        for column, maps in enumerate(comparisons):
            epochs = [each.epoch.label for each in maps]
            histogram = histograms.get(band_name(row, column))
            if not isinstance(histogram, Mapping):
                raise ServiceError(
                    f"Earth Engine's answer lacks the counts of {zone_set.id}, "
                    f"{'–'.join(epochs)}. Run again; if it stays so, report it."
                )
            found.append(crosstab(histogram, zone_set, epochs, legend))
    return tuple(found)


def crosstab(
    histogram: Mapping[str, float],
    zone_set: ZoneSet,
    epochs: Sequence[str],
    legend: Legend,
) -> Crosstab:
    """A histogram that came home, as a table.

    Raises:
        ServiceError: A cell is no zone and class, or not a whole number of pixels.
    """
    codes = codes_of(legend)
    zones = (*(zone.id for zone in zone_set.zones), "none", "several")
    shape = (len(zones), *(len(codes) for _ in epochs))
    table = np.zeros(int(np.prod(shape)), dtype=np.int64)
    # Masked pixels may be counted under a key of their own; none of ours is masked but outside.
    counted = {key: pixels for key, pixels in histogram.items() if key != "null"}
    for key, pixels in counted.items():
        cell, whole = int(float(key)), round(pixels)
        if not 0 <= cell < table.size or abs(pixels - whole) > 1e-6:  # noqa: PLR2004 - rounding
            raise ServiceError(
                f"Earth Engine counted {pixels} pixel(s) in cell {key} of {zone_set.id}, which "
                f"has {table.size} cells of whole pixels. Run again; if it stays so, report it."
            )
        table[cell] = whole
    return Crosstab(zone_set.id, zones, tuple(epochs), codes, table.reshape(shape))
