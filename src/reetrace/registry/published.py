"""Figures that others published about sites of the registry, as data with their source.

Numbers are decimals as printed: `3.20` is known to two digits, `3.2` to one.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from reetrace.core.errors import RegistryError
from reetrace.registry.texts import is_one_line

# Larger than any area, count or percentage of a mine that could be printed.
_LARGEST = 10**12


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
    """One file of `published/`. What a study does not say is left out and not checked."""

    id: str
    title: str
    citation: str
    doi: str = ""
    sites: tuple[str, ...] = ()
    """Ids of the sites of the registry it speaks of."""
    longitude: Decimal | None = None
    latitude: Decimal | None = None
    """The place the study gives; scenes are held against it."""
    study_area_km2: Decimal | None = None
    labels: int | None = None
    """All labels, training and test together."""
    held_out_share: Decimal | None = None
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

    try:
        content = path.read_bytes()
        document = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
        document["digest"] = hashlib.sha256(content).hexdigest()
        study = msgspec.convert(document, PublishedStudy)
        _refuse_misspelt(document, path)
        _refuse_unprintable(document, path)
    except OSError as fault:
        raise RegistryError(f"{path}: cannot be read ({fault.strerror}).") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise RegistryError(f"{path.name}: not valid TOML ({fault}). Mend it.") from fault
    except msgspec.ValidationError as fault:
        raise RegistryError(f"{path.name}: {fault}. See registry/README.md.") from fault
    if study.held_out_share is not None and not 0 <= study.held_out_share <= 1:
        raise RegistryError(
            f"{path.name}: held_out_share is {study.held_out_share}; a share from 0 to 1 is needed."
        )
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


def _refuse_misspelt(document: Mapping[str, Any], path: Path) -> None:
    """A field that nobody knows would silently not be checked."""
    _only_known(document, PublishedStudy, f"{path.name}: ")
    for name, kind in get_type_hints(PublishedStudy).items():
        row = get_args(kind)[0] if get_args(kind) else None
        if isinstance(row, type) and is_dataclass(row):
            for number, each in enumerate(document.get(name, ()), start=1):
                _only_known(each, row, f"{path.name}: {name} {number}: ")


def _only_known(members: Mapping[str, Any], kind: type, where: str) -> None:
    known = [field.name for field in fields(kind)]
    for name in members:
        if name not in known:
            raise RegistryError(f"{where}{name}: no such field. Known: {', '.join(known)}.")


def _refuse_unprintable(value: object, path: Path) -> None:
    """TOML knows `nan`, `inf`, `1e400` and line breaks in a text; no table prints them."""
    if isinstance(value, Decimal) and not (value.is_finite() and abs(value) < _LARGEST):
        raise RegistryError(f"{path.name}: {value} is no printed number. Leave the figure out.")
    if isinstance(value, str) and not is_one_line(value):
        raise RegistryError(f"{path.name}: {value!r} runs over a line; text on one is needed.")
    members = value.values() if isinstance(value, Mapping) else value
    if isinstance(members, Iterable) and not isinstance(members, str):
        for each in members:
            _refuse_unprintable(each, path)
