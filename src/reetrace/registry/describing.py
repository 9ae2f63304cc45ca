"""Sites in words and as plain values, for people and for scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from reetrace.core.results import ArithmeticFault
from reetrace.core.site import Repair, Site
from reetrace.registry.catalogue import Registry
from reetrace.registry.labels import load_labels
from reetrace.registry.outlines import area_m2, middle
from reetrace.registry.published import PublishedStudy

_COLUMNS = ("id", "name", "countries", "status", "km²", "epochs", "part of")


def overview(registry: Registry) -> str:
    """A table of every site, one line each."""
    rows = [_COLUMNS, *(_row(site) for site in registry.sites)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    if registry.overridden:
        lines.append(f"Your files stand for the shipped ones of: {', '.join(registry.overridden)}.")
    return "\n".join(lines)


def _row(site: Site) -> tuple[str, ...]:
    return (
        site.id,
        site.title,
        ",".join(site.countries),
        site.status,
        f"{area_m2(site.area_of_interest.geometry) / 1e6:.1f}",
        ",".join(str(year) for year in site.epochs),
        site.part_of or "",
    )


def site_summary(site: Site, registry: Registry) -> dict[str, Any]:
    """One site in few fields."""
    longitude, latitude = middle(site.area_of_interest.geometry)
    return {
        "id": site.id,
        "title": site.title,
        "aliases": list(site.aliases),
        "countries": list(site.countries),
        "commodity": site.commodity,
        "status": site.status,
        "epochs": list(site.epochs),
        "part_of": site.part_of,
        "longitude": round(longitude, 6),
        "latitude": round(latitude, 6),
        "area_km2": round(area_m2(site.area_of_interest.geometry) / 1e6, 4),
        "overridden": site.id in registry.overridden,
    }


def site_record(site: Site, registry: Registry) -> dict[str, Any]:
    """Everything that is known of a site, outlines left to its file."""
    record = asdict(site)
    record["zones"] = [
        {
            **{key: value for key, value in asdict(zone).items() if key != "geometry"},
            "area_km2": round(area_m2(zone.geometry) / 1e6, 4),
        }
        for zone in site.zones
    ]
    sets = registry.zone_sets(registry.study_area(site))
    return {
        **site_summary(site, registry),
        **record,
        "zone_sets": {each.id: [zone.id for zone in each.zones] for each in sets},
        "labels": [
            {
                "file": path.name,
                "epoch": (labels := load_labels(path)).epoch,
                "purpose": labels.purpose,
                "design": labels.design,
                "points": len(labels.points),
                "simulated": labels.simulated,
            }
            for path in registry.label_files(registry.study_area(site).id)
        ],
        "published": [study.id for study in registry.published(site.id)],
    }


def portrait(site: Site, registry: Registry) -> str:
    """A site in some twenty lines."""
    return "\n".join(_portrait(site, registry))


def _portrait(site: Site, registry: Registry) -> Iterator[str]:
    longitude, latitude = middle(site.area_of_interest.geometry)
    yield f"{site.id}: {site.title}"
    if site.id in registry.overridden:
        yield "  your file stands for the shipped one"
    for name in site.names:
        yield f"  name ({name.language}): {name.text}"
    if site.aliases:
        yield f"  aliases: {', '.join(site.aliases)}"
    where = ", ".join(site.countries) or "no country"
    yield f"  at longitude {longitude:z.4f}, latitude {latitude:z.4f} in {where}"
    yield f"  commodity: {site.commodity}; deposit: {site.deposit_type}"
    yield f"  mining method: {site.mining_method}; status: {site.status}"
    months = ", ".join(str(month) for month in site.season_months) or "all"
    epochs = ", ".join(map(str, site.epochs)) or "none"
    yield f"  epochs: {epochs}; months of clear imagery: {months}"
    yield f"  legend: {site.legend}"
    if site.part_of:
        yield f"  classified as part of {site.part_of}"
    yield "  zones:"
    for zone in site.zones:
        edition = f" [{zone.edition}]" if zone.edition else ""
        about = "approximate, " if zone.approximate else ""
        yield (
            f"    {zone.role} {zone.id}{edition}: {area_m2(zone.geometry) / 1e6:,.2f} km², "
            f"{about}within {zone.precision_m:g} m"
        )
        yield f"      {zone.source} ({zone.date}; {zone.licence})"
    for repair in site.repairs:
        yield f"  repaired {repair.zone_id}: {told(repair)}"
    for path in registry.label_files(registry.study_area(site).id):
        labels = load_labels(path)
        drawn = ", SIMULATED" if labels.simulated else ""
        about = f"{labels.purpose}, {labels.design}{drawn}"
        yield f"  labels {labels.epoch}: {len(labels.points)} ({about})"
    for study in registry.published(site.id):
        yield f"  published: {study.citation}, doi:{study.doi}"
    if site.note:
        yield f"  note: {site.note}"
    yield f"  file digest: {site.digest}"


def told(repair: Repair) -> str:
    """A repair in words, with the area before and after."""
    before = repair.area_before_m2
    after = f"{repair.area_after_m2 / 1e6:,.4f} km²"
    areas = after if before is None else f"from {before / 1e6:,.4f} to {after}"
    return f"{repair.what}; {areas}"


def claim_record(study: PublishedStudy, faults: Sequence[ArithmeticFault]) -> dict[str, Any]:
    """What was found in a published study, as plain values."""
    return {
        "study": study.id,
        "citation": study.citation,
        "doi": study.doi,
        "faults": [asdict(fault) for fault in faults],
    }


def claim_lines(
    found: Sequence[tuple[PublishedStudy, Sequence[ArithmeticFault]]],
) -> Iterator[str]:
    """What was found in published studies, in words."""
    for study, faults in found:
        yield f"{study.id}: {study.citation}"
        for fault in faults:
            yield f"  {fault.where}: printed {fault.printed}, recomputed {fault.recomputed}"
            yield f"    {fault.explanation}"
        yield f"  {len(faults)} figures do not follow from the study's own numbers."
    if not found:
        yield "No published figures are recorded for this site."
