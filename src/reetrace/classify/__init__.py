"""From labelled places to a fitted forest, and how far its map can be trusted."""

from __future__ import annotations
