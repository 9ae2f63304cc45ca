"""Catalogues of translated words: the plain part of gettext's PO files, each entry checked."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reetrace.core.errors import TemplateError

_FIELD = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\w+\}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
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
        return message.forms[min(self.plural(amount), len(message.forms) - 1)]


def read_catalogue(path: Path, language: str) -> Catalogue:
    """A PO file, with every translation that may be used checked against its English.

    Raises:
        TemplateError: A line cannot be read, or a translation has other fields or numbers.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: cannot be read: {error}.") from error
    messages: dict[str, Message] = {}
    header = ""
    for each in _entries(lines, path):
        if not each.english:
            header = each.forms[0]
            continue
        if each.english in messages:
            raise TemplateError(
                f"{path}, line {each.line}: {each.english[:40]!r} stands there twice. Keep one."
            )
        if each.translated:
            _check(each, path)
        messages[each.english] = each
    return Catalogue(language, messages, _plural(header, path), _reviewed(header))


def _entries(lines: list[str], path: Path) -> Iterator[Message]:
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
                f"{path}, line {number}: {raw[:40]!r} is no line of a PO file. "
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
    return bool(name) and not name.startswith("no ")


def _plural(header: str, path: Path) -> Callable[[int], int]:
    rule = re.search(r"plural=([^;\n]+);", header)
    if rule is None:
        raise TemplateError(f"{path}: the header has no Plural-Forms line.")
    try:
        made: Callable[[int], int] = gettext.c2py(rule[1])
    except ValueError as error:
        raise TemplateError(f"{path}: Plural-Forms cannot be read: {error}.") from error
    return made


def _check(message: Message, path: Path) -> None:
    """Fields and figures of a translation are those of its English."""
    wanted = [sorted(_FIELD.findall(each)) for each in (message.english, message.many) if each]
    figures = [figures_of(each) for each in (message.english, message.many) if each]
    for form in message.forms:
        where = f"{path}, line {message.line}: {message.english[:40]!r}"
        if sorted(_FIELD.findall(form)) not in wanted:
            needed = ", ".join(wanted[-1]) or "none"
            raise TemplateError(f"{where}: the translation has other fields. Needed: {needed}.")
        if figures_of(form) not in figures:
            needed = ", ".join(sorted(figures[-1])) or "none"
            raise TemplateError(f"{where}: the translation has other figures. Needed: {needed}.")


def figures_of(text: str) -> set[str]:
    """The numbers written in digits in a text, fields left out.

    >>> sorted(figures_of("Depth at 740 nm, {pixels} of 1,234"))
    ['1,234', '740']
    """
    return set(_NUMBER.findall(_FIELD.sub(" ", text)))
