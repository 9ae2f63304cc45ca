"""Editions of the report in other languages: the same figures, and nothing mixed silently."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reetrace.core.errors import SettingError, TemplateError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.reading import findings, numerals, wording
from reetrace.reading.catalogue import Catalogue, read_catalogue
from reetrace.reading.language import (
    END,
    START,
    Edition,
    in_one_language,
    languages,
    open_edition,
    pieces,
    plain,
    quote,
    say,
    say_number,
    speaking,
    text_in_language,
)
from reetrace.reading.translations import figures_of, numbers_apart
from reetrace.report import breaking, fonts
from reetrace.report.brand import Brand
from reetrace.report.language import idle, missing, untranslated, wanted
from reetrace.report.press import Press
from reetrace.report.template import load_template
from reetrace.report.voices import spans_of
from reetrace.settings import load_settings
from reetrace.shipped import shipped
from tests import made_up

OTHERS = ("fr", "my", "zh-Hans")

COMMA = "\uff0c"
"""Of Chinese, as wide as a character."""

HEAD = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'


def catalogue(path: Path, body: str) -> Catalogue:
    """A French catalogue with these entries."""
    path.write_text(HEAD + body, encoding="utf-8")
    return read_catalogue(path, "fr")


def shipped_catalogue(code: str) -> Catalogue:
    """One of those that ship."""
    return read_catalogue(shipped("templates") / "default" / "lang" / f"{code}.po", code)


def said(code: str) -> list[str]:
    """Every finding in a language, marks of English taken out."""
    with speaking(open_edition(code)):
        return [plain(each.text) for each in findings.findings(made_up.made_up_evidence())]


def test_the_languages_are_those_of_the_catalogues():
    """English needs none."""
    assert languages() == ("en", *OTHERS)


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_is_all_but_whole(code: str):
    """New words may wait for a translator, who finds them listed; not more than one in thirty."""
    assert len(missing(shipped_catalogue(code))) <= len(wanted()) / 30


@pytest.mark.parametrize(
    ("head", "reviewed"), [("", False), ("No native speaker yet", False), ("A. Name, 2026", True)]
)
def test_a_catalogue_says_who_has_reviewed_it(tmp_path: Path, head: str, *, reviewed: bool):
    """Unless it names somebody, every report says that nobody has."""
    path = tmp_path / "fr.po"
    path.write_text(HEAD.replace('msgstr "', f'msgstr "X-Reviewed-By: {head}\\n'))

    assert read_catalogue(path, "fr").reviewed is reviewed


@pytest.mark.parametrize("code", OTHERS)
def test_few_translations_are_of_words_that_nothing_says(code: str):
    """A sentence that was reworded loses its translation; old ones must not pile up."""
    assert len(idle(shipped_catalogue(code))) <= len(wanted()) / 30


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_says_what_no_report_may(code: str):
    """The lists of every language hold for every catalogue."""
    forms = [form for each in shipped_catalogue(code).messages.values() for form in each.forms]

    assert [each for each in forms if wording.forbidden(each)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_every_letter_of_a_translation_is_in_a_font(code: str):
    """A letter without a glyph would stop the report of every user of the language."""
    forms = [form for each in shipped_catalogue(code).messages.values() for form in each.forms]

    assert [each for each in forms if fonts.missing(each)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_findings_state_the_same_figures_in_every_language(code: str):
    """A number reads the same in every edition: digits, points, commas and signs."""
    for english, other in zip(said("en"), said(code), strict=True):
        assert figures_of(other) == figures_of(english)


@pytest.mark.parametrize("code", ["fr", "zh-Hans"])
def test_findings_are_said_in_the_language(code: str):
    """Apart from names, not a sentence of a finding stays English."""
    edition = open_edition(code)

    with speaking(edition):
        findings.findings(made_up.made_up_evidence())

    assert edition is not None
    assert not edition.untranslated


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("L’étiquette a été confirmée.", "confirmée"),
        ("Une mine illégale.", "illégale"),
        ("该矿属于非法开采。", "非法"),
        ("已证实存在稀土。", "证实"),
        ("တရားမဝင် တူးဖော်သည်။", "တရားမဝင်"),
    ],
)
def test_words_that_no_image_can_bear_out_are_refused_in_every_language(text: str, what: str):
    """A user's words are held against the lists of all languages."""
    assert [each.word for each in wording.forbidden(text)] == [what]


def test_a_translation_with_another_field_is_refused(tmp_path: Path):
    """A figure that the English states must not be lost on the way."""
    with pytest.raises(TemplateError, match=r"line 4: .* other fields\. Needed: \{area\}"):
        catalogue(tmp_path / "fr.po", 'msgid "in {area}"\nmsgstr "dans {aire}"\n')


def test_a_translation_with_another_figure_is_refused(tmp_path: Path):
    """740 nm is 740 nm in French."""
    with pytest.raises(TemplateError, match=r"other figures\. Needed: 740"):
        catalogue(tmp_path / "fr.po", 'msgid "at 740 nm"\nmsgstr "à 704 nm"\n')


