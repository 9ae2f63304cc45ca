"""What a user says about labels on the command line, as the library takes it."""

from __future__ import annotations

from collections.abc import Sequence

from reetrace.core.errors import LabelError
from reetrace.core.samples import Design, Stratum

_SAMPLES: dict[str, Design | None] = {
    "": None,
    "simple-random": "simple-random",
    "stratified": "stratified",
}

_YEARS = range(1972, 2101)


def sample_design(said: str, strata: Sequence[str]) -> tuple[Design | None, tuple[Stratum, ...]]:
    """(design, strata) of a probability sample, or (None, ()) where none is said.

    >>> sample_design("stratified", ["near=4.5", "far=53.26"])[1][0]
    Stratum(id='near', area_m2=4500000.0, title='')
    """
    if said not in _SAMPLES:
        raise LabelError(f"--sample {said!r}: simple-random or stratified is needed.")
    design = _SAMPLES[said]
    if bool(strata) != (design == "stratified"):
        raise LabelError(
            "--stratum: a stratified sample needs each stratum with its area in km², as in "
            "near=4.5; no other has any."
        )
    listed = []
    for name, area in pairs("--stratum", strata):
        try:
            area_m2 = float(area) * 1e6
        except ValueError:
            area_m2 = 0.0
        if not 0.0 < area_m2 < float("inf"):
            raise LabelError(f"--stratum {name}={area}: an area in km² above 0 is needed.")
        listed.append(Stratum(name, area_m2))
    return design, tuple(listed)


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
