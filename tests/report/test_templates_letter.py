"""The letter: two pages that say the answer, how sure it is, its limits and how to check it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pikepdf
import pypdf
import pytest

from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.report import render
from reetrace.report.pdf import write_pdf
from reetrace.report.template import load_template
from reetrace.shipped import shipped
from tests import made_up
from tests.report import tagged

LETTER = shipped("templates") / "audit-letter"


def letter_of(evidence: Evidence, folder: Path, language: str = "en") -> pypdf.PdfReader:
    """The letter on an evidence."""
    whole = made_up.made_up_bag(folder, evidence)
    data = folder / "data"
    return pypdf.PdfReader(write_pdf(whole, data, templates=LETTER, language=language))


@pytest.fixture(scope="module")
def letter(tmp_path_factory):
    """The letter on four epochs of drawn imagery, and its words."""
    evidence = made_up.simulated(made_up.made_up_evidence())
    reader = letter_of(evidence, tmp_path_factory.mktemp("letter"))
    return evidence, reader, [" ".join(page.extract_text().split()) for page in reader.pages]


def test_a_letter_on_four_epochs_has_two_pages(letter):
    """Long enough for what must be said, short enough to be read."""
    assert len(letter[1].pages) == 2


@pytest.mark.parametrize(("language", "most"), [("fr", 2), ("zh-Hans", 2), ("my", 3)])
def test_a_letter_in_another_language_is_hardly_longer(language, most, tmp_path):
    """What is not translated, and that nobody has reviewed the rest, is told on the same pages."""
    evidence = made_up.simulated(made_up.made_up_evidence())

    reader = letter_of(evidence, tmp_path, language)

    assert len(reader.pages) <= most
    assert "companion.html" in reader.pages[-1].extract_text()


@pytest.mark.parametrize("evidence", [made_up.single_epoch(), made_up.no_sentinel2()])
def test_a_letter_on_less_is_no_longer(evidence, tmp_path):
    """One epoch, or no screening: what was not run says so within the same two pages."""
    assert len(letter_of(evidence, tmp_path).pages) <= 2


def test_the_letter_says_what_an_honest_report_needs(letter):
    """Identity, answer with interval, accuracy, screening, limits, method, digests, notice."""
    evidence, _, (first, second) = letter
    both = f"{first} {second}"

    for said in (
        evidence.run_id,
        "95 % interval",
        "Error-adjusted (ha)",
        "Accuracy of the maps in per cent",
        "740 nm screening test",
        "Interpreters of labels read images",
        "Absence of a finding is not a finding of absence",
        "Method. Surface reflectance",
        "sha256sum -c manifest-sha256.txt",
        load_template(LETTER).record_digest(evidence),
        *evidence.warnings,
    ):
        assert said in both, said
    assert first.count(SIMULATED_NOTICE) >= 2
    assert second.count(SIMULATED_NOTICE) >= 2


def test_hectares_are_a_hundredth_of_a_square_kilometre(letter):
    """2.30 km² are 230 ha, and the map's own count stands beside it."""
    evidence, _, (first, _) = letter
    area = next(
        each
        for each in evidence.areas
        if (each.zone_set, each.zone, each.landcover, each.epoch)
        == ("mines", "mine-A", "mine", "2020")
    )
    assert area.mapped.value is not None

    assert f"2020 {area.mapped.value * 100:,.1f}" in first


def test_the_letter_is_tagged_as_a_report_is(letter):
    """Headings, tables with heads, a figure that says what it shows; no mark without a tag."""
    with pikepdf.open(letter[1].stream) as pdf:
        found = tagged.tags(pdf)
        faults = [
            *tagged.untagged_marks(pdf),
            *tagged.loose_pieces(pdf),
            *tagged.skipped_headings(pdf),
            *tagged.odd_tables(pdf),
        ]

    assert not faults
    assert (found["H1"], found["H2"], found["Table"]) == (1, 5, 3)
    assert found["Figure"] == 2


def test_what_the_report_was_set_with_lies_beside_it(tmp_path):
    """Name and digest of every file, and no folder of its user's."""
    evidence = made_up.made_up_bag(tmp_path / "bag", made_up.single_epoch())
    own = tmp_path / "secret-client"
    (own / "text").mkdir(parents=True)
    (own / "text" / "site.md.j2").write_text("Ours: {{ site }}.", encoding="utf-8")
    (own / "template.toml").write_text('schema = 1\nextends = "audit-letter"\n', encoding="utf-8")

    render(evidence, tmp_path / "bag" / "data", templates=own)

    content = (tmp_path / "bag" / "data" / "template.json").read_text(encoding="utf-8")
    record = json.loads(content)
    assert record["template"] == "audit-letter"
    assert record["changed_by_user"] is True
    assert hashlib.sha256(content.encode()).hexdigest() == load_template(own).record_digest(
        evidence
    )
    assert {"from": "own", "path": "text/site.md.j2"}.items() <= record["files"][-1].items()
    assert "secret-client" not in content
