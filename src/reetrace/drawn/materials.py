"""What the drawn ground is made of: reflectances looked up, never chosen here."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import numpy as np

from reetrace.drawn.frame import Float32Array

Instrument = Literal["tm", "oli", "msi-a", "msi-b"]


@dataclass(frozen=True)
class Material:
    """One material and its reflectance as each instrument would measure it."""

    id: str
    title: str
    source: str
    reflectance: dict[str, tuple[float, ...]]
    """By instrument, in the order of that instrument's bands."""


@dataclass(frozen=True)
class Palette:
    """All materials, with the bands their figures stand for."""

    bands: dict[str, tuple[str, ...]]
    """Band ids by instrument."""
    materials: tuple[Material, ...]

    def code(self, name: str) -> int:
        """Position of a material, which is its code in a layer of the ground."""
        for position, material in enumerate(self.materials):
            if material.id == name:
                return position
        raise KeyError(name)

    def reflectance(self, instrument: Instrument, band: str) -> Float32Array:
        """Shape (materials,): reflectance 0-1 in one band."""
        at = self.bands[instrument].index(band)
        return np.array(
            [material.reflectance[instrument][at] for material in self.materials], dtype=np.float32
        )


@lru_cache(maxsize=1)
def palette() -> Palette:
    """The materials of `tables/materials.toml`, in the order of the file."""
    text = files("reetrace.tables").joinpath("materials.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    bands = {name: tuple(ids) for name, ids in table["bands"].items()}
    materials = tuple(
        Material(name, row["title"], row["source"], {each: tuple(row[each]) for each in bands})
        for name, row in table["materials"].items()
    )
    return Palette(bands, materials)
