"""RO-Crate metadata held against their schema and against the files they describe."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reetrace.core.errors import EvidenceError
from reetrace.evidence.crate import NAME, SPECIFICATION, Entity
from reetrace.evidence.document import from_json


def check(content: bytes, files: Mapping[str, str]) -> None:
    """Hold metadata against the schema and against the files that lie there.

    Args:
        content: Of `ro-crate-metadata.json`.
        files: SHA-256 of every file under `data/` by its path in the bag, as the manifest has it.

    Raises:
        EvidenceError: Names the first entity that is not as it must be.
    """
    found = from_json(content, dict[str, Any], NAME)
    _check_shape(found)
    described = {
        f"data/{each['@id']}": each["sha256"] for each in found["@graph"] if each["@type"] == "File"
    }
    known = {each["@id"] for each in found["@graph"]}
    if len(known) < len(found["@graph"]):
        raise EvidenceError(f"{NAME}: describes something twice.")
    for path, digest in sorted(files.items()):
        if path != f"data/{NAME}" and described.get(path) != digest:
            raise EvidenceError(
                f"{NAME}: {path} has the SHA-256 {digest[:12]}…, "
                f"it describes {str(described.get(path, 'no such file'))[:12]}…."
            )
    for path in sorted(described):
        if path not in files:
            raise EvidenceError(f"{NAME}: describes {path}, which is not there.")
    for entity, target in _references(found["@graph"]):
        if target not in known and target != SPECIFICATION:
            raise EvidenceError(f"{NAME}: {entity} refers to {target}, which it does not describe.")


def _references(graph: list[Entity]) -> Iterator[tuple[str, str]]:
    """(entity, what it refers to) of every reference."""
    for each in graph:
        for value in each.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    yield each["@id"], one["@id"]


def schema_text() -> str:
    """The JSON Schema that metadata of ours follow."""
    return Path(__file__).with_name("crate.schema.json").read_text(encoding="utf-8")


def _check_shape(found: dict[str, Any]) -> None:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json.loads(schema_text()))
    fault = next(iter(sorted(validator.iter_errors(found), key=lambda each: each.json_path)), None)
    if fault is None:
        return
    if fault.validator == "contains":
        part = str(fault.validator_value["$ref"]).rsplit("/", 1)[-1]
        raise EvidenceError(f"{NAME}: its {part} is not described once and whole.")
    raise EvidenceError(f"{NAME}: {fault.json_path}: {fault.message[:200]}")
