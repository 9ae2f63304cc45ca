"""What the method finds: every number that may be printed is a `Measure`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reetrace.core.geometry import MultiPolygon


@dataclass(frozen=True)
class Measure:
    """A number with its unit, its 95 % interval and where it comes from.

    The only kind of number a report may print. A blank value or a blank interval has its reason.
    """

    value: float | None
    unit: str
    """`km²`, `ha`, `share` (0-1), `1` for a plain number, `pixels`, `%`."""
    low: float | None
    high: float | None
    source: str
    """The estimator or count it came from, in a few words."""
    reason: str = ""
    """Why there is no value or no interval; empty where both are given."""


Basis = Literal["held-out", "cross-validation", "probability-sample"]


@dataclass(frozen=True)
class Accuracy:
    """An error matrix with everything read from it, intervals included."""

    epoch: str
    basis: Basis
    method: str
    """How the intervals were made, in words."""
    classes: tuple[str, ...]
    matrix: tuple[tuple[float, ...], ...]
    """Rows are the map, columns the reference: counts, or shares of area where `area_weighted`."""
    counts: tuple[tuple[int, ...], ...]
    """The same matrix as plain counts of labels."""
    area_weighted: bool
    labels: int
    lost: int
    """Labels that could not be used because their pixel was not seen or lies outside."""
    overall: Measure
    users: tuple[Measure, ...]
    """By class, in the order of `classes`."""
    producers: tuple[Measure, ...]
    kappa: Measure
    quantity_disagreement: Measure
    allocation_disagreement: Measure


@dataclass(frozen=True)
class ZoneArea:
    """One class (or the not-seen ground) of one zone at one epoch."""

    zone_set: str
    zone: str
    """Zone id, or `none`, `several`, or `all` for the whole area of interest."""
    epoch: str
    landcover: str
    """Class name, or `not-seen`."""
    pixels: int
    mapped: Measure
    """km², counted; its interval is blank with the reason."""
    adjusted: Measure
    """km², error-adjusted with its interval; blank with the reason where labels allow none."""


@dataclass(frozen=True)
class Transition:
    """One cell of a from-to matrix."""

    before: str
    after: str
    pixels: int
    mapped: Measure
    adjusted: Measure


@dataclass(frozen=True)
class ChangeMatrix:
    """Where each class of the first epoch went by the last, in one zone."""

    zone_set: str
    zone: str
    first: str
    last: str
    cells: tuple[Transition, ...]
    """Every pair of classes, `not-seen` included, row by row."""
    gain: Measure
    """km² mapped that became the target class."""
    loss: Measure
    """km² mapped that left the target class."""
    net: Measure
    """km², error-adjusted net change of the target class with its interval."""


GrowthVerdict = Literal["grew", "shrank", "no-change-detectable", "cannot-tell"]


@dataclass(frozen=True)
class Growth:
    """Change of the target class's area between two epochs, absolute first."""

    zone_set: str
    zone: str
    first: str
    last: str
    mapped_first: Measure
    mapped_last: Measure
    change: Measure
    """km², error-adjusted where possible, with its interval."""
    percent: Measure
    """Per cent of the first area; blank with the reason where it means nothing."""
    verdict: GrowthVerdict
    detectable_km2: float | None
    """Smallest change the labels could have shown at 95 % (half the interval's width)."""


@dataclass(frozen=True)
class Footprint:
    """Outline of the target class at one epoch in one zone."""

    zone_set: str
    zone: str
    epoch: str
    area: Measure
    patches: int
    geometry: MultiPolygon
    """Longitude, latitude; pixel outlines, so that its area is the mapped area."""


PatchState = Literal["came", "went", "came-and-went", "intermittent"]


@dataclass(frozen=True)
class Patch:
    """A small patch of the target class that is not there at every epoch."""

    id: str
    longitude: float
    latitude: float
    largest: Measure
    """ha, at the epoch when it was largest."""
    state: PatchState
    first_seen: str
    last_seen: str
    appeared_between: tuple[str, str]
    """(last epoch without it, first epoch with it); the former empty where it was there from the
    first epoch."""
    gone_between: tuple[str, str]
    """(last epoch with it, first epoch without it); the latter empty where it is still there."""
    unseen_epochs: tuple[str, ...]
    """Epochs at which most of it was not seen."""
    zones: tuple[str, ...]


SpectralVerdict = Literal["SPECTRAL_ANOMALY", "NO_ANOMALY", "INCONCLUSIVE"]


@dataclass(frozen=True)
class BandValue:
    """Mean reflectance in one band."""

    role: str
    band: str
    centre_nm: float
    reflectance: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class SpectralDate:
    """The screening test on one image."""

    date: str
    scene: str
    sensor: str
    pit_pixels: int
    background_pixels: int
    masked: tuple[tuple[str, int], ...]
    """(reason, pixels) of pit pixels set aside: water, shadow, vegetation …"""
    depth: Measure
    """Depth that the strongest tenth of the pit pixels reaches."""
    background_depth: Measure
    """What like background would have shown: the depth less the excess."""
    excess: Measure
    """Pit minus matched background."""
    p_value: float | None
    """One-sided permutation test; None where it could not be run."""


@dataclass(frozen=True)
class SpectralCheck:
    """The 740 nm screening test for one zone: a screening, never a confirmation."""

    zone: str
    verdict: SpectralVerdict
    reasons: tuple[str, ...]
    """Why this verdict, in plain sentences."""
    dates: tuple[SpectralDate, ...]
    excess: Measure
    """Over all dates."""
    p_value: float | None
    detectable_fraction: Measure
    """Monazite share of the ground that the test would have shown with a power of 0.8."""
    pit_spectrum: tuple[BandValue, ...]
    background_spectrum: tuple[BandValue, ...]
    histogram_edges: tuple[float, ...]
    pit_histogram: tuple[int, ...]
    background_histogram: tuple[int, ...]


@dataclass(frozen=True)
class ReferenceSpectrum:
    """A mineral of the study's figure, resampled to the sensor."""

    name: str
    title: str
    source: str
    depth: float
    values: tuple[BandValue, ...]


@dataclass(frozen=True)
class Observation:
    """How well one zone was seen at one epoch."""

    zone_set: str
    zone: str
    epoch: str
    pixels: int
    seen: int
    seen_share: float
    seen_area: Measure
    unseen_area: Measure
    median_observations: float
    min_observations: int


@dataclass(frozen=True)
class PublishedComparison:
    """A published figure beside the computed one."""

    study: str
    what: str
    zone: str
    epochs: str
    published: Measure
    computed: Measure
    note: str = ""


@dataclass(frozen=True)
class ArithmeticFault:
    """A published figure that does not follow from the study's own numbers."""

    study: str
    where: str
    printed: str
    recomputed: str
    explanation: str
