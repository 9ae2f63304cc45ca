"""The GeoJSON document of a new site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reetrace.core.geometry import geojson
from reetrace.core.site import Name, Repair, Status, Zone


@dataclass(frozen=True)
class Details:
    """What is said about a new site, apart from where it is."""

    names: tuple[Name, ...] = ()
    """Empty takes the id for a name."""
    aliases: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-3; empty takes those the borders give."""
    commodity: str = "rare earths"
    deposit_type: str = "unknown"
    mining_method: str = "unknown"
    status: Status = "unknown"
    epochs: tuple[int, ...] = (2005, 2010, 2015, 2020)
    season_months: tuple[int, ...] = ()
    legend: str = "mine"
    part_of: str | None = None
    note: str = ""
    source: str = ""
    date: str = "unknown"
    licence: str = "not stated"
    precision_m: float | None = None
    """None is the radius for a point, 100 m for an outline."""


def site_document(
    site_id: str, zones: Sequence[Zone], details: Details, repairs: Sequence[Repair]
) -> dict[str, Any]:
    """What is written for a site: its record, then its zones."""
    names = details.names or (Name(site_id, "en"),)
    record: dict[str, Any] = {
        "schema": "site-1",
        "id": site_id,
        "names": [{"text": name.text, "language": name.language} for name in names],
        "aliases": list(details.aliases),
        "countries": list(details.countries),
        "commodity": details.commodity,
        "deposit_type": details.deposit_type,
        "mining_method": details.mining_method,
        "status": details.status,
        "epochs": sorted(set(details.epochs)),
        "season_months": list(details.season_months),
        "legend": details.legend,
        "part_of": details.part_of,
        "note": details.note,
    }
    if repairs:
        record["repairs"] = [dict(_fields(repair)) for repair in repairs]
    return {
        "type": "FeatureCollection",
        "reetrace": record,
        "features": [_feature(zone) for zone in zones],
    }


def _fields(repair: Repair) -> Iterator[tuple[str, object]]:
    yield "zone_id", repair.zone_id
    yield "what", repair.what
    before = repair.area_before_m2
    yield "area_before_m2", None if before is None else round(before, 1)
    yield "area_after_m2", round(repair.area_after_m2, 1)


def _feature(zone: Zone) -> Mapping[str, Any]:
    properties: dict[str, Any] = {
        "id": zone.id,
        "role": zone.role,
        "name": zone.name,
        "source": zone.source,
        "date": zone.date,
        "licence": zone.licence,
        "precision_m": zone.precision_m,
        "approximate": zone.approximate,
    }
    if zone.edition:
        properties["edition"] = zone.edition
    return {"type": "Feature", "properties": properties, "geometry": geojson(zone.geometry)}
