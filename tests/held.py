"""`reetrace …` that waits at a named point, so that a test stops it there and nowhere else.

Run as `python -m tests.held …`: processes that it begins import this module too, and wait alike.
A test that watched for a draft and then sent a signal would come too late on some machine.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from reetrace import cli, evidence
from reetrace.pipeline import abreast

Point = Literal["drafted", "finished", "composed"]
"""The evidence is half-written; it stands in its place and nobody was told; images are composed."""

ROOT = Path(__file__).parents[1]

PATIENCE_S = 300.0
"""Far longer than any machine takes to get there, and shorter than the wait itself."""

ASKED = 5
_WAIT_S = 900.0
_POINT, _MARK = "REETRACE_TEST_HELD_AT", "REETRACE_TEST_HELD_MARK"


def begin(*words: str | Path, at: Point, folder: Path, **environment: str) -> subprocess.Popen[str]:
    """`reetrace …` begun in a folder, in a session of its own, and waiting at the point."""
    mark = folder / ".held"
    process = _begun(words, folder, {_POINT: at, _MARK: str(mark), **environment})
    _wait_for(mark.exists, process)
    mark.unlink()
    return process


def begin_until(
    so: Callable[[], bool], *words: str | Path, folder: Path, **environment: str
) -> subprocess.Popen[str]:
    """The same, where something else than the program itself keeps it waiting."""
    process = _begun(words, folder, environment)
    _wait_for(so, process)
    return process


def stop(
    process: subprocess.Popen[str], number: signal.Signals, *, all_of_it: bool = False
) -> tuple[str, str]:
    """What a process says when it was asked to stop; `all_of_it` asks those it began, too.

    It is asked again after long, as anybody would: a signal that comes just before a call that
    waits does not end the call.
    """
    for _ in range(ASKED):
        (os.killpg if all_of_it else os.kill)(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=PATIENCE_S / ASKED)
    os.killpg(process.pid, signal.SIGKILL)
    raise AssertionError("never stopped")


def _wait_for(so: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Until something is so; fails where the process ends before."""
    ends = time.monotonic() + PATIENCE_S
    while not so():
        assert process.poll() is None, process.communicate()
        if time.monotonic() > ends:
            os.killpg(process.pid, signal.SIGKILL)
            raise AssertionError("never got there")
        time.sleep(0.01)


def _begun(
    words: tuple[str | Path, ...], folder: Path, environment: dict[str, str]
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.held", *map(str, words)],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _wait() -> None:
    Path(os.environ[_MARK]).touch()
    ends = time.monotonic() + _WAIT_S
    while time.monotonic() < ends:
        # A signal that comes just before a sleep does not end it, and is met after it.
        time.sleep(0.05)


def _then_wait(function: Callable[..., Any]) -> Callable[..., Any]:
    def held(*given: Any, **named: Any) -> Any:
        found = function(*given, **named)
        _wait()
        return found

    return held


@contextmanager
def _put_in_place_and_waiting(destination: Path) -> Iterator[Path]:
    with _draft(destination) as folder:
        yield folder
    _wait()


_draft = evidence.draft

# Asked twice as ever, and then nobody is killed for being slow: who does not stop fails the test.
abreast.PATIENCE_S = (abreast.PATIENCE_S[0], _WAIT_S)

match os.environ.get(_POINT):
    case "drafted":
        evidence.save = _then_wait(evidence.save)
    case "finished":
        evidence.draft = _put_in_place_and_waiting
    case "composed":
        from reetrace.pipeline import method

        method.map_landcover = _then_wait(method.map_landcover)  # type: ignore[attr-defined] # it is what the method calls

if __name__ == "__main__":
    # Tests that were begun in the background ignore Ctrl-C, and whatever they begin does, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    cli.main()
