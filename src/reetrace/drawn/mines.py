"""Two mines that grow through the epochs, their tracks, and small pits that come and go."""
# ruff: noqa: PLR2004 - a picture is made of measures; each says in its line what it measures

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.drawn.frame import (
    CENTRE_EAST_M,
    CENTRE_NORTH_M,
    GROUND,
    BoolArray,
    Frame,
)
from reetrace.drawn.noise import above_share, rough_field, wander
from reetrace.drawn.terrain import Relief

EPOCHS = (2005, 2010, 2015, 2020)

NEVER = 99
"""In a layer of epochs: not dug, or not given up, by the last epoch."""


@dataclass(frozen=True)
class MinePlan:
    """Where one mine may grow and how large it is to be, in metres from the study's point."""

    id: str
    west_m: float
    east_m: float
    south_m: float
    north_m: float
    seeds: tuple[tuple[float, float, float], ...]
    """(east, north, weight) of each working."""
    area_km2: tuple[tuple[float, float], ...]
    """Least and most area at each epoch."""


PLANS = (
    MinePlan(
        "mine-A",
        -900.0,
        1800.0,
        -1500.0,
        2500.0,
        ((300.0, 500.0, 1.0), (700.0, 1350.0, 0.62), (-100.0, -450.0, 0.55)),
        ((0.50, 0.68), (0.90, 1.25), (1.70, 2.10), (2.30, 2.75)),
    ),
    MinePlan(
        "mine-B",
        -700.0,
        2300.0,
        -10400.0,
        -4900.0,
        ((1000.0, -8600.0, 1.0), (900.0, -5900.0, 0.72), (1350.0, -9250.0, 0.5)),
        ((0.55, 0.70), (0.74, 0.92), (1.02, 1.22), (1.30, 1.58)),
    ),
)


@dataclass(frozen=True)
class SmallPit:
    """A pit too small and short-lived to be part of either mine."""

    id: str
    east_m: float
    north_m: float
    epochs: tuple[int, ...]
    """Years at which it is open."""
    area_m2: float


@dataclass(frozen=True)
class Mines:
    """Layers on the ground's cells; an epoch is its position in `EPOCHS`."""

    owner: NDArray[np.uint8]
    """0 none, k the k-th mine of `PLANS`, where it ever worked."""
    dug: NDArray[np.uint8]
    """First epoch at which the cell was mine, or `NEVER`."""
    left: NDArray[np.uint8]
    """First epoch at which it was given up and grew over, or `NEVER`."""
    track: BoolArray
    """Whether it is a track beyond the workings."""
    pit_epochs: NDArray[np.uint8]
    """Small pits: bit k is set where a pit is open at epoch k."""
    pits: tuple[SmallPit, ...]

    def worked(self, epoch: int) -> BoolArray:
        """Mine ground of the two mines at an epoch, tracks included."""
        worked: BoolArray = (self.dug <= epoch) & (self.left > epoch)
        return worked

    def small_pits(self, epoch: int) -> BoolArray:
        """Mine ground of the small pits at an epoch."""
        is_open: BoolArray = (self.pit_epochs >> np.uint8(epoch)) & np.uint8(1) == 1
        return is_open

    def ground(self, epoch: int) -> BoolArray:
        """All mine ground at an epoch: the truth of the class."""
        ground: BoolArray = self.worked(epoch) | self.small_pits(epoch)
        return ground


