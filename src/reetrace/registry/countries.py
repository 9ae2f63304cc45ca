"""Which countries an area lies in by a boundary edition, and the zones it is split into."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reetrace.core.errors import RegistryError
from reetrace.core.geometry import MultiPolygon, bounds
from reetrace.core.site import Zone
from reetrace.registry.zone_sets import Edition
from reetrace.shipped import shipped
from reetrace.zoning import from_shapely, to_shapely

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from shapely.geometry.base import BaseGeometry

COARSE = "natural-earth-4.1-50m"
"""The edition of the whole world that ships: 1:50 million."""

# Country zones reach this far beyond the area of interest, so that no pixel at its edge is left
# out: about 2 km.
_MARGIN_DEGREES = 0.02

_METRES_PER_DEGREE = 111_195.0

_CODE_FIELDS = ("iso_a3", "ISO_A3", "ADM0_A3", "adm0_a3", "shapeGroup", "iso3", "ISO3")
_NAME_FIELDS = ("name", "NAME", "ADMIN", "admin", "shapeName")


@dataclass(frozen=True)
class Borders:
    """A boundary edition with its polygons."""

    edition: Edition
    date: str
    countries: tuple[tuple[str, str, BaseGeometry], ...]
    """(ISO 3166-1 alpha-3, name, area), by code."""


@dataclass(frozen=True)
class Split:
    """The countries of an area."""

    zones: tuple[Zone, ...]
    doubts: tuple[str, ...]
    """Why the split may be wrong, in plain sentences."""


@cache
def coarse_borders() -> Borders:
    """The shipped borders of the world."""
    folder = shipped("registry") / "borders"
    known = tomllib.loads((folder / "editions.toml").read_text(encoding="utf-8"))
    edition = Edition(id=COARSE, **known[COARSE])
    return read_borders(folder / f"{COARSE}.topojson", edition=edition, date="2018")


def read_borders(path: Path, *, edition: Edition, date: str) -> Borders:
    """The borders in a vector file, one feature or more a country, WGS 84.

    Raises:
        RegistryError: The file cannot be read or has no field of country codes.
    """
    import geopandas

    try:
        table: GeoDataFrame = geopandas.read_file(path)
    except Exception as fault:  # pyogrio's errors have no common base but Exception
        raise RegistryError(f"{path}: cannot be read as borders ({fault}).") from fault
    code_field = next((name for name in _CODE_FIELDS if name in table.columns), None)
    if code_field is None:
        raise RegistryError(
            f"{path}: has no field of country codes; one of {', '.join(_CODE_FIELDS)} is needed."
        )
    if table.crs is not None and table.crs.to_epsg() != 4326:  # noqa: PLR2004 - WGS 84
        table = table.to_crs(4326)
    name_field = next((name for name in _NAME_FIELDS if name in table.columns), code_field)
    rows = zip(table[code_field], table[name_field], table.geometry, strict=True)
    listed = sorted(
        ((str(code), str(name), _unrolled(area)) for code, name, area in rows), key=_code
    )
    return Borders(edition, date, tuple(listed))


def _code(country: tuple[str, str, BaseGeometry]) -> str:
    return country[0]


def _unrolled(area: BaseGeometry) -> BaseGeometry:
    """An area whose rings jump from 180° to -180° in one sound piece that runs past 180°."""
    import shapely

    if area.is_valid:
        return area
    parts = []
    for polygon in getattr(area, "geoms", [area]):
        west, _, east, _ = polygon.bounds
        if polygon.is_valid or east - west <= 180.0:  # noqa: PLR2004 - half a turn
            parts.append(polygon)
            continue
        positions = shapely.get_coordinates(polygon.exterior)
        turns = np.round(np.diff(positions[:, 0]) / 360.0)
        positions[1:, 0] -= 360.0 * np.cumsum(turns)
        parts.append(shapely.Polygon(positions))
    sound = [shapely.make_valid(each) for each in parts]
    return shapely.union_all(sound)


def countries_within(area: MultiPolygon, borders: Borders, *, reach_m: float = 0.0) -> list[str]:
    """Codes of the countries that come as near to an area as this, by code."""
    _, south, _, north = bounds(area)
    # Meridians draw together: the same distance is more degrees of longitude away from the equator.
    stretch = 1.0 / max(0.1, math.cos(math.radians(max(abs(south), abs(north)))))
    around = to_shapely(area).buffer(reach_m / _METRES_PER_DEGREE * stretch)
    return sorted({code for code, _, _ in _touching(around, borders)})


def _touching(shape: BaseGeometry, borders: Borders) -> Iterator[tuple[str, str, BaseGeometry]]:
    """Parts of the countries that meet a shape, wherever its longitudes run."""
    import shapely
    from shapely.affinity import translate

    for turn in (-360.0, 0.0, 360.0):
        west, south, east, north = translate(shape, -turn).bounds
        for code, name, area in borders.countries:
            left, bottom, right, top = area.bounds
            if left > east or right < west or bottom > north or top < south:
                continue
            window = shapely.box(west, south, east, north)
            near = area.intersection(window)
            if not near.is_empty and near.area and translate(near, turn).intersects(shape):
                yield code, name, translate(near, turn)


def split(area: MultiPolygon, borders: Borders) -> Split:
    """The country zones of an area of interest and a little around it.

    An area in one country, and further from any other than the borders are sure, is one zone. Where
    a border may cross it, the edition's own lines divide it, gaps and overlaps as they are.
    """
    from shapely import box

    edition = borders.edition
    near = countries_within(area, borders, reach_m=edition.precision_m)
    if not near:
        return Split((), (f"No country lies within the area by {edition.title}.",))
    west, south, east, north = bounds(area)
    window = box(
        west - _MARGIN_DEGREES,
        south - _MARGIN_DEGREES,
        east + _MARGIN_DEGREES,
        north + _MARGIN_DEGREES,
    )
    if len(near) == 1:
        names = {code: name for code, name, _ in borders.countries}
        zone = _zone(near[0], names[near[0]], from_shapely(window), borders)
        return Split((zone,), ())
    parts: dict[str, tuple[str, list[BaseGeometry]]] = {}
    for code, name, part in _touching(window, borders):
        parts.setdefault(code, (name, []))[1].append(part)
    zones = tuple(
        _zone(code, name, _merged(shapes), borders)
        for code, (name, shapes) in sorted(parts.items())
    )
    doubt = (
        f"{' and '.join(near)} lie within {edition.precision_m / 1000:g} km of the area, and the "
        f"border is not known better than that from {edition.title}: areas by country are rough. "
        "Give better borders with --borders."
    )
    return Split(tuple(zone for zone in zones if zone.geometry), (doubt,))


def _merged(shapes: list[BaseGeometry]) -> MultiPolygon:
    from shapely import set_precision, union_all

    # A tenth of a millionth of a degree, a centimetre: finer digits are noise.
    return from_shapely(set_precision(union_all(shapes), 1e-7))


def _zone(code: str, name: str, area: MultiPolygon, borders: Borders) -> Zone:
    edition = borders.edition
    return Zone(
        id=code,
        role="country",
        name=name,
        geometry=area,
        source=f"{edition.source}; clipped to the area of interest and 2 km around it",
        date=borders.date,
        licence=edition.licence,
        precision_m=edition.precision_m,
        edition=edition.id,
    )
