"""Pages end where a reader would end them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from reetrace.report.brand import Brand
from reetrace.report.figures.plate import Elastic, Picture
from reetrace.report.press import Press
from reetrace.report.settling import settle
from tests import made_up


@dataclass
class Block:
    """A flowable of known height."""

    part: str
    height: float
    group: int = 0
    least: float = 0.0
    outline_level: int = 0
    grown: float = -1.0

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Its own height."""
        return width, self.height

    def least_height(self, _width: float) -> float:
        """For figures: the smallest they may be."""
        return self.least or self.height

    def usual_height(self, _width: float) -> float:
        """For figures: as drawn where nothing presses."""
        return self.height

    def spare(self, _width: float) -> float:
        """For figures: how much lower they may be drawn for what follows."""
        return self.height - self.least_height(0)

    def grow(self, points: float) -> None:
        """For figures: notes by how much."""
        self.grown = points

    def getSpaceBefore(self) -> float:  # noqa: N802 - reportlab's name
        """None."""
        return 0.0

    def getSpaceAfter(self) -> float:  # noqa: N802 - reportlab's name
        """None."""
        return 0.0


def test_a_heading_is_never_left_alone_at_the_foot_of_a_page():
    """The words beneath it must have room too."""
    following = [Block("heading", 20), Block("text", 60, 1)]

    assert settle(following, width=400, room=50)
    assert not settle(following, width=400, room=90)


def test_a_heading_goes_with_the_figure_it_leads_to():
    """Words between them do not part them."""
    following = [Block("heading", 20), Block("text", 30, 1), Block("figure", 400, 2, least=300)]

    assert settle(following, width=400, room=340)
    assert not settle(following, width=400, room=360)


def test_what_follows_a_tall_figure_goes_first_where_it_fits():
    """The page is filled with the table; the figure opens the next one."""
    figure = Block("figure", 400, 1)
    following = [figure, Block("text", 50, 2), Block("text", 40, 3), Block("heading", 20)]

    assert not settle(following, width=400, room=200)
    assert [each.group for each in following] == [2, 1, 3, 0]


def test_nothing_is_moved_across_a_heading():
    """A text belongs to its section."""
    following = [Block("figure", 400, 1), Block("heading", 20), Block("text", 50, 2)]

    settle(following, width=400, room=200)

    assert following[0].part == "figure"


def test_a_figure_that_fits_stays_where_it_is():
    """Order is kept unless the page would be left white."""
    following = [Block("figure", 100, 1), Block("text", 50, 2)]

    assert not settle(following, width=400, room=200)
    assert following[0].part == "figure"


def test_a_figure_fills_the_page_that_would_end_with_it():
    """The next section does not fit: its room goes to the figure."""
    figure = Block("figure", 100, 1)

    settle([figure, Block("heading", 20), Block("text", 60, 2)], width=400, room=170)

    assert figure.grown == pytest.approx(70, abs=2)


@pytest.mark.parametrize(
    "following",
    [
        [Block("text", 50, 2)],
        [Block("heading", 20), Block("text", 30, 2)],
        [Block("figure", 300, 2), Block("text", 50, 3)],
        [],
    ],
    ids=["text", "heading and text", "text that goes before a figure", "end of the report"],
)
def test_a_figure_does_not_push_away_what_would_fit_beneath_it(following):
    """It is drawn as usual, also where an earlier pass had it grow."""
    figure = Block("figure", 100, 1, grown=33)

    settle([figure, *following], width=400, room=170)

    assert figure.grown == 0


def test_a_figure_makes_room_for_what_nearly_fits_beneath_it():
    """A fifth lower, and the next figure comes onto the same page."""
    figure = Block("figure", 100, 1, least=70)

    settle([figure, Block("figure", 90, 2), Block("heading", 20)], width=400, room=170)

    assert figure.grown == pytest.approx(-20, abs=4)


def test_a_figure_makes_room_for_a_table_that_would_part():
    """Its first rows fit, its last do not: a little lower, and it stays in one piece."""
    figure = Block("figure", 100, 1, least=70)

    settle([figure, Block("table", 15, 2), Block("table", 70, 2)], width=400, room=170)

    assert figure.grown == pytest.approx(-15, abs=4)


def test_a_chart_is_drawn_lower_where_that_keeps_it_on_the_page():
    """It fits at its least height, not as usual."""
    figure = Block("figure", 100, 1, least=70)

    settle([figure, Block("text", 50, 2)], width=400, room=80)

    assert figure.grown == pytest.approx(-20, abs=2)


def test_a_figure_is_not_drawn_anew_at_a_height_it_has():
    """Passes over the pages ask again and again; drawing is what takes long."""
    asked = []

    def draw(*, height_mm: float) -> Picture:
        asked.append(height_mm)
        return Picture(bytes, 170.0, height_mm)

    press = Press(made_up.made_up_evidence(), Brand())
    press.begin("change")
    figure = press.figure(Elastic(draw, "height_mm", 60, 90, 50), "Caption.", "Told in words.")
    heights = []
    for points in (0.0, 40.0, 40.0, -11.0, 1000.0, -1000.0):
        figure.grow(points)
        heights.append(figure.picture.height_mm)

    assert heights == [60, 74, 74, 56, 90, 50]
    assert asked == [60, 74, 56, 90, 50]
    figure.grow(8.0)
    assert figure.picture.height_mm == 60
