"""A report in brief, its first page: whose it is, the answer, the site."""

from __future__ import annotations

from typing import Any

from reetrace.reading import findings as sentences
from reetrace.reading import headlines, lookup
from reetrace.reading.language import quote, say, titles
from reetrace.report import flow, fonts, pictures, told_maps
from reetrace.report.figures import extents
from reetrace.report.figures.plate import BAND_MM
from reetrace.report.fonts import Span
from reetrace.report.sections.cover import MM, brand_mark, standing
from reetrace.report.sections.job import TEXT_MM, Job
from reetrace.report.sections.results import blank_note
from reetrace.report.tabling import layout
from reetrace.report.template import Section

_MAP_MM, _MAP_TALL_MM = 122.0, 96.0
_MAP_SCALE, _SMALLER = 0.7, 0.86
"""Drawn as wide as its legend needs, and printed smaller."""

_SEVERAL = (
    "Extent of the class “{target}” over the natural colour of {epoch}, at every epoch; earlier "
    "extents lie on top of later ones."
)
_ONE = "Extent of the class “{target}” over the natural colour of {epoch}."

_GIVEN = "{what}: {name}. Source: {source}, {date}."
_PLACED = "{what}: {name}. Source: {source}, {date}; placed, not surveyed."

_LONGEST_SOURCE = 240


def letterhead(job: Job, section: Section) -> list[Any]:
    """Whose letter it is, on which site, from which run, drawn or real."""
    evidence, press = job.evidence, job.press
    others = [name.text for name in evidence.site.names if name.text != evidence.site.title]
    first, last = evidence.epochs[0].label, evidence.epochs[-1].label
    period = last if first == last else say("{first} to {last}", first=first, last=last)
    known_as = "    ".join(others)
    return [
        *brand_mark(job, tallest_mm=13.0),
        press.text(quote(section.heading or job.template.title), "kicker"),
        _title(job),
        *([press.name(known_as, "names")] if others else []),
        press.name([Span(period, "bold"), Span(f"  ·  {_identity(job)}")], "period"),
        press.space(2),
        standing(job, width_mm=TEXT_MM, what="letter"),
        press.space(1),
        *job.words(section),
    ]


_SMALL_TITLE = 14.0
"""Points of a name that would take two lines at its full size."""


def _title(job: Job) -> Any:  # noqa: ANN401 - a flowable
    made = job.press.name(quote(job.evidence.site.title), "title")
    if not _is_long(job):
        return made
    small = made.style.clone("title", fontSize=_SMALL_TITLE, leading=_SMALL_TITLE * 1.3)
    again = flow.words(made.spans, small)
    again.part, again.group, again.node = made.part, made.group, made.node
    return again


def _is_long(job: Job) -> bool:
    size = job.press.style("title").fontSize
    return fonts.text_width(job.evidence.site.title, size, "bold") > TEXT_MM * MM


def _identity(job: Job) -> str:
    evidence = job.evidence
    if evidence.study_area.id == evidence.site.id:
        return evidence.site.id
    return evidence.site.id + say(", part of {place}", place=quote(evidence.study_area.title))


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
        made.append(press.text([Span(f"{each.text} "), Span(f"[{say(each.grade)}]", "bold")]))
    grades = dict.fromkeys(each.grade for each in told)
    if grades:
        key = say("; ").join(
            say("“{mark}”: {meaning}", mark=say(grade), meaning=say(sentences.GRADES[grade]))
            for grade in grades
        )
        made.append(press.text(say("Marks – {marks}.", marks=key), "note"))
    return made + _hectares(job)


def _hectares(job: Job) -> list[Any]:
    told = headlines.hectares(job.evidence)
    return job.press.table(
        told.title,
        titles("Epoch", "Mapped (ha)", "Error-adjusted (ha)", "95 % interval (ha)", "Seen clear"),
        [list(row) for row in told.rows],
        (26, 34, 38, 44, 28),
        align=("left", "right", "right", "right", "right"),
        note=" ".join(
            each
            for each in (
                say("Ground not seen clear is counted in no class."),
                blank_note(list(told.reasons)),
            )
            if each
        ),
    )


def site(job: Job, section: Section) -> list[Any]:
    """Where it is, whose outlines were used, and how far it grew, on one map."""
    evidence, press = job.evidence, job.press
    made = job.opening(section, "The site")
    told = [press.name(each, "small") for each in _outlines(job)]
    told += [press.text(each, "small") for each in _editions(job)]
    if not any(each.geometry for each in evidence.footprints):
        return made + told
    shown = press.shown(told_maps.nested(evidence))
    # The notice of drawn imagery takes its room from the map, not from the letter.
    tall_mm = _MAP_TALL_MM - (BAND_MM if evidence.simulated else 0.0)
    picture = extents.nested(job.rasters, width_mm=_MAP_MM, height_mm=tall_mm)
    # A long name comes again and again: what it takes of the page is taken from the map.
    scale = _MAP_SCALE * (_SMALLER if _is_long(job) else 1.0)
    wide, tall = picture.width_mm * scale, picture.height_mm * scale
    # Beside the map, not beneath it: so the page holds both where names are long.
    told.append(press.text(_caption(job), "caption"))
    columns = layout(
        [[told, pictures.image_class()(picture.image, wide, tall, shown)]],
        (TEXT_MM - wide - 6, wide + 6),
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


def _caption(job: Job) -> str:
    evidence = job.evidence
    return say(
        _SEVERAL if len(evidence.epochs) > 1 else _ONE,
        target=lookup.target_title(evidence),
        epoch=evidence.epochs[-1].label,
    )


def _outlines(job: Job) -> list[str]:
    """The outlines that areas were counted in, each with its source."""
    evidence = job.evidence
    zone_set, zone = lookup.subject(evidence)
    zones = [(say("Study area"), evidence.study_area.area_of_interest)]
    zones += [
        (say("Outline of the mine"), each)
        for known in evidence.zone_sets
        if known.id == zone_set == "mines"
        for each in known.zones
        if each.id == zone
    ]
    return [
        say(
            _PLACED if each.approximate else _GIVEN,
            what=what,
            name=quote(each.name),
            source=quote(_cut(each.source.rstrip("."))),
            date=each.date,
        )
        for what, each in zones
    ]


def _editions(job: Job) -> list[str]:
    """The finding that compares the editions of the border: the one that names every edition."""
    sets = lookup.country_sets(job.evidence)
    names = [each.edition or each.title for each in sets]
    told = [each.text for each in sentences.findings(job.evidence)]
    return [each for each in told if len(names) > 1 and all(name in each for name in names)]


def _cut(text: str) -> str:
    """A source in a letter; the whole of it stands in the evidence."""
    return text if len(text) <= _LONGEST_SOURCE else f"{text[:_LONGEST_SOURCE].rstrip()}…"
