"""The map of an evidence folder: whole, inert, silent towards the network, the same twice."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reetrace.core.errors import EvidenceError, TemplateError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence, Publication
from reetrace.core.site import Name
from reetrace.webmap import companion, page
from tests import made_up
from tests.webmap.markup import HOSTILE, Page

PAGES = {"map": page, "companion": companion}


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Evidence]:
    """The made-up folder of two mines, and its evidence."""
    home = tmp_path_factory.mktemp("bag")
    return home, made_up.made_up_bag(home)


@pytest.fixture(scope="module")
def folder(bag: tuple[Path, Evidence]) -> Path:
    """Where its rasters lie."""
    return bag[0] / "data"


@pytest.fixture(scope="module")
def evidence(bag: tuple[Path, Evidence]) -> Evidence:
    """What it says."""
    return bag[1]


@pytest.fixture(scope="module", params=sorted(PAGES))
def shown(request: pytest.FixtureRequest, folder: Path, evidence: Evidence) -> Page:
    """Each of the pages, taken apart."""
    return Page(PAGES[request.param](evidence, folder))


@pytest.fixture(scope="module")
def atlas(folder: Path, evidence: Evidence) -> Page:
    """The map, taken apart."""
    return Page(page(evidence, folder))


def facts_of(found: Page) -> Any:
    """What the script is told."""
    return json.loads(found.with_attribute("id", "facts")[0].text)


def hostile(evidence: Evidence) -> Evidence:
    """The same evidence whose every free text is an attack."""
    zones = tuple(
        replace(
            each,
            title=HOSTILE if each.id.startswith("countries") else each.title,
            edition=HOSTILE if each.edition else "",
            zones=tuple(
                replace(zone, name=HOSTILE, source=HOSTILE, licence=HOSTILE) for zone in each.zones
            ),
        )
        for each in evidence.zone_sets
    )
    classes = tuple(replace(each, title=HOSTILE) for each in evidence.legend.classes)
    site = replace(evidence.site, names=(Name(HOSTILE, "en"), Name(HOSTILE, '"><b>')))
    return replace(
        evidence,
        site=site,
        study_area=replace(evidence.study_area, names=(Name(HOSTILE, "en"),)),
        zone_sets=zones,
        legend=replace(evidence.legend, classes=classes),
        epochs=tuple(replace(each, sensor_title=HOSTILE) for each in evidence.epochs),
        run_id=HOSTILE,
        engine=HOSTILE,
        warnings=(HOSTILE,),
        rasters=tuple(replace(each, title=HOSTILE) for each in evidence.rasters),
    )


def test_no_element_points_anywhere_but_into_the_page(shown):
    """Every address is a picture within the page or a place on it."""
    addresses = [
        value
        for element in shown.elements
        for name, value in element.attributes.items()
        if name in {"href", "src", "srcset", "action", "poster", "data", "xlink:href", "manifest"}
    ]

    assert addresses
    assert [each[:60] for each in addresses if not re.match(r"#[\w-]+$|data:image/", each)] == []


def test_no_attribute_style_or_script_names_a_host(shown):
    """Neither as an address nor within a style, nor by a call that fetches."""
    outside = re.compile(r"(https?|wss?|ftp|file|javascript):|@import|url\((?!#)", re.IGNORECASE)
    fetching = re.compile(r"\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import)\s*\(")
    attributes = [
        value
        for element in shown.elements
        for value in element.attributes.values()
        if not value.startswith("data:image/")
    ]
    written = [each.text for each in shown.elements if each.tag in {"style", "script"}]

    assert [each for each in [*attributes, *written] if outside.search(each)] == []
    assert [each for each in written if fetching.search(each)] == []


def test_nothing_runs_and_nothing_is_styled_but_what_the_policy_names(shown):
    """One style and one script, by digest; everything else is forbidden."""
    policy = shown.with_attribute("http-equiv", "Content-Security-Policy")[0].attributes["content"]
    scripts = [each for each in shown.all("script") if each.attributes.get("type") is None]
    (style,) = shown.all("style")
    (script,) = scripts

    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    assert policy == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest(style.text)}'; "
        f"script-src 'sha256-{digest(script.text)}'; base-uri 'none'; form-action 'none'"
    )
    assert shown.with_attribute("style") == []
    handlers = [
        each.tag for each in shown.elements if any(a.startswith("on") for a in each.attributes)
    ]
    assert handlers == []


@pytest.mark.parametrize("made", PAGES.values(), ids=PAGES)
def test_a_name_that_is_an_attack_is_shown_and_not_run(made, folder, evidence):
    """No element more than without the attack; the words stand there as they are."""
    plain = Page(made(evidence, folder))

    found = Page(made(hostile(evidence), folder))

    assert [each.tag for each in found.elements if each.tag in {"script", "img", "b"}] == [
        each.tag for each in plain.elements if each.tag in {"script", "img", "b"}
    ]
    assert "<script>window.pwned=1</script>" in found.read
    assert "49" not in found.with_attribute("id", "drawing")[0].text
    assert "\u202e" not in found.source
    json.loads(found.with_attribute("id", "facts")[0].text)


def test_a_sentence_with_a_word_that_no_report_may_say_is_refused(folder, evidence):
    """Also where the word came in with a name: the summary is the report's own wording."""
    zone_sets = tuple(
        replace(each, zones=tuple(replace(zone, name="The illegal pit") for zone in each.zones))
        for each in evidence.zone_sets
    )

    with pytest.raises(TemplateError, match="companion: summary: the word 'illegal'"):
        companion(replace(evidence, zone_sets=zone_sets), folder)


