"""From a registry of rare-earth mines and satellite imagery to an evidence report."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from reetrace.engines import open_engine
    from reetrace.pipeline import trace
    from reetrace.registry import load_registry

__all__ = ["__version__", "load_registry", "open_engine", "trace"]

_HOMES = {
    "load_registry": "reetrace.registry",
    "open_engine": "reetrace.engines",
    "trace": "reetrace.pipeline",
}


def __getattr__(name: str) -> object:
    # Late, so that `import reetrace` loads none of the heavy packages.
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
