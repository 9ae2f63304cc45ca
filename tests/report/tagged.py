"""What is wrong with the tags of a PDF: each check returns complaints, none where all is well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf

SHOWS = {"Tj", "TJ", "'", '"'}
"""Operators that show text."""

PAINTS = SHOWS | {
    *("S", "s", "f", "F", "f*", "B", "B*", "b", "b*"),
    *("sh", "Do", "BI", "EI", "INLINE IMAGE"),
}
"""ISO 32000-1, table 51: operators that leave a mark on the paper."""

CELLS = {"/TH", "/TD"}


def instructions(page: pikepdf.Page, operators: str = "") -> Iterator[tuple[Any, Any]]:
    """(operands, operator) of the stream of a page."""
    for each in pikepdf.parse_content_stream(page, operators):
        found: Any = each
        yield found.operands, found.operator


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every element of the structure, parents before children, in reading order."""
    waiting = list(reversed(list(pdf.Root.StructTreeRoot.K)))
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(children(found)))


def children(element: Any) -> list[Any]:
    """The elements beneath one."""
    return [
        each
        for each in element.get("/K", [])
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") is not None
    ]


def tags(pdf: pikepdf.Pdf) -> Counter[str]:
    """How many elements of each kind there are."""
    return Counter(str(each.S).removeprefix("/") for each in elements(pdf))


def pieces(element: Any) -> list[tuple[tuple[int, int], int]]:
    """(page object, number) of the marked content of one element."""
    found = []
    for each in element.get("/K", []):
        if isinstance(each, pikepdf.Dictionary):
            if each.get("/Type") == "/MCR":
                found.append((each.Pg.objgen, int(each.MCID)))
        else:
            found.append((element.Pg.objgen, int(each)))
    return found


def untagged_marks(pdf: pikepdf.Pdf) -> list[str]:
    """Marks on the paper that are neither content of an element nor artifacts."""
    said = []
    for number, page in enumerate(pdf.pages, start=1):
        open_marks: list[str] = []
        outside_text = 0
        for operands, operator in instructions(page):
            name = str(operator)
            if name in {"BDC", "BMC"}:
                kind = _kind(operands)
                if kind != "span" and open_marks:
                    said.append(f"page {number}: {kind} within {open_marks[-1]}")
                open_marks.append(kind)
            elif name == "EMC":
                open_marks.pop()
            elif name == "BT":
                outside_text = len(open_marks)
            elif name == "ET" and outside_text != len(open_marks):
                said.append(f"page {number}: a mark begins and ends in different text objects")
            elif name in PAINTS and not ({"content", "artifact"} & set(open_marks)):
                said.append(f"page {number}: {name} {operands} is not tagged")
        if open_marks:
            said.append(f"page {number}: a mark is never closed")
    return said


def _kind(operands: Any) -> str:
    if str(operands[0]) == "/Artifact":
        return "artifact"
    properties = operands[1] if len(operands) > 1 else {}
    return "content" if "/MCID" in properties else "span"


def marked_numbers(pdf: pikepdf.Pdf) -> dict[tuple[int, int], list[int]]:
    """The numbers of marked content on each page, as they stand in its stream."""
    found = {}
    for page in pdf.pages:
        found[page.obj.objgen] = [
            int(operands[1].MCID)
            for operands, operator in instructions(page, "BDC")
            if str(operator) == "BDC" and "/MCID" in operands[1]
        ]
    return found


def spoken(pdf: pikepdf.Pdf) -> dict[tuple[tuple[int, int], int], str]:
    """What each piece of marked content says: its characters, or those that stand behind them."""
    said: dict[tuple[tuple[int, int], int], str] = {}
    for page in pdf.pages:
        fonts = {name: characters(font) for name, font in page.Resources.Font.items()}
        font: dict[int, str] = {}
        open_marks: list[tuple[int | None, str | None]] = []
        for operands, operator in instructions(page):
            name = str(operator)
            if name in {"BDC", "BMC"}:
                kind = operands[1] if len(operands) > 1 else {}
                number = int(kind["/MCID"]) if "/MCID" in kind else None
                actual = str(kind["/ActualText"]) if "/ActualText" in kind else None
                open_marks.append((number, actual))
                _add(said, page, open_marks, actual or "")
            elif name == "EMC":
                open_marks.pop()
            elif name == "Tf":
                font = fonts[str(operands[0])]
            elif name in SHOWS and not any(actual is not None for _, actual in open_marks):
                shown = operands[0] if name == "TJ" else operands[-1:]
                codes = b"".join(bytes(each) for each in shown if isinstance(each, pikepdf.String))
                _add(said, page, open_marks, "".join(font.get(code, "") for code in codes))
    return said


def _add(
    said: dict[tuple[tuple[int, int], int], str],
    page: pikepdf.Page,
    open_marks: list[tuple[int | None, str | None]],
    text: str,
) -> None:
    for number, _ in open_marks:
        if number is not None:
            piece = (page.obj.objgen, number)
            said[piece] = said.get(piece, "") + text


def characters(font: Any) -> dict[int, str]:
    """What each code of a font stands for."""
    found = re.findall(rb"<([0-9A-F]{2})> <([0-9A-F]{4,})>\n", font.ToUnicode.read_bytes())
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in found}


