"""One report of drawn imagery, which takes long to set, for the tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reetrace.core.evidence import Evidence
from reetrace.report.pdf import write_pdf
from tests import made_up


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Evidence, Path]:
    """A bag of drawn imagery with its report."""
    bag = tmp_path_factory.mktemp("drawn_bag")
    evidence = made_up.made_up_bag(bag, made_up.simulated(made_up.made_up_evidence()))
    return evidence, write_pdf(evidence, bag / "data")
