"""A page put together: texts escaped, its style and script allowed by their digests alone."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

PARTS = Path(__file__).with_name("parts")

# Characters that no page may hold, and those that turn the direction of the text around them.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def part(name: str) -> str:
    """A style or a piece of script."""
    return (PARTS / name).read_text(encoding="utf-8")


def script_of(*names: str) -> str:
    """Pieces of script as one, which share their names with each other and with nothing else."""
    pieces = "\n".join(part(name) for name in names)
    return f'"use strict";\n(() => {{\n{pieces}}})();\n'


def rendered(template: str, *, style: str, script: str, **facts: Any) -> str:  # noqa: ANN401
    """A page of one file.

    Args:
        template: Name of a file beside the styles.
        style: The whole of its style.
        script: The whole of its script.
        **facts: What the template speaks of; every text of it is escaped.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(PARTS),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_fit,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The style and the script are files of this package, not texts of the evidence.
    page = environment.get_template(template).render(
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        **facts,
    )
    return page + "\n"


def _fit(value: object) -> object:
    """Texts without characters that a page may not hold; everything else as it is."""
    from markupsafe import Markup

    if isinstance(value, str) and not isinstance(value, Markup):
        return _UNFIT.sub("\ufffd", value)
    return value


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; img-src data:; style-src '{_digest(style)}'; "
        f"script-src '{_digest(script)}'; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
