"""From a site and its years, or from an evidence folder, to a map in a browser."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reetrace.core.engine import Engine
from reetrace.core.errors import OutputError, SettingError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.pipeline.order import Order, Progress
from reetrace.pipeline.writable import refuse_unwritable

if TYPE_CHECKING:
    from reetrace.pipeline.job import Job
    from reetrace.pipeline.plan import Plan
    from reetrace.registry import Registry

_SUFFIX = ".html"

_MARK = '<meta name="generator" content="reetrace'

_IMAGES_ONLY = (
    "imagery only: there are no training labels for {epochs}, so nothing was classified. "
    "Label places on what you see (`reetrace labels import`), and make the map again."
)


@dataclass(frozen=True)
class View:
    """The map that was made."""

    path: Path
    site: str
    years: str
    run_id: str
    """Empty for a map whose tiles come from a service."""
    simulated: bool
    notes: tuple[str, ...]
    """What whoever opens it has to know."""
    cost: tuple[str, ...] = ()
    """What was asked of a service, in plain lines; empty for the embedded engine."""

    @property
    def notice(self) -> str:
        """The notice that drawn imagery carries; empty for real imagery."""
        return SIMULATED_NOTICE if self.simulated else ""

    def lines(self) -> tuple[str, ...]:
        """For a terminal: where it lies, and what it took."""
        return (
            f"{'map':<11} {self.path}",
            *(f"{'note':<11} {each}" for each in self.notes),
            *(f"{'asked for':<11} {each}" for each in self.cost),
        )

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "map": str(self.path),
            "site": self.site,
            "years": self.years,
            "run_id": self.run_id,
            "simulated": self.simulated,
            "notice": self.notice,
            "notes": list(self.notes),
            **({"cost": list(self.cost)} if self.cost else {}),
        }


def look(order: Order, *, out: Path | None, progress: Progress) -> View:
    """Make the map of a site: composites, land cover where there are labels, outlines.

    Args:
        order: What is to be shown; its `out` is not used.
        out: The file; None names it after the site and puts it where reports are put.
        progress: Told what is being done and the share done, 0-1.

    Raises:
        ReetraceError: Whatever of the order, the registry, the imagery or the file cannot be used.
    """
    from reetrace.pipeline.job import drawn_world, open_for, prepare
    from reetrace.pipeline.plan import plan, refuse_other_images

    job = prepare(order, documents=False)
    _refuse_foreign(out)
    refuse_unwritable(out.parent if out else job.settings.reports)
    world = drawn_world(job, progress)
    engine = open_for(job, world, progress)
    progress("Looking for images", 0.0)
    planned = plan(job.site, job.years, registry=job.registry, engine=engine, choices=order.choices)
    if job.pinned is not None:
        refuse_other_images(planned, job.pinned)
    unlabelled = _unlabelled(planned, job.registry, world)
    notes = (_IMAGES_ONLY.format(epochs=", ".join(unlabelled)),) if unlabelled else ()
    home = job.settings.reports
    if job.settings.engine == "earthengine":
        from reetrace.pipeline.looking_afar import look_afar

        def destination(name: str, drawn: bool) -> Path:  # noqa: FBT001 - a callback
            return _destination(out, home, name, drawn=drawn)

        return look_afar(
            planned, job, engine, destination, labelled=not unlabelled, notes=notes,
            progress=progress,
        )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="reetrace-map-") as temporary:
        folder = Path(temporary)
        if unlabelled:
            found, data = _images(planned, job, engine, folder, progress), folder / "data"
        else:
            found, data = _evidence(job, engine, world, folder, progress)
        progress("Drawing the map", 0.9)
        return _write(found, data, out, home, notes)


def look_at(bag: Path, *, out: Path | None) -> View:
    """Make the map of an evidence folder from it alone.

    Args:
        bag: The folder; it is verified first and not touched.
        out: The file; None puts it beside the folder.

    Raises:
        EvidenceError: It is no evidence folder, or not whole.
        OutputError: The file cannot be written, or would lie in the sealed folder.
    """
    from reetrace import evidence

    _refuse_foreign(out)
    evidence.verify(bag)
    inside = out is not None and out.resolve().is_relative_to(bag.resolve())
    if inside:
        raise OutputError(
            f"{out}: lies in the evidence folder, which is sealed. Name a file outside of it."
        )
    return _write(evidence.load(bag), bag / "data", out, bag.resolve().parent, ())


def _unlabelled(planned: Plan, registry: Registry, world: Path | None) -> list[str]:
    """Epochs of the families of sensors that have no training labels at any epoch."""
    from reetrace.pipeline.landcover import epochs_by_family
    from reetrace.registry import Registry

    registries = (registry, *((Registry((world,)),) if world else ()))
    without: list[str] = []
    for epochs in epochs_by_family(planned).values():
        years = [each.year for each in planned.epochs if each.epoch.label in epochs]
        labels = (
            each.labels(planned.study.id, year, "training") for each in registries for year in years
        )
        if not any(labels):
            without += epochs
    return sorted(without)


def _evidence(
    job: Job,
    engine: Engine[Any],
    world: Path | None,
    folder: Path,
    progress: Progress,
) -> tuple[Evidence, Path]:
    """The whole evidence, as a report has it, so that the map bears its id and its footprints."""
    from reetrace.pipeline.method import trace

    outcome = trace(
        job.site,
        job.years,
        registry=job.registry,
        engine=engine,
        reports=folder,
        choices=job.order.choices,
        world=world,
        pinned=job.pinned,
        boundaries=job.order.boundaries,
        documents=False,
        progress=progress,
    )
    return outcome.evidence, outcome.bag / "data"


def _images(
    planned: Plan, job: Job, engine: Engine[Any], folder: Path, progress: Progress
) -> Evidence:
    from reetrace.pipeline.counting import survey
    from reetrace.pipeline.imagery_only import show_images

    ground = survey(planned, job.registry)
    return show_images(planned, ground, engine, job.order.choices, folder, progress)


def _write(
    found: Evidence, data: Path, out: Path | None, home: Path, notes: tuple[str, ...]
) -> View:
    from reetrace.evidence.files import write_text
    from reetrace.webmap import page

    name = f"{found.site.id}_{found.years}_map{_SUFFIX}"
    path = _destination(out, home, name, drawn=found.simulated)
    write_text(path, page(found, data))
    return View(path, found.site.id, found.years, found.run_id, found.simulated, notes)


def _destination(out: Path | None, home: Path, name: str, *, drawn: bool) -> Path:
    """Where the map goes; what was made from drawn imagery says so in its name."""
    from reetrace.evidence import SIMULATED_PREFIX

    path = home / name if out is None else out
    if drawn and not path.name.startswith(SIMULATED_PREFIX):
        path = path.with_name(f"{SIMULATED_PREFIX}{path.name}")
    _refuse_foreign(path)
    return path


def _refuse_foreign(path: Path | None) -> None:
    """Only a map of ours may be replaced."""
    if path is None:
        return
    if path.suffix.lower() not in {_SUFFIX, ".htm"}:
        raise SettingError(f"--out: {path} is no HTML file. Name it like mine-A{_SUFFIX}.")
    if path.is_dir():
        raise OutputError(f"--out: {path} is a folder. Name a file.")
    if path.is_file():
        with path.open("rb") as opened:
            start = opened.read(4096).decode("utf-8", errors="replace")
        if _MARK not in start:
            raise OutputError(f"--out: {path} is there and no map of ours. Name another file.")
