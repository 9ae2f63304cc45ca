"""The mark that drawn imagery carries in its very values: nothing but multiples of 7.

It is there so that drawn imagery stays known as such when names, tags and items are stripped, and
when the numbers are written in another encoding.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from reetrace.core.raster import REFLECTANCE_OFFSET, REFLECTANCE_SCALE, UNSEEN

MARK = 7

# The mean of two multiples, as in a composite of drawn scenes, is a multiple of 3.5 rounded up.
_REMAINDERS = (0, 4)

# Two measured values in seven leave one of these by chance; no scene has nineteen in twenty.
_SHARE, _FEWEST_VALUES, _FEWEST_DISTINCT = 0.95, 500, 16

# In a coarser encoding a value stands for several of the former ones. Up to three in four of all
# values could then come from a multiple of 7; that 64 different ones all do is no chance (1e-8).
_MOST_BY_CHANCE, _ENOUGH_DISTINCT, _NEARLY_ALL = 0.75, 64, 0.99

_DRAWN_ENCODINGS = ((REFLECTANCE_SCALE, REFLECTANCE_OFFSET), (0.0001, -0.1), (0.0001, 0.0))
"""(scale, offset) in which scenes are drawn: Collection 2, Sentinel-2 since and before 04.00."""


def is_marked(values: Mapping[str, NDArray[np.integer]]) -> bool:
    """Whether the numbers of a file carry the mark, in most of the bands.

    Args:
        values: Non-fill integers by band.
    """
    marked = 0
    for band in values.values():
        if band.size < _FEWEST_VALUES or np.unique(band).size < _FEWEST_DISTINCT:
            continue
        marked += float(np.isin(band % MARK, _REMAINDERS).mean()) >= _SHARE
    return marked > len(values) // 2


def is_marked_beneath(stored: Mapping[str, NDArray[np.uint16]], *, step: float) -> bool:
    """Whether numbers that were written anew come from marked ones, in most of the bands.

    Args:
        stored: Stored reflectance by role; `UNSEEN` is passed over.
        step: Reflectance between two neighbouring numbers of the file; 0 for float files.
    """
    distinct = {role: np.unique(values[values != UNSEEN]) for role, values in stored.items()}
    return any(
        sum(_comes_from(values, step, encoding, spacing) for values in distinct.values())
        > len(distinct) // 2
        for encoding in _DRAWN_ENCODINGS
        for spacing in (MARK, MARK / 2)
    )


def _comes_from(
    values: NDArray[np.uint16], step: float, encoding: tuple[float, float], spacing: float
) -> bool:
    scale, offset = encoding
    if values.size < _ENOUGH_DISTINCT:
        return False
    # Half a stored integer and half a step of the file were lost in rounding, at most; the mean of
    # two multiples was rounded once before.
    reach = (REFLECTANCE_SCALE + step) / 2 / scale + 0.01 + (0.5 if spacing < MARK else 0.0)
    if 2 * reach / spacing > _MOST_BY_CHANCE:
        return False
    numbers = (values * REFLECTANCE_SCALE + REFLECTANCE_OFFSET - offset) / scale
    away = np.abs(numbers - spacing * np.rint(numbers / spacing))
    return bool((away <= reach).mean() >= _NEARLY_ALL)
