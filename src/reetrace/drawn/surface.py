"""Reflectance of the drawn ground in any band, before sun, air and sensor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reetrace.core.sensor import Band
from reetrace.drawn.cover import Cover
from reetrace.drawn.frame import GROUND, Float32Array, Frame, onto
from reetrace.drawn.materials import Instrument, palette
from reetrace.drawn.noise import smooth_field
from reetrace.drawn.terrain import Relief

# How a film of water darkens soil, by band: liquid water absorbs beyond 1.4 µm (Lekner and Dorf
# 1988 for the darkening; the growth with wavelength follows the absorption of liquid water).
_WET_TAKES = {
    "blue": 0.10, "green": 0.10, "red": 0.11, "red-edge": 0.11, "nir": 0.12,
    "swir1": 0.24, "swir2": 0.30,
}  # fmt: skip


@dataclass(frozen=True)
class Texture:
    """How one stand or one patch of soil differs from the next; the same at all epochs."""

    canopy: Float32Array
    """Factor on the light from plants: age, species, gaps between crowns."""
    soil: Float32Array
    """Factor on the light from soil: grain, crust, slope of the furrow."""
    wetness: Float32Array
    """0 dry to 1 soaked."""
    green: Float32Array
    """Which stands have more leaves: moves light from red into the near infrared."""


def weave(rng: np.random.Generator) -> Texture:
    """Textures over the whole ground."""
    fine = smooth_field(rng, GROUND, 12.0)
    stand = smooth_field(rng, GROUND, 190.0)
    soil = smooth_field(rng, GROUND, 90.0)
    wetness = smooth_field(rng, GROUND, 340.0) + 0.5 * smooth_field(rng, GROUND, 45.0)
    return Texture(
        canopy=np.exp(0.13 * fine + 0.07 * stand).astype(np.float32),
        soil=np.exp(0.10 * soil + 0.05 * fine).astype(np.float32),
        wetness=(1.0 / (1.0 + np.exp(-1.4 * wetness + 0.6))).astype(np.float32),
        green=(0.09 * stand).astype(np.float32),
    )


@dataclass(frozen=True)
class Scenery:
    """Everything a satellite would look at in one epoch."""

    cover: Cover
    texture: Texture
    relief: Relief
    veil: Float32Array
    """Optical depth of the cloud that never leaves, on 30 m cells."""

    @property
    def plants(self) -> Float32Array:
        """Share covered by plants, on the ground's cells."""
        return self.cover.forest + self.cover.regrowth


def reflect(scenery: Scenery, instrument: Instrument, band: Band, frame: Frame) -> Float32Array:
    """Mean reflectance over the cells of a frame, 0-1, of light that falls on level ground."""
    cover, texture, role = scenery.cover, scenery.texture, band.role
    colours = palette()
    of = colours.reflectance(instrument, band.id)
    monazite = of[colours.code("monazite")]
    bare = of[cover.material]
    bare += cover.monazite * (monazite - bare)
    bare *= texture.soil
    bare *= 1.0 - np.float32(_WET_TAKES[_broad(role)]) * texture.wetness
    plants = cover.forest * of[colours.code("dense-forest")]
    plants += cover.regrowth * of[colours.code("regrowth")]
    plants *= texture.canopy
    if role in {"nir", "nir-narrow", "red-edge-3"}:
        plants *= 1.0 + texture.green
    elif role in {"red", "swir1", "swir2"}:
        plants *= 1.0 - texture.green
    bare *= 1.0 - cover.forest - cover.regrowth
    plants += bare
    return onto(plants, frame)


def _broad(role: str) -> str:
    if role.startswith("red-edge"):
        return "red-edge"
    return "nir" if role.startswith("nir") else role
