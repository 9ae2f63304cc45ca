"""A brand: colours that can be read, a logo as it was drawn, letters that may be embedded."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from reetrace.report import fonts
from reetrace.report.brand import TINT, contrast
from reetrace.report.curves import CURVE, arc
from reetrace.report.describing import complaints, overview
from reetrace.report.flow import words
from reetrace.report.kinds import honest_heading
from reetrace.report.outline import outline_of
from reetrace.report.pdf import write_pdf
from reetrace.report.starter import write_starter
from reetrace.report.styles import styles_of
from reetrace.report.template import load_template, shipped_names
from reetrace.shipped import shipped
from tests import made_up
from tests.report.hostile_templates import logo, svg, write

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def drawn(inside: str, folder, box: str = "0 0 20 10") -> Image.Image:
    """A logo as it is printed."""
    logo(svg(inside, box))(folder)
    content = load_template(folder).brand.logo
    assert content is not None
    return Image.open(io.BytesIO(content)).convert("RGB")


def test_contrast_is_that_of_the_standard():
    """Black on white is 21 to 1; WCAG's own example of a grey that just will do is #767676."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@given(COLOURS)
@settings(max_examples=30, deadline=None)
def test_no_colour_that_is_taken_is_hard_to_read(tmp_path_factory, colour):
    """Whatever a brand says: what is printed in it stands out by 4.5 to 1, or it is refused."""
    folder = tmp_path_factory.mktemp("own")
    write("brand.yml", f'color:\n  foreground: "{colour}"\n')(folder)

    refused = any("foreground" in each for each in complaints(folder))

    assert refused == (contrast(colour, TINT) < 4.5)


def test_a_drawing_is_printed_in_its_shapes_and_colours(tmp_path):
    """A red half, a hole by the other rule, a circle turned and moved, white paper behind."""
    picture = drawn(
        '<path fill="#ff0000" fill-rule="evenodd" d="M0 0h10v10H0z M2 2h6v6h-6z"/>'
        '<g transform="translate(15 5) rotate(45)" style="fill:rgb(0,0,255)"><circle r="3"/></g>',
        tmp_path,
    )

    assert picture.size == (1200, 600)
    assert picture.getpixel((60, 300)) == (255, 0, 0)
    assert picture.getpixel((300, 300)) == (255, 255, 255)
    assert picture.getpixel((900, 300)) == (0, 0, 255)
    assert picture.getpixel((1190, 10)) == (255, 255, 255)


def test_a_stroke_has_its_width(tmp_path):
    """Two units of twenty are a tenth of the width."""
    picture = drawn(
        '<line x1="10" y1="0" x2="10" y2="10" stroke="#00aa00" stroke-width="2"/>', tmp_path
    )
    row = [picture.getpixel((left, 300)) for left in range(1200)]

    assert sum(each == (0, 0xAA, 0) for each in row) == pytest.approx(120, abs=2)


