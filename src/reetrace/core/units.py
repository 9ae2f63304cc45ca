"""Square metres inside; hectares and square kilometres only on the way out."""

from __future__ import annotations

M2_PER_HA = 10_000.0
M2_PER_KM2 = 1_000_000.0


def hectares(area_m2: float) -> float:
    """Area in hectares.

    >>> hectares(9 * 900)
    0.81
    """
    return area_m2 / M2_PER_HA


def square_kilometres(area_m2: float) -> float:
    """Area in square kilometres.

    >>> square_kilometres(57_760_000)
    57.76
    """
    return area_m2 / M2_PER_KM2