def test_marks_of_a_template_must_be_kept(tmp_path: Path):
    """A condition that is lost would show words where they are not true."""
    with pytest.raises(TemplateError, match="other fields"):
        catalogue(tmp_path / "fr.po", 'msgid "a{% if x %} b{% endif %}"\nmsgstr "a b"\n')


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', "stands there twice"),
        ("msgid 'a'\n", "no line of a PO file"),
        ('msgid "a"\nmsgtext "b"\n', "no line of a PO file"),
    ],
)
def test_what_is_no_catalogue_is_refused_in_one_line(tmp_path: Path, body: str, complaint: str):
    """The message names the file and the line."""
    with pytest.raises(TemplateError, match=complaint) as refused:
        catalogue(tmp_path / "fr.po", body)

    assert "\n" not in str(refused.value)


def test_words_over_several_lines_and_with_quotation_marks_are_read(tmp_path: Path):
    """As Poedit writes them."""
    found = catalogue(tmp_path / "fr.po", 'msgid ""\n"one "\n"\\"two\\""\nmsgstr "un"\n')

    assert list(found.messages) == ['one "two"']


def test_the_s_of_an_english_plural_may_be_left_out(tmp_path: Path):
    """Other languages count otherwise; the number itself must stand there."""
    english = "seen {{ count }} time{% if count > 1 %}s{% endif %}"
    entry = f'msgid "{english}"\nmsgstr "vu '

    made = catalogue(tmp_path / "fr.po", f'{entry}{{{{ count }}}} fois"\n')

    assert made.messages[english].forms == ("vu {{ count }} fois",)
    with pytest.raises(TemplateError, match="other fields"):
        catalogue(tmp_path / "fr.po", f'{entry}souvent"\n')


def test_a_fuzzy_translation_counts_as_none(tmp_path: Path):
    """It stands in English, marked, and is listed."""
    edition = Edition(catalogue(tmp_path / "fr.po", '#, fuzzy\nmsgid "Map"\nmsgstr "Carte"\n'))

    with speaking(edition):
        shown = say("Map")

    assert shown == f"{START}Map{END}"
    assert list(edition.untranslated) == ["Map"]


def test_plural_forms_follow_the_rule_of_the_language(tmp_path: Path):
    """In French none is singular, in English it is plural."""
    body = (
        'msgid "{n} tree"\nmsgid_plural "{n} trees"\n'
        'msgstr[0] "{n} arbre"\nmsgstr[1] "{n} arbres"\n'
    )
    with speaking(Edition(catalogue(tmp_path / "fr.po", body))):
        shown = [say_number("{n} tree", "{n} trees", n, n=n) for n in (0, 1, 2)]

    assert shown == ["0 arbre", "1 arbre", "2 arbres"]


def test_a_sentence_of_the_evidence_keeps_its_numbers():
    """What is looked up is the sentence; its numbers are put back as they were."""
    with speaking(open_edition("fr")):
        shown = quote("2005: 7 label(s) lie on ground that was not seen and could not be used.")

    assert numbers_apart(plain(shown))[1] == {"n1": "2005", "n2": "7"}
    assert "étiquette" in shown


def test_sentences_of_the_evidence_are_looked_up_one_by_one():
    """Those that are known are translated, digests and all; the others are marked and listed."""
    digest = "ab12" * 16
    held = f"has the SHA-256 {digest}."
    edition = open_edition("fr")

    with speaking(edition):
        shown = quote(
            f"Public edition. Nobody knows this. The restricted edition is the one whose "
            f"tagmanifest-sha256.txt {held}"
        )

    assert edition is not None
    assert shown.startswith(
        f"Édition publique. {START}Nobody knows this.{END} L’édition restreinte"
    )
    assert digest in shown
    assert list(edition.quoted) == ["Nobody knows this."]


def test_words_of_the_evidence_without_translation_are_quoted():
    """They are no fault of the catalogue, and are listed apart."""
    edition = open_edition("fr")

    with speaking(edition):
        shown = quote("Placed by hand.")

    assert edition is not None
    assert shown == f"{START}Placed by hand.{END}"
    assert (list(edition.quoted), list(edition.untranslated)) == (["Placed by hand."], [])


def test_a_users_own_words_stay_as_they_are_written():
    """A line of a user's template has no translation: it is marked, its list and marks kept."""
    with speaking(open_edition("zh-Hans")):
        shown = text_in_language("{% if simulated %}- Our own words.\n{% endif %}")

    assert shown == f"{{% if simulated %}}- {START}Our own words.{END}\n{{% endif %}}"


def test_a_description_that_lacks_a_sentence_is_english_as_a_whole(tmp_path: Path):
    """It cannot say of its parts which language they are in; what it lacks is listed."""
    edition = Edition(catalogue(tmp_path / "fr.po", 'msgid "Map"\nmsgstr "Carte"\n'))

    @in_one_language
    def told(more: str) -> str:
        return say("Map") + (say(more) if more else "")

    with speaking(edition):
        shown = [told(""), told(" of a pit")]

    assert shown == ["Carte", f"{START}Map of a pit{END}"]
    assert list(edition.untranslated) == [" of a pit"]
    assert told(" of a pit") == "Map of a pit"


