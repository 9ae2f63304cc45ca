"""What a catalogue must translate: the words of the program, of its templates and its tables."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reetrace import reading, report, tables
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.reading.catalogue import Catalogue
from reetrace.reading.language import Edition, lines_to_translate
from reetrace.report.template import Template, load_template
from reetrace.shipped import shipped

_SPEAKING = {"say", "titles", "say_number"}
"""Calls whose arguments in words are looked up in the catalogue."""

_QUOTED = {
    "impacts.toml": ("title", "notice", "source", "pathway", "description"),
    "legends.toml": ("title", "definition"),
}
"""Fields of the program's tables that a report prints."""


def wanted() -> dict[str, str]:
    """Every text that a catalogue should hold; the English for several beside that for one."""
    found = {SIMULATED_NOTICE: ""}
    for package in (reading, report):
        folder = Path(str(package.__file__)).parent
        for path in sorted(folder.rglob("*.py")):
            for one, many in _said(ast.parse(path.read_text(encoding="utf-8"))):
                found[one] = found.get(one) or many
    found.update(dict.fromkeys((each for each in _of_templates() if each not in found), ""))
    found.update(dict.fromkeys((each for each in _of_tables() if each not in found), ""))
    found.pop("", None)
    return found


def untranslated(code: str, own: Path | None = None) -> list[str]:
    """Complaints of a catalogue, a line each: words that stand in English in its editions.

    Args:
        code: Of the language.
        own: A user's template, whose words and whose catalogue are looked at too.

    Raises:
        TemplateError: The template cannot be used.
    """
    template = load_template(own)
    edition = template.edition(code)
    if edition is None:
        return []
    theirs = _of_template(template) if template.own or template.catalogues else []
    needed = dict.fromkeys((*missing(edition.catalogue), *_lacking(edition, theirs)))
    lacking = (" ".join(each.split()) for each in needed)
    told = [f"lang/{code}.po: not translated: {each}" for each in lacking]
    own_words = template.catalogues.get(code)
    if own_words is None:
        return told
    said = {*wanted(), *theirs}
    return told + [
        f"{own_words.name}, line {each.line}: nothing says {each.english[:60]!r}."
        for each in own_words.catalogue.messages.values()
        if each.english not in said
    ]


def _lacking(edition: Edition, words: list[str]) -> list[str]:
    return [each for each in words if edition.find(each) is None]


def _of_template(template: Template) -> list[str]:
    """The words that a user's template prints, whoever wrote them."""
    said = [template.title, template.footer, *(each.heading for each in template.sections)]
    for text in template.texts.values():
        said += lines_to_translate(text.source)
    return [each for each in said if each]


def missing(catalogue: Catalogue) -> list[str]:
    """Texts without a translation that may be used, in the order of the program."""
    messages = catalogue.messages
    return [each for each in wanted() if each not in messages or not messages[each].translated]


def idle(catalogue: Catalogue, evidence: frozenset[str] = frozenset()) -> list[str]:
    """Translations of words that nothing says any more; words that evidence brings are no fault."""
    needed = wanted()
    return [each for each in catalogue.messages if each not in needed and each not in evidence]


def _said(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(words for one, words for several) of every call that looks words up."""
    named = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id == "say_number":
            one, many = (each.value for each in node.args[:2] if isinstance(each, ast.Constant))
            yield str(one), str(many)
        elif node.func.id in _SPEAKING:
            for each in node.args:
                yield from ((words, "") for words in _words(each, named))


def _words(node: ast.expr, named: Mapping[str, ast.expr]) -> Iterator[str]:
    """The words that an argument may be: a text, one of two, one of a table of the module."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _words(node.body, named)
        yield from _words(node.orelse, named)
    elif isinstance(node, ast.Subscript):
        yield from _words(node.value, named)
    elif isinstance(node, ast.Name) and node.id in named:
        yield from _words(named[node.id], {})
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _words(value, named)


def _of_templates() -> Iterator[str]:
    for listing in sorted(shipped("templates").glob("*/template.toml")):
        table = tomllib.loads(listing.read_text(encoding="utf-8"))
        said = [table.get("title"), table.get("footer")]
        said += [section.get("heading") for section in table.get("section", ())]
        yield from (str(each) for each in said if each)
        for path in sorted(listing.parent.rglob("*.j2")):
            yield from lines_to_translate(path.read_text(encoding="utf-8"))


def _of_tables() -> Iterator[str]:
    """Words of the program's tables, and those that evidence is known to carry."""
    carried = Path(str(reading.__file__)).with_name("carried.toml")
    yield from tomllib.loads(carried.read_text(encoding="utf-8"))["words"]
    folder = Path(str(tables.__file__)).parent
    for name, fields in _QUOTED.items():
        yield from _values(tomllib.loads((folder / name).read_text(encoding="utf-8")), fields)


def _values(table: Any, fields: tuple[str, ...]) -> Iterator[str]:  # noqa: ANN401 - any TOML
    if isinstance(table, dict):
        for key, value in table.items():
            if key in fields and isinstance(value, str):
                yield value
            else:
                yield from _values(value, fields)
    elif isinstance(table, list):
        for each in table:
            yield from _values(each, fields)
