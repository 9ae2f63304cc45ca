"""What the figures of a screening are drawn from: mean spectra with spread, and histograms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reetrace.core.results import BandValue
from reetrace.tables import sensor
from reetrace.verify.band_depth import FloatArray, middle
from reetrace.verify.ground import Look
from reetrace.verify.null_model import Ground

HISTOGRAM_EDGES = tuple(round(-0.20 + 0.01 * step, 2) for step in range(51))
"""Depths from -0.20 to 0.30. Fixed, so that figures of different sites can be laid side by side;
what lies beyond counts in the outermost bins."""

SPREAD = (0.1, 0.9)
"""The low and high of a spectrum hold the middle four fifths of the pixels."""


def histogram(depth: FloatArray | None) -> tuple[int, ...]:
    """Pixels by bin of `HISTOGRAM_EDGES`."""
    inside = np.clip(
        np.empty(0) if depth is None else depth, HISTOGRAM_EDGES[0], HISTOGRAM_EDGES[-1]
    )
    return tuple(int(count) for count in np.histogram(inside, HISTOGRAM_EDGES)[0])


def mean_spectrum(looks: Sequence[Look], ground: Ground) -> tuple[BandValue, ...]:
    """Mean reflectance of pixels by band, each pixel being the median of its usable dates."""
    aside = np.stack([look.aside[ground.rows, ground.cols] for look in looks])
    shared = [
        role for role in looks[0].image.roles if all(role in look.image.roles for look in looks)
    ]
    bands = sensor("sentinel2-msi")
    values = []
    for role in shared:
        seen = np.stack(
            [
                look.image.reflectance[look.image.roles.index(role), ground.rows, ground.cols]
                for look in looks
            ]
        ).astype(np.float64)
        pixels = middle(np.where(aside == 0, seen, np.nan))
        low, high = np.quantile(pixels, SPREAD)
        band = bands.band(role)
        values.append(
            BandValue(role, band.id, band.centre_nm, float(pixels.mean()), float(low), float(high))
        )
    return tuple(values)
