"""What only a process of its own can show: signals, full disks, closed pipes, foreign folders."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reetrace.drawn import DEFAULT_SEED, edition
from reetrace.pipeline import render_bag
from tests import held
from tests.cli.refusing import Bad, ids, listing, refused

REPORT = ("report", "--site", "mine-A", "--years", "2005")


@pytest.fixture(scope="module")
def cache(drawn_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the drawn world in it, which no command here may change."""
    folder = tmp_path_factory.mktemp("cache")
    (folder / f"drawn-{edition()}-{DEFAULT_SEED}").symlink_to(drawn_world)
    return folder


@pytest.fixture
def used_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, in force."""
    monkeypatch.setenv("REETRACE_CACHE", str(cache))
    return cache


def _started(
    words: tuple[str, ...], folder: Path, before: Callable[[], None] | None = None
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "reetrace", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=before,  # noqa: PLW1509 - no threads here
    )


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["ctrl-c", "kill"]
)
@pytest.mark.usefixtures("used_cache")
def test_a_run_that_is_stopped_says_so_and_leaves_nothing(tmp_path, number, code):
    """Stopped while the evidence folder is half-written."""
    process = held.begin(*REPORT, at="drafted", folder=tmp_path)
    drafts = list(tmp_path.glob("reports/.*draft*"))

    out, err = held.stop(process, number)

    assert len(drafts) == 1
    assert (process.returncode, out) == (code, "")
    assert err.startswith("error: stopped. ")
    assert err.count("\n") == 1
    assert listing(tmp_path) == []


@pytest.mark.usefixtures("used_cache")
def test_a_run_that_is_killed_leaves_no_evidence_folder_and_the_next_one_sweeps_up(tmp_path):
    """Nobody can mistake a hidden draft for evidence; it goes with the next run."""
    process = held.begin(*REPORT, at="drafted", folder=tmp_path)
    process.kill()
    process.communicate(timeout=held.PATIENCE_S)
    left = [path.name for path in (tmp_path / "reports").iterdir()]

    again = _started(("run", *REPORT[1:], "--quiet"), tmp_path)
    again.communicate(timeout=held.PATIENCE_S)

    assert left
    assert all(name.startswith(".") for name in left)
    assert again.returncode == 0
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["SIMULATED_mine-A_2005"]


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


@pytest.mark.usefixtures("used_cache")
@pytest.mark.parametrize(
    "words",
    [REPORT, ("scenes", "draw", "--seed", "1", "--out", "world")],
    ids=["report", "draw"],
)
def test_a_disk_that_fills_up_is_one_line_and_leaves_nothing(tmp_path, words):
    """No file may grow beyond 20 kB, as on a disk that has no more room."""
    process = _started(words, tmp_path, _small_files)

    _, err = process.communicate(timeout=held.PATIENCE_S)

    assert process.returncode == 1
    # The image library says on its own account that a write failed.
    assert [line.startswith("error: ") for line in err.splitlines()].count(True) == 1
    assert "Traceback" not in err
    assert listing(tmp_path) == []


def test_a_reader_that_goes_away_is_no_fault(tmp_path):
    """`reetrace sites list | head -1`."""
    process = _started(("sites", "show", "mine-A", "--json"), tmp_path)
    assert process.stdout is not None
    process.stdout.close()

    assert process.stderr is not None
    with process.stderr as stream:
        told = stream.read()

    assert told == ""
    assert process.wait(timeout=held.PATIENCE_S) in {0, 1}


def test_output_that_cannot_be_written_is_one_line(tmp_path):
    """`> /dev/full` is a full disk."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reetrace", "sites", "list"],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.startswith("error: the disk is full.")
    assert done.stderr.count("\n") == 1


