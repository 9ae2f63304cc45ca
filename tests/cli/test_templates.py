"""`templates`: a user begins, checks and sees a template without knowing the program."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pypdf
import pytest

from reetrace.cli import main
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.settings import load_settings
from reetrace.shipped import shipped
from tests import made_up


def run(monkeypatch, capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a command."""
    monkeypatch.setattr(sys, "argv", ["reetrace", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    said = capsys.readouterr()
    return int(stopped.value.code or 0), said.out, said.err


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_shipped_templates_are_listed(monkeypatch, capsys):
    """By the names that --template takes."""
    code, out, _ = run(monkeypatch, capsys, "templates", "list", "--json")

    assert code == 0
    assert [each["name"] for each in json.loads(out)] == ["audit-letter", "default"]
    assert all((Path(each["folder"]) / "text").is_dir() for each in json.loads(out))


def test_a_new_template_passes_its_check(here, monkeypatch, capsys):
    """What is handed out works."""
    code, out, _ = run(monkeypatch, capsys, "templates", "new", "ours", "--extends", "audit-letter")
    assert code == 0
    assert "reetrace templates check ours" in out

    code, out, _ = run(monkeypatch, capsys, "templates", "check", "ours")

    assert (code, out) == (0, "No fault.\n")
    assert sorted(path.name for path in (here / "ours").iterdir()) == [
        "README.md", "brand.yml", "template.toml", "text",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("new", "default"), "not that of a shipped one"),
        (("new", "../ours"), "letters, digits"),
        (("new", "ours", "--extends", "defualt"), "no shipped template"),
        (("check", "nowhere"), "neither a shipped template nor a folder"),
        (("check", "audit-leter"), "Did you mean 'audit-letter'?"),
        (("preview", "nowhere"), "neither a shipped template nor a folder"),
        (("preview", "default", "--bag", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_done_is_one_line(here, monkeypatch, capsys, arguments, said):
    """And leaves nothing behind."""
    code, _, err = run(monkeypatch, capsys, "templates", *arguments)

    assert code == 1
    assert said in err
    assert err.count("\n") == 1
    assert list(here.iterdir()) == []


def test_a_template_is_never_begun_over_another(here, monkeypatch, capsys):
    """What a user has written stays."""
    (here / "ours").mkdir()

    code, _, err = run(monkeypatch, capsys, "templates", "new", "ours")

    assert code == 1
    assert "is there already" in err
    assert list((here / "ours").iterdir()) == []


def test_faults_are_told_one_a_line(here, monkeypatch, capsys):
    """File, field, value and what is needed; exit code 1."""
    (here / "ours" / "text").mkdir(parents=True)
    (here / "ours" / "brand.yml").write_text("color:\n  primary: red\n  muted: '#eeeeee'\n")
    (here / "ours" / "text" / "limits.md.j2").write_text("{{ sitte }}")

    code, out, err = run(monkeypatch, capsys, "templates", "check", "ours")

    lines = out.splitlines()
    assert code == 1
    assert len(lines) == 3
    assert lines[0].startswith("ours/brand.yml: color.primary: 'red' is no colour")
    assert "limits.md.j2, line 1: 'sitte' is no fact" in lines[2]
    assert err == "3 faults.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("See [us](https://example.org).", "'link' may not stand"),
        ("{{ site }}: ![us](us.png)", "'image' may not stand"),
        ("> Ours.", "'blockquote_open' may not stand"),
    ],
    ids=["link", "picture", "quotation"],
)
def test_what_cannot_be_printed_is_found_by_the_check(here, monkeypatch, capsys, words, said):
    """Not by the report, at the end of a run."""
    run(monkeypatch, capsys, "templates", "new", "ours")
    (here / "ours" / "text" / "place.md.j2").write_text(words)

    code, out, _ = run(monkeypatch, capsys, "templates", "check", "ours")

    assert code == 1
    assert said in out
    assert out.startswith("ours/text/place.md.j2: ")


def test_a_preview_from_drawn_evidence_says_so_on_every_page(here, monkeypatch, capsys):
    """The PDF lies in the working folder, in the language asked for; the terminal says it too."""
    made_up.made_up_bag(here / "bag", made_up.simulated(made_up.single_epoch()))

    code, out, err = run(
        monkeypatch, capsys, "templates", "preview", "audit-letter", "--bag", "bag", "--lang", "fr"
    )

    assert code == 0
    assert "audit-letter-preview.pdf" in out
    assert SIMULATED_NOTICE in err
    reader = pypdf.PdfReader(here / "audit-letter-preview.pdf")
    pages = reader.pages
    assert str(reader.root_object["/Lang"]) == "fr"
    assert all(SIMULATED_NOTICE in page.extract_text() for page in pages)


def test_a_shipped_template_is_named_in_any_of_three_places(here, monkeypatch):
    """Option, environment, reetrace.toml; a folder of that name must be written as a path."""
    letter = shipped("templates") / "audit-letter"
    (here / "reetrace.toml").write_text('templates = "audit-letter"')
    assert load_settings().templates == letter
    monkeypatch.setenv("REETRACE_TEMPLATES", "default")
    assert load_settings().templates == shipped("templates") / "default"
    assert load_settings(templates="audit-letter").templates == letter
    (here / "default").mkdir()

    own = load_settings(templates="./default").templates
    assert own is not None
    assert own.resolve() == here / "default"
