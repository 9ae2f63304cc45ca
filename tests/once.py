"""What takes long to make is made once in a run of the tests, whichever process needs it first."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of one run of the tests see."""
    own = tmp_path_factory.getbasetemp()
    # The processes of pytest-xdist have folders of their own beside each other.
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def made_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """A folder that `make` fills, in the first process that asks; the others wait for it."""
    made = folder.with_name(f"{folder.name}.made")
    with _alone(folder.with_name(f"{folder.name}.lock")):
        if not made.exists():
            # A process that failed or was ended may have left a part.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            made.touch()
    return folder


def told_once(folder: Path, make: Callable[[Path], T]) -> T:
    """The same, with what `make` answered."""
    kept = folder.with_name(f"{folder.name}.pickle")
    made_once(folder, lambda empty: kept.write_bytes(pickle.dumps(make(empty))))
    answer: T = pickle.loads(kept.read_bytes())  # noqa: S301 - our own, of this run
    return answer


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    import fcntl

    with path.open("w") as lock:
        # Given up by the system when the process ends, however it ends.
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
