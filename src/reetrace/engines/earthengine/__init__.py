"""The engine that works on Google Earth Engine, through its own client."""

from reetrace.engines.earthengine.engine import EarthEngine

__all__ = ["EarthEngine"]
