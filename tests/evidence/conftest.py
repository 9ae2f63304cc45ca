"""One sealed made-up evidence folder for all tests of this package."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reetrace import evidence
from reetrace.core.evidence import Evidence
from reetrace.report import render
from tests import made_up
from tests.once import made_once, shared_folder


def _sealed(home: Path, name: str, full: Callable[[], Evidence]) -> Path:
    def make(folder: Path) -> None:
        with evidence.draft(folder / name) as draft:
            evidence.seal(draft, made_up.made_up_bag(draft, full()))

    return made_once(home / f"bag-{name}", make) / name


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed folder that no test may change."""
    return _sealed(shared_folder(tmp_path_factory), "whole", made_up.made_up_evidence)


@pytest.fixture(scope="session")
def sealed_simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same made from drawn imagery, likewise."""
    home = shared_folder(tmp_path_factory)
    return _sealed(home, "SIMULATED_whole", lambda: made_up.simulated(made_up.made_up_evidence()))


@pytest.fixture(scope="session")
def sealed_with_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with its report and its workbook, likewise."""

    def make(folder: Path) -> None:
        with evidence.draft(folder / "reported") as draft:
            found = made_up.made_up_bag(draft, made_up.single_epoch())
            render(found, draft / "data")
            evidence.seal(draft, found)

    return made_once(shared_folder(tmp_path_factory) / "bag-reported", make) / "reported"


@pytest.fixture
def report_bag(sealed_with_report: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may spoil."""
    return Path(shutil.copytree(sealed_with_report, tmp_path / "reported"))


@pytest.fixture
def bag(sealed: Path, tmp_path: Path) -> Path:
    """A copy of the sealed folder that a test may spoil."""
    return Path(shutil.copytree(sealed, tmp_path / "bag"))
