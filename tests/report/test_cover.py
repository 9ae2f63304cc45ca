"""The cover counts each image once."""

from __future__ import annotations

from dataclasses import replace

from reetrace.report.pdf import write_pdf
from tests import made_up
from tests.report.test_pdf import text_of


def test_an_image_that_was_mapped_and_screened_is_one_image(tmp_path):
    """Sentinel-2 alone serves both: the reader would look for a second picture in vain."""
    full = made_up.single_epoch()
    (epoch,) = full.epochs
    once = replace(
        full,
        epochs=(replace(epoch, scenes=epoch.scenes[:1]),),
        spectral_scenes=epoch.scenes[:1],
    )
    evidence = made_up.made_up_bag(tmp_path, once)

    cover = text_of(write_pdf(evidence, tmp_path / "data"), 1)

    assert "1 image, listed" in cover
