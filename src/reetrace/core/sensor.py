"""What an instrument measures and how its files encode it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Band:
    """One band: stages speak of its role, only the sensor file knows its id."""

    role: str
    """`blue`, `green`, `red`, `nir`, `swir1`, `swir2`, `red-edge-1` …"""
    id: str
    """As the provider names the asset, e.g. `SR_B4`."""
    centre_nm: float
    width_nm: float
    pixel_m: float
    aliases: tuple[str, ...] = ()
    """Other names under which catalogues publish the same asset, e.g. `nir08`."""


@dataclass(frozen=True)
class QualityFlag:
    """A named condition in a quality band that takes a pixel out of the composite."""

    name: str
    bit: int | None
    """Bit number for a bit-packed band; None where `values` are listed instead."""
    values: tuple[int, ...] = ()


@dataclass(frozen=True)
class QualityBand:
    """A band of flags, e.g. `QA_PIXEL` or `SCL`."""

    id: str
    reject: tuple[QualityFlag, ...]
    aliases: tuple[str, ...] = ()
    """Other names under which catalogues publish the same asset."""

    def rejected(self, roles: Sequence[str]) -> tuple[QualityFlag, ...]:
        """What takes a pixel out, but for the saturation of bands that are not used."""
        saturated = {f"saturated {role}" for role in roles}
        return tuple(
            flag
            for flag in self.reject
            if not flag.name.startswith("saturated ") or flag.name in saturated
        )


@dataclass(frozen=True)
class Sensor:
    """One file of `tables/sensors/`."""

    id: str
    """`landsat5-tm`, `landsat8-oli`, `sentinel2-msi` …"""
    title: str
    family: str
    """Sensors of one family may share a model: `tm`, `oli`, `msi`."""
    platforms: tuple[str, ...]
    """STAC `platform` values that mean this sensor."""
    bands: tuple[Band, ...]
    quality: tuple[QualityBand, ...]
    scale: float
    """Reflectance = scale x stored value + offset."""
    offset: float
    nodata: int
    service_first: str
    service_last: str | None
    """ISO dates of service; None while it flies."""
    source: str

    def band(self, role: str) -> Band:
        """The band with this role; KeyError where the sensor has none."""
        for band in self.bands:
            if band.role == role:
                return band
        raise KeyError(role)

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles in the order of the file."""
        return tuple(band.role for band in self.bands)
