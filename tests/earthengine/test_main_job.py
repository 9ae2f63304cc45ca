"""The main job on Earth Engine, from the command line over a stand-in, beside the embedded one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reetrace.core.errors import NoImagery
from reetrace.evidence.drafts import RECORD
from reetrace.evidence.listing import files_of
from reetrace.pipeline.reproducing import reproduce
from tests.loopback.server import Exchange, Loopback
from tests.running import reetrace
from tests.standin.backend import StandIn
from tests.standin.world import World

YEARS = ("2005", "2010", "2015", "2020")
EPOCHS = len(YEARS)


@dataclass
class RemoteJob:
    """What was made, what was said, and what went over the wire."""

    bag: Path
    home: Path
    output: str
    exchanges: list[Exchange]
    server: Loopback

    @property
    def evidence(self) -> dict[str, Any]:
        """What `evidence.json` holds."""
        return _evidence(self.bag)

    def again(self, *options: str | Path, years: str = "2005-2020", command: str = "run"):
        """Another command in the same folder, over the same service."""
        return reetrace(
            *(command, "--site", "mine-A", "--years", years, "--engine", "earthengine"),
            *("--project", "reetrace-test", "--registry", self.home / "registry", *options),
            folder=self.home,
            REETRACE_EARTHENGINE_URL=self.server.url,
            REETRACE_CACHE=str(self.home / "cache"),
        )


def _evidence(bag: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((bag / "data" / "evidence.json").read_text("utf-8"))
    return dict(content["evidence"])


@pytest.fixture(scope="module")
def remote_job(tmp_path_factory: pytest.TempPathFactory, drawn_world: Path) -> Iterator[RemoteJob]:
    """`reetrace report --site mine-A --years 2005-2020 --engine earthengine` over a stand-in."""
    home = tmp_path_factory.mktemp("remote")
    shutil.copytree(drawn_world / "labels", home / "registry" / "labels")
    with Loopback(StandIn(World.from_catalogue(drawn_world))) as server:
        job = RemoteJob(home / "reports" / "SIMULATED_mine-A_2005-2020", home, "", [], server)
        done = job.again(command="report")
        assert done.returncode == 0, done.stderr
        job.output, job.exchanges = done.stdout + done.stderr, list(server.seen)
        yield job


def _differences(one: Any, other: Any, path: str = "") -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            yield from _differences(one.get(key), other.get(key), f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for first, second in zip(one, other, strict=True):
            yield from _differences(first, second, f"{path}[]")
    elif one != other:
        yield path


def test_two_roads_lead_to_the_same_evidence_but_for_the_names_of_the_images(remote_job, main_job):
    """Every area, interval, accuracy, change, patch and verdict is the same number.

    What differs is who computed (`engine`, and the run's id, which is made from its inputs) and
    how each archive names an image: its id, its satellite, its processing and licence; an asset of
    Earth Engine has no file to take a checksum of.
    """
    different = set(_differences(remote_job.evidence, _evidence(main_job.bag)))

    scene = {"id", "platform", "processing", "licence", "checksums"}
    assert different <= {
        ".engine",
        ".run_id",
        *(f".epochs[].scenes[].{field}" for field in scene),
        *(f".spectral_scenes[].{field}" for field in scene),
        *(f".spectral[].dates[].{field}" for field in ("scene", "sensor")),
    }
    assert {".engine", ".run_id", ".epochs[].scenes[].id"} <= different


def test_the_rasters_of_both_engines_are_the_same_files(remote_job, main_job):
    """Composites, indices, observations, land cover and change, byte by byte."""
    rasters = sorted(path.name for path in (main_job.bag / "data" / "rasters").glob("*.tif"))

    assert len(rasters) == 4 * EPOCHS + 4
    for name in rasters:
        one, other = (bag / "data" / "rasters" / name for bag in (remote_job.bag, main_job.bag))
        assert one.read_bytes() == other.read_bytes(), name


def test_a_report_takes_at_most_six_requests_an_epoch_maps_included(remote_job):
    """Counted at the service, with the Sentinel-2 images of the screening and the sign-in apart."""
    signing_in = {"discovery", "algorithms"}
    asked = [one.endpoint for one in remote_job.exchanges if one.endpoint not in signing_in]

    assert len(asked) <= 6 * EPOCHS
    assert {endpoint: asked.count(endpoint) for endpoint in sorted(set(asked))} == {
        "image:computePixels": 6,
        "table:computeFeatures": 8,
        "value:compute": 7,
    }
    moved = sum(one.bytes_up + one.bytes_down for one in remote_job.exchanges)
    assert moved < 25_000_000


def test_what_a_stand_in_computed_says_so_everywhere_and_is_never_evidence(remote_job):
    """The engine's name, and the notice of drawn imagery in the folder's name and the terminal."""
    assert remote_job.evidence["engine"] == "earthengine-standin"
    assert remote_job.evidence["simulated"] is True
    assert "SIMULATED" in remote_job.output
    assert "requests to Earth Engine" in remote_job.output


def test_without_a_test_run_no_evidence_is_made_from_a_stand_in(remote_job, tmp_path, monkeypatch):
    """One line, exit code 1, nothing written."""
    monkeypatch.delenv("PYTEST_CURRENT_TEST")

    done = remote_job.again("--out", tmp_path / "reports")

    assert done.returncode == 1
    assert "stands in for Google's" in done.stderr
    assert not (tmp_path / "reports").exists()


def test_a_run_from_the_scenes_of_a_bag_uses_exactly_those(remote_job, tmp_path):
    """And so comes to the same evidence, to the byte, from what came home before.

    The documents, and what lists them, are made from nothing but this evidence.
    """
    done = remote_job.again("--scenes-from", remote_job.bag, "--out", tmp_path / "reports")

    assert done.returncode == 0, done.stderr
    again = tmp_path / "reports" / remote_job.bag.name
    record = [path for path in files_of(remote_job.bag) if path.split("/")[1] in RECORD]
    assert len(record) > 80
    for path in record:
        assert (again / path).read_bytes() == (remote_job.bag / path).read_bytes(), path


def test_a_scene_of_the_bag_that_is_gone_is_said_to_be_gone(remote_job, tmp_path):
    """Exactly those scenes or none: a missing one is named."""
    gone = next(name for name in remote_job.server.answers.backend.world.images if "LT05" in name)
    image = remote_job.server.answers.backend.world.images.pop(gone)
    try:
        done = remote_job.again("--scenes-from", remote_job.bag, "--out", tmp_path / "reports")
    finally:
        remote_job.server.answers.backend.world.images[gone] = image

    assert done.returncode == 1
    assert gone in done.stderr
    assert "not there now" in done.stderr


@pytest.fixture(scope="module")
def other_bag(remote_job: RemoteJob, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One year with its forest grown on the service, and a third edition of borders."""
    out = tmp_path_factory.mktemp("otherwise")
    done = remote_job.again(
        *("--trainer", "earthengine", "--boundaries", "geoboundaries", "--out", out), years="2020"
    )
    assert done.returncode == 0, done.stderr
    (bag,) = out.iterdir()
    return bag


@pytest.fixture(scope="module")
def otherwise(other_bag: Path) -> dict[str, Any]:
    """What its evidence says."""
    return _evidence(other_bag)


def test_forests_grown_on_the_service_come_home_and_are_named(remote_job, otherwise):
    """`--trainer earthengine`: other draws, other trees, the same kind of evidence."""
    digests = {each["digest"] for each in otherwise["models"]}

    assert digests.isdisjoint(each["digest"] for each in remote_job.evidence["models"])
    accuracies = [each["overall"]["value"] for each in otherwise["accuracies"]]
    assert min(accuracies) > 0.9


def test_a_further_edition_of_the_borders_is_counted_beside_the_registrys(otherwise):
    """The report then shows how far the editions disagree."""
    editions = {each["edition"] for each in otherwise["zone_sets"] if each["edition"]}
    assert "geoboundaries" in editions
    assert len(editions) == 3
    counted = [
        each["pixels"]
        for each in otherwise["areas"]
        if each["zone_set"] == "countries-geoboundaries"
    ]
    assert sum(counted) > 60_000


@pytest.fixture
def at_the_service(
    remote_job: RemoteJob,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    clean_client: None,  # noqa: ARG001 - for its effect
) -> None:
    """This process asks the same service, with nothing that came home before."""
    monkeypatch.setenv("REETRACE_EARTHENGINE_URL", remote_job.server.url)
    monkeypatch.setenv("REETRACE_CACHE", str(tmp_path / "cache"))


def _silent(_step: str, _share: float) -> None:
    pass


@pytest.mark.usefixtures("at_the_service")
def test_a_bag_of_the_service_is_made_again_there_byte_for_byte(other_bag):
    """By the engine, the trainer and the borders of the bag; what it asked for is told."""
    found = reproduce(other_bag, project="reetrace-test", progress=_silent)

    assert [each.told for each in found.differences] == []
    assert found.equal
    assert "requests to Earth Engine" in found.cost[0]


@pytest.mark.usefixtures("at_the_service")
def test_a_bag_of_the_service_is_made_again_from_exactly_its_images(remote_job, other_bag):
    """One that is gone is named, and no other takes its place."""
    wanted = _evidence(other_bag)["epochs"][0]["scenes"][0]["id"]
    images = remote_job.server.answers.backend.world.images
    gone = next(name for name in images if name.endswith(wanted.rpartition("/")[2]))
    image = images.pop(gone)
    try:
        with pytest.raises(NoImagery, match=rf"not there now \({wanted}\)"):
            reproduce(other_bag, project="reetrace-test", progress=_silent)
    finally:
        images[gone] = image
