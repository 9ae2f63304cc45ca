"""The evidence folder as a BagIt 1.0 bag (RFC 8493): sealed, and checked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from reetrace.core.errors import EvidenceError, OutputError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.evidence import crate
from reetrace.evidence.files import sha256_of, write_bytes, write_text
from reetrace.evidence.listing import files_of, listed_in, refuse_misfit, tag_bytes
from reetrace.evidence.rasters import check_marks
from reetrace.evidence.signatures import signing_of

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
INFO = "bag-info.txt"
TAG_FILES = ("bagit.txt", INFO, MANIFEST, TAG_MANIFEST)
SSH_SIGNATURE, CMS_SIGNATURE = f"{TAG_MANIFEST}.sig", f"{TAG_MANIFEST}.p7s"
"""Signatures over the manifest of tags; they lie beside it, and no manifest lists them."""
SIMULATED_PREFIX = "SIMULATED_"

_AGENT = "Bag-Software-Agent: reetrace "
_RUN = "External-Identifier: "
_NOTICE = "Reetrace-Notice: "


def bag_name(evidence: Evidence) -> str:
    """Name of the folder: `mine-A_2005-2020`, prefixed where imagery was drawn."""
    prefix = SIMULATED_PREFIX if evidence.simulated else ""
    return f"{prefix}{evidence.site.id}_{evidence.years}"


def seal(folder: Path, evidence: Evidence) -> None:
    """Write the description and the tag files over everything that lies under `data/`.

    Raises:
        EvidenceError: The payload holds something a bag may not, or drawn rasters that the
            evidence hides.
        OutputError: A file could not be written.
    """
    data = folder / "data"
    check_marks(data / "rasters", simulated=evidence.simulated)
    try:
        described = {
            path: crate.Listed((folder / path).stat().st_size, sha256_of(folder / path))
            for path in files_of(folder)
            if path != f"data/{crate.NAME}"
        }
    except OSError as error:
        raise OutputError(f"{folder}: could not be read back: {error}.") from error
    content = crate.encode(evidence, described, signing_of(folder))
    write_bytes(data / crate.NAME, content)
    for name, text in tag_texts(evidence, described, content).items():
        write_text(folder / name, text)


def tag_texts(
    evidence: Evidence, described: Mapping[str, crate.Listed], description: bytes
) -> dict[str, str]:
    """The four tag files by name, the manifest of tags last.

    Args:
        evidence: Names and dates the bag.
        described: Every other file by its path in the bag.
        description: Content of the RO-Crate metadata.
    """
    files = {**described, f"data/{crate.NAME}": crate.listed(description)}
    octets = sum(each.size for each in files.values())
    texts = {
        "bagit.txt": DECLARATION,
        INFO: _info(evidence, f"{octets}.{len(files)}"),
        MANIFEST: _manifest({path: each.sha256 for path, each in files.items()}),
    }
    tags = {name: crate.listed(text.encode()).sha256 for name, text in texts.items()}
    return {**texts, TAG_MANIFEST: _manifest(tags)}


def _manifest(digests: Mapping[str, str]) -> str:
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests))


def _info(evidence: Evidence, oxum: str) -> str:
    lines = [
        f"{_AGENT}{evidence.reetrace_version}",
        f"Bagging-Date: {evidence.issue_date}",
        f"External-Description: {evidence.site.id} {evidence.years}, evidence of land cover",
        f"{_RUN}{evidence.run_id}",
        f"Payload-Oxum: {oxum}",
    ]
    if evidence.simulated:
        lines.append(f"{_NOTICE}{SIMULATED_NOTICE}")
    return "\n".join(lines) + "\n"


def is_ours(folder: Path) -> bool:
    """Whether a folder is a bag that reetrace wrote, so that a newer one may take its place."""
    try:
        declared = tag_bytes(folder, "bagit.txt").decode().startswith("BagIt-Version:")
        return declared and _AGENT in tag_bytes(folder, INFO).decode()
    except (OSError, EvidenceError, UnicodeDecodeError):
        return False


def run_id_of(folder: Path) -> str:
    """The run that an evidence folder says it is from; empty where there is none."""
    return _said(folder, _RUN)


def notice_of(folder: Path) -> str:
    """The notice of drawn imagery that an evidence folder carries; empty where it has none."""
    # Whatever a stranger wrote there, only our own words are shown.
    return SIMULATED_NOTICE if _said(folder, _NOTICE) else ""


def _said(folder: Path, field: str) -> str:
    if not is_ours(folder):
        return ""
    lines = (folder / INFO).read_text(encoding="utf-8").splitlines()
    return next((line.removeprefix(field) for line in lines if line.startswith(field)), "")


def verify(bag: Path) -> None:
    """Check every digest of a bag.

    Raises:
        EvidenceError: Names the first file that is missing, changed or not listed.
    """
    check_shape(bag)
    check_tags(bag)
    check_payload(bag)


def check_shape(bag: Path) -> None:
    """A sealed folder with its tag files, plain files and folders, and nothing beside them.

    Raises:
        EvidenceError: Names the first thing that does not belong.
    """
    if not bag.is_dir():
        raise EvidenceError(f"{bag}: no such folder. An evidence folder was needed.")
    for name in TAG_FILES:
        if not os.path.lexists(bag / name):
            raise EvidenceError(
                f"{bag}: {name} is missing, so this is no sealed evidence folder. "
                "Give the folder that holds bagit.txt."
            )
        refuse_misfit(bag, name)
    known = {*TAG_FILES, SSH_SIGNATURE, CMS_SIGNATURE, "data"}
    for path in sorted(bag.iterdir()):
        if path.name not in known:
            raise EvidenceError(f"{bag}: {path.name!r} lies there, but no manifest lists it.")
        if path.name != "data":
            refuse_misfit(bag, path.name)
    files_of(bag)
    if tag_bytes(bag, "bagit.txt") != DECLARATION.encode():
        raise EvidenceError(f"{bag}: bagit.txt does not declare BagIt 1.0 in UTF-8.")


def check_tags(bag: Path) -> None:
    """The tag files are those that the manifest of tags lists.

    Raises:
        EvidenceError: Names the first that is not.
    """
    listed = listed_in(bag, TAG_MANIFEST)
    for name in TAG_FILES:
        if name != TAG_MANIFEST and name not in listed:
            raise EvidenceError(f"{bag}: {TAG_MANIFEST} does not list {name}.")
    for name in sorted(listed):
        if name not in TAG_FILES or name == TAG_MANIFEST:
            raise EvidenceError(f"{bag}: {TAG_MANIFEST} lists {name}, which is no tag file.")
    _compare(bag, listed)


def check_payload(bag: Path) -> int:
    """The files under `data/` are those that the manifest lists; returns how many.

    Raises:
        EvidenceError: Names the first that is missing, changed or not listed.
    """
    listed = listed_in(bag, MANIFEST)
    for path in sorted(listed):
        if not path.startswith("data/"):
            raise EvidenceError(f"{bag}: {MANIFEST} lists {path}, which is not below data/.")
    _compare(bag, listed)
    for path in files_of(bag):
        if path not in listed:
            raise EvidenceError(f"{bag}: {path} was added after the folder was sealed.")
    return len(listed)


def _compare(bag: Path, listed: Mapping[str, str]) -> None:
    for path, digest in sorted(listed.items()):
        refuse_misfit(bag, path)
        try:
            found = sha256_of(bag / path)
        except OSError as error:
            raise EvidenceError(f"{bag}: {path} cannot be read ({error.strerror}).") from error
        if found != digest:
            raise EvidenceError(
                f"{bag}: {path} was changed: SHA-256 is {found[:12]}…, {digest[:12]}… was sealed."
            )