def fonts_of(pdf: pikepdf.Pdf) -> list[Any]:
    """Every font of the document."""
    return [
        each
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font"
    ]


def unmapped_codes(pdf: pikepdf.Pdf) -> list[str]:
    """Codes that are shown and stand for no character, or for an empty box."""
    known = {
        font.objgen: characters(font) for page in pdf.pages for font in page.Resources.Font.values()
    }
    lacking = set()
    for page in pdf.pages:
        font: Any = None
        for operands, operator in instructions(page):
            if str(operator) == "Tf":
                font = page.Resources.Font[str(operands[0])]
            elif str(operator) in SHOWS:
                shown = operands[0] if str(operator) == "TJ" else operands[-1:]
                codes = b"".join(bytes(each) for each in shown if isinstance(each, pikepdf.String))
                absent = set(codes) - set(known[font.objgen])
                lacking |= {f"{font.BaseFont}: {code}" for code in absent}
    return sorted(lacking)


def text_of(element: Any, said: dict[tuple[tuple[int, int], int], str]) -> str:
    """What one element says by itself."""
    return "".join(said[each] for each in pieces(element))


def loose_pieces(pdf: pikepdf.Pdf) -> list[str]:
    """Pieces that no element, or more than one, refers to; and parents that are not theirs."""
    said = []
    parents = _parents(pdf)
    referred = Counter(piece for each in elements(pdf) for piece in pieces(each))
    owners = {piece: each.objgen for each in elements(pdf) for piece in pieces(each)}
    marked = marked_numbers(pdf)
    for sheet, page in enumerate(pdf.pages, start=1):
        numbers = marked[page.obj.objgen]
        if not numbers:
            said.append(f"page {sheet} has no content")
        if sorted(numbers) != list(range(len(numbers))):
            said.append(f"page {sheet}: the numbers are {numbers}")
        listed = parents.get(int(page.obj.StructParents), [])
        for number in numbers:
            piece = (page.obj.objgen, number)
            if referred.pop(piece, 0) != 1:
                said.append(f"page {sheet}: piece {number} is not referred to once")
            elif number >= len(listed) or listed[number].objgen != owners[piece]:
                said.append(f"page {sheet}: piece {number} has another parent")
    return [*said, *(f"{piece} is on no page" for piece in referred)]


def _parents(pdf: pikepdf.Pdf) -> dict[int, Any]:
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    return {int(key): owner for key, owner in zip(numbers[::2], numbers[1::2], strict=True)}


def skipped_headings(pdf: pikepdf.Pdf) -> list[str]:
    """Headings more than one level below the one before."""
    said, before = [], 0
    for each in elements(pdf):
        name = str(each.S)
        if name in {"/H1", "/H2", "/H3", "/H4"}:
            level = int(name[2])
            if level > before + 1:
                said.append(f"{name} after H{before}")
            before = level
    return said


def odd_tables(pdf: pikepdf.Pdf) -> list[str]:
    """Tables whose rows differ in length, or whose heads do not say what they head."""
    said = []
    for order, table in enumerate((e for e in elements(pdf) if e.S == "/Table"), start=1):
        rows = [row for part in children(table) for row in children(part) if row.S == "/TR"]
        widths = _widths(rows)
        if len(rows) < 2 or len(set(widths)) != 1 or not widths[0]:
            said.append(f"table {order}: rows of {sorted(set(widths))} cells")
        for row in rows:
            said += [
                f"table {order}: {cell.S} without scope"
                for cell in children(row)
                if cell.S == "/TH" and "/Scope" not in cell.get("/A", {})
            ]
        if any(cell.S != "/TH" or cell.A.Scope != "/Column" for cell in children(rows[0])):
            said.append(f"table {order}: the first row is no head")
        if [part.S for part in children(table)] != ["/Caption", "/THead", "/TBody"]:
            said.append(f"table {order}: not a caption, a head and a body")
    return said


def _widths(rows: list[Any]) -> list[int]:
    """Cells of every row, those that reach down from a row above among them."""
    reaching: list[int] = []
    widths = []
    for row in rows:
        cells = children(row)
        reaching = [each - 1 for each in reaching if each > 1]
        widths.append(len(cells) + len(reaching))
        spans = [int(cell.get("/A", {}).get("/RowSpan", 1)) for cell in cells]
        reaching += [each for each in spans if each > 1]
    return widths


def unplaced_links(pdf: pikepdf.Pdf) -> list[str]:
    """Links that no Link element holds, or that say nothing before they are followed."""
    said = []
    parents = _parents(pdf)
    for sheet, page in enumerate(pdf.pages, start=1):
        for link in page.obj.get("/Annots", []):
            owner = parents.get(int(link.get("/StructParent", -1)))
            held = [] if owner is None else [kid for kid in owner.K if _is_object(kid, link)]
            if owner is None or owner.S != "/Link" or len(held) != 1:
                said.append(f"page {sheet}: a link is in no Link element")
            if not str(link.get("/Contents", "")):
                said.append(f"page {sheet}: a link says nothing")
    return said


def _is_object(kid: Any, link: Any) -> bool:
    return (
        isinstance(kid, pikepdf.Dictionary)
        and kid.get("/Type") == "/OBJR"
        and kid.Obj.objgen == link.objgen
    )
