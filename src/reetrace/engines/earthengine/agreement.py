"""What the server answered, held against the same question answered at home.

The rasters come home whole, so everything the server counts or reads from them can be done here
too. A disagreement is an error, not a footnote: one of the two would be wrong in the report.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import ServiceError
from reetrace.core.geometry import MultiPolygon
from reetrace.core.grid import Grid
from reetrace.core.landcover import OUTSIDE
from reetrace.core.raster import Crosstab
from reetrace.core.samples import Samples
from reetrace.core.site import Site, ZoneSet

EDGE_RULE = (
    "A pixel counts where its centre lies. A pixel that an outline runs through may be counted on "
    "either side of it by the server; everywhere else server and maps agree to the pixel."
)

_REPORT = "Run again; if it stays so, do not use the result, and report it."


def refuse_other_samples(remote: Samples, home: Samples) -> None:
    """Refuses values beneath labels that are not the composite's.

    Raises:
        ServiceError: Names the first label that differs.
    """
    differs = (remote.values != home.values).any(axis=1)
    if differs.any():
        place = int(differs.argmax())
        raise ServiceError(
            f"Earth Engine read {remote.values[place].tolist()} beneath label "
            f"{remote.labels.points[place].id} of {remote.labels.source}, its own composite shows "
            f"{home.values[place].tolist()} ({int(differs.sum())} label(s) differ). {_REPORT}"
        )


def compare_classes(
    remote: NDArray[np.uint8], home: NDArray[np.uint8], epoch: str, site: Site, grid: Grid
) -> tuple[str, ...]:
    """What has to be said where the server drew the edge of a map otherwise; usually nothing.

    Whether a pixel on the outline of the area of interest lies within it is the server's to say;
    its class is not.

    Args:
        remote: As it came home.
        home: The forest run at home on the same composite.
        epoch: For the words of a message.
        site: Its area of interest.
        grid: Of both maps.

    Raises:
        ServiceError: Names the first pixel that differs otherwise.
    """
    differs = remote != home
    if not differs.any():
        return ()
    edge = differs & ((remote == OUTSIDE) | (home == OUTSIDE))
    edge &= on_outlines([site.area_of_interest.geometry], grid)
    rows, cols = np.nonzero(differs & ~edge)
    if rows.size:
        row, col = int(rows[0]), int(cols[0])
        raise ServiceError(
            f"Earth Engine mapped {epoch} otherwise than the forest votes: {rows.size} pixel(s), "
            f"the first in row {row}, column {col}: class {remote[row, col]} there, "
            f"{home[row, col]} here. {_REPORT}"
        )
    said = (
        f"{epoch}: Earth Engine put {int(edge.sum())} pixel(s) on the outline of the area of "
        f"interest on its other side; the map here follows their centres. {EDGE_RULE}"
    )
    return (said,)


def compare_counts(
    remote: Crosstab, home: Crosstab, zone_set: ZoneSet, site: Site, grid: Grid
) -> tuple[str, ...]:
    """What has to be said where the server counted pixels on outlines otherwise; usually nothing.

    Raises:
        ServiceError: More than an outline runs through.
    """
    moved = int(np.abs(remote.counts - home.counts).sum() + 1) // 2
    if moved == 0:
        return ()
    outlines = [site.area_of_interest.geometry, *(zone.geometry for zone in zone_set.zones)]
    most = int(on_outlines(outlines, grid).sum())
    if moved > most:
        raise ServiceError(
            f"Earth Engine counted {moved} pixel(s) of {'–'.join(remote.epochs)} in other cells of "
            f"{zone_set.id} than its own maps show; outlines run through {most}. {_REPORT}"
        )
    said = (
        f"{zone_set.id}, {'–'.join(remote.epochs)}: Earth Engine counted {moved} pixel(s) on "
        f"outlines otherwise than the maps show; the figures are those of the maps. {EDGE_RULE}"
    )
    return (said,)


def on_outlines(areas: list[MultiPolygon], grid: Grid) -> NDArray[np.bool_]:
    """Shape (rows, cols): pixels that the outline of one of the areas runs through."""
    from affine import Affine
    from rasterio.features import rasterize

    from reetrace.zoning import on_grid, to_shapely

    lines = [to_shapely(on_grid(area, grid)).boundary for area in areas]
    touched = rasterize(
        [(line, 1) for line in lines if not line.is_empty] or [(_nowhere(grid), 0)],
        out_shape=grid.shape,
        transform=Affine(*grid.transform),
        all_touched=True,
        dtype="uint8",
    )
    return np.asarray(touched, dtype=np.bool_)


def _nowhere(grid: Grid) -> object:
    from shapely.geometry import Point

    return Point(grid.west_m, grid.north_m)
