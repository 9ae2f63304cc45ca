"""A folder to begin a template with: everything in it works, and says what may be changed."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from reetrace.core.errors import OutputError, TemplateError
from reetrace.report.facts import FACTS, FLAGS
from reetrace.report.sandbox import FILTERS
from reetrace.report.template import shipped_names
from reetrace.shipped import shipped

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")

_LISTING = """\
# Which sections the PDF has. What is not said here is as in the template it extends.

schema = 1
extends = "{extends}"

# title = "Evidence report of Example Minerals"
# footer = "Example Minerals, Responsible Sourcing"

# To change order or headings, take the hash away from every line of the list below: it is the
# list of "{extends}". A section may have `kind`, `heading`, `text` (a file of the folder text/) and
# `when` (it is left out where the evidence has none of it):
#   {flags}
# Sections of kind "text" are words of your own; they stand behind the accuracy and the limits.

{sections}
"""

_BRAND = """\
# Names and looks. Colours must stand out from paper (4.5 to 1; the secondary 3 to 1).

meta:
  name: {name}

color:
  primary: "#12355b"
  secondary: "#b5651d"
  foreground: "#1b1f24"
  muted: "#5b6470"

# A PNG, or an SVG of plain shapes (words as outlines), in this folder, 1 MB at most:
# logo: logo.svg

# Three TrueType files (.ttf) in this folder that their maker allows to be embedded:
# typography:
#   regular: fonts/Example-Regular.ttf
#   bold: fonts/Example-Bold.ttf
#   italic: fonts/Example-Italic.ttf
"""

_README = """\
# {name}

A report template that extends `{extends}`.

    reetrace templates check {name}
    reetrace templates preview {name}
    reetrace report --site mine-A --years 2005-2020 --template {name}

Words stand in `text/`, one file a section, under the name that the section list gives.
Copy a file of the shipped template there and change it (`reetrace templates list` says where):

{texts}

Facts stand in double braces. They are:
{facts}.
Filters: {filters}.
"""


def write_starter(name: str, *, extends: str, out: Path) -> Path:
    """Writes a folder to begin with; it appears only when it is whole.

    Args:
        name: Of the folder.
        extends: A shipped template.
        out: Folder to put it in.

    Raises:
        TemplateError: The name cannot be a folder's, or the template is not known.
        OutputError: Something lies there already, or it cannot be written.
    """
    if not _NAME.fullmatch(name) or name in shipped_names():
        raise TemplateError(
            f"{name[:80]!r}: a template's name has letters, digits, - and _, and is not that of a "
            f"shipped one ({', '.join(shipped_names())})."
        )
    if extends not in shipped_names():
        raise TemplateError(
            f"--extends: {extends[:80]!r} is no shipped template. Known: "
            f"{', '.join(shipped_names())}."
        )
    folder = out / name
    if os.path.lexists(folder):
        raise OutputError(f"{folder}: is there already. Take another name, or --out FOLDER.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out, prefix=f".{name}.") as aside:
            draft = Path(aside) / name
            (draft / "text").mkdir(parents=True)
            for file, content in _files(name, extends).items():
                (draft / file).write_text(content, encoding="utf-8", newline="\n")
            shutil.move(draft, folder)
    except OSError as fault:
        raise OutputError(f"{folder}: cannot be written ({fault.strerror}).") from fault
    return folder


def _files(name: str, extends: str) -> dict[str, str]:
    whole = (shipped("templates") / extends / "template.toml").read_text(encoding="utf-8")
    listed = whole[whole.index("[[section]]") :].rstrip()
    texts = re.findall(r'text = "(.+)"', listed)
    return {
        "template.toml": _LISTING.format(
            extends=extends,
            flags=", ".join(FLAGS),
            sections="\n".join(f"# {line}".rstrip() for line in listed.splitlines()),
        ),
        "brand.yml": _BRAND.format(name=name),
        "README.md": _README.format(
            name=name,
            extends=extends,
            texts="\n".join(f"- `{each}`" for each in texts),
            facts=", ".join(f"`{each}`" for each in FACTS),
            filters=", ".join(f"`{each}`" for each in FILTERS),
        ),
    }
