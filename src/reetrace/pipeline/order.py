"""From what a user asked for to what was made: the library call behind the main commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.model import Knobs
from reetrace.imagery import DEFAULT_MIN_SEEN
from reetrace.settings import ENGLISH, Settings, load_settings

if TYPE_CHECKING:
    from reetrace.pipeline.plan import Choices

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
    lang: str | None = None
    """Language of the report; None takes what the settings say."""
    out: Path | None = None
    engine: str | None = None
    """None takes what the settings say."""
    project: str | None = None
    key: Path | None = None
    concurrency: int | None = None
    scenes_from: Path | None = None
    """Evidence folder of an earlier run, whose images alone are used."""
    trainer: str | None = None
    boundaries: tuple[str, ...] = ()
    edition: str = "restricted"
    """`public` makes the public edition too."""
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
        """What is in force."""
        return load_settings(
            registry=self.registry,
            scenes=self.scenes,
            templates=self.templates,
            lang=self.lang,
            reports=self.out,
            engine=self.engine,
            trainer=self.trainer,
            project=self.project,
            key=self.key,
            concurrency=self.concurrency,
        )

    @property
    def choices(self) -> Choices:
        """What the method is told."""
        from reetrace.pipeline.plan import Choices

        return Choices(
            knobs=self.knobs,
            min_seen=self.min_seen,
            min_observations=self.min_observations,
            trainer=self.settings.trainer,
        )


@dataclass(frozen=True)
class Outcome:
    """What was made, and where it lies."""

    bag: Path
    evidence: Evidence
    documents: tuple[Path, ...]
    replaced: str = ""
    """Id of another run whose evidence lay there before; empty where none did."""
    unsigned: tuple[str, ...] = ()
    """Signatures that lay there before; what they vouched for was made anew, so they are gone."""
    public: Path | None = None
    """The public edition, where one was asked for."""
    cost: tuple[str, ...] = ()
    """What was asked of a service, in plain lines; empty for the embedded engine."""

    @property
    def notice(self) -> str:
        """The notice that drawn imagery carries; empty for real imagery."""
        return SIMULATED_NOTICE if self.evidence.simulated else ""

    def lines(self) -> tuple[str, ...]:
        """For a terminal: where everything lies, and how to check it."""
        made = {"report.pdf": "PDF report", "tables.xlsx": "workbook", "companion.html": "web page"}
        gone = f"run {self.replaced}, whose evidence lay there; --out FOLDER keeps both"
        bare = (
            f"the signature ({', '.join(self.unsigned)}); `reetrace sign` signs what there is now"
        )
        return (
            *(f"{made[path.name]:<11} {path}" for path in self.documents),
            f"{'evidence':<11} {self.bag}",
            *((f"{'public':<11} {self.public}",) if self.public else ()),
            f"{'check it':<11} cd {self.bag} && sha256sum -c manifest-sha256.txt",
            *((f"{'replaced':<11} {gone}",) if self.replaced else ()),
            *((f"{'taken off':<11} {bare}",) if self.unsigned else ()),
            *(f"{'asked for':<11} {line}" for line in self.cost),
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
            "unsigned": list(self.unsigned),
            "simulated": self.evidence.simulated,
            "notice": self.notice,
            "warnings": list(self.evidence.warnings),
            **({"public": str(self.public)} if self.public else {}),
            **({"cost": list(self.cost)} if self.cost else {}),
        }


def carry_out(order: Order, *, documents: bool, progress: Progress) -> Outcome:
    """Trace a site and, if asked, render the documents; the bag appears only when it is whole.

    Raises:
        ReetraceError: Whatever of the order, the registry, the imagery or the folders cannot be
            used; nothing half-written is left behind.
    """
    from reetrace.pipeline.job import drawn_world, open_for, prepare
    from reetrace.pipeline.lettering import refuse_unprintable
    from reetrace.pipeline.method import trace
    from reetrace.pipeline.publication import publish
    from reetrace.pipeline.writable import refuse_unwritable

    job = prepare(order, documents=documents)
    refuse_unwritable(job.settings.reports)
    if documents:
        refuse_unprintable(job)
    world = drawn_world(job, progress)
    follow, within = _joined(progress)
    engine = open_for(job, world, within)
    outcome = trace(
        job.site,
        job.years,
        registry=job.registry,
        engine=engine,
        reports=job.settings.reports,
        choices=order.choices,
        world=world,
        pinned=job.pinned,
        boundaries=order.boundaries,
        documents=documents,
        templates=job.settings.templates,
        language=job.settings.lang,
        progress=follow,
    )
    public = None
    if order.edition == "public":
        settings = job.settings
        public = publish(outcome.bag, templates=settings.templates, language=settings.lang).bag
    return replace(outcome, public=public, cost=cost_of(engine))


def cost_of(engine: Any) -> tuple[str, ...]:  # noqa: ANN401 - pixels are private to an engine
    """What a run asked of Earth Engine; nothing for the embedded engine."""
    if not hasattr(engine, "usage"):
        return ()
    from reetrace.engines.earthengine.cost import spent

    engine.read_spent()
    return spent(engine.usage)


def _joined(progress: Progress) -> tuple[Progress, Progress]:
    """Two voices in one: the method's own, and within its steps that of an engine far away."""
    reached: tuple[str, float] = ("", 0.0)

    def whole(step: str, share: float) -> None:
        nonlocal reached
        reached = (step, share)
        progress(step, share)

    def within(step: str, share: float) -> None:
        # What the engine has finished must not stand there while something else is at work.
        progress(reached[0] if share >= 1 else f"{step} {share:.0%}", reached[1])

    return whole, within


def render_bag(bag: Path, *, templates: Path | None = None, language: str | None = None) -> Outcome:
    """The documents of an evidence folder made again from it alone, and the folder sealed anew.

    Args:
        bag: The evidence folder.
        templates: None is the template that its report was set with.
        language: None is the language that its report was set in.

    Raises:
        EvidenceError: The folder is not an evidence folder, or not whole.
        SettingError: Its report was set with a template that is not at hand.
    """
    from reetrace import evidence
    from reetrace.pipeline.documents import make_documents
    from reetrace.pipeline.set_with import SetWith, set_with

    signed = signatures_of(bag)
    with evidence.unseal(bag) as folder:
        found = evidence.load(folder)
        dress = SetWith(templates, language or ENGLISH)
        if templates is None or language is None:
            dress = set_with(bag, found, given=templates)
        documents = make_documents(
            found,
            folder / "data",
            templates=templates or dress.template,
            language=language or dress.language,
        )
        evidence.seal(folder, found)
    places = tuple(bag / "data" / path.name for path in documents)
    return Outcome(bag, found, places, unsigned=signed)


def signatures_of(bag: Path) -> tuple[str, ...]:
    """Names of the signatures over an evidence folder that lie in it."""
    from reetrace.evidence.bag import CMS_SIGNATURE, SSH_SIGNATURE

    return tuple(name for name in (SSH_SIGNATURE, CMS_SIGNATURE) if (bag / name).is_file())
