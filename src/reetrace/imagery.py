"""Engine, site and epoch in; one clear picture out, or a plain reason why not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from reetrace.core.engine import Engine
from reetrace.core.errors import SettingError, TooCloudy
from reetrace.core.grid import Grid
from reetrace.core.raster import OBSERVATIONS, Composite
from reetrace.core.sensor import Sensor
from reetrace.core.site import Epoch, Site

P = TypeVar("P")

DEFAULT_MIN_SEEN = 0.5
"""Least share of the area of interest that must be seen for an epoch to be judged at all."""

FIRST_YEAR, LAST_YEAR = 1984, 2100


def parse_years(text: str, site: Site) -> tuple[int, ...]:
    """The years a site is to be judged at, rising.

    `2005-2020` takes the site's epochs of interest within the range (its two ends where the site
    names none), `2005,2020` exactly these, `2018` a single one.

    Raises:
        SettingError: The text is none of these, or the range runs backwards.
    """
    given = text.strip().replace("–", "-")
    span = re.fullmatch(r"(\d{4})\s*-\s*(\d{4})", given)
    if span:
        first, last = int(span[1]), int(span[2])
        if first > last:
            raise SettingError(f"--years {text}: runs backwards. Write {last}-{first}.")
        within = tuple(year for year in site.epochs if first <= year <= last)
        years = within or tuple(sorted({first, last}))
    elif re.fullmatch(r"\d{4}(\s*,\s*\d{4})*", given):
        years = tuple(sorted({int(year) for year in given.split(",")}))
    else:
        raise SettingError(
            f"--years {text}: not understood. Write a range (2005-2020), a list (2005,2020) or one "
            "year (2018)."
        )
    outside = [year for year in years if not FIRST_YEAR <= year <= LAST_YEAR]
    if outside:
        raise SettingError(
            f"--years {text}: {outside[0]} is not between {FIRST_YEAR}, when imagery of this kind "
            f"begins, and {LAST_YEAR}."
        )
    return years


def compose(
    engine: Engine[P],
    site: Site,
    epoch: Epoch,
    grid: Grid,
    *,
    inside: NDArray[np.bool_],
    sensors: Sequence[Sensor],
    min_observations: int,
    min_seen: float = DEFAULT_MIN_SEEN,
) -> Composite[P]:
    """The epoch's composite, refused where too little of the site was seen.

    Args:
        engine: Any engine.
        site: The study area.
        epoch: The span of dates.
        grid: The site's grid.
        inside: Shape (rows, cols), the area of interest.
        sensors: In order of preference.
        min_observations: Pixels seen clear less often count as not seen.
        min_seen: Share of the area of interest, 0-1.

    Raises:
        NoImagery: No scene.
        TooCloudy: Less than `min_seen` of the area of interest was seen.
    """
    composite = engine.composite(
        site, epoch, grid, sensors=sensors, min_observations=min_observations
    )
    observations = engine.read(composite, (OBSERVATIONS,))[0]
    seen = float((observations[inside] >= min_observations).mean())
    if seen < min_seen:
        raise TooCloudy(
            f"{site.id} {epoch.label}: {seen:.0%} of the area of interest was seen in "
            f"{len(composite.scenes)} image(s), {min_seen:.0%} is needed. Add images of the same "
            "season, choose another year, or lower --min-observations or --min-seen."
        )
    return composite
