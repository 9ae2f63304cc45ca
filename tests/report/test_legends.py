"""Legends of maps: words of any language stay on the plate."""

from __future__ import annotations

import pytest

from reetrace.reading.language import END, START
from reetrace.report.figures import maps
from reetrace.report.figures.plate import Plate, drawn

WORDS = ("Devenu Mine", "Zone de mine", f"{START}Placed by hand{END}", "Frontière (osm-2017)")


@drawn
def legend_of(words: tuple[str, ...], width_mm: float) -> tuple[Plate, float]:
    """A plate with a legend, and where the legend ends, as a share of its width."""
    plate = Plate(width_mm, 40.0, simulated=False)
    maps.legend(plate, [maps.swatch("#aa0000", each) for each in words], columns=7)
    (made,) = plate.figure.legends
    return plate, made.get_window_extent().x1 / plate.figure.bbox.x1


@pytest.mark.parametrize("width_mm", [170.0, 96.0])
def test_a_legend_stays_on_its_plate_where_words_are_long(width_mm: float):
    """Closer together and further left; nothing of it is cut off."""
    plate, end = legend_of(WORDS, width_mm)

    assert end <= 1
    assert [each.get_text() for each in plate.figure.legends[0].get_texts()][2] == "Placed by hand"


def test_a_legend_that_fits_stands_beneath_the_panel():
    """Short words are not moved."""
    plate, _ = legend_of(("2005", "2020"), 170.0)

    left = plate.figure.legends[0].get_window_extent().x0 / plate.figure.bbox.x1

    assert left == pytest.approx(maps.LEFT_MM / 170.0, abs=0.005)
