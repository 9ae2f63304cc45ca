"""Every check of an evidence folder, in the order in which one link holds the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from reetrace import __version__, evidence
from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence
from reetrace.core.table import Table
from reetrace.evidence import agreement, signatures
from reetrace.evidence import bag as bags
from reetrace.evidence.agreement.manner import Manner
from reetrace.evidence.listing import listed_in
from reetrace.evidence.seals import digest_before, seal_of_report, seals_of_tags
from reetrace.evidence.trust import Seal, Trust
from reetrace.pipeline.inputs import check_inputs

State = Literal["fits", "broken", "not there", "not looked at"]


@dataclass(frozen=True)
class Check:
    """One link of the chain, and what was found of it."""

    link: str
    """What holds what, in a few words."""
    state: State
    told: str
    """What was found, in one line."""


@dataclass(frozen=True)
class Examined:
    """A folder, link by link."""

    bag: Path
    checks: tuple[Check, ...]
    seals: tuple[Seal, ...]
    notice: str
    """Of drawn imagery; empty where there is none."""

    @property
    def broken(self) -> Check | None:
        """The first link that does not hold."""
        return next((each for each in self.checks if each.state == "broken"), None)

    @property
    def fault(self) -> str:
        """The first broken link in one line; empty where every link holds."""
        if self.broken is None:
            return ""
        line = f"{self.bag}: {self.broken.told} First broken link: {self.broken.link}."
        return " ".join("".join(each if each.isprintable() else " " for each in line).split())

    def lines(self) -> tuple[str, ...]:
        """For a terminal."""
        if self.broken is not None:
            return ()
        return (
            f"{self.bag}: whole.",
            *(f"{each.link:<12} {each.told}" for each in self.checks),
        )

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        broken = self.broken
        return {
            "bag": str(self.bag),
            "whole": broken is None,
            "broken": broken.link if broken else "",
            "error": self.fault,
            "checks": [vars(each) for each in self.checks],
            "signatures": [vars(each) for each in self.seals],
            "notice": self.notice,
        }


@dataclass
class _Examination:
    """What one check learns and a later one needs."""

    bag: Path
    trust: Trust
    seals: list[Seal] = field(default_factory=list)

    @cached_property
    def evidence(self) -> Evidence:
        """The record."""
        return evidence.load(self.bag)

    @cached_property
    def manner(self) -> Manner:
        """How closely files must be what this version would write."""
        return "bytes" if self.evidence.reetrace_version == __version__ else "values"

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Every table that follows from the record; their numbers agree with one another."""
        from reetrace.ledger import dictionary, tabulate

        tables = tabulate(self.evidence)
        return (*tables, dictionary(tables))


def examine(bag: Path, trust: Trust) -> Examined:
    """Look at every link; after the first that is broken, the rest is not looked at.

    Args:
        bag: An evidence folder, from whomever.
        trust: Whose signatures the reader accepts; naming nobody, none is needed.

    Raises:
        SettingError: What is trusted cannot be read.
    """
    at, checks = _Examination(bag, trust), []
    broken = False
    for link, look in _LINKS.items():
        if broken:
            checks.append(Check(link, "not looked at", "an earlier link is broken"))
            continue
        try:
            told = look(at)
            checks.append(Check(link, "fits" if told else "not there", told or "not there"))
        except EvidenceError as fault:
            said = str(fault).removeprefix(f"{bag}: ")
            checks.append(Check(link, "broken", f"{said}{_by_another(at, link)}"))
            broken = True
    return Examined(bag, tuple(checks), tuple(at.seals), evidence.notice_of(bag))


def _by_another(at: _Examination, link: str) -> str:
    """Where another version made the folder, a difference may be its doing."""
    links = list(_LINKS)
    if links.index(link) <= links.index("files"):
        return ""
    try:
        version = at.evidence.reetrace_version
    except EvidenceError:
        return ""
    if version == __version__:
        return ""
    return (
        f" reetrace {_shown(version)} made this folder and {__version__} looks at it: the version "
        "that made it can tell whether that is why."
    )


def _shown(version: str) -> str:
    """A version as a stranger wrote it, without what a terminal obeys."""
    return ascii(version[:40])[1:-1]


def _shape(at: _Examination) -> str:
    bags.check_shape(at.bag)
    return "plain files, and none that is not listed"


