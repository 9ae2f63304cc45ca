"""The pages of the main job stay small enough for a letter."""

from __future__ import annotations

import pytest

from reetrace.webmap import companion, page

MOST_BYTES = 2_000_000


@pytest.mark.parametrize("made", [page, companion], ids=["map", "companion"])
def test_a_page_of_four_epochs_of_the_study_area_is_under_two_megabytes(main_job, made):
    """58 km2 at 30 m, five pictures an epoch, every table that is shown."""
    size = len(made(main_job.evidence, main_job.bag / "data").encode())

    assert 200_000 < size < MOST_BYTES
