"""Everything that may be said, with where it comes from: the narrow waist before any report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reetrace.core.grid import Grid
from reetrace.core.landcover import Legend
from reetrace.core.model import Knobs
from reetrace.core.raster import Scene
from reetrace.core.results import (
    Accuracy,
    ArithmeticFault,
    ChangeMatrix,
    Footprint,
    Growth,
    Observation,
    Patch,
    PublishedComparison,
    ReferenceSpectrum,
    SpectralCheck,
    ZoneArea,
)
from reetrace.core.site import Site, ZoneSet

SCHEMA_VERSION = "1.0"

SIMULATED_NOTICE = "SIMULATED IMAGERY – NOT EVIDENCE"
"""Stands on everything made from drawn imagery; nothing can switch it off."""


@dataclass(frozen=True)
class EpochRecord:
    """One epoch as it was judged."""

    label: str
    first: str
    last: str
    months: tuple[int, ...]
    sensor: str
    sensor_title: str
    bands: tuple[str, ...]
    scenes: tuple[Scene, ...]
    min_observations: int


@dataclass(frozen=True)
class LabelRecord:
    """One label file as it was used."""

    epoch: str
    purpose: str
    design: str
    source: str
    digest: str
    points: int
    by_class: tuple[tuple[str, int], ...]
    strata: tuple[tuple[str, float, int], ...]
    """(stratum, area in m², points)."""
    interpreters: tuple[str, ...]
    image_sources: tuple[str, ...]
    simulated: bool


@dataclass(frozen=True)
class ModelRecord:
    """One fitted forest; the trees lie in `model.json`."""

    sensor_family: str
    epochs: tuple[str, ...]
    features: tuple[str, ...]
    knobs: Knobs
    digest: str
    training_points: int
    held_out_points: int
    block_m: float


@dataclass(frozen=True)
class RasterRecord:
    """One raster of the evidence folder."""

    path: str
    """Relative to `data/`."""
    title: str
    kind: Literal["composite", "ndvi", "landcover", "change", "observations"]
    epochs: tuple[str, ...]
    sha256: str


@dataclass(frozen=True)
class SoftwareRecord:
    """One package whose version can change a number."""

    name: str
    version: str


@dataclass(frozen=True)
class Publication:
    """Of which evidence a public edition is one, and what it withholds."""

    of_manifest: str
    """SHA-256 of `tagmanifest-sha256.txt` of the restricted edition: it fixes every file there."""
    coarse_degrees: float
    """Every place was moved, by one and the same shift, so that the study area's middle lies in
    the middle of a cell of this size."""
    withheld: tuple[str, ...]
    """In words."""


@dataclass(frozen=True)
class Evidence:
    """One run. Serialisable; holds no pixels (rasters lie beside it)."""

    schema_version: str
    reetrace_version: str
    run_id: str
    """First 16 hex digits of the SHA-256 over the inputs: site files, scenes, labels, knobs."""
    simulated: bool
    engine: str
    site: Site
    """The site asked for."""
    study_area: Site
    """The site whose area of interest was classified; the same as `site` where it stands alone."""
    years: str
    """As asked for, e.g. `2005-2020`."""
    issue_date: str
    """Date of the latest image used: documents are dated by their evidence, not by the clock."""
    grid: Grid
    legend: Legend
    zone_sets: tuple[ZoneSet, ...]
    epochs: tuple[EpochRecord, ...]
    labels: tuple[LabelRecord, ...]
    models: tuple[ModelRecord, ...]
    observations: tuple[Observation, ...]
    areas: tuple[ZoneArea, ...]
    accuracies: tuple[Accuracy, ...]
    changes: tuple[ChangeMatrix, ...]
    """Each consecutive pair, then first-last; empty for a single epoch."""
    growth: tuple[Growth, ...]
    footprints: tuple[Footprint, ...]
    patches: tuple[Patch, ...]
    spectral: tuple[SpectralCheck, ...]
    """One a zone screened; empty where it was not run."""
    spectral_not_run: str
    """Why the screening was not run; empty where it was."""
    reference_spectra: tuple[ReferenceSpectrum, ...]
    published: tuple[PublishedComparison, ...]
    faults: tuple[ArithmeticFault, ...]
    warnings: tuple[str, ...]
    """Every weaker method used and every doubt about an input, in plain sentences."""
    rasters: tuple[RasterRecord, ...]
    software: tuple[SoftwareRecord, ...]
    spectral_scenes: tuple[Scene, ...] = ()
    """Sentinel-2 images of the screening, by date."""
    publication: Publication | None = None
    """None for the restricted edition, which withholds nothing."""
