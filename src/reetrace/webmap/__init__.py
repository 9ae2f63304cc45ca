"""The evidence to look at: a map, and a companion to the report, each one file for a browser."""

from __future__ import annotations

from pathlib import Path

from reetrace.core.evidence import SIMULATED_NOTICE, Evidence

__all__ = ["companion", "page"]


def page(evidence: Evidence, data: Path) -> str:
    """The interactive map of an evidence folder as one HTML page that fetches nothing.

    Args:
        evidence: As loaded from `data/evidence.json`.
        data: Holds the rasters that the evidence names; `evidence.json`, if it is there, has its
            digest printed.

    Raises:
        EvidenceError: A raster is missing or is not what the evidence says.
    """
    from reetrace.webmap import rendering
    from reetrace.webmap.atlas import map_facts

    return rendering.rendered(
        "map.html.j2",
        style=_style(evidence),
        script=rendering.script_of("map.js", "beneath.js"),
        kind="map",
        page_class="map-page",
        skip_to="map",
        skip_words="Skip to the map",
        no_landcover=_no_landcover(evidence),
        **map_facts(evidence, data),
    )


def companion(evidence: Evidence, data: Path) -> str:
    """The companion to a report as one HTML page that fetches nothing.

    A summary in plain words, the map, charts with their intervals, the main tables, the doubts.

    Args:
        evidence: As loaded from `data/evidence.json`.
        data: As for `page`.

    Raises:
        EvidenceError: A raster is missing, or the numbers do not agree with one another.
        TemplateError: A sentence holds a word that no page may say.
    """
    from reetrace.webmap import rendering
    from reetrace.webmap.atlas import map_facts
    from reetrace.webmap.telling import companion_facts

    return rendering.rendered(
        "companion.html.j2",
        style=_style(evidence),
        script=rendering.script_of("map.js", "beneath.js", "charts.js"),
        kind="companion to the report",
        page_class="companion-page",
        skip_to="summary",
        skip_words="Skip to the summary",
        no_landcover=_no_landcover(evidence),
        **map_facts(evidence, data),
        **companion_facts(evidence),
    )


def _style(evidence: Evidence) -> str:
    """The style; on paper the notice of drawn imagery stands at the head of every page."""
    from reetrace.webmap import rendering

    style = rendering.part("style.css")
    if not evidence.simulated:
        return style
    head = f'content: "{SIMULATED_NOTICE}"; font: bold 10pt sans-serif; background: #ffd400'
    return f"{style}@page {{ @top-center {{ {head}; }} }}\n"


def _no_landcover(evidence: Evidence) -> str:
    if any(each.kind == "landcover" for each in evidence.rasters):
        return ""
    return (
        "This map shows imagery only: nothing was classified, as there are no training labels "
        "for these images yet. Label places on them, and land cover and footprints will be shown."
    )
