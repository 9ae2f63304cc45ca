"""Made-up maps with their truth, zones and samples, small enough to count by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reetrace.change.panel import Panel
from reetrace.core.grid import Grid
from reetrace.core.landcover import NOT_SEEN, OUTSIDE, LandcoverClass, Legend
from reetrace.core.raster import Crosstab
from reetrace.core.samples import Design, Stratum
from reetrace.core.site import Role, Zone, ZoneSet
from reetrace.zoning import SEVERAL

Codes = NDArray[np.uint8]

FOREST, MINE = 1, 2

LEGEND = Legend(
    id="mine",
    title="Mine",
    classes=(
        LandcoverClass(FOREST, "non-mine", "Not mine", "#009e73"),
        LandcoverClass(MINE, "mine", "Mine", "#d55e00"),
    ),
    target="mine",
)

GRID = Grid(
    epsg=32647,
    west_m=450_015.0,
    north_m=2_860_005.0,
    pixel_m=30.0,
    rows=40,
    cols=60,
    pixel_area_m2=899.5,
)

KM2 = GRID.pixel_area_m2 / 1e6
"""One pixel."""


def zone(name: str, role: Role = "mine") -> Zone:
    """A zone whose outline nobody asks for: tests give its pixels."""
    return Zone(
        id=name,
        role=role,
        name=name,
        geometry=(),
        source="made up",
        date="2020",
        licence="",
        precision_m=30.0,
    )


WHOLE = ZoneSet("study-area", "Study area", (zone("made-up", "area-of-interest"),))
MINES = ZoneSet("mines", "Mines", (zone("mine-A"), zone("mine-B")))
COUNTRIES = ZoneSet("countries-osm", "Countries", (zone("MMR", "country"), zone("CHN", "country")))
SETS = (WHOLE, MINES, COUNTRIES)


def zone_codes() -> dict[str, NDArray[np.int16]]:
    """Mine A in the west, mine B in the east, nothing in the south; a border with one overlap."""
    mines = np.zeros(GRID.shape, dtype=np.int16)
    mines[:30, :30], mines[:30, 30:] = 1, 2
    countries = np.ones(GRID.shape, dtype=np.int16)
    countries[:, 30:] = 2
    countries[:, 29] = SEVERAL
    return {
        "study-area": np.ones(GRID.shape, dtype=np.int16),
        "mines": mines,
        "countries-osm": countries,
    }


def forest() -> Codes:
    """Nothing but forest."""
    return np.full(GRID.shape, FOREST, dtype=np.uint8)


def crosstab(zone_set: ZoneSet, maps: Sequence[Codes], epochs: tuple[str, ...]) -> Crosstab:
    """Counted pixel by pixel, the plain way."""
    codes = (NOT_SEEN, FOREST, MINE)
    marks = [*range(1, len(zone_set.zones) + 1), 0, SEVERAL]
    counts = np.zeros((len(marks), *(len(codes) for _ in maps)), dtype=np.int64)
    where = zone_codes()[zone_set.id]
    for row, col in np.ndindex(GRID.shape):
        if maps[0][row, col] != OUTSIDE:
            place = tuple(codes.index(int(each[row, col])) for each in maps)
            counts[(marks.index(int(where[row, col])), *place)] += 1
    zones = (*(each.id for each in zone_set.zones), "none", "several")
    return Crosstab(zone_set.id, zones, epochs, codes, counts)


def panel(
    maps: Sequence[Codes],
    truths: Sequence[Codes],
    epochs: tuple[str, ...],
    *,
    design: Design = "stratified",
    points: int = 200,
    seed: int = 0,
) -> Panel:
    """A sample of two strata, the north (30 rows) and the south (10 rows), read without error."""
    rng = np.random.default_rng(seed)
    north = rng.choice(30 * 60, size=points, replace=False)
    south = 30 * 60 + rng.choice(10 * 60, size=points // 4, replace=False)
    flat = np.concatenate([np.sort(north), np.sort(south)])
    rows, cols = flat // 60, flat % 60
    return Panel(
        ids=tuple(f"{number:04d}" for number in range(len(flat))),
        rows=rows,
        cols=cols,
        stratum=(rows >= 30).astype(np.int64),
        strata=(
            Stratum("north", 1800 * GRID.pixel_area_m2),
            Stratum("south", 600 * GRID.pixel_area_m2),
        ),
        epochs=epochs,
        reference=np.column_stack([truth[rows, cols] for truth in truths]),
        mapped=np.column_stack([each[rows, cols] for each in maps]),
        design=design,
        lost=0,
    )


def random_map(rng: np.random.Generator, *, unseen: float = 0.1) -> Codes:
    """Classes and clouds at random."""
    shares = [unseen, 0.7 - unseen, 0.3]
    return rng.choice([NOT_SEEN, FOREST, MINE], size=GRID.shape, p=shares).astype(np.uint8)
