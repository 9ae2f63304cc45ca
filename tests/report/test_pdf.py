"""The PDF says what the evidence says, in every case, the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest

from reetrace.core.errors import EvidenceError, OutputError, TemplateError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.results import Measure
from reetrace.core.site import Name
from reetrace.reading import lookup, numerals
from reetrace.report import pdf
from reetrace.report.pdf import write_pdf
from reetrace.report.template import REQUIRED
from tests import made_up

LONG_NAME = "ကချင်ပြည်နယ်မြောက်ပိုင်းပန်ဝါဒေသရှိမြေရှားသတ္တုတူးဖော်ရေးလုပ်ငန်း"


def without_sample(full: Evidence) -> Evidence:
    """The same evidence from labels chosen by hand alone: nothing is estimated."""
    why = "the labels were chosen by hand"

    def blank(measure: Measure) -> Measure:
        return replace(measure, value=None, low=None, high=None, reason=why)

    return replace(
        full,
        labels=tuple(each for each in full.labels if each.purpose == "training"),
        accuracies=tuple(each for each in full.accuracies if each.basis == "held-out"),
        areas=tuple(replace(each, adjusted=blank(each.adjusted)) for each in full.areas),
        growth=tuple(
            replace(
                each,
                change=blank(each.change),
                percent=blank(each.percent),
                verdict="cannot-tell",
                detectable_km2=None,
            )
            for each in full.growth
        ),
    )


def named(full: Evidence) -> Evidence:
    """The same evidence of a site that has a long Burmese name and no English one."""
    names = (Name(LONG_NAME, "my"), Name("怒江稀土矿区", "zh-Hans"))
    return replace(full, site=replace(full.site, names=names))


def text_of(report: Path, *pages: int) -> str:
    """The words of a report, or of some of its pages, as a reader's search finds them."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext of poppler is not on this machine")
    chosen = [f for page in pages for f in ("-f", str(page), "-l", str(page))]
    made = subprocess.run(
        ["pdftotext", *chosen, "-layout", str(report), "-"],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return " ".join(made.stdout.split())


def template(folder: Path, *kinds: str, title: str = "Own") -> Path:
    """A user's template of these sections and the required ones."""
    folder.mkdir(parents=True)
    wanted = dict.fromkeys(("cover", "findings", *kinds, *REQUIRED))
    sections = "\n".join(f'[[section]]\nkind = "{kind}"\nheading = "{title}"' for kind in wanted)
    (folder / "brand.yml").write_text('color:\n  primary: "#8c1c13"\n', encoding="utf-8")
    (folder / "template.toml").write_text(
        f'schema = 1\ntitle = "{title}"\nfooter = ""\n{sections}\n', encoding="utf-8"
    )
    return folder


def test_the_cover_says_the_answer_of_the_evidence(drawn):
    """Headline area, change and their intervals, as the one formatter prints them."""
    evidence, report = drawn
    area = lookup.area(evidence, "mines", "mine-A", "mine", "2020")
    growth = lookup.whole_growth(evidence, "mines", "mine-A")
    assert area is not None
    assert growth is not None

    cover = text_of(report, 1)

    assert numerals.value(area.adjusted) in cover
    assert numerals.interval(area.adjusted) in cover
    assert numerals.value(growth.change, sign=True) in cover
    assert evidence.run_id in cover


def test_the_cover_does_not_rest_on_overall_accuracy_alone(drawn):
    """A map without any mine would be accurate, too: the class has its own figures beside it."""
    assert "Of the ground mapped as “Mine”," in " ".join(text_of(drawn[1], 1).split())


def test_the_doubt_about_the_place_is_printed_in_the_words_of_the_registry(drawn):
    """A reader must know that an outline was placed, and by whom, before reading any area."""
    evidence, report = drawn
    note = " ".join(evidence.site.note.split())

    assert note
    assert note in " ".join(text_of(report).split())


def test_every_mapped_area_of_the_site_is_printed(drawn):
    """Each epoch of each zone, as counted."""
    evidence, report = drawn

    text = text_of(report)

    for zone_set, zone in lookup.subjects(evidence):
        for each in lookup.areas(evidence, zone_set, zone, "mine"):
            assert numerals.value(each.mapped, unit=False) in text


def test_names_in_three_scripts_are_found_by_a_search(drawn):
    """Shaped glyphs mean nothing to a search: the true text hangs behind them."""
    cover = text_of(drawn[1], 1)

    assert "Mine A" in cover
    assert "矿区A" in cover
    assert "မိုင်း အေ" in cover


def test_every_page_says_that_the_imagery_was_drawn(drawn):
    """Above and below, on every page, and in the title of the document."""
    reader = pypdf.PdfReader(drawn[1])

    assert SIMULATED_NOTICE in str(reader.metadata.title)  # type: ignore[union-attr]
    for page in reader.pages:
        assert page.extract_text().count(SIMULATED_NOTICE) >= 2


def test_no_template_can_take_the_notice_away(drawn, tmp_path):
    """Other sections, other words, red headings: the notice stays on every page."""
    evidence, report = drawn
    data = tmp_path / "data"
    shutil.copytree(report.parent, data)

    write_pdf(evidence, data, templates=template(tmp_path / "own", title="Real"))

    pages = pypdf.PdfReader(data / "report.pdf").pages
    assert all(SIMULATED_NOTICE in page.extract_text() for page in pages)


def test_pages_are_numbered_and_carry_the_digest_of_the_evidence(drawn):
    """A page taken out of the report can be traced back to it."""
    report = drawn[1]
    digest = hashlib.sha256((report.parent / "evidence.json").read_bytes()).hexdigest()
    pages = pypdf.PdfReader(report).pages

    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert f"Page {number} of {len(pages)}" in text
        assert digest in text


def test_no_font_is_left_to_the_reader(drawn):
    """Every font is embedded; Helvetica does not sneak in."""
    fonts = {}
    for page in pypdf.PdfReader(drawn[1]).pages:
        resources: Any = page["/Resources"]
        for font in resources.get("/Font", {}).values():
            found = font.get_object()
            fonts[found["/BaseFont"]] = "/FontFile2" in found.get("/FontDescriptor", {})

    assert len(fonts) >= 4
    assert all(fonts.values()), fonts


def test_bookmarks_lead_to_every_section(drawn):
    """The outline holds the headings of the template."""
    titles = [
        each.title for each in pypdf.PdfReader(drawn[1]).outline if not isinstance(each, list)
    ]

    assert titles[0] == "What the images show"
    assert titles[-1] == "Chain of custody"
    assert "Limits" in titles


def test_a_report_stays_small(drawn):
    """It can be sent by mail."""
    assert drawn[1].stat().st_size < 5_000_000


def test_the_same_folder_gives_the_same_bytes_on_any_machine(drawn, tmp_path):
    """Another hash seed, time zone, locale and date in the shell change nothing."""
    report = drawn[1]
    data = tmp_path / "data"
    shutil.copytree(report.parent, data)
    root = Path(__file__).parents[2]
    script = (
        "import sys; from pathlib import Path\n"
        "from tests import made_up\nfrom reetrace.report.pdf import write_pdf\n"
        "full = made_up.simulated(made_up.made_up_evidence())\n"
        "write_pdf(made_up.write_made_up_rasters(Path(sys.argv[1]), full), Path(sys.argv[1]))\n"
    )
    elsewhere = {
        **os.environ,
        "PYTHONHASHSEED": "77",
        "TZ": "Asia/Yangon",
        "LC_ALL": "C",
        "SOURCE_DATE_EPOCH": "1",
        "PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}",
    }

    subprocess.run([sys.executable, "-c", script, str(data)], check=True, env=elsewhere)

    assert (data / "report.pdf").read_bytes() == report.read_bytes()


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        (made_up.no_country(), "Not run: the registry gives no country outlines here."),
        (made_up.no_sentinel2(), "Not run: no Sentinel-2 imagery covers the site in 2020."),
        (without_sample(made_up.made_up_evidence()), "No probability sample was given."),
    ],
    ids=["no country", "no Sentinel-2", "no sample"],
)
def test_what_could_not_be_run_says_why(evidence, said, tmp_path):
    """The section stays, with the reason in it."""
    drawn = made_up.made_up_bag(tmp_path / "bag", evidence)
    few = template(tmp_path / "own", "cover", "place", "change", "countries", "patches")

    report = write_pdf(drawn, tmp_path / "bag" / "data", templates=few)

    assert said in text_of(report)
    assert SIMULATED_NOTICE not in text_of(report)


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        (made_up.single_epoch(), "Not run: one epoch was asked for, and a change needs two."),
        (named(made_up.one_country()), LONG_NAME[:24]),
    ],
    ids=["single epoch", "one edition, long name"],
)
def test_a_report_of_less_is_still_a_whole_report(evidence, said, tmp_path):
    """Every section of the shipped template, pictures included."""
    drawn = made_up.made_up_bag(tmp_path, evidence)

    report = write_pdf(drawn, tmp_path / "data")

    assert said in text_of(report)
    assert "Chain of custody" in text_of(report)


