"""Where it is and what was looked at: place, border, images, views."""

from __future__ import annotations

from functools import partial
from typing import Any

from reetrace.core.evidence import EpochRecord
from reetrace.core.landcover import OUTSIDE
from reetrace.core.site import Zone
from reetrace.reading import lookup, numerals, stretch
from reetrace.reading.language import quote, say, say_number, titles
from reetrace.report import told_maps
from reetrace.report.figures import imagery
from reetrace.report.figures.plate import Elastic
from reetrace.report.sections.boundary import editions, precision
from reetrace.report.sections.job import TEXT_MM, Job
from reetrace.report.template import Section


def place(job: Job, section: Section) -> list[Any]:
    """Site, outlines, and the border under every edition."""
    made = job.opening(section, "Where, and whose border")
    made += _outlines(job) + _notes(job) + editions(job)
    return made


def _outlines(job: Job) -> list[Any]:
    evidence = job.evidence
    zones: list[tuple[str, Zone]] = [
        (say("Area of interest"), evidence.study_area.area_of_interest)
    ]
    for zone_set in evidence.zone_sets:
        if zone_set.id == "mines":
            zones += [(say("Mine zone"), zone) for zone in zone_set.zones]
    rows = [
        [
            what,
            quote(zone.name),
            quote(zone.source),
            zone.date,
            precision(zone.precision_m),
            say("placed, not surveyed") if zone.approximate else say("as its source gives it"),
        ]
        for what, zone in zones
    ]
    rows += [
        [
            say("Repair"),
            repair.zone_id,
            quote(repair.what),
            "",
            "",
            _repair_areas(repair.area_before_m2, repair.area_after_m2),
        ]
        for repair in evidence.study_area.repairs
    ]
    return job.press.table(
        say("Outlines used, and where they come from."),
        titles("Role", "Name", "Source", "Date", "Precision", "Standing"),
        rows,
        (24, 30, 59, 18, 17, 22),
        align=("left", "left", "left", "left", "right"),
        names=(1, 2),
    )


def _notes(job: Job) -> list[Any]:
    """Doubts about the place, in the registry's own words."""
    sites = dict.fromkeys((job.evidence.site, job.evidence.study_area))
    rows = [
        [quote(site.title), quote(" ".join(site.note.split()))]
        for site in sites
        if site.note.strip()
    ]
    if not rows:
        return []
    return job.press.table(
        say("What the registry notes about the place."),
        titles("Site", "Note"),
        rows,
        (40, 130),
        align=("left", "left"),
        names=(0, 1),
    )


def _repair_areas(before_m2: float | None, after_m2: float) -> str:
    before = say("no area") if before_m2 is None else numerals.value_of_m2(before_m2)
    after = numerals.value_of_m2(after_m2)
    return say("{before} before, {after} after", before=before, after=after)


def images(job: Job, section: Section) -> list[Any]:
    """Pictures of every epoch, the scenes behind them, and what could not be seen."""
    made = job.opening(section, "Which images, and what could not be seen")
    rasters, press = job.rasters, job.press
    epochs = [each.label for each in job.evidence.epochs]
    if all(rasters.has_bands(epoch, *stretch.NATURAL) for epoch in epochs):
        natural = partial(imagery.composites, rasters, stretch.NATURAL, width_mm=TEXT_MM)
        told = told_maps.composites(job.evidence, "natural")
        caption = _stretch_caption(say("Natural colour (red, green, blue)"))
        made.append(press.figure(Elastic(natural, "most_mm", 150, 150, 120), caption, told))
    else:
        made.append(press.text(say("Natural colour: not run, a band is missing.")))
    if all(rasters.has_bands(epoch, *stretch.FALSE_COLOUR) for epoch in epochs):
        colours = partial(imagery.composites, rasters, stretch.FALSE_COLOUR, width_mm=TEXT_MM)
        picture = Elastic(colours, "most_mm", 122, 150, 96)
        caption = _stretch_caption(say("Near-infrared false colour (near infrared, red, green)"))
        told = told_maps.composites(job.evidence, "false")
        caption = f"{caption} {say('Plants show red, bare ground cyan to white.')}"
        made.append(press.figure(picture, caption, told))
        index = partial(imagery.vegetation, rasters, width_mm=TEXT_MM)
        made.append(
            press.figure(
                Elastic(index, "most_mm", 122, 150, 96),
                say(
                    "Vegetation index NDVI, (near infrared − red) / (near infrared + red), of the "
                    "median picture of each epoch. Dark is dense green cover, pale is bare or wet."
                ),
                told_maps.vegetation(rasters),
            )
        )
    else:
        made.append(press.text(say("False colour and NDVI: not run, a band is missing.")))
    return made + _scenes(job) + _views(job)