def test_english_needs_no_catalogue_and_carries_no_marks():
    """The English edition is what it was."""
    assert say("in {place}", place="Mine A") == "in Mine A"
    assert text_in_language("A line.") == "A line."


def test_marks_that_begin_in_one_span_end_in_another():
    """Bold words amid an English sentence are English too."""
    with speaking(open_edition("fr")):
        made = spans_of(
            [fonts.Span(f"a {START}b "), fonts.Span("c", "bold"), fonts.Span(f"d{END}")]
        )

    assert [(each.text, each.language) for each in made] == [
        ("a ", ""),
        ("b ", "en"),
        ("c", "en"),
        ("d", "en"),
    ]


def test_no_french_line_begins_with_a_stop():
    """The space before a high stop, and those within quotation marks, hold a line together."""
    with speaking(open_edition("fr")):
        made = spans_of("de la classe « Mine » : 2.49 km² ; non")

    assert "".join(each.text for each in made) == (
        "de la classe «\u00a0Mine\u00a0»\u00a0: 2.49 km²\u00a0; non"
    )


def test_chinese_is_parted_from_latin_and_not_from_its_stops():
    """`Mine A内` and `。 另有` are faults of setting."""
    with speaking(open_edition("zh-Hans")):
        made = spans_of("在 Mine A内为 2.49 km²。 另有")

    assert "".join(each.text for each in made) == "在 Mine A 内为 2.49 km²。另有"


def test_no_line_begins_with_a_chinese_stop():
    """Nor where the words before it are a span of their own."""
    spans = [fonts.Span("露天采矿的地面" * 3), fonts.Span("osm-2017", language="en")]
    spans.append(fonts.Span(f"{COMMA}其余部分未见。" * 6))
    fonts.register()

    for width in range(60, 160, 7):
        lines = breaking.break_lines(spans, 9.4, float(width))
        assert [line for line in lines if line[0].text[0] in f"{COMMA}。"] == []


def test_a_letter_without_a_glyph_in_a_catalogue_stops_the_report(tmp_path: Path):
    """In one line that names the letter."""
    edition = Edition(catalogue(tmp_path / "fr.po", 'msgid "Map"\nmsgstr "𠮷"\n'))
    press = Press(made_up.made_up_evidence(), Brand())

    with speaking(edition), pytest.raises(TemplateError, match=r"U\+20BB7"):
        press.text(say("Map"))


def test_an_unknown_language_is_refused_with_the_known_ones(monkeypatch: pytest.MonkeyPatch):
    """By option, by environment and by the library, in one line."""
    with pytest.raises(SettingError, match=r"--lang: 'fra' .*'fr'.* Known: en, fr, my, zh-Hans"):
        load_settings(lang="fra")
    monkeypatch.setenv("REETRACE_LANG", "xx")
    with pytest.raises(SettingError, match=r"REETRACE_LANG: 'xx'"):
        load_settings()
    with pytest.raises(SettingError, match="Known: en, fr, my, zh-Hans"):
        open_edition("xx")


def test_the_language_is_chosen_by_file_environment_and_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The option wins, whatever the case of its letters."""
    (tmp_path / "reetrace.toml").write_text('lang = "my"\n', encoding="utf-8")
    assert load_settings(tmp_path).lang == "my"
    monkeypatch.setenv("REETRACE_LANG", "fr")
    assert load_settings(tmp_path).lang == "fr"
    assert load_settings(tmp_path, lang="zh-hans").lang == "zh-Hans"


@pytest.mark.parametrize("code", OTHERS)
def test_the_notice_is_translated(code: str):
    """Beside its English original it stands on every page."""
    found = shipped_catalogue(code).messages[SIMULATED_NOTICE]

    assert found.translated
    assert not re.search("[A-Za-z]{3}", found.forms[0]) or code == "fr"


@pytest.mark.parametrize("code", ["en", *OTHERS])
def test_an_interval_reads_the_same_but_for_its_words(code: str):
    """Point, comma, minus and unit are those of the English edition."""
    area = next(each for each in made_up.made_up_evidence().areas if each.adjusted.low is not None)

    with speaking(open_edition(code)):
        shown = numerals.with_interval(area.adjusted)

    assert numerals.value(area.adjusted) in shown
    assert numerals.interval(area.adjusted) in shown
    assert pieces(shown) == ([(shown, False)], 0)


def test_the_record_of_a_report_names_its_language_and_its_catalogue():
    """Whose words a report speaks is part of what it was set with."""
    evidence, template = made_up.made_up_evidence(), load_template()

    with speaking(open_edition("my")):
        within = template.record(evidence)

    assert within == template.record(evidence, "my")
    assert '"language": "my"' in within.decode()
    assert '"path": "lang/my.po"' in within.decode()
    assert "lang/" not in template.record(evidence, "en").decode()


def test_what_a_language_lacks_is_listed_a_line_each():
    """As `reetrace templates check default --lang my` prints it."""
    listed = untranslated("my")

    assert len(listed) == len(missing(shipped_catalogue("my")))
    assert all(each.startswith("lang/my.po: not translated: ") for each in listed)
    assert untranslated("en") == []
