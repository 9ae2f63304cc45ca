"""One scene opened and looked at before any of its pixels is used."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import ImageryError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.core.grid import Grid
from reetrace.core.raster import UNSEEN
from reetrace.engines.blocks import Block
from reetrace.engines.local.catalogue import Item, Layer
from reetrace.engines.local.doubts import Look, examine
from reetrace.engines.local.encoding import Encoding, to_stored
from reetrace.engines.local.marks import is_marked, is_marked_beneath
from reetrace.engines.local.source import (
    Placement,
    open_raster,
    place,
    read_clear,
    read_values,
    refuse_unplaced,
    unwarned,
)
from reetrace.engines.store import sha256_of

SIMULATED_TAG = "REETRACE_SIMULATED"

# A sample of up to nine squares of this edge, spread over the grid, decides whether a scene can
# be what it is said to be: 590,000 places, whatever the size of the scene.
_SQUARE = 256
_SQUARES = 3


@dataclass(frozen=True)
class Inspection:
    """What is known of a scene once it was looked at."""

    checksums: tuple[tuple[str, str], ...]
    """(band id, SHA-256 of its file), by band id."""
    resampling: str
    simulated: bool
    doubts: tuple[str, ...]
    overlaps: bool
    """False where the files do not reach the grid at all."""


def inspect_scene(item: Item, grid: Grid) -> Inspection:
    """Opens a scene's files and weighs a sample of them on a grid.

    Raises:
        ImageryError: It cannot be used; the message says why and what was found.
    """
    _refuse_statements(item)
    layers = [*(layer for _, layer in item.bands), *(layer for _, layer in item.quality)]
    placements, simulated = _open_all(item, layers, grid)
    checksums = _checksums(layers)
    resampling = "; ".join(sorted({each.resampling for each in placements.values()}))
    look, raw = _look(item, grid)
    measured = any(bool(here.any()) for here in look.measured.values())
    doubts = examine(look) if measured else ()
    if not item.quality:
        doubts = (*doubts, "no quality band: cloud and shadow in it were not taken out")
    if "tier T2" in item.processing:
        doubts = (*doubts, "tier 2: it may lie more than half a pixel off")
    return Inspection(
        checksums=checksums,
        resampling=resampling,
        simulated=item.simulated or simulated or _is_drawn(item, look, raw),
        doubts=doubts,
        overlaps=measured,
    )


def _checksums(layers: Sequence[Layer]) -> tuple[tuple[str, str], ...]:
    """(band id, SHA-256), by band id; each file is read once."""
    files = {path: sha256_of(path) for path in {layer.path for layer in layers}}
    for layer in layers:
        if layer.checksum and layer.checksum != files[layer.path]:
            raise ImageryError(
                f"{layer.path}: not the file that was registered: its SHA-256 begins with "
                f"{files[layer.path][:12]}, the item says {layer.checksum[:12]}. "
                "Restore the file, or remove the item and register it again."
            )
    return tuple(sorted((layer.name, files[layer.path]) for layer in layers))


def _refuse_statements(item: Item) -> None:
    if item.missing:
        raise ImageryError(
            f"{item.path}: {item.id} lacks {', '.join(item.missing)}. Fetch the missing bands, or "
            "register the files with `reetrace scenes add --bands`."
        )
    if any(f"{word} L1" in item.processing for word in ("correction", "level", "product")) or (
        "MSI1C" in item.processing
    ):
        raise ImageryError(
            f"{item.path}: {item.id} is a Level-1 product ({item.processing}), not surface "
            "reflectance. Fetch Level 2 of the same scene."
        )
    for _, layer in item.bands:
        if layer.encoding.fault:
            raise ImageryError(layer.encoding.fault)


def _open_all(item: Item, layers: list[Layer], grid: Grid) -> tuple[dict[str, Placement], bool]:
    """Where each layer lies, and whether a file says that it was drawn."""
    placements: dict[str, Placement] = {}
    shapes: dict[float, tuple[str, tuple[int, int]]] = {}
    sizes = {band.id: band.pixel_m for band in item.sensor.bands}
    simulated = False
    with unwarned():
        for layer in layers:
            with open_raster(layer) as dataset:
                refuse_unplaced(layer, dataset)
                _refuse_numbers(layer, dataset.dtypes[layer.index - 1], sizes)
                placements[layer.name] = place(dataset, grid)
                simulated = simulated or SIMULATED_TAG in dataset.tags()
                simulated = simulated or SIMULATED_NOTICE in dataset.tags().values()
                shape = (dataset.height, dataset.width)
            if layer.name in sizes:
                first = shapes.setdefault(sizes[layer.name], (layer.name, shape))
                if first[1] != shape:
                    raise ImageryError(
                        f"{layer.path}: {layer.name} has {shape[0]} × {shape[1]} pixels, "
                        f"{first[0]} of the same scene {first[1][0]} × {first[1][1]}. "
                        "Fetch the bands of one and the same scene."
                    )
    return placements, simulated


def _refuse_numbers(layer: Layer, dtype: str, bands: Mapping[str, float]) -> None:
    """Refuses kinds of number that neither reflectance nor flags can be."""
    if layer.name in bands and dtype in {"uint8", "int8"}:
        raise ImageryError(
            f"{layer.path}: band {layer.name} holds 8-bit digital numbers ({dtype}, 256 values), "
            "not surface reflectance. Fetch the Level-2 product of the scene."
        )
    if layer.name in bands and dtype.startswith("complex"):
        raise ImageryError(
            f"{layer.path}: band {layer.name} holds complex numbers ({dtype}), as radar does. "
            "Optical surface reflectance is needed."
        )
    if layer.name not in bands and not dtype.startswith(("uint", "int")):
        raise ImageryError(
            f"{layer.path}: quality band {layer.name} holds {dtype} numbers; whole numbers are "
            "needed. Fetch the provider's own file."
        )


def _look(item: Item, grid: Grid) -> tuple[Look, dict[str, NDArray[np.integer]]]:
    """The sample, and the integers of the files beneath it."""
    blocks = list(sample_blocks(grid))
    stored: dict[str, NDArray[np.uint16]] = {}
    measured: dict[str, NDArray[np.bool_]] = {}
    raw: dict[str, NDArray[np.integer]] = {}
    for role, layer in item.bands:
        values, present, encoding = _native(layer, grid, blocks)
        stored[role] = np.where(present, to_stored(values, encoding), UNSEEN).astype(np.uint16)
        measured[role] = present & _is_number(values, encoding)
        if np.issubdtype(values.dtype, np.integer):
            raw[role] = values[measured[role]]
    clear = np.ones(sum(block.rows * block.cols for block in blocks), dtype=np.bool_)
    for flags, layer in item.quality:
        reject = flags.rejected(item.roles)
        clear &= np.concatenate(
            [read_clear(layer, reject, grid, block).ravel() for block in blocks]
        )
    name = item.bands[0][1].path.name if len({layer.path for _, layer in item.bands}) == 1 else ""
    return Look(name or item.id, stored, measured, clear, item.sensor.family), raw


def _native(
    layer: Layer, grid: Grid, blocks: list[Block]
) -> tuple[NDArray[Any], NDArray[np.bool_], Encoding]:
    """The file's own numbers at the sample's places: of finer pixels, the upper left one."""
    with open_raster(layer) as dataset:
        placement = place(dataset, grid)
        step = max(placement.step, 1)
        pairs = [read_values(dataset, layer.index, placement, grid, block) for block in blocks]
        own = dataset.nodatavals[layer.index - 1]
    nodata = (*layer.encoding.nodata, *(() if own is None else (float(own),)))
    return (
        np.concatenate([values[::step, ::step].ravel() for values, _ in pairs]),
        np.concatenate([present[::step, ::step].ravel() for _, present in pairs]),
        Encoding(layer.encoding.scale, layer.encoding.offset, nodata, ""),
    )


def _is_number(values: NDArray[Any], encoding: Encoding) -> NDArray[np.bool_]:
    number = np.isfinite(values)
    for mark in encoding.nodata:
        if not math.isnan(mark):
            number &= values != mark
    return np.asarray(number)


def _is_drawn(item: Item, look: Look, raw: dict[str, NDArray[np.integer]]) -> bool:
    """Whether the values carry the mark of drawn imagery, as they are or beneath an encoding."""
    scale = item.bands[0][1].encoding.scale
    step = scale if len(raw) == len(item.bands) else 0.0
    return is_marked(raw) or is_marked_beneath(look.stored, step=step)


def sample_blocks(grid: Grid) -> Iterator[Block]:
    """Up to nine squares spread evenly over a grid, or the whole of a small one."""
    for row, rows in _spread(grid.rows):
        for col, cols in _spread(grid.cols):
            yield Block(row, col, rows, cols)


def _spread(length: int) -> list[tuple[int, int]]:
    if length <= _SQUARE * _SQUARES:
        return [(0, length)]
    gap = (length - _SQUARE) / (_SQUARES - 1)
    return [(round(gap * step), _SQUARE) for step in range(_SQUARES)]
