"""Whole reports in other languages: figures, languages of runs, and what stayed English."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pikepdf
import pytest

from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.site import Name
from reetrace.evidence.agreement.pages import Block, blocks, squeezed
from reetrace.reading.catalogue import Message
from reetrace.reading.language import open_edition, plain, say, speaking
from reetrace.reading.translations import figures_of
from reetrace.report.pdf import set_report
from reetrace.report.template import load_template
from tests import made_up
from tests.report import tagged

OTHERS = ("fr", "my", "zh-Hans")

LONG_NAME = "ကချင်ပြည်နယ် ချီဖွေမြို့နယ် ပန်ဝါဒေသ မြေရှားသတ္တုတူးဖော်ရေးလုပ်ငန်းခွင် အမှတ်တစ်"

_NAMES_OF_OURS = {"json", "csv", "reetrace", "tif", "geojson", "template", "default"}
"""Of files and of the program."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")

Editions = dict[str, bytes]
Told = dict[str, list[Block]]


@pytest.fixture(scope="module")
def editions(drawn: tuple[Evidence, Path]) -> Editions:
    """The same drawn evidence as a report in every language, in Burmese of a long name."""
    evidence, english = drawn
    data = english.parent
    named = replace(evidence, site=replace(evidence.site, names=(Name(LONG_NAME, "my"),)))
    template = load_template()
    others = {
        code: set_report(named if code == "my" else evidence, data, template, language=code)
        for code in OTHERS
    }
    return {"en": english.read_bytes(), **others}


@pytest.fixture(scope="module")
def told(editions: Editions) -> dict[str, list[Block]]:
    """Every piece of text of every edition, in order."""
    return {code: list(read(document)) for code, document in editions.items()}


