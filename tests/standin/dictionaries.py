"""Functions of dictionaries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.standin.faults import Refused
from tests.standin.registering import models


@models("Dictionary.getNumber", "Dictionary.getString")
def typed_value(dictionary: dict[str, Any], key: str) -> Any:
    """One entry that must be there."""
    return value_of(dictionary, key)


@models("Dictionary.get")
def value_of(dictionary: dict[str, Any], key: str, default_value: Any = None) -> Any:
    """One entry; a refusal where it is missing and has no default."""
    if key not in dictionary and default_value is None:
        raise Refused(f"Dictionary.get: Dictionary does not contain key: '{key}'.")
    return dictionary.get(key, default_value)


@models("Dictionary.set")
def with_entry(dictionary: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """One entry more, or another."""
    return {**dictionary, key: value}


@models("Dictionary.fromLists")
def from_lists(keys: list[str], values: list[Any]) -> dict[str, Any]:
    """Entries of keys and values."""
    if len(keys) != len(values):
        raise Refused("Dictionary.fromLists: as many values as keys are needed.")
    return dict(zip(keys, values, strict=True))


@models("Dictionary.combine")
def combined(
    first: dict[str, Any],
    second: dict[str, Any],
    overwrite: bool,  # noqa: FBT001 - called by name
) -> dict[str, Any]:
    """Entries of both; the second's where both have one, if told to overwrite."""
    return {**first, **second} if overwrite else {**second, **first}


@models("Dictionary.contains")
def has_key(dictionary: dict[str, Any], key: str) -> bool:
    """Whether there is an entry."""
    return key in dictionary


@models("Dictionary.keys")
def keys(dictionary: dict[str, Any]) -> list[str]:
    """By rising name."""
    return sorted(dictionary)


@models("Dictionary.values")
def values(dictionary: dict[str, Any], keys: list[str] | None) -> list[Any]:
    """Values of the keys named, or of all by rising name."""
    return [value_of(dictionary, key) for key in (keys or sorted(dictionary))]


@models("Dictionary.select")
def selected(
    dictionary: dict[str, Any],
    selectors: list[str],
    ignore_missing: bool,  # noqa: FBT001 - called by name
) -> dict[str, Any]:
    """Some of the entries."""
    names = [name for name in selectors if name in dictionary or not ignore_missing]
    return {name: value_of(dictionary, name) for name in names}


@models("Dictionary.size")
def entries(dictionary: dict[str, Any]) -> int:
    """How many."""
    return len(dictionary)


@models("Dictionary.map")
def mapped_entries(
    dictionary: dict[str, Any], base_algorithm: Callable[[Any, Any], Any]
) -> dict[str, Any]:
    """A function of each key and value."""
    return {key: base_algorithm(key, value) for key, value in dictionary.items()}
