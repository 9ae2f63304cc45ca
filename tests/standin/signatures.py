"""The service's list of algorithms, as it comes with the client."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Argument:
    """One argument of an algorithm."""

    name: str
    type: str
    """`Image<unknown bands>`, `List<String>` …"""
    optional: bool
    default: Any


@dataclass(frozen=True)
class Signature:
    """How an algorithm is called."""

    name: str
    arguments: tuple[Argument, ...]
    returns: str

    @property
    def defaults(self) -> dict[str, Any]:
        """Of the optional arguments."""
        return {each.name: each.default for each in self.arguments if each.optional}


@lru_cache(maxsize=1)
def signatures() -> dict[str, Signature]:
    """By canonical name."""
    path = resources.files("ee") / "tests" / "algorithms.json"
    listed = json.loads(path.read_text(encoding="utf-8"))["algorithms"]
    return {signature.name: signature for signature in map(_signature, listed)}


def _signature(record: dict[str, Any]) -> Signature:
    arguments = tuple(
        Argument(
            each["argumentName"],
            each["type"],
            each.get("optional", False),
            each.get("defaultValue"),
        )
        for each in record.get("arguments", [])
    )
    name = record["name"].removeprefix("algorithms/")
    return Signature(name, arguments, record.get("returnType", "Object"))
