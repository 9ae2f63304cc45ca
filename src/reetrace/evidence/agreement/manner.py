"""How closely a file must be what this reetrace would write: to the byte, or in its values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

from reetrace.core.errors import EvidenceError

Manner = Literal["bytes", "values"]
"""`values` where another reetrace made the folder: it may lay the same values out otherwise, and
know columns and members that this one does not know."""

DICTIONARY = "dictionary"
"""The table that describes the columns of the version that wrote it: each version has another."""


_MOST_NAMED = 3
"""Names that a line bears before it counts the others."""


def named(names: Sequence[str]) -> str:
    """A few of the names, and how many more there are."""
    more = len(names) - _MOST_NAMED
    # A stranger's header may hold what a terminal obeys.
    told = ", ".join(ascii(each[:60])[1:-1] for each in names[:_MOST_NAMED])
    return f"{told} and {more} more" if more > 0 else told


def same_json(content: bytes, wanted: bytes, manner: Manner, name: str) -> bool:
    """Whether a JSON file says what follows from the evidence.

    Args:
        content: Of the file.
        wanted: As this reetrace writes it.
        manner: By `values`, members that only one of the two has are passed over.
        name: As an error names the file.

    Raises:
        EvidenceError: It is no JSON that can be read.
    """
    if manner == "bytes":
        return content == wanted
    return _agree(_parsed(content, name), json.loads(wanted))


def _parsed(content: bytes, name: str) -> Any:  # noqa: ANN401 - any JSON
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        # Readers differ in which of two members of one name they take.
        found = dict(pairs)
        if len(found) < len(pairs):
            raise EvidenceError(f"{name}: has two members of one name.")
        return found

    try:
        return json.loads(content, object_pairs_hook=once)
    except (ValueError, RecursionError) as fault:
        if isinstance(fault, EvidenceError):
            raise
        raise EvidenceError(f"{name}: no JSON that can be read ({fault}).") from fault


def _agree(found: Any, wanted: Any) -> bool:  # noqa: ANN401 - any JSON
    if isinstance(found, dict) and isinstance(wanted, dict):
        return all(_agree(found[name], wanted[name]) for name in found.keys() & wanted.keys())
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(_agree, found, wanted))
    return bool(found == wanted)
