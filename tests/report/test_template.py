"""A user may change order, words and brand, and is told in one line what may not be."""

from __future__ import annotations

from pathlib import Path

import pytest

from reetrace.core.errors import TemplateError
from reetrace.report.markdown import blocks
from reetrace.report.template import REQUIRED, load_template
from reetrace.shipped import shipped

DEFAULT = shipped("templates") / "default"


def write(folder: Path, name: str, text: str) -> Path:
    """One file of a user's template folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def listing(*kinds: str) -> str:
    """A template.toml with these sections."""
    rows = "\n".join(f'[[section]]\nkind = "{kind}"' for kind in kinds)
    return f'schema = 1\ntitle = "Own"\nfooter = "ours"\n{rows}\n'


def test_a_folder_with_one_text_changes_that_text_alone(tmp_path):
    """What the user does not give is the shipped one's."""
    own = write(tmp_path, "text/limits.md.j2", "Our limits at {{ site }}.")

    template = load_template(DEFAULT, own)

    assert template.words("text/limits.md.j2", {"site": "Mine A"}) == "Our limits at Mine A."
    assert template.sections == load_template(DEFAULT).sections


@pytest.mark.parametrize("left_out", REQUIRED)
def test_a_required_section_may_not_be_left_out(tmp_path, left_out):
    """An answer without its doubts is no evidence."""
    kinds = [kind for kind in REQUIRED if kind != left_out]

    with pytest.raises(TemplateError, match=f"{left_out!r} is missing"):
        load_template(DEFAULT, write(tmp_path, "template.toml", listing(*kinds)))


def test_sections_stand_in_the_order_of_the_file(tmp_path):
    """The user's order is the report's."""
    kinds = ("cover", "limits", "findings", "accuracy", "spectral", "custody", "method")

    template = load_template(DEFAULT, write(tmp_path, "template.toml", listing(*kinds)))

    assert tuple(section.kind for section in template.sections) == kinds


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{{ sitte }}", "'sitte' is undefined"),
        ("{{ site.__class__.__mro__ }}", "unsafe|undefined"),
        ("{% for epoch in epochs %}", "line"),
        ("{{ epochs.append('2030') }}", "append|unsafe"),
    ],
)
def test_a_text_that_errs_or_reaches_out_is_refused(tmp_path, text, complaint):
    """Misspelt facts and Python beneath them stop the report with the name of the text."""
    template = load_template(DEFAULT, write(tmp_path, "text/limits.md.j2", text))

    with pytest.raises(TemplateError, match=rf"text/limits.md.j2.*({complaint})"):
        template.words("text/limits.md.j2", {"site": "A", "epochs": ["2005"]})


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("template.toml", "schema = 2", "schema is 2"),
        ("template.toml", "schema = ", "not TOML"),
        ("template.toml", listing(*REQUIRED) + 'colour = "red"', "'colour' is not known"),
        ("template.toml", listing("findings", *REQUIRED), "not 'cover'"),
        ("template.toml", listing(*REQUIRED, "maps"), "kind is 'maps'"),
        ("template.toml", listing(*REQUIRED, "text"), "names no file"),
        ("brand.yml", "color:\n  primary: red", "'red' is no colour"),
        ("brand.yml", "color:\n  primry: '#ff0000'", "'color.primry' is not known"),
        ("brand.yml", "logo: ../logo.png", "no PNG|not a PNG"),
        ("brand.yml", "logo: mine.png", "not there"),
        ("brand.yml", "- a list", "not `key: value`"),
        ("template.toml", "schema = " + "[" * 5_000, "not TOML"),
        ("template.toml", 'schema = 1\ntitle = ""\nfooter = ""\nsection = "x"', "section is 'x'"),
    ],
)
def test_a_fault_of_a_template_is_one_line_with_its_file(tmp_path, name, text, complaint):
    """File, field and value: enough to mend it."""
    with pytest.raises(TemplateError, match=complaint) as caught:
        load_template(DEFAULT, write(tmp_path, name, text))

    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_logo_that_is_no_picture_is_refused_with_the_brand(tmp_path):
    """Before the work of a report, not at its end."""
    (tmp_path / "mine.png").write_bytes(b"no picture")

    with pytest.raises(TemplateError, match=r"brand\.yml: logo: 'mine\.png' cannot be read"):
        load_template(DEFAULT, write(tmp_path, "brand.yml", "logo: mine.png"))


def test_a_brand_that_is_no_text_is_refused(tmp_path):
    """With the file's name."""
    (tmp_path / "brand.yml").write_bytes(b"\xff\xfe")

    with pytest.raises(TemplateError, match=r"brand\.yml: not text in UTF-8"):
        load_template(DEFAULT, tmp_path)


def test_a_folder_that_holds_nothing_of_a_template_is_refused(tmp_path):
    """A text beside its folder would silently not be used."""
    with pytest.raises(TemplateError, match="holds nothing of a template"):
        load_template(DEFAULT, write(tmp_path, "limits.md.j2", "Ours."))


def test_texts_are_looked_at_without_facts(tmp_path):
    """What is misspelt in the marks is found before there is any evidence."""
    load_template(DEFAULT).check()
    template = load_template(DEFAULT, write(tmp_path, "text/limits.md.j2", "{% if %}"))

    with pytest.raises(TemplateError, match=r"limits\.md\.j2, line 1"):
        template.check()


def test_a_brand_changes_only_what_it_names(tmp_path):
    """One colour of the user's, the rest shipped."""
    template = load_template(DEFAULT, write(tmp_path, "brand.yml", 'color:\n  primary: "#aa0000"'))

    assert template.brand.primary == "#aa0000"
    assert template.brand.secondary == load_template(DEFAULT).brand.secondary


@pytest.mark.parametrize("text", ["![x](http://a/b.png)", "[a](http://b)", "> quoted", "---"])
def test_nothing_from_outside_gets_into_a_text(text):
    """Images, links, quotations and rules are refused by name."""
    with pytest.raises(TemplateError, match="may not stand in a text"):
        blocks(text, "limits.md.j2")


def test_html_is_printed_and_not_obeyed():
    """Angle brackets are letters like others."""
    (block,) = blocks("a <b>bold</b> claim", "limits.md.j2")

    assert "".join(span.text for span in block.spans) == "a <b>bold</b> claim"


def test_a_name_with_markdown_in_it_stays_as_it_is(tmp_path):
    """Facts are words, never markup."""
    template = load_template(DEFAULT, write(tmp_path, "text/limits.md.j2", "At {{ site }}."))

    (block,) = blocks(template.words("text/limits.md.j2", {"site": "*Pit* [3] <4>"}), "limits")

    assert "".join(span.text for span in block.spans) == "At *Pit* [3] <4>."
    assert {span.face for span in block.spans} == {"regular"}
