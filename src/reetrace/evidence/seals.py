"""Every signature of a bag, each seen to fit what it signs."""

from __future__ import annotations

from pathlib import Path

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence
from reetrace.evidence import bag as bags
from reetrace.evidence import crate, signatures
from reetrace.evidence.document import read_bytes
from reetrace.evidence.listing import listed_in, tag_bytes
from reetrace.evidence.trust import Seal, Trust


def seals_of_tags(bag: Path, trust: Trust) -> list[Seal]:
    """The signatures over the manifest of tags.

    Raises:
        EvidenceError: One does not fit, or one that is spoken of is missing.
    """
    content = tag_bytes(bag, bags.TAG_MANIFEST)
    seals = []
    signing = signatures.signing_of(bag)
    if (bag / bags.CMS_SIGNATURE).is_file():
        from reetrace.evidence.cms import check_content

        signature = tag_bytes(bag, bags.CMS_SIGNATURE)
        seal = check_content(content, signature, bags.CMS_SIGNATURE, trust)
        _refuse_other_signer(seal, signing, bags.CMS_SIGNATURE)
        seals.append(seal)
    elif signing is not None:
        raise EvidenceError(
            f"{bags.CMS_SIGNATURE} is missing: data/{signatures.NAME} says that {signing.signer} "
            "signed the folder."
        )
    if (bag / bags.SSH_SIGNATURE).is_file():
        from reetrace.evidence.ssh import check_file

        seals.append(check_file(content, bag / bags.SSH_SIGNATURE, trust))
    return seals


def seal_of_report(bag: Path, trust: Trust) -> Seal | None:
    """The signature in the report; None where the folder was not signed with a certificate.

    Raises:
        EvidenceError: It does not fit, or the report does not begin with the unsigned one.
    """
    signing = signatures.signing_of(bag)
    if signing is None or signing.unsigned_report is None:
        return None
    from reetrace.evidence.pades import check_report

    signatures.unsigned_report(bag, signing)
    content = read_bytes(bag / signatures.REPORT)
    seal = check_report(content, signing.unsigned_report.bytes, trust)
    _refuse_other_signer(seal, signing, "report.pdf")
    if seal.kind != signing.level:
        raise EvidenceError(
            f"report.pdf: its signature is {seal.kind}, and data/{signatures.NAME} says "
            f"{signing.level}."
        )
    return seal


def _refuse_other_signer(seal: Seal, signing: signatures.Signing | None, file: str) -> None:
    """The record of signing lists the certificates, so that no byte of them may change unseen."""
    if signing is None:
        raise EvidenceError(f"{file}: is signed, but data/{signatures.NAME} is not there.")
    if seal.certificates != signing.certificates:
        raise EvidenceError(
            f"{file}: came with other certificates than data/{signatures.NAME} lists "
            f"(signer {signing.signer})."
        )


def digest_before(bag: Path, evidence: Evidence, signing: signatures.Signing) -> str:
    """Digest of the manifest of tags as it was before a certificate signed."""
    files = {
        path: crate.Listed((bag / path).stat().st_size, digest)
        for path, digest in listed_in(bag, bags.MANIFEST).items()
        if path not in {f"data/{crate.NAME}", f"data/{signatures.NAME}"}
    }
    if signing.unsigned_report is not None:
        before = signing.unsigned_report
        files[signatures.REPORT] = crate.Listed(before.bytes, before.sha256)
    described = crate.encode(evidence, files, None)
    texts = bags.tag_texts(evidence, files, described)
    return crate.listed(texts[bags.TAG_MANIFEST].encode()).sha256