def grow_mines(rng: np.random.Generator, relief: Relief) -> Mines:
    """Both mines through all epochs, and the small pits about them."""
    owner = np.zeros(GROUND.shape, dtype=np.uint8)
    dug = np.full(GROUND.shape, NEVER, dtype=np.uint8)
    left = np.full(GROUND.shape, NEVER, dtype=np.uint8)
    track = np.zeros(GROUND.shape, dtype=np.bool_)
    for position, plan in enumerate(PLANS, start=1):
        window, frame = _window(plan)
        first = _first_dug(rng, plan, frame, relief, window)
        dug[window] = np.minimum(dug[window], first)
        abandoned = rough_field(rng, frame, 300.0, octaves=3)
        old = first == 0
        given_up = old & (abandoned > above_share(abandoned[old], 0.10))
        left[window][given_up] = 2
        owner[window][first < NEVER] = position
        for year, path in _tracks(rng, plan, frame, first):
            fresh = path & (dug[window] > year)
            dug[window][fresh] = year
            track[window][fresh] = True
            owner[window][fresh] = position
    pit_epochs, pits = _small_pits(rng, relief, dug)
    return Mines(owner, dug, left, track, pit_epochs, pits)


def _window(plan: MinePlan) -> tuple[tuple[slice, slice], Frame]:
    top = round((GROUND.north_m - CENTRE_NORTH_M - plan.north_m) / GROUND.cell_m)
    left = round((CENTRE_EAST_M + plan.west_m - GROUND.west_m) / GROUND.cell_m)
    rows = round((plan.north_m - plan.south_m) / GROUND.cell_m)
    cols = round((plan.east_m - plan.west_m) / GROUND.cell_m)
    frame = Frame(
        GROUND.west_m + left * GROUND.cell_m,
        GROUND.north_m - top * GROUND.cell_m,
        GROUND.cell_m,
        rows,
        cols,
    )
    return (slice(top, top + rows), slice(left, left + cols)), frame


def _first_dug(
    rng: np.random.Generator,
    plan: MinePlan,
    frame: Frame,
    relief: Relief,
    window: tuple[slice, slice],
) -> NDArray[np.uint8]:
    """Epoch at which each cell of the window was first mine; the cheapest ground goes first."""
    effort = np.full(frame.shape, np.inf, dtype=np.float32)
    for east, north, weight in plan.seeds:
        reach = weight * rng.uniform(0.8, 1.2) * 600.0
        stretch = math.exp(rng.normal(0.0, 0.25))
        from_seed = np.hypot(
            (frame.eastings() - east - rng.normal(0.0, 90.0)) * stretch,
            (frame.northings() - north - rng.normal(0.0, 110.0)) / stretch,
        )
        effort = np.minimum(effort, from_seed / reach)
    effort += np.float32(0.30) * rough_field(rng, frame, 520.0, octaves=3, roughness=0.5)
    effort += np.float32(0.05) * rough_field(rng, frame, 70.0, octaves=2)
    effort[(relief.river_m[window] < 90.0) | (relief.stream_m[window] < 30.0)] = np.inf
    first = np.full(frame.shape, NEVER, dtype=np.uint8)
    for epoch in reversed(range(len(EPOCHS))):
        cells = rng.uniform(*plan.area_km2[epoch]) * 1e6 / frame.cell_m**2
        limit = above_share(effort, 1.0 - cells / effort.size)
        first[effort <= limit] = epoch
    return first


def _tracks(
    rng: np.random.Generator, plan: MinePlan, frame: Frame, first: NDArray[np.uint8]
) -> list[tuple[int, BoolArray]]:
    """Tracks from the workings outwards, each with the epoch of its making."""
    tracks = []
    for epoch, count in enumerate((1, 1, 2, 1)):
        rows, cols = np.nonzero(first <= epoch)
        for _ in range(count):
            at = int(rng.integers(rows.size))
            path = _path(rng, frame, int(rows[at]), int(cols[at]))
            tracks.append((epoch, path))
    return tracks if plan.seeds else []


