"""Pictures of restless ground."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from reetrace.reading.jpeg import jpeg


@pytest.mark.parametrize("progressive", [False, True])
def test_ground_that_changes_from_pixel_to_pixel_is_written_whole(progressive):
    """Scree under low sun is noise to a camera, and takes more room than its pixels."""
    noise = np.random.default_rng(7).integers(0, 256, (300, 300, 3), dtype=np.uint8)

    stored = jpeg(noise, progressive=progressive)

    assert len(stored) > 300 * 300
    assert Image.open(io.BytesIO(stored)).size == (300, 300)
    assert stored == jpeg(noise, progressive=progressive)
