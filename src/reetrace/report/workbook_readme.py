"""The first sheet of the workbook: what it is, what it found, how to read it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reetrace.core.evidence import Evidence
from reetrace.core.results import Measure
from reetrace.core.table import Table
from reetrace.ledger.versions import version_of
from reetrace.reading import lookup
from reetrace.report.workbook_cells import (
    HEAD_FILL,
    LINE_POINTS,
    aligned,
    at,
    clipped,
    fill,
    font,
    hairline,
    lines_of,
    put_text,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = (26, 96)

# Letters of a site's name in a heading; the whole name stands below it.
_HEADING = 50

_READING = {
    "Three states": "Ground was seen and is in the class; was seen and is not; or was not seen.",
    "Not seen": "Ground without enough clear observations. It has its own rows and is never zero: "
    "nothing is known of it.",
    "Blank cells": "Shaded; the last column of the row gives the reason.",
    "Zero": "A bare 0 means that zero was found; 0.00 is a small number, rounded.",
    "Mapped area": "Pixels counted on the map times the area of a pixel on the ellipsoid. "
    "It carries the map's errors and has no interval.",
    "Error-adjusted": "Estimated from points drawn by a stated design, with a 95 % interval: "
    "of 100 such samples, about 95 would give an interval that holds the true area.",
    "Units": "In every header: km², ha (0.01 km²), °, m, nm; shares run from 0 to 1. "
    "Places are longitude and latitude, WGS 84.",
    "Named cells": "Cells of the headline figures have names, such as site_mapped_area_km2_2020; "
    "the rows of a table are rows_areas, rows_growth and so on.",
    "Evidence": "The SHA-256 above and at the foot of each page is that of evidence.json, from "
    "which everything here is made.",
}

# What of the identity has a name of its own.
_NAMED = {"Run": "run_id", "Evidence": "evidence_sha256"}

_LIMITS = {
    "People, amounts": "Maps show ground cover seen from orbit: who works there, what is dug and "
    "how much, is not visible.",
    "Dates": "A change is known to lie between two epochs, not on a day.",
    "Borders": "Areas by country depend on the border used; the sheet “borders” gives them under "
    "each.",
    "Mines": "The sheet “mine_list” has rows to paste into the AMRT of the Responsible Minerals "
    "Initiative. It is not a filled template, and says nothing of who buys from a mine.",
    "Screening at 740 nm": "A test that says where a closer look is worth it; its default answer "
    "is inconclusive.",
    "Formulas": "No cell of this workbook holds a formula. The CSV files beside it hold the same "
    "values unaltered; open them as text, since a spreadsheet may run a text that begins with "
    "= + - or @.",
}


def write_readme(
    sheet: Worksheet, evidence: Evidence, tables: Sequence[Table], row: int, digest: str
) -> dict[str, str]:
    """What this is, headline figures, how to read it, its limits, and a list of the sheets.

    Returns:
        Addresses of the cells that tell the run apart, by the names they are to have.
    """
    from openpyxl.worksheet.pagebreak import Break

    sheet.page_setup.orientation = "portrait"
    for letter, width in zip("AB", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    heading = f"{clipped(evidence.site.title, _HEADING)}, {evidence.years}"
    put_text(sheet, row, 1, heading).font = font(bold=True, size=18)
    sheet.row_dimensions[row].height = 28
    identity = _identity(evidence, digest)
    addresses = {
        name: f"B{row + 2 + offset}"
        for offset, (title, _) in enumerate(identity, start=1)
        if (name := _NAMED.get(title))
    }
    row = _pairs(sheet, row + 2, "What this is", identity)
    row = _pairs(sheet, row + 1, "Headline figures", _headlines(evidence))
    row = _pairs(sheet, row + 1, "How to read it", list(_READING.items()))
    row = _pairs(sheet, row + 1, "What it cannot show", list(_LIMITS.items()))
    sheet.row_breaks.append(Break(id=row))
    row = _pairs(sheet, row + 1, "Sheets", _contents(tables), linked=True)
    # Text that runs on over the next cells would make the printed page as wide as it.
    sheet.print_area = f"A1:B{row - 1}"
    return addresses


def _identity(evidence: Evidence, digest: str) -> list[tuple[str, str]]:
    area = evidence.study_area
    names = "; ".join(f"{name.text} ({name.language})" for name in evidence.site.names)
    known = [
        ("Site", f"{evidence.site.title} ({evidence.site.id})"),
        ("Names", names),
        ("Mapped area", f"{area.title} ({area.id})"),
        ("Epochs", ", ".join(f"{each.label} ({each.sensor_title})" for each in evidence.epochs)),
        ("Dated", f"{evidence.issue_date}, the day of the latest image used"),
        ("Made by", f"reetrace {evidence.reetrace_version}, engine {evidence.engine}"),
        ("Workbook", f"version {version_of('workbook')}; see the sheet “change_log”"),
        ("Run", evidence.run_id),
    ]
    return [*known, ("Evidence", digest)] if digest else known


def _headlines(evidence: Evidence) -> list[tuple[str, str]]:
    zone_set, zone = lookup.subject(evidence)
    target = lookup.target_title(evidence)
    found = [
        (
            f"{target}, {each.epoch}",
            f"mapped {_said(lookup.mapped(evidence, each))}; error-adjusted {_said(each.adjusted)}",
        )
        for each in lookup.areas(evidence, zone_set, zone, evidence.legend.target)
    ]
    growth = lookup.whole_growth(evidence, zone_set, zone)
    if growth is not None:
        verdict = growth.verdict.replace("-", " ")
        change = f"{_said(growth.change)}: {verdict}"
        found.append((f"Change {growth.first}–{growth.last}", change))
    return found


def _said(measure: Measure) -> str:
    if measure.value is None:
        return f"not given ({measure.reason})"
    value = f"{measure.value:.2f} {measure.unit}"
    if measure.low is None or measure.high is None:
        return value
    return f"{value} (95 % interval {measure.low:.2f} to {measure.high:.2f})"


def _contents(tables: Sequence[Table]) -> list[tuple[str, str]]:
    charts = ("charts", "Charts of areas by epoch, with the numbers they are drawn from.")
    return [charts, *((each.name, f"{each.title}. {each.description}") for each in tables)]


def _pairs(
    sheet: Worksheet,
    row: int,
    heading: str,
    pairs: Sequence[tuple[str, str]],
    *,
    linked: bool = False,
) -> int:
    """A heading and lines of two cells; returns the row after them."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    for column in (1, 2):
        at(sheet, row, column).fill = fill(HEAD_FILL)
    put_text(sheet, row, 1, heading).font = font(bold=True, colour="FFFFFF", size=11)
    for offset, (name, said) in enumerate(pairs, start=1):
        left = put_text(sheet, row + offset, 1, name)
        left.font, left.alignment, left.border = font(bold=True), aligned(), hairline()
        right = put_text(sheet, row + offset, 2, said)
        right.font, right.alignment, right.border = font(), aligned(), hairline()
        lines = max(lines_of(name, _WIDTHS[0]), lines_of(said, _WIDTHS[1] * 1.25))
        # Burmese letters reach far below the line.
        tall = 1.5 if any("\u1000" <= letter <= "\u109f" for letter in said) else 1.0
        sheet.row_dimensions[row + offset].height = LINE_POINTS * lines * tall + 3
        if linked:
            left.font = font(bold=True, colour="0563C1")
            left.hyperlink = Hyperlink(ref=left.coordinate, location=f"'{name}'!A1", display=name)
    return row + len(pairs) + 1


def place_map(sheet: Worksheet, evidence: Evidence, map_image: Path, row: int) -> None:
    """The latest map on a sheet of its own."""
    from openpyxl.drawing.image import Image

    name = clipped(evidence.site.title, _HEADING)
    caption = f"{lookup.target_title(evidence)} at {name}, {evidence.years}"
    put_text(sheet, row, 1, caption).font = font(bold=True, size=12)
    picture = Image(str(map_image))
    wanted = 900
    picture.height = round(picture.height * wanted / picture.width)
    picture.width = wanted
    sheet.add_image(picture, f"A{row + 2}")
