"""Finished rasters in the work folder, found again by what they were made from."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import OutputError, ReetraceError
from reetrace.engines.blocks import Block

_PIXELS, _RECORD = "pixels.npy", "record.json"

# Raised whenever the same inputs would give other pixels, so that nothing stale is found.
_VERSION = 1

_CHUNK = 1 << 20


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha.update(chunk)
    return sha.hexdigest()


@dataclass(frozen=True)
class LocalPixels:
    """A raster on this machine's disk."""

    path: Path
    """A NumPy file: bands, then observations, by rows and cols; or the rows and cols of a map."""
    digest: str
    """SHA-256 of what it was made from."""

    def open(self) -> NDArray[Any]:
        """The pixels, mapped from the disk and not read until they are asked for."""
        pixels: NDArray[Any] = np.load(self.path, mmap_mode="r")
        return pixels


def digest_of(inputs: Mapping[str, object]) -> str:
    """SHA-256 over everything that decides a raster."""
    text = json.dumps({"version": _VERSION, **inputs}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Draft:
    """A raster that is being filled, block by block."""

    def __init__(self, path: Path, shape: tuple[int, ...], dtype: type[np.generic]) -> None:
        np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=shape)
        # The space is taken at once: a disk that fills up later would end the program with a bus
        # error, for a mapped page cannot be refused.
        if hasattr(os, "posix_fallocate"):
            with path.open("r+b") as file:
                os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
        self._path = path
        self.record: dict[str, Any] = {}
        """Kept beside the pixels."""

    def put(self, block: Block, pixels: NDArray[Any]) -> None:
        """Writes a block: shape (bands, rows, cols) of a composite, (rows, cols) of a map."""
        # Mapped anew each time, so that what was written leaves the memory again.
        whole = np.lib.format.open_memmap(self._path, mode="r+")
        rows = slice(block.row, block.row + block.rows)
        cols = slice(block.col, block.col + block.cols)
        whole[..., rows, cols] = pixels


class Store:
    """The work folder. A raster in it is whole or it is not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, digest: str) -> tuple[LocalPixels, dict[str, Any]] | None:
        """The raster made from these inputs and its record; None where there is none.

        One whose bytes are not those that were written is removed and made again.
        """
        home = self._folder / digest
        try:
            record = json.loads((home / _RECORD).read_text(encoding="utf-8"))
            if record["sha256"] == sha256_of(home / _PIXELS):
                return LocalPixels(home / _PIXELS, digest), record["content"]
        except (FileNotFoundError, NotADirectoryError):
            if not home.exists():
                return None
        except (ValueError, KeyError, TypeError):
            pass
        shutil.rmtree(home, ignore_errors=True)
        return None

    @contextmanager
    def make(self, digest: str, shape: tuple[int, ...], dtype: type[np.generic]) -> Iterator[Draft]:
        """An empty raster to fill; kept when the block ends well.

        Raises:
            OutputError: The work folder cannot be written to.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            aside = Path(tempfile.mkdtemp(prefix=".making-", dir=self._folder))
        except OSError as fault:
            raise self._unwritable(fault) from fault
        try:
            draft = Draft(aside / _PIXELS, shape, dtype)
            yield draft
            record = {"sha256": sha256_of(aside / _PIXELS), "content": draft.record}
            text = json.dumps(record, sort_keys=True, ensure_ascii=False)
            (aside / _RECORD).write_text(text, encoding="utf-8")
            self._put(aside, self._folder / digest)
        except ReetraceError:
            raise
        except OSError as fault:
            raise self._unwritable(fault) from fault
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    @staticmethod
    def _put(aside: Path, place: Path) -> None:
        """Renames into place; where somebody made the same meanwhile, theirs is as good."""
        try:
            aside.replace(place)
        except OSError:
            if not place.is_dir():
                raise

    def _unwritable(self, fault: OSError) -> OutputError:
        return OutputError(
            f"{self._folder}: cannot be written ({fault.strerror or fault}). "
            "Free some space or choose another work folder."
        )
