"""The examples are run, not only shown."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from reetrace.core.evidence import SIMULATED_NOTICE

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def run(*arguments: str | Path) -> str:
    """What an example prints."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, check=True
    ).stdout


def test_a_site_is_traced_from_python(tmp_path, drawn_world):
    """The notice comes first, then growth with its interval."""
    (tmp_path / "drawn").symlink_to(drawn_world)

    printed = run(EXAMPLES / "trace_a_site.py", tmp_path).splitlines()

    assert printed[0] == SIMULATED_NOTICE
    assert any("mine-A" in line and "95 % interval" in line for line in printed)


def test_a_stranger_gets_the_same_map_from_the_folder_alone(main_job):
    """Model and composites of the folder give its land-cover map, pixel for pixel."""
    printed = run(EXAMPLES / "check_a_map.py", main_job.bag).splitlines()

    assert len(printed) == 4
    assert all(": 0 of " in line for line in printed)
