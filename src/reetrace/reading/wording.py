"""What a report may not say: a check that runs over every sentence before it is printed."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reetrace.core.errors import TemplateError

_FILE = Path(__file__).with_name("forbidden.toml")


@dataclass(frozen=True)
class Hit:
    """A forbidden word found in a text."""

    word: str
    """As it stands in the text."""
    instead: str


@lru_cache(maxsize=1)
def _words() -> tuple[tuple[re.Pattern[str], str], ...]:
    """English first; a text in any language is held against the lists of all of them."""
    files = [_FILE, *sorted(_FILE.parent.glob("forbidden.*.toml"))]
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in files]
    return tuple(
        (re.compile(row["pattern"], re.IGNORECASE), row["instead"])
        for table in tables
        for row in table["word"]
    )


def forbidden(text: str) -> list[Hit]:
    """Every forbidden word of a text, in the order of the list.

    >>> [hit.word for hit in forbidden("Neodymium was confirmed at the illegal pit.")]
    ['illegal', 'confirmed']
    >>> forbidden("A screening test showed an anomaly.")
    []
    """
    plain = " ".join(text.split())
    hits: dict[int, Hit] = {}
    for pattern, instead in _words():
        for match in pattern.finditer(plain):
            # Some words are spelt alike in two languages: the English list speaks first.
            hits.setdefault(match.start(), Hit(match.group(), instead))
    return list(hits.values())


def check(text: str, where: str) -> None:
    """Raises TemplateError where a text says what no image can show."""
    hits = forbidden(text)
    if hits:
        raise TemplateError(
            f"{where}: the word {hits[0].word!r} may not stand in a report "
            f"({_around(text, hits[0])}). Write instead: {hits[0].instead}."
        )


def _around(text: str, hit: Hit) -> str:
    """The words beside a hit, so that its author finds it."""
    plain = " ".join(text.split())
    at = plain.find(hit.word)
    start, end = max(0, at - 30), at + len(hit.word) + 30
    return f"“{'…' if start else ''}{plain[start:end]}{'…' if end < len(plain) else ''}”"
