"""At the end of an edition that is not English: what of it stands in English, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.reading.language import END, START, Edition, current, plain, say
from reetrace.reading.translations import numbers_apart
from reetrace.report.fonts import Span
from reetrace.report.sections.job import Job

_ON_EVERY_PAGE = (
    "Page {page} of {total}",
    "Run {run} · evidence.json SHA-256 {digest}",
    "{title}, page {page}",
    "Not translated",
)
"""Said only when the pages are set, after the list is made."""

_LONGEST = 96


def untranslated(job: Job) -> list[Any]:
    """The list; nothing in an English report."""
    edition = current()
    if edition is None:
        return []
    for each in (*_ON_EVERY_PAGE, *([SIMULATED_NOTICE] if job.evidence.simulated else [])):
        if edition.find(each) is None:
            edition.untranslated[each] = None
    press = job.press
    press.begin("untranslated")
    if job.template.is_letter:
        return _in_brief(job, edition)
    made: list[Any] = [press.heading(say("Not translated")), press.text(_standing(edition))]
    if edition.untranslated:
        made.append(press.text(_lacking()))
        made += [press.name(_shown(each), "note") for each in edition.untranslated]
    if edition.quoted:
        made.append(press.text(_carried()))
        made.append(press.name(" · ".join(map(_shown, _once(edition.quoted))), "note"))
    return made


def _in_brief(job: Job, edition: Edition) -> list[Any]:
    """In a letter, the same in as many paragraphs as it has parts."""
    press = job.press
    head = Span(f"{say('Not translated')} – ", "bold")
    made: list[Any] = [press.text([head, Span(_standing(edition))], "note")]
    for said, words in ((_lacking, edition.untranslated), (_carried, _once(edition.quoted))):
        if words:
            shown = " · ".join(_shown(each, longest=_LONGEST // 2) for each in words)
            made.append(press.name(f"{said()} {shown}", "note"))
    return made


def _lacking() -> str:
    return say(
        "These words of the report stand in English, because the catalogue has no translation of "
        "them:"
    )


def _carried() -> str:
    return say("These words stand as the evidence and the registry carry them, in English:")


def _standing(edition: Edition) -> str:
    """What this translation is worth, and what of the folder is English in every edition."""
    told = [
        say("This is a translation of the English edition, whose words count where the two differ.")
    ]
    if not edition.catalogue.reviewed:
        told.append(say("No native speaker has reviewed it yet."))
    if edition.own:
        told.append(say("Words of it come from a catalogue of the template’s own."))
    told.append(
        say(
            "The workbook, the companion page for a browser, the data files and the names of "
            "files are in English in every edition. Numbers and dates are written as in the "
            "English edition."
        )
    )
    return " ".join(told)


def _once(quoted: Iterable[str]) -> list[str]:
    """Sentences that differ in their numbers alone are listed by the first of them."""
    found: dict[str, str] = {}
    for each in quoted:
        found.setdefault(numbers_apart(each)[0], each)
    return list(found.values())


def _shown(english: str, *, longest: int = _LONGEST) -> str:
    """Enough of a text to find it by."""
    text = " ".join(plain(english).split())
    short = text if len(text) <= longest else f"{text[:longest].rsplit(' ', 1)[0]}…"
    return f"{START}{short}{END}"
