"""An order held against settings, registry and earlier evidence, before any work is begun."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import EvidenceError, NoImagery, SettingError
from reetrace.core.evidence import Evidence
from reetrace.core.site import Site
from reetrace.imagery import parse_years
from reetrace.pipeline.order import DRAWN_SITE, Order, Progress
from reetrace.pipeline.writable import refuse_unwritable
from reetrace.settings import Settings, cache_folder, one_of

if TYPE_CHECKING:
    from reetrace.engines import Account
    from reetrace.registry import Registry

EDITIONS = ("restricted", "public")
BOUNDARIES = ("lsib", "geoboundaries")
"""Further editions of country borders, which Earth Engine holds."""


@dataclass(frozen=True)
class Job:
    """An order that was found to make sense, before any engine is opened."""

    order: Order
    settings: Settings
    registry: Registry
    site: Site
    years: tuple[int, ...]
    earlier: Evidence | None
    """The run whose images are to be used again."""

    @property
    def study(self) -> Site:
        """The study area that is classified."""
        return self.registry.study_area(self.site)

    @property
    def only(self) -> frozenset[str] | None:
        """Ids of the images that may be used; None is every one."""
        if self.earlier is None:
            return None
        pinned = (scene.id for epoch in self.earlier.epochs for scene in epoch.scenes)
        return frozenset({*pinned, *(scene.id for scene in self.earlier.spectral_scenes)})

    @property
    def pinned(self) -> Mapping[str, tuple[str, ...]] | None:
        """Label of each epoch to the ids of the images that it must start from."""
        if self.earlier is None:
            return None
        return {
            epoch.label: tuple(scene.id for scene in epoch.scenes) for epoch in self.earlier.epochs
        }


def prepare(order: Order, *, documents: bool) -> Job:
    """Everything about an order that can be looked at before the work, looked at.

    Raises:
        ReetraceError: Something of it cannot be used.
    """
    from reetrace.registry import load_registry

    settings = prepare_shared(order, documents=documents)
    registry = load_registry(settings.registry)
    site = registry.site(order.site)
    study = registry.study_area(site)
    years = parse_years(order.years, study)
    earlier = _earlier(order.scenes_from, study, years)
    return Job(order, settings, registry, site, years, earlier)


def prepare_shared(order: Order, *, documents: bool) -> Settings:
    """As much of it as does not depend on the site.

    Raises:
        ReetraceError: An option, a setting or a template cannot be used.
    """
    from reetrace.report import check_templates

    settings = order.settings
    refuse_misfits(order, settings)
    if documents:
        check_templates(settings.templates)
    return settings


def refuse_misfits(order: Order, settings: Settings) -> None:
    """Refuses what one engine has and the other has not.

    Raises:
        SettingError: An option needs Earth Engine, or evidence would be made from a stand-in.
    """
    one_of(order.edition, EDITIONS, "edition", "--edition")
    for each in order.boundaries:
        one_of(each, BOUNDARIES, "edition of borders", "--boundaries")
    if settings.engine == "earthengine":
        if order.scenes is not None:
            raise SettingError(
                "--scenes: Earth Engine has images of its own and does not see yours. Leave it "
                "out, or add --engine local."
            )
        _refuse_standin()
        return
    asked = {
        "--trainer earthengine": settings.trainer == "earthengine",
        "--boundaries": bool(order.boundaries),
        "--project": order.project is not None,
        "--key": order.key is not None,
        "--concurrency": order.concurrency is not None,
    }
    for option, given in asked.items():
        if given:
            raise SettingError(
                f"{option}: is for Earth Engine, and the engine is {settings.engine}. Add "
                "--engine earthengine, or leave it out."
            )


def _refuse_standin() -> None:
    from reetrace.engines.earthengine.address import ADDRESS_VARIABLE, address_of, is_googles

    if not is_googles(address_of(None)) and "PYTEST_CURRENT_TEST" not in os.environ:
        raise SettingError(
            f"{ADDRESS_VARIABLE}: names a service that stands in for Google's, and evidence is "
            "made from Google's alone. Unset it."
        )


def account_of(settings: Settings) -> Account:
    """Who asks Earth Engine."""
    from reetrace.engines import Account

    return Account(settings.project, settings.key, settings.concurrency)


def open_for(job: Job, world: Path | None, progress: Progress) -> Any:  # noqa: ANN401 - pixels are private to an engine
    """The engine of a job, which tells what it is doing."""
    from reetrace.engines import open_engine

    settings = job.settings
    return open_engine(
        settings.engine,
        catalogues=(settings.scenes,) if settings.scenes else (),
        work=cache_folder(settings) / "work",
        drawn=world,
        # On this machine the method's own steps follow each other fast enough.
        progress=progress if settings.engine == "earthengine" else None,
        only=job.only,
        account=account_of(settings),
    )


def _earlier(bag: Path | None, study: Site, years: Sequence[int]) -> Evidence | None:
    """The evidence of an earlier run: whole, of the same place, and of every year asked for."""
    from reetrace import evidence

    if bag is None:
        return None
    try:
        evidence.verify(bag)
        earlier = evidence.load(bag)
    except EvidenceError as fault:
        raise EvidenceError(f"--scenes-from: {fault}") from fault
    if earlier.study_area.id != study.id:
        raise SettingError(
            f"--scenes-from: {bag} is evidence on {earlier.study_area.id}, and {study.id} is asked "
            "for. Name evidence on the same study area, or leave it out."
        )
    judged = [each.label for each in earlier.epochs]
    missing = [str(year) for year in years if str(year) not in judged]
    if missing:
        raise SettingError(
            f"--scenes-from: {bag} is evidence on {', '.join(judged)}, and {missing[0]} is asked "
            "for. Ask for these years, or leave it out."
        )
    return earlier


def drawn_world(job: Job, progress: Progress) -> Path | None:
    """The default drawn world, made on first use; None where it does not serve the site."""
    from reetrace.drawn import DEFAULT_SEED, draw_world, edition
    from reetrace.engines import open_engine

    settings = job.settings
    if settings.engine != "local" or job.study.id != DRAWN_SITE:
        return None
    cache = cache_folder(settings)
    own = (settings.scenes,) if settings.scenes else ()
    engine = open_engine("local", catalogues=own, work=cache / "work")
    if engine.covers(job.study):
        return None
    if own and not engine.registered():
        # Whoever names a folder of real images must not be handed drawn ones for a slip.
        raise NoImagery(
            f"{settings.scenes}: holds no scene of a sensor known here. Register some with "
            "`reetrace scenes add`, name another folder with --scenes, or leave it out (and remove "
            "the folder, if it is ./scenes) for the drawn demonstration."
        )
    folder = cache / f"drawn-{edition()}-{DEFAULT_SEED}"
    if not (folder / "catalog.json").is_file():
        refuse_unwritable(cache, "name another cache with REETRACE_CACHE")
        draw_world(DEFAULT_SEED, folder, progress=progress)
        # Its truth is for tests; what is not there cannot be read.
        shutil.rmtree(folder / "truth")
    return folder
