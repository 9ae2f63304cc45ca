"""The map of an evidence folder, as facts that a page is rendered from."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.reading import lookup
from reetrace.reading.rasters import Rasters
from reetrace.webmap import layers, outlines, places

_MOST_PIXELS = 1_000
"""Longest side of a picture: keeps the page of a large area to some megabytes."""


def map_facts(evidence: Evidence, data: Path) -> dict[str, Any]:
    """Everything the templates of a page with a map speak of.

    Args:
        evidence: As loaded from `data/evidence.json`.
        data: Holds the rasters that the evidence names.
    """
    rasters = Rasters(evidence, data, most_pixels=_MOST_PIXELS)
    epochs = layers.epoch_pictures(evidence, rasters)
    raster_layers = layers.raster_layers(evidence, epochs)
    shown_layers = [*raster_layers, *layers.outline_layers(evidence, epochs)]
    zones = outlines.zone_layers(evidence)
    grid = evidence.grid
    table = places.degrees_table(grid)
    return {
        "evidence": evidence,
        "years": evidence.years.replace("-", "–"),
        "notice": SIMULATED_NOTICE if evidence.simulated else "",
        "evidence_digest": _digest(data / "evidence.json"),
        "crs": f"WGS 84 / UTM zone {grid.epsg - 32600} north (EPSG:{grid.epsg})",
        "step": rasters.step,
        "places_error_m": table.error_m,
        "epochs": epochs,
        "layers": [*reversed(shown_layers[len(raster_layers) :]), *reversed(raster_layers)],
        "shown": [each.key for each in shown_layers if each.shown],
        "zone_layers": zones,
        "zone_sources": _sources(evidence),
        "extents": outlines.extents(evidence),
        "width_m": _plain(grid.cols * grid.pixel_m),
        "height_m": _plain(grid.rows * grid.pixel_m),
        "facts": _script_facts(evidence, table, zones, grid.pixel_m * rasters.step),
    }


def _script_facts(
    evidence: Evidence, table: places.Table, zones: list[outlines.ZoneLayer], pixel_m: float
) -> dict[str, Any]:
    """What the script is told: sizes in metres, words of values, zones with their bounds."""
    grid = evidence.grid
    return {
        "width": _plain(grid.cols * grid.pixel_m),
        "height": _plain(grid.rows * grid.pixel_m),
        "pixel": pixel_m,
        "epochs": [each.label for each in evidence.epochs],
        "places": asdict(table),
        "start": _start(evidence),
        "values": layers.values(evidence),
        "zones": [
            {
                "id": zone.id,
                "layer": layer.key,
                "name": zone.name,
                "told": zone.told,
                "bounds": zone.bounds,
                "whole": layer.whole,
            }
            for layer in zones
            for zone in layer.zones
        ],
    }


def _plain(length: float) -> float | int:
    return int(length) if length == int(length) else length


def _start(evidence: Evidence) -> tuple[float, float, float, float]:
    """What the map shows first: the site asked for, where it is a part of the area."""
    zone_set, zone = lookup.subject(evidence)
    for each in evidence.zone_sets:
        for candidate in each.zones:
            if each.id == zone_set and candidate.id == zone and candidate.geometry:
                return places.bounds_of(candidate.geometry, evidence.grid)
    grid = evidence.grid
    return 0.0, 0.0, grid.cols * grid.pixel_m, grid.rows * grid.pixel_m


def _sources(evidence: Evidence) -> list[dict[str, Any]]:
    """Every zone with where its outline comes from."""
    return [
        {
            "name": lookup.any_zone_title(evidence, zone.id)
            if not zone_set.id.startswith("countries")
            else f"{zone.name} side ({zone_set.edition or zone_set.title})",
            "source": zone.source,
            "licence": zone.licence,
            "approximate": zone.approximate,
        }
        for zone_set in evidence.zone_sets
        for zone in zone_set.zones
    ]


def _digest(path: Path) -> str:
    """SHA-256 of a file; empty where it is not there yet."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
