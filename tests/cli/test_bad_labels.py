"""Labels and legends that can be read and cannot serve: found when the forest is fitted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reetrace.drawn import DEFAULT_SEED, edition
from tests.cli.refusing import Bad, refused

REPORT = ("report", "--site", "mine-A", "--years", "2005", "--registry", "reg")

Change = Callable[[dict[str, Any]], object]


def _each(**properties: str) -> Change:
    return lambda made: [point["properties"].update(properties) for point in made["features"]]


def _first(**properties: str) -> Change:
    return lambda made: made["features"][0]["properties"].update(properties)


def _moved(place: list[float]) -> Change:
    return lambda made: [point["geometry"].update(coordinates=place) for point in made["features"]]


CASES: tuple[tuple[str, str, Change, tuple[str, ...]], ...] = (
    ("class of no legend", "2005", _first(landcover="mines"), ("'mines'", "legend 'mine'")),
    ("formula for a class", "2005", _first(landcover="=1+1"), ("'=1+1'", "2005.geojson")),
    ("one class", "2005", _each(landcover="mine"), ("'non-mine'", "at least 5")),
    ("all outside", "2005", _moved([10.0, 50.0]), ("0 usable training labels",)),
    ("no points", "2005", lambda made: made.update(features=[]), ("0 usable training labels",)),
    ("bell", "2005", _first(interpreter="a\x07"), ("interpreter", "one line")),
    (
        "of another year",
        "2005",
        lambda made: made["reetrace"].update(epoch="2010"),
        ("2010", "its place is for kachin-nujiang, 2005"),
    ),
    (
        "strata too small",
        "2005-sample",
        lambda made: made["reetrace"]["strata"][0].update(area_m2=1.0),
        ("strata add up to", "57.76 km²"),
    ),
    ("sample outside", "2005-sample", _moved([10.0, 50.0]), ("no label inside the area",)),
    ("sample class", "2005-sample", _first(landcover="mines"), ("'mines'", "2005-sample")),
)


@pytest.mark.parametrize(("name", "file", "change", "said"), CASES, ids=[each[0] for each in CASES])
def test_labels_that_cannot_serve_are_one_line(
    name, file, change, said, drawn_world: Path, tmp_path, capsys, monkeypatch
):
    """The line names file, label or class, and what is needed."""
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / f"drawn-{edition()}-{DEFAULT_SEED}").symlink_to(drawn_world)
    monkeypatch.setenv("REETRACE_CACHE", str(cache))

    def put(folder: Path) -> object:
        home = Path("labels", "kachin-nujiang", f"{file}.geojson")
        made = json.loads((drawn_world / home).read_text(encoding="utf-8"))
        change(made)
        (folder / "reg" / home).parent.mkdir(parents=True)
        return (folder / "reg" / home).write_text(json.dumps(made), encoding="utf-8")

    work = tmp_path / "work"
    work.mkdir()
    refused(Bad(name, REPORT, said, put), work, capsys, monkeypatch)
