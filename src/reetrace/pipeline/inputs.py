"""What a run was made from besides images and labels, kept in its folder to run it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.evidence.document import from_json, read_bytes, to_json
from reetrace.evidence.files import sha256_of, write_bytes
from reetrace.pipeline.plan import Choices, Plan
from reetrace.registry import Registry
from reetrace.registry.catalogue import EDITIONS

FOLDER = "data/inputs"
RUN = "run.json"


@dataclass(frozen=True)
class RunRecord:
    """What was asked for, to the last knob."""

    format: str
    """`reetrace-run-1`."""
    notice: str
    """Says so where imagery was drawn; empty where it was not."""
    site: str
    years: tuple[int, ...]
    choices: Choices
    engine: str
    boundaries: tuple[str, ...]
    """Further editions of borders, from the engine's own archive."""
    drawn_seed: int | None
    """Seed of the drawn world; None where images are real."""
    drawn_edition: str
    """Which way of drawing; empty where images are real."""


FORMAT = "reetrace-run-1"


def deposit_inputs(
    folder: Path,
    plan: Plan,
    choices: Choices,
    registry: Registry,
    engine: str,
    *,
    boundaries: Sequence[str],
    world: Path | None,
    simulated: bool,
) -> None:
    """Write `data/inputs`: the order, and of the registry what this run read, byte for byte.

    Args:
        folder: The evidence folder being drafted.
        plan: Site and study area.
        choices: Knobs and floors.
        registry: Where sites, borders' names, legends and published studies lie.
        engine: Its name.
        boundaries: As asked for.
        world: The drawn world, if there is one.
        simulated: Whether any of it was drawn.
    """
    kept = folder / FOLDER
    seed, edition = seed_of(world)
    record = RunRecord(
        format=FORMAT,
        notice=SIMULATED_NOTICE if simulated else "",
        site=plan.site.id,
        years=tuple(each.year for each in plan.epochs),
        choices=choices,
        engine=engine,
        boundaries=tuple(boundaries),
        drawn_seed=seed,
        drawn_edition=edition,
    )
    write_bytes(kept / RUN, to_json(record))
    for name, content in _registry_files(plan, registry):
        write_bytes(kept / name, content)


def seed_of(world: Path | None) -> tuple[int | None, str]:
    """(seed, way of drawing) of a drawn world; (None, empty) where a folder is none."""
    if world is None or not (world / "catalog.json").is_file():
        return None, ""
    from reetrace.drawn import edition

    catalogue = json.loads((world / "catalog.json").read_text(encoding="utf-8"))
    seed = catalogue.get("reetrace:seed")
    return (seed, edition()) if isinstance(seed, int) else (None, "")


def _registry_files(plan: Plan, registry: Registry) -> Iterator[tuple[str, bytes]]:
    """(place in the folder, content) of what this run read of a registry."""
    sites = {site.id: site for site in (plan.study, plan.site, *registry.parts(plan.study))}
    read = _by_digest(registry.site_files)
    for name in sorted(sites):
        if sites[name].digest in read:
            yield f"sites/{name}.geojson", read[sites[name].digest]
    printed = (path for folder in registry.folders for path in folder.glob("published/*.toml"))
    read = _by_digest(printed)
    for study in registry.published(plan.study.id):
        yield f"published/{study.id}.toml", read[study.digest]
    if registry.editions:
        yield EDITIONS, _editions(registry)
    for folder in registry.folders[:-1]:
        if (folder / "legends.toml").is_file():
            yield "legends.toml", (folder / "legends.toml").read_bytes()
            break


def _by_digest(paths: Iterable[Path]) -> dict[str, bytes]:
    contents = (path.read_bytes() for path in paths)
    return {hashlib.sha256(content).hexdigest(): content for content in contents}


def _editions(registry: Registry) -> bytes:
    """Editions of borders as one file, whichever folders of the registry they came from."""
    tables = []
    for name in sorted(registry.editions):
        each = registry.editions[name]
        # A text of JSON is a text of TOML too.
        tables.append(
            f"[{json.dumps(name)}]\n"
            f"title = {json.dumps(each.title, ensure_ascii=False)}\n"
            f"source = {json.dumps(each.source, ensure_ascii=False)}\n"
            f"licence = {json.dumps(each.licence, ensure_ascii=False)}\n"
            f"precision_m = {float(each.precision_m)!r}\n"
        )
    return "\n".join(tables).encode("utf-8")


def read_run(bag: Path) -> RunRecord:
    """What was asked for when a bag was made.

    Raises:
        EvidenceError: It was not kept, or is not of the shape it must have.
    """
    path = bag / FOLDER / RUN
    if not path.is_file():
        raise EvidenceError(
            f"{bag}: has no {FOLDER}/{RUN}, which says what was asked for: it was made by an older "
            "reetrace, or is a public edition. Only the restricted edition can be made again."
        )
    found = from_json(read_bytes(path), RunRecord, f"{FOLDER}/{RUN}")
    if found.format != FORMAT:
        raise EvidenceError(f"{FOLDER}/{RUN}: format is {found.format!r}; {FORMAT!r} was needed.")
    return found


def check_inputs(bag: Path, evidence: Evidence) -> str:
    """Hold what was asked for, and the files it was asked by, against the evidence.

    Returns what was compared; nothing where the bag keeps no inputs.

    Raises:
        EvidenceError: Names the first that is another.
    """
    if not (bag / FOLDER / RUN).is_file():
        return ""
    record = read_run(bag)
    judged = tuple(each.label for each in evidence.epochs)
    notice = SIMULATED_NOTICE if evidence.simulated else ""
    said: list[tuple[str, object, object]] = [
        ("site", record.site, evidence.site.id),
        ("years", ", ".join(map(str, record.years)), ", ".join(judged)),
        ("engine", record.engine, evidence.engine),
        ("notice", record.notice, notice),
    ]
    for model in evidence.models:
        asked, grown = asdict(record.choices.knobs), asdict(model.knobs)
        said += [(f"choices.knobs.{knob}", asked[knob], grown[knob]) for knob in asked]
    for name, found, wanted in said:
        if found != wanted:
            raise EvidenceError(
                f"{FOLDER}/{RUN}: {name} is {str(found)[:80]!r}, evidence.json says "
                f"{str(wanted)[:80]!r}."
            )
    for site in (evidence.site, evidence.study_area):
        path = f"{FOLDER}/sites/{site.id}.geojson"
        if (bag / path).is_file() and sha256_of(bag / path) != site.digest:
            raise EvidenceError(f"{path}: is not the site file that evidence.json names.")
    return "the order and the site files"
