"""Demonstration imagery that is drawn, not photographed: a seeded world whose truth is known."""

from __future__ import annotations

from reetrace.drawn.world import DEFAULT_SEED, draw_world

__all__ = ["DEFAULT_SEED", "draw_world"]
