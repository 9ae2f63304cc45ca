"""Rasters that exist as graphs: what they are made of, and how they are called."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reetrace.core.grid import Grid
from reetrace.core.model import Model
from reetrace.core.raster import OBSERVATIONS, Composite, LandcoverMap
from reetrace.core.sensor import Sensor
from reetrace.core.site import Epoch, Site
from reetrace.engines.earthengine import composing, counting
from reetrace.engines.earthengine.archive import ARCHIVES, CLOUD_SCORE_LEAST
from reetrace.engines.earthengine.listing import Listed
from reetrace.engines.earthengine.trees import band_names
from reetrace.engines.earthengine.usage import workload_tag
from reetrace.engines.store import LocalPixels, digest_of

if TYPE_CHECKING:
    import ee


@dataclass(frozen=True, eq=False)
class RemotePixels:
    """A raster on the server: not computed before it is asked for."""

    make: Callable[[], ee.Image]
    """Its graph."""
    digest: str
    """SHA-256 of what it is made from."""
    bands: tuple[str, ...]
    dtype: type[np.generic]
    views: int
    """Passes its computation goes through."""
    tag: str
    doing: str
    assets: Mapping[str, str]
    """Digests of what was exported so far, and the assets."""
    origin: tuple[Composite[RemotePixels], Model, Site] | None = None
    """Of a map: what it was classified from."""

    @property
    def image(self) -> ee.Image:
        """What further graphs build on: the exported asset where there is one, else its graph."""
        import ee

        asset = self.assets.get(self.digest)
        return self.make() if asset is None else ee.Image(asset)

    def bytes_on(self, grid: Grid) -> int:
        """Size of the pixels."""
        return grid.rows * grid.cols * len(self.bands) * np.dtype(self.dtype).itemsize

    def shape_on(self, grid: Grid) -> tuple[int, ...]:
        """(bands, rows, cols) of a composite, (rows, cols) of a map."""
        return grid.shape if self.origin is not None else (len(self.bands), *grid.shape)


def of_composite(
    listed: Sequence[Listed],
    sensor: Sensor,
    grid: Grid,
    site: Site,
    epoch: Epoch,
    *,
    min_observations: int,
    by: str,
    assets: Mapping[str, str],
) -> RemotePixels:
    """The bands of a composite, then its number of observations.

    Args:
        listed: The scenes it starts from.
        sensor: That took all of them.
        grid: Obeyed to the pixel.
        site: For the tag and the words of a message.
        epoch: As the site.
        min_observations: Pixels seen clear less often count as not seen.
        by: Name of who computes: what a stand-in computed must never be taken for Google's.
        assets: As `RemotePixels` has it.
    """
    archive = ARCHIVES[sensor.id]
    digest = digest_of(
        {
            "what": "earthengine-composite",
            "by": by,
            "grid": dataclasses.asdict(grid),
            "roles": sensor.roles,
            "min_observations": min_observations,
            "scenes": [(each.id, each.product, each.processing) for each in listed],
            "cloud score": CLOUD_SCORE_LEAST if archive.cloud_score else None,
        }
    )
    return RemotePixels(
        lambda: composing.composite(listed, sensor, archive, grid, min_observations),
        digest,
        band_names((*sensor.roles, OBSERVATIONS)),
        np.uint16,
        len(composing.passes(listed)),
        workload_tag(site.id, epoch.label),
        f"composing {epoch.label} of {site.id}",
        assets,
    )


def of_map(composite: Composite[RemotePixels], model: Model, site: Site) -> RemotePixels:
    """The land cover that a forest makes of a composite, within the area of interest."""
    source = composite.pixels
    digest = digest_of(
        {
            "what": "earthengine-landcover",
            "composite": source.digest,
            "model": model.digest,
            "area": site.area_of_interest.geometry,
        }
    )
    return RemotePixels(
        lambda: counting.landcover(source.image, model, site, composite.grid),
        digest,
        (counting.LANDCOVER,),
        np.uint8,
        source.views,
        source.tag,
        f"classifying {composite.epoch.label} of {site.id}",
        source.assets,
        (composite, model, site),
    )


def composite_at_home(
    composite: Composite[RemotePixels], pixels: LocalPixels
) -> Composite[LocalPixels]:
    """The same composite with its pixels on this machine."""
    return Composite(
        composite.sensor,
        composite.epoch,
        composite.grid,
        composite.bands,
        composite.scenes,
        composite.min_observations,
        pixels,
    )


def map_at_home(
    landcover: LandcoverMap[RemotePixels], pixels: LocalPixels
) -> LandcoverMap[LocalPixels]:
    """The same map with its pixels on this machine."""
    return LandcoverMap(
        landcover.epoch,
        landcover.grid,
        landcover.legend,
        landcover.model_digest,
        landcover.simulated,
        pixels,
    )
