"""One sealed made-up evidence folder for all tests of this package."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reetrace import evidence
from reetrace.core.evidence import Evidence
from reetrace.report import render
from tests import made_up


def _sealed(folder: Path, full: Evidence) -> Path:
    with evidence.draft(folder) as draft:
        evidence.seal(draft, made_up.made_up_bag(draft, full))
    return folder


@pytest.fixture(scope="package")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed folder that no test may change."""
    return _sealed(tmp_path_factory.mktemp("bags") / "whole", made_up.made_up_evidence())


@pytest.fixture(scope="package")
def sealed_simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same made from drawn imagery, likewise."""
    full = made_up.simulated(made_up.made_up_evidence())
    return _sealed(tmp_path_factory.mktemp("bags") / "SIMULATED_whole", full)


@pytest.fixture(scope="package")
def sealed_with_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with its report and its workbook, likewise."""
    folder = tmp_path_factory.mktemp("bags") / "reported"
    with evidence.draft(folder) as draft:
        found = made_up.made_up_bag(draft, made_up.single_epoch())
        render(found, draft / "data")
        evidence.seal(draft, found)
    return folder


@pytest.fixture
def report_bag(sealed_with_report: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may spoil."""
    return Path(shutil.copytree(sealed_with_report, tmp_path / "reported"))


@pytest.fixture
def bag(sealed: Path, tmp_path: Path) -> Path:
    """A copy of the sealed folder that a test may spoil."""
    return Path(shutil.copytree(sealed, tmp_path / "bag"))
