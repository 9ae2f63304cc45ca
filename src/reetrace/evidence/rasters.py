"""Rasters of the evidence folder: cloud-optimised GeoTIFF, coloured, labelled, same bytes twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.core.grid import Grid
from reetrace.core.landcover import NOT_SEEN, OUTSIDE, Legend
from reetrace.core.raster import NDVI_SCALE, REFLECTANCE_OFFSET, REFLECTANCE_SCALE, UNSEEN
from reetrace.evidence.files import sha256_of, write_bytes

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

ROLE_COLOURS = {"red": "red", "green": "green", "blue": "blue"}
"""Role of a band to the colour it is shown in."""


@dataclass(frozen=True)
class Style:
    """How the stored numbers of one kind of raster are to be read."""

    dtype: str
    nodata: float | None
    scale: float = 1.0
    offset: float = 0.0
    unit: str = ""
    categorical: bool = False


@dataclass(frozen=True)
class _Picture:
    """Everything that goes into one file."""

    bands: NDArray[np.generic]
    grid: Grid
    style: Style
    tags: dict[str, str]
    names: tuple[str, ...]
    colours: dict[int, tuple[int, int, int, int]]


STYLES: dict[RasterKind, Style] = {
    "composite": Style("uint16", UNSEEN, REFLECTANCE_SCALE, REFLECTANCE_OFFSET, "reflectance"),
    "ndvi": Style("uint16", UNSEEN, 1 / NDVI_SCALE, -1.0, "ndvi"),
    "landcover": Style("uint8", OUTSIDE, categorical=True),
    "change": Style("uint8", OUTSIDE, categorical=True),
    "observations": Style("uint16", None, unit="clear observations"),
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
    """Write one raster as a cloud-optimised GeoTIFF; returns the SHA-256 of the file.

    The array has the shape (rows, cols) or (bands, rows, cols). Composites and NDVI are stored
    integers (see `reetrace.core.raster`), land cover is class codes, change is what `change_codes`
    gives. `band_names` are the roles of a composite's bands; `legend` names and colours the
    classes of a land-cover raster and is needed there only.

    Raises:
        OutputError: The file could not be written.
    """
    style = STYLES[kind]
    bands = _as_bands(array, grid, style, path)
    tags = {"TITLE": title, "KIND": kind, "TIFFTAG_IMAGEDESCRIPTION": title}
    if simulated:
        tags[SIMULATED_TAG] = SIMULATED_NOTICE
        tags["TIFFTAG_IMAGEDESCRIPTION"] = f"{SIMULATED_NOTICE}. {title}"
    classes = classes_of(legend) if style.categorical else []
    tags |= {f"CLASS_{code}": name for code, name, _ in classes}
    names = names_of(kind, band_names, len(bands))
    picture = _Picture(bands, grid, style, tags, names, _colour_table(classes))
    write_bytes(path, _cog(picture))
    return sha256_of(path)


def names_of(kind: RasterKind, roles: Sequence[str], count: int = 1) -> tuple[str, ...]:
    """What the bands of a raster are called: their roles, else the kind of raster."""
    return tuple(roles) or (kind,) * count


def check_marks(folder: Path, *, simulated: bool) -> None:
    """Hold every raster's own mark of drawn imagery against what the evidence says.

    Raises:
        EvidenceError: A raster says otherwise, or cannot be opened.
    """
    import rasterio
    from rasterio.errors import RasterioError

    for path in sorted(folder.rglob("*.tif")):
        try:
            # No other driver: one of a stranger's choice could fetch files from elsewhere.
            with rasterio.open(path, driver="GTiff") as raster:
                drawn = raster.tags().get(SIMULATED_TAG) == SIMULATED_NOTICE
        except RasterioError as error:
            raise EvidenceError(f"{path.name}: is no raster that can be opened.") from error
        if drawn != simulated:
            raise EvidenceError(
                f"{path.name}: is {'drawn' if drawn else 'not drawn'}, "
                f"but the evidence says it is {'drawn' if simulated else 'not'}."
            )


def _as_bands(
    array: NDArray[np.generic], grid: Grid, style: Style, path: Path
) -> NDArray[np.generic]:
    bands = array[np.newaxis] if array.ndim == 2 else array  # noqa: PLR2004 - (rows, cols)
    if bands.shape[1:] != grid.shape:
        raise ValueError(f"{path.name}: shape {bands.shape[1:]} is not the grid's {grid.shape}.")
    stored = bands.astype(style.dtype)
    if not np.array_equal(stored, bands):
        raise ValueError(f"{path.name}: values do not fit {style.dtype}.")
    return stored


def classes_of(legend: Legend | None) -> list[tuple[int, str, str]]:
    """(code, name, colour) of a class raster, by code, those that are no class included.

    Without a legend the classes are those of a change raster.
    """
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


def _colour_table(classes: list[tuple[int, str, str]]) -> dict[int, tuple[int, int, int, int]]:
    table = {}
    for code, _, colour in classes:
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        table[code] = (red, green, blue, 0 if code == OUTSIDE else 255)
    return table


def _cog(picture: _Picture) -> bytes:
    """The bytes of the file; built in memory, so that a full disk leaves nothing half-written."""
    import rasterio
    import rasterio.shutil
    from affine import Affine
    from rasterio.io import MemoryFile

    grid, style = picture.grid, picture.style
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "count": len(picture.bands),
        "height": grid.rows,
        "width": grid.cols,
        "dtype": style.dtype,
        "crs": rasterio.crs.CRS.from_epsg(grid.epsg),
        "transform": Affine(*grid.transform),
        "nodata": style.nodata,
    }
    with (
        rasterio.Env(GDAL_PAM_ENABLED="NO", GDAL_NUM_THREADS="1"),
        MemoryFile() as drawing,
        MemoryFile(ext=".tif") as finished,
    ):
        with drawing.open(**profile) as drawn:
            _describe(drawn, picture)
        with drawing.open() as drawn:
            rasterio.shutil.copy(
                drawn,
                finished.name,
                driver="COG",
                compress="DEFLATE",
                level="9",
                predictor="NO" if style.categorical else "YES",
                blocksize="256",
                overview_resampling="NEAREST" if style.categorical else "AVERAGE",
            )
        return bytes(finished.read())


def _describe(drawn: DatasetWriter, picture: _Picture) -> None:
    from rasterio.enums import ColorInterp

    drawn.write(picture.bands)
    drawn.update_tags(**picture.tags)
    drawn.descriptions = picture.names
    if picture.colours:
        drawn.write_colormap(1, picture.colours)
        return
    count = len(picture.bands)
    drawn.scales = (picture.style.scale,) * count
    drawn.offsets = (picture.style.offset,) * count
    drawn.units = (picture.style.unit,) * count
    if count > 1:
        drawn.colorinterp = [
            ColorInterp[ROLE_COLOURS.get(name, "undefined")] for name in picture.names
        ]
