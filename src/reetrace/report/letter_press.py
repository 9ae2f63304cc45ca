"""The setter of a letter: the same words at the same size, with less room around headings."""

from __future__ import annotations

from typing import Any

from reetrace.core.evidence import Evidence
from reetrace.reading.language import ENGLISH, code
from reetrace.report.brand import Brand
from reetrace.report.press import Press
from reetrace.report.voices import BURMESE, CHINESE

_CLOSER: dict[str, dict[str, Any]] = {
    "title": {"fontSize": 19, "leading": 24},
    "names": {"fontSize": 10.5, "leading": 16, "spaceBefore": 2},
    "heading0": {"fontSize": 12, "leading": 15.5, "spaceBefore": 8, "spaceAfter": 2.5},
    "heading1": {"fontSize": 10, "leading": 13.5, "spaceBefore": 5, "spaceAfter": 2},
    "body": {"leading": 12.6, "spaceAfter": 3.5},
    "bullet": {"leading": 12.6, "spaceAfter": 2},
    "numbered": {"leading": 12.6, "spaceAfter": 1.5},
}
"""Nothing that is read is smaller than in a report."""

_CLOSER_STILL: dict[str, dict[str, Any]] = {
    "heading0": {"spaceBefore": 6, "spaceAfter": 2},
    "body": {"leading": 12.1, "spaceAfter": 3},
    "numbered": {"leading": 12.1},
}
"""In a language of Latin letters other than English, which takes a sixth more words."""


class LetterPress(Press):
    """Makes flowables for a letter of a few pages."""

    def __init__(self, evidence: Evidence, brand: Brand) -> None:
        super().__init__(evidence, brand)
        for name, settings in _CLOSER.items():
            self._styles[name] = self.style(name).clone(name, **settings)
        if code() not in {ENGLISH, CHINESE, BURMESE}:
            for name, settings in _CLOSER_STILL.items():
                self._styles[name] = self.style(name).clone(name, **settings)
