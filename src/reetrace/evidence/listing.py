"""What lies in a bag and what its manifests list; a bag from a stranger may mean harm."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from reetrace.core.errors import EvidenceError

LARGEST_TAG_BYTES = 16 * 1024 * 1024
"""A manifest of a hundred thousand files; no bag of ours comes near."""

_MOST_FILES = 100_000
_DEEPEST = 8
_LONGEST_NAME = 200

# What reetrace writes needs no other letters, and names of these alone cannot look like other
# names, mean something to a shell, or lead out of the folder on any system.
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")

# Windows opens a device by any of these names, whatever its ending.
_DEVICES = frozenset({"con", "prn", "aux", "nul"}) | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(10)
}

# Stricter than the standard, which allows other cases and spaces: no byte may change unseen.
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def fault_of_name(path: str) -> str:
    """Why a path cannot be that of a file in a bag of ours; empty where it can.

    >>> fault_of_name("data/tables/areas.csv"), fault_of_name("../x")
    ('', "has a part that is no plain name: '..'")
    """
    parts = path.split("/")
    if len(parts) > _DEEPEST:
        return f"lies more than {_DEEPEST} folders deep"
    for part in parts:
        if not _PART.fullmatch(part) or part.endswith("."):
            return f"has a part that is no plain name: {part[:60]!r}"
        if len(part) > _LONGEST_NAME:
            return f"has a name longer than {_LONGEST_NAME} letters"
        if part.split(".")[0].casefold() in _DEVICES:
            return f"has a name that Windows keeps for a device: {part!r}"
    return ""


def refuse_look_alikes(bag: Path, paths: Iterable[str]) -> None:
    """Refuses two paths that some systems take for one.

    Raises:
        EvidenceError: Two paths differ in their capitals alone.
    """
    seen: dict[str, str] = {}
    for path in paths:
        known = seen.setdefault(path.casefold(), path)
        if known != path:
            raise EvidenceError(f"{bag}: {known} and {path} differ in capitals alone.")


def files_of(bag: Path, folder: str = "data") -> list[str]:
    """Every file below a folder of a bag, as sorted POSIX paths relative to the bag.

    Raises:
        EvidenceError: It holds a link, a pipe, a device, or a name that no file of ours has.
    """
    found = sorted(_walk(bag, folder))
    refuse_look_alikes(bag, found)
    return found


def _walk(bag: Path, folder: str) -> Iterator[str]:
    waiting, seen = [folder], 0
    while waiting:
        inside = waiting.pop()
        refuse_misfit(bag, inside, "folder")
        with os.scandir(bag / inside) as entries:
            for entry in entries:
                seen += 1
                path = f"{inside}/{entry.name}"
                if seen > _MOST_FILES:
                    raise EvidenceError(f"{bag}: holds more than {_MOST_FILES:,} files.")
                if fault := fault_of_name(path):
                    raise EvidenceError(f"{bag}: {path!r} {fault}.")
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                else:
                    refuse_misfit(bag, path)
                    yield path


def refuse_misfit(bag: Path, path: str, kind: Literal["file", "folder"] = "file") -> None:
    """Refuses what is no plain file or folder, without opening it.

    Raises:
        EvidenceError: It is missing, a link, a pipe or a device.
    """
    try:
        mode = (bag / path).lstat().st_mode
    except OSError as error:
        raise EvidenceError(f"{bag}: {path} is missing.") from error
    if stat.S_ISLNK(mode):
        raise EvidenceError(f"{bag}: {path} is a link. A bag holds files only.")
    if not (stat.S_ISREG(mode) if kind == "file" else stat.S_ISDIR(mode)):
        raise EvidenceError(f"{bag}: {path} is no plain {kind}.")


def tag_bytes(bag: Path, name: str) -> bytes:
    """The content of a tag file.

    Raises:
        EvidenceError: It is no plain file, cannot be read, or is too large to be ours.
    """
    refuse_misfit(bag, name)
    try:
        size = (bag / name).stat().st_size
        if size > LARGEST_TAG_BYTES:
            raise EvidenceError(
                f"{bag}: {name}: {size:,} bytes; none of ours is larger than {LARGEST_TAG_BYTES:,}."
            )
        return (bag / name).read_bytes()
    except OSError as error:
        raise EvidenceError(f"{bag}: {name} cannot be read ({error.strerror}).") from error


def listed_in(bag: Path, manifest: str) -> dict[str, str]:
    """SHA-256 by path of a manifest.

    Raises:
        EvidenceError: A line is no digest and path, leads elsewhere, or names a file twice.
    """
    digests: dict[str, str] = {}
    try:
        *lines, rest = tag_bytes(bag, manifest).decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{bag}: {manifest} cannot be read ({error}).") from error
    if rest:
        raise EvidenceError(f"{bag}: {manifest} breaks off at {rest[:70]!r}.")
    if len(lines) > _MOST_FILES:
        raise EvidenceError(f"{bag}: {manifest} lists more than {_MOST_FILES:,} files.")
    for number, line in enumerate(lines, start=1):
        found = _LINE.fullmatch(line)
        if not found or fault_of_name(found.group(2)):
            raise EvidenceError(
                f"{bag}: {manifest} line {number} is no digest and path: {line[:150]!r}."
            )
        path = found.group(2)
        if path in digests:
            raise EvidenceError(f"{bag}: {manifest} line {number} lists {path} twice.")
        digests[path] = found.group(1)
    refuse_look_alikes(bag, digests)
    return digests
