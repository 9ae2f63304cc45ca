"""The report can be kept: it holds its fonts, its colours and its evidence, and knows no clock."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.report import about, colour
from reetrace.report.attached import attachments
from tests import made_up
from tests.report import preflight, tagged
from tests.report.test_pdf import text_of

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


@pytest.fixture(scope="module")
def report(drawn: Any) -> Iterator[pikepdf.Pdf]:
    """The report, open."""
    with pikepdf.open(drawn[1]) as opened:
        yield opened


def said(packet: bytes) -> dict[str, str]:
    """The properties of an XMP packet."""
    tree = ET.fromstring(packet)  # noqa: S314 - our own
    found = {}
    for prefix in ("dc", "pdf", "xmp", "pdfaid"):
        for each in tree.iter():
            if each.tag.startswith("{" + NAMESPACES[prefix] + "}"):
                name = each.tag.partition("}")[2]
                found[f"{prefix}:{name}"] = " ".join("".join(each.itertext()).split())
    return found


def test_qpdf_finds_no_fault(drawn):
    """Syntax, cross references, streams."""
    if shutil.which("qpdf") is None:
        pytest.skip("qpdf is not on this machine")
    made = subprocess.run(
        ["qpdf", "--check", str(drawn[1])], check=False, capture_output=True, encoding="utf-8"
    )

    assert made.returncode == 0, made.stdout + made.stderr
    assert "No syntax or stream encoding errors found" in made.stdout


def test_preflight_finds_the_twin_fit_for_the_archive(drawn, tmp_path):
    """Fonts, colours, metadata, structure of the file: PDF/A-1b, as far as Preflight knows it."""
    assert "is a valid PDF/A-1b file" in preflight.judged(
        preflight.twin(drawn[1], tmp_path / "twin.pdf")
    )


def without_colours(pdf: pikepdf.Pdf) -> None:
    """Nothing says what red is."""
    del pdf.Root.OutputIntents


def without_a_font(pdf: pikepdf.Pdf) -> None:
    """One font is left to the reader."""
    del tagged.fonts_of(pdf)[0].FontDescriptor.FontFile2


def with_another_title(pdf: pikepdf.Pdf) -> None:
    """The two titles of the document differ."""
    pdf.trailer.Info.Title = pikepdf.String("Another")


@pytest.mark.parametrize("spoil", [without_colours, without_a_font, with_another_title])
def test_preflight_refuses_a_twin_that_lacks_something(drawn, tmp_path, spoil):
    """The check above can fail."""
    found = preflight.judged(preflight.twin(drawn[1], tmp_path / "twin.pdf", spoil))

    assert "is not a valid PDF/A-1b file" in found


def test_verapdf_finds_no_fault_where_it_is_to_be_had(drawn):
    """The reference checker of PDF/A-3b."""
    if shutil.which("verapdf") is None:
        pytest.skip("veraPDF is not on this machine")
    made = subprocess.run(
        ["verapdf", "--flavour", "3b", "--format", "text", str(drawn[1])],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )

    assert made.stdout.startswith("PASS"), made.stdout


def test_both_descriptions_of_the_document_are_the_same(report):
    """XMP and the information dictionary; the dates are those of the evidence."""
    info = {name: str(value) for name, value in report.docinfo.items()}
    found = said(report.Root.Metadata.read_bytes())

    assert found["dc:title"] == info["/Title"]
    assert found["dc:creator"] == info["/Author"]
    assert found["dc:description"] == info["/Subject"]
    assert found["pdf:Keywords"] == info["/Keywords"]
    assert found["pdf:Producer"] == info["/Producer"]
    assert found["xmp:CreatorTool"] == info["/Creator"]
    assert set(info) == {
        *("/Title", "/Author", "/Subject", "/Keywords", "/Creator", "/Producer"),
        *("/CreationDate", "/ModDate"),
    }
    for name, other in (("xmp:CreateDate", "/CreationDate"), ("xmp:ModifyDate", "/ModDate")):
        digits = "".join(each for each in found[name] if each.isdigit())
        assert info[other] == f"D:{digits}Z"


def test_the_document_claims_what_was_checked_and_no_more(report, drawn):
    """PDF/A-3b; nothing about PDF/UA, for which no checker has spoken."""
    found = said(report.Root.Metadata.read_bytes())

    assert (found["pdfaid:part"], found["pdfaid:conformance"]) == ("3", "B")
    assert b"pdfuaid" not in report.Root.Metadata.read_bytes()
    # Found by whoever only looks at the bytes of the file.
    assert drawn[1].read_bytes().count(b"<pdfaid:part>3</pdfaid:part>") == 1
    assert SIMULATED_NOTICE in found["dc:title"]
    assert SIMULATED_NOTICE in found["dc:description"]
    assert found["xmp:CreateDate"] == f"{drawn[0].issue_date}T00:00:00Z"


def test_a_title_cannot_break_out_of_its_description():
    """Markup in a name of a site is words."""
    evidence = made_up.made_up_evidence()
    hostile = "</rdf:li>&<x a='\"'>]]>"

    packet = about.about(evidence, hostile, "0" * 64).packet()

    assert said(packet)["dc:title"] == hostile


def test_the_evidence_comes_along_byte_for_byte(report, drawn):
    """Every file as it lies in the folder, with its kind, size, date and digest."""
    data = drawn[1].parent
    expected = {each.name: each for each in attachments(data)}

    assert set(report.attachments) == set(expected)
    assert {"evidence.json", "areas.csv", "footprints_2020.geojson"} <= set(expected)
    for name, each in expected.items():
        stream = report.attachments[name].obj.EF.F
        content = stream.read_bytes()
        assert content == (data / each.path).read_bytes()
        assert stream.Params.Size == len(content)
        assert bytes(stream.Params.CheckSum) == hashlib.md5(content, usedforsecurity=False).digest()
        assert str(stream.Params.ModDate) == f"D:{drawn[0].issue_date.replace('-', '')}000000Z"
        assert str(stream.Subtype) == f"/{each.mime_type}"


def test_another_reader_takes_the_files_out_as_they_went_in(drawn, tmp_path):
    """Poppler saves them under their names, byte for byte."""
    if shutil.which("pdfdetach") is None:
        pytest.skip("pdfdetach of poppler is not on this machine")

    subprocess.run(
        ["pdfdetach", "-saveall", "-o", str(tmp_path), str(drawn[1])], check=True, cwd=tmp_path
    )

    expected = {each.name: each.content for each in attachments(drawn[1].parent)}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == expected


def test_every_file_says_how_it_relates_to_the_report(report):
    """The evidence is its source; outlines and tables are the data behind its figures."""
    related = {str(each.UF): str(each.AFRelationship) for each in report.Root.AF}

    assert set(related) == set(report.attachments)
    assert related.pop("evidence.json") == "/Source"
    assert set(related.values()) == {"/Data"}
    for each in report.Root.AF:
        assert str(each.F) == str(each.UF)
        assert str(each.Desc).startswith("data/")


def test_the_evidence_does_not_know_its_report(drawn):
    """Its digest is printed in the report: a digest of the report in it could never be right."""
    report = drawn[1]
    content = (report.parent / "evidence.json").read_bytes()

    assert report.name.encode() not in content
    assert hashlib.sha256(report.read_bytes()).hexdigest().encode() not in content


def test_a_folder_without_evidence_gives_no_attachments(tmp_path):
    """There is nothing a report could be made from."""
    with pytest.raises(EvidenceError, match=r"evidence\.json: cannot be read"):
        attachments(tmp_path)


def test_pictures_are_opaque(report):
    """No masks: what lies beneath a report is paper. The logo of the template has one."""
    pictures = [
        each
        for each in report.objects
        if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
    ]

    assert len(pictures) >= 15
    for each in pictures:
        assert "/SMask" not in each
        assert "/Mask" not in each
        space = each.ColorSpace
        if isinstance(space, pikepdf.Array):
            assert space[0] == "/Indexed"
            space = space[1]
        assert space in {"/DeviceRGB", "/DeviceGray"}


def test_the_file_begins_and_ends_as_an_archive_wants_it(report, drawn):
    """A version, four bytes that are no letters, an identifier, no password, nothing behind."""
    content = drawn[1].read_bytes()

    assert content.startswith(b"%PDF-1.7\n%")
    assert all(byte > 127 for byte in content[10:14])
    assert content.rstrip(b"\n").endswith(b"%%EOF")
    assert len(report.trailer.ID) == 2
    assert not report.is_encrypted


def test_nothing_moves_or_runs(report):
    """No scripts, no forms, no transitions, nothing that is shown but not printed."""
    for name in ("/AcroForm", "/OpenAction", "/AA", "/JavaScript"):
        assert name not in report.Root
    for page in report.pages:
        assert "/Trans" not in page.obj
        assert "/Group" not in page.obj
        assert all(each.F == 4 and "/AA" not in each for each in page.obj.get("/Annots", []))


def test_the_profile_is_in_the_report(report):
    """As its only output intent."""
    (intent,) = report.Root.OutputIntents

    assert intent.S == "/GTS_PDFA1"
    assert intent.DestOutputProfile.N == 3
    assert intent.DestOutputProfile.read_bytes() == colour.srgb_profile()


def test_the_report_says_which_files_it_carries(drawn):
    """As many as there are, and what was checked."""
    evidence, path = drawn
    inside = attachments(path.parent)
    tables = sum(each.mime_type == "text/csv" for each in inside)

    text = text_of(path)

    assert (
        f"evidence.json, its source; 6 files of outlines (GeoJSON); {tables} tables (CSV)" in text
    )
    assert "This file is built to PDF/A-3b" in text
    assert evidence.reetrace_version in text
