"""What a report is made of, and what of it no template may drop, hide or bury."""

from __future__ import annotations

from collections.abc import Sequence

from reetrace.core.errors import TemplateError

KINDS = (
    "cover",
    "contents",
    "findings",
    "place",
    "imagery",
    "landcover",
    "change",
    "extents",
    "countries",
    "patches",
    "accuracy",
    "spectral",
    "published",
    "context",
    "limits",
    "method",
    "custody",
    "letterhead",
    "answer",
    "site",
    "certainty",
    "caveats",
    "digests",
    "text",
)
"""What a section may be made of; `text` is words alone, those from `letterhead` on are brief."""

REQUIRED = ("cover", "findings", "accuracy", "spectral", "limits", "method", "custody")
"""Sections no template may leave out: an answer without its doubts is no evidence."""

IN_BRIEF = {
    "cover": "letterhead",
    "findings": "answer",
    "accuracy": "certainty",
    "spectral": "certainty",
    "limits": "caveats",
    "method": "certainty",
    "custody": "digests",
}
"""Which brief section stands for which required one."""

HONEST = frozenset({*REQUIRED, *IN_BRIEF.values()})

FIXED = {
    "spectral": "fixed/spectral.md.j2",
    "limits": "fixed/limits.md.j2",
    "method": "fixed/method.md.j2",
    "custody": "fixed/custody.md.j2",
    "caveats": "fixed/caveats.md.j2",
    "digests": "fixed/digests.md.j2",
}
"""Words that always stand in a section, after a template's own; no template can change them."""

_SAID_IN_HEADING = {
    "accuracy": ("accura", "Accuracy"),
    "spectral": ("screening", "Spectral screening"),
    "limits": ("limit", "Limits"),
    "method": ("method", "Method"),
    "custody": ("custody", "Chain of custody"),
    "certainty": ("sure", "How sure"),
    "caveats": ("limit", "Limits"),
    "digests": ("digest", "Digests"),
}

_MOST_SECTIONS = 40


def honest_heading(kind: str, heading: str) -> str:
    """A heading under which its section is still found.

    >>> honest_heading("limits", "Our strengths")
    'Our strengths (Limits)'
    """
    if kind not in _SAID_IN_HEADING or not heading:
        return heading
    part, whole = _SAID_IN_HEADING[kind]
    return heading if part in heading.casefold() else f"{heading} ({whole})"


def refuse_dishonest(kinds: Sequence[str], where: str) -> None:
    """Raises TemplateError where sections lack, stand twice, or stand behind what they should not.

    Args:
        kinds: Of the sections, in order.
        where: File that lists them.
    """
    if len(kinds) > _MOST_SECTIONS:
        raise TemplateError(f"{where}: has {len(kinds)} sections; at most {_MOST_SECTIONS} may be.")
    for kind in REQUIRED:
        brief = IN_BRIEF[kind]
        if kind not in kinds and brief not in kinds:
            raise TemplateError(
                f"{where}: the section {kind!r} is missing and may not be left out. "
                f'Add [[section]] kind = "{kind}" (or "{brief}", its brief form).'
            )
    for kind in kinds:
        if kind != "text" and kinds.count(kind) > 1:
            raise TemplateError(f"{where}: the section {kind!r} stands there twice. Keep one.")
    if kinds[0] not in {"cover", "letterhead"}:
        raise TemplateError(f"{where}: the first section is {kinds[0]!r}, not 'cover'.")
    _refuse_buried(kinds, where)


def _refuse_buried(kinds: Sequence[str], where: str) -> None:
    answer = min(kinds.index(each) for each in ("findings", "answer") if each in kinds)
    for kind in kinds[:answer]:
        if kind not in HONEST and kind != "contents":
            raise TemplateError(
                f"{where}: the section {kind!r} stands before the findings. Move it behind them."
            )
    if "text" in kinds:
        ahead = kinds[: kinds.index("text")]
        for kind in ("accuracy", "limits"):
            if kind not in ahead and IN_BRIEF[kind] not in ahead:
                raise TemplateError(
                    f"{where}: a section of kind 'text' stands before {kind!r}. Move words of "
                    "your own behind the accuracy and the limits."
                )
