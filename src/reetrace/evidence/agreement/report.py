"""The report beside the evidence: what is attached, what is printed, which digests it names."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence
from reetrace.evidence.agreement.cover import Words, check_cover, check_letter
from reetrace.evidence.agreement.pages import Block, blocks, unpacked
from reetrace.evidence.agreement.sentences import check_findings
from reetrace.evidence.document import from_json, read_bytes
from reetrace.evidence.listing import fault_of_name
from reetrace.evidence.signatures import REPORT
from reetrace.reading.language import (
    ENGLISH,
    catalogue_digest,
    languages,
    open_edition,
    speaking,
)

if TYPE_CHECKING:
    from pikepdf import Pdf

_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_LARGEST_ATTACHED_BYTES = 256 * 1024 * 1024


def check_pages(evidence: Evidence, listed: Mapping[str, str], bag: Path) -> str:
    """Hold a report against the evidence; returns what was compared, empty where there is none.

    Args:
        evidence: Of the bag.
        listed: SHA-256 of every file of the bag by its path.
        bag: Whose files match these.

    Raises:
        EvidenceError: Names the first attachment, digest or sentence that differs.
    """
    import pikepdf

    if not (bag / REPORT).is_file():
        return ""
    try:
        with pikepdf.open(io.BytesIO(read_bytes(bag / REPORT))) as pdf:
            attached = _check_attachments(pdf, bag)
            found = list(blocks(pdf))
            pages = len(pdf.pages)
            language = str(pdf.Root.get("/Lang", ENGLISH))
    except EvidenceError:
        raise
    except Exception as fault:
        # A stranger's bytes fail in the library anywhere.
        raise EvidenceError(f"{REPORT}: cannot be read ({fault}).") from fault
    digests = _check_digests(found, evidence, listed, bag, pages)
    # A report in a language that has no catalogue here is held against English words.
    edition = open_edition(language) if language in languages() else None
    with speaking(edition):
        sentences = check_findings("".join(block.text for block in found), evidence, REPORT)
        big = check_cover(found, evidence, _words(bag, language)) + check_letter(found, evidence)
    cover = f"{big} lines of the first page, " if big else ""
    return f"{sentences} findings, {cover}{digests} printed digests, {attached} attachments"


def _words(bag: Path, language: str) -> Words:
    """Whether the report is set in the words that are known here, by its own account."""
    path = bag / "data" / "template.json"
    if not path.is_file():
        return "shipped"
    record = from_json(read_bytes(path), dict[str, Any], "data/template.json")
    files = record.get("files")
    catalogue = [
        (each.get("path"), each.get("sha256"))
        for each in (files if isinstance(files, list) else [])
        if isinstance(each, dict) and str(each.get("path")).startswith("lang/")
    ]
    # Translators edit catalogues between two versions, too.
    here = catalogue_digest(language) if language in languages() else []
    return "own" if record.get("changed_by_user") or catalogue != here else "shipped"


def _check_attachments(pdf: Pdf, bag: Path) -> int:
    """Every attached file is the one that lies in the folder."""
    count = 0
    for name, spec in pdf.attachments.items():
        path = spec.description.partition(":")[0]
        lies = bag / path
        if not path.startswith("data/") or fault_of_name(path) or not lies.is_file():
            raise EvidenceError(
                f"{REPORT}: {name[:60]!r} is attached, and is no file of this folder."
            )
        content = unpacked(spec.obj.EF.F, "an attachment", _LARGEST_ATTACHED_BYTES)
        if content != read_bytes(lies):
            raise EvidenceError(f"{REPORT}: the attached {name[:60]!r} is not {path}.")
        count += 1
    return count


def _check_digests(
    found: Sequence[Block],
    evidence: Evidence,
    listed: Mapping[str, str],
    bag: Path,
    pages: int,
) -> int:
    """Every digest in print is one of the evidence, and stands beside the file it is of."""
    of_evidence = listed["data/evidence.json"]
    known = {*listed.values(), *_DIGEST.findall(read_bytes(bag / "data/evidence.json").decode())}
    by_name = {path.removeprefix("data/"): digest for path, digest in listed.items()}
    stamped, count, beside = set(), 0, ""
    for block in found:
        text = block.squeezed
        beside = text if text in by_name else beside
        for digest in _DIGEST.findall(text.replace("SHA-256", "SHA-256 ").replace("·", " ")):
            count += 1
            if digest not in known:
                raise EvidenceError(
                    f"{REPORT}: page {block.page} prints the SHA-256 {digest[:12]}…, which is of "
                    "no file of this evidence."
                )
            if digest == of_evidence:
                stamped.add(block.page)
            if beside and text == digest:
                if digest != by_name[beside]:
                    raise EvidenceError(
                        f"{REPORT}: page {block.page} prints {digest[:12]}… beside {beside}, "
                        f"whose SHA-256 is {by_name[beside][:12]}…."
                    )
                beside = ""
    missing = sorted(set(range(1, pages + 1)) - stamped)
    if missing:
        raise EvidenceError(
            f"{REPORT}: page {missing[0]} does not print the SHA-256 of data/evidence.json "
            f"({of_evidence[:12]}…)."
        )
    if not any(evidence.run_id in block.squeezed for block in found):
        raise EvidenceError(f"{REPORT}: does not print the run {evidence.run_id}.")
    return count
