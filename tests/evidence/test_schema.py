"""The schema in the docs is the one of the types."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from reetrace.evidence.schema import schema_text

_DOCS = Path(__file__).parents[2] / "docs" / "evidence.schema.json"


def test_the_schema_in_the_docs_is_fresh():
    """Where it is stale, `python docs/generate.py` writes it anew."""
    assert _DOCS.read_text(encoding="utf-8") == schema_text()


def test_an_evidence_is_valid_by_its_schema(sealed, sealed_simulated):
    """Whoever reads the file in another language can rely on the schema."""
    schema = json.loads(_DOCS.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)

    for bag in (sealed, sealed_simulated):
        content = json.loads((bag / "data" / "evidence.json").read_text(encoding="utf-8"))
        assert list(validator.iter_errors(content)) == []


def test_the_schema_finds_what_is_missing(sealed):
    """A schema that passes everything would be no help."""
    content = json.loads((sealed / "data" / "evidence.json").read_text(encoding="utf-8"))
    del content["evidence"]["run_id"]

    validator = Draft202012Validator(json.loads(_DOCS.read_text(encoding="utf-8")))

    assert not validator.is_valid(content)
