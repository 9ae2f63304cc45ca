"""`labels.geojson`: every label that was used, from all label files, in one collection."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.core.samples import Design, Label, Labels, Purpose, Stratum
from reetrace.evidence.document import from_json
from reetrace.evidence.vectors import collection

SCHEMA = "labels-bag-1"


@dataclass(frozen=True)
class _File:
    """One label file as it was read, without its points."""

    site: str
    epoch: str
    purpose: Purpose
    design: Design
    strata: tuple[Stratum, ...]
    source: str
    digest: str
    simulated: bool
    further: dict[str, Any]
    """Members of the file that reetrace does not know."""


@dataclass(frozen=True)
class _Header:
    schema: Literal["labels-bag-1"]
    files: tuple[_File, ...]


@dataclass(frozen=True)
class _Point:
    coordinates: tuple[float, float]


@dataclass(frozen=True)
class _Properties:
    file: int
    id: str
    landcover: str
    interpreter: str
    image_source: str
    image_date: str
    confidence: str
    stratum: str
    further: dict[str, Any]
    """Properties of the point that reetrace does not know."""


@dataclass(frozen=True)
class _Feature:
    geometry: _Point
    properties: _Properties


@dataclass(frozen=True)
class _Collection:
    reetrace: _Header
    features: tuple[_Feature, ...]


def encode_labels(labels: Sequence[Labels], *, simulated: bool) -> bytes:
    """All labels as one GeoJSON collection; each point says which file it is from."""
    header = _Header(
        schema="labels-bag-1",
        files=tuple(
            _File(
                each.site,
                each.epoch,
                each.purpose,
                each.design,
                each.strata,
                each.source,
                each.digest,
                each.simulated,
                _read(each.extra),
            )
            for each in labels
        ),
    )
    features = [
        _feature(position, each, point, simulated=simulated)
        for position, each in enumerate(labels)
        for point in each.points
    ]
    return collection(features, simulated=simulated, reetrace=header)


def _feature(file: int, labels: Labels, point: Label, *, simulated: bool) -> dict[str, Any]:
    notice = {"notice": SIMULATED_NOTICE} if simulated else {}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [point.longitude, point.latitude]},
        "properties": {
            **notice,
            "file": file,
            "epoch": labels.epoch,
            "purpose": labels.purpose,
            "id": point.id,
            "landcover": point.landcover,
            "interpreter": point.interpreter,
            "image_source": point.image_source,
            "image_date": point.image_date,
            "confidence": point.confidence,
            "stratum": point.stratum,
            "further": _read(point.extra),
        },
    }


def decode_labels(content: bytes, name: str) -> tuple[Labels, ...]:
    """The label files of a bag, points and all.

    Raises:
        EvidenceError: Not of the shape it must have.
    """
    found = from_json(content, _Collection, name)
    points: list[list[Label]] = [[] for _ in found.reetrace.files]
    for feature in found.features:
        said = feature.properties
        if not 0 <= said.file < len(points):
            raise EvidenceError(
                f"{name}: point {said.id!r} is from file {said.file}: no such file."
            )
        longitude, latitude = feature.geometry.coordinates
        points[said.file].append(
            Label(
                said.id,
                longitude,
                latitude,
                said.landcover,
                said.interpreter,
                said.image_source,
                said.image_date,
                said.confidence,
                said.stratum,
                _told(said.further),
            )
        )
    return tuple(
        Labels(
            file.site,
            file.epoch,
            file.purpose,
            file.design,
            file.strata,
            tuple(of_file),
            file.source,
            file.digest,
            file.simulated,
            _told(file.further),
        )
        for file, of_file in zip(found.reetrace.files, points, strict=True)
    )


def _read(extra: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {name: json.loads(text) for name, text in extra}


def _told(further: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name, json.dumps(value, ensure_ascii=False)) for name, value in further.items())
