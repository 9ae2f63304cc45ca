"""A run foretold: what it says before is what the run then does."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from reetrace.core.errors import NoImagery, SettingError
from reetrace.core.grid import Grid
from reetrace.core.raster import SceneListing
from reetrace.pipeline import Order, Outcome
from reetrace.pipeline.forecast import (
    _STANDING_BYTES,
    Forecast,
    _memory_bytes,
    forecast_order,
)
from tests.loopback.server import Loopback
from tests.standin.backend import StandIn
from tests.standin.world import World

ORDER = Order(site="mine-A", years="2005-2020")


def foretold(order: Order) -> Forecast:
    """Without progress."""
    return forecast_order(order, lambda _step, _share: None)


@pytest.fixture
def drawn_cache(main_job: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with the drawn world in it and no work done yet."""
    world = next((main_job.bag.parents[1] / "cache").glob("drawn-*"))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / world.name).symlink_to(world)
    monkeypatch.setenv("REETRACE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.usefixtures("drawn_cache")
def test_a_forecast_names_what_the_evidence_will_name(main_job: Outcome):
    """Epochs, sensors, images, dates, grid and labels are those of the run."""
    expected, evidence = foretold(ORDER), main_job.evidence

    assert expected.grid == evidence.grid
    assert [each.label for each in expected.epochs] == [each.label for each in evidence.epochs]
    for before, after in zip(expected.epochs, evidence.epochs, strict=True):
        assert before.sensor == after.sensor_title
        assert before.scenes == len(after.scenes)
        assert list(before.dates) == sorted({scene.date for scene in after.scenes})
        assert before.min_observations == after.min_observations
    assert list(expected.screening_dates) == sorted(
        {scene.date for scene in evidence.spectral_scenes}
    )
    assert expected.simulated
    assert expected.problems == ()


@pytest.mark.usefixtures("drawn_cache")
def test_a_forecast_counts_labels_by_epoch(main_job: Outcome):
    """As many points as each file of the evidence holds."""
    expected = foretold(ORDER)

    points = {(each.epoch, each.purpose): each.points for each in main_job.evidence.labels}
    for each in expected.epochs:
        assert each.training_labels == points[each.label, "training"]
        assert each.sample_labels == points[each.label, "probability-sample"]


@pytest.mark.usefixtures("drawn_cache")
def test_a_run_writes_no_more_than_was_foretold(main_job: Outcome):
    """Rasters kept for the next run, and the evidence folder with its documents."""
    expected = foretold(ORDER)

    kept = main_job.bag.parents[1] / "cache" / "work"
    written = [path for folder in (main_job.bag, kept) for path in folder.rglob("*")]
    whole = sum(path.stat().st_size for path in written if path.is_file())
    assert 0.1 * expected.disk_bytes < whole <= expected.disk_bytes


def test_a_forecast_writes_nothing(drawn_cache: Path, tmp_path: Path):
    """Neither evidence nor work is begun."""
    foretold(Order(site="mine-A", years="2005-2020", out=tmp_path / "reports"))

    assert [path.name[:6] for path in drawn_cache.iterdir()] == ["drawn-"]
    assert not (tmp_path / "reports").exists()


@pytest.mark.usefixtures("drawn_cache")
def test_the_embedded_engine_says_what_it_will_read():
    """Every file of every image once, with its bytes; it asks no service."""
    expected = foretold(Order(site="mine-A", years="2020"))

    images = sum(each.scenes for each in expected.epochs) + len(expected.screening_dates)
    assert expected.files > 7 * images
    assert expected.file_bytes > 1_000_000
    assert (expected.requests, expected.bytes_home, expected.eecu_seconds) == (0, 0, None)
    assert any(line.startswith("reads") for line in expected.lines())
    assert not any(line.startswith("asks") for line in expected.lines())


@pytest.mark.usefixtures("drawn_cache")
def test_the_lines_are_for_people():
    """One fact a line, its name before it, dates and sums in words."""
    lines = foretold(Order(site="mine-A", years="2020")).lines()

    assert lines[:3] == (
        "site        mine-A, part of kachin-nujiang",
        "engine      local",
        "grid        475 rows × 135 columns of 30 m, EPSG:32647",
    )
    assert lines[3].startswith("2020        Landsat 8 OLI: 5 images of 5 passes, 2020-01-21 to ")
    assert lines[4] == "            labels: 282 for training, 700 of a probability sample"
    assert lines[-1] == "notice      SIMULATED IMAGERY – NOT EVIDENCE"
    assert not any("\n" in line for line in lines)


@pytest.mark.usefixtures("drawn_cache")
def test_memory_is_foretold_and_held_against_the_machines():
    """Where it is too little one reads so before the work, and what would help."""
    expected = foretold(Order(site="mine-A", years="2020"))

    needed = f"memory      about {expected.memory_bytes / 1e6:.1f} MB at most"
    assert (
        f"{needed}, this machine has 64.0 GB"
        in replace(expected, machine_bytes=64_000_000_000).lines()
    )
    (short,) = [each for each in replace(expected, machine_bytes=1).lines() if needed in each]
    assert short.endswith("; too little, choose a smaller area of interest")
    assert needed in replace(expected, machine_bytes=None).lines()


@pytest.mark.parametrize(
    ("dates", "pixel_bytes"),
    [
        # Eight dates of ten bands were seen to take 467 bytes of each of the 2.25 finer pixels.
        (8, 467 * 2.25),
        # Without Sentinel-2 the rasters of one epoch on their way into the evidence are the most.
        (0, 90),
    ],
)
def test_memory_grows_with_the_pixels_and_the_dates_screened(dates, pixel_bytes):
    """As it was measured, to a tenth, and the same whatever engine."""
    grid = Grid(32647, 450_015.0, 2_866_995.0, 30.0, 6_000, 6_000, 900.0)
    planned = SimpleNamespace(grid=grid, epochs=[None] * 4)
    images = [
        SceneListing(
            f"s{day}", dt.date(2020, 1, day), "sentinel2-msi", "A", 1.0, None, simulated=False
        )
        for day in range(1, dates + 1)
    ]

    found = _memory_bytes(cast("Any", planned), images) - _STANDING_BYTES

    assert found == pytest.approx(36e6 * pixel_bytes, rel=0.2)
    assert found > 0.95 * 36e6 * pixel_bytes


def test_scripts_get_the_same(drawn_cache: Path):
    """What is printed can be had as JSON, sums and notice included."""
    expected = foretold(Order(site="mine-A", years="2020"))

    told = json.loads(json.dumps(expected.as_dict()))

    assert told["epochs"][0]["scenes"] == 5
    assert told["grid"]["rows"] == 475
    assert told["requests"] == 0
    assert told["notice"] == "SIMULATED IMAGERY – NOT EVIDENCE"
    assert {each["folder"] for each in told["disks"]} == {str(drawn_cache), "reports"}


@pytest.mark.usefixtures("drawn_cache")
def test_a_year_without_images_stops_the_forecast_as_it_would_the_run():
    """The same words."""
    with pytest.raises(NoImagery, match="2012"):
        foretold(Order(site="mine-A", years="2012"))


@pytest.mark.usefixtures("drawn_cache")
def test_an_option_of_another_engine_is_refused():
    """Before anything is looked for."""
    with pytest.raises(SettingError, match="--trainer"):
        foretold(Order(site="mine-A", years="2020", trainer="earthengine"))


@pytest.fixture
def far_away(
    drawn_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Loopback]:
    """A service on this computer over the drawn scenes; its labels lie in a registry."""
    import ee

    world = next(drawn_cache.glob("drawn-*"))
    shutil.copytree(world / "labels", tmp_path / "registry" / "labels")
    ee.Reset()
    with Loopback(StandIn(World.from_catalogue(world))) as server:
        monkeypatch.setenv("REETRACE_EARTHENGINE_URL", server.url)
        yield server
    ee.Reset()


def remote_order(tmp_path: Path, years: str = "2005-2020") -> Order:
    """The main job on Earth Engine."""
    return Order(
        site="mine-A",
        years=years,
        engine="earthengine",
        project="reetrace-test",
        registry=tmp_path / "registry",
        out=tmp_path / "reports",
        trees=5,
    )


def test_a_forecast_only_asks_the_service_what_there_is(far_away: Loopback, tmp_path: Path):
    """Lists of scenes, one an epoch, and no pixel."""
    expected = foretold(remote_order(tmp_path))

    assert far_away.counts() == {"algorithms": 1, "discovery": 2, "table:computeFeatures": 4}
    assert expected.engine == "earthengine-standin"
    assert (expected.files, expected.file_bytes) == (0, 0)
    assert [each.training_labels for each in expected.epochs] == [282] * 4


def test_the_service_is_asked_what_was_foretold(far_away: Loopback, tmp_path: Path):
    """Requests to the last one, bytes within a tenth: counted at the service.

    No Sentinel-2 image is of these years, but the screening looks for one in each.
    """
    from reetrace.pipeline import carry_out

    order = remote_order(tmp_path, years="2005,2010")
    expected = foretold(order)
    far_away.forget()

    carry_out(order, documents=False, progress=lambda _step, _share: None)

    stages = {each.name: each.requests for each in expected.stages}
    counts = far_away.counts()
    assert counts["image:computePixels"] == sum(
        count for name, count in stages.items() if name.startswith("fetch ")
    )
    assert counts["table:computeFeatures"] == stages["find images"] + stages["read beneath labels"]
    assert counts["value:compute"] == (
        stages["count clear pixels"] + stages["count changes"] + stages["ask what was used"]
    )
    asked = {each for each in counts if ":" in each}
    down = sum(far_away.bytes_moved()[endpoint][1] for endpoint in asked)
    signing_in = next(each for each in expected.stages if each.name == "sign in")
    assert down == pytest.approx(expected.bytes_home - signing_in.bytes_home, rel=0.1)


@pytest.mark.usefixtures("far_away")
def test_compute_is_said_with_its_uncertainty(tmp_path: Path):
    """Never one figure alone."""
    expected = foretold(remote_order(tmp_path))

    asks = [line for line in expected.lines() if line.startswith("asks")]
    assert "which may as well be" in " ".join(asks)
    assert expected.as_dict()["eecu_seconds"] == expected.eecu_seconds


@pytest.mark.usefixtures("far_away")
def test_missing_labels_are_said_and_stop_the_run(tmp_path: Path):
    """The forecast goes on to its end, so that all that is missing is seen at once."""
    shutil.rmtree(tmp_path / "registry" / "labels")

    expected = foretold(remote_order(tmp_path))

    (problem,) = expected.problems
    assert "no training labels" in problem
    assert any(line.startswith("stops") for line in expected.lines())
    assert any("labels: none for training" in line for line in expected.lines())
