"""A user may change order, words and brand, and is told in one line what may not be."""

from __future__ import annotations

from pathlib import Path

import pytest

from reetrace.core.errors import TemplateError
from reetrace.report.facts import FACTS, facts
from reetrace.report.markdown import blocks
from reetrace.report.sandbox import Text
from reetrace.report.template import REQUIRED, load_template
from tests import made_up


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
    known = facts(made_up.made_up_evidence())

    template = load_template(own)

    assert (
        template.words("text/limits.md.j2", known | {"site": "Mine A"}) == "Our limits at Mine A."
    )
    assert template.sections == load_template().sections


@pytest.mark.parametrize("left_out", REQUIRED)
def test_a_required_section_may_not_be_left_out(tmp_path, left_out):
    """An answer without its doubts is no evidence."""
    kinds = [kind for kind in REQUIRED if kind != left_out]

    with pytest.raises(TemplateError, match=f"{left_out!r} is missing"):
        load_template(write(tmp_path, "template.toml", listing(*kinds)))


def test_sections_stand_in_the_order_of_the_file(tmp_path):
    """The user's order is the report's."""
    kinds = ("cover", "limits", "findings", "accuracy", "spectral", "custody", "method", "place")

    template = load_template(write(tmp_path, "template.toml", listing(*kinds)))

    assert tuple(section.kind for section in template.sections) == kinds


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{{ sitte }}", "line 1: 'sitte' is no fact of the evidence; did you mean 'site'"),
        ("A\n{% if false %}{{ sitte }}{% endif %}", "line 2: 'sitte'"),
        ("{{ site.__class__.__mro__ }}", "nothing lies behind a dot"),
        ("{% for epoch in epochs %}", "line 1"),
        ("{{ epochs.append('2030') }}", "'a call such as f\\(\\)' may not stand"),
    ],
)
def test_a_text_that_errs_or_reaches_out_is_refused(tmp_path, text, complaint):
    """Misspelt facts and Python beneath them are found before there is any evidence."""
    with pytest.raises(TemplateError, match=rf"text/limits.md.j2.*{complaint}"):
        load_template(write(tmp_path, "text/limits.md.j2", text))


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("template.toml", "schema = 2", "schema is 2"),
        ("template.toml", "schema = ", "not TOML"),
        ("template.toml", listing(*REQUIRED) + 'colour = "red"', "'colour' is not known"),
        ("template.toml", listing("findings", "cover", *REQUIRED[2:]), "not 'cover'"),
        ("template.toml", listing(*REQUIRED, "maps"), "kind is 'maps'"),
        ("template.toml", listing(*REQUIRED, "text"), "names no file"),
        ("brand.yml", "color:\n  primary: red", "'red' is no colour"),
        ("brand.yml", "color:\n  primry: '#ff0000'", "'color.primry' is not known"),
        ("brand.yml", "logo: ../logo.png", "does not stay within"),
        ("brand.yml", "logo: mine.png", "not there"),
        ("brand.yml", "- a list", "not `key: value`"),
        ("template.toml", "schema = " + "[" * 5_000, "not TOML"),
        ("template.toml", 'schema = 1\ntitle = "T"\nfooter = ""\nsection = "x"', "section is 'x'"),
    ],
)
def test_a_fault_of_a_template_is_one_line_with_its_file(tmp_path, name, text, complaint):
    """File, field and value: enough to mend it."""
    with pytest.raises(TemplateError, match=complaint) as caught:
        load_template(write(tmp_path, name, text))

    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_logo_that_is_no_picture_is_refused_with_the_brand(tmp_path):
    """Before the work of a report, not at its end."""
    (tmp_path / "mine.png").write_bytes(b"no picture")

    with pytest.raises(TemplateError, match=r"brand\.yml: logo: 'mine\.png' is neither"):
        load_template(write(tmp_path, "brand.yml", "logo: mine.png"))


def test_a_brand_that_is_no_text_is_refused(tmp_path):
    """With the file's name."""
    (tmp_path / "brand.yml").write_bytes(b"\xff\xfe")

    with pytest.raises(TemplateError, match=r"brand\.yml: not text in UTF-8"):
        load_template(tmp_path)


def test_a_folder_that_holds_nothing_of_a_template_is_refused(tmp_path):
    """A text beside its folder would silently not be used."""
    with pytest.raises(TemplateError, match="holds nothing of a template"):
        load_template(write(tmp_path, "limits.md.j2", "Ours."))


def test_every_fact_of_the_evidence_is_known_without_it():
    """What a check accepts, a report can fill in."""
    assert tuple(sorted(facts(made_up.made_up_evidence()))) == FACTS


def test_a_brand_changes_only_what_it_names(tmp_path):
    """One colour of the user's, the rest shipped."""
    template = load_template(write(tmp_path, "brand.yml", 'color:\n  primary: "#aa0000"'))

    assert template.brand.primary == "#aa0000"
    assert template.brand.secondary == load_template().brand.secondary


@pytest.mark.parametrize("text", ["![x](http://a/b.png)", "[a](http://b)", "> quoted", "---"])
def test_nothing_from_outside_gets_into_a_text(text):
    """Images, links, quotations and rules are refused by name."""
    with pytest.raises(TemplateError, match="may not stand in a text"):
        blocks(text, "limits.md.j2")


def test_html_is_printed_and_not_obeyed():
    """Angle brackets are letters like others."""
    (block,) = blocks("a <b>bold</b> claim", "limits.md.j2")

    assert "".join(span.text for span in block.spans) == "a <b>bold</b> claim"


def test_a_name_with_markdown_in_it_stays_as_it_is():
    """Facts are words, never markup, wherever in a line they stand."""
    text = Text("limits.md.j2", "{{ site }}\n\nAt {{ site }}.")
    name = "# *Pit* [3] <4> &lt; 1. `x`"

    first, second = blocks(text.filled({"site": name}), "limits")

    assert "".join(span.text for span in first.spans) == name
    assert "".join(span.text for span in second.spans) == f"At {name}."
    assert {span.face for span in (*first.spans, *second.spans)} == {"regular"}
    assert {first.kind, second.kind} == {"paragraph"}