def read(document: bytes) -> Iterator[Block]:
    """Every piece of text of a report, in order."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        yield from blocks(pdf)


def _messages(code: str) -> list[Message]:
    edition = open_edition(code)
    return [] if edition is None else list(edition.catalogue.messages.values())


def words(text: str) -> set[str]:
    """Words of three Latin letters or more."""
    return set(re.findall(r"[A-Za-z]{3,}", text))


@cache
def heading(code: str) -> str:
    """Where the list of what is not translated begins."""
    with speaking(open_edition(code)):
        return plain(say("Not translated"))


def stated(code: str, told: Told) -> set[str]:
    """The figures of a report, but for numbers of pages and the list at its end."""
    found, last = [each.text for each in told[code]], heading(code)
    ends = [at for at, each in enumerate(found) if each.strip() == last]
    kept = found[: ends[-1]] if ends else found
    # Numbers of pages: alone at the end of a line of the contents, and at the foot.
    said = [each for each in kept if "SHA-256" not in each and not each.strip().isdigit()]
    # The record of what a report was set with names its language: its digest is another.
    figures = (each for each in said if not re.fullmatch("[0-9a-f]{64}", each.strip()))
    return {figure for each in figures for figure in _FIGURE.findall(each)}


@pytest.mark.parametrize("code", OTHERS)
def test_every_edition_states_the_same_figures(told: Told, code: str):
    """Not one number is lost, added or written otherwise by a translation."""
    figures = stated(code, told)

    assert len(figures) > 100
    assert figures == stated("en", told)


@pytest.mark.parametrize(("code", "told"), [("en", "en-GB"), *((each, each) for each in OTHERS)])
def test_a_report_tells_its_language_twice(editions: Editions, code: str, told: str):
    """To readers of the catalogue and to readers of its metadata."""
    with pikepdf.open(io.BytesIO(editions[code])) as pdf:
        packet = pdf.Root.Metadata.read_bytes().decode()

        assert str(pdf.Root.Lang) == told
        assert f"<rdf:li>{told}</rdf:li></rdf:Bag></dc:language>" in packet


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_english_says_so(editions: Editions, code: str):
    """Runs of English words carry their language."""
    with pikepdf.open(io.BytesIO(editions[code])) as pdf:
        spans = [
            str(operands[1].Lang)
            for page in pdf.pages
            for operands, operator in tagged.instructions(page, "BDC")
            if str(operands[0]) == "/Span" and "/Lang" in operands[1]
        ]

        assert "en" in spans
        assert code not in spans


@pytest.mark.parametrize("code", OTHERS)
def test_figures_are_described_in_the_language_with_the_same_figures(editions: Editions, code: str):
    """Who hears a figure hears its numbers, as in the English edition, and in one language."""
    with (
        pikepdf.open(io.BytesIO(editions["en"])) as english,
        pikepdf.open(io.BytesIO(editions[code])) as other,
    ):
        before, after = (
            [each for each in tagged.elements(pdf) if str(each.S) == "/Figure"]
            for pdf in (english, other)
        )

        assert len(after) > 8
        assert [each for each in after if "/Lang" in each] == []
        for said, told in zip(before, after, strict=True):
            assert figures_of(str(told.Alt)) == figures_of(str(said.Alt))
            assert str(told.Alt).removeprefix(SIMULATED_NOTICE)[:40] not in str(said.Alt)


def test_in_chinese_no_words_are_english_unmarked(editions: Editions):
    """Words in Latin letters are marked as English wherever they stand."""
    unmarked = []
    with pikepdf.open(io.BytesIO(editions["zh-Hans"])) as pdf:
        for page in pdf.pages:
            unmarked += list(_unmarked(page))

    assert [each for each in unmarked if re.search("[A-Za-z]{3}", each)] == []


def _unmarked(page: pikepdf.Page) -> list[str]:
    """Latin text that is shown in no language of its own, as its codes."""
    found: list[str] = []
    open_marks: list[bool] = []
    for operands, operator in tagged.instructions(page):
        name = str(operator)
        if name in {"BDC", "BMC"}:
            said = operands[1] if len(operands) > 1 else None
            open_marks.append(isinstance(said, pikepdf.Dictionary) and "/Lang" in said)
        elif name == "EMC":
            open_marks.pop()
        elif name == "Tj" and not any(open_marks):
            # reportlab keeps the codes of ASCII where a font's first subset holds it.
            found.append(bytes(operands[0]).decode("latin-1"))
    return found


@pytest.mark.parametrize("code", OTHERS)
def test_the_list_at_the_end_names_what_is_not_translated(told: Told, code: str):
    """Every message that had to stay English, or its beginning."""
    found = [each.text for each in told[code]]
    start = max(at for at, each in enumerate(found) if each.strip() == heading(code))
    above, listed = " ".join(found[:start]), " ".join(found[start:])
    edition = open_edition(code)
    assert edition is not None

    lacking = [
        each.english
        for each in edition.catalogue.messages.values()
        if not each.translated and each.english in above
    ]

    assert [each for each in lacking if each.split()[0] not in listed] == []
    assert heading(code) not in [each.text.strip() for each in told["en"]]


@pytest.mark.parametrize("code", OTHERS)
def test_the_notice_stands_on_every_page_in_both_languages(told: Told, code: str):
    """The English original first."""
    with speaking(open_edition(code)):
        notice = f"{SIMULATED_NOTICE} · {plain(say(SIMULATED_NOTICE))}"

    pages = {each.page for each in told[code] if squeezed(notice) in each.squeezed}

    assert pages == {each.page for each in told[code]}


@pytest.mark.parametrize("code", OTHERS)
def test_the_answer_fits_the_cover(told: Told, code: str):
    """Longer words take air from the cover, and do not push the answer to the next page."""
    with speaking(open_edition(code)):
        contents = plain(say("Contents"))

    assert [each.page for each in told[code] if each.text.strip() == contents][:1] == [2]


def test_no_english_words_slip_into_chinese_unlisted(told: Told, tmp_path: Path):
    """Whatever is English there comes from the evidence, or stands in the list at the end."""
    made_up.made_up_bag(tmp_path, made_up.simulated(made_up.made_up_evidence()))
    carried = (tmp_path / "data" / "evidence.json").read_text(encoding="utf-8")
    messages = _messages("zh-Hans")
    known = words(carried) | {
        each for one in messages for form in one.forms for each in words(form)
    }
    known |= words(SIMULATED_NOTICE) | _NAMES_OF_OURS

    found = {each for block in told["zh-Hans"] for each in words(block.text)}

    assert sorted(each for each in found - known if not re.fullmatch("[0-9a-f]+", each)) == []


def test_a_report_in_chinese_is_the_same_bytes_twice(tmp_path: Path, editions: Editions):
    """Nothing of an earlier edition stays in the process."""
    evidence = made_up.made_up_bag(tmp_path, made_up.simulated(made_up.made_up_evidence()))

    again = set_report(evidence, tmp_path / "data", load_template(), language="zh-Hans")

    assert again == editions["zh-Hans"]
