"""The signature in the report: PAdES, appended, so that the unsigned report stays its beginning."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reetrace.core.errors import EvidenceError, SigningError
from reetrace.evidence.trust import Seal, Trust, judge, key_usage, quiet

if TYPE_CHECKING:
    from pyhanko.pdf_utils.extensions import DeveloperExtension
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import Signer
    from pyhanko.sign.timestamps import TimeStamper
    from pyhanko.sign.validation import EmbeddedPdfSignature, PdfSignatureStatus
    from pyhanko_certvalidator import ValidationContext

FIELD = "Signature"

_PDF = (1, 7)
"""The version of PDF that reports are written in."""


def sign_report(report: bytes, signer: Signer, timestamper: TimeStamper | None) -> bytes:
    """A report with a signature appended; it begins with the report as it was.

    The signature certifies: a reader tells of any later change. What the report says about itself
    stays as it was, so that its two records of that still agree; when it was signed stands in the
    signature.

    Raises:
        SigningError: The key or the timestamp service refused.
        EvidenceError: The report is no PDF that can be signed.
    """
    from pyhanko.pdf_utils.misc import PdfReadError
    from pyhanko.sign import fields
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    quiet()
    described = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    out = io.BytesIO()
    try:
        pages = _appending()(io.BytesIO(report))
        PdfSigner(described, signer, timestamper=timestamper).sign_pdf(pages, output=out)
    except PdfReadError as fault:
        raise EvidenceError(f"report.pdf: cannot be signed ({fault}).") from fault
    except Exception as fault:
        raise refused(fault) from fault
    signed = out.getvalue()
    if not signed.startswith(report):
        raise EvidenceError("report.pdf: signing changed the report itself; nothing was kept.")
    return signed


def _appending() -> type[IncrementalPdfFileWriter]:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Appending(IncrementalPdfFileWriter):
        """Appends a signature and leaves the report the PDF/A-3 that it was built to be."""

        def _update_meta(self) -> None:
            # It would name another producer in the XMP packet than in the information dictionary,
            # which an archive takes for a fault, and put the clock into both.
            pass

        # For some keys the two below would declare the whole file to be PDF 2.0, which lists their
        # way of signing. PDF/A-3 is built on 1.7, and readers verify them there as well.
        def ensure_output_version(self, version: tuple[int, int]) -> None:
            if version <= _PDF:
                super().ensure_output_version(version)  # type: ignore[no-untyped-call]

        def register_extension(self, ext: DeveloperExtension) -> None:
            if ext.base_version == f"/{_PDF[0]}.{_PDF[1]}":
                super().register_extension(ext)

    return Appending


def refused(fault: Exception) -> SigningError:
    """One line for whatever a key or a timestamp service says when it does not sign."""
    said = " ".join(str(fault).split()) or type(fault).__name__
    if isinstance(fault, OSError):
        return SigningError(
            f"--timestamp-url: gave no timestamp ({said}). Nothing was signed. Try again, "
            "name another service, or leave it out."
        )
    return SigningError(f"the key did not sign ({said}). Nothing was changed.")


def check_report(signed: bytes, unsigned_bytes: int, trust: Trust) -> Seal:
    """What the signature in a report says.

    Args:
        signed: The whole file.
        unsigned_bytes: Length of the report before it was signed.
        trust: Whom the reader trusts.

    Raises:
        EvidenceError: There is not exactly one signature, or it does not fit the whole file.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    quiet()
    try:
        found = PdfFileReader(io.BytesIO(signed)).embedded_signatures
        _refuse_part(found, len(signed), unsigned_bytes)
        seal = judge(
            "PAdES B-B",
            "report.pdf",
            found[0].signed_data,
            lambda context: _validated(found[0], context),
            trust,
        )
        return replace(seal, kind="PAdES B-T") if seal.timestamp else seal
    except EvidenceError:
        raise
    except Exception as fault:
        # A stranger's bytes fail in the library anywhere.
        raise EvidenceError(f"report.pdf: the signature cannot be read ({fault}).") from fault


def _refuse_part(found: Sequence[EmbeddedPdfSignature], whole: int, unsigned_bytes: int) -> None:
    """Refuses any but a single signature that leaves out nothing but its own place."""
    if len(found) != 1:
        raise EvidenceError(f"report.pdf: holds {len(found)} signatures; one was needed.")
    start, length, after, rest = (int(each) for each in found[0].byte_range)
    if (start, after + rest) != (0, whole) or not unsigned_bytes <= length < after:
        raise EvidenceError("report.pdf: the signature does not cover the whole file.")


def _validated(found: EmbeddedPdfSignature, context: ValidationContext) -> PdfSignatureStatus:
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature

    status = validate_pdf_signature(found, context, context, key_usage_settings=key_usage())
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise EvidenceError("report.pdf: something was appended after it was signed.")
    return status
