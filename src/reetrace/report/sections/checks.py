"""How far to trust it: accuracy, and published figures beside computed ones."""

from __future__ import annotations

import re
from typing import Any

from reetrace.core.results import Accuracy, Measure
from reetrace.reading import lookup, numerals
from reetrace.reading.language import quote, say, titles
from reetrace.report.sections.job import TEXT_MM, Job
from reetrace.report.sections.results import with_interval
from reetrace.report.template import Section

_BASES = {
    "probability-sample": "Probability sample",
    "held-out": "Held-out labels",
    "cross-validation": "Cross-validation",
}

_BASIS_WORDS = {
    "probability-sample": "places drawn by chance in strata of known size, none of them used "
    "to train; the only basis that speaks for the whole area.",
    "held-out": "blocks of training labels kept apart from training; it tells how well the model "
    "repeats its labels, not how good the map is everywhere.",
    "cross-validation": "every block of labels kept apart in turn.",
}


def accuracy(job: Job, section: Section) -> list[Any]:
    """Accuracy on every basis, then the error matrices."""
    made = job.opening(section, "Accuracy")
    evidence, press = job.evidence, job.press
    if not evidence.accuracies:
        made.append(press.text(say("Not run: no labels were kept apart from training.")))
        return made
    if not lookup.samples(evidence):
        made.append(
            press.text(
                say(
                    "No probability sample was given. The labels were chosen by hand, so the "
                    "figures below say how well the model repeats such labels. They allow no "
                    "unbiased area, and no area in this report claims to be one."
                )
            )
        )
    return made + _every_basis(job) + _disagreement(job) + _matrices(job)


def _every_basis(job: Job) -> list[Any]:
    evidence = job.evidence
    rows = [
        [
            say(_BASES[each.basis]),
            each.epoch,
            numerals.count(each.labels)
            + (say(" ({count} lost)", count=each.lost) if each.lost else ""),
            *(with_interval(measure) for measure in _summary(job, each)),
        ]
        for basis in _BASES
        for each in lookup.accuracies(evidence, basis)
    ]
    target = lookup.target_title(evidence).lower()
    used = [basis for basis in _BASES if lookup.accuracies(evidence, basis)]
    return job.press.table(
        say("Accuracy with 95 % intervals, in per cent but for kappa."),
        (
            *titles("Basis", "Epoch", "Labels", "Overall"),
            say("User’s, {landcover}", landcover=target),
            say("Producer’s, {landcover}", landcover=target),
            say("Kappa"),
        ),
        rows,
        (27.4, 12.6, 19, 27.4, 27.4, 27.6, 28.6),
        align=("left", "left", "right", "right", "right", "right", "right"),
        note=" ".join(f"{say(_BASES[basis])}: {say(_BASIS_WORDS[basis])}" for basis in used)
        + " "
        + say(
            "Lost labels lie on ground not seen or outside the area. Kappa is shown because the "
            "literature shows it; it is not used for any statement here."
        ),
    )


def _summary(job: Job, each: Accuracy) -> tuple[Measure, ...]:
    target = each.classes.index(job.evidence.legend.target)
    return each.overall, each.users[target], each.producers[target], each.kappa


def _best(job: Job) -> list[Accuracy]:
    for basis in _BASES:
        found = lookup.accuracies(job.evidence, basis)
        if found:
            return found
    return []


def _disagreement(job: Job) -> list[Any]:
    found = _best(job)
    if not found:
        return []
    rows = [
        [
            each.epoch,
            with_interval(each.quantity_disagreement),
            with_interval(each.allocation_disagreement),
            quote(each.method),
        ]
        for each in found
    ]
    return job.press.table(
        say(
            "Disagreement between map and reference ({basis}): in how much, and in where; in per "
            "cent.",
            basis=say(_BASES[found[0].basis]).lower(),
        ),
        titles("Epoch", "Quantity (%)", "Allocation (%)", "How the intervals were made"),
        rows,
        (24, 36, 36, 74),
        align=("left", "right", "right"),
        fold=(3,),
    )


