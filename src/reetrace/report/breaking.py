"""Where a line may end: between words, Burmese syllables and Chinese characters."""

from __future__ import annotations

import re
from unicodedata import category

from reetrace.report.fonts import HAN, Span, runs, text_width
from reetrace.report.shaping import MYANMAR

# A Burmese syllable begins at a base letter, unless that letter is stacked beneath another
# (after U+1039) or closes the syllable before it (followed by asat U+103A, perhaps with a dot
# below, or by a stacker). Unicode Standard, section 16.3.
_SYLLABLE = re.compile(
    "(?<!^)(?<!\u1039)(?=[\u1000-\u102a\u103f\u1040-\u1049\u104e](?![\u103a\u1039]|\u1037\u103a))"
)

# Unicode categories: an opening mark may not end a line, a closing one or a stop may not begin one.
_OPENING, _CLOSING = {"Ps", "Pi"}, {"Pe", "Pf", "Po"}


def atoms(text: str) -> list[str]:
    """The pieces of a text between which a line may break: words, syllables, Chinese characters."""
    pieces: list[str] = []
    for word in re.findall(r"[^ \t\n]+[ \t\n]*|[ \t\n]+", text):
        for font, part in runs(word):
            if font == MYANMAR:
                pieces.extend(_SYLLABLE.split(part))
            elif font == HAN:
                pieces.extend(part)
            else:
                pieces.append(part)
    return _joined(pieces)


def _joined(pieces: list[str]) -> list[str]:
    """Brackets and stops stay with the word they belong to."""
    made: list[str] = []
    for piece in pieces:
        if made and _clings(made[-1], piece):
            made[-1] += piece
        else:
            made.append(piece)
    return made


def _clings(before: str, after: str) -> bool:
    if category(before[-1]) in _OPENING:
        return True
    return not before[-1].isspace() and category(after[0]) in _CLOSING


def elided(text: str, size: float, width: float) -> str:
    """A text cut to one line of `width` points, with an ellipsis where it was cut."""
    if text_width(text, size) <= width:
        return text
    kept = atoms(text)
    while kept and text_width("".join(kept) + "…", size) > width:
        kept.pop()
    return "".join(kept).rstrip() + "…"


def break_lines(spans: list[Span], size: float, width: float) -> list[list[Span]]:
    """Lines no wider than `width` points, broken where Burmese may be broken."""
    lines: list[list[Span]] = [[]]
    used = 0.0
    for span in spans:
        for atom in atoms(span.text):
            needed = text_width(atom.rstrip(), size, span.face)
            before = lines[-1][-1].text if lines[-1] else ""
            # A stop of another span may hang over the edge; it may not begin a line.
            if used and used + needed > width and not (before and _clings(before, atom)):
                lines.append([])
                used = 0.0
            lines[-1].append(span._replace(text=atom))
            used += text_width(atom, size, span.face)
    return lines
