"""Several sites in one go: one after the other, or at the same time."""

from __future__ import annotations

import json
import multiprocessing
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace

import pytest

from reetrace import cli
from reetrace.core.errors import AccountError, NoImagery
from reetrace.drawn import DEFAULT_SEED, edition
from reetrace.pipeline import abreast, many
from reetrace.pipeline.many import carry_out_many
from reetrace.pipeline.order import Order
from tests import held
from tests.cli.refusing import listing
from tests.running import reetrace

RUN = ("run", "--years", "2020")
TWO = ("--site", "mine-A", "--site", "bayan-obo")
BAG = "SIMULATED_mine-A_2020"


@pytest.fixture
def cache(drawn_world: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch) -> Path:
    """A cache with the drawn world in it, in force."""
    folder = tmp_path_factory.mktemp("cache")
    (folder / f"drawn-{edition()}-{DEFAULT_SEED}").symlink_to(drawn_world)
    monkeypatch.setenv("REETRACE_CACHE", str(folder))
    return folder


def orders(*sites: str, **options) -> list[Order]:
    """One order a site."""
    return [Order(site=site, years="2020", **options) for site in sites]


def _deaf(told: Connection) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    told.send("ready")
    time.sleep(900)


def silent(_site: str, _step: str, _share: float) -> None:
    """Nobody looks on."""


@pytest.fixture(scope="module")
def lonely(drawn_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which mine A's evidence was made by itself; its own cache."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / f"drawn-{edition()}-{DEFAULT_SEED}").symlink_to(drawn_world)
    done = reetrace(*RUN, "--site", "mine-A", folder=folder, REETRACE_CACHE=str(folder))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def used_cache(lonely: Path, monkeypatch) -> None:
    """A cache with the drawn world and the composites of mine A, in force."""
    monkeypatch.setenv("REETRACE_CACHE", str(lonely))


@pytest.fixture(scope="module")
def alone(lonely: Path) -> list[tuple[str, bytes]]:
    """Every file of mine A's evidence folder, made by itself."""
    return listing(lonely / "reports" / BAG)


@pytest.mark.usefixtures("cache")
def test_a_site_gives_the_same_bytes_alone_and_among_others_at_once(alone, tmp_path):
    """And the site that fails is told of, and stops none of them."""
    three = ("--site", "mine-A", "--site", "bayan-obo", "--site", "mine-B")

    done = reetrace(*RUN, *three, "--at-once", "2", folder=tmp_path, PYTHONHASHSEED="5")

    assert done.returncode == 1, done.stderr
    assert done.stderr.splitlines()[-1] == "error: 1 of 3 sites failed: bayan-obo."
    told = done.stdout.splitlines()
    assert told[0] == f"made    mine-A: reports/{BAG}"
    assert told[1].startswith("failed  bayan-obo: bayan-obo 2020: no scene of ")
    assert told[2] == "made    mine-B: reports/SIMULATED_mine-B_2020"
    assert listing(tmp_path / "reports" / BAG) == alone


@pytest.mark.usefixtures("used_cache")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "kill"])
def test_sites_under_way_at_once_are_all_stopped_and_leave_nothing(tmp_path, number):
    """Ctrl-C reaches every process of the terminal, a polite kill only the first."""
    process = held.begin(*RUN, *TWO, "--at-once", "2", at="drafted", folder=tmp_path)
    drafts = list(tmp_path.glob("reports/.*draft*"))

    out, err = held.stop(process, number, all_of_it=number == signal.SIGINT)

    assert len(drafts) == 1
    assert (process.returncode, out) == (128 + number, "")
    assert err.startswith("error: stopped. ")
    assert err.count("\n") == 1
    assert [name for name, _ in listing(tmp_path)] == []


