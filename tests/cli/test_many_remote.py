"""Several sites on Earth Engine at the same time, over a service on this machine."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import held
from tests.cli.refusing import listing
from tests.loopback.faults import Fault
from tests.loopback.server import Loopback
from tests.running import reetrace, succeed
from tests.standin.backend import StandIn
from tests.standin.world import World

PLACES = {"north": (98.533, 25.894), "south": (98.540, 25.812)}
RADIUS_KM = 1.2
DEGREE_KM = 111.0


@dataclass(frozen=True)
class Abroad:
    """A folder to work in, and the service that stands in for Google's."""

    home: Path
    server: Loopback

    @property
    def environment(self) -> dict[str, str]:
        """What makes a command ask this service."""
        return {
            "REETRACE_ENGINE": "earthengine",
            "REETRACE_PROJECT": "reetrace-test",
            "REETRACE_REGISTRY": str(self.home / "registry"),
            "REETRACE_EARTHENGINE_URL": self.server.url,
        }

    def run(self, *words: str, cache: str) -> subprocess.CompletedProcess[str]:
        """`reetrace run --years 2020 …` with a cache of its own."""
        return reetrace(
            *("run", "--years", "2020", *words),
            folder=self.home,
            **self.environment,
            REETRACE_CACHE=str(self.home / cache),
        )


def _add_site(site: str, world: Path, registry: Path) -> None:
    """A study area around one of the drawn mines, with the drawn labels that lie near."""
    place = PLACES[site]
    succeed(
        *("sites", "add", site, "--point", *map(str, place), "--radius-km", str(RADIUS_KM)),
        *("--near-ok", "--season", "11,12,1,2,3,4", "--epochs", "2020", "--registry", registry),
        folder=registry.parent,
    )
    labels = json.loads((world / "labels/kachin-nujiang/2020.geojson").read_text("utf-8"))
    labels["reetrace"]["site"] = site
    labels["features"] = [
        each
        for each in labels["features"]
        if max(abs(a - b) for a, b in zip(each["geometry"]["coordinates"], place, strict=True))
        < RADIUS_KM / DEGREE_KM
    ]
    path = registry / "labels" / site / "2020.geojson"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(labels), "utf-8")


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory, drawn_world: Path) -> Iterator[Abroad]:
    """A registry with two study areas over the drawn scenes, and the scenes far away."""
    home = tmp_path_factory.mktemp("abroad")
    for site in PLACES:
        _add_site(site, drawn_world, home / "registry")
    with Loopback(StandIn(World.from_catalogue(drawn_world))) as server:
        yield Abroad(home, server)


def test_sites_give_the_same_bytes_in_company_and_ask_no_more_at_once_than_they_may(abroad):
    """Two study areas in two processes share four requests; a third site has no image."""
    alone = abroad.run("--site", "south", "--out", "alone", cache="cache-alone")
    abroad.server.forget()

    both = abroad.run(
        *("--site", "north", "--site", "bayan-obo", "--site", "south"),
        *("--out", "both", "--at-once", "2", "--concurrency", "4"),
        cache="cache-both",
    )

    assert alone.returncode == 0, alone.stderr
    assert both.returncode == 1, both.stderr
    assert both.stderr.splitlines()[-1] == "error: 1 of 3 sites failed: bayan-obo."
    assert "failed  bayan-obo: bayan-obo 2020: " in both.stdout
    assert both.stdout.count("requests to Earth Engine") == 2
    bag = "SIMULATED_south_2020"
    assert listing(abroad.home / "both" / bag) == listing(abroad.home / "alone" / bag)
    assert sorted(path.name for path in (abroad.home / "both").iterdir()) == [
        "SIMULATED_north_2020", bag,
    ]  # fmt: skip
    assert abroad.server.most_at_once <= 4


@pytest.mark.parametrize("sites", [("north",), ("north", "south")], ids=["one site", "two at once"])
def test_who_stops_a_run_does_not_wait_for_an_answer_that_does_not_come(abroad, sites, tmp_path):
    """The service hangs; Ctrl-C ends everything, while it still does, and leaves nothing."""
    abroad.server.faults.append(Fault("value:compute", "hang", times=99))
    words = [word for site in sites for word in ("--site", site)]
    abroad.server.forget()
    hanging = abroad.server.at_once
    process = held.begin_until(
        lambda: abroad.server.hanging() >= len(sites),
        *("run", "--years", "2020", *words),
        folder=tmp_path,
        **abroad.environment,
        REETRACE_CACHE=str(tmp_path / "cache"),
    )

    out, err = held.stop(process, signal.SIGINT, all_of_it=True)
    left_hanging = abroad.server.at_once - hanging
    abroad.server.faults.clear()

    assert (process.returncode, out) == (130, "")
    assert err.startswith("error: stopped. ")
    assert left_hanging >= len(sites)
    assert not (tmp_path / "reports").exists()
