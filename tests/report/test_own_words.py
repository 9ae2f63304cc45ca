"""Catalogues of a user's template folder: laid over the shipped ones, and held to more."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from reetrace.core.errors import SettingError, TemplateError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.reading.catalogue import read_catalogue
from reetrace.reading.language import END, START, say, say_number, speaking
from reetrace.report.describing import complaints
from reetrace.report.language import untranslated
from reetrace.report.pdf import set_report
from reetrace.report.template import load_template
from reetrace.settings import load_settings
from reetrace.shipped import shipped
from tests import made_up
from tests.report import hostile_templates as hostile

pypdf = pytest.importorskip("pypdf")

ITALIAN = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'

MAP = 'msgid "Map"\nmsgstr "Plan"\n'


def own(folder: Path, **catalogues: str) -> Path:
    """A template folder that holds catalogues alone."""
    for code, body in catalogues.items():
        hostile.write(f"lang/{code.replace('_', '-')}.po", body)(folder)
    return folder


def entry(english: str, other: str) -> str:
    """One entry of a PO file."""
    quoted = [json.dumps(each, ensure_ascii=False) for each in (english, other)]
    return f"msgid {quoted[0]}\nmsgstr {quoted[1]}\n"


def test_an_own_entry_stands_for_the_shipped_one_and_leaves_the_others(tmp_path):
    """Later wins, entry by entry; an empty or fuzzy one changes nothing."""
    more = 'msgid "Zone"\nmsgstr ""\n\n#, fuzzy\nmsgid "Span"\nmsgstr "Travée"\n'
    template = load_template(own(tmp_path, fr=f"{MAP}\n{more}"))

    with speaking(template.edition("fr")):
        said = [say(each) for each in ("Map", "Zone", "Span")]

    assert said == ["Plan", "Zone", "Période"]


def test_a_language_can_be_added(tmp_path):
    """Named like any other; what it lacks stands in English, marked."""
    trees = (
        'msgid "{n} tree"\nmsgid_plural "{n} trees"\n'
        'msgstr[0] "{n} albero"\nmsgstr[1] "{n} alberi"\n'
    )
    folder = own(tmp_path, it=f"{ITALIAN}{entry('Map', 'Carta')}\n{trees}")

    settings = load_settings(templates=folder, lang="IT")
    with speaking(load_template(settings.templates).edition(settings.lang)):
        said = [say("Map"), say("Zone"), say_number("{n} tree", "{n} trees", 5, n=5)]

    assert settings.lang == "it"
    assert said == ["Carta", f"{START}Zone{END}", "5 alberi"]
    with pytest.raises(SettingError, match="'it' is no known language"):
        load_settings(lang="it")


def test_the_record_names_an_own_catalogue_where_its_words_are_used(tmp_path):
    """With its digest; in another language the folder changed nothing."""
    evidence, template = made_up.made_up_evidence(), load_template(own(tmp_path, fr=MAP))

    french, chinese = (json.loads(template.record(evidence, each)) for each in ("fr", "zh-Hans"))

    assert [each["from"] for each in french["files"] if each["path"] == "lang/fr.po"] == [
        "default",
        "own",
    ]
    assert french["changed_by_user"]
    assert not chinese["changed_by_user"]
    assert template.digest != load_template().digest


def test_a_report_says_that_words_of_it_come_from_an_own_catalogue(tmp_path):
    """Whose words they are is for the reader to weigh."""
    evidence = made_up.made_up_bag(tmp_path / "bag", made_up.single_epoch())
    folder = own(tmp_path / "own", fr=entry("The answer", "Notre réponse"))
    hostile.listing('extends = "audit-letter"')(folder)

    letter = set_report(evidence, tmp_path / "bag" / "data", load_template(folder), language="fr")

    pages = pypdf.PdfReader(io.BytesIO(letter)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Notre réponse" in text
    assert "catalogue propre au modèle" in text


def test_what_an_own_template_lacks_and_what_nothing_says_is_listed(tmp_path):
    """As `reetrace templates check FOLDER --lang fr` prints it."""
    folder = own(tmp_path, fr=f"{entry('Our words.', 'Nos mots.')}\n{entry('Mapp', 'Plan')}")
    hostile.listing('title = "A title of ours"\n')(folder)

    listed = untranslated("fr", folder)

    assert "lang/fr.po: not translated: A title of ours" in listed
    assert "lang/fr.po, line 4: nothing says 'Mapp'." in listed


FIXED = (shipped("templates") / "default/fixed/digests.md.j2").read_text(encoding="utf-8")
STANDING = FIXED.splitlines()[-1]

BAD = {
    "an attribute of a field": (
        "fr", entry("in {place}", "{place} {place.__class__}"), "a brace stands alone"),
    "a width of a field": ("fr", entry("in {place}", "{place:>9}"), "other fields"),
    "a comment that hides": (
        "fr", entry("Every pixel {where} was seen clear in {epochs}.",
                    "{# {where} {epochs} #} chaque pixel a été vu"), "a brace stands alone"),
    "a field too many": ("fr", entry("Map", "{run}"), "other fields"),
    "another figure": ("fr", entry("Excess (95 %)", "Excès (99 %)"), "other figures"),
    "more lines": ("fr", entry("Map", "Carte\n# Limites"), "other lines"),
    "marks that open": ("fr", entry("Map", "**Carte"), "other marks"),
    "hollow": (
        "fr", entry("Ground not seen clear is counted in no class.", "Rien"), "has 4 characters"),
    "blank": ("fr", entry("Map", "  "), "is blank"),
    "endless": (
        "fr", entry("Ground not seen clear is counted in no class.", "Terrain " * 90),
        "has 720 characters"),
    "what no report may say": ("fr", entry("Map", "Carte conforme à la loi"), "Carte conforme"),
    "unseen letters": ("fr", entry("Map", "Car\u202ete"), "U+202E cannot be seen"),
    "letters without a font": ("fr", entry("Map", "𠮷"), "U+20BB7"),
    "the notice": ("fr", entry(SIMULATED_NOTICE, "IMAGES RÉELLES – UNE PREUVE"), "always stand"),
    "fixed words": (
        "fr", entry(STANDING, read_catalogue(
            shipped("templates") / "default/lang/fr.po", "fr").messages[STANDING].forms[0] + " !"),
        "always stand"),
    "no rule for plurals": ("it", MAP, "no Plural-Forms line"),
    "a rule that divides by nothing": (
        "it", ITALIAN.replace("(n != 1)", "1/(n-7)"), "Plural-Forms cannot be read"),
    "a rule that runs code": (
        "it", ITALIAN.replace("(n != 1)", "__import__('os')"), "Plural-Forms cannot be read"),
    "a rule without end": (
        "it", ITALIAN.replace("(n != 1)", "(" * 5000), "Plural-Forms cannot be read"),
    "no catalogue": ("fr", "\x7fELF", "is no line of a PO file"),
    "twice": ("fr", f"{MAP}\n{MAP}", "stands there twice"),
    "English": ("en", MAP, "other than English"),
    "a path for a name": ("fr.old", MAP, "other than English"),
    "huge": ("fr", "#\n" * 600_000, "at most 1,048,576 may be"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_hostile_catalogue_is_refused_in_one_line(name: str, tmp_path: Path):
    """By the check and by whoever makes a report; nothing of it is run."""
    code, body, said = BAD[name]
    folder = own(tmp_path, **{code: body})

    told = complaints(folder)

    assert len(told) == 1
    assert said in told[0]
    with pytest.raises(TemplateError):
        load_template(folder)


def test_a_catalogue_is_never_read_from_elsewhere(tmp_path):
    """Neither through a link in place of the file, nor through one in place of the folder."""
    own(tmp_path / "away", fr=MAP)
    first, second = tmp_path / "first", tmp_path / "second"
    (first / "lang").mkdir(parents=True)
    (first / "lang/fr.po").symlink_to(tmp_path / "away/lang/fr.po")
    second.mkdir()
    (second / "lang").symlink_to(tmp_path / "away/lang")

    told = [*complaints(first), *complaints(second)]

    assert len(told) == 2
    assert all("is a link" in each for each in told)
