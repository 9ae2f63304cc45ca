"""Figures show what the rasters hold, and say so when the imagery was drawn."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reetrace.core.evidence import Evidence
from reetrace.core.landcover import NOT_SEEN
from reetrace.reading import lookup, stretch
from reetrace.reading.rasters import GAINED, Rasters
from reetrace.report.figures import charts, extents, furniture, maps
from reetrace.report.figures.plate import Picture, Plate
from tests import made_up, made_up_world


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> tuple[Evidence, Path]:
    """The rasters of the made-up evidence."""
    folder = tmp_path_factory.mktemp("rasters")
    return made_up.write_made_up_rasters(folder, made_up.made_up_evidence()), folder


def pixels(picture: Picture) -> np.ndarray:
    """Shape (rows, cols, 3)."""
    with Image.open(io.BytesIO(picture.image)) as opened:
        assert opened.mode in {"RGB", "P"}
        assert "transparency" not in opened.info
        return np.asarray(opened.convert("RGB"))


def test_ground_that_became_mine_is_counted_as_in_the_evidence(data):
    """The map of a change and the table beneath it come from the same pixels."""
    evidence, folder = data
    rasters = Rasters(evidence, folder)
    (change,) = [
        each
        for each in lookup.changes(evidence, "study-area", lookup.WHOLE)
        if (each.first, each.last) == ("2005", "2020")
    ]

    gained = int((rasters.fate("2005", "2020") == GAINED).sum())

    assert gained * evidence.grid.pixel_area_m2 / 1e6 == pytest.approx(change.gain.value)


def test_ground_not_seen_at_either_date_has_no_fate(data):
    """It neither became nor stayed anything."""
    rasters = Rasters(*data)
    unseen = made_up_world.landcover("2010") == NOT_SEEN

    fate = rasters.fate("2005", "2010")

    assert (fate[unseen] == NOT_SEEN).all()


def test_one_stretch_serves_every_epoch(data):
    """The same reflectance has the same tone in 2005 and in 2020."""
    evidence, folder = data
    rasters = Rasters(evidence, folder)

    pictures = stretch.stretched(rasters, stretch.NATURAL)

    light = {epoch: rasters.reflectance(epoch, "red") for epoch in ("2005", "2020")}
    tones = {
        epoch: float(np.median(pictures[epoch][..., 0][np.abs(light[epoch] - 0.04) < 0.0005]))
        for epoch in light
    }
    assert tones["2005"] == pytest.approx(tones["2020"], abs=0.01)


def test_drawn_imagery_is_named_on_a_plate_whoever_draws_it():
    """The band is put on as the plate is printed; a figure cannot leave it out."""
    plain = Plate(60, 20, simulated=False).print()
    marked = Plate(60, 20, simulated=True).print()

    assert marked.height_mm > plain.height_mm
    assert (pixels(plain) == 255).all()
    red = (pixels(marked)[:8, :8] == (0x8C, 0x1C, 0x13)).all(axis=-1)
    assert red.all()


def test_the_extents_of_first_and_last_are_yellow_and_red(data):
    """As the study shows them, at the place of the mine."""
    evidence, folder = data
    (area,) = [each for each in made_up_world.mines().zones if each.id == "mine-A"]

    shown = extents.first_and_last(
        Rasters(evidence, folder), area.geometry, width_mm=120, most_mm=70
    )

    right = pixels(shown)[:, pixels(shown).shape[1] * 2 // 3 :].astype(int)
    red = (abs(right - (0xD7, 0x19, 0x1C)).sum(axis=-1) < 60).mean()
    yellow = (abs(right - (0xFF, 0xD9, 0x2F)).sum(axis=-1) < 60).mean()
    assert red > yellow > 0.005


def test_panels_of_a_long_narrow_area_stand_side_by_side():
    """Four panels of 4 by 14.4 km are one row; four of a square are two."""
    narrow, _ = maps.arrange(4, (0, 0, 4_000, 14_400), width_mm=170, most_mm=150)
    square, _ = maps.arrange(4, (0, 0, 4_000, 4_000), width_mm=170, most_mm=150)

    assert (narrow.rows, narrow.columns) == (1, 4)
    assert (square.rows, square.columns) == (2, 2)


def test_a_site_in_the_south_has_southern_labels():
    """Minus signs are for tables; maps have letters."""
    assert furniture.degrees(-22.5, "N", "S") == "22°30\u2032S"
    assert furniture.degrees(-64.25, "E", "W") == "64°15\u2032W"
    assert furniture.degrees(181.0, "E", "W") == "179°W"


@pytest.mark.parametrize("height_mm", [46.0, 58.0, 92.0])
def test_the_legend_of_a_chart_stays_on_the_plate_however_tall_it_is(data, height_mm):
    """Nothing is cut off at its foot: the last rows of pixels are paper."""
    evidence, _ = data

    shown = pixels(charts.gains_and_losses(evidence, width_mm=170, height_mm=height_mm))

    assert (shown[-6:] == 255).all()
    legend = shown[-int(9 * 7.87) : -6]
    assert (legend != 255).any()
