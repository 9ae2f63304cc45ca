"""Whatever a template folder holds: it is refused in one line, at once, and nothing runs."""

from __future__ import annotations

import re
import time

import pytest

from reetrace.core.errors import TemplateError
from reetrace.report import fonts
from reetrace.report.describing import complaints
from reetrace.report.markdown import blocks
from reetrace.report.sandbox import Text
from reetrace.report.template import load_template
from tests.report import hostile_templates as hostile

NOTO = (fonts.FOLDER / "NotoSans-Regular.ttf").read_bytes()
MYANMAR = (fonts.FOLDER / "NotoSansMyanmar-Regular.ttf").read_bytes()

TYPEFACES = (
    hostile.Hostile("no restricted", hostile.typefaces(hostile.with_flags(NOTO, 2)), ("embedded",)),
    hostile.Hostile("no subsets", hostile.typefaces(hostile.with_flags(NOTO, 0x100)), ("a part",)),
    hostile.Hostile(
        "bitmaps alone", hostile.typefaces(hostile.with_flags(NOTO, 0x200)), ("bitmaps",)
    ),
    hostile.Hostile("shrunk", hostile.typefaces(hostile.shrunk(NOTO, 0.3)), ("em high",)),
    hostile.Hostile("letters lack", hostile.typefaces(MYANMAR), ("has no glyph",)),
    hostile.Hostile("postscript", hostile.typefaces(b"OTTO" + NOTO[4:]), ("not a TrueType",)),
    hostile.Hostile("cut off", hostile.typefaces(NOTO[:2_000]), ("cannot be read",)),
    hostile.Hostile("words", hostile.typefaces(b"\0\1\0\0" + b"\xff" * 400), ("cannot be read",)),
    hostile.Hostile("huge", hostile.typefaces(bytes(5_000_000)), ("4,194,304 may be",)),
    hostile.Hostile(
        "one face alone",
        hostile.both(
            hostile.write("brand.yml", "typography:\n  regular: a.ttf"),
            hostile.write("a.ttf", NOTO),
        ),
        ("typography.bold: is not given",),
    ),
)

CASES = (
    *hostile.PLACES,
    *hostile.ESCAPES,
    *hostile.WORDS,
    *hostile.HONESTY,
    *hostile.LOGOS,
    *hostile.BRANDS,
    *TYPEFACES,
)


@pytest.mark.parametrize("case", CASES, ids=[each.name for each in CASES])
def test_a_hostile_template_is_refused_in_one_line(case, tmp_path):
    """At once, with what is wrong; before any evidence is looked at."""
    own = tmp_path / "own"
    own.mkdir()
    case.make(own)
    before = time.process_time()

    with pytest.raises(TemplateError) as caught:
        load_template(own)

    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 1_200
    assert all(re.search(f"{each}|{re.escape(each)}", message) for each in case.said), message
    assert time.process_time() - before < 5


def test_every_fault_of_a_folder_is_told_at_once(tmp_path):
    """Who mends a template does not want to be sent round for each."""
    hostile.write("brand.yml", 'color:\n  primary: red\n  mutd: "#000000"\nlogo: a.gif')(tmp_path)
    hostile.text("{{ sitte }}")(tmp_path)
    hostile.text("x", "limts")(tmp_path)
    hostile.listing('title = 3\nfoter = "x"\nextends = "defualt"')(tmp_path)

    found = complaints(tmp_path)

    for said in (
        "'red' is no colour",
        "'color.mutd' is not known",
        "'a.gif' is not there",
        "title is 3",
        "'foter' is not known. Did you mean 'footer'",
        "extends is 'defualt', no shipped template. Did you mean 'default'",
        "line 1: 'sitte' is no fact of the evidence; did you mean 'site'",
        "limts.md.j2: no section uses it. Did you mean text/limits.md.j2",
    ):
        assert sum(said in each for each in found) == 1, said
    assert len(found) == 8
    assert not any("\n" in each for each in found)


@pytest.mark.parametrize(
    "words",
    [
        "{% for a in epochs %}{% for b in epochs %}" + "x" * 30_000 + "{% endfor %}{% endfor %}",
        "{% for a in epochs %}{% for b in epochs %}{{ '' }}{% endfor %}{% endfor %}" * 400,
        "{{ site|join('aaaaaaaaaa') }}" * 2_000,
    ],
)
def test_words_that_grow_are_stopped(words):
    """Long before they are pages, and in no time."""
    facts = {"epochs": ["2005"] * 40, "site": "Mine A" * 10}
    before = time.process_time()

    with pytest.raises(TemplateError, match="limits: makes more than 40,000"):
        Text("limits", words).filled(facts)

    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    "words",
    [
        "*a " * 12_000, "[" * 30_000, "[a](" * 9_000, "- " * 15_000 + "a", "_a__b" * 8_000,
        "`a``b```" * 5_000, "&amp;" * 8_000, "<" * 30_000,
    ],
)  # fmt: skip
def test_marks_without_end_are_read_in_no_time(words):
    """Markdown that makes other readers think for ever."""
    before = time.process_time()

    blocks(words, "limits")

    assert time.process_time() - before < 5
