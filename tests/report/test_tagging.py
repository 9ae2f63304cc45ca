"""Whoever cannot see the report can hear it: every mark on a page is tagged, in reading order."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import category

import pikepdf
import pytest

from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.reading import lookup, numerals, wording
from reetrace.report import fonts, shaping
from reetrace.report.about import about
from reetrace.report.archive import finish
from reetrace.report.brand import Brand
from reetrace.report.pages import write_pages
from reetrace.report.press import Press
from tests import made_up
from tests.report import tagged

LEAST_WORDS_OF_A_FIGURE = 12


@pytest.fixture(scope="module")
def report(drawn: Any) -> Iterator[pikepdf.Pdf]:
    """The report, open."""
    with pikepdf.open(drawn[1]) as opened:
        yield opened


def spoiled(report: pikepdf.Pdf) -> pikepdf.Pdf:
    """A copy of the report, to be broken by whoever asked for it."""
    out = io.BytesIO()
    report.save(out)
    return pikepdf.open(out)


def figures(report: pikepdf.Pdf) -> list[str]:
    """What each figure says to whoever does not see it."""
    return [str(each.Alt) for each in tagged.elements(report) if each.S == "/Figure"]


def test_nothing_is_painted_outside_of_a_tag(report):
    """Rules, grounds, feet and the notice are artifacts; all else belongs to an element."""
    assert tagged.untagged_marks(report) == []


def test_a_line_without_a_tag_would_be_found(report):
    """The check above can fail."""
    broken = spoiled(report)
    broken.pages[1].contents_add(broken.make_stream(b"0 0 m 9 9 l S"))

    (found,) = tagged.untagged_marks(broken)
    assert found.startswith("page 2: S ")


def test_every_piece_belongs_to_one_element(report):
    """Each is referred to once, from where the tree of parents says; no page is without."""
    assert tagged.loose_pieces(report) == []


def test_a_piece_without_an_element_would_be_found(report):
    """The check above can fail: a paragraph is taken out of the tree."""
    broken = spoiled(report)
    lost = next(each for each in tagged.elements(broken) if each.S == "/P")
    lost.K = pikepdf.Array([])

    assert any("is not referred to once" in each for each in tagged.loose_pieces(broken))


def test_headings_lead_down_step_by_step(report):
    """One title, sections beneath it, and no level left out."""
    found = tagged.tags(report)

    assert tagged.skipped_headings(report) == []
    assert found["H1"] == 1
    assert found["H2"] >= 15
    assert found["H3"] >= 2


def test_every_heading_of_the_bookmarks_is_a_heading_to_the_ear(report):
    """Both come from the same place."""
    with report.open_outline() as outline:
        titles = [each.title for top in outline.root for each in (top, *top.children)]

    # The title on the cover and the list of contents have no bookmark.
    assert tagged.tags(report)["H2"] + tagged.tags(report)["H3"] == len(titles) + 1


def test_every_table_has_rows_of_one_length_and_heads_with_their_scope(report):
    """A voice can say which zone and which epoch a figure belongs to."""
    assert tagged.tags(report)["Table"] >= 12
    assert tagged.odd_tables(report) == []


def test_a_row_that_lacks_a_cell_would_be_found(report):
    """The check above can fail."""
    broken = spoiled(report)
    row = next(each for each in tagged.elements(broken) if each.S == "/TR")
    del row.K[0]

    assert len(tagged.odd_tables(broken)) == 1


def test_the_head_of_a_table_is_read_once_however_many_pages_it_runs_over(report):
    """On later pages it is drawn again, but as an artifact."""
    parted = 0
    for table in (each for each in tagged.elements(report) if each.S == "/Table"):
        _, head, body = tagged.children(table)
        heads = [cell for row in tagged.children(head) for cell in tagged.children(row)]
        cells = [cell for row in tagged.children(body) for cell in tagged.children(row)]
        pages = {page for cell in cells for page, _ in tagged.pieces(cell)}
        parted += len(pages) > 1
        assert len({page for cell in heads for page, _ in tagged.pieces(cell)}) == 1

    assert parted >= 2


def test_every_link_says_where_it_leads(report):
    """The lines of the contents, each one link with its title and page."""
    links = [link for page in report.pages for link in page.obj.get("/Annots", [])]

    assert len(links) >= 15
    assert tagged.unplaced_links(report) == []
    assert str(links[0].Contents).startswith("What the images show, page ")


def test_every_figure_is_told_in_words_of_its_own(report):
    """With numbers, the notice, and none told twice."""
    told = figures(report)

    assert len(told) >= 14
    assert len(set(told)) == len(told)
    for words in told[1:]:
        assert words.startswith(SIMULATED_NOTICE)
        assert len(words.split()) >= LEAST_WORDS_OF_A_FIGURE, words
        assert re.search(r"\d", words), words
        assert wording.forbidden(words) == []


def test_figures_tell_the_numbers_of_the_evidence(report, drawn):
    """The chart of areas says every estimate with its interval, as the one formatter prints it."""
    evidence, _ = drawn
    told = " ".join(figures(report))
    for each in lookup.areas(evidence, "study-area", lookup.WHOLE, "mine"):
        assert f"{numerals.with_interval(each.adjusted)} estimated" in told
    for change in lookup.changes(evidence, "study-area", lookup.WHOLE):
        assert f"{numerals.value(change.gain)} joined" in told


def test_figures_say_where_they_lie(report):
    """A box on the page, not upside down."""
    for each in tagged.elements(report):
        if each.S == "/Figure":
            left, bottom, right, top = (float(edge) for edge in each.A.BBox)
            assert 0 <= left < right <= 596
            assert 0 <= bottom < top <= 842


def test_lists_are_lists(report):
    """Bullets and numbers are labels, the words beside them are bodies."""
    found = tagged.tags(report)

    assert found["LI"] == found["Lbl"] == found["LBody"]
    assert found["LI"] > 20
    assert 4 <= found["L"] < 12


def test_the_notice_is_in_the_words_of_the_cover_too(report):
    """The bands are artifacts, which no voice reads."""
    said = tagged.spoken(report)
    cover = next(each for each in tagged.elements(report) if each.S == "/Sect")

    heard = [tagged.text_of(each, said) for each in tagged.children(cover)]

    assert any(each.startswith(f"{SIMULATED_NOTICE}. All") for each in heard)
    assert SIMULATED_NOTICE not in heard


def test_words_at_the_end_of_a_line_do_not_run_into_the_next(report):
    """Where a line was broken there was a space: it is read, too."""
    said = tagged.spoken(report)

    heard = [tagged.text_of(each, said) for each in tagged.elements(report)]

    note = next(each for each in heard if each.startswith("How to read this report."))
    assert "another class, or not seen. Ground that was" in note


def test_another_reader_finds_the_same_tree(report):
    """Poppler sees it as it was meant."""
    if shutil.which("pdfinfo") is None:
        pytest.skip("pdfinfo of poppler is not on this machine")
    read = subprocess.run(
        ["pdfinfo", "-struct", str(report.filename)],
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout

    seen = Counter(line.split()[0].rstrip(":") for line in read.splitlines() if line.strip())
    for tag in ("H1", "H2", "H3", "Table", "TR", "TH", "Figure", "L", "LI", "Link"):
        assert seen[tag] == tagged.tags(report)[tag]


def test_the_document_says_what_it_is_and_in_which_language(report):
    """Marked, titled, in British English, with pages labelled as they are printed."""
    root = report.Root

    assert root.MarkInfo.Marked is True
    assert root.Lang == "en-GB"
    assert root.ViewerPreferences.DisplayDocTitle is True
    assert root.PageLabels.Nums[1].S == "/D"
    assert all(page.obj.Tabs == "/S" for page in report.pages)


def test_burmese_glyphs_say_what_they_stand_for(report):
    """The true characters hang behind shaped glyphs, with their language."""
    behind = [
        (str(operands[1].Lang), str(operands[1].get("/ActualText", "")))
        for operands, operator in tagged.instructions(report.pages[0])
        if str(operator) == "BDC" and "/Lang" in operands[1]
    ]

    assert ("my", "မိုင်း") in behind
    assert any(language == "zh-Hans" for language, _ in behind)


def test_a_shaped_piece_remembers_its_characters_even_when_cut():
    """A line may end within a name: each part says its own letters, in their order."""
    fonts.register()
    from reportlab.lib.abag import ABag

    text = "ကချင်ပြည်နယ်"
    style = ABag(fontName=shaping.MYANMAR, fontSize=10.0)
    shaped = shaping.shape_by_font([0.0, (style, text)], force=True)[1][1]

    assert shaping.actual_text(shaped) == text
    assert shaping.actual_text(shaped[:3]) + shaping.actual_text(shaped[3:]) == text
    assert shaping.actual_text("plain") == ""


def letters_of(name: str) -> dict[int, str]:
    """What each code of the Burmese font stands for in a document that holds this name."""
    evidence = made_up.made_up_evidence()
    press = Press(evidence, Brand())
    sheets = write_pages([press.name(name)], evidence=evidence, brand=Brand(), footer="", digest="")
    with pikepdf.open(io.BytesIO(finish(sheets, about(evidence, "", ""), ()))) as made:
        (burmese,) = [each for each in tagged.fonts_of(made) if "Myanmar" in str(each.BaseFont)]
        return tagged.characters(burmese)


def test_what_was_set_before_leaves_no_trace_in_the_letters():
    """Shaped glyphs are known by what they stand for: not by the order of their first use."""
    name = "သတ္တုတူးဖော်ရေး မြို့ကြီး"

    before = letters_of(name)
    fonts.text_width("ဩဂုတ်လ ဗုဒ္ဓဟူး သင်္ဘော", 9)
    letters_of("သင်္ဘော ဗုဒ္ဓဟူး")

    assert letters_of(name) == before
    assert "္တ" in before.values()


def test_readers_that_do_not_look_behind_glyphs_find_letters_too():
    """Some take each glyph for itself: none of them is a private character."""
    text = "".join(letters_of("ကျွန်း မြို့ သတ္တု ပြည်နယ် ဗုဒ္ဓ").values())

    assert not [each for each in text if category(each) == "Co"]
    assert "ျွ" in text or {"ျ", "ွ"} <= set(text)


def test_the_check_of_tags_finds_a_page_without_any(tmp_path):
    """Pages as reportlab writes them: no tree, every mark loose."""
    from reportlab.pdfgen.canvas import Canvas

    fonts.register()
    path = Path(tmp_path / "plain.pdf")
    canvas = Canvas(str(path))
    canvas.setFont(fonts.SANS, 9)
    canvas.drawString(50, 50, "plain")
    canvas.save()

    with pikepdf.open(path) as plain:
        assert len(tagged.untagged_marks(plain)) == 1
