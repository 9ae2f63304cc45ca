"""Names in Burmese and Chinese are set with letters that are there, broken where they may be."""

from __future__ import annotations

import pytest

from reetrace.core.errors import TemplateError
from reetrace.report import breaking, flow, fonts, shaping
from reetrace.report.brand import Brand
from reetrace.report.fonts import Span
from reetrace.report.styles import styles_of


def test_every_script_goes_to_its_own_font():
    """Latin brackets around a Burmese name stay Latin."""
    assert fonts.runs("(ပန်ဝါ), 腾冲") == [
        (fonts.SANS, "("),
        (shaping.MYANMAR, "ပန်ဝါ"),
        (fonts.SANS, "), "),
        (fonts.HAN, "腾冲"),
    ]


def test_burmese_breaks_between_syllables_only():
    """The closing consonant of a syllable (with asat) stays with it."""
    assert breaking.atoms("ကချင်ပြည်နယ်") == ["က", "ချင်", "ပြည်", "နယ်"]


def test_a_bracket_stays_with_its_word():
    """Neither an opening one at the end of a line, nor a closing one at the beginning."""
    assert breaking.atoms("(腾冲), (ပန်ဝါ)") == ["(腾", "冲), ", "(ပန်", "ဝါ)"]


def test_a_stacked_consonant_is_not_torn_apart():
    """သတ္တု is two syllables: the letters joined by the stacker stay together."""
    assert breaking.atoms("သတ္တု") == ["သတ္တု"]


def test_a_missing_letter_stops_the_report_and_is_named():
    """An empty box in print would pass unnoticed."""
    with pytest.raises(TemplateError, match=r"site: no font .* 'ก' \(U\+0E01\)"):
        fonts.check_glyphs("เมืองก", "site")


def test_what_reports_commonly_hold_can_be_printed():
    """Units, signs, accents, Cyrillic, both scripts of the border."""
    text = "km² × − ≥ ≤ → ± ° “–” … Araxá Ловозеро 怒江傈僳族自治州 ကချင်ပြည်နယ်"

    assert fonts.missing(text) == ""


def test_shaped_burmese_is_measured_as_it_prints():
    """Marks above and below a letter take no room beside it."""
    assert fonts.text_width("မိုး", 10) < fonts.text_width("မမမမ", 10)


def test_lines_of_a_long_burmese_name_fit_their_width():
    """A name of eighty letters without a space is broken into lines that fit."""
    name = "ကချင်ပြည်နယ်မြောက်ပိုင်းပန်ဝါဒေသရှိမြေရှားသတ္တုတူးဖော်ရေးလုပ်ငန်းခွင်"

    lines = breaking.break_lines([fonts.Span(name)], 25, 300)

    widths = [fonts.text_width("".join(span.text for span in line), 25) for line in lines]
    assert len(lines) > 1
    assert max(widths) <= 300
    assert "".join(span.text for line in lines for span in line) == name


@pytest.mark.parametrize("width", range(60, 260, 11))
def test_no_line_ends_between_a_number_and_its_unit(width):
    """In plain words as in those with a Burmese name, which are broken by hand."""
    style = styles_of(Brand())["body"]
    for place in ("Mine A", "ပန်ဝါ"):
        words = flow.words([Span(f"At {place} it covered 2.50 km² (95 % interval).")], style)
        words.wrap(width, 10_000)

        ends = [
            "".join(map(str, line[1])) if isinstance(line, tuple) else line.words[-1].text
            for line in words.blPara.lines
        ]
        assert not any(each.rstrip("\xa0 ").endswith(("2.50", "95")) for each in ends)
