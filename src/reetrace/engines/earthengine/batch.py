"""Results too large for an answer: exported to an asset by a batch task, and read from there."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reetrace.core.grid import Grid
from reetrace.engines.earthengine import faults
from reetrace.engines.earthengine.finishing import Finisher, Wanted
from reetrace.engines.earthengine.following import Progress
from reetrace.engines.earthengine.journal import Entry
from reetrace.engines.earthengine.places import crs_of, extent
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.tasks import describe

if TYPE_CHECKING:
    import ee

_CASTS = {
    "uint8": "toUint8",
    "int16": "toInt16",
    "uint16": "toUint16",
    "int32": "toInt32",
    "uint32": "toUint32",
    "float32": "toFloat",
    "float64": "toDouble",
}


class Exports:
    """Has results computed by batch tasks; whatever was computed once is used again."""

    def __init__(
        self,
        service: Service,
        work: Path,
        *,
        progress: Progress | None = None,
        pause: Callable[[float], None] | None = None,
        passing: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Asks nothing yet.

        Args:
            service: Signed in.
            work: Folder for the journal.
            progress: Told what is being done and which share of it is done, 0-1.
            pause: Called with the seconds to wait before the service is asked again; None waits.
            passing: Told of every step an export takes; a test may end the run at any of them.
        """
        self._service = service
        self._finisher = Finisher(service, work, progress=progress, pause=pause, passing=passing)

    def image(
        self,
        image: ee.Image,
        grid: Grid,
        bands: Sequence[str],
        dtype: str,
        *,
        digest: str,
        title: str,
        tag: str,
    ) -> str:
        """Name of the asset that holds these bands on the grid, pixel for pixel.

        Args:
            image: The graph that a direct answer would have been asked for.
            grid: Its CRS, transform and extent are the asset's.
            bands: In the order wanted.
            dtype: Name of the pixels' type, e.g. `uint16`.
            digest: SHA-256, in hex, of everything that decides the pixels.
            title: What is being done, as for `Service.calling`.
            tag: Workload tag.

        Raises:
            ServiceError: The task failed or was cancelled, or the service did not answer; the
                next run follows the task, or makes a new attempt where it ended.
        """

        def request(entry: Entry) -> dict[str, Any]:
            import ee

            cast = getattr(image.select(list(bands)), _CASTS[dtype])()
            task = ee.batch.Export.image.toAsset(
                cast,
                description=describe("image", digest[:16], entry.attempt, title),
                assetId=entry.asset,
                # Overviews are never read. Of classes the commonest is at least one of them.
                pyramidingPolicy={".default": "mode" if dtype == "uint8" else "sample"},
                region=extent(grid),
                crs=crs_of(grid),
                crsTransform=list(grid.transform),
                # Should the service count the pixels that the border touches too.
                maxPixels=(grid.rows + 2) * (grid.cols + 2),
                shardSize=entry.tile_pixels,
            )
            return dict(task.config or {})

        return self._finisher.finished(Wanted("image", digest, title, tag, request))

    def table(self, collection: ee.FeatureCollection, *, digest: str, title: str, tag: str) -> str:
        """Name of the asset that holds the rows of a collection.

        Args:
            collection: Every row with a geometry, any one, and with numbers and texts only: the
                service takes no others into a table.
            digest: As for `image`, as are the rest.
            title: As for `image`.
            tag: As for `image`.

        Raises:
            ServiceError: As for `image`.
        """

        def request(entry: Entry) -> dict[str, Any]:
            import ee

            task = ee.batch.Export.table.toAsset(
                collection,
                description=describe("table", digest[:16], entry.attempt, title),
                assetId=entry.asset,
            )
            return dict(task.config or {})

        return self._finisher.finished(Wanted("table", digest, title, tag, request))

    def value(self, what: ee.ComputedObject, *, digest: str, title: str, tag: str) -> Any:  # noqa: ANN401 - whatever JSON it comes to
        """What an expression comes to, by way of a table of one row that holds it as text.

        Args:
            what: As for `Service.value`.
            digest: As for `image`, as are the rest.
            title: As for `image`.
            tag: As for `image`.

        Raises:
            ServiceError: As for `image`.
        """
        import ee

        # The service takes no row without a place into a table; any place will do.
        row = ee.Feature(ee.Geometry.Point([0, 0]), {"answer": ee.String.encodeJSON(what)})
        asset = self.table(ee.FeatureCollection([row]), digest=digest, title=title, tag=tag)
        rows = self._service.features(ee.FeatureCollection(asset), tag=tag, doing=title)
        try:
            return json.loads(rows[0]["properties"]["answer"])
        except (IndexError, KeyError, TypeError, ValueError) as fault:
            raise faults.garbled(
                f"a table without an answer in {asset}",
                doing=title,
                project=self._service.project,
            ) from fault
