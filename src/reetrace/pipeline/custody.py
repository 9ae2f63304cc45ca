"""The chain of custody of an evidence folder: signed by its owner, checked by a stranger."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from reetrace import evidence
from reetrace.core.errors import SigningError
from reetrace.evidence import bag as bags
from reetrace.evidence import signatures
from reetrace.evidence.files import write_bytes
from reetrace.evidence.keys import Ask, KeyFile, Token, opened, timestamper
from reetrace.evidence.seals import seal_of_report, seals_of_tags
from reetrace.evidence.trust import Seal, Trust

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer
    from pyhanko.sign.timestamps import TimeStamper


@dataclass(frozen=True)
class Signed:
    """What was signed, and by whom."""

    bag: Path
    seals: tuple[Seal, ...]
    notice: str
    """Of drawn imagery; empty where there is none."""

    def lines(self) -> tuple[str, ...]:
        """For a terminal."""
        return (
            *(f"{'signed':<11} {_place(each)}, {_told(each)}" for each in self.seals),
            f"{'check it':<11} reetrace verify {self.bag}",
        )

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "bag": str(self.bag),
            "signatures": [
                {
                    "kind": each.kind,
                    "file": _place(each),
                    "signer": each.signer,
                    "certificates": list(each.certificates),
                    "timestamp": each.timestamp,
                }
                for each in self.seals
            ],
            "notice": self.notice,
        }


def _place(seal: Seal) -> str:
    if seal.kind == "SSH":
        return bags.SSH_SIGNATURE
    return bags.CMS_SIGNATURE if seal.kind == "CMS" else signatures.REPORT


def _told(seal: Seal) -> str:
    stamped = f", timestamp {seal.timestamp}" if seal.timestamp else ""
    return f"{seal.kind} by {seal.signer}{stamped}"


def sign_bag(
    bag: Path,
    *,
    key: KeyFile | Token | None = None,
    ask: Ask,
    ssh_key: Path | None = None,
    timestamp_url: str | None = None,
    again: bool = False,
) -> Signed:
    """Sign a bag: the report and the manifest of tags with a certificate, or the latter with SSH.

    The folder is drafted anew and takes its place when all went well.

    Args:
        bag: Whole.
        key: With its certificate; None signs with SSH alone, which leaves every file as it is.
        ask: Called for the passphrase of the key, if it has one.
        ssh_key: A private key of OpenSSH, or the public one of a key that an agent holds.
        timestamp_url: Service that confirms when the signatures of `key` were there (RFC 3161).
        again: Take earlier signatures off first.

    Raises:
        SigningError: There is no key, it does not sign, or the bag is signed already.
        EvidenceError: The bag is not whole.
    """
    if key is None and ssh_key is None:
        raise SigningError(
            "no key was named. Name yours: --p12 FILE, --pkcs11-lib with --token-label and "
            "--key-label, or --ssh-key FILE."
        )
    if key is None and timestamp_url is not None:
        raise SigningError("--timestamp-url: goes with --p12 or --pkcs11-lib, not with SSH alone.")
    stamps = timestamper(timestamp_url)
    evidence.verify(bag)
    if not again:
        _refuse_signed(bag, key, ssh_key)
    with evidence.reopen(bag) as folder:
        before = take_off(bag, folder) if again else None
        if key is not None:
            with opened(key, ask) as signer:
                _sign_with(folder, signer, stamps, before or _tag_digest(bag))
        elif again:
            evidence.seal(folder, evidence.load(folder))
        else:
            _carry_over(bag, folder)
        if ssh_key is not None:
            from reetrace.evidence.ssh import sign_file

            sign_file(folder / bags.TAG_MANIFEST, ssh_key)
        evidence.verify(folder)
        seals = tuple(check_seals(folder, Trust()))
    return Signed(bag, seals, evidence.notice_of(bag))


def _refuse_signed(bag: Path, key: KeyFile | Token | None, ssh_key: Path | None) -> None:
    there = [name for name in (bags.SSH_SIGNATURE, bags.CMS_SIGNATURE) if (bag / name).is_file()]
    # An SSH signature changes no file, so it may join others; it must be the last to come.
    clash = there if key is not None else [name for name in there if name == bags.SSH_SIGNATURE]
    if clash and (key is not None or ssh_key is not None):
        raise SigningError(
            f"{bag}: is signed already ({clash[0]}). --again takes earlier signatures off first."
        )


def _tag_digest(bag: Path) -> str:
    return hashlib.sha256((bag / bags.TAG_MANIFEST).read_bytes()).hexdigest()


def take_off(bag: Path, folder: Path) -> str | None:
    """Make the files of a draft what they were before they were signed with a certificate.

    Returns the digest that stood for the folder then; None where it was not signed so.
    """
    signing = signatures.signing_of(bag)
    if signing is None:
        return None
    if signing.unsigned_report is not None:
        write_bytes(folder / signatures.REPORT, signatures.unsigned_report(bag, signing))
    (folder / "data" / signatures.NAME).unlink()
    return signing.unsigned_tagmanifest_sha256


def _carry_over(bag: Path, folder: Path) -> None:
    """Seal a draft by what stands in the bag: no byte of it changes."""
    for name in (*bags.TAG_FILES, bags.CMS_SIGNATURE, bags.SSH_SIGNATURE):
        if (bag / name).is_file():
            write_bytes(folder / name, (bag / name).read_bytes())


def _sign_with(
    folder: Path, signer: Signer, stamps: TimeStamper | None, unsigned_digest: str
) -> None:
    from reetrace.evidence.cms import sign_content
    from reetrace.evidence.pades import sign_report
    from reetrace.evidence.trust import chain_digests, name_of

    report, before = folder / signatures.REPORT, None
    if report.is_file():
        content = report.read_bytes()
        before = signatures.Unsigned(len(content), hashlib.sha256(content).hexdigest())
        write_bytes(report, sign_report(content, signer, stamps))
    certificate = signer.signing_cert
    if certificate is None:
        raise SigningError("the key has no certificate. Put it beside the key, under its label.")
    signatures.write_signing(
        folder,
        signatures.Signing(
            format="reetrace-signatures-1",
            signer=name_of(certificate),
            certificates=chain_digests(certificate, signer.cert_registry),
            unsigned_tagmanifest_sha256=unsigned_digest,
            unsigned_report=before,
            level=_level(before, stamps),
        ),
    )
    evidence.seal(folder, evidence.load(folder))
    signed = sign_content((folder / bags.TAG_MANIFEST).read_bytes(), signer, stamps)
    write_bytes(folder / bags.CMS_SIGNATURE, signed)


def _level(
    before: signatures.Unsigned | None, stamps: TimeStamper | None
) -> Literal["", "PAdES B-B", "PAdES B-T"]:
    if before is None:
        return ""
    return "PAdES B-B" if stamps is None else "PAdES B-T"


def check_seals(bag: Path, trust: Trust) -> list[Seal]:
    """Every signature of a whole bag, each seen to fit what it signs.

    Raises:
        EvidenceError: One does not fit, or one that is spoken of is missing.
    """
    seals = seals_of_tags(bag, trust)
    report = seal_of_report(bag, trust)
    return [*([report] if report else []), *seals]
