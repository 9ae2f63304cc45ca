"""Which images, grid and labels an order comes down to, before any pixel is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from reetrace import __version__, tables, zoning
from reetrace.core.engine import Engine
from reetrace.core.errors import LabelError, NoImagery, TooCloudy
from reetrace.core.grid import Grid, Lattice
from reetrace.core.landcover import Legend
from reetrace.core.model import Knobs
from reetrace.core.raster import Scene, SceneListing
from reetrace.core.samples import Labels, Purpose
from reetrace.core.sensor import Sensor
from reetrace.core.site import Epoch, Site, ZoneSet
from reetrace.imagery import DEFAULT_MIN_SEEN
from reetrace.registry import Registry

LANDSAT_PIXEL_M, SENTINEL_PIXEL_M = 30.0, 20.0

USUAL_MIN_OBSERVATIONS = 2
"""Two views, so that no pixel rests on a single one that a missed cloud may have spoilt."""


@dataclass(frozen=True)
class Choices:
    """What a user may set; the defaults are the method's."""

    knobs: Knobs = field(default_factory=Knobs)
    min_seen: float = DEFAULT_MIN_SEEN
    min_observations: int | None = None
    """None is two, or one where all images of an epoch are of a single pass."""
    trainer: str = "local"
    """`local`, or `earthengine` to have the forests grown there."""
    held_out_share: float = 0.3
    block_m: float = 300.0
    folds: int = 5


@dataclass(frozen=True)
class PlannedEpoch:
    """One epoch with the sensor that sees it."""

    year: int
    epoch: Epoch
    sensor: Sensor
    images: tuple[SceneListing, ...]
    """What its composite will start from, by date."""
    min_observations: int


@dataclass(frozen=True)
class Plan:
    """An order come down to epochs, a grid and a legend."""

    site: Site
    study: Site
    site_digests: tuple[str, ...]
    """Of the files of the study area and of every site that is part of it, in that order."""
    legend: Legend
    grid: Grid
    epochs: tuple[PlannedEpoch, ...]


def plan(
    site: Site,
    years: Sequence[int],
    *,
    registry: Registry,
    engine: Engine[Any],
    choices: Choices,
) -> Plan:
    """Choose sensor and grid for every year.

    Landsat is preferred; Sentinel-2 serves a year only where no Landsat image does. The grid has
    20 m pixels where Sentinel-2 serves every year and 30 m otherwise.

    Raises:
        NoImagery: A year has no image.
        TooCloudy: A year has fewer passes than the clear views asked for.
    """
    study = registry.study_area(site)
    epochs = tuple(_plan_epoch(study, year, engine, choices) for year in years)
    only_sentinel = all(each.sensor in tables.spectral_sensors() for each in epochs)
    grid = zoning.lay_grid(
        study,
        SENTINEL_PIXEL_M if only_sentinel else LANDSAT_PIXEL_M,
        shared_lattice([image.lattice for each in epochs for image in each.images]),
    )
    legend = tables.legend(study.legend, folder=_legend_folder(registry))
    digests = tuple(each.digest for each in (study, *registry.parts(study)))
    return Plan(site, study, digests, legend, grid, epochs)


def refuse_other_images(plan: Plan, pinned: Mapping[str, Collection[str]]) -> None:
    """Refuses a plan that does not start from exactly the images named.

    Args:
        plan: Its images, epoch by epoch.
        pinned: Label of an epoch to the ids of the images it was judged by.

    Raises:
        NoImagery: An epoch was not judged then, or one of its images is not there now.
    """
    for each in plan.epochs:
        label, wanted = each.epoch.label, pinned.get(each.epoch.label)
        if wanted is None:
            raise NoImagery(
                f"--scenes-from: {label} is not among the years of that evidence "
                f"({', '.join(pinned)}). Ask for these, or leave --scenes-from out."
            )
        missing = sorted(set(wanted) - {image.id for image in each.images})
        if missing:
            raise NoImagery(
                f"{label}: was judged by {len(wanted)} image(s) then, {len(missing)} of which are "
                f"not there now ({missing[0]}). Fetch them, or have `reetrace report` choose "
                "images anew, without --scenes-from."
            )


def _plan_epoch(study: Site, year: int, engine: Engine[Any], choices: Choices) -> PlannedEpoch:
    epoch = Epoch.of_year(year, study.season_months)
    flying = [each for each in tables.spectral_sensors() if int(each.service_first[:4]) <= year]
    preferred = (*tables.landsat_for_year(year), *flying)
    images = engine.scenes(study, epoch, preferred)
    seen_at_most = views(images)
    usual = min(USUAL_MIN_OBSERVATIONS, seen_at_most)
    if choices.min_observations is not None and choices.min_observations > seen_at_most:
        raise TooCloudy(
            f"{study.id} {epoch.label}: {seen_at_most} pass(es) of "
            f"{tables.sensor(images[0].sensor).title} are there, "
            f"--min-observations asks for {choices.min_observations} clear views of each pixel. "
            "Lower it, or choose another year."
        )
    return PlannedEpoch(
        year=year,
        epoch=epoch,
        sensor=tables.sensor(images[0].sensor),
        images=images,
        min_observations=choices.min_observations or usual,
    )


def views(images: Iterable[SceneListing | Scene]) -> int:
    """How often one place can have been seen: frames of one pass count once."""
    return len({(str(each.date), each.platform) for each in images})


def shared_lattice(lattices: Sequence[Lattice | None]) -> Lattice | None:
    """The lattice that all images lie on; None where they do not lie on one."""
    different = set(lattices)
    return different.pop() if len(different) == 1 else None


def _legend_folder(registry: Registry) -> Path | None:
    own = [folder for folder in registry.folders[:-1] if (folder / "legends.toml").is_file()]
    return own[0] if own else None


def find_labels(
    study: Site,
    year: int,
    purpose: Purpose,
    *,
    registry: Registry,
    simulated: bool,
    world: Path | None,
) -> Labels | None:
    """The labels of an epoch; those of the drawn world only for drawn imagery.

    Raises:
        LabelError: Drawn labels were put before real imagery.
    """
    found = registry.labels(study.id, year, purpose)
    if found is None and simulated and world is not None:
        found = Registry((world,)).labels(study.id, year, purpose)
    if found is not None and found.simulated and not simulated:
        raise LabelError(
            f"{found.source}: these labels were drawn, not interpreted, and the imagery of {year} "
            "is real. Label the real images, or remove this file."
        )
    return found


def run_id(
    plan: Plan,
    choices: Choices,
    zone_sets: Sequence[ZoneSet],
    labels: Sequence[Labels],
    scenes: Sequence[Scene],
) -> str:
    """First 16 hex digits of the SHA-256 over everything that decides the numbers."""
    content = {
        "reetrace": __version__,
        "site": plan.site.id,
        "sites": plan.site_digests,
        "legend": asdict(plan.legend),
        # A user's file of boundary editions orders and names the sets; the sites hold the outlines.
        "zones": [[each.id, each.title, [zone.id for zone in each.zones]] for each in zone_sets],
        "years": [each.year for each in plan.epochs],
        "choices": asdict(choices),
        "labels": sorted(each.digest for each in labels),
        "scenes": [[each.id, each.checksums] for each in scenes],
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
