"""The cover: the answer first, with how sure it is, where it is, and whether it is drawn."""

from __future__ import annotations

import io
from typing import Any

from reetrace.reading import findings, headlines
from reetrace.reading.language import quote, say, say_number
from reetrace.report import pictures, told_maps
from reetrace.report.figures import locator
from reetrace.report.figures.plate import Picture
from reetrace.report.fonts import Span
from reetrace.report.pages import BODY_MM, notice_of
from reetrace.report.sections.job import TEXT_MM, Job
from reetrace.report.tabling import layout
from reetrace.report.template import Section

MM = 72.0 / 25.4

_LEFT_MM, _RIGHT_MM = 108.0, 62.0

_GLOBE_MM = 46.0

_MAP_EDGE_MM = 18.0
"""Of a map, for its labels, title and legend."""

_WORTH_MOVING = 1.25
"""How much larger a map must be beneath the answers to leave the side of them."""

_FITS = (
    (4.4, "answer"), (3.2, "answer"), (2.0, "answer"), (1.0, "answer"), (1.0, "small"),
    (0.2, "small"),
)  # fmt: skip
"""Room between the answers, and the style of the sentence above them: the first that fits."""

_PURPOSE = {
    "report": "This report supports due diligence; it does not replace it.",
    "letter": "This letter supports due diligence; it does not replace it.",
}


def cover(job: Job, section: Section) -> list[Any]:
    """The first page."""
    from reportlab.platypus import PageBreak

    head = [*brand_mark(job), *_title(job, section)]
    room_mm = BODY_MM - sum(_height(each) for each in head) / MM
    answers = _fitting_answers(job, room_mm)
    taken_mm = max(_GLOBE_MM, sum(_height(each, _LEFT_MM * MM - 12) for each in answers) / MM)
    beneath = _map_beneath(job, room_mm - taken_mm - 12.0)
    globe = _globe(job)
    right = globe if beneath else [*globe, job.press.space(1), _map(job, _map_beside(job, room_mm))]
    return [*head, _two_columns(answers, right), *beneath, PageBreak()]


def _height(flowable: Any, width: float = TEXT_MM * MM) -> float:  # noqa: ANN401 - any flowable
    _, height = flowable.wrap(width, 10_000)
    return float(height + flowable.getSpaceBefore() + flowable.getSpaceAfter())


def brand_mark(job: Job, *, tallest_mm: float = 11.0) -> list[Any]:
    """The logo, or the name where there is none, above a rule."""
    from reportlab.lib.colors import HexColor

    press, brand = job.press, job.template.brand
    rule = pictures.rule_class()(
        width="100%", thickness=1.6, color=HexColor(brand.secondary), spaceBefore=3, spaceAfter=12
    )
    if brand.logo is None:
        return [press.name([Span(brand.name, "bold")], "kicker"), rule]
    from PIL import Image

    with Image.open(io.BytesIO(brand.logo)) as opened:
        wide, tall = opened.size
    height = min(tallest_mm, 60.0 * tall / wide)
    image, node = pictures.opaque(brand.logo), press.shown(f"Logo: {brand.name}")
    return [pictures.image_class()(image, height * wide / tall, height, node), rule]


def _title(job: Job, section: Section) -> list[Any]:
    evidence, press = job.evidence, job.press
    others = [name.text for name in evidence.site.names if name.text != evidence.site.title]
    first, last = evidence.epochs[0].label, evidence.epochs[-1].label
    period = last if first == last else say("{first} to {last}", first=first, last=last)
    part = (
        say(", part of {place}", place=quote(evidence.study_area.title))
        if evidence.study_area.id != evidence.site.id
        else ""
    )
    return [
        press.text(quote(section.heading or job.template.title), "kicker"),
        _name(job),
        *([press.name("    ".join(others), "names")] if others else []),
        press.name([Span(f"{period}", "bold"), Span(f"  ·  {evidence.site.id}{part}")], "period"),
        press.space(4),
    ]


def _name(job: Job) -> Any:  # noqa: ANN401 - a flowable
    """The name of the site: smaller where it is long, in lines of like length."""
    text, width = quote(job.evidence.site.title), TEXT_MM * MM
    name = job.press.name(text, "title")
    if _height(name) < 2 * name.style.leading:
        return name
    name = job.press.name(text, "title_long")
    tall = _height(name)
    shares = (share / 20 for share in range(10, 20))
    even = next((share for share in shares if _height(name, width * share) <= tall), 1.0)
    # Made anew: it keeps the lines of the width that was tried last.
    made = job.press.name(text, "title_long")
    made.style = made.style.clone("title_even", rightIndent=width * (1 - even))
    return made


def _two_columns(left: list[Any], right: list[Any]) -> Any:  # noqa: ANN401 - a flowable
    return layout(
        [[left, right]],
        (_LEFT_MM, _RIGHT_MM),
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, 0), 0),
            ("RIGHTPADDING", (0, 0), (0, 0), 12),
            ("LEFTPADDING", (1, 0), (1, 0), 0),
            ("RIGHTPADDING", (1, 0), (1, 0), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
        ],
    )


def _fitting_answers(job: Job, room_mm: float) -> list[Any]:
    """The answers with as much air between them as the page has room for."""
    made: list[Any] = []
    for gap_mm, style in _FITS:
        made = _answers(job, gap_mm, style)
        if sum(_height(each, _LEFT_MM * MM - 12) for each in made) <= room_mm * MM - 12:
            break
    return made


