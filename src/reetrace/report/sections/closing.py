"""What it does not say, how it was made, and how anybody can check it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from reetrace import tables
from reetrace.core.model import Knobs
from reetrace.reading import numerals
from reetrace.reading.language import quote, say, titles
from reetrace.report import fonts
from reetrace.report.sections.doubts import noted
from reetrace.report.sections.job import TEXT_MM, Job
from reetrace.report.tabling import MM
from reetrace.report.template import RECORD, Section

_IMPACTS = Path(tables.__file__).with_name("impacts.toml")


def words_only(job: Job, section: Section) -> list[Any]:
    """A section of words alone."""
    return job.opening(section, "Notes")


def limits(job: Job, section: Section) -> list[Any]:
    """What these images cannot show, and every doubt the run noted."""
    made = job.opening(section, "Limits")
    press = job.press
    if job.evidence.warnings:
        made.append(press.heading(say("Noted in this run"), 1))
        made += [press.item(each) for each in noted(job.evidence)]
    return made


def method(job: Job, section: Section) -> list[Any]:
    """The method with its knobs, labels and versions."""
    made = job.opening(section, "Method")
    evidence, press = job.evidence, job.press
    made += press.table(
        say("Classes of the legend."),
        titles("Class", "Definition"),
        [[quote(each.title), quote(each.definition or "–")] for each in evidence.legend.classes],
        (40, 130),
    )
    rows = [
        [
            each.sensor_family,
            ", ".join(each.epochs),
            ", ".join(each.features),
            _knobs(each.knobs),
            f"{numerals.count(each.training_points)} / {numerals.count(each.held_out_points)}",
            f"{numerals.count(each.block_m)} m",
        ]
        for each in evidence.models
    ]
    made += press.table(
        say("Models: random forests, one a sensor family."),
        titles("Family", "Epochs", "Features in order", "Knobs", "Trained / held out", "Blocks"),
        rows,
        (15, 24, 42, 49, 25, 15),
        names=(0, 2),
        fold=(3, 5),
    )
    return made + _labels(job) + _software(job)


def _knobs(knobs: Knobs) -> str:
    split = "√n" if knobs.variables_per_split is None else str(knobs.variables_per_split)
    nodes = say("no limit") if knobs.max_nodes is None else str(knobs.max_nodes)
    return say(
        "{trees} trees, {split} variables a split, bag {bag}, leaf from {leaf}, nodes {nodes}, "
        "seed {seed}",
        trees=knobs.trees,
        split=split,
        bag=f"{knobs.bag_fraction:g}",
        leaf=knobs.min_leaf_population,
        nodes=nodes,
        seed=knobs.seed,
    )


def _labels(job: Job) -> list[Any]:
    rows = [
        [
            each.epoch,
            quote(each.purpose.replace("-", " ")),
            quote(each.design.replace("-", " ")),
            ", ".join(f"{name} {numerals.count(points)}" for name, points in each.by_class),
            ", ".join(quote(one) for one in each.interpreters) or say("not stated"),
            ", ".join(quote(one) for one in each.image_sources) or say("not stated"),
        ]
        for each in job.evidence.labels
    ]
    if not rows:
        return []
    return job.press.table(
        say("Reference labels."),
        titles("Epoch", "Purpose", "Design", "Points by class", "Interpreters", "Read from"),
        rows,
        (14, 27, 22, 41, 33, 33),
        names=(3, 4, 5),
        fold=(4, 5),
    )


def _software(job: Job) -> list[Any]:
    evidence = job.evidence
    named = [f"reetrace {evidence.reetrace_version}", f"engine {evidence.engine}"]
    named += [f"{each.name} {each.version}" for each in evidence.software]
    return [job.press.name(say("Software: {names}.", names=", ".join(named)), "note")]


def context(job: Job, section: Section) -> list[Any]:
    """What mining does to its surroundings in general; plainly not a finding."""
    made = job.opening(section, "Context: what surface mining can do to its surroundings")
    with _IMPACTS.open("rb") as opened:
        table = tomllib.load(opened)
    press = job.press
    return made + press.table(
        f"{quote(table['title'])}. {quote(table['notice'])}",
        titles("Pathway", "What", "How"),
        [
            [quote(row["pathway"]), quote(row["title"]), quote(row["description"])]
            for row in table["impacts"]
        ],
        (28, 42, 100),
        note=say("Source: {source}.", source=quote(table["source"])),
    )


def custody(job: Job, section: Section) -> list[Any]:
    """Digests of everything that went in and came out, and how to check them."""
    made = job.opening(section, "Chain of custody")
    press, evidence = job.press, job.evidence
    made += [press.text(_inside(job))] if job.attached else []
    rows = [["evidence.json", say("Every figure of this report"), job.digest]]
    set_with = say("What this report was set with: template “{name}”", name=job.template.name)
    rows.append([RECORD, set_with, job.template.record_digest(evidence)])
    rows += [[each.path, quote(each.title), each.sha256] for each in evidence.rasters]
    made += press.table(
        say("Files of this evidence folder, below data/."),
        titles("File", "What it is", "SHA-256"),
        rows,
        (46, 46, 78),
        names=(0, 1, 2),
        fine=(2,),
    )
    inputs = [[say("Site file"), evidence.site.id, evidence.site.digest]]
    if evidence.study_area.id != evidence.site.id:
        inputs.append([say("Study area file"), evidence.study_area.id, evidence.study_area.digest])
    inputs += [[say("Labels"), each.source, each.digest] for each in evidence.labels]
    inputs += [[say("Model"), each.sensor_family, each.digest] for each in evidence.models]
    made += press.table(
        say("What went in, and the models made from it."),
        titles("Kind", "Name", "SHA-256"),
        inputs,
        (30, 62, 78),
        names=(1, 2),
        fine=(2,),
    )
    return made + _scenes(job)


def _inside(job: Job) -> str:
    """Which files of the folder the report carries within."""
    paths = [each.path for each in job.attached]
    outlines = sum(each.endswith(".geojson") for each in paths)
    tables = sum(each.endswith(".csv") for each in paths)
    parts = [say("evidence.json, its source")]
    parts += [say("{count} files of outlines (GeoJSON)", count=outlines)] if outlines else []
    parts += [say("{count} tables (CSV)", count=tables)] if tables else []
    return say(
        "Inside this PDF, among its attachments, lie files of the folder as they are, byte for "
        "byte: {files}.",
        files=say("; ").join(parts),
    )


_NO_FILES = (
    "The images were read where they are kept, on the servers of Earth Engine: an asset there has "
    "no file to take a SHA-256 of. Its id and the id of its product, both in the list of images, "
    "say which processing of which image it was."
)


def _scenes(job: Job) -> list[Any]:
    """The files of every scene: one row a file would run to pages, so the first bytes of each."""
    scenes = [
        *(scene for epoch in job.evidence.epochs for scene in epoch.scenes),
        *job.evidence.spectral_scenes,
    ]
    rows = [
        [scene.id, "  ".join(f"{band} {digest[:_SHORT]}" for band, digest in scene.checksums)]
        for scene in scenes
        if scene.checksums
    ]
    if not rows:
        return [job.press.text(say(_NO_FILES))]
    wide = _width_of([scene for scene, _ in rows])
    return job.press.table(
        say(
            "Scene files: band and the first {digits} digits of its SHA-256; in full in "
            "scenes.json.",
            digits=_SHORT,
        ),
        titles("Scene", "Files"),
        rows,
        (wide, TEXT_MM - wide),
        names=(0, 1),
        fine=(1,),
    )


_CELL_POINTS, _CELL_EDGE_MM = 7.8, 3.2


def _width_of(names: list[str]) -> float:
    """Millimetres of a column in which no id is broken, if that leaves room for its files."""
    longest = max(fonts.text_width(name, _CELL_POINTS) for name in names) / MM
    return min(max(longest + _CELL_EDGE_MM, 50.0), 100.0)


_SHORT = 12
