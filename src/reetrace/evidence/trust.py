"""Whom a reader trusts, and what a signature with a certificate is worth to them."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import EvidenceError, SettingError

if TYPE_CHECKING:
    from asn1crypto.cms import SignedData  # type: ignore[import-untyped] # it has no types
    from asn1crypto.x509 import Certificate  # type: ignore[import-untyped] # it has no types
    from pyhanko.sign.validation import StandardCMSSignatureStatus
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

_LARGEST_TRUST_BYTES = 16 * 1024 * 1024
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Trust:
    """What a reader brings along to a check."""

    anchors: tuple[Certificate, ...] = ()
    """Certificates that signers and timestamp services must lead up to; empty is none named."""
    allowed_signers: Path | None = None
    """OpenSSH's list of keys and the names they may sign for."""


@dataclass(frozen=True)
class Seal:
    """A signature that fits what it signs."""

    kind: str
    signer: str
    trusted: bool | None
    """None where the reader named nobody to trust."""
    why_not: str = ""
    """Why the signer is not trusted; empty where trusted, or where nobody was named."""
    certificates: tuple[str, ...] = ()
    """SHA-256 of each embedded certificate, the signer's first."""
    timestamp: str = ""
    """When a timestamp service saw the signature, UTC; empty where none did."""
    timestamp_trusted: bool | None = None
    """None where there is no timestamp, or the reader named nobody to trust."""


def read_anchors(paths: Iterable[Path]) -> tuple[Certificate, ...]:
    """The certificates in files of PEM or DER.

    Raises:
        SettingError: A file is not there or holds no certificate.
    """
    from asn1crypto import pem, x509  # type: ignore[import-untyped] # it has no types

    found: list[Certificate] = []
    for path in paths:
        try:
            if path.stat().st_size > _LARGEST_TRUST_BYTES:
                raise SettingError(f"--trust: {path}: is far too large. Name a certificate.")
            content = path.read_bytes()
            blocks = (
                [each for _, _, each in pem.unarmor(content, multiple=True)]
                if pem.detect(content)
                else [content]
            )
            certificates = [x509.Certificate.load(each, strict=True) for each in blocks]
            for each in certificates:
                _ = each.subject.native, each.public_key.native
        except OSError as fault:
            raise SettingError(
                f"--trust: {path}: cannot be read ({fault.strerror}). Name a certificate file."
            ) from fault
        except (ValueError, TypeError, KeyError) as fault:
            raise SettingError(
                f"--trust: {path}: holds no certificate in PEM or DER. Name another file."
            ) from fault
        found += certificates
    return tuple(found)


def quiet() -> None:
    """Keep the signing library's own log from the terminal: what matters comes back as a value."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        log = logging.getLogger(name)
        log.propagate = False
        if not log.handlers:
            log.addHandler(logging.NullHandler())


def name_of(certificate: Certificate) -> str:
    """Whom a certificate names, as one short line."""
    parts = certificate.subject.native
    wanted = [parts.get("common_name"), parts.get("organization_name")]
    text = ", ".join(str(each) for each in wanted if each) or certificate.subject.human_friendly
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return plain[:_LONGEST_NAME] or "nobody named"


def digest_of(certificate: Certificate) -> str:
    """SHA-256 of a certificate, as 64 hex digits."""
    return hashlib.sha256(certificate.dump()).hexdigest()


def chain_digests(signer: Certificate, others: Iterable[Certificate]) -> tuple[str, ...]:
    """SHA-256 of the signer's certificate, then of the others, sorted."""
    first = digest_of(signer)
    return first, *sorted({digest_of(each) for each in others} - {first})


def embedded_certificates(signed: SignedData) -> list[Certificate]:
    """Every certificate that came with a signature."""
    return [each.chosen for each in signed["certificates"]]


def judge(
    kind: str,
    file: str,
    signed: SignedData,
    run: Callable[[ValidationContext], StandardCMSSignatureStatus],
    trust: Trust,
) -> Seal:
    """What a signature says, once it is seen to fit.

    Args:
        kind: As the outcome names it.
        file: As an error names it.
        signed: The signature.
        run: Checks it by what is trusted at a moment.
        trust: Whom the reader trusts.

    Raises:
        EvidenceError: It does not fit what it signs, or its timestamp does not fit it.
    """
    status = run(_context(trust))
    _refuse_unfit(status, file)
    stamp = status.timestamp_validity
    stamped = bool(trust.anchors) and stamp is not None and bool(stamp.trusted)
    if trust.anchors and not status.trusted and stamped and stamp is not None:
        # It was there when the timestamp was given: what has expired since does not matter.
        status = run(_context(trust, stamp.timestamp))
    named = bool(trust.anchors)
    return Seal(
        kind=kind,
        signer=name_of(status.signing_cert),
        trusted=bool(status.trusted) if named else None,
        why_not="" if status.trusted or not named else _why_not(status),
        certificates=chain_digests(status.signing_cert, embedded_certificates(signed)),
        timestamp=_moment(stamp.timestamp) if stamp is not None else "",
        timestamp_trusted=stamped if named and stamp is not None else None,
    )


def _refuse_unfit(status: StandardCMSSignatureStatus, file: str) -> None:
    if not status.intact:
        raise EvidenceError(f"{file}: the signature is of other content: something was changed.")
    if not status.valid:
        raise EvidenceError(f"{file}: the signature was not made with the key it names.")
    stamp = status.timestamp_validity
    if stamp is not None and not (stamp.intact and stamp.valid):
        raise EvidenceError(f"{file}: the timestamp is of another signature.")


def _why_not(status: Any) -> str:  # noqa: ANN401 - the library's states differ by version
    certificate = status.signing_cert
    now = dt.datetime.now(dt.UTC)
    if certificate.not_valid_after < now:
        return (
            f"the certificate expired on {certificate.not_valid_after.date()}, and no timestamp "
            "you trust shows that it was used before"
        )
    if certificate.not_valid_before > now:
        return f"the certificate is not valid before {certificate.not_valid_before.date()}"
    issuer = " ".join(str(certificate.issuer.human_friendly).split())[:_LONGEST_NAME]
    return f"it does not lead up to a certificate you named (issued by {issuer})"


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _context(trust: Trust, moment: dt.datetime | None = None) -> ValidationContext:
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(
        trust_roots=list(trust.anchors),
        allow_fetching=False,
        moment=moment,
        revocation_mode="soft-fail",
    )


def key_usage() -> KeyUsageConstraints:
    """A certificate that says what its key is for must say that it signs."""
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    return KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
