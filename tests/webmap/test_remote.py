"""The map with tiles from Earth Engine, asked for from a service on this machine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from reetrace.core.errors import QuotaExceeded
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.engines.earthengine import webmap
from reetrace.engines.earthengine.service import Service
from reetrace.pipeline.looking import look
from reetrace.pipeline.order import Order
from tests.loopback.faults import Fault
from tests.loopback.made_up import MadeUp
from tests.loopback.server import Loopback
from tests.standin.backend import StandIn
from tests.standin.world import World
from tests.webmap.markup import HOSTILE, Page

BOUNDS = (98.5, 25.8, 98.6, 25.9)


@pytest.fixture
def open_service() -> Iterator[SimpleNamespace]:
    """A service over a backend that computes nothing, and its server."""
    import ee

    ee.Reset()
    with Loopback(MadeUp()) as server:
        service = Service.open(
            project="reetrace-test", key=None, url=server.url, pause=lambda _: None
        )
        server.forget()
        yield SimpleNamespace(service=service, server=server)
        service.close()
    ee.Reset()


def tiles(*epochs: str) -> list[webmap.Tiles]:
    """Two kinds of pictures of each epoch."""
    import ee

    return [
        webmap.Tiles(kind, epoch, ee.Image(1), {"min": 0, "max": 1}, "tag")
        for kind in ("Natural colour", "Land cover")
        for epoch in epochs
    ]


def drawn(service: Service, **changes) -> str:
    """The page, with plain names unless a test says otherwise."""
    ring = [[98.5, 25.8], [98.6, 25.8], [98.6, 25.9], [98.5, 25.8]]
    zone = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"name": changes.pop("zone", "Mine A")},
    }
    outlines = webmap.Outlines(changes.pop("layer", "Mines"), (zone,), "#ffffff", "4 3", shown=True)
    given = {
        "title": "Mine A",
        "facts": "2005: 5 images.",
        "notice": "",
        "tiles": tiles("2005", "2020"),
        "outlines": [outlines],
        "bounds": BOUNDS,
    }
    return webmap.page_of(service, **{**given, **changes})


def test_every_picture_is_asked_for_once_with_its_tag(open_service):
    """Four pictures, four addresses of tiles; no tile is fetched to write the page."""
    page = drawn(open_service.service)

    assert open_service.server.counts() == {"maps": 4}
    assert {body["workloadTag"] for body in open_service.server.bodies("maps")} == {"tag"}
    assert len(set(re.findall(r"/maps/(\w+)/tiles/", page))) == 4
    assert open_service.server.url in page


def test_only_the_service_and_one_host_of_programs_are_loaded_from(open_service):
    """The policy allows no other; the page says which they are, and that it does not last."""
    page = drawn(open_service.service)

    found = Page(page)
    hosts = set(re.findall(r"https?://([\w.-]*\w(?::\d+)?)", page))
    own = open_service.server.url.removeprefix("http://")
    policy = found.with_attribute("http-equiv", "Content-Security-Policy")[0].attributes["content"]
    assert hosts == {own, "cdn.jsdelivr.net"}
    assert policy.startswith("default-src 'none'; ")
    assert "Needs the network, and does not last." in found.read
    assert own in found.read
    assert "cdn.jsdelivr.net" in found.read
    assert "Google sees which tiles are asked for" in found.read


def test_the_page_has_a_divider_and_lists_of_kinds_and_epochs(open_service):
    """Each picture is a choice of the control."""
    page = drawn(open_service.service)

    choices = re.findall(r'\{ kind: ("[^"]+"), epoch: ("[^"]+"), layer: (\w+) \}', page)
    assert [(json.loads(kind), json.loads(epoch)) for kind, epoch, _ in choices] == [
        ("Natural colour", "2005"),
        ("Natural colour", "2020"),
        ("Land cover", "2005"),
        ("Land cover", "2020"),
    ]
    assert all(f"var {layer} = L.tileLayer(" in page for _, _, layer in choices)
    assert "L.control.sideBySide(" in page
    assert 'type: "range"' in page


def test_a_name_that_is_an_attack_is_text_everywhere(open_service):
    """In the title, the frame, the lists and the labels, which Leaflet takes for HTML."""
    plain = Page(drawn(open_service.service))

    page = drawn(
        open_service.service,
        title=HOSTILE + "{% endraw %}{{ 7*7 }}",
        facts=HOSTILE,
        zone=HOSTILE,
        layer=HOSTILE,
    )

    found = Page(page)
    assert [each.tag for each in found.elements] == [each.tag for each in plain.elements]
    assert "<script>window.pwned=1</script>" in found.read
    texts = re.findall(r'"((?:[^"\\]|\\.)*pwned(?:[^"\\]|\\.)*)"', _scripts(found))
    assert len(texts) == 2
    assert [each for each in texts if "<" in json.loads(f'"{each}"')] == []


def _scripts(found: Page) -> str:
    return "".join(each.text for each in found.all("script"))


def test_drawn_imagery_says_so(open_service):
    """In the title and in a band."""
    found = Page(drawn(open_service.service, notice=SIMULATED_NOTICE))

    assert found.all("title")[0].text.startswith(SIMULATED_NOTICE)
    assert found.with_attribute("class", "frame-notice")[0].text == SIMULATED_NOTICE


def test_one_epoch_needs_no_divider(open_service):
    """The only picture fills the map."""
    page = drawn(open_service.service, tiles=tiles("2020"))

    assert len(re.findall(r"L\.tileLayer\(", page)) == 2


def test_a_service_that_refuses_leaves_no_file(open_service, tmp_path):
    """One of our errors, that says what was being done."""
    open_service.server.faults.append(
        Fault("maps", status=429, message="Quota exceeded.", times=100)
    )

    with pytest.raises(QuotaExceeded, match="Asking for the tiles of 2005, Natural colour"):
        webmap.write_map(
            tmp_path / "map.html",
            open_service.service,
            title="Mine A",
            facts="",
            notice="",
            tiles=tiles("2005"),
            outlines=[],
            bounds=BOUNDS,
        )

    assert list(tmp_path.iterdir()) == []


def test_a_map_can_be_made_where_geemap_was_imported_before():
    """As in a notebook, and for its widgets: its folium side cannot be imported after that."""
    code = """
