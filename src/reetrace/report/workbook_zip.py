"""The same workbook, byte for byte: a zip whose order and dates come from the evidence."""

from __future__ import annotations

import io
import re
import zipfile

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


def canonical(workbook: bytes, date: str) -> bytes:
    """A workbook's zip with sorted members and `date` (ISO) as the day it was made.

    The library that writes it stamps the clock into the document and into every member.
    """
    tidy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source:
        contents = {name: source.read(name) for name in source.namelist()}
    core = "docProps/core.xml"
    contents[core] = _MODIFIED.sub(rf"\g<1>{date}T00:00:00Z\g<2>".encode(), contents[core])
    sheets = [name for name in contents if name.startswith("xl/worksheets/sheet")]
    for name in sheets:
        contents[name] = _AFTER_TOLERATED.sub(_TOLERATED + rb"\g<0>", contents[name], count=1)
    with zipfile.ZipFile(tidy, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name in sorted(contents, key=lambda each: (each not in _FIRST, each)):
            member = zipfile.ZipInfo(name, date_time=_NO_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = 0o644 << 16
            target.writestr(member, contents[name])
    return tidy.getvalue()
