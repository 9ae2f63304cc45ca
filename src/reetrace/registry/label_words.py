"""What a user says about labels on the command line, as the library takes it."""

from __future__ import annotations

from collections.abc import Sequence

from reetrace.core.errors import LabelError

_YEARS = range(1972, 2101)


def epochs_and_fields(said: Sequence[str], landcover: str) -> tuple[tuple[str, str], ...]:
    """(epoch, field) for each `YEAR=FIELD`, or (epoch, "") for each plain year with one class.

    >>> epochs_and_fields(["1986=class_1986", "2001=class_2001"], "")
    (('1986', 'class_1986'), ('2001', 'class_2001'))
    """
    listed = []
    for text in said:
        year, _, field = (part.strip() for part in text.partition("="))
        if not year.isdecimal() or int(year) not in _YEARS:
            raise LabelError(f"--epoch {text!r}: a year from 1972 to 2100 is needed, as in 2018.")
        if bool(field) == bool(landcover):
            raise LabelError(
                f"--epoch {text!r}: either the field that holds the class ({year}=FIELD) or one "
                "class for all (--as CLASS) is needed."
            )
        listed.append((year, field))
    if len({year for year, _ in listed}) < len(listed):
        raise LabelError("--epoch: a year stands twice; say each once.")
    return tuple(listed)


def pairs(option: str, said: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """(left, right) of each `LEFT=RIGHT` said with an option.

    >>> pairs("--map", ["Forest=forest"])
    (('Forest', 'forest'),)
    """
    found = []
    for text in said:
        left, equals, right = (part.strip() for part in text.partition("="))
        if not (left and equals and right):
            raise LabelError(f"{option} {text!r}: two words with = between them are needed.")
        found.append((left, right))
    return tuple(found)
