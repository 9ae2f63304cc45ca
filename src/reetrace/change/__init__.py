"""What two or more land-cover maps say of the ground, and how sure a sample lets us be."""

from __future__ import annotations
