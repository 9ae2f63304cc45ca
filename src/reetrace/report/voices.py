"""Words with their languages: from the marks of an edition to spans that each speak one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reetrace.reading.language import ENGLISH, code, pieces
from reetrace.report.fonts import HAN, Span
from reetrace.report.shaping import MYANMAR

CHINESE, BURMESE, FRENCH = "zh-Hans", "my", "fr"

_BESIDE_HAN = re.compile(
    "(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9+<(\u2212])|(?<=[A-Za-z0-9%)\u00b2])(?=[\u4e00-\u9fff])"
)

_AFTER_WIDE_STOP = re.compile("(?<=[\u3001\u3002\uff08\uff09\uff0c\uff1a\uff1b]) +")

# French has a space before high stops and within quotation marks; no line may break there.
_BEFORE_STOP = re.compile(" (?=[;:!?\u00bb])|(?<=\u00ab) ")


def spans_of(text: str | Sequence[Span]) -> list[Span]:
    """The spans of a text, parted where its language changes; no mark is left."""
    made: list[Span] = []
    english = 0
    for span in [Span(text)] if isinstance(text, str) else text:
        found, english = pieces(span.text, english=english)
        made += [Span(words, span.face, ENGLISH if marked else "") for words, marked in found]
    return _closed_up(made) or [Span("")]


def _closed_up(spans: list[Span]) -> list[Span]:
    """Spaces as a language has them.

    In Chinese one parts it from Latin letters, and none follows a stop, which holds one.
    """
    if code() == FRENCH:
        return [span._replace(text=_BEFORE_STOP.sub("\u00a0", span.text)) for span in spans]
    if code() != CHINESE:
        return spans
    made: list[Span] = []
    for span in spans:
        before = made[-1].text[-1:] if made else ""
        parted = _BESIDE_HAN.sub(" ", before + span.text)
        words = _AFTER_WIDE_STOP.sub("", parted)[len(before) :]
        made.append(span._replace(text=words))
    return [span for span in made if span.text]


def language_of(font: str, piece: str) -> str:
    """The language of a piece that is set in a font; empty where it is that of the document."""
    name, _, marked = font.partition("@")
    language = marked or _of_script(name, piece)
    return "" if language == code() else language


def _of_script(font: str, piece: str) -> str:
    if font == HAN:
        return CHINESE
    if font == MYANMAR:
        return BURMESE
    # Latin letters in a document of another script; symbols of units are read in any language.
    latin = code() in {CHINESE, BURMESE} and re.search(r"[A-Za-z]{3}", piece)
    return ENGLISH if latin else ""
