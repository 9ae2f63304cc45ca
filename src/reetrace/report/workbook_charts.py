"""Native charts of the workbook: areas by epoch with their intervals, drawn from cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reetrace.core.evidence import Evidence
from reetrace.core.results import ZoneArea
from reetrace.reading import lookup
from reetrace.report.workbook_cells import (
    HEAD_FILL,
    LINE_POINTS,
    aligned,
    fill,
    font,
    lines_of,
    put_number,
    put_text,
)

if TYPE_CHECKING:
    from openpyxl.chart import BarChart
    from openpyxl.chart.series import Series
    from openpyxl.worksheet.worksheet import Worksheet

# Okabe-Ito hues of clearly different lightness, safe for colour-blind readers and grey print.
_COLOURS = ("9AA5B1", "D55E00", "0072B2", "E69F00")

_ROWS_A_CHART = 22


@dataclass(frozen=True)
class _Bars:
    """One run of bars, an interval's whiskers on it where there is one."""

    title: str
    values: tuple[float | None, ...]
    above: tuple[float | None, ...]
    """From the value up to the end of its interval."""
    below: tuple[float | None, ...]

    @property
    def whiskers(self) -> bool:
        """Whether any bar has an interval."""
        return any(value is not None for value in self.above)

    @property
    def columns(self) -> list[tuple[str, tuple[float | None, ...]]]:
        """(header, values) of the cells the bars are drawn from."""
        bars = [(self.title, self.values)]
        if self.whiskers:
            bars += [(f"{self.title}, up", self.above), (f"{self.title}, down", self.below)]
        return bars


def write_charts(sheet: Worksheet, evidence: Evidence, first_row: int) -> None:
    """Charts of the target class: at the site asked for, and on each country's side."""
    from openpyxl.worksheet.pagebreak import Break

    target = lookup.target_title(evidence)
    sheet.column_dimensions["A"].width = 14
    for letter in "BCDEFGHIJKLM":
        sheet.column_dimensions[letter].width = 13
    row = first_row
    zone_set, zone = lookup.subject(evidence)
    areas = lookup.areas(evidence, zone_set, zone, evidence.legend.target)
    bars = [
        _Bars("Mapped", tuple(each.mapped.value for each in areas), (), ()),
        _with_whiskers("Error-adjusted", areas),
    ]
    title = f"{target}: area at {lookup.zone_title(evidence, zone_set, zone)} (km²)"
    row = _chart(sheet, row, title, _epochs(evidence), bars)
    for edition in lookup.country_sets(evidence)[:1]:
        sides = [
            _with_whiskers(
                each.name, lookup.areas(evidence, edition.id, each.id, _target(evidence))
            )
            for each in edition.zones
        ]
        title = f"{target}: area by side of the border (km²), edition {edition.edition}"
        sheet.row_breaks.append(Break(id=row - 1))
        row = _chart(sheet, row, title, _epochs(evidence), sides)
    sheet.print_area = f"A1:M{row}"


def _target(evidence: Evidence) -> str:
    return evidence.legend.target


def _epochs(evidence: Evidence) -> list[str]:
    return [each.label for each in evidence.epochs]


def _with_whiskers(title: str, areas: Sequence[ZoneArea]) -> _Bars:
    """Error-adjusted areas; mapped ones, without whiskers, where none could be estimated."""
    estimated = all(each.adjusted.value is not None for each in areas)
    shown = [each.adjusted if estimated else each.mapped for each in areas]
    return _Bars(
        title if estimated else f"{title} (mapped, no interval)",
        tuple(each.value for each in shown),
        tuple(
            each.high - each.value if each.high is not None and each.value is not None else None
            for each in shown
        ),
        tuple(
            each.value - each.low if each.low is not None and each.value is not None else None
            for each in shown
        ),
    )


