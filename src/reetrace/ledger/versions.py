"""What changed between versions of the workbook and of the evidence format."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reetrace.core.table import Table
from reetrace.ledger.columns import Field, build, text

_FILE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Change:
    """One version of something that users build on."""

    of: str
    """`workbook`, `evidence folder`, `evidence.json` or `mine list`."""
    version: str
    since: str
    """Version of reetrace that brought it."""
    what: str


@lru_cache(maxsize=1)
def changes() -> tuple[Change, ...]:
    """Every change, the newest of each part first."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(Change(**row) for row in table["change"])


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """SHA-256 over the columns of the newest workbook, as it was written down."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return str(table["fingerprint"]["workbook"])


def version_of(part: str) -> str:
    """The newest version of a part.

    >>> version_of("evidence.json")
    '1.0'
    """
    return next(each.version for each in changes() if each.of == part)


def change_log() -> Table:
    """What changed, part by part.

    It tells of the program, not of an evidence: the workbook has it, the record has not, or the
    record of an older version would no longer follow from its evidence.
    """
    fields: list[Field[Change]] = [
        text("part", "Part", "What changed.", lambda row: row.of),
        text("version", "Version", "Version of that part.", lambda row: row.version),
        text("since", "Since reetrace", "Version that brought it.", lambda row: row.since),
        text("change", "Change", "What changed.", lambda row: row.what),
    ]
    return build(
        "change_log",
        "Change log",
        "What changed between versions of this workbook and of the evidence format.",
        fields,
        changes(),
    )
