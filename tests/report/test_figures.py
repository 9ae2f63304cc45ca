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
from reetrace.report import fonts
from reetrace.report.figures import charts, extents, furniture, imagery, maps
from reetrace.report.figures.plate import Picture, Plate, title_lines
from tests import made_up, made_up_world
from tests.report.test_pdf import LONG_NAME


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


@pytest.mark.parametrize("width_mm", [24.0, 40.0, 70.0])
def test_a_long_title_stays_within_its_panel(width_mm):
    """Titles side by side ran into one another where a mine has a name of sixty letters."""
    lines = title_lines(LONG_NAME, width_mm, most=2)

    assert len(lines) <= 2
    assert all(fonts.text_width(each, 6.8) <= width_mm / 25.4 * 72 for each in lines)


def test_a_map_that_stands_alone_leaves_room_for_another_on_its_page():
    """Of one epoch, each figure was as tall as its room: no two had the same size."""
    alone, height_mm = maps.arrange(1, (0, 0, 4_000, 4_000), width_mm=170, most_mm=150)

    assert alone.width_mm < 100
    assert height_mm < 120


def test_maps_side_by_side_are_not_stacked_for_a_little_more_size():
    """Two of a square area are as large in one row as in two."""
    two, _ = maps.arrange(2, (0, 0, 4_000, 4_000), width_mm=170, most_mm=150)

    assert (two.rows, two.columns) == (1, 2)


def test_ground_not_seen_is_in_the_legend_only_where_there_is_some(data):
    """A legend speaks of what the maps show."""
    evidence, folder = data
    rasters = Rasters(evidence, folder)
    all_seen = Rasters(evidence, folder)
    all_seen.landcover = lambda epoch: np.ones_like(rasters.landcover(epoch))  # type: ignore[method-assign]

    assert len(imagery.unseen_entries(rasters)) == 1
    assert imagery.unseen_entries(all_seen) == []
