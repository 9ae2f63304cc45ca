"""The sheets: frame, footer, page numbers, bookmarks, and the notice of drawn imagery."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.reading.language import plain, say
from reetrace.report import breaking, flow, fonts
from reetrace.report.brand import Brand
from reetrace.report.settling import settle
from reetrace.report.tagging import Marks, artifact

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus.flowables import Flowable

MM = 72.0 / 25.4
PAGE = (210.0 * MM, 297.0 * MM)
SIDE_MM, TOP_MM, FOOT_MM = 20.0, 19.0, 21.0
TEXT_MM = 210.0 - 2 * SIDE_MM
BODY_MM = 297.0 - TOP_MM - FOOT_MM

BAND_COLOUR = "#8c1c13"
_BAND_MM = 8.0

_EDGE = 16.0
"""Points kept free on both sides of the notice."""

_ABOVE_HEADING = 12.0
"""Points of paper that a link leaves above the heading it leads to."""


@dataclass(frozen=True)
class Sheets:
    """Pages as reportlab writes them, and what each mark on them is."""

    content: bytes
    marks: Marks


def write_pages(
    story: list[Flowable],
    *,
    evidence: Evidence,
    brand: Brand,
    footer: str,
    digest: str,
) -> Sheets:
    """The pages: the same bytes for the same story.

    Args:
        story: In order; headings carry `outline_level` and `outline_text`.
        evidence: Says whether the imagery was drawn, and dates the document.
        brand: Colours of the footer.
        footer: Left part of every footer.
        digest: SHA-256 of `evidence.json`, printed on every page.

    Raises:
        EvidenceError: A row of a table is taller than a page.
    """
    from reportlab.platypus.doctemplate import LayoutError

    fonts.register()
    out = io.BytesIO()
    document = _document(out, evidence, brand, footer, digest)
    try:
        document.multiBuild(story, canvasmaker=_canvas_class(document))
    except LayoutError as error:
        raise EvidenceError(
            f"the report does not fit its pages: on page {document.page} a text in a table is "
            "longer than a page. Shorten it (a name, a source, an interpreter, a note)."
        ) from error
    return Sheets(out.getvalue(), document.canv.marks)


def _document_class(evidence: Evidence, brand: Brand, footer: str, digest: str) -> Any:  # noqa: ANN401
    """The class is made here because its base comes from reportlab."""
    from reportlab.platypus import BaseDocTemplate

    class Document(BaseDocTemplate):
        """Counts its pages for the footer of the next pass and notes headings."""

        page_total = counted_before = 0
        issue_date = evidence.issue_date
        band_notice = notice_of(evidence)
        footer_left = footer
        footer_digest = digest
        run_id = evidence.run_id
        colours = brand

        def handle_flowable(self, flowables: list[Flowable]) -> None:
            """Ends the page first where what comes next should not stand at its foot."""
            from reportlab.platypus import PageBreak

            frame = getattr(self, "frame", None)
            if frame is not None and hasattr(flowables[0], "part"):
                room = frame._y - frame._y1p - (0 if frame._atTop else frame._prevASpace)  # noqa: SLF001 - no other way
                if settle(flowables, width=TEXT_MM * MM, room=room) and not frame._atTop:  # noqa: SLF001
                    flowables.insert(0, PageBreak())
            super().handle_flowable(flowables)

        def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
            """Bookmarks and contents."""
            level = getattr(flowable, "outline_level", None)
            if level is None:
                return
            text = flowable.outline_text  # type: ignore[attr-defined]
            key = flowable.outline_key  # type: ignore[attr-defined]
            top = self.frame._y + flowable.height + _ABOVE_HEADING  # type: ignore[attr-defined]  # noqa: SLF001
            self.canv.bookmarkPage(key, fit="XYZ", left=0, top=round(top, 2), zoom=0)
            self.canv.addOutlineEntry(text, key, level, closed=level > 0)
            if level == 0:
                self.notify("TOCEntry", (level, text, self.page, key))

        def _endBuild(self) -> None:  # noqa: N802 - reportlab's name
            self.counted_before, self.page_total = self.page_total, self.page
            super()._endBuild()  # type: ignore[misc]

        def _allSatisfied(self) -> bool:  # noqa: N802 - reportlab's name
            """Whether contents and footers told the true pages."""
            satisfied: bool = super()._allSatisfied()  # type: ignore[misc]
            return satisfied and self.page_total == self.counted_before

    return Document


def _document(out: io.BytesIO, evidence: Evidence, brand: Brand, footer: str, digest: str) -> Any:  # noqa: ANN401 - see `_document_class`
    from reportlab.platypus import Frame, PageTemplate

    document = _document_class(evidence, brand, footer, digest)(
        out,
        pagesize=PAGE,
        invariant=1,
        pageCompression=1,
        initialFontName=fonts.SANS,
    )
    frame = Frame(
        SIDE_MM * MM, FOOT_MM * MM, TEXT_MM * MM, BODY_MM * MM,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    document.addPageTemplates([PageTemplate("page", [frame])])
    return document


def _canvas_class(document: Any) -> type[Canvas]:  # noqa: ANN401 - see `_document_class`
    from reportlab.pdfgen.canvas import Canvas

    class Sheet(Canvas):
        """A canvas whose every page ends in the same way, whatever was drawn on it."""

        def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
            super().__init__(*arguments, **options)
            # The first pass only counts pages: nothing is drawn in it.
            self.draft = not document.page_total
            self.marks = Marks()
            _date(self, document.issue_date)

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            """Draws footer and notice last, over everything, and ends the page."""
            if self.draft:
                super().showPage()
                return
            self.resetTransforms()
            with artifact(self, "Pagination"):
                _footer(self, document)
                if document.band_notice:
                    _band(self, document.band_notice)
            super().showPage()

    return Sheet


def notice_of(evidence: Evidence) -> str:
    """The notice of drawn imagery, in English and in the language of the edition."""
    if not evidence.simulated:
        return ""
    said = plain(say(SIMULATED_NOTICE))
    return SIMULATED_NOTICE if said == SIMULATED_NOTICE else f"{SIMULATED_NOTICE} · {said}"


def _date(canvas: Canvas, issue_date: str) -> None:
    """Dates the document by its evidence: not by the clock, nor by what the shell has set."""
    import calendar
    import hashlib
    import time

    moment = time.strptime(issue_date[:10], "%Y-%m-%d")
    # reportlab offers no other way in. Its identifier of the file begins from the same date.
    document: Any = canvas._doc  # type: ignore[attr-defined]  # noqa: SLF001
    document.signature = hashlib.md5(issue_date.encode(), usedforsecurity=False)
    stamp = document._timeStamp  # noqa: SLF001
    stamp.t = float(calendar.timegm(moment))
    stamp.lt = time.gmtime(stamp.t)
    stamp.tzname, stamp.dhh, stamp.dmm = "UTC", 0, 0
    stamp.YMDhms = tuple(stamp.lt)[:6]


def _footer(canvas: Canvas, document: Any) -> None:  # noqa: ANN401 - see `_document_class`
    from reportlab.lib.colors import HexColor

    left, right, line = SIDE_MM * MM, PAGE[0] - SIDE_MM * MM, (FOOT_MM - 4.5) * MM
    canvas.saveState()
    canvas.setStrokeColor(HexColor(document.colours.secondary))
    canvas.setLineWidth(0.7)
    canvas.line(left, line, right, line)
    canvas.setFillColor(HexColor(document.colours.muted))
    _line_of_text(canvas, document.footer_left, left, line - 9.5, 7.0)
    page, total = canvas.getPageNumber(), document.page_total or canvas.getPageNumber()
    pages = plain(say("Page {page} of {total}", page=page, total=total))
    _line_of_text(canvas, pages, right - fonts.text_width(pages, 7.0), line - 9.5, 7.0)
    run = say(
        "Run {run} · evidence.json SHA-256 {digest}",
        run=document.run_id,
        digest=document.footer_digest,
    )
    # Marks of Burmese hang low: the lines stand apart as far as a name in it needs.
    _line_of_text(canvas, plain(run), left, line - 21, 5.6)
    canvas.restoreState()


def _line_of_text(
    canvas: Canvas,
    text: str,
    left: float,
    base: float,
    size: float,
    *,
    face: fonts.Face = "regular",
    room: float = PAGE[0] - 2 * SIDE_MM * MM - 70,
) -> None:
    """One line in whatever script, set as a paragraph: a plain string is not shaped."""
    from reportlab.lib.styles import ParagraphStyle

    style = ParagraphStyle("footer", fontName=fonts.SANS, fontSize=size, leading=size * 1.3)
    style.textColor = canvas._fillColorObj  # type: ignore[attr-defined]  # noqa: SLF001 - as set by the caller
    # In the report's own letters: what every page must carry is no brand's to shape.
    with fonts.set_in(None):
        words = flow.words([fonts.Span(breaking.elided(text, size, room), face)], style)
    _, height = words.wrapOn(canvas, room + 20, 40)
    words.drawOn(canvas, left, base + words.sunk - (height - size * 1.3) - size * 0.3)


def _band(canvas: Canvas, notice: str) -> None:
    from reportlab.lib.colors import HexColor, white

    canvas.saveState()
    for bottom, height, size in (
        (PAGE[1] - (_BAND_MM + 4) * MM, _BAND_MM * MM, 12.0),
        (2.6 * MM, 5.0 * MM, 8.0),
    ):
        canvas.setFillColor(HexColor(BAND_COLOUR))
        canvas.rect(0, bottom, PAGE[0], height, stroke=0, fill=1)
        canvas.setFillColor(white)
        room = PAGE[0] - 2 * _EDGE
        fitting = size * min(1.0, room / fonts.text_width(notice, size, "bold"))
        left = (PAGE[0] - fonts.text_width(notice, fitting, "bold")) / 2
        base = bottom + height / 2 - fitting * 0.36
        _line_of_text(canvas, notice, left, base, fitting, face="bold", room=room + 1)
    canvas.restoreState()
