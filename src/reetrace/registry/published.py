"""Figures that others published about sites of the registry, as data with their source.

Numbers are decimals as printed: `3.20` is known to two digits, `3.2` to one.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from reetrace.core.errors import RegistryError


@dataclass(frozen=True)
class PublishedArea:
    """The printed area of a class in a zone at an epoch."""

    zone: str
    """`all` for the whole study area, a country's ISO 3166-1 alpha-3 code, or a site id."""
    epoch: str
    landcover: str
    area_km2: Decimal
    where: str
    """Table, figure or section of the study."""


@dataclass(frozen=True)
class PublishedTransition:
    """A printed area that went from one class to another over the whole study area."""

    first: str
    last: str
    before: str
    after: str
    area_km2: Decimal
    where: str


@dataclass(frozen=True)
class PublishedChange:
    """A printed change of a class's area between two epochs; negative is a loss."""

    zone: str
    landcover: str
    first: str
    last: str
    value: Decimal
    unit: Literal["%", "km²"]
    """Per cent of the first area, or square kilometres."""
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
    users_percent: tuple[Decimal, ...]
    producers_percent: tuple[Decimal, ...]
    overall_percent: Decimal
    kappa: Decimal
    where: str

    @property
    def total(self) -> int:
        """All labels counted in the matrix."""
        return sum(map(sum, self.matrix))


@dataclass(frozen=True)
class PublishedMean:
    """A printed mean over all confusion matrices."""

    what: Literal["overall_percent", "kappa"]
    value: Decimal
    where: str


@dataclass(frozen=True)
class PublishedScene:
    """A printed image with its path and row in Landsat's WRS-2."""

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
    low_um: Decimal
    high_um: Decimal
    where: str


@dataclass(frozen=True)
class PublishedStudy:
    """One file of `published/`."""

    id: str
    title: str
    citation: str
    doi: str
    sites: tuple[str, ...]
    """Ids of the sites of the registry it speaks of."""
    longitude: Decimal
    latitude: Decimal
    """The place the study gives."""
    study_area_km2: Decimal
    labels: int
    """All labels, training and test together."""
    held_out_share: Decimal
    """Share of the labels (0-1) that the study says it kept for the test."""
    areas: tuple[PublishedArea, ...] = ()
    transitions: tuple[PublishedTransition, ...] = ()
    changes: tuple[PublishedChange, ...] = ()
    matrices: tuple[PublishedMatrix, ...] = ()
    means: tuple[PublishedMean, ...] = ()
    scenes: tuple[PublishedScene, ...] = ()
    bands: tuple[PublishedBand, ...] = ()
    digest: str = ""
    """SHA-256 of the file."""


def read_study(path: Path) -> PublishedStudy:
    """The study a file holds.

    Raises:
        RegistryError: The file is not TOML, or a field is missing, misspelt or of the wrong kind.
    """
    import msgspec

    content = path.read_bytes()
    try:
        document = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
        document["digest"] = hashlib.sha256(content).hexdigest()
        study = msgspec.convert(document, PublishedStudy)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise RegistryError(f"{path.name}: not valid TOML ({fault}). Mend it.") from fault
    except msgspec.ValidationError as fault:
        raise RegistryError(f"{path.name}: {fault}. See registry/README.md.") from fault
    for matrix in study.matrices:
        size = len(matrix.classes)
        lists = (*matrix.matrix, matrix.row_totals, matrix.column_totals)
        percents = (matrix.users_percent, matrix.producers_percent)
        if len(matrix.matrix) != size or {len(each) for each in (*lists, *percents)} != {size}:
            raise RegistryError(
                f"{path.name}: matrices: {matrix.epoch}: {size} classes need {size} rows of "
                f"{size} counts and {size} of each total and percentage."
            )
    return study
