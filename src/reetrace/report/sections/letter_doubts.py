"""A report in brief, its second page: how sure it is, its limits, its digests."""

from __future__ import annotations

from typing import Any

from reetrace.core.results import Accuracy
from reetrace.reading import findings as sentences
from reetrace.reading import lookup, numerals
from reetrace.reading.language import quote, say, titles
from reetrace.report.fonts import Span
from reetrace.report.sections.doubts import noted
from reetrace.report.sections.job import Job
from reetrace.report.template import RECORD, Section

_BASES = {
    "probability-sample": "Accuracy of the maps in per cent, with 95 % intervals. Basis: places "
    "drawn by chance in strata of known size, none of them used to train; this basis speaks for "
    "the whole study area.",
    "held-out": "Accuracy of the maps in per cent, with 95 % intervals. Basis: blocks of training "
    "labels kept apart from training; this basis tells how well the model repeats its labels, not "
    "how good the map is everywhere.",
    "cross-validation": "Accuracy of the maps in per cent, with 95 % intervals. Basis: every block "
    "of training labels kept apart in turn.",
}


def certainty(job: Job, section: Section) -> list[Any]:
    """Accuracy on the best basis, what was not seen, the screening, and the method in brief."""
    made = job.opening(section, "How sure") + _accuracies(job) + _screening(job)
    head = Span(f"{say('Method.')} ", "bold")
    return [*made, job.press.text([head, Span(_method(job))])]


def _screening(job: Job) -> list[Any]:
    """The screening of the site; of every mine where the letter is on the study area."""
    evidence, press = job.evidence, job.press
    if not evidence.spectral:
        why = (evidence.spectral_not_run or "no imagery").removeprefix("not run: ").rstrip(".")
        return [
            press.text(say("The 740 nm screening test was not run: {reason}.", reason=quote(why)))
        ]
    _, zone = lookup.subject(evidence)
    of_site = [each for each in evidence.spectral if each.zone == zone]
    told = [sentences.spectral_sentence(evidence, each) for each in of_site or evidence.spectral]
    return [
        *map(press.text, told),
        press.text(
            say(
                "The screening points to ground worth a closer look or does not; neither answer "
                "names a mineral, and none says anything about ion-adsorption clays."
            )
        ),
    ]


def _method(job: Job) -> str:
    evidence, facts = job.evidence, job.facts
    return say(
        "Surface reflectance of {sensors}, the median of the clear observations of each season "
        "per pixel of {pixel} m; a random forest assigns each pixel to a class; areas are counts, "
        "adjusted by the map’s error at the places of a probability sample where there is one, "
        "with 95 % intervals. Engine {engine}, reetrace {version}.",
        sensors=", ".join(facts["sensors"]),
        pixel=facts["pixel_m"],
        engine=evidence.engine,
        version=evidence.reetrace_version,
    )


def _accuracies(job: Job) -> list[Any]:
    evidence, press = job.evidence, job.press
    basis = next((each for each in _BASES if lookup.accuracies(evidence, each)), None)
    if basis is None:
        return [press.text(say("Accuracy: not run, no labels were kept apart from training."))]
    head = titles(
        "Epoch", "Labels", "Overall", "Of what is mapped, right", "Of what is there, mapped"
    )
    note = say(
        "The last two columns are user’s and producer’s accuracy of the class “{target}”.",
        target=lookup.target_title(evidence),
    )
    return press.table(
        say(_BASES[basis]),
        head,
        [_row(job, each) for each in lookup.accuracies(evidence, basis)],
        (20, 20, 36, 47, 47),
        align=("left", "right", "right", "right", "right"),
        note=note,
    )


def _row(job: Job, each: Accuracy) -> list[str]:
    place = each.classes.index(job.evidence.legend.target)
    figures = (each.overall, each.users[place], each.producers[place])
    return [
        each.epoch,
        numerals.count(each.labels),
        *(
            f"{numerals.value(figure, unit=False)} ({numerals.interval(figure, unit=False)})"
            for figure in figures
        ),
    ]


def caveats(job: Job, section: Section) -> list[Any]:
    """What the images cannot show, and every doubt the run noted."""
    made = job.opening(section, "Limits")
    if job.evidence.warnings:
        head = Span(f"{say('Noted in this run.')} ", "bold")
        made.append(job.press.text([head, Span(" ".join(noted(job.evidence)))], "small"))
    return made


def digests(job: Job, section: Section) -> list[Any]:
    """What identifies the letter and the folder it was made from, and how to check them."""
    evidence = job.evidence
    made = job.opening(section, "Digests, and how to check")
    rows = [
        ["evidence.json", job.digest],
        [RECORD, job.template.record_digest(evidence)],
    ]
    rows += [
        [say("Model, {family}", family=each.sensor_family), each.digest] for each in evidence.models
    ]
    caption = say(
        "Run {run}: what this letter stands on, below data/, and what it was set with. Every other "
        "file of the folder is listed with its digest in manifest-sha256.txt.",
        run=evidence.run_id,
    )
    return made + job.press.table(
        caption,
        titles("What", "SHA-256"),
        rows,
        (58, 112),
        names=(0, 1),
        fine=(1,),
    )
