"""What every reader needs of a page, whatever it is read with; looked at without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reetrace.core.evidence import Evidence
from reetrace.webmap import companion, page
from tests import made_up
from tests.webmap.markup import Element, Page

STYLE = Path(page.__code__.co_filename).with_name("parts") / "style.css"
LEAST_CONTRAST = 4.5


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Evidence]:
    """The made-up evidence, drawn, and where its rasters lie."""
    home = tmp_path_factory.mktemp("bag")
    return home / "data", made_up.simulated(made_up.made_up_bag(home))


@pytest.fixture(scope="module", params=[page, companion], ids=["map", "companion"])
def shown(request: pytest.FixtureRequest, bag: tuple[Path, Evidence]) -> Page:
    """Each page of it."""
    data, evidence = bag
    return Page(request.param(evidence, data))


def colours() -> dict[str, str]:
    """The colours that the style names."""
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", STYLE.read_text(encoding="utf-8")))


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2."""
    bright, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_the_language_and_the_parts_of_the_page_are_named(shown):
    """One heading of the first order, one main part, a head and a foot."""
    assert shown.all("html")[0].attributes["lang"] == "en"
    assert [len(shown.all(tag)) for tag in ("h1", "main", "header", "footer")] == [1, 1, 1, 1]
    assert "user-scalable" not in shown.with_attribute("name", "viewport")[0].attributes["content"]


def test_ids_are_unique_and_whatever_is_referred_to_is_there(shown):
    """Labels, descriptions, masks and links within the page."""
    ids = [each.attributes["id"] for each in shown.with_attribute("id")]
    wanted = {
        word
        for each in shown.elements
        for name in ("aria-labelledby", "aria-describedby", "for")
        for word in each.attributes.get(name, "").split()
    }
    wanted |= {
        each.attributes["href"].removeprefix("#")
        for each in shown.with_attribute("href")
        if each.attributes["href"].startswith("#")
    }
    wanted |= {
        each.attributes[name].removeprefix("url(#").removesuffix(")")
        for name in ("fill", "mask", "clip-path")
        for each in shown.with_attribute(name)
        if each.attributes[name].startswith("url(")
    }

    assert len(ids) == len(set(ids))
    assert wanted <= set(ids)


def test_everything_that_can_be_used_has_a_name(shown):
    """By its own words, a label around it, or an attribute."""
    nameless = [
        each
        for each in shown.elements
        if _usable(each) and not each.attributes.get("aria-label") and not _named(shown, each)
    ]

    assert nameless == []


def _usable(element: Element) -> bool:
    return (
        element.tag in {"button", "input", "select", "summary"} or "tabindex" in element.attributes
    )


def _named(shown: Page, element: Element) -> bool:
    """Boxes and lists stand within their label; buttons and summaries hold words."""
    place = shown.elements.index(element)
    inside = shown.elements[place + 1] if place + 1 < len(shown.elements) else element
    if element.tag in {"input", "select"}:
        return any(each.tag == "label" for each in shown.elements[max(0, place - 2) : place])
    return bool(element.text.strip() or inside.text.strip())


def test_pictures_for_the_eye_alone_are_kept_from_other_readers(shown):
    """Every drawing is hidden from them or has a name."""
    drawings = shown.all("svg")

    assert drawings
    assert all(
        each.attributes.get("aria-hidden") == "true" or each.attributes.get("aria-label")
        for each in drawings
    )


@pytest.mark.parametrize(
    ("ink", "ground"),
    [("ink", "paper"), ("quiet", "paper"), ("quiet", "wash"), ("main", "paper"), ("paper", "main"),
     ("paper", "ink")],
)  # fmt: skip
def test_words_stand_out_from_their_ground(ink, ground):
    """By the 4.5 of WCAG 2, level AA."""
    named = colours()

    assert contrast(named[ink], named[ground]) >= LEAST_CONTRAST


def test_the_band_is_black_on_yellow():
    """The words that must not be missed stand out most."""
    assert contrast("#000000", colours()["band"]) > 12