@pytest.mark.usefixtures("used_cache")
def test_a_site_that_was_finished_when_the_others_were_stopped_is_named_and_stays(alone, tmp_path):
    """Here its process was stopped before it could tell anybody that it was done."""
    process = held.begin(*RUN, *TWO, "--at-once", "2", at="finished", folder=tmp_path)

    out, err = held.stop(process, signal.SIGTERM)

    assert (process.returncode, out) == (128 + signal.SIGTERM, "")
    assert err == (
        f"error: stopped. Nothing half-written was left. Finished by then: reports/{BAG}. "
        "For the rest, run the same command with --site bayan-obo alone.\n"
    )
    assert [path.name for path in (tmp_path / "reports").iterdir()] == [BAG]
    assert listing(tmp_path / "reports" / BAG) == alone


def test_what_fails_at_one_site_is_one_line_whatever_it_is(monkeypatch, tmp_path):
    """Even a fault of the program: the other sites' work is not to be lost for it."""
    faults = {
        "mine-A": NoImagery("no scene"),
        "bayan-obo": MemoryError(),
        "pangwa": PermissionError(13, "", "work"),
        "mount-weld": TypeError("unforeseen"),
    }

    def fail(order: Order, **_: object) -> None:
        raise faults[order.site]

    monkeypatch.setattr(many, "carry_out", fail)

    found = carry_out_many(
        orders(*faults, out=tmp_path), documents=False, at_once=1, progress=silent
    )

    assert [each.fault for each in found] == [
        "no scene",
        "the memory did not suffice. Close other programs, or judge a smaller site.",
        "work: permission denied. Allow it, or choose another folder.",
        "TypeError: unforeseen. This is a fault of the program: run mount-weld alone to see where.",
    ]


def test_an_account_that_is_refused_once_is_not_tried_for_every_site(monkeypatch, tmp_path):
    """Nothing would come of it until the account is mended."""
    tried: list[str] = []

    def refuse(order: Order, **_: object) -> None:
        tried.append(order.site)
        raise AccountError("not signed in")

    monkeypatch.setattr(many, "carry_out", refuse)

    found = carry_out_many(
        orders("mine-A", "bayan-obo", "mine-B", out=tmp_path), documents=False, progress=silent
    )

    # Mine B follows mine A, whose study area it shares.
    assert tried == ["mine-A"]
    assert [each.fault for each in found] == [
        "not signed in",
        "not begun; mine-A failed as all would.",
        "not begun; mine-A failed as all would.",
    ]


def test_sites_at_once_share_what_one_may_ask_and_study_areas_stay_together(monkeypatch):
    """Three study areas at once by default where there are three; 20 requests make 6 each."""
    seen: dict[str, object] = {}

    def look(groups, **options):
        seen.update(options, groups=groups)
        return [many.SiteOutcome(order.site, None, "looked at") for g in groups for order in g]

    monkeypatch.setattr(abreast, "run_abreast", look)
    asked = orders("mine-A", "bayan-obo", "mine-B", "mount-weld", engine="earthengine")

    found = carry_out_many(asked, documents=False, progress=silent)

    groups = seen["groups"]
    assert isinstance(groups, list)
    assert [[order.site for order in group] for group in groups] == [
        ["mine-A", "mine-B"], ["bayan-obo"], ["mount-weld"],
    ]  # fmt: skip
    assert seen["at_once"] == 3
    assert {order.concurrency for group in groups for order in group} == {6}
    assert [each.site for each in found] == ["mine-A", "bayan-obo", "mine-B", "mount-weld"]


def test_a_process_that_is_killed_takes_only_its_own_sites_with_it():
    """As by a machine that ran out of memory."""
    context = multiprocessing.get_context("spawn")
    news, told = context.Pipe(duplex=False)
    process = context.Process(target=time.sleep, args=(900,), daemon=True)
    process.start()
    told.close()
    worker = abreast._Worker(process, news, orders("mine-A", "mine-B"))
    working = [worker]

    process.kill()
    found = list(abreast._next_news(working, silent))

    assert [each.site for each in found] == ["mine-A", "mine-B"]
    assert "ended by signal 9" in found[0].fault
    assert "--at-once" in found[0].fault
    assert working == []