import geemap
from reetrace.engines.earthengine import webmap
before = geemap.basemaps
print(type(webmap._empty_map()).__name__, geemap.basemaps is before)
"""

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], check=False, capture_output=True, text=True
    )

    assert done.stdout.split() == ["Map", "True"], done.stderr


def test_a_site_is_shown_with_tiles_of_its_own_composites_and_maps(
    drawn_world, tmp_path, monkeypatch
):
    """Natural and false colour, index and land cover of two epochs, footprints and zones."""
    with Loopback(StandIn(World.from_catalogue(drawn_world))) as server:
        monkeypatch.setenv("REETRACE_EARTHENGINE_URL", server.url)
        order = Order(
            site="mine-A",
            years="2005,2020",
            registry=_registry(drawn_world, tmp_path),
            engine="earthengine",
            project="reetrace-test",
        )
        made = look(order, out=tmp_path / "far.html", progress=lambda _step, _share: None)
        counted = server.counts()

    page = made.path.read_text(encoding="utf-8")
    assert made.path.name == "SIMULATED_far.html"
    assert counted["maps"] == 8
    assert "tiles" not in counted
    assert "they need the network" in made.notes[-1]
    assert "requests to Earth Engine" in made.cost[0]
    assert made.lines()[-1].startswith("asked for ")
    for words in ("Mine A (Kachin side)", "Myanmar side", "Footprint of “Mine” 2020", "5 images"):
        assert words in page.encode().decode("unicode_escape") or words in page
    assert SIMULATED_NOTICE in page


def test_images_of_earth_engine_without_labels_are_shown(drawn_world, tmp_path, monkeypatch):
    """No land cover and no footprint; the page says why."""
    with Loopback(StandIn(World.from_catalogue(drawn_world))) as server:
        monkeypatch.setenv("REETRACE_EARTHENGINE_URL", server.url)
        order = Order(site="mine-A", years="2020", engine="earthengine", project="reetrace-test")
        made = look(order, out=tmp_path / "far.html", progress=lambda _step, _share: None)
        counted = server.counts()

    page = made.path.read_text(encoding="utf-8")
    assert counted["maps"] == 3
    assert made.notes[0].startswith("imagery only: there are no training labels for 2020")
    assert "Imagery only: there are no training labels for 2020" in Page(page).read
    assert "Land cover" not in page
    assert "Footprint" not in page


def _registry(world: Path, home: Path) -> Path:
    """The drawn labels as a registry."""
    folder = home / "registry"
    folder.mkdir()
    (folder / "labels").symlink_to(world / "labels")
    return folder