def _signatures(at: _Examination) -> str:
    found = seals_of_tags(at.bag, at.trust)
    at.seals += found
    kinds = {each.kind for each in found}
    if at.trust.anchors and "CMS" not in kinds:
        raise EvidenceError("--trust: the folder is not signed with a certificate.")
    if at.trust.allowed_signers is not None and "SSH" not in kinds:
        raise EvidenceError("--allowed-signers: the folder is not signed with an SSH key.")
    return "; ".join(map(_accepted, found))


def _tags(at: _Examination) -> str:
    bags.check_tags(at.bag)
    return f"as {bags.TAG_MANIFEST} lists them"


def _files(at: _Examination) -> str:
    return f"{bags.check_payload(at.bag)} files match their checksums"


def _record(at: _Examination) -> str:
    tables = len(at.tables)
    told = agreement.check_record(at.evidence, at.bag, at.manner)
    asked = check_inputs(at.bag, at.evidence)
    told += f", {asked}" if asked else ""
    version = f"version {at.evidence.schema_version}"
    if at.manner == "values":
        version += (
            f", made by reetrace {_shown(at.evidence.reetrace_version)} and looked at by "
            f"{__version__}: compared by value"
        )
    return f"{version}; {tables} tables follow from it; {told}"


def _description(at: _Examination) -> str:
    return agreement.check_description(at.evidence, at.bag, at.manner)


def _report_signature(at: _Examination) -> str:
    seal = seal_of_report(at.bag, at.trust)
    if seal is None:
        return ""
    at.seals.append(seal)
    before = signatures.signing_of(at.bag)
    octets = before.unsigned_report.bytes if before and before.unsigned_report else 0
    return f"{_accepted(seal)}; its first {octets:,} bytes are the unsigned report"


def _unsigned(at: _Examination) -> str:
    signing = signatures.signing_of(at.bag)
    if signing is None:
        return ""
    recorded = signing.unsigned_tagmanifest_sha256
    if at.manner == "values":
        return f"SHA-256 {recorded[:12]}… by {signatures.NAME}; another version made it"
    digest = digest_before(at.bag, at.evidence, signing)
    if digest != recorded:
        raise EvidenceError(
            f"data/{signatures.NAME}: the folder had the SHA-256 {recorded[:12]}… before it was "
            f"signed, but taking the signatures off gives {digest[:12]}…."
        )
    return f"taking the signatures off gives the folder with the SHA-256 {digest[:12]}…"


def _tables(at: _Examination) -> str:
    return agreement.check_tables(at.tables, at.bag, at.manner)


def _outlines(at: _Examination) -> str:
    return agreement.check_outlines(at.evidence, at.bag, at.manner)


def _package(at: _Examination) -> str:
    return agreement.check_geopackage(at.evidence, at.bag, at.manner)


def _rasters(at: _Examination) -> str:
    return agreement.check_rasters(at.evidence, at.bag, at.manner)


def _workbook(at: _Examination) -> str:
    return agreement.check_workbook(at.tables, at.bag, at.manner)


def _report(at: _Examination) -> str:
    return agreement.check_pages(at.evidence, listed_in(at.bag, bags.MANIFEST), at.bag)


def _companion(at: _Examination) -> str:
    return agreement.check_companion(at.evidence, at.bag)


_LINKS: dict[str, Callable[[_Examination], str]] = {
    "folder": _shape,
    "signatures": _signatures,
    "tag files": _tags,
    "files": _files,
    "record": _record,
    "description": _description,
    "report seal": _report_signature,
    "unsigned": _unsigned,
    "tables": _tables,
    "outlines": _outlines,
    "GeoPackage": _package,
    "rasters": _rasters,
    "workbook": _workbook,
    "report": _report,
    "companion": _companion,
}


def _accepted(seal: Seal) -> str:
    """What a signature is worth to the reader.

    Raises:
        EvidenceError: They named whom they trust, and this is nobody of them.
    """
    if seal.trusted is False:
        raise EvidenceError(f"{seal.kind}: signed by {seal.signer}, not trusted: {seal.why_not}.")
    worth = "trusted" if seal.trusted else "intact, signer not trusted by you"
    stamped = f", seen {seal.timestamp} by a timestamp service" if seal.timestamp else ""
    if seal.timestamp_trusted is False:
        stamped += " not trusted by you"
    return f"{seal.kind} by {seal.signer}: {worth}{stamped}"