def _answers(job: Job, gap_mm: float, style: str) -> list[Any]:
    press, evidence = job.press, job.evidence
    made: list[Any] = [
        press.text(findings.findings(evidence)[0].text, style),
        press.space(gap_mm),
    ]
    told = [*headlines.answers(evidence), None, *headlines.certainty(evidence)]
    for each in told:
        # The sides of the border stand between the answers and how sure they are.
        made += _sides(job, gap_mm) if each is None else _tile(job, each, gap_mm)
    made.append(press.space(1))
    made.append(standing(job, width_mm=_LEFT_MM - 6.0))
    return made


def _sides(job: Job, gap_mm: float) -> list[Any]:
    """The last epoch on each side of the border, under the first edition."""
    press, found = job.press, headlines.sides(job.evidence)
    if found is None:
        return []
    lines = [
        press.text(
            [Span(f"{each.title}  "), Span(each.figure, "bold"), Span(f"  {each.how}")], "side"
        )
        for each in found.sides
    ]
    return [press.text(found.title, "figure_title"), *lines, press.space(gap_mm)]


def _tile(job: Job, told: headlines.Headline, gap_mm: float) -> list[Any]:
    press = job.press
    return [
        press.text(told.title, "figure_title"),
        press.text(told.figure, "figure_value"),
        *(press.text(each, "figure_interval") for each in told.below),
        press.space(gap_mm),
    ]


def _drawn(scenes: int, drawn: int) -> str:
    if not drawn:
        return say(
            "The labels were drawn by a program to show the method. No figure here says anything "
            "about the real place."
        )
    if drawn == scenes:
        return say(
            "All {count} images were drawn by a program to show the method. No figure here says "
            "anything about the real place.",
            count=scenes,
        )
    return say(
        "{drawn} of {count} images were drawn by a program to show the method. No figure here says "
        "anything about the real place.",
        drawn=drawn,
        count=scenes,
    )


def _public(job: Job) -> list[Any]:
    """That places are not where they are printed: nobody may have to find it on a later page."""
    if job.evidence.publication is None:
        return []
    told = say(
        "Every place is moved, and what is withheld is listed among what was noted in this run."
    )
    return [job.press.text([Span(f"{say('Public edition.')} ", "bold"), Span(told)], "small")]


def standing(job: Job, *, width_mm: float, what: str = "report") -> Any:  # noqa: ANN401 - a flowable
    """Drawn or real, and what the document is for."""
    evidence, press = job.evidence, job.press
    used = [*(scene for each in evidence.epochs for scene in each.scenes)]
    used += evidence.spectral_scenes
    # An image that was mapped and screened is one image.
    images = {scene.id: scene.simulated for scene in used}
    scenes, drawn = len(images), sum(images.values())
    if evidence.simulated:
        kind = [
            Span(f"{notice_of(evidence)}. ", "bold"),
            Span(_drawn(scenes, drawn)),
        ]
    else:
        kind = [
            Span(f"{say('Satellite imagery.')} ", "bold"),
            Span(
                say_number(
                    "{count} image, listed with the digests of its files.",
                    "{count} images, each listed with the digests of its files.",
                    scenes,
                    count=scenes,
                )
            ),
        ]
    run = say(
        "Run {run} · reetrace {version} · engine {engine} · latest image {date}",
        run=evidence.run_id,
        version=evidence.reetrace_version,
        engine=evidence.engine,
        date=evidence.issue_date,
    )
    return press.box(
        [
            press.text(kind, "small"),
            *_public(job),
            press.text(say(_PURPOSE[what]), "small"),
            press.name(run, "note"),
        ],
        width_mm=width_mm,
    )


def _globe(job: Job) -> list[Any]:
    globe = locator.globe(job.rasters, side_mm=_GLOBE_MM)
    shown = job.press.shown(told_maps.globe(job.evidence))
    image = pictures.image_class()(globe.image, globe.width_mm, globe.height_mm, shown)
    return [_centred(image, _RIGHT_MM)]


def _map_beside(job: Job, room_mm: float) -> Picture:
    """The map of the area as it fits beneath the globe."""
    return locator.area(job.rasters, width_mm=_RIGHT_MM, most_mm=min(150.0, room_mm - 66.0))


def _map_beneath(job: Job, room_mm: float) -> list[Any]:
    """The same across the page, where the answers leave it more room there than at their side."""
    west, south, east, north = job.evidence.grid.bounds
    across, up = east - west, north - south
    beside_mm = min(_RIGHT_MM - _MAP_EDGE_MM, (150.0 - _MAP_EDGE_MM) * across / up)
    beneath_mm = min(TEXT_MM - _MAP_EDGE_MM, (room_mm - _MAP_EDGE_MM) * across / up)
    if beneath_mm < beside_mm * _WORTH_MOVING:
        return []
    picture = locator.area(job.rasters, width_mm=TEXT_MM, most_mm=room_mm)
    return [job.press.space(3), _centred(_map(job, picture), TEXT_MM)]


def _map(job: Job, picture: Picture) -> Any:  # noqa: ANN401 - a flowable
    shown = job.press.shown(told_maps.area(job.evidence))
    return pictures.image_class()(picture.image, picture.width_mm, picture.height_mm, shown)


def _centred(image: Any, width_mm: float) -> Any:  # noqa: ANN401 - flowables
    pads = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("TOP", "LEFT", "RIGHT")]
    return layout([[image]], (width_mm,), [("ALIGN", (0, 0), (-1, -1), "CENTER"), *pads])
