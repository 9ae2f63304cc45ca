"""The language that a document speaks: its words are looked up, what is not there stays English.

Words are written in English where they are needed and passed through `say`. In another edition the
catalogue of its language gives the words; where it has none, the English stands between two marks,
so that whoever sets the document can say in which language the piece is, and is noted, so that the
document can list it.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec

from reetrace.core.errors import SettingError
from reetrace.reading.catalogue import Catalogue, Message, read_catalogue
from reetrace.reading.translations import numbers_apart
from reetrace.shipped import shipped

P = ParamSpec("P")

ENGLISH = "en"

START, END = "\ufdd0", "\ufdd1"
"""Around English words in another edition. Unicode keeps these two for a program's own use."""

_NEXT_SENTENCE = re.compile(r"(?<=\.) (?=[A-Z])")

_LINE = re.compile(
    r"(?P<lead>\s*(?:\{%.*?%\}\s*)*(?:[-*] |\d+\. |#+ )?)"
    r"(?P<words>.*?)(?P<tail>\s*(?:\{%.*?%\})*\s*)"
)


@dataclass
class Edition:
    """A document in one language, and what of it had to stay English."""

    catalogue: Catalogue
    untranslated: dict[str, None] = field(default_factory=dict)
    """Words of the program, in the order in which they were needed."""
    quoted: dict[str, None] = field(default_factory=dict)
    """Words of the evidence, which stand as they were written."""
    own: bool = False
    """Whether a template's own catalogue is part of it."""

    def find(self, english: str) -> Message | None:
        """The translation of some words, if it may be used."""
        message = self.catalogue.messages.get(english)
        return message if message is not None and message.translated else None


_spoken: ContextVar[Edition | None] = ContextVar("edition", default=None)


def languages() -> tuple[str, ...]:
    """Codes of the languages a report can be had in, English first."""
    found = sorted(path.stem for path in _folder().glob("*.po"))
    return (ENGLISH, *found)


def open_edition(code: str, own: Catalogue | None = None) -> Edition | None:
    """An edition in a language; None for English, which needs no catalogue.

    Args:
        code: Of the language.
        own: A user's catalogue, laid over the shipped one entry by entry.

    Raises:
        SettingError: There is no catalogue of this language.
        TemplateError: The catalogue cannot be used.
    """
    if code == ENGLISH:
        return None
    if code in languages():
        shipped_one = read_catalogue(_folder() / f"{code}.po", code)
        return Edition(own.over(shipped_one) if own else shipped_one, own=own is not None)
    if own is None:
        raise SettingError(f"{code!r} is no known language. Known: {', '.join(languages())}.")
    return Edition(own, own=True)


def _folder() -> Path:
    return shipped("templates") / "default" / "lang"


def catalogue_digest(code: str) -> list[tuple[str, str]]:
    """(name, SHA-256) of the catalogue of a language; none for English."""
    if code == ENGLISH:
        return []
    path = _folder() / f"{code}.po"
    if not path.is_file():
        return []
    content = path.read_bytes()
    return [(f"lang/{code}.po", hashlib.sha256(content).hexdigest())]


@contextmanager
def speaking(edition: Edition | None) -> Iterator[None]:
    """Within, `say` speaks the language of an edition; English where there is none."""
    token = _spoken.set(edition)
    try:
        yield
    finally:
        _spoken.reset(token)


def in_one_language(function: Callable[P, str]) -> Callable[P, str]:
    """A function whose words are of one language: English where any of them lacks a translation.

    For text that cannot say of its parts which language they are in. English in another edition
    stands between marks; names of the evidence stand as they are.
    """

    @functools.wraps(function)
    def within(*arguments: P.args, **options: P.kwargs) -> str:
        edition = current()
        if edition is None:
            return function(*arguments, **options)
        alone = Edition(edition.catalogue)
        with speaking(alone):
            said = function(*arguments, **options)
        edition.untranslated.update(alone.untranslated)
        edition.quoted.update(alone.quoted)
        if not alone.untranslated:
            return plain(said)
        with speaking(None):
            return _marked(function(*arguments, **options))

    return within


def current() -> Edition | None:
    """The edition being made; None for English."""
    return _spoken.get()


def code() -> str:
    """The language being spoken, e.g. `zh-Hans`."""
    edition = current()
    return ENGLISH if edition is None else edition.catalogue.language


