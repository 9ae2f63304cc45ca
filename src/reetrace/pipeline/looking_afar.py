"""The map of a site whose pictures stay with the service that computed them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from reetrace.change.footprint import footprints
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.core.geometry import MultiPolygon, bounds, geojson
from reetrace.core.raster import UNSEEN, Composite
from reetrace.core.site import Site, ZoneSet
from reetrace.pipeline.counting import Ground, survey
from reetrace.pipeline.imagery_only import compose_all
from reetrace.pipeline.job import Job
from reetrace.pipeline.looking import View
from reetrace.pipeline.mapping import Mapped, map_landcover
from reetrace.pipeline.order import Progress
from reetrace.pipeline.plan import Plan
from reetrace.reading.stretch import FALSE_COLOUR, NATURAL, limits

if TYPE_CHECKING:
    from reetrace.engines.earthengine import EarthEngine
    from reetrace.engines.earthengine.webmap import Outlines, Tiles

_PICTURES: tuple[tuple[Literal["Natural colour", "False colour"], tuple[str, str, str]], ...] = (
    ("Natural colour", NATURAL),
    ("False colour", FALSE_COLOUR),
)

_LASTING = "its pictures are tiles from Earth Engine: they need the network and last some hours."


def look_afar(
    plan: Plan,
    job: Job,
    engine: EarthEngine,
    destination: Callable[[str, bool], Path],
    *,
    labelled: bool,
    notes: tuple[str, ...],
    progress: Progress,
) -> View:
    """The map with tiles from Earth Engine.

    Args:
        plan: What is shown.
        job: Registry and choices.
        engine: Composes and classifies.
        destination: Where a map of this name goes, drawn or not.
        labelled: Whether there are labels, and so land cover and footprints.
        notes: What whoever opens it has to know.
        progress: Told what is being done and the share done, 0-1.
    """
    from reetrace.engines.earthengine.cost import spent
    from reetrace.engines.earthengine.webmap import write_map

    ground = survey(plan, job.registry)
    mapped = None
    if labelled:
        choices = job.order.choices
        mapped = map_landcover(plan, ground, engine, job.registry, choices, None, progress)
    composites = mapped.composites if mapped else compose_all(plan, ground, engine, progress)
    progress("Asking for the tiles", 0.8)
    years = [each.epoch.label for each in plan.epochs]
    span = years[0] if len(years) == 1 else f"{years[0]}-{years[-1]}"
    drawn = any(each.simulated for each in composites.values())
    path = destination(f"{plan.site.id}_{span}_map.html", drawn)
    tiles = _tiles(plan, engine, composites, mapped)
    # All that the engine has to say of its answers, once the last of them was given.
    notes = (*notes, *engine.notes())
    write_map(
        path,
        engine.service,
        title=f"{plan.site.title}, {span.replace('-', '–')}",
        facts=_facts(plan, composites, notes),
        notice=SIMULATED_NOTICE if drawn else "",
        tiles=tiles,
        outlines=_outlines(plan, ground, mapped),
        bounds=bounds(plan.site.area_of_interest.geometry),
    )
    engine.read_spent()
    cost = spent(engine.usage)
    return View(path, plan.site.id, span, "", drawn, (*notes, _LASTING), cost)


def _tiles(
    plan: Plan,
    engine: EarthEngine,
    composites: Mapping[str, Composite[Any]],
    mapped: Mapped | None,
) -> list[Tiles]:
    """Every picture, kind by kind."""
    from reetrace.engines.earthengine.webmap import landcover, vegetation

    tiles = list(_pictures(engine, composites))
    tiles += [vegetation(each) for each in composites.values() if _has(each, ("red", "nir"))]
    if mapped:
        tiles += [landcover(each, plan.legend) for each in mapped.maps.values()]
    return tiles


def _has(composite: Composite[Any], roles: tuple[str, ...]) -> bool:
    return set(roles) <= set(composite.bands)


def _pictures(engine: EarthEngine, composites: Mapping[str, Composite[Any]]) -> Iterator[Tiles]:
    """Natural and false colour of every epoch, all epochs with one stretch."""
    from reetrace.engines.earthengine.webmap import picture

    for kind, roles in _PICTURES:
        shown = [each for each in composites.values() if _has(each, roles)]
        read = [engine.read(each, roles) for each in shown]
        stored = [np.where(each == UNSEEN, np.nan, each.astype(np.float64)) for each in read]
        stretch = [limits([each[band] for each in stored]) for band in range(len(roles))]
        for composite in shown:
            yield picture(composite, kind, roles, stretch)


def _facts(plan: Plan, composites: Mapping[str, Composite[Any]], notes: tuple[str, ...]) -> str:
    images = "; ".join(
        f"{label}: {_counted(len(each.scenes))} of {planned.sensor.title}"
        for planned, (label, each) in zip(plan.epochs, composites.items(), strict=True)
    )
    said = "".join(f" {each[0].upper()}{each[1:]}" for each in notes)
    return f"{images}. All years share one stretch of colours.{said}"


def _counted(images: int) -> str:
    return "1 image" if images == 1 else f"{images} images"


def _outlines(plan: Plan, ground: Ground, mapped: Mapped | None) -> list[Outlines]:
    from reetrace.engines.earthengine.webmap import Outlines
    from reetrace.webmap.colours import extent_colours

    made = []
    editions = 0
    for zone_set in ground.zone_sets:
        countries = zone_set.id.startswith("countries")
        title = zone_set.title or f"Border: {zone_set.edition}"
        features = tuple(_zones(zone_set, plan.study, countries=countries))
        shown = not countries or editions == 0
        editions += countries
        # Light, as these lines have no halo and lie on dark forest.
        colour, dashes = ("#ffb26b", "8 4") if countries else ("#ffffff", "4 3")
        made.append(Outlines(title, features, colour, dashes, shown))
    if mapped:
        target = next(each for each in plan.legend.classes if each.name == plan.legend.target)
        shades = extent_colours(len(mapped.codes))
        for shade, (label, codes) in zip(shades, mapped.codes.items(), strict=True):
            whole = [each for each in ground.zone_sets if each.id == "study-area"]
            found = footprints(
                codes, epoch=label, grid=plan.grid, legend=plan.legend, zone_sets=whole,
                zone_codes={},
            )  # fmt: skip
            name = f"Footprint of “{target.title}” {label}"
            features = tuple(_feature(each.geometry, name) for each in found if each.geometry)
            made.append(Outlines(name, features, shade, "", shown=label == max(mapped.codes)))
    return made


def _zones(zone_set: ZoneSet, study: Site, *, countries: bool) -> Iterator[dict[str, Any]]:
    """Zones; of countries what lies in the study area, as beyond it their ground was cut off."""
    from reetrace.zoning import from_shapely, to_shapely

    whole = to_shapely(study.area_of_interest.geometry)
    for zone in zone_set.zones:
        if countries:
            part = from_shapely(to_shapely(zone.geometry).intersection(whole))
            if part:
                edition = zone_set.edition or zone_set.title
                yield _feature(part, f"{zone.name} side ({edition})")
        else:
            yield _feature(zone.geometry, zone.name)


def _feature(area: MultiPolygon, name: str) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geojson(area), "properties": {"name": name}}
