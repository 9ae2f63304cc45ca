"""What a user may change of a report: order, headings, texts and brand, over the shipped."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import TemplateError
from reetrace.report.brand import Brand, read_brand

if TYPE_CHECKING:
    from jinja2 import Template as JinjaTemplate

SCHEMA = 1

KINDS = (
    "cover",
    "contents",
    "findings",
    "place",
    "imagery",
    "landcover",
    "change",
    "extents",
    "countries",
    "patches",
    "accuracy",
    "spectral",
    "published",
    "context",
    "limits",
    "method",
    "custody",
    "text",
)
"""What a section may be made of; `text` is words alone."""

REQUIRED = ("cover", "findings", "accuracy", "spectral", "limits", "method", "custody")
"""Sections no template may leave out: an answer without its doubts is no evidence."""

PARTS = ("template.toml", "brand.yml", "text")
"""What a template folder may hold; each stands for the shipped one."""

_SECTION_FIELDS = {"kind", "heading", "text"}
_TOP_FIELDS = {"schema", "title", "footer", "section"}


@dataclass(frozen=True)
class Section:
    """One section of the report."""

    kind: str
    heading: str
    text: str = ""
    """Path of its words within the template folder; empty for none."""


@dataclass(frozen=True)
class Template:
    """A folder of section list, words and brand over the shipped one."""

    title: str
    footer: str
    sections: tuple[Section, ...]
    brand: Brand
    folders: tuple[Path, ...]
    """Where words are looked for, the user's first."""

    def words(self, name: str, facts: Mapping[str, Any]) -> str:
        """The words of a text file with the facts filled in.

        Raises:
            TemplateError: The file is not there, misspells a fact or does what it may not.
        """
        return self._used(name, lambda text: text.render(**facts))

    def check(self) -> None:
        """Looks at every text, without facts.

        Raises:
            TemplateError: A text is not there, or its marks are misspelt.
        """
        for each in self.sections:
            if each.text:
                self._used(each.text, lambda _text: "")

    def _used(self, name: str, use: Callable[[JinjaTemplate], str]) -> str:
        """What is made of a text; foreign errors become plain ones."""
        from jinja2 import StrictUndefined, TemplateNotFound
        from jinja2.exceptions import TemplateError as JinjaError
        from jinja2.loaders import FileSystemLoader
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([str(folder) for folder in self.folders]),
            undefined=StrictUndefined,
            autoescape=False,
            finalize=_plain,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        try:
            return use(environment.get_template(name))
        except TemplateNotFound as error:
            raise TemplateError(
                f"template: {error.name!r} is not there. Put it into {self.folders[0]}."
            ) from error
        except JinjaError as error:
            line = getattr(error, "lineno", None)
            where = f"{name}, line {line}" if line else name
            raise TemplateError(f"template {where}: {error}.".replace("..", ".")) from error
        except (TypeError, ValueError, ArithmeticError, OSError, RecursionError) as error:
            raise TemplateError(f"template {name}: {str(error).rstrip('.')}.") from error


def load_template(shipped: Path, own: Path | None = None) -> Template:
    """The shipped template, or a user's own folder over it.

    Args:
        shipped: Folder of the default template.
        own: Folder with any of `template.toml`, `brand.yml`, `text/`.

    Raises:
        TemplateError: A file says something it may not, or a required section is missing.
    """
    if own is not None and not own.is_dir():
        raise TemplateError(f"{own}: no such folder of templates.")
    if own is not None and not any((own / name).exists() for name in PARTS):
        raise TemplateError(
            f"{own}: holds nothing of a template. Put any of {', '.join(PARTS)} into it, or leave "
            "--templates out."
        )
    folders = (shipped,) if own is None else (own, shipped)
    listing = next(
        folder / "template.toml" for folder in folders if (folder / "template.toml").is_file()
    )
    brand = Brand()
    for folder in reversed(folders):
        if (folder / "brand.yml").is_file():
            brand = read_brand(folder / "brand.yml", brand)
    table = _read(listing)
    rows = table.get("section", [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise TemplateError(f"{listing}: section is {rows!r}. Write each under its [[section]].")
    sections = tuple(_section(listing, row) for row in rows)
    missing = [kind for kind in REQUIRED if kind not in {each.kind for each in sections}]
    if missing:
        raise TemplateError(
            f"{listing}: the section {missing[0]!r} is missing and may not be left out. "
            f'Add [[section]] kind = "{missing[0]}".'
        )
    if sections[0].kind != "cover":
        raise TemplateError(f"{listing}: the first section is {sections[0].kind!r}, not 'cover'.")
    return Template(str(table["title"]), str(table["footer"]), sections, brand, folders)


def _read(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TemplateError(f"{path}: not TOML: {error}.") from error
    if table.get("schema") != SCHEMA:
        raise TemplateError(f"{path}: schema is {table.get('schema')!r}, {SCHEMA} is needed.")
    for field in ("title", "footer"):
        if not isinstance(table.get(field), str):
            raise TemplateError(f"{path}: {field} is {table.get(field)!r}, words are needed.")
    _refuse_unknown(path, "", set(table), _TOP_FIELDS)
    return table


def _section(path: Path, row: Mapping[str, Any]) -> Section:
    _refuse_unknown(path, "section: ", set(row), _SECTION_FIELDS)
    kind = row.get("kind")
    if kind not in KINDS:
        raise TemplateError(f"{path}: section: kind is {kind!r}. Use one of {', '.join(KINDS)}.")
    if kind == "text" and not row.get("text"):
        raise TemplateError(f"{path}: section of kind 'text': `text` names no file.")
    return Section(kind, str(row.get("heading", "")), str(row.get("text", "")))


def _refuse_unknown(path: Path, where: str, found: set[str], known: set[str]) -> None:
    unknown = sorted(found - known)
    if unknown:
        raise TemplateError(
            f"{path}: {where}{unknown[0]!r} is not known. Use {', '.join(sorted(known))}."
        )


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a template prints
    """A fact as words that Markdown leaves alone."""
    text = str(value)
    for mark in "\\`*_[]<>#":
        text = text.replace(mark, f"\\{mark}")
    return text
