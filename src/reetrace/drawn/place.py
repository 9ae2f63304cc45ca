"""The study area as the registry has it, laid on Landsat's lattice."""

from __future__ import annotations

import json
from dataclasses import dataclass

from reetrace.core.geometry import MultiPolygon
from reetrace.core.grid import Grid
from reetrace.core.site import Name, Site, Zone, ZoneSet
from reetrace.drawn.frame import LANDSAT, STUDY_AREA, BoolArray, Float32Array
from reetrace.shipped import shipped
from reetrace.zoning import inside, lay_grid, zone_codes


@dataclass(frozen=True)
class StudyArea:
    """The study area's own 30 m grid and where it lies in the drawn frame."""

    grid: Grid
    inside: BoolArray
    """Whether a pixel's centre lies in the area of interest."""
    countries: dict[str, BoolArray]
    """Pixels by country code, of the first boundary edition."""

    @property
    def window(self) -> tuple[slice, slice]:
        """The grid's rows and columns in the drawn frame of 30 m cells."""
        top = round((LANDSAT.north_m - self.grid.north_m) / LANDSAT.cell_m)
        left = round((self.grid.west_m - LANDSAT.west_m) / LANDSAT.cell_m)
        return slice(top, top + self.grid.rows), slice(left, left + self.grid.cols)

    def cut(self, layer: Float32Array) -> Float32Array:
        """The part of a layer on 30 m cells that the grid covers."""
        return layer[self.window]


def study_area() -> StudyArea:
    """Reads the shipped record of the study area."""
    path = shipped("registry") / "sites" / f"{STUDY_AREA}.geojson"
    document = json.loads(path.read_text(encoding="utf-8"))
    zones = [_zone(feature) for feature in document["features"]]
    site = Site(
        id=STUDY_AREA,
        names=(Name(STUDY_AREA, "en"),),
        aliases=(),
        countries=(),
        commodity="",
        deposit_type="",
        mining_method="",
        status="unknown",
        epochs=(),
        season_months=(),
        legend="mine",
        part_of=None,
        zones=tuple(zones),
        note="",
        digest="",
    )
    grid = lay_grid(site)
    borders = [zone for zone in zones if zone.role == "country"]
    first = [zone for zone in borders if zone.edition == borders[0].edition] if borders else []
    codes = zone_codes(ZoneSet("countries", "", tuple(first)), grid)
    within = inside(site, grid)
    return StudyArea(
        grid,
        within,
        {zone.id: within & (codes == position) for position, zone in enumerate(first, start=1)},
    )


def _zone(feature: dict[str, object]) -> Zone:
    properties = feature["properties"]
    geometry = feature["geometry"]
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise TypeError("the shipped study area is not GeoJSON")
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    area: MultiPolygon = tuple(
        tuple(tuple((float(place[0]), float(place[1])) for place in ring) for ring in polygon)
        for polygon in polygons
    )
    return Zone(
        id=str(properties["id"]),
        role=properties["role"],
        name=str(properties.get("name", "")),
        geometry=area,
        source="",
        date="",
        licence="",
        precision_m=0.0,
        edition=str(properties.get("edition", "")),
    )