@given(
    st.floats(0.5, 50), st.floats(0.5, 50), st.floats(-180, 180), st.booleans(), st.booleans(),
    st.floats(0.1, 6),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_an_arc_ends_where_it_is_told_and_stays_on_its_ellipse(wide, tall, turn, large, sweep, far):
    """Every joint of its curves lies on one and the same ellipse."""
    pieces = arc((0.0, 0.0), (wide, tall, turn, float(large), float(sweep)), (far, 0.0))

    ends = [point for code, point in pieces if code == CURVE][2::3]
    assert ends[-1] == (far, 0.0)
    points = [(0.0, 0.0), *ends]
    reach = max(1.0, far / 2 / _radius(wide, tall, math.radians(turn)))
    assert all(
        _within(one, other, 2.001 * reach * max(wide, tall)) for one, other in _pairs(points)
    )


def _radius(wide: float, tall: float, turn: float) -> float:
    """Of an ellipse, along the line of the chord."""
    return wide * tall / math.hypot(tall * math.cos(turn), wide * math.sin(turn))


def _pairs(points: list[tuple[float, float]]) -> Iterator[tuple[tuple[float, float], ...]]:
    yield from ((one, other) for one in points for other in points)


def _within(one: tuple[float, float], other: tuple[float, float], reach: float) -> bool:
    return math.dist(one, other) <= reach


def test_half_a_circle_reaches_its_top():
    """From (0, 0) to (2, 0) by an arc of radius 1: through (1, -1), as y grows downwards."""
    points = [point for _, point in outline_of("M0 0 A1 1 0 0 1 2 0")]

    assert any(point == pytest.approx((1, -1)) for point in points)
    assert outline_of("M0,0a1 1 0 012 0") == outline_of("M0 0 a 1 1 0 0 1 2 0")


def test_a_typeface_of_ones_own_is_embedded_and_the_foot_of_the_page_stays(tmp_path):
    """Words are set in it; footer and notice in the report's own letters, and digits look alike."""
    for face, file in (("regular", "Bold"), ("bold", "Regular"), ("italic", "Italic")):
        content = (fonts.FOLDER / f"NotoSans-{file}.ttf").read_bytes()
        (tmp_path / f"{face}.ttf").write_bytes(content)
    lines = "".join(f"  {face}: {face}.ttf\n" for face in ("regular", "bold", "italic"))
    (tmp_path / "brand.yml").write_text(f"typography:\n{lines}", encoding="utf-8")
    (tmp_path / "template.toml").write_text('schema = 1\nextends = "audit-letter"\n')
    evidence = made_up.made_up_bag(tmp_path / "bag", made_up.single_epoch())

    reader = pypdf.PdfReader(write_pdf(evidence, tmp_path / "bag" / "data", templates=tmp_path))

    said: dict[str, str] = {}
    reader.pages[0].extract_text(
        visitor_text=lambda text, _c, _t, font, _s: said.update(
            {text.strip(): str((font or {}).get("/BaseFont"))}
        )
    )
    heading = next(font for text, font in said.items() if text == "The answer")
    footer = next(font for text, font in said.items() if text.startswith("Page 1 of"))
    assert heading.endswith("NotoSans-Regular")
    assert footer.endswith("NotoSans-Regular")
    body = next(font for text, font in said.items() if text.startswith("In 2020,"))
    assert body.endswith("NotoSans-Bold")


def test_a_letter_that_a_typeface_lacks_comes_from_the_reports_own():
    """A name in other letters does not stop a report whose typeface has not got them."""
    from reetrace.report.typeface import Typeface

    regular = (fonts.FOLDER / "NotoSansMath-Regular.ttf").read_bytes()
    style = styles_of(load_template().brand)["body"]
    with fonts.set_in(Typeface(regular, regular, regular)):
        pieces = fonts.runs("a\u2283")
        made = words([fonts.Span("a\u2283")], style)

    assert pieces[0] == ("Sans", "a")
    assert pieces[1][0].startswith("Brand-")
    assert made.wrap(100, 100)[1] > 0
    assert fonts.runs("a") == [("Sans", "a")]


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_template_is_without_fault(name):
    """And so is the folder that a user begins with from it."""
    assert complaints(shipped("templates") / name) == []


@pytest.mark.parametrize("name", shipped_names())
def test_a_folder_to_begin_with_is_without_fault(name, tmp_path):
    """As it is, and with its list of sections put in force."""
    folder = write_starter("own", extends=name, out=tmp_path)
    assert complaints(folder) == []
    listing = (folder / "template.toml").read_text(encoding="utf-8")
    head, _, sections = listing.partition("# [[section]]")
    live = "\n".join(
        each.removeprefix("#").strip() for each in f"# [[section]]{sections}".split("\n")
    )
    (folder / "template.toml").write_text(head + live, encoding="utf-8")

    assert complaints(folder) == []
    assert load_template(folder).sections == load_template(shipped("templates") / name).sections


def test_the_digest_of_a_template_changes_with_any_byte_of_it(tmp_path):
    """A word, a colour: another digest; the same folder elsewhere: the same."""
    for name in ("a", "b"):
        write("text/limits.md.j2", "Ours.")(tmp_path / name)
    write("text/limits.md.j2", "Ours!")(tmp_path / "c")

    first, second, third = (load_template(tmp_path / name).digest for name in "abc")

    assert first == second != third
    assert len({each["digest"] for each in overview()} | {first}) == 3


def test_a_section_under_another_heading_is_still_found():
    """The shipped heading stands behind a user's where that says something else."""
    assert honest_heading("limits", "Our strengths") == "Our strengths (Limits)"
    assert honest_heading("limits", "Limits of what we saw") == "Limits of what we saw"
    assert honest_heading("place", "Where we dig") == "Where we dig"


def test_limits_stand_whatever_a_text_says(tmp_path):
    """Words of a user come before those that no template changes."""
    write("text/limits.md.j2", "None.")(tmp_path)
    template = load_template(tmp_path)
    facts = dict.fromkeys(template_facts(), "x") | {"has_sample": False, "has_spectral": False}

    assert template.words("text/limits.md.j2", facts) == "None."
    assert "No probability sample" in template.fixed_words("limits", facts)


def template_facts() -> tuple[str, ...]:
    """Names of all facts."""
    from reetrace.report.facts import FACTS

    return FACTS


def test_a_section_stands_where_the_evidence_has_something_for_it(tmp_path):
    """`when` leaves out what would only say that nothing was run."""
    kinds = ("cover", "findings", "change", "accuracy", "spectral", "limits", "method", "custody")
    rows = "\n".join(f'[[section]]\nkind = "{kind}"' for kind in kinds)
    rows = rows.replace('kind = "change"', 'kind = "change"\nwhen = "change.available"')
    write("template.toml", f"schema = 1\n{rows}")(tmp_path)
    template = load_template(tmp_path)

    of_several = template.of(made_up.made_up_evidence())
    of_one = template.of(made_up.single_epoch())

    assert [each.kind for each in of_several.sections] == list(kinds)
    assert [each.kind for each in of_one.sections] == [each for each in kinds if each != "change"]
