"""The doubts that a run noted, as sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reetrace.core.evidence import Evidence
from reetrace.reading.language import plain, quote

# Numbers that stand by themselves: those within the id of an image are no numbers to be listed.
_NUMBER = re.compile(r"(?<![\w.-])\d+(?:[.,]\d+)*(?![\w-])")


def noted(evidence: Evidence) -> list[str]:
    """The doubts of a run as sentences, those that differ in their numbers alone told once."""
    told = merged(quote(each) for each in evidence.warnings)
    return [each if plain(each).endswith((".", "。", "။")) else f"{each}." for each in told]


def merged(warnings: Iterable[str]) -> list[str]:
    """Warnings that differ in their numbers alone, told once with all of them in order.

    >>> merged(["2005: 7 of 700 lost.", "2010: 5 of 700 lost."])
    ['2005, 2010: 7, 5 of 700 lost.']
    >>> merged(["2005 (LT05_2005-01-13): hazy.", "2010 (LT05_2010-12-13): hazy."])
    ['2005 (LT05_2005-01-13): hazy.', '2010 (LT05_2010-12-13): hazy.']
    """
    alike: dict[str, list[list[str]]] = {}
    for each in warnings:
        alike.setdefault(_NUMBER.sub("\0", each), []).append(_NUMBER.findall(each))
    return [_with(pattern, numbers) for pattern, numbers in alike.items()]


def _with(pattern: str, numbers: list[list[str]]) -> str:
    """A pattern with each of its numbers, listed where the warnings differ in it."""
    pieces = pattern.split("\0")
    columns = zip(*numbers, strict=True)
    told = [", ".join(each if len(set(each)) > 1 else each[:1]) for each in columns]
    return "".join(piece + number for piece, number in zip(pieces, [*told, ""], strict=True))
