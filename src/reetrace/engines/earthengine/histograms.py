"""The counts of maps, asked of the server in one question, or of a batch task."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from reetrace.core.errors import TooLarge
from reetrace.core.grid import Grid
from reetrace.core.raster import LandcoverMap
from reetrace.core.site import Site, ZoneSet
from reetrace.engines.earthengine import counting
from reetrace.engines.earthengine.batch import Exports
from reetrace.engines.earthengine.finishing import place_of
from reetrace.engines.earthengine.rasters import Rasters
from reetrace.engines.earthengine.remote import RemotePixels
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.usage import workload_tag
from reetrace.engines.store import digest_of

if TYPE_CHECKING:
    import ee

# A batch task has time, so that the least memory is asked for.
_EXPORTED_TILE_SCALE = 16.0

Histograms = dict[str, dict[str, float]]


def histograms(
    service: Service,
    rasters: Rasters,
    exports: Exports,
    comparisons: Sequence[Sequence[LandcoverMap[RemotePixels]]],
    zone_sets: Sequence[ZoneSet],
    site: Site,
    grid: Grid,
) -> tuple[Histograms, tuple[str, ...]]:
    """The answer to `counting.counts`, and what the evidence has to say of how it was come by.

    Args:
        service: Signed in.
        rasters: Has the maps, and exports those that are too large.
        exports: For the counts, where even those of exported maps take too long.
        comparisons: Maps counted against each other.
        zone_sets: In the order of the histograms.
        site: Its area of interest is what is counted.
        grid: That of the maps.
    """
    tag, doing = workload_tag(site.id, "counts"), f"counting the maps of {site.id}"

    def counts(scale: float) -> ee.Dictionary:
        graphs = [[each.pixels.image for each in maps] for maps in comparisons]
        legend = comparisons[0][0].legend
        return counting.counts(graphs, zone_sets, legend, site, grid, scale)

    def ask() -> Histograms:
        answer: Histograms = service.value(counts, tag=tag, doing=doing)
        return answer

    counted = [each.pixels for maps in comparisons for each in maps]
    with suppress(TooLarge):
        return rasters.or_exported(counted, grid, ask), ()
    digest = digest_of(
        {
            "what": "earthengine-counts",
            "maps": [[each.pixels.digest for each in maps] for maps in comparisons],
            "zones": [[(zone.id, zone.geometry) for zone in each.zones] for each in zone_sets],
            "area": site.area_of_interest.geometry,
        }
    )
    found: Histograms = exports.value(
        counts(_EXPORTED_TILE_SCALE), digest=digest, title=doing, tag=tag
    )
    said = (
        f"{doing}: too large for a direct answer, so it was computed as an export "
        f"({place_of('table', digest)} among the project's assets)."
    )
    return found, (said,)
