"""The big figures on the cover of a report, or of a letter, beside the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence
from reetrace.evidence.agreement.pages import Block, squeezed
from reetrace.evidence.signatures import REPORT
from reetrace.reading import headlines
from reetrace.reading.language import plain

Words = Literal["shipped", "own"]

_FIGURES = re.compile(r"[0-9][0-9,.]*")
_SIGNED = re.compile(r"[+\u2212]?[0-9][0-9,.]*")


def check_cover(found: Sequence[Block], evidence: Evidence, words: Words) -> int:
    """Every big figure under whose title the first page prints one is that of the evidence.

    A template that begins with a letter prints none: what is not printed is not compared.

    Args:
        found: Pieces of text in the order in which they are drawn.
        evidence: Its figures, in the language being spoken.
        words: `shipped` ones are compared too; of `own` ones, of a user or of a translator who
            edited since, only the figures can be.

    Returns:
        How many were compared.

    Raises:
        EvidenceError: Names the first that is printed otherwise.
    """
    printed = [block.squeezed for block in found if block.page == 1]
    masked = [_FIGURES.sub("0", text) for text in printed]
    compared = 0
    for pieces in _expected(evidence):
        wanted = [squeezed(plain(each)) for each in pieces]
        title = _FIGURES.sub("0", wanted[0])
        if title not in masked:
            continue
        place = masked.index(title)
        for text, piece, shown in zip(wanted, pieces, printed[place:], strict=False):
            if text != shown and (words == "shipped" or _numbers(text) != _numbers(shown)):
                raise EvidenceError(
                    f"{REPORT}: page 1 prints {shown[:60]!r} under “{plain(pieces[0])[:80]}”, "
                    f"evidence.json gives {plain(piece)[:60]!r}."
                )
        compared += len(pieces) - 1
    return compared


def check_letter(found: Sequence[Block], evidence: Evidence) -> int:
    """Every row of hectares in a letter is that of the evidence.

    Args:
        found: Pieces of text in the order in which they are drawn.
        evidence: Its figures, in the language being spoken.

    Returns:
        How many rows were compared; none where the report is no letter.

    Raises:
        EvidenceError: Names the first that is printed otherwise.
    """
    told = headlines.hectares(evidence)
    printed = [block.squeezed for block in found]
    title = squeezed(plain(told.title))
    # The number of the table stands before it.
    place = next((at for at, text in enumerate(printed) if text.endswith(title)), None)
    if place is None:
        return 0
    after = printed[place:]
    for row in told.rows:
        wanted = [squeezed(plain(each)) for each in row]
        starts = range(len(after) - len(wanted) + 1)
        if not any(after[start : start + len(wanted)] == wanted for start in starts):
            raise EvidenceError(
                f"{REPORT}: does not print the hectares of {row[0]} that evidence.json gives "
                f"({', '.join(map(plain, row[1:]))})."
            )
    return len(told.rows)


def _expected(evidence: Evidence) -> Iterator[tuple[str, ...]]:
    """A title and the pieces of text that follow it on a cover."""
    for each in (*headlines.answers(evidence), *headlines.certainty(evidence)):
        yield (each.title, each.figure, *each.below)
    sides = headlines.sides(evidence)
    if sides is not None:
        yield (sides.title, *(f"{each.title}{each.figure}{each.how}" for each in sides.sides))


def _numbers(text: str) -> list[str]:
    """The figures of a text, in whatever order its language has them."""
    return sorted(each.rstrip(".,") for each in _SIGNED.findall(text))
