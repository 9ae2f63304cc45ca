"""Text that can stand in a table, a PDF and a message of one line."""

from __future__ import annotations

import unicodedata

# Control characters, lone surrogates, and the line and paragraph separators.
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def is_one_line(text: str) -> bool:
    r"""Whether a text holds nothing but characters of one line, in whatever script.

    >>> is_one_line("ကချင်ပြည်နယ် 矿区"), is_one_line("two\nlines")
    (True, False)
    """
    return not any(unicodedata.category(letter) in _UNPRINTABLE for letter in text)
