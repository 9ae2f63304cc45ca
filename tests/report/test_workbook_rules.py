"""The workbook keeps the rules of Open XML, and the check of them finds what breaks them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest

from tests.report.workbook_rules import faults
from tests.report.workbooks import content

_Change = Callable[[dict[str, bytes]], None]


@pytest.mark.parametrize(
    "variant", ["whole", "simulated", "single", "no country", "no sentinel-2", "hostile", "long"]
)
def test_every_workbook_keeps_the_rules(variant):
    """Whatever is in it, Excel finds nothing to repair."""
    assert faults(content(variant)) == []


def _changed(change: _Change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content("single"))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    change(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return made.getvalue()


def _replaced(part: str, old: bytes, new: bytes) -> _Change:
    def change(parts: dict[str, bytes]) -> None:
        assert re.search(old, parts[part])
        parts[part] = re.sub(old, new, parts[part], count=1)

    return change


_TABLE, _RELATIONS = "xl/tables/table1.xml", "xl/_rels/workbook.xml.rels"
_SHEET = "xl/worksheets/sheet3.xml"
_BOOK = "xl/workbook.xml"

_BROKEN = {
    "a formula": (_replaced(_SHEET, rb"<v>", rb"<f>1+1</f><v>"), "holds a formula"),
    "looks": (_replaced(_SHEET, rb' s="[0-9]+"', rb' s="999"'), "looks that are not there"),
    "a text": (_replaced(_SHEET, rb't="s"><v>[0-9]+', rb't="s"><v>99999'), "text that is not"),
    "a doctype": (_replaced(_SHEET, rb"^", rb"<!DOCTYPE x>"), "declares a document type"),
    "no xml": (_replaced(_SHEET, rb"</worksheet>", rb""), "is no XML"),
    "a lost part": (lambda parts: parts.pop("xl/theme/theme1.xml"), "is not there"),
    "a stray part": (lambda parts: parts.update({"xl/extra.bin": b""}), "has no content type"),
    "no styles": (lambda parts: parts.pop("xl/styles.xml"), "xl/styles.xml: missing"),
    "a link": (
        _replaced(_RELATIONS, rb' Id="rId1"', rb' TargetMode="External" Id="rId1"'),
        "leads out of the file",
    ),
    "a long name": (_replaced(_BOOK, rb'name="README"', b'name="' + b"R" * 32 + b'"'), "no name"),
    "a lost name": (_replaced(_BOOK, rb"'areas'!", rb"'arias'!"), "no place in the book"),
    "a title": (_replaced(_TABLE, rb' name="Zone"', rb' name="EPOCH"'), "called alike"),
    "a long head": (_replaced(_SHEET, rb"<oddHeader>", b"<oddHeader>" + b"x" * 256), "longer than"),
    "no row": (_replaced(_TABLE, rb'ref="A1:[A-Z]+[0-9]+"', rb'ref="A1:K1"'), "no row"),
}  # fmt: skip


@pytest.mark.parametrize("broken", sorted(_BROKEN))
def test_a_broken_rule_is_found(broken):
    """A check that cannot fail would show nothing."""
    change, said = _BROKEN[broken]

    assert any(said in fault for fault in faults(_changed(change)))
