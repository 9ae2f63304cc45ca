"""A bad input through the command line: one plain line, the right exit code, nothing left."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from reetrace import cli


def nothing(folder: Path) -> object:
    """An empty folder."""
    return folder


@dataclass(frozen=True)
class Bad:
    """One way to get it wrong."""

    name: str
    words: tuple[str, ...]
    """What is typed after `reetrace`."""
    said: tuple[str, ...]
    """Words that the complaint must hold: file, field, value, need."""
    made: Callable[[Path], object] = nothing
    """Puts the bad files into the working folder."""
    code: int = 1


def ids(case: Bad) -> str:
    """Readable names of the cases."""
    return case.name


def listing(folder: Path) -> list[tuple[str, bytes]]:
    """Everything beneath a folder, with the content of files."""
    return [
        (path.relative_to(folder).as_posix(), path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    ]


def refused(
    case: Bad, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Types the command in a folder and holds what it says and leaves against the rules."""
    case.made(folder)
    before = listing(folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setattr(sys, "argv", ["reetrace", *case.words])

    with pytest.raises(SystemExit) as stopped:
        cli.main()

    told = capsys.readouterr()
    assert stopped.value.code == case.code, told.err
    assert "Traceback" not in told.err + told.out
    lines = [line for line in told.err.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, told.err
    complaint = lines[0]
    assert complaint.isprintable()
    for words in case.said:
        assert words in complaint
    assert listing(folder) == before