def _matrices(job: Job) -> list[Any]:
    """Counts of labels, rows the map, columns the reference, one block an epoch."""
    found = _best(job)
    if not found:
        return []
    evidence = job.evidence
    classes = found[0].classes
    names = [lookup.class_title(evidence, name) for name in classes]
    rows, strong = [], []
    for each in found:
        for name, counts in zip(each.classes, each.counts, strict=True):
            rows.append(
                [
                    each.epoch,
                    lookup.class_title(evidence, name),
                    *(numerals.count(count) for count in counts),
                    numerals.count(sum(counts)),
                ]
            )
        columns = [sum(row[index] for row in each.counts) for index in range(len(classes))]
        strong.append(len(rows))
        rows.append(
            [
                each.epoch,
                say("All"),
                *(numerals.count(column) for column in columns),
                numerals.count(sum(columns)),
            ]
        )
    wide = (TEXT_MM - 18 - 46 - 24) / len(classes)
    return job.press.table(
        say(
            "Error matrices in labels ({basis}): rows are the map, columns the reference.",
            basis=say(_BASES[found[0].basis]).lower(),
        ),
        (
            *titles("Epoch", "Map"),
            *(say("Reference: {landcover}", landcover=name.lower()) for name in names),
            say("All"),
        ),
        rows,
        (18, 46, *([wide] * len(classes)), 24),
        align=("left", "left", *(["right"] * (len(classes) + 1))),  # type: ignore[arg-type]
        strong=strong,
    )


def published(job: Job, section: Section) -> list[Any]:
    """Published figures beside computed ones, and arithmetic that does not add up."""
    made = job.opening(section, "Published beside computed")
    evidence, press = job.evidence, job.press
    if not evidence.published and not evidence.faults:
        made.append(
            press.text(say("Not run: the registry holds no published figures for this site."))
        )
        return made
    return made + _beside_computed(job) + _faults(job)


def _beside_computed(job: Job) -> list[Any]:
    evidence, press = job.evidence, job.press
    if not evidence.published:
        return []
    rows = [
        [
            quote(each.what),
            lookup.any_zone_title(evidence, each.zone),
            each.epochs,
            numerals.value(each.published),
            numerals.value(each.computed),
            numerals.interval(each.computed),
            quote(each.note),
        ]
        for each in evidence.published
    ]
    studies = "; ".join(dict.fromkeys(each.study for each in evidence.published))
    made = press.table(
        say(
            "Published figures ({studies}) beside those computed here. They may differ because the "
            "outlines, the images and the labels differ.",
            studies=studies,
        ),
        titles("Figure", "Zone", "Epoch", "Published", "Computed", "95 % interval", "Note"),
        rows,
        (33.1, 37.4, 16.9, 15.8, 16.6, 24.1, 26.1),
        align=("left", "left", "left", "right", "right", "right"),
        names=(0, 1, 6),
        fold=(6,),
    )
    if evidence.simulated:
        made.append(
            press.text(
                say(
                    "The computed figures come from drawn imagery: any likeness to the published "
                    "ones was drawn into it and supports neither."
                ),
                "small",
            )
        )
    return made


_HYPHEN_AS_MINUS = re.compile(r"(?<![\w.–-])-(?=\d)")
_CLOSE_PER_CENT = re.compile(r"(?<=\d)%")


def as_set(text: str) -> str:
    """Figures of the records as the report sets its own: with a true minus and a space before %."""
    return _CLOSE_PER_CENT.sub(" %", _HYPHEN_AS_MINUS.sub(numerals.MINUS, text))


def _faults(job: Job) -> list[Any]:
    rows = [
        [
            as_set(quote(text))
            for text in (each.where, each.printed, each.recomputed, each.explanation)
        ]
        for each in job.evidence.faults
    ]
    if not rows:
        return []
    return job.press.table(
        say("Published figures that do not follow from the numbers printed beside them."),
        titles("Where", "Printed", "Recomputed", "Arithmetic"),
        rows,
        (41, 25.5, 25.5, 78),
        align=("left", "right", "right"),
        names=(0, 1, 2, 3),
    )
