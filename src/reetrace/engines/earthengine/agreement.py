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
from reetrace.engines.blocks import Block, grid_of, strips
from reetrace.engines.store import LocalPixels

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


Moved = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]
"""Rows and columns of pixels, and the classes they have here."""


class MapCheck:
    """A map that came home, held against the forest run here, run of rows by run of rows.

    Whether a pixel on the outline of the area of interest lies within it is the server's to say;
    its class is not.
    """

    def __init__(self, came: LocalPixels, site: Site, grid: Grid) -> None:
        """Looks at nothing yet."""
        self._came = came
        self._outline = site.area_of_interest.geometry
        self._grid = grid
        self._moved: list[Moved] = []
        self._strange, self._first = 0, ""

    def look(self, run: Block, home: NDArray[np.uint8]) -> None:
        """Takes the classes that the forest gives whole rows here."""
        remote = self._came.open()[run.row : run.row + run.rows]
        differs = remote != home
        if not differs.any():
            return
        edge = differs & ((remote == OUTSIDE) | (home == OUTSIDE))
        edge &= on_outlines([self._outline], grid_of(run, self._grid))
        rows, cols = np.nonzero(differs & ~edge)
        if rows.size and not self._strange:
            row, col = int(rows[0]), int(cols[0])
            self._first = (
                f"the first in row {run.row + row}, column {col}: class {remote[row, col]} there, "
                f"{home[row, col]} here"
            )
        self._strange += rows.size
        rows, cols = np.nonzero(edge)
        self._moved.append((rows + run.row, cols, home[rows, cols]))

    @property
    def moved(self) -> Moved:
        """The pixels on the outline that lie on its other side here."""
        rows, cols, codes = (np.concatenate(each) for each in zip(*self._moved, strict=True))
        return rows, cols, codes

    def said(self, epoch: str) -> tuple[str, ...]:
        """What the evidence has to say where the server drew the edge otherwise; usually nothing.

        Raises:
            ServiceError: Names the first pixel that differs otherwise.
        """
        if self._strange:
            raise ServiceError(
                f"Earth Engine mapped {epoch} otherwise than the forest votes: {self._strange} "
                f"pixel(s), {self._first}. {_REPORT}"
            )
        if not self._moved:
            return ()
        said = (
            f"{epoch}: Earth Engine put {self.moved[0].size} pixel(s) on the outline of the area "
            f"of interest on its other side; the map here follows their centres. {EDGE_RULE}"
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
    most = sum(int(on_outlines(outlines, grid_of(each, grid)).sum()) for each in strips(grid))
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
