"""The check of a user's words: what no image can show, in whatever dress."""

from __future__ import annotations

import re
import unicodedata

from reetrace.core.errors import TemplateError
from reetrace.reading import wording

# Joiners belong to Burmese; elsewhere they part a word for the check and not for the eye.
_JOINERS = {"\u200b", "\u200c", "\u200d"}
_WORD = re.compile(r"\w+")


def refuse_disguised(text: str, where: str) -> None:
    """Raises TemplateError for a forbidden word, also one that is spelt so as not to be found.

    Args:
        text: As it is written or printed.
        where: File and field, for the message.
    """
    for each in text:
        hidden = unicodedata.category(each) in {"Cf", "Co", "Cn", "Cs"} and each not in _JOINERS
        if hidden or (unicodedata.category(each) == "Cc" and each not in "\n\t"):
            raise TemplateError(
                f"{where}: the character U+{ord(each):04X} cannot be seen. Remove it."
            )
    for word in _WORD.findall(text):
        scripts = {script for each in word if (script := _script(each))}
        if len(scripts & {"LATIN", "GREEK", "CYRILLIC"}) > 1 and len(word) > 2:  # noqa: PLR2004 - µm
            raise TemplateError(
                f"{where}: the word {word[:40]!r} mixes letters of two alphabets. Spell it in one."
            )
    _refuse_joined(text, where)
    wording.check(unicodedata.normalize("NFKC", text), where)


def _refuse_joined(text: str, where: str) -> None:
    found = re.search(r"[A-Za-z][\u200b-\u200d]|[\u200b-\u200d][A-Za-z]", text)
    if found:
        raise TemplateError(
            f"{where}: a character beside {found.group().strip(''.join(_JOINERS))!r} cannot be "
            "seen. Remove it."
        )


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0] if letter.isalpha() else ""
