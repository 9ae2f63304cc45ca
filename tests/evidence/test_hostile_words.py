"""Names and remarks are a stranger's words: in every document they are words and nothing else."""

from __future__ import annotations

import csv
import json
import zipfile
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pytest
from openpyxl import load_workbook

from reetrace import evidence
from reetrace.core.site import Name
from reetrace.evidence.agreement.pages import blocks, squeezed
from reetrace.evidence.trust import Trust
from reetrace.pipeline.checking import examine
from reetrace.pipeline.documents import make_documents
from tests import made_up

WORDS = (
    '=HYPERLINK("http://evil.example","pay")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "<script>alert(1)</script>",
    "<b>bold</b> & <i>more",
    '<img src="file:///etc/passwd" onerror="x()"/>',
    "</para><para>split",
    '<a href="javascript:alert(1)">here</a>',
    "&lt;&amp;&#x41;",
    "{{ 7 * 7 }}{% raw %}",
    "${7*7} #{7*7} %(x)s %n",
    "'; DROP TABLE zones; --",
    "]]> --> */ </style></svg>",
    "[here](http://evil.example) `code`",
    "__proto__",
)


@dataclass(frozen=True)
class _Made:
    """A folder whose every free text is one of these, and a harmless one beside it."""

    bag: Path
    harmless: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> _Made:
    """Both with all their documents."""
    folder = tmp_path_factory.mktemp("words")
    plain = made_up.single_epoch()
    labels = (replace(plain.labels[0], interpreters=WORDS), *plain.labels[1:])
    site = replace(
        plain.site,
        names=(Name("<b>=Mine</b> & Sons {{ 7 * 7 }}", "en"),),
        note='<img src="file:///etc/passwd"/> =1+1',
    )
    hostile = replace(plain, labels=labels, site=site, warnings=(*plain.warnings, *WORDS))
    bags = []
    for name, full in (("hostile", hostile), ("harmless", plain)):
        with evidence.draft(folder / name) as draft:
            found = made_up.made_up_bag(draft, full)
            make_documents(found, draft / "data", templates=None)
            evidence.seal(draft, found)
        bags.append(folder / name)
    return _Made(*bags)


@pytest.fixture(scope="module")
def printed(made: _Made) -> str:
    """All words of the report, without blanks."""
    with pikepdf.open(made.bag / "data" / "report.pdf") as pdf:
        return squeezed("".join(block.text for block in blocks(pdf)))


@pytest.mark.parametrize("words", WORDS)
def test_the_report_prints_them_as_they_are(printed, words):
    """No mark-up is obeyed, none is swallowed."""
    assert squeezed(words) in printed


def test_the_report_gains_no_action_and_no_link(made):
    """No script, no address and no file but those that a harmless report has."""

    def actions(bag: Path) -> list[str]:
        with pikepdf.open(bag / "data" / "report.pdf") as pdf:
            found = [
                str(item.get("/S"))
                for item in pdf.objects
                if isinstance(item, pikepdf.Dictionary) and "/S" in item
            ]
        return sorted(
            each
            for each in found
            if each in {"/URI", "/JavaScript", "/Launch", "/GoToR", "/SubmitForm", "/ImportData"}
        )

    assert actions(made.bag) == actions(made.harmless)
    assert b"evil.example" not in b"".join(_links(made.bag))


def _links(bag: Path) -> list[bytes]:
    with pikepdf.open(bag / "data" / "report.pdf") as pdf:
        return [
            bytes(item["/URI"])
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and "/URI" in item
        ]


@pytest.mark.parametrize("words", WORDS)
def test_the_workbook_holds_them_as_text(made, words):
    """Unaltered, and no cell computes."""
    book = load_workbook(made.bag / "data" / "tables.xlsx", read_only=True)
    cells = [
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value == words
    ]

    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_no_sheet_holds_a_formula(made):
    """Not one, wherever the words came to stand."""
    with zipfile.ZipFile(made.bag / "data" / "tables.xlsx") as archive:
        sheets = [each for each in archive.namelist() if each.startswith("xl/worksheets/sheet")]
        assert sheets
        assert not any(
            b"<f>" in archive.read(each) or b"<f " in archive.read(each) for each in sheets
        )


class _Tags(HTMLParser):
    """Counts what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "img", "a", "iframe", "object", "embed", "form", "style", "base"}:
            self.tags.append(tag)
        self.tags += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_gains_no_tag(made):
    """A browser finds in it what it finds in a harmless one."""

    def tags(bag: Path) -> list[str]:
        reader = _Tags()
        reader.feed((bag / "data" / "companion.html").read_text(encoding="utf-8"))
        return sorted(reader.tags)

    assert tags(made.bag) == tags(made.harmless)


@pytest.mark.parametrize("words", WORDS)
def test_tables_and_metadata_keep_them(made, words):
    """Text is kept as it was given; whoever opens a CSV imports it as text."""
    data = made.bag / "data"
    with (data / "tables" / "warnings.csv").open(encoding="utf-8", newline="") as stream:
        assert words in [row["warning"] for row in csv.DictReader(stream)]
    crate = json.loads((data / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    assert words in [each.get("name") for each in crate["@graph"] if each["@type"] == "Person"]


def test_a_folder_full_of_them_is_whole(made):
    """Every check reads them as words, too."""
    assert not examine(made.bag, Trust()).fault
