"""Rasters of the evidence folder: cloud-optimised GeoTIFF, coloured, labelled, same bytes twice."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import OutputError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.core.grid import Grid
from reetrace.core.landcover import NOT_SEEN, OUTSIDE, Legend
from reetrace.core.raster import NDVI_SCALE, REFLECTANCE_OFFSET, REFLECTANCE_SCALE, UNSEEN
from reetrace.evidence.files import sha256_of

if TYPE_CHECKING:
    from rasterio.io import DatasetWriter

RasterKind = Literal["composite", "ndvi", "landcover", "change", "observations"]

SIMULATED_TAG = "REETRACE_SIMULATED"
"""GeoTIFF tag that carries the notice."""

NEVER, STAYED, GAINED, LOST = 1, 2, 3, 4
"""Codes of a change raster: what became of the target class between two epochs."""

_NOT_SEEN_COLOUR = "#d9d9d9"

# Okabe-Ito hues, told apart by colour-blind readers and by their lightness in grey print.
_CHANGE_CLASSES = (
    (NEVER, "never the mapped class", "#f5f5f0"),
    (STAYED, "the mapped class at both dates", "#999999"),
    (GAINED, "became the mapped class", "#d55e00"),
    (LOST, "left the mapped class", "#0072b2"),
)

_ROLE_COLOURS = {"red": "red", "green": "green", "blue": "blue"}


@dataclass(frozen=True)
class _Style:
    """How the stored numbers of one kind of raster are to be read."""

    dtype: str
    nodata: float | None
    scale: float = 1.0
    offset: float = 0.0
    unit: str = ""
    categorical: bool = False


_STYLES: dict[RasterKind, _Style] = {
    "composite": _Style("uint16", UNSEEN, REFLECTANCE_SCALE, REFLECTANCE_OFFSET, "reflectance"),
    "ndvi": _Style("uint16", UNSEEN, 1 / NDVI_SCALE, -1.0, "ndvi"),
    "landcover": _Style("uint8", OUTSIDE, categorical=True),
    "change": _Style("uint8", OUTSIDE, categorical=True),
    "observations": _Style("uint16", None, unit="clear observations"),
}


def change_codes(
    before: NDArray[np.integer], after: NDArray[np.integer], target_code: int
) -> NDArray[np.uint8]:
    """What became of the target class in every pixel between two class rasters.

    Returns:
        Shape of the inputs: `NOT_SEEN` where either date was not seen, `OUTSIDE` outside the area
        of interest, else `NEVER`, `STAYED`, `GAINED` or `LOST`.
    """
    was, now = before == target_code, after == target_code
    codes = np.select([was & now, now, was], [STAYED, GAINED, LOST], NEVER)
    codes = np.where((before == NOT_SEEN) | (after == NOT_SEEN), NOT_SEEN, codes)
    codes = np.where((before == OUTSIDE) | (after == OUTSIDE), OUTSIDE, codes)
    return codes.astype(np.uint8)


def write_raster(
    path: Path,
    array: NDArray[np.generic],
    grid: Grid,
    *,
    kind: RasterKind,
    title: str,
    simulated: bool,
    band_names: Sequence[str] = (),
    legend: Legend | None = None,
) -> str:
    """Write one raster as a cloud-optimised GeoTIFF.

    Args:
        array: Shape (rows, cols) or (bands, rows, cols). Composites and NDVI as stored integers
            (`reetrace.core.raster`), land cover as class codes, change as `change_codes` gives it.
        band_names: Roles of a composite's bands; the kind's own name where there is one band.
        legend: Names and colours of a land-cover raster; needed there only.

    Returns:
        SHA-256 of the file.

    Raises:
        OutputError: The file could not be written.
    """
    style = _STYLES[kind]
    bands = _as_bands(array, grid, style, path)
    names = tuple(band_names) or (kind,) * len(bands)
    aside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_cog(aside, bands, grid, style, _tags(kind, title, legend, simulated), names, legend)
        os.replace(aside, path)  # noqa: PTH105 - the same call on every system, as elsewhere
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise OutputError(f"{path}: the raster could not be written: {error}.") from error
    return sha256_of(path)


def _as_bands(
    array: NDArray[np.generic], grid: Grid, style: _Style, path: Path
) -> NDArray[np.generic]:
    bands = array[np.newaxis] if array.ndim == 2 else array  # noqa: PLR2004 - (rows, cols)
    if bands.shape[1:] != grid.shape:
        raise ValueError(f"{path.name}: shape {bands.shape[1:]} is not the grid's {grid.shape}.")
    stored = bands.astype(style.dtype)
    if not np.array_equal(stored, bands):
        raise ValueError(f"{path.name}: values do not fit {style.dtype}.")
    return stored


def _tags(kind: RasterKind, title: str, legend: Legend | None, simulated: bool) -> dict[str, str]:
    tags = {"TITLE": title, "KIND": kind, "TIFFTAG_IMAGEDESCRIPTION": title}
    if simulated:
        tags[SIMULATED_TAG] = SIMULATED_NOTICE
        tags["TIFFTAG_IMAGEDESCRIPTION"] = f"{SIMULATED_NOTICE}. {title}"
    if _STYLES[kind].categorical:
        classes = _classes(legend)
        tags |= {f"CLASS_{code}": name for code, name, _ in classes}
    return tags


def _classes(legend: Legend | None) -> list[tuple[int, str, str]]:
    """(code, name, colour) of a class raster, the codes that are no class included."""
    classes = (
        [(each.code, each.title, each.colour) for each in legend.classes]
        if legend
        else list(_CHANGE_CLASSES)
    )
    return [
        (NOT_SEEN, "not seen", _NOT_SEEN_COLOUR),
        *sorted(classes),
        (OUTSIDE, "outside the area of interest", "#ffffff"),
    ]


def _colour_table(legend: Legend | None) -> dict[int, tuple[int, int, int, int]]:
    table = {}
    for code, _, colour in _classes(legend):
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        table[code] = (red, green, blue, 0 if code == OUTSIDE else 255)
    return table


def _write_cog(
    path: Path,
    bands: NDArray[np.generic],
    grid: Grid,
    style: _Style,
    tags: dict[str, str],
    names: tuple[str, ...],
    legend: Legend | None,
) -> None:
    import rasterio
    import rasterio.shutil
    from affine import Affine
    from rasterio.errors import RasterioError
    from rasterio.io import MemoryFile

    profile: dict[str, Any] = {
        "driver": "GTiff",
        "count": len(bands),
        "height": grid.rows,
        "width": grid.cols,
        "dtype": style.dtype,
        "crs": rasterio.crs.CRS.from_epsg(grid.epsg),
        "transform": Affine(*grid.transform),
        "nodata": style.nodata,
    }
    # A sidecar beside the file would be an unlisted file of the bag.
    with rasterio.Env(GDAL_PAM_ENABLED="NO", GDAL_NUM_THREADS="1"), MemoryFile() as memory:
        try:
            with memory.open(**profile) as drawn:
                _describe(drawn, bands, style, tags, names, legend)
            with memory.open() as drawn:
                rasterio.shutil.copy(
                    drawn,
                    str(path),
                    driver="COG",
                    compress="DEFLATE",
                    level="9",
                    predictor="NO" if style.categorical else "YES",
                    blocksize="256",
                    overview_resampling="NEAREST" if style.categorical else "AVERAGE",
                )
        except RasterioError as error:
            raise OSError(str(error)) from error


def _describe(
    drawn: DatasetWriter,
    bands: NDArray[np.generic],
    style: _Style,
    tags: dict[str, str],
    names: tuple[str, ...],
    legend: Legend | None,
) -> None:
    from rasterio.enums import ColorInterp

    drawn.write(bands)
    drawn.update_tags(**tags)
    drawn.descriptions = names
    if style.categorical:
        drawn.write_colormap(1, _colour_table(legend))
        return
    drawn.scales = (style.scale,) * len(bands)
    drawn.offsets = (style.offset,) * len(bands)
    drawn.units = (style.unit,) * len(bands)
    if len(bands) > 1:
        drawn.colorinterp = [ColorInterp[_ROLE_COLOURS.get(name, "undefined")] for name in names]
