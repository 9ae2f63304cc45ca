"""One site a GeoJSON file: read into a `Site` with every complaint, written the same each time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import RegistryError
from reetrace.core.geometry import MultiPolygon
from reetrace.core.site import Name, Repair, Site, Zone
from reetrace.registry.outlines import outline_faults, reach_fault
from reetrace.registry.reading import endless, parse_json
from reetrace.shipped import shipped

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

SCHEMA_FILE = "site.schema.json"


def read_site(path: Path) -> Site:
    """The site a file describes.

    Raises:
        RegistryError: With the first fault of the file.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise RegistryError(
            f"{path}: cannot be read ({fault.strerror}). Mend it or remove it."
        ) from fault
    faults = list(_faults(path, content))
    if faults:
        more = f" ({len(faults) - 1} more: `reetrace sites check`)" if len(faults) > 1 else ""
        raise RegistryError(faults[0] + more)
    return site_of(parse_json(content), hashlib.sha256(content).hexdigest())


def site_faults(path: Path) -> tuple[str, ...]:
    """One line for each thing in the file that is not as it must be: file, field, value, need."""
    try:
        return tuple(_faults(path, path.read_bytes()))
    except OSError as fault:
        return (f"{path.name}: cannot be read ({fault.strerror}).",)


def document_faults(document: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The same for a document that is about to be written as a file of this name."""
    return tuple(_document_faults(document, name))


def _faults(path: Path, content: bytes) -> Iterator[str]:
    try:
        document = parse_json(content)
    except ValueError as fault:
        yield f"{path.name}: not valid JSON ({fault}). A GeoJSON FeatureCollection is needed."
        return
    yield from _document_faults(document, path.name)


def _document_faults(document: Any, name: str) -> Iterator[str]:  # noqa: ANN401 - parsed JSON
    broken = sorted(_validator().iter_errors(document), key=_place)
    yield from (f"{name}: {_said(fault)}" for fault in broken)
    if broken:
        return
    record, features = document["reetrace"], document["features"]
    numbers = [*endless(record, "reetrace")]
    for position, feature in enumerate(features):
        numbers.extend(endless(feature["properties"], f"features.{position}.properties"))
    yield from (f"{name}: {field}: {value}; needed: a finite number" for field, value in numbers)
    if f"{record['id']}.geojson" != name:
        yield f"{name}: id is {record['id']!r}; the file must be called {record['id']}.geojson."
    areas = [each for each in features if each["properties"]["role"] == "area-of-interest"]
    if len(areas) != 1:
        yield f"{name}: {len(areas)} features have the role area-of-interest; exactly 1 is needed."
    seen: set[tuple[str, str, str]] = set()
    for feature in features:
        properties = feature["properties"]
        key = (properties["role"], properties["id"], properties.get("edition") or "")
        zone = f"{name}: zone {properties['id']!r}"
        if key in seen:
            yield f"{zone}: the id stands twice in one role and edition; each needs its own."
        seen.add(key)
        if properties["role"] == "country" and not properties.get("edition"):
            yield f"{zone}: edition is empty; a country needs the boundary edition it is drawn by."
        outline = _polygons(feature["geometry"])
        found = tuple(outline_faults(outline))
        if not found and properties["role"] == "area-of-interest":
            found = tuple(filter(None, [reach_fault(outline)]))
        yield from (f"{zone}: {fault}" for fault in found)


def _place(fault: ValidationError) -> list[str]:
    return [str(step) for step in fault.absolute_path]


def _said(fault: ValidationError) -> str:
    """A schema's complaint with field, value, and the need in the schema's own words."""
    field = ".".join(_place(fault)) or "file"
    description = fault.schema.get("description") if isinstance(fault.schema, Mapping) else None
    if fault.validator == "required":
        return f"{field}: {fault.message}; needed: {description}"
    if fault.validator == "additionalProperties":
        return f"{field}: {fault.message}; needed: only the fields of site.schema.json"
    value = json.dumps(fault.instance, ensure_ascii=False)
    value = value if len(value) <= 60 else value[:57] + "…"  # noqa: PLR2004 - one readable line
    return f"{field}: {value}; needed: {description or fault.message}"


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    schema = json.loads((shipped("registry") / SCHEMA_FILE).read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


def site_of(document: Mapping[str, Any], digest: str = "") -> Site:
    """The site a sound document describes."""
    record = document["reetrace"]
    zones = tuple(_zone(feature) for feature in document["features"])
    return Site(
        id=record["id"],
        names=tuple(Name(each["text"], each["language"]) for each in record["names"]),
        aliases=tuple(record["aliases"]),
        countries=tuple(record["countries"]),
        commodity=record["commodity"],
        deposit_type=record["deposit_type"],
        mining_method=record["mining_method"],
        status=record["status"],
        epochs=tuple(sorted(record["epochs"])),
        season_months=tuple(record["season_months"]),
        legend=record["legend"],
        part_of=record["part_of"],
        zones=tuple(sorted(zones, key=lambda zone: (zone.role, zone.edition, zone.id))),
        note=record["note"],
        digest=digest,
        repairs=tuple(Repair(**each) for each in record.get("repairs", ())),
        restricted=tuple(record.get("restricted", ())),
    )


def _zone(feature: Mapping[str, Any]) -> Zone:
    properties = feature["properties"]
    return Zone(
        id=properties["id"],
        role=properties["role"],
        name=properties["name"],
        geometry=_polygons(feature["geometry"]),
        source=properties["source"],
        date=properties["date"],
        licence=properties["licence"],
        precision_m=float(properties["precision_m"]),
        approximate=bool(properties.get("approximate")),
        edition=properties.get("edition") or "",
    )


def _polygons(geometry: Mapping[str, Any]) -> MultiPolygon:
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return tuple(
        tuple(
            tuple((float(position[0]), float(position[1])) for position in ring) for ring in rings
        )
        for rings in polygons
    )


def format_document(document: Mapping[str, Any]) -> str:
    """The text of a GeoJSON document: the record spread out, each feature on a line of its own."""
    head = {key: value for key, value in document.items() if key != "features"}
    text = json.dumps(head, ensure_ascii=False, indent=2)
    features = ",\n    ".join(
        json.dumps(feature, ensure_ascii=False) for feature in document["features"]
    )
    return f'{text[:-2]},\n  "features": [\n    {features}\n  ]\n}}\n'
