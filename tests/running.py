"""The command line as a user runs it, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def reetrace(
    *arguments: str | Path, folder: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`reetrace …` in a folder; the caller looks at the exit code."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "reetrace", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def succeed(*arguments: str | Path, folder: Path, **environment: str) -> str:
    """What a command printed; fails the test with its own words where it did not succeed."""
    done = reetrace(*arguments, folder=folder, **environment)
    assert done.returncode == 0, f"{' '.join(map(str, arguments))}\n{done.stdout}\n{done.stderr}"
    return done.stdout