def test_a_bare_surrounding_is_enough(tmp_path):
    """No home, a dumb and narrow terminal, no locale: the same plain answers."""
    bare = {
        "PATH": os.environ["PATH"], "TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "20",
        "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "reetrace", "sites", "show", "nope"],
        cwd=tmp_path, env=bare, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr == (
        "error: No site is called 'nope'. List them with `reetrace sites list`.\n"
    )


def _foreign(folder: Path) -> object:
    home = folder / "reports" / "SIMULATED_mine-A_2005"
    home.mkdir(parents=True)
    return (home / "thesis.txt").write_text("ten years of work")


def _linked(folder: Path) -> object:
    (folder / "reports").mkdir()
    (folder / "reports" / "SIMULATED_mine-A_2005").symlink_to(folder / "nowhere")
    return folder


OUT = (
    Bad("foreign folder", REPORT, ("holds something that is no evidence folder",), _foreign),
    Bad("link in its place", REPORT, ("SIMULATED_mine-A_2005: is no folder",), _linked),
    Bad(
        "beneath a file",
        (*REPORT, "--out", "file/deep"),
        ("deep", "could not be written"),
        lambda folder: (folder / "file").write_text("x"),
    ),
    Bad("year without images", (*REPORT[:3], "--years", "2007"), ("2007: no scene", "2005 (")),
    Bad("year to come", (*REPORT[:3], "--years", "2050"), ("2050: no scene", "Choose another")),
    Bad(
        "too few views",
        (*REPORT, "--min-observations", "99"),
        ("pass(es) of Landsat", "--min-observations"),
    ),
    Bad("variables", (*REPORT, "--variables-per-split", "99"), ("variables_per_split is 99",)),
)


@pytest.mark.usefixtures("used_cache")
@pytest.mark.parametrize("case", OUT, ids=ids)
def test_a_place_or_year_that_cannot_serve_is_one_line(case, tmp_path, capsys, monkeypatch):
    """What lay in the place of the evidence folder lies there still."""
    refused(case, tmp_path, capsys, monkeypatch)


@pytest.mark.parametrize(
    "words",
    [
        (*REPORT, "--out", "/proc/nowhere"),
        (*REPORT, "--site", "mine-B", "--out", "/proc/nowhere"),
        ("map", *REPORT[1:], "--out", "/proc/nowhere/map.html"),
        ("scenes", "draw", "--seed", "1", "--out", "/proc/nowhere"),
        ("templates", "preview", "default", "--out", "/proc/nowhere.pdf"),
        ("templates", "preview", "default", "--out", "preview.txt"),
    ],
    ids=["report", "reports", "map", "draw", "preview", "preview as text"],
)
def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    words, tmp_path, capsys, monkeypatch
):
    """Nobody waits an hour to learn of it: not even the drawn world is made."""
    monkeypatch.setenv("REETRACE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("reetrace.drawn.draw_world", lambda *_args, **_options: 1 / 0)

    refused(
        Bad("unwritable", words, ("--out" if "preview.txt" in words else "/proc",)),
        tmp_path,
        capsys,
        monkeypatch,
    )


def test_a_cache_that_cannot_be_written_is_refused_before_the_world_is_drawn(
    tmp_path, capsys, monkeypatch
):
    """A home that is read-only, as in many containers."""
    monkeypatch.setenv("REETRACE_CACHE", "/proc/nowhere")
    monkeypatch.setattr("reetrace.drawn.draw_world", lambda *_args, **_options: 1 / 0)

    refused(
        Bad("cache", REPORT, ("/proc/nowhere", "REETRACE_CACHE")), tmp_path, capsys, monkeypatch
    )


def _bag(folder: Path, source: Path) -> Path:
    return Path(shutil.copytree(source, folder / "bag"))


TAMPERED: tuple[tuple[str, Callable[[Path], object], str], ...] = (
    ("changed", lambda bag: (bag / "data/scenes.json").write_text("{}"), "scenes.json was changed"),
    ("lost", lambda bag: (bag / "data/model.json").unlink(), "model.json is missing"),
    ("added", lambda bag: (bag / "data/note.txt").write_text("x"), "note.txt was added"),
    ("no manifest", lambda bag: (bag / "manifest-sha256.txt").unlink(), "manifest-sha256.txt"),
    ("binary manifest", lambda bag: (bag / "manifest-sha256.txt").write_bytes(b"\xff"), "manifest"),
    ("other bag", lambda bag: (bag / "bagit.txt").write_text("BagIt-Version: 0.97\n"), "bagit.txt"),
)


@pytest.mark.parametrize("command", ["verify", "render"])
@pytest.mark.parametrize(("name", "tamper", "said"), TAMPERED, ids=[each[0] for each in TAMPERED])
def test_an_evidence_folder_that_is_not_whole_is_named(
    command, name, tamper, said, main_job, tmp_path, capsys, monkeypatch
):
    """`render` makes nothing from what was tampered with."""
    case = Bad(name, (command, "bag"), (said,), lambda folder: tamper(_bag(folder, main_job.bag)))

    refused(case, tmp_path, capsys, monkeypatch)


def test_ctrl_c_while_the_program_still_loads_is_one_line(tmp_path):
    """An impatient user, in the first moment; the package that is loading is cut short."""
    (tmp_path / "typer.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    done = subprocess.run(
        [sys.executable, "-m", "reetrace", "sites", "list"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 130
    assert done.stderr.startswith("error: stopped. ")
    assert done.stderr.count("\n") == 1


def test_a_terminal_without_the_letters_of_a_name_is_no_fault(tmp_path):
    """Burmese names in a terminal of Latin letters: their numbers are shown."""
    done = subprocess.run(
        [sys.executable, "-m", "reetrace", "sites", "show", "mine-A"],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        cwd=tmp_path, capture_output=True, encoding="latin-1", check=False,
    )  # fmt: skip

    assert done.returncode == 0
    assert "\\u1000" in done.stdout


def test_a_signature_that_no_longer_holds_is_taken_off_aloud(main_job, tmp_path, monkeypatch):
    """Documents made anew are not what was signed: who had them signed must hear of it."""
    monkeypatch.setattr("reetrace.pipeline.documents.make_documents", lambda *_, **__: ())
    bag = Path(shutil.copytree(main_job.bag, tmp_path / "bag"))
    (bag / "tagmanifest-sha256.txt.sig").write_text("signed")

    outcome = render_bag(bag, templates=None)

    assert not (bag / "tagmanifest-sha256.txt.sig").exists()
    assert outcome.unsigned == ("tagmanifest-sha256.txt.sig",)
