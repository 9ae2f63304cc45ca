"""A stand-in for Earth Engine: evaluates serialised expression graphs with numpy.

What it computes is never a result of Earth Engine.
"""

from __future__ import annotations

from tests.standin.backend import StandIn
from tests.standin.world import World

__all__ = ["StandIn", "World"]
