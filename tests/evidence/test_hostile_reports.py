"""A PDF is a program with many doors: a stranger's is read by as little code as will do."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pikepdf
import pytest
from pikepdf import AttachedFileSpec, Name

from reetrace import evidence
from reetrace.core.errors import EvidenceError
from reetrace.evidence.agreement.report import check_pages
from reetrace.evidence.listing import listed_in

_ZEROS = b"0 g " * (20 * 1024 * 1024)


def _bomb(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(_ZEROS)


def _many_bombs(pdf: pikepdf.Pdf) -> None:
    streams = [pdf.make_stream(b"q Q"), pdf.make_stream(_ZEROS)]
    pdf.pages[0].Contents = pdf.make_indirect(pikepdf.Array(streams))


def _packed_otherwise(pdf: pikepdf.Pdf) -> None:
    # 85 letters and one blank: legal, and never written by us.
    stream = pdf.make_stream(b"<~87cURD]i~>")
    stream.Filter = Name.ASCII85Decode
    pdf.pages[0].Contents = stream


def _deep_marks(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(b"/P BMC " * 100_000)


def _attach(pdf: pikepdf.Pdf, path: str, content: bytes) -> AttachedFileSpec:
    spec = AttachedFileSpec(
        pdf,
        content,
        description=f"{path}: a file",
        filename="trick",
        mime_type="text/plain",
        creation_date="D:20200101",
        mod_date="D:20200101",
    )
    pdf.attachments["trick"] = spec
    return spec


def _foreign_attachment(pdf: pikepdf.Pdf) -> None:
    _attach(pdf, "data/../../../etc/passwd", b"root:x")


def _other_attachment(pdf: pikepdf.Pdf) -> None:
    _attach(pdf, "data/evidence.json", b"{}")


def _attached_bomb(pdf: pikepdf.Pdf) -> None:
    spec = _attach(pdf, "data/evidence.json", b"")
    spec.obj.EF.F.write(b"\0" * (257 * 1024 * 1024))


def _other_page(pdf: pikepdf.Pdf) -> None:
    pdf.add_blank_page()


def _no_pages(pdf: pikepdf.Pdf) -> None:
    while len(pdf.pages):
        del pdf.pages[0]


def _odd_font(pdf: pikepdf.Pdf) -> None:
    font = next(iter(pdf.pages[0].Resources.Font.values()))
    font.ToUnicode = pdf.make_stream(b"<00> <D800> <zz> <41>" * 10 + b"<ff> <0041>")
    pdf.pages[0].Contents = pdf.make_stream(b"/P BMC BT /F9 9 Tf [(x) 5 (y)] TJ ET EMC EMC EMC")


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (_bomb, "page 1 holds more than"),
        (_many_bombs, "page 1 holds more than"),
        (_packed_otherwise, "packed in a way that no report of ours is"),
        (_deep_marks, "page 1 does not print the SHA-256"),
        (_foreign_attachment, "'trick' is attached, and is no file of this folder"),
        (_other_attachment, "the attached 'trick' is not data/evidence.json"),
        (_attached_bomb, "an attachment holds more than"),
        (_other_page, "does not print the SHA-256 of data/evidence.json"),
        (_no_pages, "does not print the run"),
        (_odd_font, "page 1 does not print the SHA-256"),
    ],
)
def test_a_report_with_a_trick_is_refused_in_one_line(report_bag, harm, told):
    """Streams are unpacked up to a limit, attachments compared with what lies there."""
    path = report_bag / "data" / "report.pdf"
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(path.read_bytes())) as pdf:
        harm(pdf)
        pdf.save(out, compress_streams=True, recompress_flate=False)
    path.write_bytes(out.getvalue())

    with pytest.raises(EvidenceError, match=told):
        check_pages(
            evidence.load(report_bag), listed_in(report_bag, "manifest-sha256.txt"), report_bag
        )


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"\0" * 4096, b"%PDF-1.7\n1 0 obj\n<< "])
def test_a_file_that_is_no_report_is_refused_in_one_line(sealed, tmp_path, content):
    """However it begins."""
    bag = Path(shutil.copytree(sealed, tmp_path / "bag"))
    (bag / "data" / "report.pdf").write_bytes(content)

    with pytest.raises(EvidenceError, match=r"report\.pdf: cannot be read"):
        check_pages(evidence.load(bag), listed_in(bag, "manifest-sha256.txt"), bag)
