"""The pages in a browser without a network: by mouse, by touch, by keyboard, and for axe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reetrace.core.evidence import Evidence
from reetrace.reading.rasters import Rasters
from reetrace.webmap import companion, page
from reetrace.zoning import lonlat_of
from tests import made_up
from tests.webmap.browser import Page, browsing, chromium
from tests.webmap.test_page import hostile

WIDE, NARROW = (1280, 900), (320, 640)
BOX = "document.getElementById('drawing').getAttribute('viewBox').split(' ').map(Number)"
READING = "Array.from(document.querySelectorAll('#reading dd')).map(each => each.textContent)"


@dataclass(frozen=True)
class Shown:
    """The pages on disk, and what they were made from."""

    evidence: Evidence
    data: Path
    map: Path
    companion: Path
    hostile: Path


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The made-up evidence, drawn, as map and companion; and with names that attack."""
    chromium()
    home = tmp_path_factory.mktemp("shown")
    evidence = made_up.simulated(made_up.made_up_bag(home))
    data = home / "data"
    made = Shown(evidence, data, home / "map.html", home / "companion.html", home / "hostile.html")
    made.map.write_text(page(evidence, data), encoding="utf-8")
    made.companion.write_text(companion(evidence, data), encoding="utf-8")
    made.hostile.write_text(companion(hostile(evidence), data), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One browser for all of them."""
    with browsing(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def atlas(tab: Page, shown: Shown) -> Page:
    """The map, just opened."""
    tab.events.clear()
    tab.open(shown.map, size=WIDE)
    return tab


def place_of(tab: Page, row: float, col: float, rows: int, cols: int) -> tuple[float, float]:
    """Where on the screen a pixel of the raster is."""
    found = tab.tell(
        f"(() => {{ const [x, y, w, h] = {BOX},"
        "at = document.getElementById('map').getBoundingClientRect(),"
        "facts = JSON.parse(document.getElementById('facts').textContent);"
        f"return [at.left + ({col} / {cols} * facts.width - x) / w * at.width,"
        f"at.top + ({row} / {rows} * facts.height - y) / h * at.height]; }})()"
    )
    return found[0], found[1]


def test_nothing_is_asked_for_and_nothing_complained_about(tab, shown):
    """No request, no error, no break of the page's own policy; of both pages."""
    tab.events.clear()
    for path in (shown.map, shown.companion):
        tab.open(path)
        tab.tell("window.scrollTo(0, 400)")

    assert tab.complaints() == []
    assert tab.tell("performance.getEntriesByType('resource').filter("
                    "each => !each.name.startsWith('data:')).length") == 0  # fmt: skip


def test_the_band_stays_on_top_however_far_one_scrolls(tab, shown):
    """It is fixed, and nothing lies over it."""
    tab.open(shown.companion, size=WIDE)

    tab.tell("window.scrollTo(0, 2000)")

    assert tab.tell("document.elementFromPoint(640, 12).className") == "notice"
    assert tab.tell("document.querySelector('.notice').getBoundingClientRect().top") == 0


def test_a_name_that_is_an_attack_does_nothing(tab, shown):
    """It is text in the lists, under the pointer and in the facts of the script."""
    tab.events.clear()
    tab.open(shown.hostile)
    tab.tell("document.querySelector('button[data-zone]').focus()")

    assert tab.tell("window.pwned === undefined")
    assert tab.complaints() == []
    assert "<script>" in tab.tell("document.getElementById('tip').textContent")


def test_the_divider_moves_by_keyboard(atlas):
    """Arrows by 2 per cent, Home and End to the sides; the left year is cut there."""
    atlas.tell("document.getElementById('swipe').focus()")

    atlas.press("ArrowRight", times=5)
    after = atlas.tell("document.getElementById('swipe').getAttribute('aria-valuenow')")
    cut = atlas.tell("Number(document.getElementById('part-before').getAttribute('width'))")
    atlas.press("End")

    assert after == "60"
    assert cut == pytest.approx(0.6 * atlas.tell(BOX)[2])
    assert atlas.tell("document.getElementById('swipe').getAttribute('aria-valuenow')") == "100"


def test_the_divider_moves_by_mouse_and_by_touch(atlas):
    """To where it is let go."""
    middle = atlas.tell(
        "(() => { const at = document.getElementById('swipe').getBoundingClientRect();"
        "return [at.left + at.width / 2, at.top + at.height / 2]; })()"
    )

    atlas.mouse("mousePressed", *middle, button="left", clickCount=1)
    atlas.mouse("mouseMoved", middle[0] + 100, middle[1], button="left")
    atlas.mouse("mouseReleased", middle[0] + 100, middle[1], button="left", clickCount=1)
    by_mouse = atlas.tell("document.getElementById('swipe').getBoundingClientRect().left")
    atlas.touch("touchStart", (middle[0] + 100, middle[1]))
    atlas.touch("touchMove", (middle[0] - 100, middle[1]))
    atlas.touch("touchEnd")
    by_touch = atlas.tell("document.getElementById('swipe').getBoundingClientRect().left")

    assert by_mouse - by_touch == pytest.approx(200, abs=2)


def test_choosing_a_year_changes_what_lies_beside_the_divider(atlas):
    """Before 2010 and after 2015: the other years are hidden, each part is cut its own way."""
    atlas.tell(
        "for (const [id, value] of [['before', '1'], ['after', '2']]) {"
        "const list = document.getElementById(id); list.value = value;"
        "list.dispatchEvent(new Event('change')); }"
    )

    seen = atlas.tell(
        "Array.from(document.querySelectorAll('g.epoch')).map("
        "each => each.hasAttribute('display') ? '' : each.getAttribute('clip-path'))"
    )
    assert seen == ["", "url(#clip-before)", "url(#clip-after)", ""]
    assert atlas.tell("document.getElementById('year-before').textContent") == "2010"


def test_the_map_moves_and_zooms_by_keyboard(atlas):
    """Arrows, plus, minus and 0, and the cross tells what lies beneath it."""
    atlas.tell("document.getElementById('map').focus()")
    left, _, wide, _ = atlas.tell(BOX)

    atlas.press("ArrowRight")
    moved = atlas.tell(BOX)
    atlas.press("+")
    closer = atlas.tell(BOX)
    atlas.press("0")
    whole = atlas.tell(BOX)

    assert moved[0] - left == pytest.approx(0.1 * wide)
    assert closer[2] == pytest.approx(wide / 1.6)
    assert whole[0] <= 0
    assert whole[1] <= 0
    atlas.until("document.getElementById('said').textContent.includes('Place:')")
    assert not atlas.tell("document.getElementById('cross').hidden")


def test_the_map_moves_and_zooms_by_mouse(atlas):
    """A drag moves it with the pointer; the wheel zooms at the pointer, which keeps its place."""
    atlas.mouse("mouseMoved", 300, 500)
    where = atlas.tell("document.getElementById('where').textContent")
    start = atlas.tell(BOX)

    atlas.mouse("mouseWheel", 300, 500, deltaX=0, deltaY=-120)
    closer = atlas.tell(BOX)
    kept = atlas.tell("document.getElementById('where').textContent")
    atlas.mouse("mousePressed", 300, 500, button="left", clickCount=1)
    atlas.mouse("mouseMoved", 350, 500, button="left")
    atlas.mouse("mouseReleased", 350, 500, button="left", clickCount=1)
    dragged = atlas.tell(BOX)

    assert closer[2] < start[2]
    assert kept[:8] == where[:8]
    assert dragged[0] < closer[0]
    assert dragged[2] == closer[2]


def test_two_fingers_zoom(atlas):
    """Twice as far apart shows half as much."""
    wide = atlas.tell(BOX)[2]

    atlas.touch("touchStart", (300, 450), (400, 450))
    atlas.touch("touchMove", (250, 450), (450, 450))
    atlas.touch("touchEnd")

    assert atlas.tell(BOX)[2] == pytest.approx(wide / 2, rel=0.02)


def test_layers_are_shown_hidden_and_faded(atlas):
    """The box hides every year's picture; the slider fades it."""
    atlas.tell("document.querySelector('[data-show=natural]').click()")
    atlas.tell(
        "(() => { const fade = document.querySelector('[data-fade=landcover]'); fade.value = 30;"
        "fade.dispatchEvent(new Event('input')); })()"
    )

    hidden = atlas.tell(
        "Array.from(document.querySelectorAll('image[data-layer=natural]'))"
        ".every(each => each.getAttribute('display') === 'none')"
    )
    assert hidden
    assert atlas.tell("document.querySelector('[data-layer=landcover]').style.opacity") == "0.3"


@pytest.mark.parametrize(("row", "col"), [(83, 62), (240, 100), (12, 30)])
def test_place_class_and_index_under_the_pointer_are_those_of_the_rasters(atlas, shown, row, col):
    """At the middle of a pixel, for both years shown."""
    rasters = Rasters(shown.evidence, shown.data)
    rows, cols = shown.evidence.grid.shape
    atlas.tell("document.getElementById('whole').click()")
    atlas.settle()
    x, y = place_of(atlas, row + 0.5, col + 0.5, rows, cols)

    atlas.mouse("mouseMoved", x, y)
    atlas.until(f"{READING}.slice(2).every(each => each.includes('NDVI'))")
    where, _, before, after = atlas.tell(READING)

    titles = {each.code: each.title for each in shown.evidence.legend.classes}
    for epoch, said in (("2005", before), ("2020", after)):
        code = int(rasters.landcover(epoch)[row, col])
        index = float(rasters.ndvi(epoch)[row, col])
        assert f"Land cover {titles.get(code, 'not seen')}" in said
        assert (
            abs(float(said.split("NDVI ")[1].split(" ")[0].replace("\u2212", "-")) - index) < 0.006
        )
    lon, lat = (
        float(each[0]) for each in lonlat_of(np.array([row]), np.array([col]), shown.evidence.grid)
    )
    north, east = (float(part.split("°")[0]) for part in where.split(", "))
    assert (north, east) == pytest.approx((lat, lon), abs=1.5e-4)


def test_what_a_finger_pointed_at_stays_told(atlas, shown):
    """A tap is enough, and lifting the finger takes nothing away."""
    rows, cols = shown.evidence.grid.shape
    x, y = place_of(atlas, rows * 0.2, cols * 0.45, rows, cols)

    atlas.touch("touchStart", (x, y))
    atlas.touch("touchEnd")

    where, zones, *_ = atlas.tell(READING)
    assert "°" in where
    assert shown.evidence.site.title in zones


def test_zones_are_named_under_the_pointer_and_by_keyboard(atlas, shown):
    """A label beside the pointer; the same label when the zone's button has the focus."""
    rows, cols = shown.evidence.grid.shape
    title = shown.evidence.site.title
    x, y = place_of(atlas, rows * 0.2, cols * 0.45, rows, cols)

    atlas.mouse("mouseMoved", x, y)
    hovered = atlas.tell("document.getElementById('tip').textContent")
    atlas.mouse("mouseMoved", 5, 5)
    atlas.tell(
        "Array.from(document.querySelectorAll('button[data-zone]'))"
        f".find(each => each.textContent === {title!r}).focus()"
    )

    assert title in hovered
    assert atlas.tell("document.getElementById('tip').textContent") == title
    assert not atlas.tell("document.getElementById('tip').hidden")
    assert not atlas.tell("document.getElementById('lit').hasAttribute('display')")


def test_numbers_of_a_chart_are_told_on_hover_and_by_keyboard(tab, shown):
    """With their intervals, in the line below the chart."""
    tab.open(shown.companion, size=WIDE)
    spoken = "document.querySelector('.plot .spoken').textContent"

    tab.tell("document.querySelector('.plot .mark').focus()")
    first = tab.tell(spoken)
    tab.press("Tab")
    second = tab.tell(spoken)

    assert first.startswith("2005")
    assert "95 % interval" in first
    assert second.startswith("2010")
    assert first == tab.tell("document.querySelector('.plot .mark').getAttribute('aria-label')")


@pytest.mark.parametrize("name", ["map", "companion"])
def test_a_narrow_screen_needs_no_sideways_scrolling(tab, shown, name):
    """At 320 pixels."""
    tab.open(getattr(shown, name), size=NARROW, mobile=True)

    assert tab.tell("document.documentElement.scrollWidth") == NARROW[0]


@pytest.mark.parametrize("name", ["map", "companion"])
def test_every_control_is_reached_in_the_order_it_is_read(tab, shown, name):
    """No positive tabindex; the skip link first, the map before the lists beside it."""
    tab.open(getattr(shown, name), size=WIDE)

    tab.press("Tab")
    first = tab.tell("document.activeElement.className")
    orders = tab.tell("Array.from(document.querySelectorAll('[tabindex]')).map(e => e.tabIndex)")
    before = tab.tell(
        "document.getElementById('map').compareDocumentPosition("
        "document.querySelector('[data-show]')) & Node.DOCUMENT_POSITION_FOLLOWING"
    )

    assert first == "skip"
    assert set(orders) <= {0}
    assert before


def test_nothing_moves_by_itself_for_those_who_asked_for_less_motion(tab, shown):
    """No transition is left."""
    tab.ask(
        "Emulation.setEmulatedMedia",
        features=[{"name": "prefers-reduced-motion", "value": "reduce"}],
    )
    tab.open(shown.map, size=WIDE)

    moving = tab.tell(
        "Array.from(document.querySelectorAll('*')).filter(each =>"
        "!['0s', ''].includes(getComputedStyle(each).transitionDuration)).length"
    )
    tab.ask("Emulation.setEmulatedMedia", features=[])

    assert moving == 0


def axe() -> str:
    """The script of axe-core, or the test is skipped with the reason."""
    named = os.environ.get("REETRACE_AXE")
    places = [Path(named)] if named else []
    places.append(Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js")
    found = next((each for each in places if each.is_file()), None)
    if found is None:
        pytest.skip("no axe-core: npm install axe-core, or name its axe.min.js in REETRACE_AXE")
    return found.read_text(encoding="utf-8")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", ["map", "companion"])
def test_axe_finds_no_fault(tab, shown, name, size):
    """Names, roles, contrast, landmarks: none of its rules is broken."""
    script = axe()
    tab.open(getattr(shown, name), size=size)
    tab.tell("for (const each of document.querySelectorAll('details')) each.open = true; 0")

    tab.tell(f"{script}; 0")
    broken: Any = tab.tell(
        "axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations.map("
        "each => [each.id, each.nodes.length, each.nodes[0].html.slice(0, 200)]))"
    )

    assert broken == []


def test_a_map_of_one_year_works_without_a_divider(tab, shown, tmp_path):
    """The year fills the map."""
    path = tmp_path / "single.html"
    single = replace(made_up.single_epoch(), run_id=shown.evidence.run_id)
    path.write_text(page(single, shown.data), encoding="utf-8")
    tab.events.clear()

    tab.open(path)

    assert tab.complaints() == []
    assert tab.tell("document.querySelectorAll('g.epoch').length") == 1
    assert tab.tell("document.querySelector('g.epoch').getAttribute('clip-path')") is None
    assert tab.tell("getComputedStyle(document.getElementById('swipe')).display") == "none"
    rows = "Array.from(document.querySelectorAll('.was')).filter(each => each.offsetHeight).length"
    assert tab.tell(rows) == 1


def test_on_paper_the_map_is_drawn_for_the_paper(tab, shown):
    """As wide as a sheet, its picture and its scale bar for that size; and as before afterwards."""
    tab.open(shown.companion, size=WIDE)
    before = tab.tell(BOX)

    tab.tell("window.dispatchEvent(new Event('beforeprint'))")
    frame = tab.tell(
        "(() => { const at = document.getElementById('map').getBoundingClientRect();"
        "return [at.width, at.height]; })()"
    )
    drawn = tab.tell(BOX)
    tab.tell("window.dispatchEvent(new Event('afterprint'))")
    tab.settle()

    assert frame[0] == pytest.approx(184 / 25.4 * 96, abs=3)
    assert drawn[2] / drawn[3] == pytest.approx(frame[0] / frame[1], rel=0.01)
    assert tab.tell(BOX) == pytest.approx(before)


def test_on_paper_every_page_says_that_imagery_is_drawn(shown):
    """The band at the top of the screen would be on the first page alone."""
    assert 'top-center { content: "SIMULATED' in shown.companion.read_text(encoding="utf-8")
    assert "top-center" not in companion(made_up.made_up_evidence(), shown.data)
