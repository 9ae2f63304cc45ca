"""Pages end where a reader would end them."""

from __future__ import annotations

from dataclasses import dataclass

from reetrace.report.settling import settle


@dataclass
class Block:
    """A flowable of known height."""

    part: str
    height: float
    group: int = 0
    least: float = 0.0
    outline_level: int = 0

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Its own height."""
        return width, self.height

    def least_height(self, _width: float) -> float:
        """For figures: the smallest they may be."""
        return self.least or self.height

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
