"""The evidence folder: everything that may be said, as plain files anybody can check."""

from __future__ import annotations

from reetrace.evidence.rasters import change_codes, write_raster

__all__ = ["change_codes", "write_raster"]
