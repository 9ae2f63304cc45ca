"""How and where a command works: options first, then the environment, then `reetrace.toml`."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

from reetrace.core.errors import SettingError
from reetrace.shipped import shipped

FILE_NAME = "reetrace.toml"

ENGLISH = "en"

ENGINES = ("local", "earthengine")
"""Where imagery can be composed, classified and counted."""

TRAINERS = ("local", "earthengine")
"""Where the forest can be grown."""

OPTIONS = {"reports": "--out", "templates": "--template"}
"""Options that are not called as the setting is."""

USUAL_FOLDERS = {"registry": "reetrace-registry", "scenes": "scenes"}
"""Where `sites add` and `scenes add` write unasked; used, if there, where nothing else is said."""

# What Google allows a project: developers.google.com/earth-engine/guides/usage.
MOST_REQUESTS_AT_ONCE = 40

# Google Cloud's rule; projects of some organisations carry their domain before a colon.
_PROJECT = re.compile(r"(?:[a-z0-9][a-z0-9.-]*\.[a-z]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


@dataclass(frozen=True)
class Settings:
    """What a command works with. A missing folder means the shipped one alone."""

    registry: Path | None = None
    """The user's registry, layered over the shipped one."""
    scenes: Path | None = None
    """Catalogue of the user's own imagery."""
    templates: Path | None = None
    """Folder of the report template, the user's or a shipped one; the default template without."""
    cache: Path | None = None
    """Drawn imagery and half-done work; may be deleted at any time."""
    reports: Path = Path("reports")
    """Where evidence folders are put."""
    engine: str = "local"
    """One of `ENGINES`."""
    project: str | None = None
    """Google Cloud project that Earth Engine is asked for."""
    key: Path | None = None
    """Key file of a service account for Earth Engine."""
    trainer: str = "local"
    """One of `TRAINERS`."""
    lang: str = ENGLISH
    """Language of the report, one of `reading.language.languages`."""
    concurrency: int = 20
    """Most requests to Earth Engine under way at once."""


def load_settings(folder: Path | None = None, **options: Path | str | int | None) -> Settings:
    """The settings in force in a folder.

    Args:
        folder: Where `reetrace.toml` is looked for; the working folder if not given.
        **options: Named as the fields of `Settings`; None leaves the choice to the next source.

    Raises:
        SettingError: The file is not TOML, has an unknown key, or a value cannot be used.
    """
    home = folder or Path()
    written = _written(home / FILE_NAME)
    chosen: dict[str, Any] = {}
    for name, reader in _READERS.items():
        # A template may bring languages along.
        templates = chosen.get("templates")
        read: Callable[[Any, str, str], Any] = (
            partial(_language, templates=templates) if name == "lang" else reader
        )
        variable = f"REETRACE_{name.upper()}"
        if options.get(name) is not None:
            chosen[name] = read(options[name], name, OPTIONS.get(name, f"--{name}"))
        elif os.environ.get(variable):
            chosen[name] = read(os.environ[variable], name, variable)
        elif name in written:
            value = written[name]
            from_home = name in _PATHS and not _is_shipped(name, value)
            chosen[name] = read(home / value if from_home else value, name, FILE_NAME)
    for name, usual in USUAL_FOLDERS.items():
        if name not in chosen and (home / usual).is_dir():
            chosen[name] = home / usual
    return Settings(**chosen)


def cache_folder(settings: Settings) -> Path:
    """Where drawn imagery and half-done work are kept, by the custom of the operating system."""
    from platformdirs import user_cache_path

    return settings.cache or user_cache_path("reetrace", appauthor=False)


def one_of(value: str, known: Sequence[str], what: str, said_by: str) -> str:
    """The value, if it is one of the known ones.

    Raises:
        SettingError: It is not; the nearest known one is suggested.
    """
    if value not in known:
        close = difflib.get_close_matches(value.casefold(), known, n=1)
        hint = f"Did you mean {close[0]!r}? " if close else ""
        raise SettingError(
            f"{said_by}: {value!r} is no known {what}. {hint}Known: {', '.join(known)}."
        )
    return value


def _folder(value: Path | str, name: str, said_by: str) -> Path:
    path = Path(value)
    made_on_demand = {"cache", "reports"}
    there, is_folder = _looked_at(path, said_by)
    if name not in made_on_demand and not is_folder:
        raise SettingError(
            f"{said_by}: {path} is not a folder. Name an existing {name} folder or leave it out."
        )
    if there and not is_folder:
        raise SettingError(f"{said_by}: {path} is a file; a folder is needed.")
    return path


