"""`data/signatures.json`: who signed a bag, and what it was before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reetrace.core.errors import EvidenceError
from reetrace.evidence.document import from_json, read_bytes, to_json
from reetrace.evidence.files import write_bytes

NAME = "signatures.json"
REPORT = "data/report.pdf"


@dataclass(frozen=True)
class Unsigned:
    """A report as it was before it was signed: the first bytes of the signed one."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Signing:
    """One signing of a bag with a certificate."""

    format: Literal["reetrace-signatures-1"]
    signer: str
    """As the certificate names them."""
    certificates: tuple[str, ...]
    """SHA-256 of each certificate that is embedded, the signer's first."""
    unsigned_tagmanifest_sha256: str
    """Digest that stood for the whole folder before."""
    unsigned_report: Unsigned | None
    """None where the bag has no report."""
    level: Literal["", "PAdES B-B", "PAdES B-T"]
    """Of the signature in the report; empty where there is none."""


def write_signing(folder: Path, signing: Signing) -> None:
    """Write the record into a bag that is being drafted."""
    write_bytes(folder / "data" / NAME, to_json(signing))


def signing_of(folder: Path) -> Signing | None:
    """The record of a bag; None where nobody signed it with a certificate.

    Raises:
        EvidenceError: It is not of the shape it must have.
    """
    path = folder / "data" / NAME
    if not path.is_file():
        return None
    return from_json(read_bytes(path), Signing, f"data/{NAME}")


def unsigned_report(bag: Path, signing: Signing) -> bytes:
    """The report as it was before it was signed, taken from the signed one.

    Raises:
        EvidenceError: The signed report does not begin with it.
    """
    before = signing.unsigned_report
    if before is None:
        raise EvidenceError(f"{bag}: {REPORT} was not there when the folder was signed.")
    content = read_bytes(bag / REPORT)
    if not 0 < before.bytes < len(content):
        raise EvidenceError(
            f"{bag}: data/{NAME}: unsigned_report.bytes is {before.bytes:,}, and {REPORT} has "
            f"{len(content):,} bytes; it must have more than it had before it was signed."
        )
    head = content[: before.bytes]
    if hashlib.sha256(head).hexdigest() != before.sha256:
        raise EvidenceError(
            f"{bag}: the first {before.bytes:,} bytes of {REPORT} are not the report that was "
            f"signed (SHA-256 {before.sha256[:12]}… by data/{NAME})."
        )
    return head
