"""What a bag says of itself: its RO-Crate metadata and `bag-info.txt`."""

from __future__ import annotations

from pathlib import Path

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence
from reetrace.evidence import bag as bags
from reetrace.evidence import crate, crate_check
from reetrace.evidence.agreement.manner import Manner
from reetrace.evidence.document import read_bytes
from reetrace.evidence.listing import listed_in, tag_bytes
from reetrace.evidence.signatures import signing_of

_PATH = f"data/{crate.NAME}"
_KEPT = ("External-Identifier: ", "Reetrace-Notice: ")
"""Lines of `bag-info.txt` that every version writes alike: the run, and that imagery was drawn."""


def check_description(evidence: Evidence, bag: Path, manner: Manner) -> str:
    """Hold both against the evidence and the files; returns what was compared.

    Raises:
        EvidenceError: One says something else, or keeps the notice of drawn imagery back.
    """
    content, listed = read_bytes(bag / _PATH), listed_in(bag, bags.MANIFEST)
    crate_check.check(content, listed)
    files = {
        path: crate.Listed((bag / path).stat().st_size, digest)
        for path, digest in listed.items()
        if path != _PATH
    }
    if manner == "bytes" and content != crate.encode(evidence, files, signing_of(bag)):
        raise EvidenceError(f"{_PATH}: says something else than data/evidence.json.")
    wanted = bags.tag_texts(evidence, files, content)[bags.INFO]
    said = tag_bytes(bag, bags.INFO).decode("utf-8", "replace")
    needed = {line for line in wanted.splitlines() if line.startswith(_KEPT)}
    if (manner == "bytes" and said != wanted) or not needed <= set(said.splitlines()):
        raise EvidenceError(f"{bags.INFO}: says something else than data/evidence.json.")
    return f"{crate.NAME} and {bags.INFO} describe these files"
