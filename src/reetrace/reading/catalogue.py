"""Catalogues of translated words: the plain part of gettext's PO files, each entry checked."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reetrace.core.errors import TemplateError
from reetrace.reading.translations import check_translation

_COUNTED = 1_000
"""Amounts for which a rule is tried."""

_QUOTED = re.compile(r'"(?P<words>(?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


@dataclass(frozen=True)
class Message:
    """One entry: words in English and in the language of its catalogue."""

    english: str
    many: str
    """English for several; empty where the words are the same for any number."""
    forms: tuple[str, ...]
    """In the language, by plural form."""
    fuzzy: bool
    """Marked by the translator as in need of another look: counts as not translated."""
    line: int

    @property
    def translated(self) -> bool:
        """Whether the words may be used."""
        return not self.fuzzy and all(self.forms)


@dataclass(frozen=True)
class Catalogue:
    """The words of one language."""

    language: str
    messages: Mapping[str, Message]
    plural: Callable[[int], int]
    reviewed: bool = False
    """Whether the head of the file names a native speaker who has read it."""

    def form(self, message: Message, amount: int) -> str:
        """The words for a number of things."""
        return message.forms[min(max(0, self.plural(amount)), len(message.forms) - 1)]

    def over(self, base: Catalogue | None) -> Catalogue:
        """Its translations laid over those of another: what it does not translate stays theirs."""
        if base is None:
            return self
        own = {key: each for key, each in self.messages.items() if each.translated}
        return replace(base, messages={**base.messages, **own})


def read_catalogue(path: Path, language: str) -> Catalogue:
    """A PO file, with every translation that may be used checked against its English.

    Raises:
        TemplateError: A line cannot be read, or a translation has other fields or numbers.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: cannot be read: {error}.") from error
    header, messages = parse_catalogue(text, str(path))
    for each in messages.values():
        if each.translated:
            check_message(each, str(path))
    return Catalogue(language, messages, plural_of(header, str(path)), _reviewed(header))


def parse_catalogue(text: str, where: str) -> tuple[str, dict[str, Message]]:
    """The header of a PO file and its messages by their English, translations not yet checked.

    Raises:
        TemplateError: A line cannot be read, or words stand there twice.
    """
    messages: dict[str, Message] = {}
    header = ""
    for each in _entries(text.splitlines(), where):
        if not each.english:
            header = each.forms[0]
            continue
        if each.english in messages:
            raise TemplateError(
                f"{where}, line {each.line}: {each.english[:40]!r} stands there twice. Keep one."
            )
        messages[each.english] = each
    return header, messages


def check_message(message: Message, where: str) -> None:
    """Raises TemplateError where a translation has other fields, figures, marks or lines."""
    english = tuple(each for each in (message.english, message.many) if each)
    for form in message.forms:
        check_translation(form, english, f"{where}, line {message.line}: {message.english[:40]!r}")


def _entries(lines: list[str], where: str) -> Iterator[Message]:
    parts: dict[str, str] = {}
    fuzzy, key, start = False, "", 0
    for number, raw in enumerate([*lines, ""], start=1):
        line = raw.strip()
        if line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        if not line:
            if "msgid" in parts:
                yield _message(parts, start, fuzzy=fuzzy)
            parts, fuzzy, key = {}, False, ""
            continue
        if not line.startswith('"'):
            key, _, line = line.partition(" ")
            start = number if key == "msgid" else start
        words = _QUOTED.fullmatch(line.strip())
        if words is None or not re.fullmatch(r"msgid(_plural)?|msgstr(\[\d\])?", key):
            raise TemplateError(
                f"{where}, line {number}: {raw[:40]!r} is no line of a PO file. "
                "Leave an empty line between entries, and quote the words."
            )
        plain = _ESCAPED.sub(lambda hit: _ESCAPES.get(hit[1], hit[1]), words["words"])
        parts[key] = parts.get(key, "") + plain


def _message(parts: Mapping[str, str], line: int, *, fuzzy: bool) -> Message:
    forms = tuple(parts[key] for key in sorted(parts) if key.startswith("msgstr"))
    return Message(parts["msgid"], parts.get("msgid_plural", ""), forms or ("",), fuzzy, line)


def _reviewed(header: str) -> bool:
    found = re.search(r"^X-Reviewed-By:(.*)$", header, re.MULTILINE)
    name = found[1].strip() if found else ""
    return bool(name) and not name.casefold().startswith("no ")


def plural_of(header: str, where: str) -> Callable[[int], int]:
    """The rule by which a language counts, as the header gives it.

    Raises:
        TemplateError: There is none, or it cannot be worked out.
    """
    rule = re.search(r"plural=([^;\n]+);", header)
    if rule is None:
        raise TemplateError(f"{where}: the header has no Plural-Forms line.")
    try:
        made: Callable[[int], int] = gettext.c2py(rule[1])
        for amount in range(_COUNTED):
            made(amount)
    except (ValueError, ArithmeticError, MemoryError) as error:
        raise TemplateError(f"{where}: Plural-Forms cannot be read: {error}.") from error

    def plural(amount: int) -> int:
        # Rules of languages repeat by the hundred; beyond what was tried a rule might divide by 0.
        return made(amount if amount < _COUNTED else amount % 100 + 100)

    return plural
