"""`template.toml`: which sections a report has, in which order, under which headings."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reetrace.core.errors import TemplateError
from reetrace.report import kinds
from reetrace.report.facts import FLAGS
from reetrace.report.lint import refuse_disguised
from reetrace.report.template_files import Faults, read_text

FILE = "template.toml"
SCHEMA = 1

_SECTION_FIELDS = ("kind", "heading", "text", "when")
_TOP_FIELDS = ("schema", "extends", "title", "footer", "section")

_LONGEST = {"title": 100, "footer": 100, "heading": 100}

# One name and no folders below text: what a section prints is found at a glance.
_TEXT = re.compile(r"text/[A-Za-z0-9][A-Za-z0-9_-]{0,60}\.md\.j2")


@dataclass(frozen=True)
class Section:
    """One section of the report."""

    kind: str
    heading: str
    text: str = ""
    """Path of its words within the template folder; empty for none."""
    when: str = ""
    """What the evidence must have for the section to stand; empty for always."""


@dataclass(frozen=True)
class Listing:
    """What one `template.toml` says; None and empty leave it to the template it extends."""

    extends: str = ""
    title: str | None = None
    footer: str | None = None
    sections: tuple[Section, ...] = ()
    content: bytes = b""


def read_listing(folder: Path, known: Sequence[str], faults: Faults, *, own: bool) -> Listing:
    """The listing of a template folder; what is wrong with it is noted.

    Args:
        folder: Holds `template.toml`.
        known: Names of the shipped templates.
        faults: Takes a line for everything that cannot be used.
        own: Whether it is a user's.
    """
    path = folder / FILE
    with faults.noted():
        text, content = read_text(folder, FILE, said_by=str(path))
        table = _table(path, text)
        extends, title, footer = "", None, None
        with faults.noted():
            _refuse_unknown(str(path), set(table), _TOP_FIELDS)
        with faults.noted():
            extends = _extends(path, table.get("extends"), known, own=own)
        with faults.noted():
            title = _phrase(path, "title", table.get("title"))
        with faults.noted():
            footer = _phrase(path, "footer", table.get("footer"))
        sections = _sections(path, table.get("section", []), faults)
        return Listing(extends, title, footer, sections, content)
    return Listing()


def _table(path: Path, text: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as fault:
        raise TemplateError(f"{path}: not TOML: {fault}.") from fault
    if table.get("schema") != SCHEMA:
        raise TemplateError(f"{path}: schema is {_shown(table.get('schema'))}, {SCHEMA} is needed.")
    return table


def _extends(path: Path, value: Any, known: Sequence[str], *, own: bool) -> str:  # noqa: ANN401 - as TOML has it
    if value is None:
        return ""
    if value not in known:
        nearest = difflib.get_close_matches(str(value), known, n=1)
        hint = f"Did you mean {nearest[0]!r}? " if nearest else ""
        raise TemplateError(
            f"{path}: extends is {_shown(value)}, no shipped template. {hint}Known: "
            f"{', '.join(known)}."
        )
    if not own and value == path.parent.name:
        raise TemplateError(f"{path}: extends is {value!r}, which is itself.")
    return str(value)


def _phrase(path: Path, field: str, value: Any) -> str | None:  # noqa: ANN401 - as TOML has it
    """A line of words that is printed on pages, checked like any other."""
    if value is None:
        return None
    where = f"{path}: {field}"
    if not isinstance(value, str):
        raise TemplateError(f"{where} is {_shown(value)}, words in quotes are needed.")
    plain = " ".join(value.split())
    if len(plain) > _LONGEST[field]:
        raise TemplateError(
            f"{where} has {len(plain)} characters; at most {_LONGEST[field]} may be."
        )
    if not plain and field == "title":
        raise TemplateError(f"{where} is empty, words are needed.")
    if plain:
        from reetrace.report import fonts

        refuse_disguised(plain, where)
        fonts.check_glyphs(plain, where)
    return plain


def _sections(path: Path, rows: Any, faults: Faults) -> tuple[Section, ...]:  # noqa: ANN401 - as TOML has it
    made: list[Section] = []
    with faults.noted():
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            raise TemplateError(
                f"{path}: section is {_shown(rows)}. Write each under its [[section]]."
            )
        had = len(faults.lines)
        for number, row in enumerate(rows[:200], start=1):
            with faults.noted():
                made.append(_section(path, number, row))
        if rows and len(faults.lines) == had:
            kinds.refuse_dishonest([each.kind for each in made], str(path))
    return tuple(made)


def _section(path: Path, number: int, row: Mapping[str, Any]) -> Section:
    kind = row.get("kind")
    where = f"{path}: section {number}"
    if kind not in kinds.KINDS:
        raise TemplateError(
            f"{where}: kind is {_shown(kind)}. {_nearest(str(kind), kinds.KINDS)}Use one of "
            f"{', '.join(kinds.KINDS)}."
        )
    where = f"{where} ({kind})"
    _refuse_unknown(where, set(row), _SECTION_FIELDS)
    given = {name: row.get(name, "") for name in ("heading", "text", "when")}
    for name, value in given.items():
        if not isinstance(value, str):
            raise TemplateError(f"{where}: {name} is {_shown(value)}, words in quotes are needed.")
    heading = " ".join(given["heading"].split())
    if heading:
        _phrase(path.with_name(f"{path.name}: section {number}"), "heading", heading)
    if given["text"] and not _TEXT.fullmatch(given["text"]):
        raise TemplateError(
            f"{where}: text is {given['text'][:60]!r}; a file of the folder is needed, e.g. "
            "text/limits.md.j2."
        )
    if kind == "text" and not given["text"]:
        raise TemplateError(f"{where}: section of kind 'text': `text` names no file.")
    _refuse_flag(where, str(kind), given["when"])
    return Section(
        str(kind), kinds.honest_heading(str(kind), heading), given["text"], given["when"]
    )


def _refuse_flag(where: str, kind: str, when: str) -> None:
    if when and when not in FLAGS:
        raise TemplateError(
            f"{where}: when is {when[:60]!r}. {_nearest(when, tuple(FLAGS))}Use one of "
            f"{', '.join(FLAGS)}."
        )
    if when and kind in kinds.HONEST:
        raise TemplateError(
            f"{where}: when is {when!r}, but this section always stands. Leave `when` out."
        )


def _refuse_unknown(where: str, found: set[str], known: Collection[str]) -> None:
    for name in sorted(found - set(known)):
        raise TemplateError(
            f"{where}: {name[:60]!r} is not known. {_nearest(name, tuple(known))}Use "
            f"{', '.join(sorted(known))}."
        )


def _nearest(value: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(value, known, n=1)
    return f"Did you mean {close[0]!r}? " if close else ""


def _shown(value: Any) -> str:  # noqa: ANN401 - as TOML has it
    """A value as a message shows it: never pages of it."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"  # noqa: PLR2004
