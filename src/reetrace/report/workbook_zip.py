"""The same workbook, byte for byte: a zip whose order and dates come from the evidence.

What the library writes in another way than the standard's schema asks is put right here too.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

_MODIFIED = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*(</dcterms:)")

# The earliest date a zip can hold; what a member's date says is of no use to anybody.
_NO_DATE = (1980, 1, 1, 0, 0, 0)

# Epochs are text that may look like a number: Excel would mark every such cell as a mistake.
_TOLERATED = (
    b'<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors>'
)

# What may follow it in a sheet; the order of a sheet's parts is fixed.
_AFTER_TOLERATED = re.compile(rb"<drawing |<legacyDrawing |<tableParts|</worksheet>")

_FIRST = ("[Content_Types].xml", "_rels/.rels")
_STRINGS = "xl/sharedStrings.xml"

_MAIN_TYPES = b"application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATION_TYPES = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"

# (part, before what, entry) that makes the strings known to a reader.
_REGISTERED = (
    (
        "[Content_Types].xml",
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s.sharedStrings+xml"/>'
        % _MAIN_TYPES,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        b"</Relationships>",
        b'<Relationship Type="%s/sharedStrings" Target="sharedStrings.xml" Id="rIdStrings"/>'
        % _RELATION_TYPES,
    ),
)

_TEXT_CELL = re.compile(
    rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?) t="inlineStr">'
    rb"(?:<is>(<t(?: [^>]*)?>.*?</t>|<t(?: [^>]*)?/>)</is>)?</c>",
    re.DOTALL,
)
_EMPTY_CELL = re.compile(rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?) t="n"(?:/>|></c>| />)')

_FONT = re.compile(rb"<font>(.*?)</font>", re.DOTALL)
_FONT_PART = re.compile(rb"<([a-zA-Z]+)[^>]*/>")
_FONT_ORDER = (
    b"b", b"i", b"strike", b"condense", b"extend", b"outline", b"shadow", b"u", b"vertAlign",
    b"sz", b"color", b"name", b"family", b"charset", b"scheme",
)  # fmt: skip

# The library writes a code for the end of a line that not every program knows.
_FOOT = re.compile(rb"<oddFooter>.*?</oddFooter>", re.DOTALL)
_LINE_END = re.compile(rb"_x000[aAdD]_")

# The library writes them the other way round.
_WHISKERS = re.compile(rb"(<(?:c:)?minus>.*?</(?:c:)?minus>)(<(?:c:)?plus>.*?</(?:c:)?plus>)")


def canonical(workbook: bytes, date: str) -> bytes:
    """A workbook's zip with sorted members and `date` (ISO) as the day it was made.

    The library that writes it stamps the clock into the document and into every member.
    """
    with zipfile.ZipFile(io.BytesIO(workbook)) as source:
        contents = {name: source.read(name) for name in source.namelist()}
    core = "docProps/core.xml"
    contents[core] = _MODIFIED.sub(rf"\g<1>{date}T00:00:00Z\g<2>".encode(), contents[core])
    contents["xl/styles.xml"] = _FONT.sub(_ordered_font, contents["xl/styles.xml"])
    for name in [each for each in contents if each.startswith("xl/charts/chart")]:
        contents[name] = _WHISKERS.sub(rb"\g<2>\g<1>", contents[name])
    sheets = sorted(name for name in contents if name.startswith("xl/worksheets/sheet"))
    for name in sheets:
        sheet = _AFTER_TOLERATED.sub(_TOLERATED + rb"\g<0>", contents[name], count=1)
        contents[name] = _FOOT.sub(lambda foot: _LINE_END.sub(b"\n", foot.group()), sheet)
    _share_strings(contents, sheets)
    return _zipped(contents)


def _zipped(contents: dict[str, bytes]) -> bytes:
    tidy = io.BytesIO()
    with zipfile.ZipFile(tidy, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name in sorted(contents, key=lambda each: (each not in _FIRST, each)):
            member = zipfile.ZipInfo(name, date_time=_NO_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = 0o644 << 16
            target.writestr(member, contents[name])
    return tidy.getvalue()


def _ordered_font(font: re.Match[bytes]) -> bytes:
    parts = sorted(
        _FONT_PART.finditer(font.group(1)), key=lambda part: _FONT_ORDER.index(part.group(1))
    )
    return b"<font>" + b"".join(part.group() for part in parts) + b"</font>"


def _share_strings(contents: dict[str, bytes], sheets: Iterable[str]) -> None:
    """Every text once, in a part of its own, as Excel itself keeps them."""
    known: dict[bytes, int] = {}
    uses = 0

    def shared(cell: re.Match[bytes]) -> bytes:
        nonlocal uses
        if cell.group(2) is None:
            return cell.group(1) + b"/>"
        uses += 1
        number = known.setdefault(cell.group(2), len(known))
        return cell.group(1) + b' t="s"><v>%d</v></c>' % number

    for name in sheets:
        without_empty = _EMPTY_CELL.sub(rb"\g<1>/>", contents[name])
        contents[name] = _TEXT_CELL.sub(shared, without_empty)
    for name, end, entry in _REGISTERED:
        if b"sharedStrings.xml" not in contents[name]:
            contents[name] = contents[name].replace(end, entry + end)
    items = b"".join(b"<si>" + text + b"</si>" for text in known)
    contents[_STRINGS] = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        b'count="%d" uniqueCount="%d">%s</sst>' % (uses, len(known), items)
    )
