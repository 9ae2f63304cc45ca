"""Sizes, weights and colours of everything a report sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reetrace.report import fonts
from reetrace.report.brand import Brand

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

GRADE_COLOURS = {
    "estimated": "#0b6e4f",
    "mapped": "#12557a",
    "screening": "#5b4b8a",
    "arithmetic": "#5b6470",
    "cannot tell": "#5b6470",
    "not seen": "#5b6470",
}
"""Colours of the marks beside findings; each mark carries its word, so grey print loses nothing."""


def styles_of(brand: Brand) -> dict[str, ParagraphStyle]:
    """Every style of a report by its name."""
    from reportlab.lib.colors import HexColor, white
    from reportlab.lib.styles import ParagraphStyle

    ink, muted, main = (HexColor(each) for each in (brand.foreground, brand.muted, brand.primary))
    to_right = 2

    def made(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:  # noqa: ANN401
        settings = {
            "fontName": fonts.SANS,
            "textColor": ink,
            "allowWidows": 0,
            "allowOrphans": 0,
            **more,
        }
        return ParagraphStyle(name, fontSize=size, leading=leading, **settings)

    def bold(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:  # noqa: ANN401
        return made(name, size, leading, fontName=fonts.BOLD, **more)

    head = {"textColor": main}
    styles = [
        made("body", 9.4, 13.4, spaceAfter=5),
        made("bullet", 9.4, 13.4, leftIndent=11, bulletIndent=1, spaceAfter=3),
        made("numbered", 9.4, 13.4, leftIndent=16, bulletIndent=1, spaceAfter=3),
        made("finding", 9.4, 13.2),
        made("small", 8, 11.2, spaceAfter=3),
        made("note", 7.4, 10, textColor=muted, spaceBefore=2),
        made("caption", 7.8, 10.4, textColor=muted),
        made("table_caption", 7.8, 10.4, textColor=muted, spaceBefore=3, spaceAfter=2.5),
        made("fine", 5.6, 8),
        bold("heading0", 15.5, 20, spaceBefore=13, spaceAfter=6, **head),
        bold("heading1", 11, 15, spaceBefore=9, spaceAfter=4, **head),
        made("side", 9.4, 14.5),
        made("answer", 10.2, 14.8),
        made("kicker", 9, 12, textColor=muted),
        bold("title", 25, 31, textColor=main),
        bold("title_long", 19, 25, textColor=main),
        made("names", 12.5, 18, textColor=ink, spaceBefore=5),
        made("period", 10.5, 15, textColor=ink),
        bold("figure_value", 22, 27, textColor=main),
        made("figure_interval", 8.2, 11.4, textColor=ink),
        made("figure_title", 8.6, 11.6, textColor=muted),
        bold("mark", 8.2, 13.2),
        bold("box_title", 9.4, 13.4, textColor=main, spaceAfter=2),
        bold("contents_title", 15.5, 20, textColor=main, spaceAfter=5),
        made("contents", 9.2, 14),
    ]
    for side, alignment in (("left", 0), ("right", to_right), ("center", 1)):
        styles.append(bold(f"head_{side}", 7.4, 9.4, textColor=white, alignment=alignment))
        styles.append(made(f"cell_{side}", 7.8, 10.4, alignment=alignment))
    return {style.name: style for style in styles}
