"""A whole drawn world: ground, scenes, labels and truth, from one seed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reetrace.core.errors import OutputError, SettingError
from reetrace.drawn.cover import Cover, Wilds, grow_wilds, lay_wilds
from reetrace.drawn.files import catalogue_record, write_json
from reetrace.drawn.frame import HALF_LANDSAT, LANDSAT, BoolArray, Float32Array, coarsen, onto
from reetrace.drawn.labels import write_labels
from reetrace.drawn.landsat import landsat_scenes
from reetrace.drawn.mines import EPOCHS, NEVER, Mines, grow_mines
from reetrace.drawn.passes import SENTINEL2_YEAR, landsat_passes, sentinel2_passes
from reetrace.drawn.place import study_area
from reetrace.drawn.scenes import write_landsat, write_sentinel2
from reetrace.drawn.sentinel2 import sentinel2_scenes
from reetrace.drawn.sky import grow, hang_veil
from reetrace.drawn.surface import Scenery, Texture, weave
from reetrace.drawn.terrain import Relief, raise_relief
from reetrace.drawn.truth import take_truth, write_truth
from reetrace.drawn.workings import lay_mines

DEFAULT_SEED = 20230913
"""Reads as a date of the year in which the study appeared; any number would do."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Ground:
    """Everything of a world that is there before a satellite passes."""

    seed: int
    relief: Relief
    mines: Mines
    wilds: Wilds
    texture: Texture

    def generator(self, *what: object) -> np.random.Generator:
        """The random numbers of one part, whatever other parts draw."""
        return _generator(self.seed, *what)

    def cover(self, epoch: int) -> Cover:
        """The ground at one epoch."""
        cover = lay_wilds(self.generator("cover", epoch), epoch, self.relief, self.wilds)
        lay_mines(self.generator("workings", epoch), epoch, cover, self.mines, self.wilds)
        return cover

    def scenery(self, sky: int, cover: Cover) -> Scenery:
        """What the satellites look at; `sky` numbers the cloud that never leaves."""
        return Scenery(cover, self.texture, self.relief, self._veil(sky))

    def _veil(self, sky: int) -> Float32Array:
        heights = coarsen(self.relief.height_m, round(LANDSAT.cell_m / HALF_LANDSAT.cell_m))
        return hang_veil(self.generator("veil", sky), heights, self._near_mines())

    def _near_mines(self) -> BoolArray:
        """Pixels within some 600 m of either mine."""
        return grow(onto(self.mines.dug != NEVER, LANDSAT) > 0, 20)


def _generator(seed: int, *what: object) -> np.random.Generator:
    name = "/".join(str(part) for part in what)
    words = np.frombuffer(hashlib.sha256(name.encode()).digest()[:16], dtype="<u4")
    return np.random.default_rng([seed, *(int(word) for word in words)])


def make_ground(seed: int) -> Ground:
    """The ground of a world.

    Raises:
        SettingError: The seed is negative.
    """
    if seed < 0:
        raise SettingError(f"seed is {seed}; a whole number from 0 is needed.")
    relief = raise_relief(_generator(seed, "relief"))
    mines = grow_mines(_generator(seed, "mines"), relief)
    wilds = grow_wilds(_generator(seed, "wilds"), relief, mines)
    return Ground(seed, relief, mines, wilds, weave(_generator(seed, "texture")))


def draw_world(seed: int, folder: Path, *, progress: Progress | None = None) -> Path:
    """Draws a world into a new folder: same seed, same bytes.

    Args:
        seed: From 0; shapes and sizes of everything depend on it.
        folder: Must not exist, or be empty. It is there whole or not at all.
        progress: Called with what is being drawn and the share that is done.

    Returns:
        The folder.

    Raises:
        SettingError: The seed cannot be used.
        OutputError: The folder is in use or cannot be written.
    """
    # GDAL's own faults come through rasterio's copy unchanged, and are no OSError.
    from rasterio._err import CPLE_BaseError
    from rasterio.errors import RasterioError

    folder = Path(folder)
    # Before the drawing; `exists` calls a link that leads nowhere absent.
    if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(f"{folder}: is already there. Name a new folder, or remove this one.")
    ground = make_ground(seed)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as fault:
        raise _unwritable(folder, fault.strerror) from fault
    try:
        _draw_into(ground, aside, progress or (lambda _, __: None))
        # The folder mkdtemp makes is for its owner alone; a world is no secret.
        aside.chmod(0o755)
        aside.replace(folder)
    except OSError as fault:
        # Another process may have drawn the same world meanwhile: the bytes would be the same.
        if not _holds(folder, seed):
            raise _unwritable(folder, fault.strerror) from fault
    except (CPLE_BaseError, RasterioError) as fault:
        raise _unwritable(folder, "an image could not be written; is the disk full?") from fault
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def _holds(folder: Path, seed: int) -> bool:
    """Whether a whole world of this seed is there; the catalogue is written last."""
    try:
        catalogue = json.loads((folder / "catalog.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(catalogue.get("reetrace:seed") == seed)


def _unwritable(folder: Path, reason: object) -> OutputError:
    return OutputError(
        f"{folder}: cannot be written ({reason}). Make room, allow it, or choose another folder "
        "(--out; REETRACE_CACHE for the demonstration)."
    )


def _draw_into(ground: Ground, folder: Path, progress: Progress) -> None:
    area = study_area()
    truths, items = [], []
    last: Cover | None = None
    for epoch, year in enumerate(EPOCHS):
        progress(f"Drawing {year}", 0.1 + 0.15 * epoch)
        last = ground.cover(epoch)
        truths.append(take_truth(area, epoch, last, ground.mines))
        passes = landsat_passes(year)
        rngs = {each.date.isoformat(): ground.generator("landsat", each.date) for each in passes}
        scenes = landsat_scenes(rngs, passes, ground.scenery(epoch, last))
        items += [write_landsat(scene, folder) for scene in scenes]
    if last is None or EPOCHS[-1] != SENTINEL2_YEAR:
        raise RuntimeError("Sentinel-2 is drawn over the last epoch's ground.")
    progress(f"Drawing Sentinel-2 of {SENTINEL2_YEAR}", 0.7)
    s2_passes = sentinel2_passes()
    rngs = {each.date.isoformat(): ground.generator("sentinel-2", each.date) for each in s2_passes}
    items += [
        write_sentinel2(scene, folder)
        for scene in sentinel2_scenes(rngs, s2_passes, ground.scenery(len(EPOCHS), last))
    ]
    progress("Drawing labels", 0.95)
    names = ("interpret", "strata", *(f"training-{year}" for year in EPOCHS))
    write_labels(
        folder / "labels", {name: ground.generator("labels", name) for name in names}, area, truths
    )
    write_truth(folder / "truth", ground.seed, area, truths, mines=ground.mines, last=last)
    write_json(folder / "catalog.json", catalogue_record(ground.seed, items))
    progress("Drawn", 1.0)
