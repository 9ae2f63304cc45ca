"""Inside the mines: floors, tailings, ponds, sheds, tracks, and what grows over old ground."""
# ruff: noqa: PLR2004 - a picture is made of measures; each says in its line what it measures

from __future__ import annotations

import numpy as np

from reetrace.drawn.cover import Cover, Kind, Wilds
from reetrace.drawn.frame import GROUND, BoolArray, Float32Array
from reetrace.drawn.materials import palette
from reetrace.drawn.mines import EPOCHS, Mines
from reetrace.drawn.noise import rough_field


def lay_mines(
    rng: np.random.Generator, epoch: int, cover: Cover, mines: Mines, wilds: Wilds
) -> None:
    """The mines and the small pits over the wild ground, and what grew over those given up."""
    overgrown = (mines.dug <= epoch) & (mines.left <= epoch)
    for past in range(epoch):
        overgrown |= mines.small_pits(past)
    cover.put(overgrown, Kind.OVERGROWN, "dry-plants", 0.05, 0.0)
    cover.regrowth[overgrown] = np.clip(0.62 + 0.15 * wilds.lumps[overgrown], 0.3, 0.9)
    _lay_workings(rng, epoch, cover, mines, wilds)
    pits = mines.small_pits(epoch)
    cover.put(pits, Kind.MINE, "pit-floor", 0.0, 0.0)
    cover.regrowth[pits] = np.clip(0.10 + 0.09 * wilds.lumps[pits], 0.0, 0.5)


def _lay_workings(
    rng: np.random.Generator,
    epoch: int,
    cover: Cover,
    mines: Mines,
    wilds: Wilds,
) -> None:
    """Pit floor, tailings, ponds with their liners, roofs and tracks, fraying at the edge."""
    facies = rough_field(rng, GROUND, 260.0, octaves=4)
    wetness = rough_field(rng, GROUND, 130.0, octaves=3)
    worked = mines.worked(epoch)
    edge_m = _edge_distance(worked)
    outside = (edge_m < 0.0) & (edge_m > -30.0) & (cover.kind == Kind.FOREST)
    thinned = 1.0 - 0.5 * np.exp(edge_m[outside] / 12.0)
    cover.forest[outside] *= thinned
    cover.put(worked, Kind.MINE, "pit-floor", 0.0, 0.0)
    fresh = worked & (mines.dug == epoch) & (edge_m < 45.0) & (facies < -0.75)
    cover.put(fresh, Kind.MINE, "overburden", 0.0, 0.0)
    cover.put(worked & (facies > 0.55), Kind.MINE, "tailings", 0.0, 0.0)
    deep = worked & (edge_m > 20.0)
    cover.put(deep & (wetness > 1.5), Kind.MINE, "wet-tailings", 0.0, 0.0)
    cover.put(deep & (wetness > 1.85), Kind.MINE, "turbid-pond", 0.0, 0.0)
    cover.put(deep & (wetness > 1.85) & (facies < -0.75), Kind.MINE, "dark-pond", 0.0, 0.0)
    if EPOCHS[epoch] >= 2015:
        cover.put(deep & (wetness > 2.6), Kind.MINE, "pond-liner", 0.0, 0.0)
    cover.put(deep & _roofs(rng, deep), Kind.MINE, "roof", 0.0, 0.0)
    dry = worked & (cover.material != palette().code("turbid-pond"))
    frayed = 0.20 * np.exp(-edge_m[dry] / 12.0) + 0.03
    cover.regrowth[dry] = np.clip(frayed + 0.05 * wilds.lumps[dry], 0.0, 0.6)
    tracks = worked & mines.track
    cover.put(tracks, Kind.MINE, "track", 0.0, 0.05)
    ore = deep & (mines.owner == 1) & (np.abs(facies) < 0.5)
    _lay_monazite(rng, cover, ore, wilds)


def _lay_monazite(rng: np.random.Generator, cover: Cover, ore: BoolArray, wilds: Wilds) -> None:
    """Ore on the pit floor of mine A, 10 to 20 % of it monazite; mine B has none."""
    share = rng.uniform(0.13, 0.18) + 0.015 * wilds.lumps
    bearing = ore & (cover.material == palette().code("pit-floor"))
    cover.monazite[bearing] = np.clip(share, 0.10, 0.20)[bearing]


def _edge_distance(worked: BoolArray) -> Float32Array:
    """Metres to the edge of the workings, positive inside, taken on 10 m cells."""
    from scipy.ndimage import distance_transform_edt

    coarse = worked[::2, ::2]
    inside = distance_transform_edt(coarse) - distance_transform_edt(~coarse)
    metres = (inside * 2 * GROUND.cell_m).astype(np.float32)
    return np.repeat(np.repeat(metres, 2, axis=0), 2, axis=1)


def _roofs(rng: np.random.Generator, deep: BoolArray) -> BoolArray:
    """A handful of sheds of 20 by 30 m."""
    roofs = np.zeros(GROUND.shape, dtype=np.bool_)
    rows, cols = np.nonzero(deep)
    for _ in range(12):
        at = int(rng.integers(rows.size))
        roofs[rows[at] : rows[at] + 4, cols[at] : cols[at] + 6] = True
    return roofs