def _stretch_caption(what: str) -> str:
    low, high = stretch.STRETCH_PERCENT
    return say(
        "{picture}: the median of the clear observations of each epoch. One stretch for all epochs "
        "({low} to {high} % of all seen pixels), so that tones can be compared.",
        picture=what,
        low=f"{low:g}",
        high=f"{high:g}",
    )


def _scenes(job: Job) -> list[Any]:
    rows = [
        [
            epoch.label,
            scene.date,
            scene.id,
            scene.processing or say("not stated"),
            numerals.share(scene.clear_share),
            say("; ").join(_scene_notes(scene.resampling, scene.warnings)) or say("none"),
        ]
        for epoch in job.evidence.epochs
        for scene in epoch.scenes
    ]
    return job.press.table(
        say("Scenes used, by date. {sensors}", sensors=_sensors(job.evidence.epochs)),
        titles("Epoch", "Date", "Scene", "Processing", "Clear", "Notes"),
        rows,
        (14, 18, 66, 29, 14, 29),
        align=("left", "left", "left", "left", "right"),
        names=(2, 3),
        fold=(3, 5),
    )


def _scene_notes(resampling: str, warnings: tuple[str, ...]) -> list[str]:
    moved = [] if resampling in {"", "none"} else [say("resampled ({how})", how=quote(resampling))]
    return [*moved, *(quote(each) for each in warnings)]


def _sensors(epochs: tuple[EpochRecord, ...]) -> str:
    by_sensor: dict[str, list[str]] = {}
    for each in epochs:
        by_sensor.setdefault(each.sensor_title, []).append(each.label)
    parts = [f"{sensor}: {', '.join(labels)}" for sensor, labels in by_sensor.items()]
    return say(
        "Sensors – {sensors}. Clear is the share of the area seen in that scene.",
        sensors=say("; ").join(parts),
    )


def _views(job: Job) -> list[Any]:
    evidence, press = job.evidence, job.press
    made: list[Any] = [press.heading(say("What could not be seen"), 1)]
    rows = [
        [
            lookup.zone_title(evidence, zone_set, zone),
            each.epoch,
            numerals.value(each.seen_area),
            numerals.value(each.unseen_area),
            numerals.share(1 - each.seen_share),
            numerals.number(each.median_observations, 0),
        ]
        for zone_set, zone in lookup.subjects(evidence)
        if zone_set in {"study-area", "mines"}
        for each in lookup.observations(evidence, zone_set, zone)
    ]
    floor = evidence.epochs[0].min_observations
    made += press.table(
        say_number(
            "Ground seen and not seen. A pixel counts as seen when it was clear at least {count} "
            "time in the epoch.",
            "Ground seen and not seen. A pixel counts as seen when it was clear at least {count} "
            "times in the epoch.",
            floor,
            count=floor,
        ),
        titles("Zone", "Epoch", "Seen", "Not seen", "Share not seen", "Median clear views"),
        rows,
        (52, 18, 27, 27, 24, 22),
        align=("left", "left", "right", "right", "right", "right"),
        names=(0,),
    )
    if _differ(job):
        often = partial(imagery.clear_views, job.rasters, width_mm=TEXT_MM)
        caption = say("How often each pixel was seen clear in each epoch.")
        picture = Elastic(often, "most_mm", 112, 150, 98)
        made.append(press.figure(picture, caption, told_maps.clear_views(evidence)))
    return made


def _differ(job: Job) -> bool:
    """Whether some ground was seen more than once: a map of single views would be one colour."""
    labels = [each.label for each in job.evidence.epochs]
    if not all(job.rasters.has(each, "observations") for each in labels):
        return False
    return any(
        bool((job.rasters.observations(each)[job.rasters.landcover(each) != OUTSIDE] > 1).any())
        for each in labels
    )
