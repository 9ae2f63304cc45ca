"""`labels`: what interpreters saw, brought in from other programs, listed and checked."""

from __future__ import annotations

import typer

labels_app = typer.Typer(
    help="Labels for training and testing: import, list, check and show them.",
    no_args_is_help=True,
)
