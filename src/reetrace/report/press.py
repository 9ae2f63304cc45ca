"""The setter of a report: every word it sets has been checked for its letters and its wording."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.reading import wording
from reetrace.reading.language import ENGLISH, START, code, plain, say
from reetrace.report import flow, fonts, pictures
from reetrace.report.brand import Brand
from reetrace.report.fonts import Face, Span
from reetrace.report.pages import notice_of
from reetrace.report.styles import styles_of
from reetrace.report.tabling import Align, Text, folded, grid, layout, structure
from reetrace.report.tagging import Node
from reetrace.report.voices import spans_of

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

    from reetrace.report.figures.plate import Elastic, Picture

MM = 72.0 / 25.4

_TAGS = {
    "title": "H1",
    "title_long": "H1",
    "heading0": "H2",
    "contents_title": "H2",
    "heading1": "H3",
    "caption": "Caption",
    "table_caption": "Caption",
}
"""Elements of styles that are no paragraphs."""


class Press:
    """Makes flowables, each with its element; numbers figures and tables as it goes."""

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
        self._document = Node("Document")
        self._section = self.place = self._document
        self._list: Node | None = None

    def begin(self, kind: str) -> None:
        """Begins a section: what is made from now on belongs to it."""
        self.where = f"section {kind!r}"
        self._section = self.place = Node("Sect", self._document)
        self._list = None

    def style(self, name: str) -> ParagraphStyle:
        """A named style."""
        return self._styles[name]

    def text(self, text: Text, style: str = "body") -> Any:  # noqa: ANN401 - a flowable
        """A paragraph that says something: letters and wording are checked."""
        said = text if isinstance(text, str) else "".join(span.text for span in text)
        wording.check(plain(said), self.where)
        return self.name(text, style)

    def name(self, text: Text, style: str = "body") -> Any:  # noqa: ANN401 - a flowable
        """A proper name, an identifier or a quotation: only the letters are checked."""
        spans = spans_of(text)
        if self._styles[style].fontName == fonts.BOLD:
            spans = [span._replace(face="bold") for span in spans]
        for span in spans:
            fonts.check_glyphs(span.text, self.where)
        made = flow.words(spans, self._styles[style])
        made.part, made.group = "text", self.next_group()
        made.node = Node(_TAGS.get(style, "P"), self.place)
        self._list = None
        return made

    def next_group(self) -> int:
        """A number for blocks that stay together."""
        self._groups += 1
        return self._groups

    def heading(self, text: str, level: int = 0) -> Any:  # noqa: ANN401 - a flowable
        """A heading, in the bookmarks too and, at level 0, in the contents."""
        self._headings += 1
        self.place = Node("Sect", self._section) if level else self._section
        made = self.text(text, f"heading{level}")
        made.part, made.group = "heading", self.next_group()
        made.outline_level = level
        made.outline_text = plain(text)
        made.outline_key = f"h{self._headings}"
        return made

    def space(self, mm: float) -> Any:  # noqa: ANN401 - a flowable
        """Room between blocks."""
        from reportlab.platypus import Spacer

        made: Any = Spacer(1, mm * MM)
        made.part = "space"
        return made

    def figure(
        self, picture: Picture | Elastic, caption: str, told: str, *, least_scale: float = 0.72
    ) -> Any:  # noqa: ANN401 - a flowable
        """A numbered figure with its caption.

        Args:
            picture: As drawn, or how to draw it as tall as the page has room.
            caption: Set beneath it.
            told: What the figure shows, with its numbers, for readers who do not see it.
            least_scale: How small it may be printed where that keeps it on the page.
        """
        self._figures += 1
        spans = [Span(f"{say('Figure {number}.', number=self._figures)} ", "bold"), Span(caption)]
        caption_words = self.text(spans, "caption")
        whole = Node("Div", self.place)
        shown, caption_words.node.parent = self.shown(told, whole), whole
        made = pictures.plate_class()(
            picture, caption_words, shown, gap=2.5 * MM, least_scale=least_scale
        )
        made.part, made.group = "figure", self.next_group()
        return made

    def shown(self, told: str, place: Node | None = None) -> Node:
        """The element of a picture, with what it says in words."""
        wording.check(plain(told), self.where)
        # A description is in one language: where one of its sentences lacks a translation, English.
        english = told.startswith(START)
        language = ENGLISH if english and code() != ENGLISH else ""
        said = SIMULATED_NOTICE if english else notice_of(self.evidence)
        notice = f"{said}. " if self.evidence.simulated else ""
        alt = f"{notice}{plain(told)}"
        return Node("Figure", place or self.place, alt=alt, language=language)

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
        title = [Span(f"{say('Table {number}.', number=self._tables)} ", "bold"), Span(caption)]
        cells = self._cells(header, rows, align, names=names, strong=strong, fine=fine)
        beneath = self.text(note, "note") if note else None
        made = grid(cells, shape.widths_mm, self.brand, together=together, note=beneath)
        made.spaceAfter = 3.5 * MM
        above, table = self.text(title, "table_caption"), Node("Table", self.place)
        above.node = table.child("Caption")
        structure(table, cells)
        whole = [above, made]
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

        wording.check(plain(text), self.where)
        style = self._styles["mark"].clone("mark", textColor=HexColor(colour))
        return flow.words(spans_of([Span(text, "bold")]), style)

    def item(self, text: Text, number: str = "") -> Any:  # noqa: ANN401 - a flowable
        """An item of a list; one after another they make one list.

        Args:
            text: Its words.
            number: As printed before it, e.g. `2.`; a bullet where there is none.
        """
        numbering = "Decimal" if number else "Disc"
        listing = self._list
        if listing is None or listing.numbering != numbering or number == "1.":
            listing = Node("L", self.place, numbering="Decimal" if number else "Disc")
        spans = self.text(text, "bullet").spans
        entry = Node("LI", listing)
        style = self._styles["numbered" if number else "bullet"]
        made = flow.marked(spans, number or "•", style, Node("Lbl", entry), Node("LBody", entry))
        made.part, made.group = "text", self.next_group()
        self._list = listing
        return made

    def box(self, content: Sequence[Any], *, width_mm: float = 170.0) -> Any:  # noqa: ANN401
        """A tinted box around some paragraphs."""
        from reportlab.lib.colors import HexColor

        return layout(
            [[list(content)]],
            [width_mm],
            [
                ("BACKGROUND", (0, 0), (-1, -1), HexColor("#f1f5f9")),
                ("LINEBEFORE", (0, 0), (0, -1), 2.4, HexColor(self.brand.secondary)),
                ("LEFTPADDING", (0, 0), (-1, -1), 9),
                ("RIGHTPADDING", (0, 0), (-1, -1), 9),
                ("TOPPADDING", (0, 0), (-1, -1), 6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
            ],
        )
