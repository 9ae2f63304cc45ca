"""The JSON Schema of `evidence.json`, made from the types themselves."""

from __future__ import annotations

import json

from reetrace.core.evidence import SCHEMA_VERSION
from reetrace.evidence.document import Document


def schema_text() -> str:
    """The schema as `docs/evidence.schema.json` holds it."""
    import msgspec

    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"reetrace evidence, version {SCHEMA_VERSION}",
        **msgspec.json.schema(Document),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
