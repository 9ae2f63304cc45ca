"""Tables of areas: by class, by border edition, of outlines, of what was not seen."""

from __future__ import annotations

import re
from itertools import product

from reetrace.core.evidence import Evidence
from reetrace.core.results import (
    Footprint,
    Measure,
    Observation,
    ZoneArea,
)
from reetrace.core.site import ZoneSet
from reetrace.core.table import Table
from reetrace.ledger.columns import Field, build, count, measured, number, share, text

_ZONE_SET = "Set of zones that are counted together; its rows add up to the study area."
_ZONE = (
    "Zone: a mine or a country's side by id, “all” for the whole study area, "
    "“none” and “several” for ground in no zone or in more than one."
)
_CLASS = "Land-cover class, or “not-seen” for ground without enough clear observations."


def areas(evidence: Evidence) -> Table:
    """Area of every class in every zone at every epoch, not-seen ground included."""
    fields: list[Field[ZoneArea]] = [
        text("zone_set", "Zone set", _ZONE_SET, lambda row: row.zone_set),
        text("zone", "Zone", _ZONE, lambda row: row.zone),
        text("epoch", "Epoch", "Span of dates judged as one moment.", lambda row: row.epoch),
        text("landcover", "Class", _CLASS, lambda row: row.landcover),
        count("pixels", "Pixels", "Pixels counted on the map.", lambda row: row.pixels),
        *measured(
            "mapped_area",
            "Mapped area",
            "km²",
            "Pixels times the area of a pixel on the ellipsoid; carries the map's errors.",
            lambda row: row.mapped,
            interval=False,
        ),
        *measured(
            "adjusted_area",
            "Error-adjusted area",
            "km²",
            "Area estimated from a probability sample, the map's errors taken out.",
            lambda row: row.adjusted,
        ),
        text(
            "adjusted_source",
            "Estimator",
            "Where the error-adjusted area comes from.",
            lambda row: row.adjusted.source,
        ),
    ]
    return build(
        "areas",
        "Areas by zone, epoch and class",
        "Mapped and error-adjusted areas. Ground that was not seen has its own rows.",
        fields,
        evidence.areas,
    )


def country_sets(evidence: Evidence) -> tuple[ZoneSet, ...]:
    """The zone sets that divide the study area by country, one a border edition."""
    return tuple(
        zone_set
        for zone_set in evidence.zone_sets
        if zone_set.zones and all(zone.role == "country" for zone in zone_set.zones)
    )


def borders(evidence: Evidence) -> Table:
    """Country areas under every border edition side by side."""
    sets = country_sets(evidence)
    mapped = {
        (row.zone_set, row.zone, row.epoch, row.landcover): row.mapped for row in evidence.areas
    }
    zones = [*dict.fromkeys(zone.id for zone_set in sets for zone in zone_set.zones)]
    rows = [
        (zone, epoch.label, landcover)
        for zone, epoch, landcover in product(
            [*zones, "none", "several"] if sets else [],
            evidence.epochs,
            ["not-seen", *evidence.legend.names],
        )
    ]
    absent = Measure(None, "km²", None, None, "", "this edition has no such zone")

    def under(edition: ZoneSet, row: tuple[str, str, str]) -> Measure:
        return mapped.get((edition.id, *row), absent)

    def spread(row: tuple[str, str, str]) -> float | None:
        values = [under(edition, row).value for edition in sets]
        known = [value for value in values if value is not None]
        return max(known) - min(known) if known and len(known) == len(sets) else None

    fields: list[Field[tuple[str, str, str]]] = [
        text("zone", "Zone", _ZONE, lambda row: row[0]),
        text("epoch", "Epoch", "Span of dates judged as one moment.", lambda row: row[1]),
        text("landcover", "Class", _CLASS, lambda row: row[2]),
    ]
    for edition in sets:
        slug = re.sub(r"[^a-z0-9]+", "_", (edition.edition or edition.id).lower())
        fields += measured(
            f"mapped_area_{slug}",
            f"Mapped area, {edition.edition or edition.id}",
            "km²",
            f"Mapped area under this border: {edition.title}.",
            lambda row, edition=edition: under(edition, row),  # type: ignore[misc]
            interval=False,
        )
    if len(sets) > 1:
        fields.append(
            number(
                "difference_km2",
                "Difference between editions (km²)",
                "Largest minus smallest of the areas in this row.",
                spread,
                blank="Difference: an edition lacks this zone",
            )
        )
    return build(
        "borders",
        "Country areas under each edition of the border",
        "How far the areas by country depend on the border they are counted with.",
        fields,
        rows,
    )


def observations(evidence: Evidence) -> Table:
    """How well every zone was seen at every epoch."""
    fields: list[Field[Observation]] = [
        text("zone_set", "Zone set", _ZONE_SET, lambda row: row.zone_set),
        text("zone", "Zone", _ZONE, lambda row: row.zone),
        text("epoch", "Epoch", "Span of dates judged as one moment.", lambda row: row.epoch),
        count("pixels", "Pixels", "Pixels of the zone.", lambda row: row.pixels),
        count("pixels_seen", "Pixels seen", "Seen clear often enough.", lambda row: row.seen),
        share("seen_share", "Share seen", "Seen pixels of all, 0-1.", lambda row: row.seen_share),
        *measured(
            "seen_area",
            "Area seen",
            "km²",
            "Area of the seen pixels.",
            lambda row: row.seen_area,
            interval=False,
        ),
        *measured(
            "unseen_area",
            "Area not seen",
            "km²",
            "Area of the pixels that were not seen: nothing is known of it.",
            lambda row: row.unseen_area,
            interval=False,
        ),
        number(
            "median_observations",
            "Clear observations (median)",
            "Median number of clear observations of a pixel.",
            lambda row: row.median_observations,
            decimals=1,
        ),
        count(
            "min_observations",
            "Clear observations needed",
            "Pixels seen clear less often than this count as not seen.",
            lambda row: row.min_observations,
        ),
    ]
    return build(
        "observations",
        "What was seen and what was not",
        "Ground without enough clear observations is not seen: never zero, never “not mine”.",
        fields,
        evidence.observations,
    )


def footprints(evidence: Evidence) -> Table:
    """Size of the target class's outline by zone and epoch."""
    fields: list[Field[Footprint]] = [
        text("zone_set", "Zone set", _ZONE_SET, lambda row: row.zone_set),
        text("zone", "Zone", _ZONE, lambda row: row.zone),
        text("epoch", "Epoch", "Span of dates judged as one moment.", lambda row: row.epoch),
        *measured(
            "mapped_area",
            "Mapped area",
            "km²",
            "Area inside the outline.",
            lambda row: row.area,
            interval=False,
        ),
        count("patches", "Patches", "Separate pieces of the outline.", lambda row: row.patches),
    ]
    return build(
        "footprints",
        f"Footprint of {evidence.legend.target}",
        "The outlines themselves lie in the folder “vectors”.",
        fields,
        evidence.footprints,
    )
