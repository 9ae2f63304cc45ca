"""The words of a PDF as its pages show them, read by as little code as will do."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import EvidenceError

if TYPE_CHECKING:
    from pikepdf import Page, Pdf

MOST_PAGES = 5_000
_MOST_STREAM_BYTES = 64 * 1024 * 1024

_Known = dict[tuple[int, int], dict[int, str]]
"""Character by code, by the object that lists them."""

_CODE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")

_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_MOVING = frozenset({"T*", "Td", "TD", "Tm", "'", '"'})


@dataclass(frozen=True)
class Block:
    """One marked piece of a page: a paragraph, a cell, a line at its foot."""

    page: int
    text: str

    @property
    def squeezed(self) -> str:
        """Without any blank: lines may be broken anywhere."""
        return squeezed(self.text)


def squeezed(text: str) -> str:
    """Text without any blank."""
    return "".join(text.split())


def blocks(pdf: Pdf) -> Iterator[Block]:
    """Every piece of text, in the order in which it is drawn.

    Raises:
        EvidenceError: The file has more pages, or a page more content, than a report of ours.
    """
    if len(pdf.pages) > MOST_PAGES:
        raise EvidenceError(f"report.pdf: has more than {MOST_PAGES:,} pages.")
    known: _Known = {}
    for number, page in enumerate(pdf.pages, start=1):
        yield from _page_blocks(page, number, known)


def _page_blocks(page: Page, number: int, known: _Known) -> Iterator[Block]:
    import pikepdf

    for stream in _contents(page):
        unpacked(stream, f"page {number}")
    reader = _Reader(page.resources.get("/Font", {}), known)
    for instruction in pikepdf.parse_content_stream(page):
        finished = reader.follow(str(instruction.operator), instruction.operands)
        if finished:
            yield Block(number, finished)
    if reader.parts:
        yield Block(number, "".join(reader.parts))


class _Reader:
    """Follows what a page draws, and gives each marked piece of text when it ends."""

    def __init__(self, fonts: Any, known: _Known) -> None:  # noqa: ANN401 - pikepdf's
        self.fonts, self.known = fonts, known
        self.letters: dict[int, str] = {}
        self.bytes_each = 1
        self.depth, self.spoken_at = 0, 0
        """Marks that are open; the outermost of them that says what its glyphs stand for."""
        self.parts: list[str] = []

    def follow(self, operator: str, operands: Any) -> str:  # noqa: ANN401 - pikepdf's
        """One instruction; returns the text of a piece that it ends."""
        if operator in {"BDC", "BMC"}:
            return self._open(operands)
        if operator == "EMC":
            return self._close()
        if operator == "Tf":
            font = self.fonts.get(str(operands[0]))
            self.letters = _letters(font, self.known)
            # Composite fonts write two bytes a letter.
            self.bytes_each = 2 if font is not None and font.get("/Subtype") == "/Type0" else 1
        elif not self.spoken_at:
            if operator in _MOVING:
                self.parts.append(" ")
            if operator in _SHOWING:
                self.parts.append(_shown(operands, self.letters, self.bytes_each))
        return ""

    def _open(self, operands: Any) -> str:  # noqa: ANN401 - pikepdf's
        finished = self._taken() if not self.depth else ""
        self.depth += 1
        said = _spoken(operands)
        if said is not None and not self.spoken_at:
            self.spoken_at = self.depth
            self.parts.append(said)
        return finished

    def _close(self) -> str:
        if self.depth == self.spoken_at:
            self.spoken_at = 0
        self.depth = max(0, self.depth - 1)
        return self._taken() if not self.depth else ""

    def _taken(self) -> str:
        text, self.parts = "".join(self.parts), []
        return text


def _contents(page: Page) -> list[Any]:
    import pikepdf

    contents = page.obj.get("/Contents")
    if isinstance(contents, pikepdf.Array):
        return list(contents)
    return [] if contents is None else [contents]


def unpacked(stream: Any, what: str, most: int = _MOST_STREAM_BYTES) -> bytes:  # noqa: ANN401 - pikepdf's
    """The content of a stream, refused where it unpacks to more than any of ours.

    Raises:
        EvidenceError: It is too large, or packed in a way that ours are not.
    """
    import pikepdf

    packed, way = stream.read_raw_bytes(), stream.get("/Filter")
    ways = [str(each) for each in way] if isinstance(way, pikepdf.Array) else [str(way)]
    if way is None:
        content = packed
    elif ways == ["/FlateDecode"] and "/DecodeParms" not in stream:
        content = zlib.decompressobj().decompress(packed, most + 1)
    else:
        raise EvidenceError(f"report.pdf: {what} is packed in a way that no report of ours is.")
    if len(content) > most:
        raise EvidenceError(f"report.pdf: {what} holds more than {most:,} bytes.")
    return bytes(content)


def _spoken(operands: Any) -> str | None:  # noqa: ANN401 - pikepdf's
    """What a mark says its glyphs stand for; None where the glyphs speak for themselves."""
    import pikepdf

    described = operands[1] if len(operands) > 1 else None
    if isinstance(described, pikepdf.Dictionary) and "/ActualText" in described:
        return str(described["/ActualText"])
    return None


def _letters(font: Any, known: _Known) -> dict[int, str]:  # noqa: ANN401 - pikepdf's
    """Character by code of a font."""
    if font is None or "/ToUnicode" not in font:
        return {}
    stream = font.ToUnicode
    if stream.objgen not in known:
        found = {}
        for code, text in _CODE.findall(unpacked(stream, "a font")):
            if len(text) % 4 == 0:
                found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
        known[stream.objgen] = found
    return known[stream.objgen]


def _shown(operands: Any, letters: dict[int, str], bytes_each: int) -> str:  # noqa: ANN401 - pikepdf's
    import pikepdf

    pieces = operands[-1] if isinstance(operands[-1], pikepdf.Array) else [operands[-1]]
    text = []
    for piece in pieces:
        if isinstance(piece, pikepdf.String | bytes | str):
            raw = bytes(piece) if not isinstance(piece, str) else piece.encode("latin-1", "replace")
            starts = range(0, len(raw), bytes_each)
            codes = (int.from_bytes(raw[at : at + bytes_each], "big") for at in starts)
            text += [letters.get(code, chr(code)) for code in codes]
    return "".join(text)
