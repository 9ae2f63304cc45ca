"""Files of a template folder, read so that nothing outside of the folder can come in with them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reetrace.core.errors import TemplateError

MOST_FILES = 100
"""Files that a template folder may hold."""

LISTING_BYTES = 64 * 1024
"""Most bytes of `template.toml`, `brand.yml` or a text."""


@dataclass
class Faults:
    """Complaints about a template, one line each, in the order they were met."""

    lines: list[str] = field(default_factory=list)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Notes what is wrong within, and goes on."""
        try:
            yield
        except TemplateError as fault:
            line = " ".join(str(fault).split())
            if line not in self.lines:
                self.lines.append(line)

    def refuse_any(self) -> None:
        """Raises TemplateError for the first complaint."""
        if self.lines:
            raise TemplateError(self.lines[0])


def read_within(folder: Path, name: str, *, most_bytes: int, said_by: str) -> bytes:
    """The content of a plain file of a template folder.

    Args:
        folder: Of the template.
        name: Path within it, with slashes.
        most_bytes: What a file of this kind may have.
        said_by: File and field that name it, for messages.

    Raises:
        TemplateError: It leads out of the folder, is a link or no plain file, is too large, or
            is not there.
    """
    parts = name.split("/")
    if (
        "\\" in name
        or ":" in name
        or "\0" in name
        or any(each in {"", ".", ".."} for each in parts)
    ):
        raise TemplateError(
            f"{said_by}: {name[:80]!r} does not stay within the template's folder. Name a file of "
            "the folder, with slashes, e.g. text/limits.md.j2."
        )
    path = folder
    for part in parts:
        path /= part
        if path.is_symlink():
            raise TemplateError(
                f"{said_by}: {name!r} is a link. Put the file itself into the folder."
            )
    return _read(path, name, most_bytes, said_by)


def _read(path: Path, name: str, most_bytes: int, said_by: str) -> bytes:
    try:
        # Asked before it is opened: opening a pipe waits for whoever writes into it.
        found = path.stat(follow_symlinks=False)
        if not stat.S_ISREG(found.st_mode):
            raise TemplateError(f"{said_by}: {name!r} is no plain file. Put a file there.")
        if found.st_size > most_bytes:
            raise TemplateError(
                f"{said_by}: {name!r} has {found.st_size:,} bytes; at most {most_bytes:,} may be. "
                "Make it smaller."
            )
        with path.open("rb") as opened:
            return opened.read(most_bytes)
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise TemplateError(
            f"{said_by}: {name!r} is not there. Put it into {path.parent}."
        ) from fault
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        raise TemplateError(f"{said_by}: {name[:80]!r} cannot be read ({reason}).") from fault


def read_text(folder: Path, name: str, *, said_by: str) -> tuple[str, bytes]:
    """A file of words, as text and as bytes.

    Raises:
        TemplateError: It cannot be read, or is not text in UTF-8.
    """
    content = read_within(folder, name, most_bytes=LISTING_BYTES, said_by=said_by)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n"), content
    except UnicodeDecodeError as fault:
        raise TemplateError(
            f"{folder / name}: not text in UTF-8 (byte {fault.start}). Save it as UTF-8."
        ) from fault


def is_there(folder: Path, name: str) -> bool:
    """Whether anything of this name lies in a folder, be it a broken link."""
    return os.path.lexists(folder / name)


def names_within(folder: Path, under: str) -> list[str]:
    """Names of the files in a folder of the template, sorted; empty where there is none.

    Raises:
        TemplateError: It is a link, or holds more than may be.
    """
    place = folder / under
    if place.is_symlink():
        raise TemplateError(f"{folder}: {under!r} is a link. Put the folder itself there.")
    if not place.is_dir():
        return []
    found: list[str] = []
    with os.scandir(place) as entries:
        for each in entries:
            found.append(f"{under}/{each.name}")
            if len(found) > MOST_FILES:
                raise TemplateError(
                    f"{folder}: {under!r} holds more than {MOST_FILES} files. Remove what no "
                    "section uses."
                )
    return sorted(found)
