"""The registry of mine sites: files of the shipped folder with the user's own laid over them."""

from __future__ import annotations

from reetrace.registry.catalogue import Registry, load_registry

__all__ = ["Registry", "load_registry"]
