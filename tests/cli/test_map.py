"""`reetrace map`: one file to look at, from a site or from an evidence folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from reetrace.core.evidence import SIMULATED_NOTICE
from tests import worlds
from tests.cli.refusing import Bad, ids, listing, refused
from tests.running import reetrace, succeed
from tests.webmap.markup import Page

MOST_BYTES = 2_000_000
SITE = ("map", "--site", "mine-A", "--years", "2005-2020")


def test_the_map_of_a_site_is_the_map_of_its_evidence_folder(main_job, tmp_path):
    """Byte for byte; under 2 MB for a study area of 58 km²; the folder is left as it was."""
    before = listing(main_job.bag)

    told = reetrace(*SITE, "--out", "site.html", folder=tmp_path)
    succeed("map", "--bag", main_job.bag, "--out", "bag.html", folder=tmp_path)

    assert told.returncode == 0, told.stderr
    assert told.stdout == "map         SIMULATED_site.html\n"
    assert told.stderr == f"{SIMULATED_NOTICE}\n"
    by_site = (tmp_path / "SIMULATED_site.html").read_bytes()
    assert by_site == (tmp_path / "SIMULATED_bag.html").read_bytes()
    assert len(by_site) < MOST_BYTES
    assert listing(main_job.bag) == before


def test_a_map_lies_beside_the_evidence_folder_where_nothing_else_is_said(main_job, tmp_path):
    """Not in it: the folder is sealed. What was made is told to scripts, too."""
    bag = tmp_path / main_job.bag.name
    shutil.copytree(main_job.bag, bag)

    told = json.loads(succeed("map", "--bag", bag, "--json", folder=tmp_path))

    path = tmp_path / "SIMULATED_mine-A_2005-2020_map.html"
    assert told == {
        "map": str(path),
        "site": "mine-A",
        "years": "2005-2020",
        "run_id": main_job.evidence.run_id,
        "simulated": True,
        "notice": SIMULATED_NOTICE,
        "notes": [],
    }
    assert path.is_file()
    succeed("verify", bag, folder=tmp_path)


def test_a_map_of_ours_is_replaced_and_any_other_file_is_not(main_job, tmp_path):
    """Making it again is no slip; writing over somebody's page is one."""
    words = ("map", "--bag", main_job.bag, "--out")
    (tmp_path / "SIMULATED_foreign.html").write_text("<!doctype html><p>Mine.", encoding="utf-8")

    succeed(*words, "own.html", folder=tmp_path)
    succeed(*words, "own.html", folder=tmp_path)
    stopped = reetrace(*words, "foreign.html", folder=tmp_path)

    assert stopped.returncode == 1
    assert stopped.stderr.splitlines()[0] == (
        "error: --out: SIMULATED_foreign.html is there and no map of ours. Name another file."
    )
    assert (tmp_path / "SIMULATED_foreign.html").read_text(encoding="utf-8").endswith("Mine.")


def test_images_without_labels_are_shown_and_nothing_is_said_of_land_cover(tmp_path):
    """A user with images of a new place needs the map to make the labels."""
    world = worlds.forest(rows=40, cols=40).dig(slice(10, 20), slice(10, 20))
    worlds.write_landsat(tmp_path / "scenes", world, ["2020-01-11", "2020-12-06"])
    west, south, east, north = _degrees(world)
    succeed(
        *("sites", "add", "new-place", "--point", str((west + east) / 2), str((south + north) / 2)),
        *("--radius-km", "0.4", "--near-ok", "--season", "11,12,1,2,3,4", "--epochs", "2020"),
        *("--registry", "registry"),
        folder=tmp_path,
    )

    told = succeed(
        *("map", "--site", "new-place", "--years", "2020", "--registry", "registry"),
        *("--scenes", "scenes", "--out", "new.html"),
        folder=tmp_path,
    )

    assert told.splitlines()[0] == "map         new.html"
    assert "imagery only: there are no training labels for 2020" in told
    found = Page((tmp_path / "new.html").read_text(encoding="utf-8"))
    keys = {each.attributes["data-show"] for each in found.with_attribute("data-show")}
    assert {"natural", "false-colour", "ndvi", "observations"} <= keys
    assert not {"landcover", "footprint"} & keys
    assert "nothing was classified" in found.read
    assert SIMULATED_NOTICE not in found.source


def _degrees(world: worlds.World) -> tuple[float, float, float, float]:
    from pyproj import Transformer

    back = Transformer.from_crs(world.epsg, 4326, always_xy=True)
    west, south, east, north = world.bounds_m
    (left, right), (low, high) = back.transform([west, east], [south, north])
    return left, low, right, high


def _bag(folder: Path) -> object:
    """Looks like one."""
    (folder / "bag" / "data").mkdir(parents=True)
    return (folder / "bag" / "bagit.txt").write_text("BagIt-Version: 1.0\n")


def _page(folder: Path) -> object:
    return (folder / "mine.html").write_text("<p>not ours")


def _folder(folder: Path) -> object:
    (folder / "maps.html").mkdir()
    return folder


SLIPS = (
    Bad("nothing to show", ("map",), ("--site and --years", "--bag")),
    Bad("no years", ("map", "--site", "mine-A"), ("--site and --years",)),
    Bad("both", ("map", "--bag", "x", "--site", "mine-A"), ("--bag", "Leave out --site")),
    Bad("not a page", (*SITE, "--out", "map.pdf"), ("map.pdf", "HTML")),
    Bad("a folder", (*SITE, "--out", "maps.html"), ("maps.html", "folder"), _folder),
    Bad("a page of others", (*SITE, "--out", "mine.html"), ("mine.html", "no map of ours"), _page),
    Bad("no such folder", ("map", "--bag", "nowhere"), ("nowhere", "no such folder")),
    Bad("no sealed folder", ("map", "--bag", "bag"), ("bag", "missing"), _bag),
    Bad("no such engine", (*SITE, "--engine", "erath"), ("erath", "earthengine")),
    Bad(
        "another's option",
        (*SITE, "--project", "my-project"),
        ("--project", "--engine earthengine"),
    ),
    Bad("unknown site", ("map", "--site", "mine-a2", "--years", "2005"), ("mean mine-A",)),
)


@pytest.mark.parametrize("case", SLIPS, ids=ids)
def test_a_slip_is_told_in_one_line(case, tmp_path, capsys, monkeypatch):
    """With what was wrong and what to do; nothing is made."""
    refused(case, tmp_path, capsys, monkeypatch)


def test_a_map_is_not_put_into_the_sealed_folder(main_job, tmp_path):
    """It would break the seal."""
    bag = tmp_path / "bag"
    shutil.copytree(main_job.bag, bag)
    before = listing(bag)

    stopped = reetrace("map", "--bag", bag, "--out", bag / "data" / "map.html", folder=tmp_path)

    assert stopped.returncode == 1
    assert "sealed" in stopped.stderr
    assert listing(bag) == before


def test_a_folder_that_was_changed_is_not_shown(main_job, tmp_path):
    """Its map would bear the digests of something else."""
    bag = tmp_path / "bag"
    shutil.copytree(main_job.bag, bag)
    with (bag / "data" / "scenes.json").open("ab") as opened:
        opened.write(b" ")

    stopped = reetrace("map", "--bag", bag, folder=tmp_path)

    assert stopped.returncode == 1
    assert "scenes.json was changed" in stopped.stderr
    assert not list(tmp_path.glob("*.html"))
