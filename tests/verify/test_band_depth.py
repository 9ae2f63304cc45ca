"""The depth at 740 nm, and the published figures it must give back."""

from __future__ import annotations

import numpy as np
import pytest

from reetrace.core.results import ReferenceSpectrum
from reetrace.verify import reference_spectra
from reetrace.verify.band_depth import band_depth, centres_of, middle, normalised_difference

PUBLISHED = {
    "monazite": (0.448, 0.439),
    "fluorapatite": (0.014, 0.013),
    "goethite": (-0.068, -0.061),
    "hematite": (-0.134, -0.126),
}


def _depth(spectrum: ReferenceSpectrum, platform: str) -> float:
    by_role = {value.role: np.array([value.reflectance]) for value in spectrum.values}
    return float(
        band_depth(
            by_role["red-edge-1"],
            by_role["red-edge-2"],
            by_role["red-edge-3"],
            centres_of(platform),
        )[0]
    )


@pytest.mark.parametrize(("platform", "twin"), [("sentinel-2a", 0), ("sentinel-2b", 1)])
@pytest.mark.parametrize("mineral", sorted(PUBLISHED))
def test_the_minerals_of_the_study_have_their_known_depth(mineral: str, platform: str, twin: int):
    """The bands in the tables, put through the formula, give the depth of the full spectrum."""
    spectrum = next(each for each in reference_spectra(platform) if each.name == mineral)

    assert _depth(spectrum, platform) == pytest.approx(PUBLISHED[mineral][twin], abs=0.001)
    assert spectrum.depth == pytest.approx(PUBLISHED[mineral][twin], abs=0.001)


def test_a_straight_spectrum_has_no_depth():
    """The line is drawn at the true centres, so a straight rise is not taken for a feature."""
    centres = centres_of("S2B")
    left, centre, right = (
        np.array([0.1 + 0.0005 * nm])
        for nm in (centres.left_nm, centres.centre_nm, centres.right_nm)
    )

    assert band_depth(left, centre, right, centres)[0] == pytest.approx(0.0, abs=1e-12)


def test_ground_as_dark_as_nothing_has_no_depth_but_an_unknown():
    """A line at or below zero would turn the sign of the depth round."""
    zero = np.array([0.0, -0.01])

    assert np.isnan(band_depth(zero, np.array([0.01, 0.01]), zero, centres_of("S2A"))).all()


def test_the_twin_satellites_have_centres_of_their_own():
    """Sentinel-2B looks 1.4 nm lower than 2A; a later twin gets the mean of both."""
    first, second, third = (centres_of(f"sentinel-2{letter}").centre_nm for letter in "abc")

    assert (first, second) == (740.49, 739.13)
    assert second < third < first


def test_the_middle_ignores_what_is_unseen():
    """Two of three dates seen: their mean; none seen: unknown."""
    dates = np.array([[0.1, np.nan], [np.nan, np.nan], [0.3, np.nan]])

    found = middle(dates)

    assert found[0] == pytest.approx(0.2)
    assert np.isnan(found[1])


def test_a_negative_reflectance_does_not_throw_an_index_out_of_its_range():
    """The atmospheric correction overshoots over dark water."""
    index = normalised_difference(np.array([0.02]), np.array([-0.015]))

    assert index[0] == pytest.approx(1.0)


def test_each_mineral_names_its_source_and_all_ten_bands():
    """A figure without a source may not be printed."""
    for spectrum in reference_spectra("sentinel-2b"):
        assert "Data Series 231" in spectrum.source
        assert len(spectrum.values) == 10
        assert [value.centre_nm for value in spectrum.values[3:6]] == [703.83, 739.13, 779.72]
