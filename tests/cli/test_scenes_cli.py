"""`scenes` as a user types it: one plain line for each mistake, nothing half-written."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from reetrace import cli, tables
from reetrace.core.raster import encode_reflectance
from tests import worlds

ROLES = ",".join(tables.sensor("landsat8-oli").roles)


def _run(
    *words: str | Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str, str]:
    """Exit code, output and errors of `reetrace scenes …`."""
    monkeypatch.setattr(sys, "argv", ["reetrace", "scenes", *map(str, words)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    told = capsys.readouterr()
    code = stopped.value.code
    return (code if isinstance(code, int) else int(code is not None)), told.out, told.err


def _clip(folder: Path, *, multiple: int = 1) -> Path:
    world = worlds.forest(40, 40).dig(slice(4, 14), slice(4, 14))
    generator = np.random.default_rng(2)
    bands = np.stack(
        [
            encode_reflectance(world.reflectance(role)).astype(np.int64)
            + generator.integers(0, 400, (40, 40))
            for role in tables.sensor("landsat8-oli").roles
        ]
    )
    return worlds.write_raster(
        folder / "clip.tif", (bands // multiple * multiple).astype(np.uint16), world
    )


def test_a_raster_is_added_and_listed(tmp_path, capsys, monkeypatch) -> None:
    """`add` says where the item lies, `list` shows it by date."""
    monkeypatch.chdir(tmp_path)
    clip = _clip(tmp_path)

    added = _run(
        "add", clip, "--sensor", "landsat8-oli", "--date", "2018-09-06", "--bands", ROLES,
        capsys=capsys, monkeypatch=monkeypatch,
    )  # fmt: skip
    listed = _run("list", "--json", capsys=capsys, monkeypatch=monkeypatch)

    assert (added[0], listed[0]) == (0, 0)
    assert "registered  scenes/landsat8-oli/" in added[1]
    scenes = json.loads(listed[1])["scenes"]
    assert [(scene["date"], scene["sensor"]) for scene in scenes] == [
        ("2018-09-06", "landsat8-oli")
    ]


def test_the_folder_may_come_from_the_environment(tmp_path, capsys, monkeypatch) -> None:
    """REETRACE_SCENES stands in for --scenes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REETRACE_SCENES", str(tmp_path / "mine"))
    clip = _clip(tmp_path)

    _run(
        "add", clip, "--sensor", "landsat8-oli", "--date", "2018-09-06", "--bands", ROLES,
        capsys=capsys, monkeypatch=monkeypatch,
    )  # fmt: skip

    assert (tmp_path / "mine" / "catalog.json").is_file()


def test_the_folder_may_come_from_the_settings_file(tmp_path, capsys, monkeypatch) -> None:
    """What `add` registers is where `list` and `report` look for it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "imagery").mkdir()
    (tmp_path / "reetrace.toml").write_text('scenes = "imagery"', encoding="utf-8")
    clip = _clip(tmp_path)

    _run(
        "add", clip, "--sensor", "landsat8-oli", "--date", "2018-09-06", "--bands", ROLES,
        capsys=capsys, monkeypatch=monkeypatch,
    )  # fmt: skip
    listed = _run("list", capsys=capsys, monkeypatch=monkeypatch)

    assert (tmp_path / "imagery" / "catalog.json").is_file()
    assert "2018-09-06" in listed[1]


def test_drawn_values_are_called_simulated_whatever_the_user_says(
    tmp_path, capsys, monkeypatch
) -> None:
    """A drawn file without name, tag or item is still announced on stderr and in the list."""
    monkeypatch.chdir(tmp_path)
    clip = _clip(tmp_path, multiple=7)

    added = _run(
        "add", clip, "--sensor", "landsat8-oli", "--date", "2018-09-06", "--bands", ROLES,
        capsys=capsys, monkeypatch=monkeypatch,
    )  # fmt: skip
    listed = _run("list", capsys=capsys, monkeypatch=monkeypatch)

    assert "SIMULATED IMAGERY – NOT EVIDENCE" in added[2]
    assert "SIMULATED IMAGERY – NOT EVIDENCE" in listed[2]
    assert "simulated" in listed[1]


def test_drawn_images_are_listed_for_their_site_once_they_were_drawn(
    main_job, tmp_path, capsys, monkeypatch
) -> None:
    """What a report was made from can be looked at afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REETRACE_CACHE", str(main_job.bag.parent.parent / "cache"))
    used = [scene.id for epoch in main_job.evidence.epochs for scene in epoch.scenes]

    code, out, err = _run("list", "--site", "mine-A", capsys=capsys, monkeypatch=monkeypatch)

    assert code == 0
    assert all(scene in out for scene in used)
    assert "SIMULATED IMAGERY – NOT EVIDENCE" in err


def test_an_empty_list_says_what_to_do(tmp_path, capsys, monkeypatch) -> None:
    """No imagery is no error."""
    monkeypatch.chdir(tmp_path)

    code, out, _ = _run("list", capsys=capsys, monkeypatch=monkeypatch)

    assert code == 0
    assert "reetrace scenes add" in out


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        (
            ["add", "gone.tif", "--sensor", "landsat8-oli", "--date", "2018-09-06"],
            1,
            "no such file",
        ),
        (["add", "clip.tif", "--sensor", "landsat8", "--date", "2018-09-06"], 1, "Did you mean"),
        (["add", "clip.tif", "--sensor", "landsat8-oli", "--date", "6.9.2018"], 1, "not a date"),
        (["add", "clip.tif", "--sensor", "landsat8-oli", "--date", "2018-09-06"], 1, "--bands"),
        (["add", "clip.tif", "--sensor", "landsat8-oli"], 2, "--date"),
        (["add"], 2, "'FILES'"),
        (["list", "--site", "mine-Z"], 1, "mine-Z"),
        (["list", "--scenes", "gone"], 1, "gone is not a folder"),
        (["draw", "--seed", "-1", "--out", "w"], 1, "--seed"),
    ],
)
def test_a_mistake_is_one_plain_line(
    tmp_path, capsys, monkeypatch, words: list[str], code: int, named: str
) -> None:
    """Exit code 1 or 2, the reason on stderr, no traceback, nothing written."""
    monkeypatch.chdir(tmp_path)
    _clip(tmp_path)

    found, _, told = _run(*words, capsys=capsys, monkeypatch=monkeypatch)

    assert found == code
    assert named in told
    assert "Traceback" not in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.tif"]
