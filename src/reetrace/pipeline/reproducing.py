"""An evidence folder made a second time, from what lies in it, and held against the first."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reetrace import evidence
from reetrace.core.errors import OutputError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.samples import Labels, Purpose
from reetrace.evidence.bag import MANIFEST
from reetrace.evidence.differences import describe
from reetrace.evidence.listing import listed_in
from reetrace.evidence.signatures import signing_of
from reetrace.pipeline.inputs import FOLDER, RunRecord, read_run
from reetrace.pipeline.order import Progress, cost_of
from reetrace.pipeline.repeating import (
    drawn_again,
    open_again,
    pinned_images,
    refuse_misfits,
)
from reetrace.pipeline.set_with import SetWith, set_with
from reetrace.registry import Registry, load_registry
from reetrace.settings import Settings, load_settings


@dataclass(frozen=True)
class Difference:
    """One file that did not come out the same."""

    file: str
    told: str


@dataclass(frozen=True)
class Reproduction:
    """Two folders held against each other."""

    bag: Path
    files: int
    """Files of the first folder."""
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]
    """What is not as it was then: packages, the way of drawing, today's registry."""
    kept: Path | None
    """Where the second folder lies, if it was to be kept."""
    notice: str
    """Of drawn imagery; empty where there is none."""
    cost: tuple[str, ...] = ()
    """What was asked of a service, in plain lines; empty for the embedded engine."""

    @property
    def equal(self) -> bool:
        """Whether every byte came out the same."""
        return not self.differences

    def lines(self) -> tuple[str, ...]:
        """For a terminal."""
        outcome = (
            f"{self.bag}: came out the same, byte for byte ({self.files} files)."
            if self.equal
            else f"{self.bag}: {len(self.differences)} of {self.files} files came out otherwise."
        )
        return (
            outcome,
            *(f"{each.file}: {each.told}" for each in self.differences),
            *(f"note        {each}" for each in self.notes),
            *((f"kept        {self.kept}",) if self.kept else ()),
            *(f"asked for   {line}" for line in self.cost),
        )

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "bag": str(self.bag),
            "equal": self.equal,
            "files": self.files,
            "differences": [vars(each) for each in self.differences],
            "notes": list(self.notes),
            "kept": str(self.kept) if self.kept else "",
            "notice": self.notice,
            **({"cost": list(self.cost)} if self.cost else {}),
        }


@dataclass(frozen=True)
class _BagRegistry(Registry):
    """The files of a registry that a bag holds, and its labels."""

    held: tuple[Labels, ...] = ()

    def labels(self, site_id: str, year: int | str, purpose: Purpose) -> Labels | None:
        """The labels that the run used; none is looked for elsewhere."""
        for each in self.held:
            if (each.site, each.epoch, each.purpose) == (site_id, str(year), purpose):
                return each
        return None


def reproduce(
    bag: Path,
    *,
    scenes: Path | None = None,
    registry: Path | None = None,
    templates: Path | None = None,
    project: str | None = None,
    key: Path | None = None,
    keep: Path | None = None,
    progress: Progress,
) -> Reproduction:
    """Run the method again from a bag's own order, sites, labels and list of images.

    Nothing that an earlier run left on this machine is used, but for a drawn world, whose files
    are held against their digests.

    Args:
        bag: Sealed; its signature, if any, is set aside.
        scenes: Folder of the images; drawn ones are drawn again without it.
        registry: Today's, to say where it differs; it decides nothing.
        templates: Those that the documents were made with, if not shipped ones.
        project: Google Cloud project, for a bag of Earth Engine's.
        key: Key file of a service account, likewise.
        keep: Where to put the second folder; it is thrown away without it.
        progress: Told what is being done and the share done, 0-1.

    Raises:
        EvidenceError: The bag is not whole, or does not say what was asked for.
        SettingError: Images or a template that it was made with are not at hand.
        AccountError: It was made on Earth Engine, and nobody is signed in there.
        NoImagery: An image is not there.
    """
    evidence.verify(bag)
    before, record = evidence.load(bag), read_run(bag)
    settings = load_settings(
        scenes=scenes, registry=registry, templates=templates, project=project, key=key
    )
    if keep is not None and (keep / evidence.bag_name(before)).exists():
        raise OutputError(
            f"--keep: {keep / evidence.bag_name(before)} is there already. Name another folder."
        )
    refuse_misfits(bag, record, settings, scenes=scenes, account=bool(project or key))
    dress = set_with(
        bag, before, given=settings.templates if templates else None, usual=settings.templates
    )
    with tempfile.TemporaryDirectory(prefix="reetrace-") as aside:
        workplace = Path(aside)
        reports = keep or workplace / "reports"
        world = drawn_again(record, settings, scenes, progress)
        engine = open_again(
            bag, before, record, settings, world=world, work=workplace / "work", progress=progress
        )
        made = _run(bag, before, record, dress, engine, world, reports, progress)
        second = reports / evidence.bag_name(made)
        first = _unsigned(bag, workplace / "unsigned")
        differences = tuple(_differences(first, second))
        return Reproduction(
            bag,
            len(listed_in(first, MANIFEST)),
            differences,
            (*dress.notes, *_notes(bag, before, made, record, settings)),
            second if keep else None,
            SIMULATED_NOTICE if before.simulated else "",
            cost_of(engine),
        )


