"""A signature over the manifest of tags that `openssl cms` can check: CMS, beside it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from reetrace.core.errors import EvidenceError
from reetrace.evidence.pades import refused
from reetrace.evidence.trust import Seal, Trust, judge, key_usage, quiet

if TYPE_CHECKING:
    from asn1crypto.cms import SignedData  # type: ignore[import-untyped] # it has no types
    from pyhanko.sign.signers import Signer
    from pyhanko.sign.timestamps import TimeStamper
    from pyhanko.sign.validation import StandardCMSSignatureStatus
    from pyhanko_certvalidator import ValidationContext

LARGEST_BYTES = 1024 * 1024


def sign_content(content: bytes, signer: Signer, timestamper: TimeStamper | None) -> bytes:
    """A detached signature in DER.

    Raises:
        SigningError: The key or the timestamp service refused.
    """
    quiet()
    try:
        signed = asyncio.run(
            signer.async_sign_general_data(
                content, "sha256", detached=True, use_cades=True, timestamper=timestamper
            )
        )
    except Exception as fault:
        raise refused(fault) from fault
    made: bytes = signed.dump()
    return made


def check_content(content: bytes, signature: bytes, file: str, trust: Trust) -> Seal:
    """What a detached signature says.

    Args:
        content: What was signed.
        signature: In DER.
        file: Its name.
        trust: Whom the reader trusts.

    Raises:
        EvidenceError: It cannot be read, or does not fit.
    """
    from pyhanko.sign.validation import async_validate_detached_cms

    quiet()

    def run(context: ValidationContext) -> StandardCMSSignatureStatus:
        return asyncio.run(
            async_validate_detached_cms(
                content, signed, context, context, key_usage_settings=key_usage()
            )
        )

    try:
        signed = _detached(signature, file)
        return judge("CMS", file, signed, run, trust)
    except EvidenceError:
        raise
    except Exception as fault:
        # A stranger's bytes fail in the library anywhere.
        raise EvidenceError(f"{file}: the signature cannot be read ({fault}).") from fault


def _detached(signature: bytes, file: str) -> SignedData:
    from asn1crypto import cms  # type: ignore[import-untyped] # it has no types

    if len(signature) > LARGEST_BYTES:
        raise EvidenceError(f"{file}: is far too large for a signature.")
    found = cms.ContentInfo.load(signature, strict=True)
    # Another spelling of the same signature is another file: no byte may change unseen.
    if found["content_type"].native != "signed_data" or found.dump(force=True) != signature:
        raise EvidenceError(f"{file}: is no signature in DER.")
    signed = found["content"]
    _refuse_unusual(signed, file)
    if signed["encap_content_info"]["content"].native is not None:
        raise EvidenceError(f"{file}: holds content of its own; it must sign what lies beside.")
    return signed


def _refuse_unusual(signed: SignedData, file: str) -> None:
    """Refuses other values in fields that no signature covers: no byte may change unseen."""
    signers, methods = signed["signer_infos"], signed["digest_algorithms"]
    if len(signers) != 1 or len(methods) != 1:
        raise EvidenceError(f"{file}: holds {len(signers)} signatures; one was needed.")
    versions = signed["version"].native, signers[0]["version"].native
    if versions != ("v1", "v1") or methods[0].dump() != signers[0]["digest_algorithm"].dump():
        raise EvidenceError(f"{file}: is no signature as reetrace writes it.")