def say(english: str, **fields: object) -> str:
    """Words of the program in the language being spoken.

    Args:
        english: As they are written in an English report, fields in braces.
        **fields: What stands for the fields, translated already.

    >>> say("Between {first} and {last}", first=2005, last=2020)
    'Between 2005 and 2020'
    """
    edition = current()
    if edition is None:
        return _filled(english, fields)
    found = edition.find(english)
    if found is None:
        edition.untranslated[english] = None
        return _marked(_filled(english, fields))
    return _filled(edition.catalogue.form(found, 1), fields)


def say_number(one: str, many: str, amount: int, **fields: object) -> str:
    """Words that differ with the number of things they speak of.

    >>> say_number("{n} tree", "{n} trees", 2, n="2")
    '2 trees'
    """
    edition = current()
    english = one if amount == 1 else many
    if edition is None:
        return _filled(english, fields)
    found = edition.find(one)
    if found is None:
        edition.untranslated[one] = None
        return _marked(_filled(english, fields))
    return _filled(edition.catalogue.form(found, amount), fields)


def titles(*english: str) -> tuple[str, ...]:
    """The head of a table."""
    return tuple(say(each) for each in english)


def quote(english: str) -> str:
    """Words that the evidence or a template brings along: fixed ones are translated.

    What is not known to the catalogue stays as it was written, and is listed as a quotation.
    """
    edition = current()
    if edition is None or not re.search(r"[A-Za-z]{3}", english):
        return english
    # `2010–2015, 2005–2020: …`: how many spans stand before the colon is no matter of words.
    head, colon, rest = english.partition(": ")
    told = _known(edition, english)
    if told is None and colon and not re.search(r"[A-Za-z]", head):
        known = _known(edition, rest)
        told = None if known is None else say("{zone}: {areas}", zone=head, areas=known)
    if told is not None:
        return told
    sentences = _NEXT_SENTENCE.split(english)
    if len(sentences) > 1 and any(_known(edition, each) is not None for each in sentences):
        return " ".join(map(quote, sentences))
    edition.quoted[english] = None
    return _marked(english)


def _known(edition: Edition, english: str) -> str | None:
    """The translation of a sentence, as it is written or but for its numbers."""
    found = edition.find(english)
    if found is not None:
        return edition.catalogue.form(found, 1)
    sentence, numbers = numbers_apart(english)
    found = edition.find(sentence)
    return None if found is None else _filled(edition.catalogue.form(found, 1), numbers)


def text_in_language(source: str) -> str:
    """The source of a text template, line by line in the language being spoken."""
    if current() is None:
        return source
    return "\n".join(_line_in_language(each) for each in source.split("\n"))


def lines_to_translate(source: str) -> list[str]:
    """The words of a text template that a catalogue translates, one entry a line."""
    found = (_LINE.fullmatch(each) for each in source.split("\n"))
    return [each["words"] for each in found if each is not None and each["words"]]


def _line_in_language(line: str) -> str:
    parts = _LINE.fullmatch(line)
    if parts is None or not parts["words"]:
        return line
    return f"{parts['lead']}{say(parts['words'])}{parts['tail']}"


def plain(text: str) -> str:
    """A text without the marks of its languages."""
    return text.replace(START, "").replace(END, "")


def pieces(text: str, *, english: int = 0) -> tuple[list[tuple[str, bool]], int]:
    """(words, whether they are English within another edition) of a text.

    Args:
        text: With marks.
        english: How many marks of English are open where it begins.

    Returns:
        The pieces, and how many marks are open where it ends.

    >>> pieces("a\ufdd0b\ufdd1c")
    ([('a', False), ('b', True), ('c', False)], 0)
    """
    made: list[tuple[str, bool]] = []
    for part in re.split(f"([{START}{END}])", text):
        if part == START:
            english += 1
        elif part == END:
            english = max(0, english - 1)
        elif part and made and made[-1][1] == bool(english):
            made[-1] = (made[-1][0] + part, bool(english))
        elif part:
            made.append((part, bool(english)))
    return made, english


def capital(text: str) -> str:
    """A text with its first letter in capitals, marks left alone."""
    at = next((index for index, each in enumerate(text) if each not in START + END), len(text))
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def _filled(text: str, fields: Mapping[str, object]) -> str:
    return text.format(**fields) if fields else text


def _marked(text: str) -> str:
    return f"{START}{text}{END}"
