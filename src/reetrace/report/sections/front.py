"""Behind the cover: contents, and how to read the report."""

from __future__ import annotations

from typing import Any

from reetrace.report.sections.job import Job
from reetrace.report.template import Section


def contents(job: Job, section: Section) -> list[Any]:
    """The list of sections with their pages, and the words of the section beneath."""
    from reportlab.platypus.tableofcontents import TableOfContents

    press = job.press
    listing = TableOfContents()
    listing.levelStyles = [press.style("contents")]
    listing.dotsMinLevel = 0
    made = [press.text(section.heading or "Contents", "contents_title"), listing]
    return [*made, press.space(3), *_boxed(job, section)]


def _boxed(job: Job, section: Section) -> list[Any]:
    words = job.words(section)
    return [job.press.box(words), job.press.space(3)] if words else []
