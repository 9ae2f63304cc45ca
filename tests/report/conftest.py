"""One report of drawn imagery, which takes long to set, for the tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reetrace.core.evidence import Evidence
from reetrace.report.pdf import write_pdf
from tests import made_up
from tests.once import shared_folder, told_once


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Evidence, Path]:
    """A bag of drawn imagery with its report; no test may change them."""

    def set_report(bag: Path) -> tuple[Evidence, Path]:
        evidence = made_up.made_up_bag(bag, made_up.simulated(made_up.made_up_evidence()))
        return evidence, write_pdf(evidence, bag / "data")

    return told_once(shared_folder(tmp_path_factory) / "drawn-report", set_report)
