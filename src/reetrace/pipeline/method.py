"""The method, top to bottom: from a site and its years to a sealed evidence folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from reetrace import evidence
from reetrace.core.engine import Engine
from reetrace.core.site import Site
from reetrace.pipeline.assembly import Findings, assemble
from reetrace.pipeline.borders import further_borders
from reetrace.pipeline.counting import count, survey
from reetrace.pipeline.deposit import deposit_rasters
from reetrace.pipeline.inputs import deposit_inputs
from reetrace.pipeline.landcover import assess_epochs
from reetrace.pipeline.mapping import map_landcover
from reetrace.pipeline.observing import observe_all
from reetrace.pipeline.order import Outcome, signatures_of
from reetrace.pipeline.plan import Choices, plan, refuse_other_images
from reetrace.pipeline.screening import screen_zones
from reetrace.registry import Registry

Progress = Callable[[str, float], None]


def trace(
    site: Site,
    years: Sequence[int],
    *,
    registry: Registry,
    engine: Engine[Any],
    reports: Path,
    choices: Choices | None = None,
    world: Path | None = None,
    pinned: Mapping[str, Collection[str]] | None = None,
    boundaries: Sequence[str] = (),
    documents: bool = True,
    templates: Path | None = None,
    language: str = "en",
    progress: Progress | None = None,
) -> Outcome:
    """Judge a site at one or more years, and leave an evidence folder that can be checked.

    Args:
        site: A record of the registry; its study area is what is classified.
        years: Calendar years.
        registry: Finds zones, labels and published figures.
        engine: Finds, composes, classifies and counts images.
        reports: Folder in which the evidence folder is put.
        choices: Knobs of the forest and floors; the method's own if not given.
        world: Drawn world whose labels go with drawn imagery.
        pinned: Label of an epoch to the ids of the images it must start from; None leaves the
            choice to the engine.
        boundaries: Further editions of country borders, from the engine's own archive.
        documents: Whether to render the PDF and the workbook too.
        templates: A user's templates, layered over the shipped ones.
        language: Of the report.
        progress: Told what is being done and the share done, 0-1.

    Raises:
        ReetraceError: Something given cannot be used; nothing half-written is left behind.
    """
    follow = progress or (lambda _step, _share: None)
    choices = choices or Choices()

    follow("Looking for images", 0.0)
    planned = plan(site, sorted(set(years)), registry=registry, engine=engine, choices=choices)
    if pinned is not None:
        refuse_other_images(planned, pinned)
    ground = survey(planned, registry, further_borders(engine, planned.study, boundaries))

    mapped = map_landcover(planned, ground, engine, registry, choices, world, follow)
    composites, labelled, codes = mapped.composites, mapped.labelled, mapped.codes

    follow("Counting and comparing", 0.45)
    counted = count(planned, ground, engine, mapped.maps, labelled, codes)
    accuracies = assess_epochs(planned, labelled, mapped.families, codes, counted.panel, choices)
    observations = observe_all(planned, ground, engine, composites)

    follow("Screening at 740 nm", 0.5)
    screening = screen_zones(engine, planned, ground, list(codes.values()), seed=choices.knobs.seed)

    follow("Writing the evidence", 0.6)
    found = assemble(
        planned,
        ground,
        Findings(
            composites, labelled, mapped.families, accuracies, observations, counted, screening
        ),
        engine,
        registry,
        choices,
    )
    destination = reports / evidence.bag_name(found)
    earlier, signed = evidence.run_id_of(destination), signatures_of(destination)
    with evidence.draft(destination) as folder:
        rasters = deposit_rasters(
            folder, planned, engine, composites, codes, simulated=found.simulated
        )
        found = replace(found, rasters=rasters)
        evidence.save(
            found,
            folder,
            models=[each.model for each in mapped.families],
            labels=[labels for each in labelled.values() for labels in each.labels],
        )
        deposit_inputs(
            folder,
            planned,
            choices,
            registry,
            engine.name,
            boundaries=boundaries,
            world=world,
            simulated=found.simulated,
        )
        made: tuple[Path, ...] = ()
        if documents:
            from reetrace.pipeline.documents import make_documents

            follow("Setting the report", 0.7)
            made = make_documents(found, folder / "data", templates=templates, language=language)
        evidence.seal(folder, found)
    return Outcome(
        destination,
        found,
        tuple(destination / "data" / path.name for path in made),
        replaced=earlier if earlier != found.run_id else "",
        unsigned=signed,
    )
