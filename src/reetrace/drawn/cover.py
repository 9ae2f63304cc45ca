"""What lies on the ground at each epoch: plants, soil, water, and what people made of it."""
# ruff: noqa: PLR2004 - a picture is made of measures; each says in its line what it measures

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from reetrace.drawn.frame import GROUND, HALF_LANDSAT, BoolArray, Float32Array
from reetrace.drawn.materials import palette
from reetrace.drawn.mines import Mines
from reetrace.drawn.noise import above_share, rough_field, smooth_field
from reetrace.drawn.terrain import Relief


class Kind(IntEnum):
    """What a cell is, for those who choose where labels go; mine ground is `MINE`."""

    FOREST = 0
    RIVER = 1
    BAR = 2
    LANDSLIDE = 3
    SWIDDEN = 4
    BARE = 5
    OVERGROWN = 6
    MINE = 7


@dataclass
class Cover:
    """One epoch on the ground's cells. Shares are 0-1 and what they leave free is `material`."""

    material: NDArray[np.uint8]
    """Code of the ground material between the plants."""
    forest: Float32Array
    regrowth: Float32Array
    kind: NDArray[np.uint8]
    """`Kind`."""
    monazite: Float32Array
    """Share of the bare ground that is monazite."""

    def put(
        self, where: BoolArray, kind: Kind, material: str | None, forest: float, regrowth: float
    ) -> None:
        """Covers cells with something else."""
        if material is not None:
            self.material[where] = palette().code(material)
        self.forest[where] = forest
        self.regrowth[where] = regrowth
        self.kind[where] = kind


@dataclass(frozen=True)
class Wilds:
    """What stays where it is through all epochs."""

    forest: Float32Array
    regrowth: Float32Array
    material: NDArray[np.uint8]
    bare: BoolArray
    terrace: BoolArray
    """Where bare land is eroded down to bright dry ground."""
    lumps: Float32Array
    """A field with lumps of some 40 m, for patchiness of any kind."""
    slides: tuple[tuple[BoolArray, tuple[slice, slice], int, int], ...]
    """(cells, window, epoch it fell, epoch it has grown over)."""
    fields: tuple[tuple[BoolArray, tuple[slice, slice], tuple[int, ...]], ...]
    """(cells, window, state at each epoch): 0 burnt, 1 cropped, 2 fallow."""


def grow_wilds(rng: np.random.Generator, relief: Relief, mines: Mines) -> Wilds:
    """Forest from dense to sparse, bare land, landslides and swidden."""
    stand = rough_field(rng, GROUND, 1100.0, octaves=5, roughness=0.55)
    lumps = rough_field(rng, GROUND, 60.0, octaves=2)
    forest = 1.0 / (1.0 + np.exp(-(2.1 * stand + 0.5 * lumps + 2.9)))
    understorey = smooth_field(rng, GROUND, 220.0)
    regrowth = (1.0 - forest) * np.clip(0.62 + 0.22 * understorey, 0.15, 0.95)
    colours = palette()
    material = np.where(
        understorey + 0.4 * lumps > 0.5, colours.code("grass"), colours.code("dry-plants")
    ).astype(np.uint8)
    open_land = rough_field(rng, GROUND, 420.0, octaves=4)
    bare = open_land > above_share(open_land, 0.010)
    terrace = smooth_field(rng, GROUND, 380.0) > 0.1
    slides = _landslides(rng, relief)
    fields = _swidden(rng, relief, mines)
    return Wilds(
        forest.astype(np.float32),
        regrowth.astype(np.float32),
        material,
        bare,
        terrace,
        lumps,
        slides,
        fields,
    )


def _patch_window(row: int, col: int, reach: int) -> tuple[slice, slice]:
    return (
        slice(max(row - reach, 0), min(row + reach, GROUND.rows)),
        slice(max(col - reach, 0), min(col + reach, GROUND.cols)),
    )


def _from_centre(
    window: tuple[slice, slice], row: int, col: int, east: float, north: float
) -> tuple[Float32Array, Float32Array]:
    """Metres along and across a direction from a cell."""
    rows = np.arange(window[0].start, window[0].stop)[:, None] - row
    cols = np.arange(window[1].start, window[1].stop)[None, :] - col
    along = (cols * east - rows * north) * GROUND.cell_m
    across = (cols * north + rows * east) * GROUND.cell_m
    return along.astype(np.float32), across.astype(np.float32)


def _landslides(
    rng: np.random.Generator, relief: Relief
) -> tuple[tuple[BoolArray, tuple[slice, slice], int, int], ...]:
    """Long scars down steep slopes, each with the epoch it fell and the one it is green again."""
    steep_rows, steep_cols = np.nonzero(relief.slope > np.quantile(relief.slope, 0.80))
    ratio = round(HALF_LANDSAT.cell_m / GROUND.cell_m)
    slides = []
    for _ in range(26):
        at = int(rng.integers(steep_rows.size))
        half_row, half_col = int(steep_rows[at]), int(steep_cols[at])
        row, col = half_row * ratio, half_col * ratio
        window = _patch_window(row, col, 44)
        along, across = _from_centre(
            window,
            row,
            col,
            float(relief.downhill_east[half_row, half_col]),
            float(relief.downhill_north[half_row, half_col]),
        )
        length, width = rng.uniform(45.0, 130.0), rng.uniform(14.0, 32.0)
        sway = 8.0 * np.sin(along / rng.uniform(25.0, 60.0) + rng.uniform(0.0, 6.0))
        # A scar widens downhill into its fan.
        spread = width * (1.0 + 0.4 * along / length)
        cells = (along / length) ** 2 + ((across + sway) / np.maximum(spread, 5.0)) ** 2 < 1.0
        fell = int(rng.integers(-1, 4))
        slides.append((cells, window, fell, fell + int(rng.integers(2, 4))))
    return tuple(slides)


