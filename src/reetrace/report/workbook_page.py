"""How a sheet prints: page, titles, header and footer, and the notice of drawn imagery."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.report.workbook_cells import (
    HEAD_FILL,
    NOTICE_FILL,
    at,
    clipped,
    fill,
    font,
    put_text,
)

if TYPE_CHECKING:
    from openpyxl.styles import Font
    from openpyxl.worksheet.worksheet import Worksheet

# Characters across a landscape page that can still be read: wider sheets take several pages.
_READABLE_WIDTH = 240

# Columns by which a reader knows a row.
_TELLING = ("mine_name", "zone", "scene", "epoch", "name", "key")

_SMALL_POINTS = 7

_LOUD = "Calibri,Bold"

# Where on a page across the notice begins again: where pages end is for the program to say.
_NOTICE_AT = 0.35

# So that the three parts of a header keep clear of each other; Excel takes 255 letters in all.
_LONGEST_NAME = 40


def prepare(
    sheet: Worksheet, evidence: Evidence, title: str, digest: str, columns: int = 12
) -> int:
    """Page, header and footer of a sheet, and the notice over so many columns.

    Args:
        sheet: Still empty.
        evidence: Says whose pages these are.
        title: Of the sheet, for its printed pages.
        digest: SHA-256 of `evidence.json`; empty where it is not known.
        columns: Over how many the notice of drawn imagery runs.

    Returns:
        The first free row.
    """
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.bottom, margins.footer = 0.9, 0.35
    _head_and_foot(sheet, evidence, title, digest)
    sheet.sheet_properties.tabColor = HEAD_FILL
    if not evidence.simulated:
        return 1
    sheet.sheet_properties.tabColor = NOTICE_FILL
    put_text(sheet, 1, 1, SIMULATED_NOTICE).font = _banner()
    for column in range(1, columns + 1):
        at(sheet, 1, column).fill = fill(NOTICE_FILL)
    sheet.row_dimensions[1].height = 24
    return 2


def _head_and_foot(sheet: Worksheet, evidence: Evidence, title: str, digest: str) -> None:
    notice = SIMULATED_NOTICE if evidence.simulated else None
    run = f"reetrace {evidence.reetrace_version}, run {evidence.run_id}"
    # On a line of its own, so that it cannot run into the notice beside it.
    record = f"\nevidence.json SHA-256 {digest}" if digest else ""
    for part, left, right in (
        (
            sheet.oddHeader,
            f"{clipped(evidence.site.title, _LONGEST_NAME)}, {evidence.years}",
            title,
        ),
        (sheet.oddFooter, f"{run}{record}", "Page &P of &N"),
    ):
        if part is None:
            continue
        is_foot = part is sheet.oddFooter
        part.left.text = left if is_foot else _plain(left)
        part.center.text = notice
        part.center.font, part.center.color = _LOUD, NOTICE_FILL
        part.right.text = right if is_foot else _plain(right)
        if is_foot:
            # Two lines like the one beside it, or some programs draw it between the two.
            part.center.text = f"{notice}\n " if notice and digest else notice
            part.left.size = part.center.size = part.right.size = _SMALL_POINTS


def _plain(text: str) -> str:
    """Text in which nothing is a code: in headers and footers an ampersand begins one."""
    return text.replace("&", "&&")


def spread(sheet: Worksheet, columns: Sequence[str], widths: Sequence[float]) -> None:
    """Let a wide sheet take as many pages side by side as it needs to be read.

    Each of them then begins with the column that tells the rows apart.
    """
    from openpyxl.utils import get_column_letter

    pages = max(1, math.ceil(sum(widths) / _READABLE_WIDTH))
    sheet.page_setup.fitToWidth = pages
    if pages > 1:
        telling = [*(name for name in columns if name in _TELLING), columns[0]]
        letter = get_column_letter(columns.index(telling[0]) + 1)
        sheet.print_title_cols = f"{letter}:{letter}"
        _repeat_notice(sheet, widths, pages)


def _repeat_notice(sheet: Worksheet, widths: Sequence[float], pages: int) -> None:
    """The notice again along its band, so that none of the pages side by side is without it."""
    if at(sheet, 1, 1).value != SIMULATED_NOTICE:
        return
    for page in range(1, pages):
        before = sum(widths) * (page + _NOTICE_AT) / pages
        column = next(at for at in range(len(widths)) if sum(widths[: at + 1]) >= before)
        put_text(sheet, 1, column + 1, SIMULATED_NOTICE).font = _banner()


def _banner() -> Font:
    return font(bold=True, colour="FFFFFF", size=14)
