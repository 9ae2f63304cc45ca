"""Which collections of the Earth Engine catalogue hold the imagery of which sensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reetrace.core.sensor import QualityBand, Sensor

CLOUD_SCORE = "GOOGLE/CLOUD_SCORE_PLUS/V1/S2_HARMONIZED"
CLOUD_SCORE_BAND = "cs_cdf"
CLOUD_SCORE_PIXEL_M = 10.0
CLOUD_SCORE_LATTICE = "B2"
"""A band of the scene itself with pixels of that size."""
CLOUD_SCORE_LEAST = 0.60
"""The catalogue's own example; its useful range is 0.50 to 0.65."""

# Cloud Score+ judges cloud and shadow; these conditions of the scene classification it does not.
_NOT_CLOUD = {"no data", "defective or saturated", "snow or ice"}


@dataclass(frozen=True)
class Archive:
    """One collection, and the names it gives to what every scene states about itself."""

    collection: str
    first: str
    """ISO date of the first scene."""
    platform: str
    cloud_cover: str
    product: str
    processing: tuple[str, ...]
    """Properties that tell one processing of a scene from another."""
    lattice_m: float
    """Size of the pixels whose lattice all bands share."""
    shift_m: float
    """Easting and northing of any pixel edge, modulo `lattice_m`."""
    licence: str
    cloud_score: bool = False

    def band(self, band_id: str) -> str:
        """The collection's name for a band of the sensor file."""
        return band_id.replace("B0", "B") if self.cloud_score else band_id

    def rejected(self, quality: QualityBand, roles: Sequence[str]) -> QualityBand:
        """The quality band with what is to be rejected by it, here and for these bands."""
        flags = quality.rejected(roles)
        if self.cloud_score:
            flags = tuple(flag for flag in flags if flag.name in _NOT_CLOUD)
        return QualityBand(quality.id, flags)


def _landsat(mission: str, first: str) -> Archive:
    # Collection 2 Level 2, Tier 1: the one that is fit for comparison through time.
    return Archive(
        collection=f"LANDSAT/{mission}/C02/T1_L2",
        first=first,
        platform="SPACECRAFT_ID",
        cloud_cover="CLOUD_COVER",
        product="LANDSAT_PRODUCT_ID",
        processing=("PROCESSING_LEVEL", "DATE_PRODUCT_GENERATED"),
        lattice_m=30.0,
        shift_m=15.0,
        licence="U.S. Geological Survey, public domain",
    )


ARCHIVES: dict[str, Archive] = {
    "landsat5-tm": _landsat("LT05", "1984-03-16"),
    "landsat7-etm": _landsat("LE07", "1999-05-28"),
    "landsat8-oli": _landsat("LC08", "2013-03-18"),
    "landsat9-oli": _landsat("LC09", "2021-10-31"),
    "sentinel2-msi": Archive(
        collection="COPERNICUS/S2_SR_HARMONIZED",
        first="2017-03-28",
        platform="SPACECRAFT_NAME",
        cloud_cover="CLOUDY_PIXEL_PERCENTAGE",
        product="PRODUCT_ID",
        processing=("PROCESSING_BASELINE",),
        lattice_m=20.0,
        shift_m=0.0,
        licence="Copernicus Sentinel data, free, full and open; Cloud Score+ by Google, CC BY 4.0",
        cloud_score=True,
    ),
}
"""Sensor id to archive. (Earth Engine data catalogue, August 2026.)"""


def archives_of(sensors: Sequence[Sensor]) -> dict[str, Archive]:
    """The archives of these sensors, in their order; a sensor without one is left out."""
    return {each.id: ARCHIVES[each.id] for each in sensors if each.id in ARCHIVES}
