"""Findings in print, whether on the pages of the report or on the page for a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence
from reetrace.evidence.agreement.pages import squeezed
from reetrace.evidence.document import read_bytes
from reetrace.evidence.files import sha256_of
from reetrace.reading import lookup
from reetrace.reading.findings import change, extent, findings
from reetrace.reading.language import plain

COMPANION = "data/companion.html"

_LARGEST_PAGE_BYTES = 64 * 1024 * 1024
_FIGURES = re.compile(r"[0-9]")
_UNREAD = frozenset({"script", "style"})


def check_findings(text: str, evidence: Evidence, file: str) -> int:
    """Every finding whose words are printed is printed with the figures of the evidence.

    Templates choose which findings they print, and other languages have other words: what is not
    printed is not compared.

    Args:
        text: Of the whole document.
        evidence: Its findings.
        file: As an error names it.

    Returns:
        How many were printed.

    Raises:
        EvidenceError: Names the first that is printed with other figures.
    """
    printed = squeezed(text)
    masked = _FIGURES.sub("0", printed)
    compared: list[str] = []
    for stated in _stated(evidence):
        sentence = squeezed(plain(stated))
        if sentence in printed:
            compared += [] if any(sentence in each for each in compared) else [sentence]
        elif _any_figures(sentence).search(masked):
            raise EvidenceError(
                f"{file}: prints other figures than evidence.json gives: {stated[:160]!r}."
            )
    return len(compared)


def _stated(evidence: Evidence) -> Iterator[str]:
    """Every finding, and the two that a letter states each by itself."""
    yield from (each.text for each in findings(evidence))
    zone_set, zone = lookup.subject(evidence)
    last = evidence.epochs[-1].label
    area = lookup.area(evidence, zone_set, zone, evidence.legend.target, last)
    growth = lookup.whole_growth(evidence, zone_set, zone)
    if area is not None:
        yield extent(evidence, area).text
    if growth is not None:
        yield change(evidence, growth).text


def _any_figures(sentence: str) -> re.Pattern[str]:
    """A sentence with whatever numbers in place of its own."""
    literal = re.escape(_FIGURES.sub("0", sentence)).replace(r"\.", ".")
    return re.compile(re.sub(r"0[0,.]*", "0[0,.]*", literal))


class _Words(HTMLParser):
    """What a page says, without its scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.within = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Counts into what is not read."""
        del attrs
        self.within += tag in _UNREAD

    def handle_endtag(self, tag: str) -> None:
        """Counts out of it."""
        self.within = max(0, self.within - (tag in _UNREAD))

    def handle_data(self, data: str) -> None:
        """Keeps what is read."""
        if not self.within:
            self.parts.append(data)


def check_companion(evidence: Evidence, bag: Path) -> str:
    """Hold the page for a browser against the evidence; returns what was compared, or nothing.

    Raises:
        EvidenceError: It is of another evidence, or prints other figures.
    """
    path = bag / COMPANION
    if not path.is_file():
        return ""
    if path.stat().st_size > _LARGEST_PAGE_BYTES:
        raise EvidenceError(f"{COMPANION}: is larger than {_LARGEST_PAGE_BYTES:,} bytes.")
    words = _Words()
    try:
        words.feed(read_bytes(path).decode("utf-8"))
    except (UnicodeDecodeError, AssertionError) as fault:
        raise EvidenceError(f"{COMPANION}: is no page in UTF-8 ({fault}).") from fault
    text = "".join(words.parts)
    digest = sha256_of(bag / "data" / "evidence.json")
    if digest not in squeezed(text):
        raise EvidenceError(
            f"{COMPANION}: does not print the SHA-256 of data/evidence.json ({digest[:12]}…)."
        )
    return f"{check_findings(text, evidence, COMPANION)} findings and the digest"
