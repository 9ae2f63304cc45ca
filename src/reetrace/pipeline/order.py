"""From what a user asked for to what was made: the library call behind the main commands."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import NoImagery
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.model import Knobs
from reetrace.imagery import DEFAULT_MIN_SEEN, parse_years
from reetrace.settings import Settings, cache_folder, load_settings

if TYPE_CHECKING:
    from reetrace.registry import Registry

Progress = Callable[[str, float], None]

DRAWN_SITE = "kachin-nujiang"
"""The study area that drawn imagery serves until real imagery covers it."""


@dataclass(frozen=True)
class Order:
    """What a user asked for, as the command line takes it."""

    site: str
    years: str
    registry: Path | None = None
    scenes: Path | None = None
    templates: Path | None = None
    out: Path | None = None
    engine: str = "local"
    trees: int = 50
    variables_per_split: int | None = None
    bag_fraction: float = 0.5
    min_leaf_population: int = 1
    max_nodes: int | None = None
    seed: int = 0
    min_seen: float = DEFAULT_MIN_SEEN
    min_observations: int | None = None

    @property
    def knobs(self) -> Knobs:
        """The forest's six knobs."""
        return Knobs(
            self.trees,
            self.variables_per_split,
            self.bag_fraction,
            self.min_leaf_population,
            self.max_nodes,
            self.seed,
        )

    @property
    def settings(self) -> Settings:
        """The folders in force."""
        return load_settings(
            registry=self.registry, scenes=self.scenes, templates=self.templates, reports=self.out
        )


@dataclass(frozen=True)
class Outcome:
    """What was made, and where it lies."""

    bag: Path
    evidence: Evidence
    documents: tuple[Path, ...]
    replaced: str = ""
    """Id of another run whose evidence lay there before; empty where none did."""

    @property
    def notice(self) -> str:
        """The notice that drawn imagery carries; empty for real imagery."""
        return SIMULATED_NOTICE if self.evidence.simulated else ""

    def lines(self) -> tuple[str, ...]:
        """For a terminal: where everything lies, and how to check it."""
        made = {"report.pdf": "PDF report", "tables.xlsx": "workbook"}
        gone = f"run {self.replaced}, whose evidence lay there; --out FOLDER keeps both"
        return (
            *(f"{made[path.name]:<11} {path}" for path in self.documents),
            f"{'evidence':<11} {self.bag}",
            f"{'check it':<11} cd {self.bag} && sha256sum -c manifest-sha256.txt",
            *((f"{'replaced':<11} {gone}",) if self.replaced else ()),
        )

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "bag": str(self.bag),
            "documents": {path.name: str(path) for path in self.documents},
            "site": self.evidence.site.id,
            "years": self.evidence.years,
            "run_id": self.evidence.run_id,
            "replaced": self.replaced,
            "simulated": self.evidence.simulated,
            "notice": self.notice,
            "warnings": list(self.evidence.warnings),
        }


def carry_out(order: Order, *, documents: bool, progress: Progress) -> Outcome:
    """Trace a site and, if asked, render the documents; the bag appears only when it is whole.

    Raises:
        ReetraceError: Whatever of the order, the registry, the imagery or the folders cannot be
            used; nothing half-written is left behind.
    """
    from reetrace.engines import open_engine
    from reetrace.pipeline.method import trace
    from reetrace.pipeline.plan import Choices
    from reetrace.registry import load_registry
    from reetrace.report import check_templates

    settings = order.settings
    if documents:
        # Before the work, not after it.
        check_templates(settings.templates)
    registry = load_registry(settings.registry)
    site = registry.site(order.site)
    years = parse_years(order.years, registry.study_area(site))
    cache = cache_folder(settings)
    world = _drawn_world(registry, order, settings, cache, progress)
    engine = open_engine(
        order.engine,
        catalogues=(settings.scenes,) if settings.scenes else (),
        work=cache / "work",
        drawn=world,
        progress=None,
    )
    return trace(
        site,
        years,
        registry=registry,
        engine=engine,
        reports=settings.reports,
        choices=Choices(
            knobs=order.knobs,
            min_seen=order.min_seen,
            min_observations=order.min_observations,
        ),
        world=world,
        documents=documents,
        templates=settings.templates,
        progress=progress,
    )


def _drawn_world(
    registry: Registry, order: Order, settings: Settings, cache: Path, progress: Progress
) -> Path | None:
    """The default drawn world, made on first use; None where it does not serve the site."""
    from reetrace.drawn import DEFAULT_SEED, draw_world, edition
    from reetrace.engines import open_engine

    study = registry.study_area(registry.site(order.site))
    if study.id != DRAWN_SITE:
        return None
    own = (settings.scenes,) if settings.scenes else ()
    engine = open_engine(order.engine, catalogues=own, work=cache / "work")
    if engine.covers(study):
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
        draw_world(DEFAULT_SEED, folder, progress=progress)
        # Its truth is for tests; what is not there cannot be read.
        shutil.rmtree(folder / "truth")
    return folder


def render_bag(bag: Path, *, templates: Path | None) -> Outcome:
    """The documents of an evidence folder made again from it alone, and the folder sealed anew.

    Raises:
        EvidenceError: The folder is not an evidence folder, or not whole.
    """
    from reetrace import evidence
    from reetrace.report import render

    with evidence.unseal(bag) as folder:
        found = evidence.load(folder)
        documents = render(found, folder / "data", templates=templates)
        evidence.seal(folder, found)
    return Outcome(bag, found, tuple(bag / "data" / path.name for path in documents))


def verify_bag(bag: Path) -> tuple[int, str]:
    """How many files of an evidence folder match their checksums, and the notice it carries.

    Raises:
        EvidenceError: Names the first file that is missing, changed or not listed.
    """
    from reetrace import evidence

    evidence.verify(bag)
    manifest = (bag / "manifest-sha256.txt").read_text(encoding="utf-8")
    return len(manifest.splitlines()), evidence.notice_of(bag)
