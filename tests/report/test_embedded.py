"""Every letter of a report is inside of it, and stands for the character that was meant."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from reetrace.core.errors import OutputError, TemplateError
from reetrace.report import about, fonts
from reetrace.report.archive import finish
from reetrace.report.pages import Sheets
from reetrace.report.tagging import Marks
from tests import made_up
from tests.report import tagged


def test_fonts_are_subsets_whose_letters_can_be_copied(drawn):
    """Embedded; no code that is shown lacks a character, none claims U+0000."""
    report = pikepdf.open(drawn[1])
    found = tagged.fonts_of(report)

    assert len(found) >= 4
    for font in found:
        assert str(font.BaseFont)[7] == "+"
        assert "/FontFile2" in font.FontDescriptor
        # A symbolic font with an encoding could be read in two ways: ISO 19005-3, 6.2.11.6.
        assert int(font.FontDescriptor.Flags) & 4
        assert "/Encoding" not in font
        assert 0 not in {ord(each[0]) for each in tagged.characters(font).values()}
    assert tagged.unmapped_codes(report) == []


def test_a_letter_without_a_glyph_stops_whoever_prints_it(tmp_path):
    """Even a canvas that was handed the words past every other check."""
    from reportlab.pdfgen.canvas import Canvas

    fonts.register()
    canvas = Canvas(str(tmp_path / "page.pdf"))
    canvas.setFont(fonts.SANS, 9)

    with pytest.raises(TemplateError, match=r"no font of the report has '𠮷' \(U\+20BB7\)"):
        canvas.drawString(50, 50, "𠮷野")


def test_a_font_that_is_left_to_the_reader_stops_the_report():
    """Whoever drew with it, and however it came in."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont("Times-Roman", 9)
    canvas.drawString(50, 50, "plain")
    canvas.save()
    words = about.about(made_up.made_up_evidence(), "", "")

    with pytest.raises(OutputError, match="would leave the font Times-Roman to its reader"):
        finish(Sheets(out.getvalue(), Marks()), words, ())


def test_tables_name_their_font_whoever_imported_reportlab_before():
    """Where platypus is imported first its tables fall back on Helvetica, which is in no file."""
    script = (
        "import io, reportlab.platypus\n"
        "from tests import made_up\n"
        "from reetrace.report.brand import Brand\n"
        "from reetrace.report.pages import write_pages\n"
        "from reetrace.report.press import Press\n"
        "from reetrace.report import about, archive\n"
        "full = made_up.made_up_evidence()\n"
        "press = Press(full, Brand())\n"
        "story = [press.box([press.text('Boxed.')]), press.item('Item.')]\n"
        "story += press.table('Title.', ('A', 'B'), [['1', '2'], ['3', '4']], (60, 60))\n"
        "sheets = write_pages(story, evidence=full, brand=Brand(), footer='', digest='')\n"
        "archive.finish(sheets, about.about(full, '', ''), ())\n"
    )
    root = Path(__file__).parents[2]
    path = f"{root}{os.pathsep}{root / 'src'}"

    subprocess.run(
        [sys.executable, "-c", script], check=True, env={**os.environ, "PYTHONPATH": path}
    )
