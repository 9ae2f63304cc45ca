"""The setter of a report: every word it sets has been checked for its letters and its wording."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reetrace.core.evidence import Evidence
from reetrace.report import flow, fonts, wording
from reetrace.report.brand import Brand
from reetrace.report.fonts import Face, Span
from reetrace.report.styles import styles_of
from reetrace.report.tabling import Align, Text, folded, grid

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

    from reetrace.report.figures.plate import Picture

MM = 72.0 / 25.4


class Press:
    """Makes flowables; numbers figures and tables as it goes."""

    def __init__(self, evidence: Evidence, brand: Brand) -> None:
        fonts.register()
        self.evidence = evidence
        self.brand = brand
        self.where = "report"
        """The section being set, for messages."""
        self._figures = 0
        self._tables = 0
        self._headings = 0
        self._groups = 0
        self._styles = styles_of(brand)

    def style(self, name: str) -> ParagraphStyle:
        """A named style."""
        return self._styles[name]

    def text(self, text: Text, style: str = "body") -> Any:  # noqa: ANN401 - a flowable
        """A paragraph that says something: letters and wording are checked."""
        plain = text if isinstance(text, str) else "".join(span.text for span in text)
        wording.check(plain, self.where)
        return self.name(text, style)

    def name(self, text: Text, style: str = "body") -> Any:  # noqa: ANN401 - a flowable
        """A proper name, an identifier or a quotation: only the letters are checked."""
        spans = [Span(text)] if isinstance(text, str) else list(text)
        if self._styles[style].fontName == fonts.BOLD:
            spans = [Span(span.text, "bold") for span in spans]
        for span in spans:
            fonts.check_glyphs(span.text, self.where)
        made = flow.words(spans, self._styles[style])
        made.part, made.group = "text", self.next_group()
        return made

    def next_group(self) -> int:
        """A number for blocks that stay together."""
        self._groups += 1
        return self._groups

    def heading(self, text: str, level: int = 0) -> Any:  # noqa: ANN401 - a flowable
        """A heading, in the bookmarks too and, at level 0, in the contents."""
        self._headings += 1
        made = self.text(text, f"heading{level}")
        made.part, made.group = "heading", self.next_group()
        made.outline_level = level
        made.outline_text = text
        made.outline_key = f"h{self._headings}"
        return made

    def space(self, mm: float) -> Any:  # noqa: ANN401 - a flowable
        """Room between blocks."""
        from reportlab.platypus import Spacer

        made: Any = Spacer(1, mm * MM)
        made.part = "space"
        return made

    def figure(self, picture: Picture, caption: str, *, least_scale: float = 0.72) -> Any:  # noqa: ANN401
        """A numbered figure with its caption.

        Args:
            picture: As drawn.
            caption: Set beneath it.
            least_scale: How small it may be printed where that keeps it on the page.
        """
        self._figures += 1
        spans = [Span(f"Figure {self._figures}. ", "bold"), Span(caption)]
        caption_words = self.text(spans, "caption")
        made = flow.plate_class()(picture, caption_words, gap=2.0 * MM, least_scale=least_scale)
        made.part, made.group = "figure", self.next_group()
        return made

    def table(
        self,
        caption: str,
        header: Sequence[str],
        rows: Sequence[Sequence[Text]],
        widths_mm: Sequence[float],
        *,
        align: Sequence[Align] = (),
        note: str = "",
        names: Sequence[int] = (),
        strong: Sequence[int] = (),
        fine: Sequence[int] = (),
        fold: Sequence[int] = (),
        together: Sequence[tuple[int, int]] = (),
    ) -> list[Any]:
        """A numbered table; its head is repeated on every page it runs over.

        Args:
            caption: Set above it.
            header: Titles of the columns, units included.
            rows: Cells as they are printed.
            widths_mm: Of the columns.
            align: By column; left where there are fewer.
            note: Set small beneath it.
            names: Columns that hold names, identifiers or quotations.
            strong: Rows (from 0) that sum up others.
            fine: Columns of digests, set small.
            fold: Columns that become part of the note where all rows say the same.
            together: First and last row (from 0) of rows that may not be parted.
        """
        self._tables += 1
        shape = folded(header, rows, widths_mm, fold)
        header, rows = shape.header, shape.rows
        align, names, fine = shape.pick(align), shape.moved(names), shape.moved(fine)
        note = " ".join(each for each in (note, shape.note) if each)
        title = [Span(f"Table {self._tables}. ", "bold"), Span(caption)]
        cells = self._cells(header, rows, align, names=names, strong=strong, fine=fine)
        beneath = self.text(note, "note") if note else None
        made = grid(cells, shape.widths_mm, self.brand, together=together, note=beneath)
        made.spaceAfter = 3.5 * MM
        whole = [self.text(title, "table_caption"), made]
        group = self.next_group()
        for each in whole:
            each.part, each.group = "table", group
        return whole

    def _cells(
        self,
        header: Sequence[str],
        rows: Sequence[Sequence[Text]],
        align: Sequence[Align],
        *,
        names: Sequence[int],
        strong: Sequence[int],
        fine: Sequence[int],
    ) -> list[list[Any]]:
        sides = [*align, *["left"] * (len(header) - len(align))]
        cells = [
            [self.text(title, f"head_{side}") for title, side in zip(header, sides, strict=True)]
        ]
        for index, row in enumerate(rows):
            face: Face = "bold" if index in strong else "regular"
            made = []
            for column, (cell, side) in enumerate(zip(row, sides, strict=True)):
                spans = [Span(cell, face)] if isinstance(cell, str) else list(cell)
                setter = self.name if column in names else self.text
                made.append(setter(spans, "fine" if column in fine else f"cell_{side}"))
            cells.append(made)
        return cells

    def coloured(self, text: str, colour: str) -> Any:  # noqa: ANN401 - a flowable
        """A word in bold and in a colour, for marks."""
        from reportlab.lib.colors import HexColor

        wording.check(text, self.where)
        style = self._styles["mark"].clone("mark", textColor=HexColor(colour))
        return flow.words([Span(text, "bold")], style)

    def item(self, spans: Text, mark: str) -> Any:  # noqa: ANN401 - a flowable
        """An item of a list."""
        made = self.text(spans, "bullet")
        item = flow.marked(made, mark, self._styles["bullet"])
        item.part, item.group = "text", self.next_group()
        return item

    def box(self, content: Sequence[Any], *, width_mm: float = 170.0) -> Any:  # noqa: ANN401
        """A tinted box around some paragraphs."""
        from reportlab.lib.colors import HexColor
        from reportlab.platypus import Table

        made = Table([[list(content)]], colWidths=[width_mm * MM])
        made.setStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), HexColor("#f1f5f9")),
                ("LINEBEFORE", (0, 0), (0, -1), 2.4, HexColor(self.brand.secondary)),
                ("LEFTPADDING", (0, 0), (-1, -1), 9),
                ("RIGHTPADDING", (0, 0), (-1, -1), 9),
                ("TOPPADDING", (0, 0), (-1, -1), 6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
            ]
        )
        return made
