"""The rasters of the evidence folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace import evidence
from reetrace.core.engine import Engine
from reetrace.core.evidence import RasterRecord
from reetrace.core.raster import OBSERVATIONS, Composite, ndvi_feature
from reetrace.evidence.rasters import RasterKind
from reetrace.pipeline.counting import spans
from reetrace.pipeline.plan import Plan


@dataclass(frozen=True)
class _Layer:
    name: str
    title: str
    kind: RasterKind
    epochs: tuple[str, ...]
    pixels: NDArray[np.generic]
    bands: tuple[str, ...] = ()


def deposit_rasters(
    folder: Path,
    plan: Plan,
    engine: Engine[Any],
    composites: Mapping[str, Composite[Any]],
    codes: Mapping[str, NDArray[np.uint8]],
    *,
    simulated: bool,
) -> tuple[RasterRecord, ...]:
    """Write every composite, index, map and comparison under `folder/data/rasters`.

    Args:
        folder: The evidence folder being drafted.
        plan: Grid and legend.
        engine: Holds the composites.
        composites: By epoch, in the order of time.
        codes: Class codes by epoch, shape (rows, cols).
        simulated: Whether any of it comes from drawn imagery.
    """
    records = []
    for layer in _layers(plan, engine, composites, codes):
        path = f"rasters/{layer.name}.tif"
        sha256 = evidence.write_raster(
            folder / "data" / path,
            layer.pixels,
            plan.grid,
            kind=layer.kind,
            title=layer.title,
            simulated=simulated,
            band_names=layer.bands,
            legend=plan.legend if layer.kind == "landcover" else None,
        )
        records.append(RasterRecord(path, layer.title, layer.kind, layer.epochs, sha256))
    return tuple(records)


def _layers(
    plan: Plan,
    engine: Engine[Any],
    composites: Mapping[str, Composite[Any]],
    codes: Mapping[str, NDArray[np.uint8]],
) -> Iterator[_Layer]:
    for label, composite in composites.items():
        epoch = (label,)
        pixels = engine.read(composite, composite.bands)
        yield _Layer(
            f"{label}_composite",
            f"Median composite {label}, surface reflectance",
            "composite",
            epoch,
            pixels,
            composite.bands,
        )
        if {"red", "nir"} <= set(composite.bands):
            red, nir = (pixels[composite.bands.index(role)] for role in ("red", "nir"))
            title = f"Vegetation index (NDVI) {label}"
            yield _Layer(f"{label}_ndvi", title, "ndvi", epoch, ndvi_feature(red, nir))
        observations = engine.read(composite, (OBSERVATIONS,))[0]
        title = f"Clear observations {label}"
        yield _Layer(f"{label}_observations", title, "observations", epoch, observations)
        yield _Layer(f"{label}_landcover", f"Land cover {label}", "landcover", epoch, codes[label])
    for first, last in spans(tuple(codes)):
        yield _Layer(
            f"{first}-{last}_change",
            f"From–to change {first}–{last}",
            "change",
            (first, last),
            evidence.change_codes(codes[first], codes[last], plan.legend.target_code),
        )
