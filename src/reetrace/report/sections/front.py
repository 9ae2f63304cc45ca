"""Behind the cover: contents, and how to read the report."""

from __future__ import annotations

from typing import Any

from reetrace.reading.language import quote
from reetrace.report.listing import contents_class
from reetrace.report.sections.job import Job
from reetrace.report.template import Section


def contents(job: Job, section: Section) -> list[Any]:
    """The list of sections with their pages, and the words of the section beneath."""
    press = job.press
    heading = press.text(quote(section.heading or "Contents"), "contents_title")
    lines = sum(each.kind not in {"cover", "contents"} for each in job.template.sections)
    listing = contents_class()(press.style("contents"), press.place, lines)
    return [heading, listing, press.space(3), *_boxed(job, section)]


def _boxed(job: Job, section: Section) -> list[Any]:
    words = job.words(section)
    return [job.press.box(words), job.press.space(3)] if words else []
