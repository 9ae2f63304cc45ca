"""A folder appears whole or not at all."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reetrace import evidence
from reetrace.core.errors import NoImagery, OutputError
from tests import made_up


def _seal(folder: Path, words: str = "first") -> None:
    (folder / "data").mkdir()
    (folder / "data" / "note.txt").write_text(words)
    evidence.seal(folder, made_up.made_up_evidence())


def test_a_sealed_draft_takes_its_place(tmp_path):
    """Parents are made, and nothing but the folder is left."""
    place = tmp_path / "reports" / "mine-A_2005-2020"

    with evidence.draft(place) as folder:
        assert not place.exists()
        _seal(folder)

    evidence.verify(place)
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_an_older_bag_of_ours_is_replaced(tmp_path):
    """Running again is not a mistake."""
    place = tmp_path / "bag"
    with evidence.draft(place) as folder:
        _seal(folder, "first")

    with evidence.draft(place) as folder:
        _seal(folder, "second")

    assert (place / "data" / "note.txt").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["bag"]


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    """`--out ~` must not cost a home."""
    place = tmp_path / "thesis"
    place.mkdir()
    (place / "chapter-1.txt").write_text("years of work")

    with (
        pytest.raises(OutputError, match="holds something that is no evidence folder"),
        evidence.draft(place) as folder,
    ):
        _seal(folder)
    assert (place / "chapter-1.txt").read_text() == "years of work"


def test_a_bag_of_another_program_is_left_alone(tmp_path):
    """A library's bag has the same standard and another maker."""
    place = tmp_path / "bag"
    place.mkdir()
    (place / "bagit.txt").write_text("BagIt-Version: 1.0\n")
    (place / "bag-info.txt").write_text("Bag-Software-Agent: archive 9\n")

    with pytest.raises(OutputError, match="no evidence folder"), evidence.draft(place):
        pass


def test_a_file_in_the_place_is_left_alone(tmp_path):
    """A file is no folder."""
    place = tmp_path / "report"
    place.write_text("a file")

    with pytest.raises(OutputError, match="is no folder"), evidence.draft(place):
        pass
    assert place.read_text() == "a file"


def test_an_empty_folder_may_be_filled(tmp_path):
    """Somebody made the place ready."""
    place = tmp_path / "ready"
    place.mkdir()

    with evidence.draft(place) as folder:
        _seal(folder)

    evidence.verify(place)


def test_nothing_is_left_of_a_run_that_failed(tmp_path):
    """Neither the draft nor the folders made for it."""

    def run() -> None:
        with evidence.draft(tmp_path / "deep" / "down" / "bag") as folder:
            (folder / "half.txt").write_text("half")
            raise NoImagery("clouds")

    with pytest.raises(NoImagery, match="clouds"):
        run()

    assert list(tmp_path.iterdir()) == []


def test_the_older_bag_stays_when_a_new_run_fails(tmp_path):
    """A failed run must not cost the evidence of an earlier one."""
    place = tmp_path / "bag"
    with evidence.draft(place) as folder:
        _seal(folder)

    with pytest.raises(NoImagery), evidence.draft(place):
        raise NoImagery("clouds")

    evidence.verify(place)


def test_a_full_disk_is_one_plain_line(tmp_path):
    """Whoever runs out of space reads where, why and what to do."""
    with (
        pytest.raises(OutputError, match=r"No space left on device.*Free the space") as caught,
        evidence.draft(tmp_path / "bag"),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(tmp_path / "x"))

    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


