"""A brand: name, colours, typefaces and a logo, read from the plain part of the brand.yml form."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reetrace.core.errors import TemplateError
from reetrace.report.logo import LOGO_BYTES, read_logo
from reetrace.report.template_files import Faults, read_text, read_within
from reetrace.report.typeface import TYPEFACE_BYTES, Typeface, check_typeface

FILE = "brand.yml"

_LINE = re.compile(r"(?P<indent> *)(?P<key>[A-Za-z][\w-]*):(?: +(?P<value>.*?))? *$")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

_FACES = ("regular", "bold", "italic")

_KNOWN = (
    "meta.name",
    "color.primary",
    "color.secondary",
    "color.foreground",
    "color.muted",
    "typography.regular",
    "typography.bold",
    "typography.italic",
    "logo",
)

_LONGEST_NAME = 60

TINT = "#f1f5f9"
"""The darkest ground that words stand on: boxes and every second row of a table."""

# WCAG 2.2, 1.4.3 for words and 1.4.11 for marks. White stands on the primary colour, too.
_LEAST_CONTRAST = {"primary": 4.5, "foreground": 4.5, "muted": 4.5, "secondary": 3.0}


@dataclass(frozen=True)
class Brand:
    """What a template may change of the looks; notice, footer and sizes are not among it."""

    name: str = "reetrace"
    primary: str = "#12355b"
    """Headings and table heads."""
    secondary: str = "#b5651d"
    """Rules and marks."""
    foreground: str = "#1b1f24"
    muted: str = "#5b6470"
    logo: bytes | None = None
    """A PNG, whatever was given."""
    typeface: Typeface | None = None
    """In place of the report's own letters for Latin; None keeps them."""


@dataclass(frozen=True)
class BrandFile:
    """What one brand file says, and the files it was said in."""

    changes: dict[str, Any]
    """Fields of a brand."""
    contents: dict[str, bytes]
    """By name within the folder: the file itself, logo and typefaces."""

    def over(self, base: Brand) -> Brand:
        """The brand with what the file names in it."""
        return replace(base, **self.changes)


def read_brand(folder: Path, faults: Faults) -> BrandFile:
    """The brand file of a template folder; what is wrong with it is noted.

    Args:
        folder: Holds `brand.yml`.
        faults: Takes a line for every setting that is not `key: value`, is not known, or cannot
            be used.
    """
    path = folder / FILE
    found = BrandFile({}, {})
    faces: dict[str, bytes] = {}
    with faults.noted():
        text, found.contents[FILE] = read_text(folder, FILE, said_by=str(path))
        for key, value in _pairs(path, text, faults):
            with faults.noted():
                _take(folder, key, value, found, faces)
    with faults.noted():
        if faces:
            found.changes["typeface"] = _whole(path, faces)
    return found


def _take(folder: Path, key: str, value: str, found: BrandFile, faces: dict[str, bytes]) -> None:
    where = f"{folder / FILE}: {key}"
    if key == "meta.name":
        found.changes["name"] = _name(where, value)
    elif key == "logo":
        content = read_within(folder, value, most_bytes=LOGO_BYTES, said_by=where)
        found.changes["logo"] = read_logo(value, content, where)
        found.contents[value] = content
    elif key.startswith("typography."):
        content = read_within(folder, value, most_bytes=TYPEFACE_BYTES, said_by=where)
        check_typeface(value, content, where)
        faces[key.removeprefix("typography.")] = found.contents[value] = content
    else:
        role = key.removeprefix("color.")
        _check_colour(where, role, value)
        found.changes[role] = value


def _name(where: str, value: str) -> str:
    from reetrace.reading import wording
    from reetrace.report import fonts

    if not value.strip() or len(value) > _LONGEST_NAME:
        raise TemplateError(
            f"{where}: {value[:_LONGEST_NAME]!r} is no name. Give 1 to {_LONGEST_NAME} characters."
        )
    wording.check(value, where)
    fonts.check_glyphs(value, where)
    return value


def _whole(path: Path, faces: dict[str, bytes]) -> Typeface:
    lacking = [face for face in _FACES if face not in faces]
    if lacking:
        raise TemplateError(
            f"{path}: typography.{lacking[0]}: is not given. A typeface has regular, bold and "
            "italic, each in its file."
        )
    return Typeface(faces["regular"], faces["bold"], faces["italic"])


def _check_colour(where: str, role: str, value: str) -> None:
    if not _COLOUR.fullmatch(value):
        raise TemplateError(f'{where}: {value[:40]!r} is no colour. Write it as "#rrggbb".')
    found, needed = contrast(value, TINT), _LEAST_CONTRAST[role]
    if found < needed:
        raise TemplateError(
            f"{where}: {value} stands out from paper by {found:.1f} to 1, {needed:g} to 1 is "
            "needed to be read. Take a darker colour."
        )


def contrast(one: str, other: str) -> float:
    """How well one colour stands out from another: 1 not at all, 21 black on white (WCAG 2.2).

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - of the standard
        for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _pairs(path: Path, text: str, faults: Faults) -> list[tuple[str, str]]:
    """The settings of a file as (dotted key, value)."""
    pairs: list[tuple[str, str]] = []
    group = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        with faults.noted():
            match = _LINE.fullmatch(line)
            if match is None:
                raise TemplateError(f"{path}: line {number}: {line[:60]!r} is not `key: value`.")
            value = (match["value"] or "").strip("\"'")
            if not match["indent"] and not value:
                group = match["key"]
                continue
            key = f"{group}.{match['key']}" if match["indent"] else match["key"]
            _refuse_key(f"{path}: line {number}", key, {known for known, _ in pairs})
            pairs.append((key, value))
    return pairs


def _refuse_key(where: str, key: str, had: set[str]) -> None:
    if key not in _KNOWN:
        raise TemplateError(f"{where}: {key[:60]!r} is not known. Use {', '.join(_KNOWN)}.")
    if key in had:
        raise TemplateError(f"{where}: {key!r} stands there twice. Keep one of them.")