def test_a_forbidden_word_in_a_users_text_stops_the_report(drawn, tmp_path):
    """The complaint names the text; the report there was stays."""
    evidence, report = drawn
    before = report.read_bytes()
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "limits.md.j2").write_text("The mine is illegal.", encoding="utf-8")

    with pytest.raises(TemplateError, match=r"limits\.md\.j2.*'illegal'"):
        write_pdf(evidence, report.parent, templates=tmp_path)

    assert report.read_bytes() == before


def test_a_name_without_letters_stops_the_report(drawn):
    """𠮷 is in no font of the report."""
    evidence, report = drawn
    odd = replace(evidence, site=replace(evidence.site, names=(Name("𠮷野", "zh"),)))

    with pytest.raises(TemplateError, match=r"U\+20BB7"):
        write_pdf(odd, report.parent)


def test_a_raster_that_is_not_there_is_named(drawn, tmp_path):
    """The folder is not whole."""
    evidence, report = drawn
    data = tmp_path / "data"
    shutil.copytree(report.parent, data)
    lost = next(each.path for each in evidence.rasters if each.kind == "landcover")
    (data / lost).unlink()

    with pytest.raises(EvidenceError, match=Path(lost).name):
        write_pdf(evidence, data)


def test_a_folder_without_evidence_is_refused(tmp_path):
    """There is no digest to print."""
    with pytest.raises(EvidenceError, match=r"evidence\.json"):
        write_pdf(made_up.made_up_evidence(), tmp_path)


def test_a_report_that_cannot_be_written_leaves_nothing_behind(drawn, tmp_path, monkeypatch):
    """A folder stands where the file should."""
    monkeypatch.setattr(pdf, "set_report", lambda *_, **__: b"%PDF")
    (tmp_path / "report.pdf").mkdir()

    with pytest.raises(OutputError, match=r"report\.pdf"):
        write_pdf(drawn[0], tmp_path)

    assert not list(tmp_path.glob(".*"))
