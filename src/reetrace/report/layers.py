"""The folders that a template is read from: the user's, the one it extends, the default."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reetrace.core.errors import TemplateError
from reetrace.report import brand as brands
from reetrace.report.own_words import FOLDER as WORDS
from reetrace.report.template_files import Faults, is_there
from reetrace.report.template_list import FILE, Listing, read_listing
from reetrace.shipped import shipped

BASE = "default"

OWN = "own"
"""What a user's folder is called in a record: its name and place are nobody's business."""

PARTS = (FILE, brands.FILE, "text", WORDS)
"""What a template folder may hold; each stands for the shipped one."""


@dataclass(frozen=True)
class Layer:
    """One folder that a template is read from."""

    name: str
    folder: Path
    listing: Listing


def shipped_template(folder: Path) -> str:
    """The name of a shipped template, where a folder is one; else empty."""
    home = shipped("templates").resolve()
    return folder.name if folder.resolve().parent == home else ""


def shipped_names() -> list[str]:
    """The shipped templates by name."""
    return sorted(each.parent.name for each in shipped("templates").glob(f"*/{FILE}"))


def layers_of(own: Path | None, faults: Faults) -> list[Layer]:
    """The user's folder, the template it extends, and so on to the default."""
    made: list[Layer] = []
    home = shipped("templates")
    folder = home / BASE if own is None else own
    if not folder.is_dir():
        raise TemplateError(f"{folder}: no such folder of templates.")
    name = shipped_template(folder) or OWN
    if name == OWN and not any(is_there(folder, part) for part in PARTS):
        raise TemplateError(
            f"{folder}: holds nothing of a template. Put any of {', '.join(PARTS)} into it, or "
            "leave --template out."
        )
    while True:
        listing = Listing()
        if is_there(folder, FILE):
            listing = read_listing(folder, shipped_names(), faults, own=name == OWN)
        made.append(Layer(name, folder, listing))
        if name == BASE:
            return made
        name = listing.extends or BASE
        folder = home / name
