"""Text that can stand in a table, a PDF and a message of one line."""

from __future__ import annotations

import unicodedata

# Control characters, lone surrogates, and the line and paragraph separators.
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


MOST_LETTERS = 500
"""Longer is no name or source; it would take pages of a report, and minutes to set them."""


def is_one_line(text: str) -> bool:
    r"""Whether a text is of one line, in whatever script, and of a length that can be printed.

    >>> is_one_line("ကချင်ပြည်နယ် 矿区"), is_one_line("two\nlines")
    (True, False)
    """
    return len(text) <= MOST_LETTERS and not any(
        unicodedata.category(letter) in _UNPRINTABLE for letter in text
    )
