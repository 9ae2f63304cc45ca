"""Engines, accounts, earlier runs and several sites, each asked for in a way that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.refusing import Bad, ids, listing, refused

REPORT = ("report", "--site", "mine-A", "--years", "2005")
REMOTE = (*REPORT, "--engine", "earthengine", "--project", "my-mines-123")
TWO = ("run", "--site", "mine-A", "--site", "bayan-obo", "--years", "2005")


def _file(name: str, content: bytes = b"x") -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


def _toml(text: str) -> Callable[[Path], object]:
    return _file("reetrace.toml", text.encode())


ENGINES = (
    Bad("capitals", (*REPORT, "--engine", "EarthEngine"), ("--engine: ", "mean 'earthengine'")),
    Bad("another", (*REPORT, "--engine", "gdal"), ("'gdal'", "Known: local, earthengine")),
    Bad("empty", (*REPORT, "--engine", ""), ("--engine: ''",)),
    Bad("in file", REPORT, ("reetrace.toml: 'earth-engine'",), _toml("engine = 'earth-engine'")),
    Bad("number in file", REPORT, ("engine is 1", "a word in quotes"), _toml("engine = 1")),
    Bad("in doctor", ("doctor", "--engine", "earthengin"), ("mean 'earthengine'",)),
)

ACCOUNTS = (
    Bad("project name", (*REMOTE[:-1], "My Project"), ("--project: 'My Project'", "6 to 30")),
    Bad("project number", (*REMOTE[:-1], "123456789012"), ("'123456789012'", "name and number")),
    Bad("project short", (*REMOTE[:-1], "mine"), ("--project: 'mine'",)),
    Bad("project in file", REPORT, ("reetrace.toml: 'Mine!'",), _toml("project = 'Mine!'")),
    Bad("key missing", (*REMOTE, "--key", "no.json"), ("--key: no.json: no such file",)),
    Bad("key is a folder", (*REMOTE, "--key", "."), ("--key: . is a folder",)),
    Bad("key too long", (*REMOTE, "--key", "k" * 300), ("--key: ", "too long")),
    Bad("key is text", (*REMOTE, "--key", "k"), ("k: this key file is not JSON",), _file("k")),
    Bad("key is binary", (*REMOTE, "--key", "k"), ("it is not text",), _file("k", b"\xff\xfe\x00")),
    Bad("key of no account", (*REMOTE, "--key", "k"), ("no key of a serv",), _file("k", b"{}")),
    Bad("key in file", REPORT, ("reetrace.toml: no.json",), _toml("key = 'no.json'")),
    Bad("key is a number", REPORT, ("key is 3", "a file in quotes"), _toml("key = 3")),
    Bad("nobody signed in", REMOTE, ("No sign-in for Earth Engine", "--key")),
    Bad("requests", (*REMOTE, "--concurrency", "41"), ("'41'", "from 1 to 40")),
    Bad("no request", (*REMOTE, "--concurrency", "0"), ("'0'", "from 1 to 40")),
    Bad("requests in file", REPORT, ("'many'", "1 to 40"), _toml("concurrency = 'many'")),
    Bad("half a request", REPORT, ("1.5", "a whole number"), _toml("concurrency = 1.5")),
    Bad("sign in from a pipe", ("doctor", "--sign-in"), ("--sign-in", "terminal", "--key")),
)

ONLY_THERE = (
    Bad("trainer", (*REPORT, "--trainer", "earthengine"), ("--trainer earthengine", "is local")),
    Bad("near trainer", (*REMOTE, "--trainer", "earthengin"), ("mean 'earthengine'", "trainer")),
    Bad("boundaries", (*REPORT, "--boundaries", "lsib"), ("--boundaries", "--engine earthengine")),
    Bad("near borders", (*REMOTE, "--boundaries", "geoboundary"), ("mean 'geoboundaries'",)),
    Bad("project alone", (*REPORT, "--project", "my-mines-123"), ("--project", "is local")),
    Bad("requests alone", (*REPORT, "--concurrency", "3"), ("--concurrency", "is local")),
    Bad(
        "own images there",
        (*REMOTE, "--scenes", "s"),
        ("--scenes: Earth Engine", "--engine local"),
        lambda folder: (folder / "s").mkdir(),
    ),
    Bad("key alone", (*REPORT, "--key", "k"), ("--key", "the engine is local"), _file("k")),
)

EARLIER = (
    Bad("no folder", (*REPORT, "--scenes-from", "no"), ("--scenes-from: no: no such folder",)),
    Bad("no evidence", (*REPORT, "--scenes-from", "."), ("--scenes-from: .", "bagit.txt")),
    Bad("a file", (*REPORT, "--scenes-from", "f"), ("--scenes-from: f",), _file("f")),
)

SEVERAL = (
    Bad("none at once", (*TWO, "--at-once", "0"), ("--at-once",)),
    Bad(
        "at once in words",
        (*TWO, "--at-once", "all"),
        ("--at-once 'all'", "a whole number from 1 to 40"),
    ),
    Bad("twice", (*TWO, "--site", "mine-A"), ("--site mine-A", "asked for twice")),
    Bad("twice by another name", (*TWO, "--site", "MINE-a"), ("mine-A is asked", "also as")),
    Bad(
        "more sites than requests",
        (*TWO, "--engine", "earthengine", "--at-once", "9", "--concurrency", "8"),
        ("--at-once 9", "allows 8"),
    ),
    Bad("years of none", (*TWO[:-1], "20O5"), ("2 of 2 sites failed",)),
)


@pytest.mark.parametrize("case", [*ENGINES, *ACCOUNTS, *ONLY_THERE, *EARLIER, *SEVERAL], ids=ids)
def test_what_cannot_be_asked_of_an_engine_is_one_line(case, tmp_path, capsys, monkeypatch):
    """Before anything is asked of anybody, and nothing is left behind."""
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_CONFIG", "GOOGLE_CLOUD_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    refused(case, tmp_path, capsys, monkeypatch)


@pytest.mark.parametrize(
    "address",
    ["https://earthengine.example.org", "http://10.0.0.7:8080", "ftp://127.0.0.1", "127.0.0.1:80"],
)
def test_no_service_on_another_machine_passes_for_googles(address, tmp_path, capsys, monkeypatch):
    """Labels and outlines would go to whoever answers there."""
    monkeypatch.setenv("REETRACE_EARTHENGINE_URL", address)
    case = Bad("elsewhere", REMOTE, ("REETRACE_EARTHENGINE_URL", address, "Unset"))

    refused(case, tmp_path, capsys, monkeypatch)


def test_nobody_but_a_test_makes_evidence_from_a_stand_in(tmp_path, capsys, monkeypatch):
    """What stands in for Google's service proves nothing of the ground."""
    monkeypatch.setenv("REETRACE_EARTHENGINE_URL", "http://127.0.0.1:9")
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    case = Bad("stand-in", REMOTE, ("REETRACE_EARTHENGINE_URL", "stands in", "Unset it"))

    refused(case, tmp_path, capsys, monkeypatch)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--site", "bayan-obo", "--years", "2020"), "is evidence on kachin-nujiang"),
        (("--site", "mine-B", "--years", "2018"), "2005, 2010, 2015, 2020, and 2018 is asked for"),
    ],
    ids=["another place", "another year"],
)
def test_images_of_an_earlier_run_serve_the_same_place_and_years(
    words, said, main_job, tmp_path, capsys, monkeypatch
):
    """Others of its images cannot be used for."""
    before = listing(main_job.bag)
    case = Bad(
        "other", ("run", *words, "--scenes-from", str(main_job.bag)), ("--scenes-from", said)
    )

    refused(case, tmp_path, capsys, monkeypatch)

    assert listing(main_job.bag) == before