def _template(value: Path | str, name: str, said_by: str) -> Path:
    """A shipped template by its name, or a folder."""
    if _is_shipped(name, str(value)):
        return shipped("templates") / value
    path = Path(value)
    if not _looked_at(path, said_by)[1]:
        close = difflib.get_close_matches(str(value).casefold(), shipped_templates(), n=1)
        hint = f"Did you mean {close[0]!r}? " if close else ""
        raise SettingError(
            f"{said_by}: {path} is neither a shipped template nor a folder. {hint}Shipped: "
            f"{', '.join(shipped_templates())}. `reetrace templates new` makes a folder."
        )
    return path


def shipped_templates() -> list[str]:
    """Names of the templates that ship."""
    return sorted(each.parent.name for each in shipped("templates").glob("*/template.toml"))


def _is_shipped(name: str, value: str) -> bool:
    return name == "templates" and value in shipped_templates()


def _key_file(value: Path | str, _name: str, said_by: str) -> Path:
    path = Path(value)
    there, is_folder = _looked_at(path, said_by)
    if is_folder:
        raise SettingError(
            f"{said_by}: {path} is a folder. Name the key file of a service account."
        )
    if not there:
        raise SettingError(
            f"{said_by}: {path}: no such file. Name the key file of a service account, or leave it "
            "out to use other credentials."
        )
    return path


def _looked_at(path: Path, said_by: str) -> tuple[bool, bool]:
    """Whether anything is there, and whether it is a folder."""
    try:
        # Asked first, because `exists` calls a link that leads round in a circle absent.
        return os.path.lexists(path), path.is_dir()
    except (OSError, ValueError) as fault:
        raise SettingError(f"{said_by}: {path} cannot be used ({_reason(fault)}).") from fault


def _language(value: str, _name: str, said_by: str, *, templates: Path | None = None) -> str:
    folders = [shipped("templates") / "default" / "lang"]
    folders += [templates / "lang"] if templates else []
    own = {path.stem for folder in folders for path in folder.glob("*.po")}
    known = [ENGLISH, *sorted(each for each in own if _LANGUAGE.fullmatch(each))]
    exact = {each.casefold(): each for each in known}
    return one_of(exact.get(value.casefold(), value), known, "language", said_by)


def _engine(value: str, _name: str, said_by: str) -> str:
    return one_of(value, ENGINES, "engine", said_by)


def _trainer(value: str, _name: str, said_by: str) -> str:
    return one_of(value, TRAINERS, "trainer", said_by)


def _project(value: str, _name: str, said_by: str) -> str:
    if not _PROJECT.fullmatch(value):
        raise SettingError(
            f"{said_by}: {value!r} is no id of a Google Cloud project. An id has 6 to 30 small "
            "letters, digits and hyphens and begins with a letter; the console shows it beside the "
            "project's name and number."
        )
    return value


def _concurrency(value: int | str, _name: str, said_by: str) -> int:
    text = str(value).strip()
    requests = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0  # noqa: PLR2004 - keeps int() cheap
    if not 1 <= requests <= MOST_REQUESTS_AT_ONCE:
        raise SettingError(
            f"{said_by}: concurrency is {text[:20]!r}; a whole number from 1 to "
            f"{MOST_REQUESTS_AT_ONCE} is needed, the most that a project may ask at once."
        )
    return requests


_READERS: dict[str, Callable[[Any, str, str], Any]] = {
    "registry": _folder,
    "scenes": _folder,
    "templates": _template,
    "cache": _folder,
    "reports": _folder,
    "engine": _engine,
    "trainer": _trainer,
    "lang": _language,
    "project": _project,
    "key": _key_file,
    "concurrency": _concurrency,
}

_PATHS = frozenset({"registry", "scenes", "templates", "cache", "reports", "key"})


def _reason(fault: Exception) -> str:
    return getattr(fault, "strerror", None) or str(fault)


def _written(path: Path) -> Mapping[str, str]:
    if not os.path.lexists(path):
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise SettingError(
            f"{path}: cannot be read ({_reason(fault)}). Mend it or remove it."
        ) from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise SettingError(f"{path}: not valid TOML ({fault}). Mend it or remove it.") from fault
    known = [field.name for field in fields(Settings)]
    for key, value in content.items():
        if key not in known:
            raise SettingError(f"{path}: unknown setting {key!r}. Known: {', '.join(known)}.")
        if key == "concurrency" and type(value) is int:
            continue
        if not isinstance(value, str):
            needed = "a file" if key == "key" else "a folder" if key in _PATHS else "a word"
            needed = "a whole number" if key == "concurrency" else f"{needed} in quotes"
            raise SettingError(f"{path}: {key} is {value!r}; {needed} is needed.")
    return content
