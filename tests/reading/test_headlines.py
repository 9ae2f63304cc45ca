"""What stands in large letters says of what it speaks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reetrace.core.results import Basis
from reetrace.reading import headlines
from tests import made_up
from tests.made_up_findings import accuracy


@pytest.mark.parametrize(
    ("basis", "of"),
    [
        ("probability-sample", "Of the ground mapped as"),
        ("held-out", "Of the labels mapped as"),
        ("cross-validation", "Of the labels mapped as"),
    ],
)
def test_only_a_probability_sample_speaks_of_the_ground(basis: Basis, of: str):
    """Training labels lie where an interpreter liked, and so speak for themselves alone."""
    full = made_up.single_epoch()
    found = accuracy(full.epochs[-1].label, basis, ((53, 2), (1, 29)))

    (said, *_) = headlines.certainty(replace(full, accuracies=(found,)))

    assert said.below[-1].startswith(of)
