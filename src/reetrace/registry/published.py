"""Figures that others published about sites of the registry, as data with their source."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from reetrace.core.errors import RegistryError


@dataclass(frozen=True)
class PublishedArea:
    """The printed area of a class in a zone at an epoch."""

    zone: str
    """`all`, or a country's ISO 3166-1 alpha-3 code, or a site id."""
    epoch: str
    landcover: str
    area_km2: float
    where: str


@dataclass(frozen=True)
class PublishedTransition:
    """One printed cell of a from-to table."""

    first: str
    last: str
    before: str
    after: str
    area_km2: float
    where: str


@dataclass(frozen=True)
class PublishedMatrix:
    """A printed confusion matrix with what was read from it."""

    epoch: str
    classes: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]
    """Rows are the map, columns the reference."""
    row_totals: tuple[int, ...]
    column_totals: tuple[int, ...]
    users_percent: tuple[float, ...]
    producers_percent: tuple[float, ...]
    overall_percent: float
    kappa: float
    where: str


@dataclass(frozen=True)
class PublishedChange:
    """A printed change of a class's area between two epochs, in per cent or km²."""

    zone: str
    landcover: str
    first: str
    last: str
    value: float
    unit: str
    """`%` (of the first area; negative is a loss) or `km²`."""
    where: str


@dataclass(frozen=True)
class PublishedScene:
    """A printed image with its path and row."""

    sensor: str
    date: str
    path: int
    row: int
    where: str


@dataclass(frozen=True)
class PublishedBand:
    """The printed limits of a sensor's band."""

    sensor: str
    band: str
    title: str
    low_um: float
    high_um: float
    where: str


@dataclass(frozen=True)
class PublishedStudy:
    """One file of `published/`."""

    id: str
    title: str
    citation: str
    doi: str
    sites: tuple[str, ...]
    place: tuple[float, float]
    """(longitude, latitude) the study gives."""
    study_area_km2: float
    labels: int
    """All labels, training and test together."""
    held_out_share: float
    """Share of the labels the study says it kept for the test."""
    areas: tuple[PublishedArea, ...]
    transitions: tuple[PublishedTransition, ...]
    matrices: tuple[PublishedMatrix, ...]
    changes: tuple[PublishedChange, ...]
    scenes: tuple[PublishedScene, ...]
    bands: tuple[PublishedBand, ...]
    digest: str = ""


def read_study(path: Path) -> PublishedStudy:
    """The study a file holds.

    Raises:
        RegistryError: The file is not TOML, or a field is missing, unknown or of the wrong kind.
    """
    import msgspec

    content = path.read_bytes()
    try:
        document = tomllib.loads(content.decode("utf-8"))
        return msgspec.convert(
            {**document, "digest": hashlib.sha256(content).hexdigest()}, PublishedStudy
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise RegistryError(f"{path.name}: not valid TOML ({fault}).") from fault
    except msgspec.ValidationError as fault:
        raise RegistryError(f"{path.name}: {fault}.") from fault