@pytest.mark.parametrize("made", PAGES.values(), ids=PAGES)
def test_a_colour_that_is_no_colour_is_refused(made, folder, evidence):
    """It would go into a page as it stands."""
    classes = (replace(evidence.legend.classes[0], colour='red"/><script>'),)
    spoilt = replace(evidence, legend=replace(evidence.legend, classes=classes))

    with pytest.raises(EvidenceError, match="colour"):
        made(spoilt, folder)


@pytest.mark.parametrize("made", PAGES.values(), ids=PAGES)
def test_drawn_imagery_says_so_in_title_band_map_and_foot(made, folder, evidence):
    """The band has no control that could close it."""
    found = Page(made(made_up.simulated(evidence), folder))

    (band,) = found.with_attribute("class", "notice")
    assert band.text == SIMULATED_NOTICE
    assert found.all("title")[0].text.startswith(SIMULATED_NOTICE)
    assert found.with_attribute("class", "stamp")[0].text == SIMULATED_NOTICE
    assert found.read.count(SIMULATED_NOTICE) >= 4
    assert "notice" not in next(each.text for each in found.all("script") if not each.attributes)
    assert ".notice { position: fixed" in found.all("style")[0].text


def test_real_imagery_bears_no_notice(shown):
    """Nor a band."""
    assert SIMULATED_NOTICE not in shown.source
    assert shown.with_attribute("class", "notice") == []


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_the_same_under_another_hash_seed_and_time_zone(name, folder, evidence):
    """Byte for byte, from a process of its own."""
    made = PAGES[name]
    here = made(evidence, folder)
    told = (
        "import sys; from pathlib import Path; from reetrace import evidence, webmap;"
        f"bag = Path(sys.argv[1]); made = webmap.{made.__name__};"
        "sys.stdout.buffer.write(made(evidence.load(bag), bag / 'data').encode())"
    )

    there = subprocess.run(
        [sys.executable, "-c", told, folder.parent],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Yangon", "LC_ALL": "C"},
    ).stdout

    assert there.decode() == here


def test_every_layer_has_its_switch_its_opacity_and_each_picture_lies_there_once(atlas, evidence):
    """Natural and false colour, NDVI, views and land cover of four epochs are twenty pictures."""
    keys = [each.attributes["data-show"] for each in atlas.with_attribute("data-show")]
    faded = [each.attributes["data-fade"] for each in atlas.with_attribute("data-fade")]
    pictures = [each for each in atlas.all("image") if "data-layer" in each.attributes]
    sources = [each.attributes["href"] for each in pictures]

    assert keys == faded
    assert {"natural", "false-colour", "ndvi", "landcover", "observations", "footprint", "not-seen",
            "zones-0", "zones-1", "zones-2", "zones-3"} == set(keys)  # fmt: skip
    assert len(sources) == len(set(sources)) == 5 * len(evidence.epochs)


def test_any_two_epochs_can_be_put_side_by_side(atlas, evidence):
    """Both lists offer every epoch; the first and the last stand there at first."""
    labels = [each.label for each in evidence.epochs]
    options = atlas.all("option")

    assert [each.text for each in options] == labels * 2
    chosen = [each.text for each in options if "selected" in each.attributes]
    assert chosen == [labels[0], labels[-1]]
    assert atlas.with_attribute("role", "slider")[0].attributes["aria-label"]


