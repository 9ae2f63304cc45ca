"""What a user may change of a report: order, headings, texts and brand, over the shipped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reetrace.core.errors import TemplateError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.reading import wording
from reetrace.reading.language import (
    Edition,
    catalogue_digest,
    code,
    open_edition,
    text_in_language,
)
from reetrace.report import brand as brands
from reetrace.report.brand import Brand
from reetrace.report.facts import FACTS, FLAGS
from reetrace.report.kinds import FIXED, KINDS, REQUIRED
from reetrace.report.layers import BASE, OWN, PARTS, Layer, layers_of, shipped_names
from reetrace.report.lint import refuse_disguised
from reetrace.report.markdown import blocks
from reetrace.report.own_words import OwnCatalogue, read_catalogues
from reetrace.report.sandbox import Text
from reetrace.report.template_files import Faults, is_there, names_within, read_text
from reetrace.report.template_list import FILE, Section

__all__ = [
    "KINDS",
    "REQUIRED",
    "Section",
    "Template",
    "load_template",
    "read_template",
    "shipped_names",
]

RECORD = "template.json"
"""What the documents were set with, beside them."""

MOST_WORDS = 6_000
"""Characters of the words above a section: what it has to say must not be pages away."""


@dataclass(frozen=True)
class Source:
    """One file that a template was read from."""

    layer: str
    """Name of the shipped template, or `own`."""
    name: str
    sha256: str


@dataclass(frozen=True)
class Template:
    """Section list, words and brand of a user's folder over those of the shipped ones."""

    name: str
    """Of the shipped template, or of the one that the user's folder extends."""
    title: str
    footer: str
    sections: tuple[Section, ...]
    brand: Brand
    texts: Mapping[str, Text]
    """Words by the path of their file."""
    fixed: Mapping[str, Text]
    """Words that no template changes, by the kind of section they stand in."""
    sources: tuple[Source, ...]
    catalogues: Mapping[str, OwnCatalogue] = field(default_factory=dict)
    """The user's own, by language."""

    @property
    def is_letter(self) -> bool:
        """Whether it is set as a letter of a few pages."""
        return self.sections[0].kind == "letterhead"

    @property
    def digest(self) -> str:
        """SHA-256 over the names and digests of every file of it."""
        own = (Source(OWN, each.name, each.sha256) for each in self.catalogues.values())
        lines = [f"{each.layer} {each.name} {each.sha256}\n" for each in (*self.sources, *own)]
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @property
    def own(self) -> bool:
        """Whether a user's folder is part of it."""
        return any(each.layer == OWN for each in self.sources)

    def edition(self, language: str) -> Edition | None:
        """An edition in a language, the user's catalogue over the shipped one; None for English.

        Raises:
            SettingError: There is no catalogue of this language.
        """
        own = self.catalogues.get(language)
        return open_edition(language, own.catalogue if own else None)

    def words(self, name: str, facts: Mapping[str, Any]) -> str:
        """The words of a text file with the facts filled in.

        Raises:
            TemplateError: The file is not there, misspells a fact or does what it may not.
        """
        return _in_language(self.texts[name]).filled(facts)

    def fixed_words(self, kind: str, facts: Mapping[str, Any]) -> str:
        """The words that always stand in a section; empty for most."""
        return _in_language(self.fixed[kind]).filled(facts) if kind in self.fixed else ""

    def record(self, evidence: Evidence, language: str | None = None) -> bytes:
        """What the documents of an evidence were set with, for its folder.

        Args:
            evidence: That they say.
            language: Of the report; that of the edition being made if not given.
        """
        spoken = language or code()
        words = [Source(BASE, *each) for each in catalogue_digest(spoken)]
        theirs = self.catalogues.get(spoken)
        words += [Source(OWN, theirs.name, theirs.sha256)] if theirs else []
        made = {
            "format": "reetrace-template",
            "notice": SIMULATED_NOTICE if evidence.simulated else "",
            "template": self.name,
            "language": spoken,
            "changed_by_user": self.own or theirs is not None,
            "files": [
                {"from": each.layer, "path": each.name, "sha256": each.sha256}
                for each in (*self.sources, *words)
            ],
        }
        return (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode()

    def record_digest(self, evidence: Evidence) -> str:
        """SHA-256 of that record, as the documents print it."""
        return hashlib.sha256(self.record(evidence)).hexdigest()

    def of(self, evidence: Evidence) -> Template:
        """The template without the sections whose `when` the evidence answers with no."""
        kept = (each for each in self.sections if not each.when or FLAGS[each.when](evidence))
        return replace(self, sections=tuple(kept))

    def check_words(self, facts: Mapping[str, Any]) -> None:
        """Looks at every sentence of every text as it would be printed.

        Raises:
            TemplateError: It says what no image can show, or goes on for pages.
        """
        for each in self.sections:
            if each.text:
                where = self.texts[each.text].name
                words = self.words(each.text, facts)
                if each.kind != "text" and len(words) > MOST_WORDS:
                    raise TemplateError(
                        f"{where}: {len(words):,} characters stand before what the section "
                        f"{each.kind!r} says; at most {MOST_WORDS:,} may. Move them to a section "
                        "of kind 'text'."
                    )
                for block in blocks(words, where):
                    wording.check("".join(span.text for span in block.spans), where)


def _in_language(text: Text) -> Text:
    return replace(text, source=text_in_language(text.source))


_Read = tuple[Layer, str, bytes]
"""(layer, name, content) of a file that was read."""


def load_template(own: Path | None = None) -> Template:
    """The shipped template, or a user's own folder over it.

    Args:
        own: A folder with any of `template.toml`, `brand.yml`, `text/`, `lang/`; or that of a
            shipped template; None for the default.

    Raises:
        TemplateError: A file says something it may not, or a required section is missing.
    """
    faults = Faults()
    made = read_template(own, faults)
    faults.refuse_any()
    if made is None:
        raise TemplateError(f"{own}: cannot be used as a template.")
    return made


def read_template(own: Path | None, faults: Faults) -> Template | None:
    """The template as far as it can be read; every complaint is noted.

    Returns:
        None where too little of it could be read.
    """
    layers: list[Layer] = []
    with faults.noted():
        layers = layers_of(own, faults)
    if not layers:
        return None
    brand_files = [
        (layer, brands.read_brand(layer.folder, faults))
        for layer in layers
        if is_there(layer.folder, brands.FILE)
    ]
    brand = Brand()
    for _, each in reversed(brand_files):
        brand = each.over(brand)
    top = next(each for each in layers if each.listing.sections)
    texts, read = _texts(layers, top.listing.sections, faults)
    fixed = _fixed(layers[-1], read)
    read += [(layer, FILE, layer.listing.content) for layer in layers if layer.listing.content]
    read += [
        (layer, name, had) for layer, each in brand_files for name, had in each.contents.items()
    ]
    return Template(
        next(each.name for each in layers if each.name != OWN),
        next(each.listing.title for each in layers if each.listing.title is not None),
        next(each.listing.footer for each in layers if each.listing.footer is not None),
        top.listing.sections,
        brand,
        texts,
        fixed,
        _sources(read),
        read_catalogues(layers[0].folder, faults) if layers[0].name == OWN else {},
    )


def _fixed(base: Layer, read: list[_Read]) -> dict[str, Text]:
    """The words that no template changes; what was read for them is noted."""
    found = {}
    for kind, name in FIXED.items():
        source, content = read_text(base.folder, name, said_by=BASE)
        found[kind] = Text(name, source)
        read.append((base, name, content))
    return found


def _sources(read: list[_Read]) -> tuple[Source, ...]:
    found = {
        Source(layer.name, name, hashlib.sha256(content).hexdigest())
        for layer, name, content in read
    }
    return tuple(sorted(found, key=lambda each: (each.layer, each.name)))


def _texts(
    layers: list[Layer], sections: tuple[Section, ...], faults: Faults
) -> tuple[dict[str, Text], list[_Read]]:
    texts: dict[str, Text] = {}
    read: list[_Read] = []
    wanted = [each.text for each in sections if each.text]
    for name in dict.fromkeys(wanted):
        with faults.noted():
            layer = next((each for each in layers if is_there(each.folder, name)), layers[0])
            where = f"{layer.folder / FILE}" if name not in PARTS else name
            source, content = read_text(layer.folder, name, said_by=where)
            text = Text(f"{layer.folder / name}" if layer.name == OWN else name, source)
            read.append((layer, name, content))
            texts[name] = text
            if layer.name == OWN:
                refuse_disguised(source, text.name)
                # Links and pictures stand there before any fact is filled in.
                list(blocks(source, text.name))
            text.check(FACTS)
    with faults.noted():
        _refuse_unused(layers[0], wanted)
    return texts, read


def _refuse_unused(layer: Layer, wanted: list[str]) -> None:
    """A text that no section names would silently not be printed."""
    import difflib

    if layer.name != OWN:
        return
    for name in names_within(layer.folder, "text"):
        if name not in wanted:
            nearest = difflib.get_close_matches(name, sorted(set(wanted)), n=1)
            hint = f"Did you mean {nearest[0]}? " if nearest else ""
            raise TemplateError(
                f"{layer.folder / name}: no section uses it. {hint}Name it in {FILE}, or remove it."
            )
