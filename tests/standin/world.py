"""The archive of one test: scenes of a folder or made of arrays, borders, and what was exported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.standin.archive import Loaded, StoredBand, millis_of, stored_image
from tests.standin.borders import TABLES, border_table
from tests.standin.catalogue import CLOUD_SCORE, CODES, LANDSAT, SENTINEL2, images_of, read_items
from tests.standin.elements import Collection
from tests.standin.faults import Refused
from tests.standin.geometry import Geometry
from tests.standin.layers import Image
from tests.standin.pixel_types import Array
from tests.standin.sources import Policy

_EMPTY = (*(each[0] for each in LANDSAT.values()), SENTINEL2, CLOUD_SCORE)


@dataclass
class World:
    """Images by their ids, collections of them, tables and assets."""

    images: dict[str, Image] = field(default_factory=dict)
    """By whole id, in the order of each collection."""
    tables: dict[str, Collection] = field(default_factory=dict)
    assets: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Descriptions by whole name."""

    @classmethod
    def from_catalogue(cls, *folders: Path) -> World:
        """The scenes of static STAC catalogues; their files are read when a pixel is asked for."""
        world = cls()
        for folder in folders:
            for item in read_items(folder):
                frame, images = 0, images_of(item)
                while any(image.properties["system:id"] in world.images for image in images):
                    frame += 1
                    images = images_of(item, frame)
                for image in images:
                    world.add(image)
        return world

    def add(self, image: Image) -> None:
        """One image more; its id must be new."""
        image_id = str(image.properties["system:id"])
        if image_id in self.images:
            raise ValueError(f"two scenes would be called {image_id}")
        self.images[image_id] = image

    def add_arrays(
        self,
        image_id: str,
        bands: Mapping[str, Array],
        *,
        west_m: float,
        north_m: float,
        pixel_m: float,
        epsg: int = 32647,
        moment: str = "2020-01-01T03:40:00+00:00",
        properties: Mapping[str, Any] | None = None,
        nodata: float | None = 0,
    ) -> Image:
        """An image of arrays on one lattice, shape (rows, cols) each; `nodata` is masked."""
        from shapely.geometry import box

        def stored(name: str, values: Array) -> StoredBand:
            def load() -> Loaded:
                seen = np.ones(values.shape, bool) if nodata is None else values != nodata
                return values, seen

            crs = f"EPSG:{epsg}"
            policy: Policy = "sample" if name in CODES else "mean"
            return StoredBand(load, crs, west_m, north_m, pixel_m, values.dtype.name, policy)

        rows, cols = next(iter(bands.values())).shape
        shape = box(west_m, north_m - rows * pixel_m, west_m + cols * pixel_m, north_m)
        footprint = Geometry(shape, f"EPSG:{epsg}", geodesic=False)
        image = stored_image(
            image_id,
            {name: stored(name, values) for name, values in bands.items()},
            footprint,
            {"system:time_start": millis_of(moment), **(properties or {})},
        )
        self.add(image)
        return image

    def image(self, image_id: str) -> Image:
        """An image of the archive, or one that an export has written."""
        if image_id not in self.images:
            raise _absent("Image.load", image_id)
        return self.images[image_id]

    def collection(self, collection_id: str) -> Collection:
        """The images right beneath an id, by index."""
        found = {
            name: image
            for name, image in self.images.items()
            if name.rpartition("/")[0] == collection_id
        }
        if not found and collection_id not in _EMPTY:
            raise _absent("ImageCollection.load", collection_id)
        return Collection(tuple(found[name] for name in sorted(found)), {}, collection_id)

    def table(self, table_id: str) -> Collection:
        """A table of features."""
        if table_id in self.tables:
            return self.tables[table_id]
        if table_id in TABLES:
            return border_table(table_id)
        # The client loads collections of features and of images in the same way.
        if table_id in _EMPTY:
            return self.collection(table_id)
        raise _absent("Collection.loadTable", table_id)


def _absent(function: str, name: str) -> Refused:
    kind = function.partition(".")[0]
    return Refused(
        f"{function}: {kind} asset '{name}' not found (does not exist or caller does not have "
        "access)."
    )
