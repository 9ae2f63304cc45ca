"""Rules of Open XML that a workbook must keep, each looked at in the bytes of the file itself."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, fromstring

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+)")
_REQUIRED = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/styles.xml")


@dataclass(frozen=True)
class Book:
    """The parts of a workbook, those that are XML parsed."""

    parts: dict[str, bytes]
    trees: dict[str, Element]

    def relations(self, part: str) -> dict[str, tuple[str, bool]]:
        """Id to (target part, whether it lies outside the file)."""
        folder, name = posixpath.split(part)
        tree = self.trees.get(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for each in tree if tree is not None else ():
            outside = each.get("TargetMode") == "External"
            target = each.get("Target", "")
            inside = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[each.get("Id", "")] = (target if outside else inside, outside)
        return found

    @property
    def sheets(self) -> dict[str, str]:
        """Name of each sheet to its part."""
        relations = self.relations("xl/workbook.xml")
        listed = self.trees["xl/workbook.xml"].iter(f"{_MAIN}sheet")
        found = {each.get("name", ""): relations[each.get(_LINK, "")][0] for each in listed}
        return {name: part for name, part in found.items() if part in self.trees}


def faults(content: bytes) -> list[str]:
    """Every rule that is broken, in words; empty for a good workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names}
    trees, found = {}, [f"{name}: twice in the file" for name in names if names.count(name) > 1]
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
                found.append(f"{name}: declares a document type")
            try:
                trees[name] = fromstring(part)  # noqa: S314 - made by us, and no entities
            except ParseError as error:
                found.append(f"{name}: is no XML ({error})")
    found += [f"{name}: missing" for name in _REQUIRED if name not in parts]
    if found:
        return found
    book = Book(parts, trees)
    return [fault for rule in _RULES for fault in rule(book)]


def _types(book: Book) -> Iterator[str]:
    tree = book.trees["[Content_Types].xml"]
    endings = {each.get("Extension") for each in tree if each.tag.endswith("Default")}
    named = {each.get("PartName", "").lstrip("/") for each in tree if each.tag.endswith("Override")}
    for name in book.parts:
        known = name in named or name.rpartition(".")[2] in endings
        if not known and name != "[Content_Types].xml":
            yield f"{name}: has no content type"
    yield from (f"{name}: has a content type but is not there" for name in named - set(book.parts))


def _relations(book: Book) -> Iterator[str]:
    reached = {"[Content_Types].xml"}
    for name in book.parts:
        if not name.endswith(".rels"):
            continue
        folder, file = posixpath.split(name)
        part = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
        reached |= {name}
        for target, outside in book.relations(part).values():
            reached.add(target)
            if outside:
                yield f"{name}: leads out of the file, to {target}"
            elif target not in book.parts:
                yield f"{name}: leads to {target}, which is not there"
    yield from (f"{name}: no part leads to it" for name in set(book.parts) - reached)


def _names_of_sheets(book: Book) -> Iterator[str]:
    names = list(book.sheets)
    for name in names:
        if not 1 <= len(name) <= 31 or re.search(r"[\[\]:*?/\\]", name) or name[0] == "'":
            yield f"sheet {name!r}: no name Excel takes"
    if len({name.casefold() for name in names}) != len(names):
        yield "two sheets differ in capitals alone"


def _cells(book: Book) -> Iterator[str]:
    looks = book.trees["xl/styles.xml"].find(f"{_MAIN}cellXfs")
    styles = len(looks) if looks is not None else 0
    strings = len(book.trees.get("xl/sharedStrings.xml", ()))
    for name, part in book.sheets.items():
        seen: set[str] = set()
        for cell in book.trees[part].iter(f"{_MAIN}c"):
            at, value = cell.get("r", ""), cell.find(f"{_MAIN}v")
            if cell.find(f"{_MAIN}f") is not None:
                yield f"{name}!{at}: holds a formula"
            if int(cell.get("s", "0")) >= styles:
                yield f"{name}!{at}: looks that are not there"
            if cell.get("t") == "s" and not 0 <= int(_text(value)) < strings:
                yield f"{name}!{at}: a text that is not there"
            if at in seen:
                yield f"{name}!{at}: twice"
            seen.add(at)


def _text(value: Element | None) -> str:
    return (value.text if value is not None else None) or "-1"


def _tables(book: Book) -> Iterator[str]:
    ids: list[str] = []
    called: list[str] = []
    for name, part in book.sheets.items():
        for target, _ in book.relations(part).values():
            if not target.startswith("xl/tables/"):
                continue
            table = book.trees[target]
            ids.append(table.get("id", ""))
            called.append(table.get("displayName", "").casefold())
            first, last = table.get("ref", "").split(":")
            titles = [each.get("name", "") for each in table.iter(f"{_MAIN}tableColumn")]
            if _row(last) <= _row(first):
                yield f"{name}: its table has no row"
            if not all(0 < len(title) <= 255 for title in titles):
                yield f"{name}: a column of its table has no name Excel takes"
            if len({title.casefold() for title in titles}) != len(titles):
                yield f"{name}: two columns of its table are called alike"
            if _column(last) - _column(first) + 1 != len(titles):
                yield f"{name}: its table is not as wide as it says"
            if titles != _row_of_texts(book, part, first, last):
                yield f"{name}: the titles of its table are not those of the cells"
    if len(set(ids)) != len(ids) or len(set(called)) != len(called):
        yield "two tables have one id or name"


def _row_of_texts(book: Book, part: str, first: str, last: str) -> list[str]:
    texts = book.trees["xl/sharedStrings.xml"]
    strings = {str(number): "".join(each.itertext()) for number, each in enumerate(texts)}
    cells = {each.get("r", ""): each for each in book.trees[part].iter(f"{_MAIN}c")}
    wanted = [
        each
        for at, each in cells.items()
        if _row(at) == _row(first) and _column(first) <= _column(at) <= _column(last)
    ]
    return [strings.get(_text(each.find(f"{_MAIN}v")), "") for each in wanted]


def _row(address: str) -> int:
    found = _CELL.fullmatch(address)
    return int(found.group(2)) if found else 0


def _column(address: str) -> int:
    found = _CELL.fullmatch(address)
    number = 0
    for letter in found.group(1) if found else "":
        number = 26 * number + ord(letter) - 64
    return number


def _names(book: Book) -> Iterator[str]:
    seen: set[tuple[str, str | None]] = set()
    for each in book.trees["xl/workbook.xml"].iter(f"{_MAIN}definedName"):
        name, place = each.get("name", ""), each.text or ""
        if (name.casefold(), each.get("localSheetId")) in seen:
            yield f"name {name}: twice"
        seen.add((name.casefold(), each.get("localSheetId")))
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*", name) or _CELL.fullmatch(name.upper()):
            yield f"name {name}: no name Excel takes"
        for one in place.split(","):
            found = re.fullmatch(r"'?([^'!]+)'?!\$[A-Z0-9$]+(:\$[A-Z0-9$]+)?", one)
            if not found or found.group(1) not in book.sheets:
                yield f"name {name}: leads to {one}, which is no place in the book"


def _heads(book: Book) -> Iterator[str]:
    for name, part in book.sheets.items():
        for each in book.trees[part].iterfind(f"{_MAIN}headerFooter/*"):
            if len((each.text or "").encode("utf-16-le")) > 2 * 255:
                yield f"{name}: its page head or foot is longer than Excel takes"


_RULES = (_types, _relations, _names_of_sheets, _cells, _tables, _names, _heads)
