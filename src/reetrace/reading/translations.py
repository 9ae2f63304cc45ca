"""What a translation must share with its English: fields, figures, marks, lines."""

from __future__ import annotations

import re

from reetrace.core.errors import TemplateError

_FIELD = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\w+\}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBER_OR_DIGEST = re.compile(r"\b[0-9a-f]{64}\b|\d+(?:[.,]\d+)*")

_ENDING = re.compile(r"\{% if \w+ > 1 %\}s\{% endif %\}")
"""The s of an English plural, which other languages need not have."""

_MARKS = re.compile(r"\*\*|`")


def figures_of(text: str) -> set[str]:
    """The numbers written in digits in a text, fields left out.

    >>> sorted(figures_of("Depth at 740 nm, {pixels} of 1,234"))
    ['1,234', '740']
    """
    return set(_NUMBER.findall(_FIELD.sub(" ", text)))


def numbers_apart(text: str) -> tuple[str, dict[str, str]]:
    """A sentence with fields for its numbers, and the numbers.

    >>> numbers_apart("Land cover 2005")
    ('Land cover {n1}', {'n1': '2005'})
    """
    numbers: dict[str, str] = {}

    def held(hit: re.Match[str]) -> str:
        name = f"n{len(numbers) + 1}"
        numbers[name] = hit.group()
        return f"{{{name}}}"

    return _NUMBER_OR_DIGEST.sub(held, text), numbers


def check_translation(form: str, english: tuple[str, ...], where: str) -> None:
    """Holds one translation against the English for one and, where there is one, for several.

    Raises:
        TemplateError: It has other fields, figures, marks or lines, or a brace too many.
    """
    english = (*(_ENDING.sub("", each) for each in english), *english)
    wanted = [sorted(_FIELD.findall(each)) for each in english]
    if sorted(_FIELD.findall(form)) not in wanted:
        needed = ", ".join(wanted[-1]) or "none"
        raise TemplateError(f"{where}: the translation has other fields. Needed: {needed}.")
    figures = [figures_of(each) for each in english]
    if figures_of(form) not in figures:
        needed = ", ".join(sorted(figures[-1])) or "none"
        raise TemplateError(f"{where}: the translation has other figures. Needed: {needed}.")
    # What a format or a template would take for more than a field, e.g. {area.real}.
    if re.search(r"[{}]", _FIELD.sub("", form)):
        raise TemplateError(
            f"{where}: a brace stands alone. Only the fields of the English words may have braces."
        )
    if len(_MARKS.findall(form)) not in {len(_MARKS.findall(each)) for each in english}:
        raise TemplateError(
            f"{where}: the translation has other marks. Keep ** and ` around the same words."
        )
    if form.count("\n") not in {each.count("\n") for each in english}:
        raise TemplateError(
            f"{where}: the translation has other lines. Write it on as many as the English."
        )
