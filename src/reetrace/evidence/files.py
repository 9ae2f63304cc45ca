"""Files written aside and then renamed, and their digests."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from reetrace.core.errors import OutputError


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, as 64 hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        OutputError: The disk is full or the folder cannot be written to.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        aside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink()
        raise OutputError(f"{path}: could not be written: {error.strerror or error}.") from error


def write_text(path: Path, content: str) -> None:
    """Write a text file as UTF-8, its line ends as they are."""
    write_bytes(path, content.encode("utf-8"))
