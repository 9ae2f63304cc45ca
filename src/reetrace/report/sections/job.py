"""What every section is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reetrace.core.evidence import Evidence
from reetrace.reading.language import quote
from reetrace.reading.rasters import Rasters
from reetrace.report.attached import Attachment
from reetrace.report.markdown import set_markdown
from reetrace.report.press import Press
from reetrace.report.template import Section, Template

TEXT_MM = 170.0
"""Width of the text, and of a figure."""


@dataclass
class Job:
    """One report in the making."""

    evidence: Evidence
    press: Press
    rasters: Rasters
    template: Template
    facts: Mapping[str, Any]
    digest: str
    """SHA-256 of `evidence.json`."""
    attached: tuple[Attachment, ...] = ()
    """What goes with the report inside of it."""

    def opening(self, section: Section, default_heading: str) -> list[Any]:
        """The heading of a section and its words."""
        made = [self.press.heading(quote(section.heading or default_heading))]
        return made + self.words(section)

    def words(self, section: Section) -> list[Any]:
        """The words of a section: the template's, and those that no template changes."""
        made = self.words_of(section.text) if section.text else []
        fixed = self.template.fixed_words(section.kind, self.facts)
        return made + (set_markdown(self.press, fixed, self.press.where) if fixed else [])

    def words_of(self, name: str) -> list[Any]:
        """The words of one text file."""
        return set_markdown(self.press, self.template.words(name, self.facts), name)
