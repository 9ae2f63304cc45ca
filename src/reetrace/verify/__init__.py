"""The screening test for neodymium at 740 nm: depth, masks, null model, power, verdict."""

from __future__ import annotations

from reetrace.verify.ground import ScreeningImage
from reetrace.verify.masks import background_candidates, pit_mask
from reetrace.verify.minerals import reference_spectra
from reetrace.verify.screening import screen
from reetrace.verify.verdict import ION_ADSORPTION_CAVEAT, SCREENING_CAVEAT

__all__ = [
    "ION_ADSORPTION_CAVEAT",
    "SCREENING_CAVEAT",
    "ScreeningImage",
    "background_candidates",
    "pit_mask",
    "reference_spectra",
    "screen",
]