def _chart(
    sheet: Worksheet, row: int, title: str, epochs: Sequence[str], runs: Sequence[_Bars]
) -> int:
    """The numbers of a chart and the chart beside them; returns the row after both."""
    from openpyxl.chart import BarChart, Reference

    runs = [run for run in runs if any(value is not None for value in run.values)]
    put_text(sheet, row, 1, title).font = font(bold=True, size=12)
    head = row + 1
    _numbers(sheet, head, epochs, runs)
    chart = BarChart()
    chart.type, chart.grouping = "col", "clustered"
    categories = Reference(sheet, min_col=1, min_row=head + 1, max_row=head + len(epochs))
    column = 2
    for position, run in enumerate(runs):
        values = Reference(sheet, min_col=column, min_row=head, max_row=head + len(epochs))
        chart.add_data(values, titles_from_data=True)
        _dress(chart.series[-1], _COLOURS[position % len(_COLOURS)])
        if run.whiskers:
            chart.series[-1].errBars = _whiskers(sheet, head, column, len(epochs))
        column += len(run.columns)
    chart.set_categories(categories)
    _lay_out(chart, title)
    sheet.add_chart(chart, f"A{head + len(epochs) + 2}")
    return head + len(epochs) + 2 + _ROWS_A_CHART


def _numbers(sheet: Worksheet, head: int, epochs: Sequence[str], runs: Sequence[_Bars]) -> None:
    columns = [("Epoch", tuple(epochs)), *(column for run in runs for column in run.columns)]
    for position, (title, values) in enumerate(columns, start=1):
        cell = put_text(sheet, head, position, title)
        cell.font, cell.fill = font(bold=True, colour="FFFFFF"), fill(HEAD_FILL)
        cell.alignment = aligned()
        for offset, value in enumerate(values, start=1):
            if isinstance(value, str):
                put_text(sheet, head + offset, position, value).font = font()
            elif value is not None:
                below = put_number(sheet, head + offset, position, value)
                below.number_format, below.font = "#,##0.00", font()
    deepest = max(lines_of(title, 11) for title, _ in columns)
    sheet.row_dimensions[head].height = LINE_POINTS * deepest + 3


def _dress(series: Series, colour: str) -> None:
    series.graphicalProperties.solidFill = colour
    series.graphicalProperties.line.solidFill = colour


def _whiskers(sheet: Worksheet, head: int, column: int, epochs: int) -> object:
    from openpyxl.chart.data_source import NumDataSource, NumRef
    from openpyxl.chart.error_bar import ErrorBars
    from openpyxl.utils import get_column_letter

    def cells(offset: int) -> NumDataSource:
        letter = get_column_letter(column + offset)
        span = f"${letter}${head + 1}:${letter}${head + epochs}"
        return NumDataSource(numRef=NumRef(f=f"'{sheet.title}'!{span}"))

    return ErrorBars(
        errDir=None, errBarType="both", errValType="cust", plus=cells(1), minus=cells(2)
    )


def _lay_out(chart: BarChart, title: str) -> None:
    from openpyxl.chart.axis import ChartLines
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.chart.text import RichText, Text
    from openpyxl.chart.title import Title
    from openpyxl.drawing.line import LineProperties
    from openpyxl.drawing.text import (
        CharacterProperties,
        Paragraph,
        ParagraphProperties,
        RegularTextRun,
    )

    looks = CharacterProperties(sz=1200, b=True)
    words = Paragraph(pPr=ParagraphProperties(defRPr=looks), r=[RegularTextRun(rPr=looks, t=title)])
    chart.title = Title(overlay=False)
    chart.title.tx = Text(rich=RichText(p=[words]))
    pale = GraphicalProperties(ln=LineProperties(solidFill="D5DAE0"))
    chart.y_axis.majorGridlines = ChartLines(spPr=pale)
    chart.height, chart.width = 9.5, 22
    chart.gapWidth = 60
    chart.legend.position = "b"
    chart.y_axis.title = "km²"
    chart.y_axis.number_format = "#,##0.0"
    chart.y_axis.scaling.min = 0
    # Without these two lines the axes are not drawn at all.
    chart.x_axis.delete = False
    chart.y_axis.delete = False
