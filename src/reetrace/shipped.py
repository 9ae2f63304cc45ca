"""Finds the folders that ship with reetrace, from a wheel as from a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent


def shipped(folder: Literal["registry", "templates"]) -> Path:
    """The shipped folder of this name.

    A wheel carries it inside the package; an editable install leaves it at the top of the checkout.
    """
    for home in (_PACKAGE / "_shipped", _PACKAGE.parents[1]):
        if (home / folder).is_dir():
            return home / folder
    raise FileNotFoundError(f"reetrace is not installed whole: its folder {folder!r} is missing.")
