"""The scenes of the archive that touch a site, with what is needed to find them again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import ServiceError
from reetrace.core.grid import Lattice
from reetrace.core.raster import SceneListing
from reetrace.core.sensor import Sensor
from reetrace.core.site import Site
from reetrace.engines.earthengine.archive import ARCHIVES, archives_of
from reetrace.engines.earthengine.places import outline

if TYPE_CHECKING:
    import ee

_EPSG = "EPSG:"


@dataclass(frozen=True)
class Listed:
    """One scene as the archive describes it."""

    id: str
    """The asset's whole id."""
    date: dt.date
    """Of acquisition, in UTC."""
    sensor: str
    platform: str
    cloud_cover: float | None
    epsg: int | None
    """Of the scene's own pixels, a UTM zone of the south as that of the north it is a shift of;
    None where it is no EPSG code."""
    product: str
    processing: str

    def listing(self, *, simulated: bool, clear_share: float | None = None) -> SceneListing:
        """The scene as a list shows it."""
        archive = ARCHIVES[self.sensor]
        lattice = (
            None
            if self.epsg is None
            else Lattice(self.epsg, archive.lattice_m, archive.shift_m, archive.shift_m)
        )
        return SceneListing(
            self.id,
            self.date,
            self.sensor,
            self.platform,
            self.cloud_cover,
            clear_share,
            simulated,
            lattice=lattice,
        )


def scenes_of(
    site: Site, sensors: Sequence[Sensor], first: dt.date, last: dt.date
) -> ee.FeatureCollection:
    """One feature a scene of any of these sensors from the first to the last day."""
    import ee

    from reetrace.zoning import lay_grid

    area = outline(site.area_of_interest.geometry, lay_grid(site))
    found: list[ee.ImageCollection] = []
    for sensor_id, archive in archives_of(sensors).items():
        bands = next(each for each in sensors if each.id == sensor_id).bands
        # The end of `filterDate` is excluded.
        images = (
            ee.ImageCollection(archive.collection)
            .filterBounds(area)
            .filterDate(first.isoformat(), (last + dt.timedelta(days=1)).isoformat())
        )
        named = {
            "platform": archive.platform,
            "cloud": archive.cloud_cover,
            "product": archive.product,
            **{f"processing{place}": name for place, name in enumerate(archive.processing)},
        }
        found.append(images.map(_describe(sensor_id, archive.band(bands[0].id), named)))
    merged = ee.FeatureCollection(found[0])
    for images in found[1:]:
        merged = merged.merge(ee.FeatureCollection(images))
    return merged


def _describe(sensor_id: str, band: str, named: Mapping[str, str]) -> Any:  # noqa: ANN401 - a function of the client's own kind
    import ee

    def describe(image: ee.Image) -> ee.Feature:
        return ee.Feature(
            None,
            {
                "sensor": sensor_id,
                "index": image.get("system:index"),
                "time": image.get("system:time_start"),
                "crs": image.select(band).projection().crs(),
                **{key: image.get(name) for key, name in named.items()},
            },
        )

    return describe


def read_scenes(features: Sequence[Mapping[str, Any]]) -> tuple[Listed, ...]:
    """The features that came home, by date, then id.

    Raises:
        ServiceError: One of them lacks what every scene of the archive states.
    """
    return tuple(sorted(map(_read, features), key=lambda each: (each.date, each.id)))


def _read(feature: Mapping[str, Any]) -> Listed:
    stated = feature["properties"]
    try:
        archive = ARCHIVES[stated["sensor"]]
        date = dt.datetime.fromtimestamp(stated["time"] / 1000, dt.UTC).date()
        crs, index = str(stated["crs"]), str(stated["index"])
    except (KeyError, TypeError) as fault:
        raise ServiceError(
            f"Earth Engine: a scene of the archive came without its {fault}. Run again; if it "
            "stays so, the archive has changed: report it."
        ) from fault
    processing = (
        f"{name.lower().replace('_', ' ')} {stated.get(f'processing{place}', 'not stated')}"
        for place, name in enumerate(archive.processing)
    )
    cloud = stated.get("cloud")
    return Listed(
        id=f"{archive.collection}/{index}",
        date=date,
        sensor=stated["sensor"],
        platform=str(stated.get("platform") or ""),
        cloud_cover=None if cloud is None else float(cloud),
        epsg=_north_zone(int(crs.removeprefix(_EPSG))) if crs.startswith(_EPSG) else None,
        product=str(stated.get("product") or ""),
        processing=", ".join(processing),
    )


def _north_zone(epsg: int) -> int:
    """A UTM zone of the south as that of the north, of which it is a shift by 10,000 km.

    That is a whole number of Sentinel-2's pixels; archives of Landsat use north zones throughout.
    """
    return epsg - 100 if 32_700 < epsg <= 32_760 else epsg  # noqa: PLR2004 - WGS 84 / UTM south
