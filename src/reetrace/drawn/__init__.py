"""Demonstration imagery that is drawn, not photographed: a seeded world whose truth is known."""

from __future__ import annotations

import hashlib
from pathlib import Path

from reetrace.drawn.world import DEFAULT_SEED, draw_world

__all__ = ["DEFAULT_SEED", "draw_world", "edition"]


def edition() -> str:
    """Twelve hex digits that change whenever the way of drawing does: a kept world may be stale."""
    home = Path(__file__).resolve().parent
    sha = hashlib.sha256()
    for path in (*sorted(home.glob("*.py")), home.parent / "tables" / "materials.toml"):
        sha.update(path.read_bytes())
    return sha.hexdigest()[:12]
