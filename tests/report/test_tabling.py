"""Tables that part between pages as a reader expects."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from reetrace.report.brand import Brand
from reetrace.report.tabling import grid


@pytest.mark.parametrize("room", range(40, 240, 7))
def test_a_head_is_never_left_alone_at_the_foot_of_a_page(tmp_path, room):
    """A table that does not fit goes on with its rows, or begins on the next page as a whole."""
    cells = [["Zone", "Area"]] + [[f"zone {number}", "three\nlines\nhigh"] for number in range(20)]
    table = grid(cells, [60, 40], Brand(), together=[])
    table.canv = Canvas(str(tmp_path / "page.pdf"))

    parts = table.split(100 * 72 / 25.4, room)

    # A row parted within itself would leave a fragment without text beneath the head.
    assert all(len(part._cellvalues) > 1 for part in parts)
    assert all(cell for part in parts for row in part._cellvalues for cell in row)
