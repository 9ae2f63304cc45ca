"""Where a user's own folders lie: options first, then the environment, then `reetrace.toml`."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from reetrace.core.errors import SettingError

FILE_NAME = "reetrace.toml"

OPTIONS = {"reports": "--out"}
"""Options that are not called as the setting is."""

USUAL_FOLDERS = {"registry": "reetrace-registry", "scenes": "scenes"}
"""Where `sites add` and `scenes add` write unasked; used, if there, where nothing else is said."""


@dataclass(frozen=True)
class Settings:
    """Folders a command works with. A missing one means the shipped folder alone."""

    registry: Path | None = None
    """The user's registry, layered over the shipped one."""
    scenes: Path | None = None
    """Catalogue of the user's own imagery."""
    templates: Path | None = None
    """The user's report templates, layered over the shipped ones."""
    cache: Path | None = None
    """Drawn imagery and half-done work; may be deleted at any time."""
    reports: Path = Path("reports")
    """Where evidence folders are put."""


def load_settings(folder: Path | None = None, **options: Path | None) -> Settings:
    """The settings in force in a folder.

    Args:
        folder: Where `reetrace.toml` is looked for; the working folder if not given.
        **options: Named as the fields of `Settings`; None leaves the choice to the next source.

    Raises:
        SettingError: The file is not TOML, has an unknown key, or names a folder that is missing.
    """
    home = folder or Path()
    written = _written(home / FILE_NAME)
    chosen: dict[str, Path] = {}
    for name in (field.name for field in fields(Settings)):
        option, variable = options.get(name), f"REETRACE_{name.upper()}"
        if option is not None:
            chosen[name] = _existing(option, name, OPTIONS.get(name, f"--{name}"))
        elif os.environ.get(variable):
            chosen[name] = _existing(Path(os.environ[variable]), name, variable)
        elif name in written:
            chosen[name] = _existing(home / written[name], name, FILE_NAME)
    for name, usual in USUAL_FOLDERS.items():
        if name not in chosen and (home / usual).is_dir():
            chosen[name] = home / usual
    return Settings(**chosen)


def cache_folder(settings: Settings) -> Path:
    """Where drawn imagery and half-done work are kept, by the custom of the operating system."""
    from platformdirs import user_cache_path

    return settings.cache or user_cache_path("reetrace", appauthor=False)


def _existing(path: Path, name: str, said_by: str) -> Path:
    made_on_demand = {"cache", "reports"}
    try:
        # Asked first, because `exists` calls a link that leads round in a circle absent.
        there, is_folder = os.path.lexists(path), path.is_dir()
    except (OSError, ValueError) as fault:
        raise SettingError(f"{said_by}: {path} cannot be used ({_reason(fault)}).") from fault
    if name not in made_on_demand and not is_folder:
        raise SettingError(
            f"{said_by}: {path} is not a folder. Name an existing {name} folder or leave it out."
        )
    if there and not is_folder:
        raise SettingError(f"{said_by}: {path} is a file; a folder is needed.")
    return path


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
        if not isinstance(value, str):
            raise SettingError(f"{path}: {key} is {value!r}; a folder in quotes is needed.")
    return content
