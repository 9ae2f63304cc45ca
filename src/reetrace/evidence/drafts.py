"""A folder that appears whole or not at all: drafted beside its place, then renamed into it."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reetrace.core.errors import OutputError, ReetraceError
from reetrace.evidence.bag import TAG_FILES, is_ours, verify

RECORD = frozenset(
    {
        "evidence.json",
        "inputs",
        "labels.geojson",
        "model.json",
        "rasters",
        "scenes.json",
        "tables",
        "vectors",
    }
)
"""What lies under `data/` besides the documents; these are made from it and can be made again."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}


@contextmanager
def draft(destination: Path) -> Iterator[Path]:
    """A folder to write a bag in, which takes the place of `destination` when all went well.

    An older evidence folder there is replaced; anything else is left alone. When the block raises,
    or the process dies, `destination` is as it was.

    Raises:
        OutputError: The place is taken by something else, or cannot be written to.
    """
    destination = Path(os.path.abspath(destination))  # noqa: PTH100 - resolve() follows links
    _refuse_foreign(destination)
    made: list[Path] = []
    folder = destination.with_name(f".{destination.name}.draft-{os.getpid()}")
    try:
        made = _make_parents(destination.parent)
        _sweep(destination)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        yield folder
        _put_in_place(folder, destination)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        for parent in made:
            with contextlib.suppress(OSError):
                parent.rmdir()
        if isinstance(error, OutputError) and str(folder) in str(error):
            # The draft is gone: the reader knows the place it was for.
            raise OutputError(str(error).replace(str(folder), str(destination))) from error
        if _is_about_writing(error, folder):
            raise _unwritable(destination, error) from error
        raise


@contextmanager
def unseal(bag: Path, destination: Path | None = None) -> Iterator[Path]:
    """A draft that holds the record of a bag without its documents, for rendering them again.

    The bag is verified first. The draft must be sealed before the block ends; it then takes the
    place of `destination`, by default of the bag itself.

    Raises:
        EvidenceError: The bag is not whole.
        OutputError: The place cannot be written to.
    """
    verify(bag)
    with draft(destination or bag) as folder:
        (folder / "data").mkdir()
        for source in sorted((bag / "data").iterdir()):
            if source.name in RECORD:
                target = folder / "data" / source.name
                copy = shutil.copytree if source.is_dir() else shutil.copyfile
                copy(source, target)
        yield folder


@contextmanager
def reopen(bag: Path) -> Iterator[Path]:
    """A draft that holds everything under `data/` of a bag; it must be sealed in the block.

    Raises:
        EvidenceError: The bag is not whole.
        OutputError: The place cannot be written to.
    """
    verify(bag)
    with draft(bag) as folder:
        shutil.copytree(bag / "data", folder / "data")
        yield folder


def _refuse_foreign(destination: Path) -> None:
    if destination.is_symlink() or (destination.exists() and not destination.is_dir()):
        raise OutputError(f"{destination}: is no folder. Move it away or choose another place.")
    try:
        taken = destination.is_dir() and any(destination.iterdir())
    except OSError as error:
        raise _unwritable(destination, error) from error
    if taken and not is_ours(destination):
        raise OutputError(
            f"{destination}: holds something that is no evidence folder. "
            "Move it away or choose another place."
        )


def _make_parents(folder: Path) -> list[Path]:
    """Make a folder and those above it; returns what was made, deepest first."""
    missing = [folder]
    while not missing[-1].exists():
        missing.append(missing[-1].parent)
    folder.mkdir(parents=True, exist_ok=True)
    return missing[:-1]


def _sweep(destination: Path) -> None:
    """Tidy up after processes that were killed: drafts go, an older bag taken aside comes back."""
    if os.name != "posix":
        # Elsewhere there is no harmless way to ask whether a process lives.
        return
    for left in sorted(destination.parent.glob(f".{glob.escape(destination.name)}.draft-*")):
        owner = left.name.rpartition("-")[2]
        if owner.isdecimal() and not _lives(int(owner)):
            _tidy(left)


def sweep(folder: Path, process: int) -> None:
    """Tidy up in a folder after a process that has ended: as the next draft there would."""
    for left in sorted(folder.glob(f".*.draft-*{process}")):
        if left.name.endswith((f".draft-{process}", f".draft-older-{process}")):
            _tidy(left)


def _tidy(left: Path) -> None:
    place, _, taken = left.name.removeprefix(".").rpartition(".draft-")
    destination = left.with_name(place)
    if taken.startswith("older-") and not destination.exists():
        left.rename(destination)
    else:
        shutil.rmtree(left, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _put_in_place(folder: Path, destination: Path) -> None:
    if not all((folder / name).is_file() for name in TAG_FILES):
        raise OutputError(f"{destination}: the draft was never sealed, so it was not kept.")
    older = destination.with_name(f".{destination.name}.draft-older-{os.getpid()}")
    shutil.rmtree(older, ignore_errors=True)
    try:
        if destination.exists():
            destination.rename(older)
        folder.rename(destination)
        shutil.rmtree(older, ignore_errors=True)
    except BaseException:
        # A signal may come between any two of these.
        if older.exists() and not destination.exists():
            older.rename(destination)
        shutil.rmtree(older, ignore_errors=True)
        raise


def _is_about_writing(error: BaseException, folder: Path) -> bool:
    if isinstance(error, ReetraceError) or not isinstance(error, OSError):
        return False
    named = str(error.filename or "")
    return error.errno in _FULL or named.startswith((str(folder), str(folder.parent)))


def _unwritable(destination: Path, error: BaseException) -> OutputError:
    said = getattr(error, "strerror", None) or error
    return OutputError(
        f"{destination}: could not be written ({said}). Free the space, allow writing there, "
        "or choose another place."
    )
