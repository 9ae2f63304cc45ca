"""Catalogues of a user's template folder, `lang/CODE.po`, laid over the shipped ones."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reetrace.core.errors import TemplateError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.reading.catalogue import (
    Catalogue,
    Message,
    check_message,
    parse_catalogue,
    plural_of,
)
from reetrace.reading.language import ENGLISH, languages, lines_to_translate, open_edition
from reetrace.report import fonts
from reetrace.report.kinds import FIXED
from reetrace.report.lint import refuse_disguised
from reetrace.report.template_files import Faults, is_there, names_within, read_within
from reetrace.shipped import shipped

FOLDER = "lang"

MOST_BYTES = 1_048_576
"""Of one catalogue; the largest that ships has an eighth of it."""

_NAME = re.compile(r"lang/([a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?)\.po")

_SHORTEST, _LONGEST = 0.1, 5.0
"""Characters of a sentence beside its English: Chinese needs a third of them, Burmese half more."""

_SENTENCE = 40
"""Characters from which English words are a sentence, whose length tells something."""


@dataclass(frozen=True)
class OwnCatalogue:
    """One catalogue of a user's folder."""

    catalogue: Catalogue
    sha256: str

    @property
    def name(self) -> str:
        """Of its file."""
        return f"{FOLDER}/{self.catalogue.language}.po"


def read_catalogues(folder: Path, faults: Faults) -> Mapping[str, OwnCatalogue]:
    """The catalogues of a user's folder by language; every complaint is noted."""
    found: dict[str, OwnCatalogue] = {}
    if not is_there(folder, FOLDER):
        return found
    with faults.noted():
        for name in names_within(folder, FOLDER):
            if name.lower() == f"{FOLDER}/readme.md":
                continue
            with faults.noted():
                made = _read(folder, name, faults)
                found[made.catalogue.language] = made
    return found


def _read(folder: Path, name: str, faults: Faults) -> OwnCatalogue:
    path = folder / name
    code = _NAME.fullmatch(name)
    if code is None or code[1] == ENGLISH:
        raise TemplateError(
            f"{path}: is no catalogue of a language other than English. Name it after the code of "
            "the language, e.g. lang/fr.po or lang/pt-BR.po."
        )
    content = read_within(folder, name, most_bytes=MOST_BYTES, said_by=str(path))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise TemplateError(
            f"{path}: not text in UTF-8 (byte {fault.start}). Save it as UTF-8."
        ) from fault
    header, messages = parse_catalogue(text, str(path))
    ours = open_edition(code[1]) if code[1] in languages() else None
    plural = plural_of(header, str(path)) if ours is None else ours.catalogue.plural
    shipped_one = {} if ours is None else ours.catalogue.messages
    for each in messages.values():
        if each.translated:
            with faults.noted():
                _check(each, path, shipped_one)
    made = Catalogue(code[1], messages, plural)
    return OwnCatalogue(made, hashlib.sha256(content).hexdigest())


def _check(message: Message, path: Path, shipped_one: Mapping[str, Message]) -> None:
    """What somebody else wrote is held to more than what ships."""
    check_message(message, str(path))
    where = f"{path}, line {message.line}: {message.english[:40]!r}"
    for form in message.forms:
        refuse_disguised(form, where)
        fonts.check_glyphs(form, where)
        _refuse_hollow(message.english, form, where)
    known = shipped_one.get(message.english)
    stands = known is not None and known.translated and message.english in _unchanging()
    if known and stands and message.forms != known.forms:
        raise TemplateError(
            f"{where}: these words always stand and have a translation that no template changes. "
            "Leave the entry out."
        )


def _refuse_hollow(english: str, form: str, where: str) -> None:
    if not form.strip() and english.strip():
        raise TemplateError(f"{where}: the translation is blank. Leave it empty or fill it in.")
    if len(english) < _SENTENCE:
        return
    if not _SHORTEST < len(form) / len(english) < _LONGEST:
        raise TemplateError(
            f"{where}: the translation has {len(form):,} characters, the English {len(english):,}. "
            "Say what it says, no less and no more."
        )


@lru_cache(maxsize=1)
def _unchanging() -> frozenset[str]:
    """The notice of drawn imagery, and the words that stand in every report."""
    base = shipped("templates") / "default"
    texts = [(base / name).read_text(encoding="utf-8") for name in FIXED.values()]
    lines = [line for text in texts for line in lines_to_translate(text)]
    return frozenset((SIMULATED_NOTICE, *lines))
