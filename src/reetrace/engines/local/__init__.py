"""The embedded engine: STAC items and GeoTIFFs in, read in windows, on this machine alone."""

from __future__ import annotations

from reetrace.engines.local.engine import LocalEngine
from reetrace.engines.store import LocalPixels

__all__ = ["LocalEngine", "LocalPixels"]