def _swidden(
    rng: np.random.Generator, relief: Relief, mines: Mines
) -> tuple[tuple[BoolArray, tuple[slice, slice], tuple[int, ...]], ...]:
    """Rounded fields of 0.6 to 2 ha that are burnt, cropped and left fallow in turn."""
    fields: list[tuple[BoolArray, tuple[slice, slice], tuple[int, ...]]] = []
    while len(fields) < 55:
        row, col = int(rng.integers(60, GROUND.rows - 60)), int(rng.integers(60, GROUND.cols - 60))
        if mines.owner[row, col] or relief.river_m[row, col] < 80.0:
            continue
        window = _patch_window(row, col, 30)
        turn = rng.uniform(0.0, math.pi)
        along, across = _from_centre(window, row, col, math.cos(turn), math.sin(turn))
        length, width = rng.uniform(40.0, 85.0), rng.uniform(35.0, 60.0)
        cells = np.abs(along / length) ** 3 + np.abs(across / width) ** 3 < 1.0
        states = tuple(int(each) for each in rng.choice(3, size=4, p=(0.2, 0.25, 0.55)))
        fields.append((cells, window, states))
    return tuple(fields)


def lay_wilds(rng: np.random.Generator, epoch: int, relief: Relief, wilds: Wilds) -> Cover:
    """The ground at one epoch as if nobody mined: plants, then fields and scars, then water."""
    cover = Cover(
        wilds.material.copy(),
        wilds.forest.copy(),
        wilds.regrowth.copy(),
        np.zeros(GROUND.shape, dtype=np.uint8),
        np.zeros(GROUND.shape, dtype=np.float32),
    )
    _lay_bare_land(rng, cover, wilds)
    _lay_fields(rng, epoch, cover, wilds)
    _lay_slides(epoch, cover, wilds)
    _lay_rivers(rng, cover, relief)
    return cover


def _lay_bare_land(rng: np.random.Generator, cover: Cover, wilds: Wilds) -> None:
    greener = rng.uniform(-0.05, 0.1)
    patchy = np.clip(0.19 + greener + 0.18 * wilds.lumps[wilds.bare], 0.01, 0.8)
    cover.put(wilds.bare, Kind.BARE, "bare-soil", 0.0, 0.0)
    cover.regrowth[wilds.bare] = patchy
    terrace = wilds.bare & wilds.terrace
    cover.put(terrace, Kind.BARE, "dry-terrace", 0.0, 0.0)
    cover.regrowth[terrace] = np.clip(0.07 + 0.08 * wilds.lumps[terrace], 0.0, 0.5)


def _lay_fields(rng: np.random.Generator, epoch: int, cover: Cover, wilds: Wilds) -> None:
    colours = palette()
    for cells, window, states in wilds.fields:
        state, lumps = states[epoch], wilds.lumps[window][cells]
        cover.kind[window][cells] = Kind.SWIDDEN
        cover.forest[window][cells] = 0.02 if state < 2 else 0.2
        green = (0.06, 0.35, 0.65)[state] + 0.12 * lumps + rng.normal(0.0, 0.05)
        cover.regrowth[window][cells] = np.clip(green, 0.0, 0.78)
        ground = np.where(
            lumps > rng.normal(0.2, 0.4),
            colours.code(("char", "grass", "dry-plants")[state]),
            colours.code("dry-plants" if state else "bare-soil"),
        )
        cover.material[window][cells] = ground.astype(np.uint8)


def _lay_slides(epoch: int, cover: Cover, wilds: Wilds) -> None:
    for cells, window, fell, green in wilds.slides:
        if epoch < fell:
            continue
        grown = min((epoch - fell) / max(green - fell, 1), 1.0)
        cover.kind[window][cells] = Kind.LANDSLIDE if grown < 0.8 else Kind.FOREST
        cover.material[window][cells] = palette().code("fresh-scar")
        lumps = wilds.lumps[window][cells]
        cover.forest[window][cells] = 0.25 * grown
        cover.regrowth[window][cells] = np.clip(0.06 + 0.6 * grown + 0.08 * lumps, 0.0, 0.75)


def _lay_rivers(rng: np.random.Generator, cover: Cover, relief: Relief) -> None:
    reach = smooth_field(rng, GROUND, 260.0)
    half_width = np.clip(11.0 + 3.0 * reach, 6.0, 18.0)
    stream = relief.stream_m < 5.0
    cover.put(stream, Kind.RIVER, "river", 0.25, 0.10)
    bars = (relief.river_m < half_width + 22.0) & (reach < -0.75)
    cover.put(bars, Kind.BAR, "river-bar", 0.0, 0.06)
    cover.put(relief.river_m < half_width, Kind.RIVER, "river", 0.0, 0.0)
