"""A report in brief: identity, answer, site, how sure, limits and digests, each in a few lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reetrace.core.results import Accuracy, Measure
from reetrace.reading import findings as sentences
from reetrace.reading import lookup, numerals
from reetrace.report import pictures, told_maps
from reetrace.report.figures import extents
from reetrace.report.fonts import Span
from reetrace.report.sections.cover import MM, brand_mark, standing
from reetrace.report.sections.job import TEXT_MM, Job
from reetrace.report.sections.results import blank_note
from reetrace.report.tabling import layout
from reetrace.report.template import Section

_BASES = {
    "probability-sample": "places drawn by chance in strata of known size, none of them used to "
    "train; this basis speaks for the whole study area",
    "held-out": "blocks of training labels kept apart from training; this basis tells how well "
    "the model repeats its labels, not how good the map is everywhere",
    "cross-validation": "every block of training labels kept apart in turn",
}

_HECTARES_PER_KM2 = 100.0

_MAP_MM, _MAP_TALL_MM = 122.0, 96.0
_MAP_SCALE = 0.7
"""Drawn as wide as its legend needs, and printed smaller."""

_ON_TOP = ", at every epoch; earlier extents lie on top of later ones."

_LONGEST_SOURCE = 240


def letterhead(job: Job, section: Section) -> list[Any]:
    """Whose letter it is, on which site, from which run, drawn or real."""
    evidence, press = job.evidence, job.press
    others = [name.text for name in evidence.site.names if name.text != evidence.site.title]
    first, last = evidence.epochs[0].label, evidence.epochs[-1].label
    period = last if first == last else f"{first} to {last}"
    known_as = "    ".join(others)
    return [
        *brand_mark(job, tallest_mm=13.0),
        press.text(section.heading or job.template.title, "kicker"),
        press.name(evidence.site.title, "title"),
        *([press.name(known_as, "names")] if others else []),
        press.name([Span(period, "bold"), Span(f"  ·  {_identity(job)}")], "period"),
        press.space(2),
        standing(job, width_mm=TEXT_MM, what="letter"),
        press.space(1),
        *job.words(section),
    ]


def _identity(job: Job) -> str:
    evidence = job.evidence
    part = evidence.study_area.id != evidence.site.id
    return f"{evidence.site.id}{f', part of {evidence.study_area.title}' if part else ''}"


def answer(job: Job, section: Section) -> list[Any]:
    """The hectares at every epoch with their intervals, and what can be said of the change."""
    evidence, press = job.evidence, job.press
    made = job.opening(section, "The answer")
    zone_set, zone = lookup.subject(evidence)
    last = evidence.epochs[-1].label
    area = lookup.area(evidence, zone_set, zone, evidence.legend.target, last)
    growth = lookup.whole_growth(evidence, zone_set, zone)
    told = [sentences.extent(evidence, area)] if area else []
    told += [sentences.change(evidence, growth)] if growth else []
    for each in told:
        made.append(press.text([Span(f"{each.text} "), Span(f"[{each.grade}]", "bold")]))
    grades = dict.fromkeys(each.grade for each in told)
    if grades:
        key = "; ".join(f"[{grade}]: {sentences.GRADES[grade]}" for grade in grades)
        made.append(press.text(f"Marks – {key}.", "note"))
    return made + _hectares(job)


def _hectares(job: Job) -> list[Any]:
    evidence = job.evidence
    zone_set, zone = lookup.subject(evidence)
    seen = {each.epoch: each for each in lookup.observations(evidence, zone_set, zone)}
    rows, reasons = [], []
    for area in lookup.areas(evidence, zone_set, zone, evidence.legend.target):
        views = seen.get(area.epoch)
        adjusted = _in_hectares(area.adjusted)
        reasons += [area.adjusted.reason] if adjusted.value is None else []
        rows.append(
            [
                area.epoch,
                numerals.value(_in_hectares(lookup.mapped(evidence, area)), unit=False),
                numerals.value(adjusted, unit=False),
                numerals.interval(adjusted, unit=False),
                numerals.share(views.seen_share) if views else numerals.BLANK,
            ]
        )
    title, what = lookup.side_title(evidence, zone_set, zone), sentences.phrase(evidence)
    return job.press.table(
        f"{what[0].upper()}{what[1:]} in {title}, in hectares (1 ha = 0.01 km²).",
        ("Epoch", "Mapped (ha)", "Error-adjusted (ha)", "95 % interval (ha)", "Seen clear"),
        rows,
        (26, 34, 38, 44, 28),
        align=("left", "right", "right", "right", "right"),
        note=f"Ground not seen clear is counted in no class. {blank_note(reasons)}".strip(),
    )


def _in_hectares(measure: Measure) -> Measure:
    if measure.unit != "km²":
        return measure
    scaled = (
        None if each is None else each * _HECTARES_PER_KM2
        for each in (measure.value, measure.low, measure.high)
    )
    value, low, high = scaled
    return replace(measure, value=value, unit="ha", low=low, high=high)


def site(job: Job, section: Section) -> list[Any]:
    """Where it is, whose outlines were used, and how far it grew, on one map."""
    evidence, press = job.evidence, job.press
    made = job.opening(section, "The site")
    told = [press.name(each, "small") for each in _outlines(job)]
    editions = [each for each in sentences.findings(evidence) if each.text.startswith("Country")]
    told += [press.text(each.text, "small") for each in editions]
    if not any(each.geometry for each in evidence.footprints):
        return made + told
    columns = layout(
        [[told, _map(job)]],
        (TEXT_MM - _MAP_MM * _MAP_SCALE - 6, _MAP_MM * _MAP_SCALE + 6),
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, 0), 0),
            ("LEFTPADDING", (1, 0), (1, 0), 6 * MM),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
        ],
    )
    columns.splitInRow = 1
    return [*made, columns]


def _map(job: Job) -> list[Any]:
    evidence, press = job.evidence, job.press
    picture = extents.nested(job.rasters, width_mm=_MAP_MM, height_mm=_MAP_TALL_MM)
    several = len(evidence.epochs) > 1
    caption = (
        f"Extent of the class “{lookup.target_title(evidence)}” over the natural colour of "
        f"{evidence.epochs[-1].label}{_ON_TOP if several else '.'}"
    )
    shown = press.shown(told_maps.nested(evidence))
    image = pictures.image_class()
    return [
        image(picture.image, _MAP_MM * _MAP_SCALE, _MAP_TALL_MM * _MAP_SCALE, shown),
        press.space(1),
        press.text(caption, "caption"),
    ]


def _outlines(job: Job) -> list[str]:
    """The outlines that areas were counted in, each with its source."""
    evidence = job.evidence
    zone_set, zone = lookup.subject(evidence)
    zones = [("Study area", evidence.study_area.area_of_interest)]
    zones += [
        ("Outline of the mine", each)
        for known in evidence.zone_sets
        if known.id == zone_set == "mines"
        for each in known.zones
        if each.id == zone
    ]
    return [
        f"{what}: {each.name}. Source: {_cut(each.source.rstrip('.'))}, {each.date}"
        f"{'; placed, not surveyed' if each.approximate else ''}."
        for what, each in zones
    ]


def _cut(text: str) -> str:
    """A source in a letter; the whole of it stands in the evidence."""
    return text if len(text) <= _LONGEST_SOURCE else f"{text[:_LONGEST_SOURCE].rstrip()}…"


def certainty(job: Job, section: Section) -> list[Any]:
    """Accuracy on the best basis, what was not seen, the screening, and the method in brief."""
    made = job.opening(section, "How sure") + _accuracies(job) + _screening(job)
    return [*made, job.press.text([Span("Method. ", "bold"), Span(_method(job))])]


def _screening(job: Job) -> list[Any]:
    """The screening of the site; of every mine where the letter is on the study area."""
    evidence, press = job.evidence, job.press
    if not evidence.spectral:
        why = (evidence.spectral_not_run or "no imagery").removeprefix("not run: ").rstrip(".")
        return [press.text(f"The 740 nm screening test was not run: {why}.")]
    _, zone = lookup.subject(evidence)
    of_site = [each for each in evidence.spectral if each.zone == zone]
    told = [sentences.spectral_sentence(evidence, each) for each in of_site or evidence.spectral]
    return [
        *map(press.text, told),
        press.text(
            "The screening points to ground worth a closer look or does not; neither answer "
            "names a mineral, and none says anything about ion-adsorption clays."
        ),
    ]


def _method(job: Job) -> str:
    evidence, facts = job.evidence, job.facts
    return (
        f"Surface reflectance of {', '.join(facts['sensors'])}, the median of the clear "
        f"observations of each season per pixel of {facts['pixel_m']} m; a random forest assigns "
        f"each pixel to a class; areas are counts, adjusted by the map’s error at the places of a "
        f"probability sample where there is one, with 95 % intervals. Engine {evidence.engine}, "
        f"reetrace {evidence.reetrace_version}."
    )


def _accuracies(job: Job) -> list[Any]:
    evidence, press = job.evidence, job.press
    for basis, words in _BASES.items():
        found = lookup.accuracies(evidence, basis)
        if found:
            return press.table(
                f"Accuracy of the maps in per cent, with 95 % intervals. Basis: {words}.",
                (
                    "Epoch",
                    "Labels",
                    "Overall",
                    "Of what is mapped, right",
                    "Of what is there, mapped",
                ),
                [_row(job, each) for each in found],
                (20, 20, 36, 47, 47),
                align=("left", "right", "right", "right", "right"),
                note="The last two columns are user’s and producer’s accuracy of the class "
                f"“{lookup.target_title(evidence)}”.",
            )
    return [press.text("Accuracy: not run, no labels were kept apart from training.")]


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
        noted = " ".join(job.evidence.warnings)
        made.append(job.press.text([Span("Noted in this run. ", "bold"), Span(noted)]))
    return made


def digests(job: Job, section: Section) -> list[Any]:
    """What identifies the letter and the folder it was made from, and how to check them."""
    evidence = job.evidence
    made = job.opening(section, "Digests, and how to check")
    rows = [["data/evidence.json", job.digest]]
    rows += [[f"Model, {each.sensor_family}", each.digest] for each in evidence.models]
    rows.append([f"Template “{job.template.name}”", job.template.digest])
    return made + job.press.table(
        f"Run {evidence.run_id}: what this letter stands on. Every other file of the folder is "
        "listed with its digest in manifest-sha256.txt.",
        ("What", "SHA-256"),
        rows,
        (58, 112),
        names=(0, 1),
        fine=(1,),
    )