_SAVE_WITHIN = """
import resource, sys
from pathlib import Path
from reetrace import evidence
from reetrace.core.errors import OutputError
from tests import made_up

full = made_up.made_up_evidence(rasters=())
place = Path(sys.argv[1])
for limit in (2_000, 40_000, 110_000, 400_000, 900_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        with evidence.draft(place) as folder:
            evidence.vectors.write_vectors(full, folder / "data" / "vectors")
            evidence.seal(folder, made_up.made_up_bag(folder, full))
    except OutputError as error:
        print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="only there a limit can be put on a file's size")
def test_wherever_the_room_ends_there_is_one_plain_line_and_nothing_left(tmp_path):
    """A file that cannot grow stops the run at the JSON, the GeoPackage or the labels alike."""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _SAVE_WITHIN, str(tmp_path / "bag")],
        cwd=root,
        env=os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) == 5
    assert all(line.startswith(f"{tmp_path / 'bag'}/") for line in lines)
    assert any("evidence.gpkg: could not be written" in line for line in lines)
    assert list(tmp_path.iterdir()) == []


def test_a_fault_in_reading_is_not_called_a_fault_in_writing(tmp_path):
    """An input that is missing keeps its own error."""
    with pytest.raises(FileNotFoundError), evidence.draft(tmp_path / "bag"):
        raise FileNotFoundError(errno.ENOENT, "No such file", "/elsewhere/scene.tif")


def test_a_draft_that_was_never_sealed_is_not_kept(tmp_path):
    """A folder in its place is a sealed one, always."""
    with pytest.raises(OutputError, match="never sealed"), evidence.draft(tmp_path / "bag"):
        pass

    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to_is_one_plain_line():
    """Not even the administrator can write below /proc."""
    with (
        pytest.raises(OutputError, match="could not be written"),
        evidence.draft(Path("/proc/reetrace/bag")),
    ):
        pass


@pytest.mark.skipif(os.name != "posix", reason="elsewhere nobody can ask whether a process lives")
def test_an_older_bag_taken_aside_by_a_killed_run_comes_back(tmp_path):
    """Killed between two renames, a run leaves the older bag hidden; the next run finds it."""
    place = tmp_path / "bag [1]"
    with evidence.draft(place) as folder:
        _seal(folder)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    place.rename(place.with_name(f".{place.name}.draft-older-{gone.pid}"))

    with pytest.raises(NoImagery), evidence.draft(place):
        raise NoImagery("clouds")

    evidence.verify(place)
    assert [path.name for path in tmp_path.iterdir()] == [place.name]


@pytest.mark.parametrize(("after", "words"), [(1, "first"), (2, "second")])
def test_a_run_stopped_between_two_renames_leaves_one_whole_bag(
    tmp_path, monkeypatch, after, words
):
    """A signal may come when the older bag was taken aside, or when the new one took its place."""
    place = tmp_path / "bag"
    with evidence.draft(place) as folder:
        _seal(folder, "first")
    rename, renamed = Path.rename, []

    def stopping(self: Path, target: Path) -> Path:
        found = rename(self, target)
        renamed.append(found)
        if len(renamed) == after:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(Path, "rename", stopping)

    with pytest.raises(KeyboardInterrupt), evidence.draft(place) as folder:
        _seal(folder, "second")

    evidence.verify(place)
    assert (place / "data" / "note.txt").read_text() == words
    assert [path.name for path in tmp_path.iterdir()] == ["bag"]


def test_what_a_process_that_has_ended_left_is_swept_up(tmp_path):
    """Its drafts go and the older bag comes back; what another process drafts stays."""
    for name in (".a.draft-7", ".b.draft-older-7", ".c.draft-17", ".d.draft-older-7", "d"):
        (tmp_path / name).mkdir()

    evidence.sweep(tmp_path, 7)

    assert sorted(path.name for path in tmp_path.iterdir()) == [".c.draft-17", "b", "d"]


_DRAFT_FOR_LONG = """
import sys, time
from pathlib import Path
from reetrace import evidence

with evidence.draft(Path(sys.argv[1])):
    print("drafting", flush=True)
    time.sleep(900)
"""


def test_a_killed_run_leaves_no_folder_and_the_next_one_sweeps_up(tmp_path):
    """A process that is killed cannot tidy up; its folder is hidden, and goes with the next run."""
    place = tmp_path / "bag"
    killed = subprocess.Popen(
        [sys.executable, "-c", _DRAFT_FOR_LONG, str(place)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killed.stdout is not None
    killed.stdout.readline()
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    assert not place.exists()
    assert len(list(tmp_path.iterdir())) == 1

    with evidence.draft(place) as folder:
        _seal(folder)

    assert [path.name for path in tmp_path.iterdir()] == ["bag"]
