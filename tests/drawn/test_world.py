"""A drawn world as a whole: its files, its marks, and that a seed makes it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio

from reetrace.core.errors import OutputError, SettingError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.drawn import DEFAULT_SEED, draw_world
from reetrace.drawn.world import make_ground
from tests.drawn.reading import digests, items

_DRAW = (
    "import sys; from pathlib import Path; from reetrace.drawn import draw_world; "
    "draw_world(int(sys.argv[1]), Path(sys.argv[2]))"
)


def test_the_same_seed_makes_the_same_bytes_whatever_the_surroundings(
    drawn_world: Path, truth_folder: Path, tmp_path: Path
):
    """Neither hash seed, time zone, locale nor number of threads shows in any file."""
    surroundings = {
        **os.environ,
        "PYTHONHASHSEED": "4711",
        "TZ": "Asia/Yangon",
        "LC_ALL": "C",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    folder = tmp_path / "again"

    subprocess.run(
        [sys.executable, "-c", _DRAW, str(DEFAULT_SEED), str(folder)], env=surroundings, check=True
    )

    again = digests(folder)
    first = digests(drawn_world)
    first |= {f"truth/{name}": value for name, value in digests(truth_folder).items()}
    assert again == first


def test_another_seed_makes_another_ground():
    """Mines differ in place and in size, not only in noise."""
    one, other = make_ground(1), make_ground(2)

    assert not np.array_equal(one.mines.dug, other.mines.dug)
    assert one.mines.ground(3).sum() != other.mines.ground(3).sum()
    assert not np.array_equal(one.relief.height_m, other.relief.height_m)


def test_every_file_says_that_it_is_drawn(drawn_world: Path):
    """Catalogue, items, asset titles and the GeoTIFFs' own tags carry the notice."""
    catalogue = json.loads((drawn_world / "catalog.json").read_text(encoding="utf-8"))
    rasters = sorted(drawn_world.rglob("*.tif"))
    notices = []
    for path in rasters:
        with rasterio.open(path) as source:
            notices.append(source.tags().get("REETRACE_SIMULATED"))

    assert catalogue["reetrace:simulated"] is True
    assert SIMULATED_NOTICE in catalogue["title"]
    assert len(rasters) == 20 * 8 + 4 * 11
    assert set(notices) == {SIMULATED_NOTICE}
    for item in items(drawn_world):
        assert item.record["properties"]["reetrace:simulated"] is True
        assert SIMULATED_NOTICE in item.record["properties"]["title"]
        assert all(SIMULATED_NOTICE in each["title"] for each in item.record["assets"].values())


def test_the_reflectances_themselves_carry_the_mark(drawn_world: Path):
    """Every stored reflectance is a multiple of 7 above 0, in the overviews too."""
    for item in items(drawn_world):
        for band in item.reflectance_bands:
            with rasterio.open(item.path(band)) as source:
                levels = [source.read(1)]
                levels += [
                    source.read(1, out_shape=(source.height // each, source.width // each))
                    for each in source.overviews(1)
                ]
            assert all((level % 7 == 0).all() for level in levels), (item.record["id"], band)
            assert all(level.min() > 0 for level in levels)


def test_nothing_of_the_truth_lies_outside_its_folder(drawn_world: Path):
    """Outside `truth/` there are scenes and labels, and no word of what is true of them."""
    files = {path.relative_to(drawn_world) for path in drawn_world.rglob("*") if path.is_file()}
    homes = {path.parts[0] for path in files}
    texts = [path for path in files if path.suffix == ".json"]
    words = ("mine", "monazite", "truth", "pit")

    assert homes == {"catalog.json", "labels", "landsat5-tm", "landsat8-oli", "sentinel2-msi"}
    for path in texts:
        text = (drawn_world / path).read_text(encoding="utf-8").lower()
        assert not [word for word in words if f'"{word}' in text], path


def test_a_folder_in_use_is_left_alone(tmp_path: Path):
    """Drawing never overwrites what somebody has."""
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")

    with pytest.raises(OutputError, match="already there"):
        draw_world(1, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_negative_seed_is_refused_before_anything_is_written(tmp_path: Path):
    """The message says which numbers can be used."""
    with pytest.raises(SettingError, match="whole number from 0"):
        draw_world(-1, tmp_path / "world")

    assert list(tmp_path.iterdir()) == []


def test_a_drawing_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A disk that fills up half-way costs the user no half world."""

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reetrace.drawn.world.write_landsat", full)

    with pytest.raises(OutputError, match="No space left on device"):
        draw_world(1, tmp_path / "world")

    assert list(tmp_path.iterdir()) == []


def test_two_processes_may_draw_the_same_world_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Whoever is second finds the first one's world, the same to the byte, and is content."""
    folder = tmp_path / "world"

    def overtaken(*_: object) -> None:
        folder.mkdir()
        (folder / "catalog.json").write_text('{"reetrace:seed": 1}', encoding="utf-8")

    monkeypatch.setattr("reetrace.drawn.world._draw_into", overtaken)

    assert draw_world(1, folder) == folder
    assert [path.name for path in tmp_path.iterdir()] == ["world"]
