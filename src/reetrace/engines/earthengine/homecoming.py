"""Rasters brought home, and maps believed only where the forest draws the same here."""

from __future__ import annotations

from reetrace.core.raster import Composite, LandcoverMap
from reetrace.engines.classifying import classify_rows
from reetrace.engines.earthengine.agreement import MapCheck
from reetrace.engines.earthengine.rasters import Rasters
from reetrace.engines.earthengine.remote import RemotePixels, composite_at_home
from reetrace.engines.store import LocalPixels

_WORKERS = 2


class Homecoming:
    """The pixels of rasters on this machine, each map looked at once."""

    def __init__(self, rasters: Rasters) -> None:
        self.notes: list[str] = []
        """Sentences for the evidence."""
        self._rasters = rasters
        self._agreed: dict[str, LocalPixels] = {}

    def of(self, raster: Composite[RemotePixels] | LandcoverMap[RemotePixels]) -> LocalPixels:
        """The pixels, fetched if need be.

        Raises:
            ServiceError: A map is not what the forest votes on the composite that came home.
        """
        digest = raster.pixels.digest
        known = self._agreed.get(digest)
        if known is not None and known.path.is_file():
            return known
        pixels = self._rasters.fetch(raster.pixels, raster.grid)
        if isinstance(raster, LandcoverMap):
            pixels = self._agreed[digest] = self._agreed_on(raster, pixels)
        return pixels

    def _agreed_on(self, landcover: LandcoverMap[RemotePixels], pixels: LocalPixels) -> LocalPixels:
        """The map, once the forest was run at home too, on the composite that came home."""
        if landcover.pixels.origin is None:
            return pixels
        composite, model, site = landcover.pixels.origin
        check = MapCheck(pixels, site, landcover.grid)
        classify_rows(
            composite_at_home(composite, self.of(composite)),
            model,
            site,
            check.look,
            workers=_WORKERS,
            progress=lambda _: None,
        )
        said = check.said(landcover.epoch.label)
        if not said:
            return pixels
        self.notes += said
        return self._rasters.corrected(landcover.pixels, pixels, check.moved)
