"""How the documents of a bag were set, read from its `data/template.json` to set them so again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict

from reetrace.core.errors import EvidenceError, SettingError
from reetrace.core.evidence import Evidence
from reetrace.evidence.document import from_json, read_bytes
from reetrace.settings import ENGLISH, shipped_templates
from reetrace.shipped import shipped

if TYPE_CHECKING:
    from reetrace.report.template import Template

NAME = "data/template.json"

_MOST_NAMED = 3
"""Files that a note names before it counts the others."""

_File = TypedDict("_File", {"from": str, "path": str, "sha256": str})


@dataclass(frozen=True)
class _Record:
    """As much of the file as says what to set the documents with."""

    format: Literal["reetrace-template"]
    template: str
    changed_by_user: bool
    files: tuple[_File, ...]
    language: str = ENGLISH


@dataclass(frozen=True)
class SetWith:
    """What the documents of a second folder are to be set with."""

    template: Path | None = None
    """None is the default template."""
    language: str = ENGLISH
    notes: tuple[str, ...] = ()
    """Whether it is what they were set with then."""


def set_with(
    bag: Path, evidence: Evidence, *, given: Path | None, usual: Path | None = None
) -> SetWith:
    """The template and the language of a bag's report; nothing is needed where it has none.

    A shipped template is found by its name. A user's own is not in the bag and must be given.

    Args:
        bag: Whose files match their digests.
        evidence: Of the bag.
        given: The template that was asked for, if any.
        usual: The template that the settings name; it serves where a user's own is needed.

    Raises:
        SettingError: The template is not at hand.
        TemplateError: It is, and cannot be used.
        EvidenceError: The bag says nothing that can be read, or names an unknown language.
    """
    if not (bag / "data" / "report.pdf").is_file():
        return SetWith()
    if not (bag / NAME).is_file():
        return SetWith(given or usual)
    record = from_json(read_bytes(bag / NAME), _Record, NAME)
    folder = given or _at_hand(bag, record, usual)

    from reetrace.report.template import load_template

    template = load_template(folder)
    _refuse_unknown(bag, record.language, template)
    notes = _compared(template, evidence, record)
    return SetWith(folder, record.language, notes)


def _refuse_unknown(bag: Path, language: str, template: Template) -> None:
    from reetrace.reading.language import languages

    if language not in {*languages(), *template.catalogues}:
        raise EvidenceError(
            f"{bag}: its report is in the language {language[:20]!r}, which this reetrace does not "
            "have. Use the reetrace that made it (see bag-info.txt)."
        )


def _at_hand(bag: Path, record: _Record, usual: Path | None) -> Path:
    if record.changed_by_user:
        if usual is not None:
            return usual
        own = _named([each["path"] for each in record.files if each["from"] == "own"])
        raise SettingError(
            f"{bag}: its report was set with a template of the user's own ({own}), which is not in "
            "the evidence folder. Pass it with --template FOLDER."
        )
    if record.template not in shipped_templates():
        raise SettingError(
            f"{bag}: its report was set with the template {record.template[:40]!r}, which does not "
            "come with this reetrace. Pass it with --template FOLDER, or use the reetrace that "
            "made it (see bag-info.txt)."
        )
    return shipped("templates") / record.template


def _compared(template: Template, evidence: Evidence, record: _Record) -> tuple[str, ...]:
    """What the digests say of a template beside that of the record."""
    now = from_json(template.record(evidence, record.language), _Record, NAME)
    before, after = _digests(record), _digests(now)
    other = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    if other:
        return (f"the template is not the one of then, by the digests of {_named(other)}",)
    if template.own:
        return (f"the template is the one of then, by the digests of its {len(after)} files",)
    return ()


def _digests(record: _Record) -> dict[str, str]:
    """SHA-256 by file; a user's own file and the shipped one it stands for are two."""
    return {f"{each['path']} ({each['from']})": each["sha256"] for each in record.files}


def _named(paths: list[str]) -> str:
    more = len(paths) - _MOST_NAMED
    named = ", ".join(each[:80] for each in paths[:_MOST_NAMED])
    return f"{named} and {more} more" if more > 0 else named
