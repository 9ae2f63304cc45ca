"""JSON and TOML of the registry as values, whatever the bytes are."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reetrace.core.errors import RegistryError

# No number of a registry has more digits; Python refuses to read very long ones.
_MOST_DIGITS = 300


def parse_json(content: bytes) -> Any:  # noqa: ANN401 - parsed JSON
    """The value a JSON text stands for.

    Raises:
        ValueError: It is no JSON, or nested too deeply to be read.
    """
    try:
        value = json.loads(content, parse_int=_whole)
        if b"\\u" in content:
            # An escape may stand for half a letter, which no file can hold.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError as fault:
        raise ValueError("brackets are nested too deeply") from fault
    return value


def _whole(text: str) -> int | float:
    return int(text) if len(text) <= _MOST_DIGITS else float(text)


def endless(value: object, field: str) -> Iterator[tuple[str, float]]:
    """(field, number) of every number that is not finite: Python reads NaN and Infinity in JSON."""
    if isinstance(value, float) and not math.isfinite(value):
        yield field, value
    members: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(value, Mapping):
        members = iter(value.items())
    elif isinstance(value, list):
        members = iter(enumerate(value))
    for name, member in members:
        yield from endless(member, f"{field}.{name}")


def read_toml(path: Path) -> dict[str, Any]:
    """The table a TOML file holds.

    Raises:
        RegistryError: It cannot be read, or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise RegistryError(f"{path}: cannot be read ({fault.strerror}).") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise RegistryError(f"{path}: not valid TOML ({fault}). Mend it or remove it.") from fault