def _path(rng: np.random.Generator, frame: Frame, row: int, col: int) -> BoolArray:
    """A winding line 10 m wide from a cell outwards."""
    steps = int(rng.uniform(450.0, 800.0) / frame.cell_m)
    heading = rng.uniform(0.0, 2.0 * math.pi) + np.cumsum(wander(rng, steps, 60.0)) * 0.045
    down = np.clip(row + np.cumsum(np.sin(heading)), 1, frame.rows - 2).astype(np.int64)
    across = np.clip(col + np.cumsum(np.cos(heading)), 1, frame.cols - 2).astype(np.int64)
    path = np.zeros(frame.shape, dtype=np.bool_)
    for shift_down, shift_across in ((0, 0), (0, 1), (1, 0), (1, 1)):
        path[down + shift_down, across + shift_across] = True
    return path


def _small_pits(
    rng: np.random.Generator, relief: Relief, dug: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], tuple[SmallPit, ...]]:
    """Pits of 0.4 to 1.5 ha at least 250 m from either mine, open at one epoch or two."""
    from scipy.ndimage import distance_transform_edt

    step = 10
    far_m = distance_transform_edt(dug[::step, ::step] == NEVER) * GROUND.cell_m * step
    spans = ((0,), (0, 1), (1,), (1,), (1, 2), (2,), (2,), (0,), (2, 3), (3,))
    layer = np.zeros(GROUND.shape, dtype=np.uint8)
    pits = []
    for span in (spans[index] for index in rng.permutation(len(spans))):
        east, north = _free_place(rng, relief, far_m, layer, step)
        area_m2, bits = _dig(rng, layer, east, north, span)
        layer |= bits
        pits.append((span, east, north, area_m2))
    pits.sort(key=lambda pit: (pit[0], -pit[2]))
    named = tuple(
        SmallPit(f"pit-{number:02d}", east, north, tuple(EPOCHS[k] for k in span), area_m2)
        for number, (span, east, north, area_m2) in enumerate(pits, start=1)
    )
    return layer, named


def _free_place(
    rng: np.random.Generator,
    relief: Relief,
    far_m: NDArray[np.float64],
    layer: NDArray[np.uint8],
    step: int,
) -> tuple[float, float]:
    """Metres from the study's point of a place inside the study area with nothing near it."""
    while True:
        east, north = rng.uniform(-900.0, 2350.0), rng.uniform(-10800.0, 3250.0)
        row = int((GROUND.north_m - CENTRE_NORTH_M - north) / GROUND.cell_m)
        col = int((CENTRE_EAST_M + east - GROUND.west_m) / GROUND.cell_m)
        around = layer[max(row - 60, 0) : row + 60, max(col - 60, 0) : col + 60]
        near_water = min(relief.river_m[row, col], relief.stream_m[row, col]) < 120.0
        if far_m[row // step, col // step] > 250.0 and not near_water and not around.any():
            return east, north


def _dig(
    rng: np.random.Generator,
    layer: NDArray[np.uint8],
    east: float,
    north: float,
    span: tuple[int, ...],
) -> tuple[float, NDArray[np.uint8]]:
    """Area and cells of one small pit: a lumpy disc."""
    radius_m = math.sqrt(rng.uniform(4_000.0, 15_000.0) / math.pi)
    phases = rng.uniform(0.0, 2.0 * math.pi, 3)
    dy, dx = GROUND.northings() - np.float32(north), GROUND.eastings() - np.float32(east)
    row = int((GROUND.north_m - CENTRE_NORTH_M - north) / GROUND.cell_m)
    col = int((CENTRE_EAST_M + east - GROUND.west_m) / GROUND.cell_m)
    near = (slice(max(row - 30, 0), row + 30), slice(max(col - 30, 0), col + 30))
    dy, dx = dy[near[0]], dx[:, near[1]]
    angle = np.arctan2(dy, dx)
    rim = 1.0 + sum(0.14 * np.sin((turn + 2) * angle + phases[turn]) for turn in range(3))
    inside = np.hypot(dy, dx) < radius_m * rim
    bits = np.zeros_like(layer)
    bits[near][inside] = sum(1 << epoch for epoch in span)
    return float(inside.sum()) * GROUND.cell_m**2, bits
