"""Puts new sites into the user's registry folder: all of them or none, never half a file."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from reetrace.core.errors import OutputError, RegistryError
from reetrace.registry.given import GivenFile
from reetrace.registry.site_file import document_faults, format_document

_DIGEST_LENGTH = 12


def keep_sites(
    documents: Sequence[dict[str, Any]], given: GivenFile | None, folder: Path
) -> tuple[Path, ...]:
    """Write site documents into a registry folder, what the user gave beside them byte for byte.

    Raises:
        RegistryError: A document is not a site's, or its file is already there.
        OutputError: A file could not be written; the folder is as it was before.
    """
    originals, copies = _originals(given, folder)
    files: dict[Path, str] = {}
    for document in documents:
        record = document["reetrace"]
        if originals:
            record["original"] = originals
        path = folder / "sites" / f"{record['id']}.geojson"
        fault = next(iter(document_faults(document, path.name)), None)
        if fault:
            raise RegistryError(fault)
        if path.exists():
            raise RegistryError(f"{path}: is already there. Choose another id or remove the file.")
        files[path] = format_document(document)
    try:
        _copy(copies)
        write_all(files)
    except OSError as fault:
        raise OutputError(
            f"{folder}: sites could not be written ({fault.strerror or fault}). Choose another "
            "folder with --registry."
        ) from fault
    return tuple(files)


def _originals(
    given: GivenFile | None, folder: Path
) -> tuple[list[dict[str, str]], Mapping[Path, Path]]:
    """(entries of the record, from where to where each file is copied)."""
    if given is None:
        return [], {}
    main = hashlib.sha256(given.path.read_bytes()).hexdigest()
    home = Path("originals") / main[:_DIGEST_LENGTH]
    entries, copies = [], {}
    for part in given.parts:
        digest = hashlib.sha256(part.read_bytes()).hexdigest()
        entries.append({"file": (home / part.name).as_posix(), "sha256": digest})
        copies[part] = folder / home / part.name
    return entries, copies


def _copy(copies: Mapping[Path, Path]) -> None:
    for source, target in copies.items():
        if target.exists() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{target.name}.part")
        shutil.copyfile(source, aside)
        aside.replace(target)


def write_all(files: Mapping[Path, str]) -> None:
    """Write text files aside, then put all in place; on any fault none of the new ones is left."""
    aside = {path: path.with_name(f".{path.name}.part") for path in files}
    before = {path: path.read_bytes() if path.is_file() else None for path in files}
    placed: list[Path] = []
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with aside[path].open("w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
        for path in files:
            aside[path].replace(path)
            placed.append(path)
    except BaseException:
        for path in placed:
            old = before[path]
            with suppress(OSError):
                if old is None:
                    path.unlink()
                else:
                    path.write_bytes(old)
        raise
    finally:
        for path in aside.values():
            with suppress(OSError):
                path.unlink(missing_ok=True)
