"""A brand: names, colours and a logo, read from the plain part of the brand.yml form."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reetrace.core.errors import TemplateError

_LINE = re.compile(r"(?P<indent> *)(?P<key>[A-Za-z][\w-]*):(?: +(?P<value>.*?))? *$")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

_KNOWN = (
    "meta.name",
    "color.primary",
    "color.secondary",
    "color.foreground",
    "color.muted",
    "logo",
)


@dataclass(frozen=True)
class Brand:
    """What a template may change of the looks; fonts are not among it, they must be embedded."""

    name: str = "reetrace"
    primary: str = "#12355b"
    """Headings and table heads."""
    secondary: str = "#b5651d"
    """Rules and marks."""
    foreground: str = "#1b1f24"
    muted: str = "#5b6470"
    logo: Path | None = None


def read_brand(path: Path, base: Brand) -> Brand:
    """A brand file over another brand; only what it names is changed.

    Raises:
        TemplateError: A line that is not `key: value`, a key that is not known, a colour that is
            not `#rrggbb`, or a logo that is not there.
    """
    brand = base
    for key, value in _pairs(path):
        if key == "meta.name":
            brand = replace(brand, name=value)
        elif key == "logo":
            brand = replace(brand, logo=_logo(path, value))
        else:
            if not _COLOUR.fullmatch(value):
                raise TemplateError(
                    f'{path}: {key}: {value!r} is no colour. Write it as "#rrggbb".'
                )
            colour: dict[str, Any] = {key.removeprefix("color."): value}
            brand = replace(brand, **colour)
    return brand


def _pairs(path: Path) -> list[tuple[str, str]]:
    """The settings of a file as (dotted key, value)."""
    pairs: list[tuple[str, str]] = []
    group = ""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise TemplateError(f"{path}: not text in UTF-8 ({error}). Save it as UTF-8.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise TemplateError(f"{path}: line {number}: {line!r} is not `key: value`.")
        value = (match["value"] or "").strip("\"'")
        if not match["indent"] and not value:
            group = match["key"]
            continue
        key = f"{group}.{match['key']}" if match["indent"] else match["key"]
        if key not in _KNOWN:
            raise TemplateError(
                f"{path}: line {number}: {key!r} is not known. Use {', '.join(_KNOWN)}."
            )
        pairs.append((key, value))
    return pairs


def _logo(path: Path, value: str) -> Path:
    from PIL import Image

    logo = (path.parent / value).resolve()
    if not logo.is_relative_to(path.parent.resolve()) or logo.suffix.lower() != ".png":
        raise TemplateError(f"{path}: logo: {value!r} is not a PNG file of the template's folder.")
    if not logo.is_file():
        raise TemplateError(f"{path}: logo: {value!r} is not there.")
    try:
        with Image.open(logo, formats=("PNG",)) as picture:
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise TemplateError(
            f"{path}: logo: {value!r} cannot be read as a PNG. Save it anew."
        ) from error
    return logo
