"""The evidence folder as a BagIt 1.0 bag (RFC 8493): drafted aside, sealed, checked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from reetrace.core.errors import EvidenceError, OutputError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.evidence.files import sha256_of, write_text
from reetrace.evidence.rasters import check_marks

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
INFO = "bag-info.txt"
TAG_FILES = ("bagit.txt", INFO, MANIFEST, TAG_MANIFEST)
SIMULATED_PREFIX = "SIMULATED_"

_AGENT = "Bag-Software-Agent: reetrace "
_RUN = "External-Identifier: "
_NOTICE = "Reetrace-Notice: "
# Stricter than the standard, which allows other cases and spaces: no byte may change unseen.
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def bag_name(evidence: Evidence) -> str:
    """Name of the folder: `mine-A_2005-2020`, prefixed where imagery was drawn."""
    prefix = SIMULATED_PREFIX if evidence.simulated else ""
    return f"{prefix}{evidence.site.id}_{evidence.years}"


def seal(folder: Path, evidence: Evidence) -> None:
    """Write the tag files over everything that lies under `data/`.

    Raises:
        EvidenceError: The payload holds something a bag may not, or drawn rasters that the
            evidence hides.
        OutputError: A file could not be written.
    """
    check_marks(folder / "data" / "rasters", simulated=evidence.simulated)
    try:
        payload = _payload(folder)
        octets = sum((folder / path).stat().st_size for path in payload)
        manifest = _manifest(folder, payload)
    except OSError as error:
        raise OutputError(f"{folder}: could not be read back: {error}.") from error
    write_text(folder / "bagit.txt", DECLARATION)
    write_text(folder / INFO, _info(evidence, f"{octets}.{len(payload)}"))
    write_text(folder / MANIFEST, manifest)
    tags = [name for name in TAG_FILES if name != TAG_MANIFEST]
    write_text(folder / TAG_MANIFEST, _manifest(folder, tags))


def _payload(folder: Path) -> list[str]:
    """Every file under `data/`, as sorted POSIX paths relative to the bag."""
    paths = []
    for path in (folder / "data").rglob("*"):
        if path.is_symlink():
            raise EvidenceError(f"{path}: is a link. A bag holds files only.")
        if path.is_file():
            paths.append(path.relative_to(folder).as_posix())
    return sorted(paths)


def _manifest(folder: Path, paths: Iterable[str]) -> str:
    return "".join(f"{sha256_of(folder / path)}  {_escaped(path)}\n" for path in sorted(paths))


def _escaped(path: str) -> str:
    """RFC 8493, 2.1.3: only these three are encoded in a manifest."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _unescaped(path: str) -> str:
    return path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


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
        declared = (folder / "bagit.txt").read_text(encoding="utf-8").startswith("BagIt-Version:")
        return declared and _AGENT in (folder / INFO).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False


def run_id_of(folder: Path) -> str:
    """The run that an evidence folder says it is from; empty where there is none."""
    return _said(folder, _RUN)


def notice_of(folder: Path) -> str:
    """The notice of drawn imagery that an evidence folder carries; empty where it has none."""
    return _said(folder, _NOTICE)


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
    if not bag.is_dir():
        raise EvidenceError(f"{bag}: no such folder. An evidence folder was needed.")
    for name in TAG_FILES:
        if not (bag / name).is_file():
            raise EvidenceError(
                f"{bag}: {name} is missing, so this is no sealed evidence folder. "
                "Give the folder that holds bagit.txt."
            )
    if (bag / "bagit.txt").read_bytes() != DECLARATION.encode():
        raise EvidenceError(f"{bag}: bagit.txt does not declare BagIt 1.0 in UTF-8.")
    listed_tags = _listed(bag, TAG_MANIFEST)
    for name in TAG_FILES:
        if name != TAG_MANIFEST and name not in listed_tags:
            raise EvidenceError(f"{bag}: {TAG_MANIFEST} does not list {name}.")
    _compare(bag, listed_tags)
    listed = _listed(bag, MANIFEST)
    _compare(bag, listed)
    for path in _payload(bag):
        if path not in listed:
            raise EvidenceError(f"{bag}: {path} was added after the folder was sealed.")


def _listed(bag: Path, manifest: str) -> dict[str, str]:
    """Digest by path of a manifest."""
    digests = {}
    try:
        *lines, rest = (bag / manifest).read_bytes().decode("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EvidenceError(f"{bag}: {manifest} cannot be read ({error}).") from error
    if rest:
        raise EvidenceError(f"{bag}: {manifest} breaks off at {rest[:70]!r}.")
    for number, line in enumerate(lines, start=1):
        found = _LINE.fullmatch(line)
        path = _unescaped(found.group(2)) if found else ""
        inside = PurePosixPath(path)
        if not found or inside.is_absolute() or ".." in inside.parts or "\\" in path:
            raise EvidenceError(f"{bag}: {manifest} line {number} is no digest and path: {line!r}.")
        if path in digests:
            raise EvidenceError(f"{bag}: {manifest} line {number} lists {path} twice.")
        digests[path] = found.group(1)
    return digests


def _compare(bag: Path, listed: dict[str, str]) -> None:
    for path, digest in sorted(listed.items()):
        if not (bag / path).is_file():
            raise EvidenceError(f"{bag}: {path} is missing.")
        try:
            found = sha256_of(bag / path)
        except OSError as error:
            raise EvidenceError(f"{bag}: {path} cannot be read ({error.strerror}).") from error
        if found != digest:
            raise EvidenceError(
                f"{bag}: {path} was changed: SHA-256 is {found[:12]}…, {digest[:12]}… was sealed."
            )
