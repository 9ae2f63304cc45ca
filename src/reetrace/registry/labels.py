"""Label files: points with the class an interpreter saw, one site, one epoch, one design."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from reetrace.core.errors import LabelError, OutputError
from reetrace.core.samples import Design, Label, Labels, Purpose, Stratum
from reetrace.registry.keeping import write_all
from reetrace.registry.outlines import place_fault
from reetrace.registry.reading import parse_json
from reetrace.registry.site_file import format_document
from reetrace.registry.texts import is_one_line

SCHEMA = "labels-1"

# Of a value that is refused, so that the line stays one that can be read.
_SHOWN = 80

_WRITTEN = ("id", "landcover", "interpreter", "image_source", "image_date")
_OPTIONAL = ("confidence", "stratum")
_RECORD = ("schema", "site", "epoch", "purpose", "design", "strata", "simulated")


def load_labels(path: Path) -> Labels:
    """The labels in a file.

    Raises:
        LabelError: With the first thing in the file that is not as it must be.
    """
    try:
        content = path.read_bytes()
        document = parse_json(content)
    except OSError as fault:
        raise LabelError(f"{path.name}: cannot be read ({fault.strerror}).") from fault
    except ValueError as fault:
        raise LabelError(f"{path.name}: not valid JSON ({fault}). GeoJSON is needed.") from fault
    return labels_of(document, path.name, hashlib.sha256(content).hexdigest())


def labels_of(document: Mapping[str, Any], name: str, digest: str) -> Labels:
    """The labels in a GeoJSON document that came, or will go, under this file name."""
    fault = next(document_faults(document), None)
    if fault:
        raise LabelError(f"{name}: {fault}")
    record = document["reetrace"]
    points = [_label(feature) for feature in document["features"]]
    return Labels(
        site=record["site"],
        epoch=str(record["epoch"]),
        purpose=record["purpose"],
        design=record["design"],
        strata=tuple(
            Stratum(each["id"], float(each["area_m2"]), each.get("title", ""))
            for each in record.get("strata", ())
        ),
        points=tuple(sorted(points, key=lambda label: label.id)),
        source=name,
        digest=digest,
        simulated=bool(record.get("simulated", False)),
        extra=_further(record, _RECORD),
    )


def document_faults(document: Any) -> Iterator[str]:  # noqa: ANN401 - parsed JSON
    """Each thing in a label document that is not as it must be: field, value, need."""
    record = document.get("reetrace") if isinstance(document, Mapping) else None
    if not isinstance(record, Mapping) or not isinstance(document.get("features"), list):
        yield "a FeatureCollection with a member `reetrace` and a list of features is needed."
        return
    yield from _record_faults(record)
    strata = record.get("strata", [])
    stratum_ids = [str(each.get("id")) for each in strata if isinstance(each, Mapping)]
    seen: set[str] = set()
    for position, feature in enumerate(document["features"]):
        where = f"feature {position}"
        properties = feature.get("properties") if isinstance(feature, Mapping) else None
        if not isinstance(properties, Mapping):
            yield f"{where}: has no properties; id, landcover, interpreter … are needed."
            continue
        where = f"point {properties.get('id', position)!r}"
        yield from (f"{where}: {fault}" for fault in _point_faults(feature, properties))
        name = str(properties.get("id"))
        if name in seen:
            yield f"{where}: the id stands twice; each point needs its own."
        seen.add(name)
        stratum = str(properties.get("stratum") or "")
        if record.get("design") == "stratified" and stratum not in stratum_ids:
            yield f"{where}: stratum is {stratum!r}; one of the file's strata is needed."


def _record_faults(record: Mapping[str, Any]) -> Iterator[str]:
    if record.get("schema") != SCHEMA:
        yield f"reetrace.schema is {record.get('schema')!r}; {SCHEMA!r} is needed."
    for field in ("site", "epoch"):
        if not _said(record.get(field)):
            yield f"reetrace.{field} is {_short(record.get(field))}; text on one line is needed."
    if record.get("purpose") not in get_args(Purpose):
        yield f"reetrace.purpose is {record.get('purpose')!r}; needed: {_either(Purpose)}."
    if record.get("design") not in get_args(Design):
        yield f"reetrace.design is {record.get('design')!r}; needed: {_either(Design)}."
    if record.get("purpose") == "probability-sample" and record.get("design") == "purposive":
        yield "reetrace.design is 'purposive'; a probability sample is random or stratified."
    yield from _strata_faults(record.get("strata", []), record.get("design"))


def _strata_faults(strata: object, design: object) -> Iterator[str]:
    if not isinstance(strata, list):
        yield "reetrace.strata: a list of strata with id and area_m2 is needed."
        return
    for each in strata:
        if (
            not isinstance(each, Mapping)
            or not _said(each.get("id"))
            or not _positive(each.get("area_m2"))
        ):
            yield f"reetrace.strata: {each!r}; each needs an id and area_m2 above 0."
    ids = [str(each.get("id")) for each in strata if isinstance(each, Mapping)]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"reetrace.strata: {twice!r} stands twice; each needs its own id."
    if design == "stratified" and not strata:
        yield "reetrace.strata is empty; a stratified design needs its strata and their areas."


def _point_faults(feature: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[str]:
    geometry = feature.get("geometry")
    place = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    if not isinstance(geometry, Mapping) or geometry.get("type") != "Point":
        yield "is not a Point; labels are points (import polygons with `reetrace labels import`)."
    elif not isinstance(place, list) or len(place) < 2 or not all(map(_number, place[:2])):  # noqa: PLR2004 - longitude, latitude
        yield f"coordinates are {place!r}; longitude, latitude are needed."
    else:
        fault = place_fault(iter([(float(place[0]), float(place[1]))]))
        if fault:
            yield fault
    for field in _WRITTEN:
        if not _said(properties.get(field)):
            written = properties.get(field)
            how = f"is {_short(written)}" if written else "is missing"
            yield f"{field} {how}; text on one line is needed."
    for field in _OPTIONAL:
        if properties.get(field) is not None and not _blank_or_said(properties[field]):
            yield f"{field} is {_short(properties[field])}; text on one line is needed."


def _short(value: object) -> str:
    said = repr(value)
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}… ({len(said)} letters)"


def _said(value: object) -> bool:
    """Whether something is written there on one line: text, or a number."""
    return _blank_or_said(value) and bool(str(value).strip())


def _blank_or_said(value: object) -> bool:
    return isinstance(value, str | int | float) and is_one_line(str(value))


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _positive(value: object) -> bool:
    return _number(value) and 0.0 < float(str(value)) < float("inf")


def _either(kind: object) -> str:
    return ", ".join(get_args(kind))


def _label(feature: Mapping[str, Any]) -> Label:
    longitude, latitude = feature["geometry"]["coordinates"][:2]
    properties = feature["properties"]
    texts = {field: str(properties[field]) for field in _WRITTEN}
    texts |= {field: str(properties.get(field) or "") for field in _OPTIONAL}
    extra = _further(properties, (*_WRITTEN, *_OPTIONAL))
    return Label(longitude=float(longitude), latitude=float(latitude), extra=extra, **texts)


def _further(members: Mapping[str, Any], known: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """(name, JSON text) of the members not known here, by name."""
    return tuple(
        (name, json.dumps(members[name], ensure_ascii=False, sort_keys=True))
        for name in sorted(members)
        if name not in known
    )


def save_labels(labels: Labels, path: Path) -> None:
    """Write labels; the same labels are the same bytes, further properties included.

    Raises:
        OutputError: The file cannot be written; what was there before is left as it was.
    """
    try:
        write_all({path: format_document(labels_document(labels))})
    except OSError as fault:
        raise OutputError(
            f"{path}: labels could not be written ({fault.strerror or fault}). Choose another "
            "folder with --registry."
        ) from fault


def labels_document(labels: Labels) -> dict[str, Any]:
    """The GeoJSON document of labels, points by id."""
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "site": labels.site,
        "epoch": labels.epoch,
        "purpose": labels.purpose,
        "design": labels.design,
        "strata": [
            {"id": each.id, "area_m2": each.area_m2, "title": each.title} for each in labels.strata
        ],
    }
    if labels.simulated:
        record["simulated"] = True
    record |= {name: json.loads(text) for name, text in labels.extra}
    points = sorted(labels.points, key=lambda label: label.id)
    return {
        "type": "FeatureCollection",
        "reetrace": record,
        "features": [_feature(label) for label in points],
    }


def _feature(label: Label) -> dict[str, Any]:
    properties: dict[str, Any] = {name: getattr(label, name) for name in (*_WRITTEN, *_OPTIONAL)}
    properties |= {name: json.loads(text) for name, text in label.extra}
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [label.longitude, label.latitude]},
    }


def check_labels(path: Path, *, classes: Sequence[str] = (), site: str = "") -> tuple[str, ...]:
    """One line for each thing in a label file that is not as it must be.

    Args:
        path: The file.
        classes: Names of the site's legend; empty does not look.
        site: Id of the site whose folder the file lies in; empty does not look.
    """
    return tuple(_file_faults(path, classes, site))


def _file_faults(path: Path, classes: Sequence[str], site: str) -> Iterator[str]:
    name = f"{path.parent.name}/{path.name}"
    try:
        document = parse_json(path.read_bytes())
    except (OSError, ValueError) as fault:
        yield f"{name}: cannot be read ({fault})."
        return
    found = [f"{name}: {fault}" for fault in document_faults(document)]
    yield from found
    if found:
        return
    if site and document["reetrace"]["site"] != site:
        yield (
            f"{name}: reetrace.site: {document['reetrace']['site']!r}; needed: {site!r}, as its "
            "folder."
        )
    for feature in document["features"] if classes else ():
        label = _label(feature)
        if label.landcover not in classes:
            yield (
                f"{name}: point {label.id!r}: landcover is {label.landcover!r}; needed: one of "
                f"{', '.join(classes)}."
            )
