"""The fonts of a report as matplotlib knows them."""

from __future__ import annotations

from functools import lru_cache

from reetrace.report.fonts import BOLD, FILES, FOLDER, HAN, ITALIC, MATH, SANS
from reetrace.report.shaping import MYANMAR


@lru_cache(maxsize=1)
def figure_families() -> tuple[str, ...]:
    """Font families for matplotlib, in the order in which a character is looked for."""
    from matplotlib import font_manager

    # Names of our own: a font of the same name on the machine must not take part. The scripts that
    # have one weight are listed for both, or matplotlib logs a complaint.
    entries = (
        ("reetrace sans", SANS, "normal", 400),
        ("reetrace sans", BOLD, "normal", 700),
        ("reetrace sans", ITALIC, "italic", 400),
        *(
            (family, name, "normal", weight)
            for family, name in (
                ("reetrace math", MATH),
                ("reetrace myanmar", MYANMAR),
                ("reetrace han", HAN),
            )
            for weight in (400, 700)
        ),
    )
    # Before all others: an exact match ends the search, else every font of the machine is asked.
    font_manager.fontManager.ttflist[:0] = [
        font_manager.FontEntry(
            fname=str(FOLDER / FILES[name]),
            name=family,
            style=style,
            variant="normal",
            weight=weight,
            stretch="normal",
            size="scalable",
        )
        for family, name, style, weight in entries
    ]
    return ("reetrace sans", "reetrace math", "reetrace myanmar", "reetrace han")