def test_the_map_opens_on_the_site_that_was_asked_for(atlas, evidence):
    """Mine A is a part of the study area: its bounds, not the area's."""
    facts = facts_of(atlas)
    mine = next(each for each in facts["zones"] if each["name"] == evidence.site.title)

    assert facts["start"] == mine["bounds"]
    assert facts["start"] != [0, 0, facts["width"], facts["height"]]


def test_countries_are_only_ever_named_as_sides_of_an_edition(atlas):
    """With the edition where the pointer tells where it is."""
    told = [each["told"] for each in facts_of(atlas)["zones"] if "side" in each["told"]]

    assert len(told) == 4
    assert all(re.search(r"side \(.+\)$", each) for each in told)


def test_site_run_and_digests_are_printed(shown, evidence, folder):
    """So that whoever holds the page can find the evidence it was made from."""
    digest = hashlib.sha256((folder / "evidence.json").read_bytes()).hexdigest()

    assert evidence.site.title in shown.all("title")[0].text
    assert evidence.run_id in shown.read
    assert digest in shown.read
    assert all(each.sha256 in shown.read for each in evidence.rasters)


def test_a_public_edition_says_that_its_places_are_moved(folder, evidence):
    """Where the pages begin, beside the place under the pointer, and in the foot."""
    told = Publication("ab" * 32, 0.1, ("Places: everything was moved.", "Names of people."))

    for made in PAGES.values():
        found = Page(made(replace(evidence, publication=told), folder))

        assert "Public edition. Places: everything was moved. Names of people." in found.read
        assert "Place (moved)" in found.read
        assert "which is not where they are" in found.read
        assert "ab" * 32 in found.read


def test_a_single_epoch_has_no_divider(folder):
    """There is nothing to compare: the divider and its lists are hidden."""
    found = Page(page(made_up.single_epoch(), folder))

    assert "hidden" in found.with_attribute("id", "swipe")[0].attributes
    assert "hidden" in found.with_attribute("class", "years-bar")[0].attributes
    assert facts_of(found)["epochs"] == ["2020"]


def test_images_without_labels_are_shown_and_the_page_says_what_is_missing(folder, evidence):
    """A user needs the map to make the labels."""
    kept = [each for each in evidence.rasters if each.kind in {"composite", "observations"}]
    images = replace(
        evidence,
        rasters=tuple(kept),
        areas=(), changes=(), growth=(), footprints=(), patches=(), accuracies=(), labels=(),
        models=(), spectral=(), published=(),
    )  # fmt: skip

    found = Page(page(images, folder))

    keys = [each.attributes["data-show"] for each in found.with_attribute("data-show")]
    assert {"natural", "false-colour", "ndvi", "observations"} <= set(keys)
    assert not {"landcover", "footprint"} & set(keys)
    assert "there are no training labels" in found.read


@pytest.mark.parametrize("made", [made_up.no_country, made_up.one_country, made_up.no_sentinel2])
@pytest.mark.parametrize("name", PAGES)
def test_evidence_without_borders_or_screening_makes_a_page_too(name, made, folder):
    """Whatever is not there is left out."""
    evidence = made()

    found = Page(PAGES[name](evidence, folder))

    sets = len(evidence.zone_sets)
    keys = [each.attributes["data-show"] for each in found.with_attribute("data-show")]
    assert sum(each.startswith("zones-") for each in keys) == sets


@pytest.mark.parametrize("name", PAGES)
def test_evidence_without_a_single_raster_still_shows_its_zones(name, folder, evidence):
    """A folder may have been thinned; outlines and numbers are in its record."""
    thin = replace(evidence, rasters=(), footprints=())

    found = Page(PAGES[name](thin, folder))

    keys = [each.attributes["data-show"] for each in found.with_attribute("data-show")]
    assert keys == ["zones-0", "zones-1", "zones-2", "zones-3"]


def test_a_raster_that_is_missing_is_named(tmp_path, evidence):
    """One line with its path."""
    first = next(each.path for each in evidence.rasters if each.kind == "composite")

    with pytest.raises(EvidenceError, match=re.escape(first)):
        page(evidence, tmp_path)