def _run(
    bag: Path,
    before: Evidence,
    record: RunRecord,
    dress: SetWith,
    engine: Any,  # noqa: ANN401 - pixels are private to an engine
    world: Path | None,
    reports: Path,
    progress: Progress,
) -> Evidence:
    from reetrace.pipeline.method import trace

    inputs = bag / FOLDER
    # Twice, because a registry reads legends from every folder but its last.
    known = _BagRegistry((inputs, inputs), held=evidence.load_labels(bag))
    outcome = trace(
        known.site(record.site),
        record.years,
        registry=known,
        engine=engine,
        reports=reports,
        choices=record.choices,
        world=world,
        pinned=pinned_images(before),
        boundaries=record.boundaries,
        documents=(bag / "data" / "report.pdf").is_file(),
        templates=dress.template,
        language=dress.language,
        progress=progress,
    )
    return outcome.evidence


def _unsigned(bag: Path, aside: Path) -> Path:
    """The bag as it was before it was signed with a certificate; itself, where it was not."""
    if signing_of(bag) is None:
        return bag
    from reetrace.pipeline.custody import take_off

    shutil.copytree(bag / "data", aside / "data")
    take_off(bag, aside)
    evidence.seal(aside, evidence.load(aside))
    return aside


def _differences(first: Path, second: Path) -> Iterator[Difference]:
    before, after = listed_in(first, MANIFEST), listed_in(second, MANIFEST)
    for path in sorted({*before, *after}):
        if path not in after:
            yield Difference(path, "was there, and did not come out")
        elif path not in before:
            yield Difference(path, "was not there, and came out")
        elif before[path] != after[path]:
            yield Difference(path, describe(first / path, second / path))


def _notes(
    bag: Path, before: Evidence, made: Evidence, record: RunRecord, settings: Settings
) -> Iterator[str]:
    """What is not as it was then, each in one line."""
    then = {each.name: each.version for each in before.software}
    now = {each.name: each.version for each in made.software}
    for name in sorted({*then, *now}):
        if then.get(name) != now.get(name):
            yield (
                f"{name} was {then.get(name, 'not recorded')}, "
                f"and is {now.get(name, 'not recorded')}"
            )
    if record.drawn_seed is not None:
        from reetrace.drawn import edition

        if record.drawn_edition != edition():
            yield (
                f"the world was drawn in another way then ({record.drawn_edition}, now "
                f"{edition()}), so its images differ"
            )
    yield from _registry_notes(bag, before, load_registry(settings.registry))


def _registry_notes(bag: Path, before: Evidence, today: Registry) -> Iterator[str]:
    """Where today's registry says something else than the run's own, which was used."""
    digests = {site.id: site.digest for site in today.sites}
    kept = Registry((bag / FOLDER,))
    for site in kept.sites:
        if site.id not in digests:
            yield f"today's registry has no site {site.id}; the one kept in the folder was used"
        elif digests[site.id] != site.digest:
            yield f"today's registry has another {site.id}; the one kept in the folder was used"
    joined = {site.id for site in today.sites if site.part_of == before.study_area.id}
    for name in sorted(joined - {site.id for site in kept.sites}):
        yield f"today's registry has {name} in the study area; it was not there then"
    for each in before.labels:
        purpose: Purpose = "training" if each.purpose == "training" else "probability-sample"
        found = today.labels(before.study_area.id, each.epoch, purpose)
        if found is not None and found.digest != each.digest:
            yield f"today's registry has other labels of {each.epoch} ({purpose})"