def test_what_a_stopped_process_says_goes_on_elsewhere_is_passed_on():
    """An export runs on at the service; whoever stopped the run must hear of it, once."""
    asked: list[str] = []
    workers = []
    for site in ("mine-A", "bayan-obo"):
        news, told = multiprocessing.Pipe(duplex=False)
        told.send((site, "Composing 2020", 0.1))
        told.send(abreast._Note("An export goes on."))
        told.close()
        process = SimpleNamespace(
            terminate=lambda: asked.append("end"),
            join=lambda *_: None,
            is_alive=lambda: False,
            pid=None,
        )
        workers.append(abreast._Worker(process, news, orders(site)))  # type: ignore[arg-type]

    notes = abreast._end(workers)

    assert asked == ["end", "end"]
    assert notes == ["An export goes on."]


def test_a_process_that_will_not_stop_is_killed_and_its_draft_swept_up(tmp_path, monkeypatch):
    """Here one that ignores a polite word, with a draft of its own and one of somebody else's."""
    monkeypatch.setattr(abreast, "PATIENCE_S", (0.1, 0.1))
    context = multiprocessing.get_context("spawn")
    news, told = context.Pipe(duplex=False)
    process = context.Process(target=_deaf, args=(told,), daemon=True)
    process.start()
    told.close()
    news.recv()
    for number in (process.pid, 1):
        (tmp_path / f".mine-A_2020.draft-{number}").mkdir()

    notes = abreast._end([abreast._Worker(process, news, orders("mine-A", out=tmp_path))])

    assert notes == []
    assert process.exitcode == -signal.SIGKILL
    assert [path.name for path in tmp_path.iterdir()] == [".mine-A_2020.draft-1"]


def test_a_process_says_what_it_began_to_say_before_it_stops(monkeypatch):
    """Half a message would be taken for the beginning of the next one."""
    monkeypatch.setattr(abreast, "_stopping", threading.Event())
    news, told = multiprocessing.Pipe(duplex=False)

    def stopped_in_the_middle() -> None:
        with abreast._to_the_last_word():
            abreast._stop(signal.SIGTERM, None)
            told.send("whole")

    with pytest.raises(abreast._Stopped):
        stopped_in_the_middle()
    with pytest.raises(abreast._Stopped):
        abreast._stop(signal.SIGTERM, None)

    assert news.recv() == "whole"


@pytest.mark.usefixtures("used_cache")
def test_scripts_read_a_list(alone, tmp_path, monkeypatch, capsys):
    """One record a site, with its error where it failed; in a row the bytes are the same, too."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        sys, "argv", ["reetrace", *RUN, "--site", "mine-A", "--site", "nowhere", "--json"]
    )

    with pytest.raises(SystemExit) as stopped:
        cli.main()

    told = capsys.readouterr()
    first, second = json.loads(told.out)
    assert stopped.value.code == 1
    assert (first["site"], first["bag"]) == ("mine-A", f"reports/{BAG}")
    assert (second["site"], second["error"].partition(".")[0]) == (
        "nowhere", "No site is called 'nowhere'",
    )  # fmt: skip
    assert listing(tmp_path / "reports" / BAG) == alone


@pytest.mark.usefixtures("used_cache")
def test_a_dry_run_prints_the_plan_and_leaves_nothing(tmp_path):
    """Neither in the working folder nor anywhere else than in the cache."""
    one = reetrace(*RUN, "--site", "mine-A", "--dry-run", folder=tmp_path)
    two = reetrace(
        *RUN, "--site", "mine-A", "--site", "bayan-obo", "--dry-run", "--json", folder=tmp_path
    )

    assert one.returncode == 0, one.stderr
    assert one.stdout.startswith("site        mine-A, part of kachin-nujiang\n")
    assert "Landsat 8 OLI: 5 images" in one.stdout
    assert two.returncode == 1
    first, second = json.loads(two.stdout)
    assert (first["site"], second["site"]) == ("mine-A", "bayan-obo")
    assert second["error"].startswith("bayan-obo 2020: no scene of ")
    assert listing(tmp_path) == []
