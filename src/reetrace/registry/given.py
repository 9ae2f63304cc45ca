"""Reads the outlines and points that a user draws elsewhere, as longitude, latitude."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reetrace.core.errors import ReetraceError
from reetrace.registry.outlines import place_fault

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from shapely.geometry.base import BaseGeometry

_POINTS = frozenset({"Point", "MultiPoint"})
_POLYGONS = frozenset({"Polygon", "MultiPolygon"})

# A shapefile is several files of one name.
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")

# Four times as much took over three minutes and two gigabytes of memory; a mine is a few kilobytes.
_MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class GivenFeature:
    """One feature of the file."""

    number: int
    """Place in the file, from 1."""
    geometry: BaseGeometry
    """Points or polygons, longitude, latitude, WGS 84."""
    fields: Mapping[str, object]

    @property
    def is_point(self) -> bool:
        """Whether it is points and not an outline."""
        return self.geometry.geom_type in _POINTS


@dataclass(frozen=True)
class GivenFile:
    """The features of one layer of a vector file."""

    path: Path
    features: tuple[GivenFeature, ...]
    reprojected_from: str
    """Name of the CRS it was in; empty where it was longitude, latitude already."""

    @property
    def parts(self) -> tuple[Path, ...]:
        """The file, and those that belong to it."""
        if self.path.suffix.lower() != ".shp":
            return (self.path,)
        named = (self.path.with_suffix(ending) for ending in _SHAPEFILE_PARTS)
        return tuple(path for path in named if path.is_file())


def read_given(path: Path, *, layer: str | None, fault: type[ReetraceError]) -> GivenFile:
    """The features of a GeoJSON, GeoPackage, KML or Shapefile.

    Args:
        path: The file.
        layer: Needed where the file has more than one.
        fault: Class of the error that is raised where the file cannot be used.
    """
    table = _read(path, layer, fault)
    if table.empty:
        raise fault(f"{path.name}: holds no features. Draw at least one outline or point.")
    if table.crs is None:
        raise fault(
            f"{path.name}: says no CRS, so its coordinates mean no place. Add one (a .prj file for "
            "a Shapefile) or save it as GeoJSON in EPSG:4326."
        )
    # GeoJSON calls the same longitude and latitude CRS84.
    before = "" if table.crs.equals(4326, ignore_axis_order=True) else table.crs.name
    if before:
        table = table.to_crs(4326)
    columns = [name for name in table.columns if name != table.geometry.name]
    records = table[columns].to_dict("records")
    features = tuple(
        GivenFeature(
            number, _checked(shape, f"{path.name}: feature {number}", fault), _plain(fields)
        )
        for number, (shape, fields) in enumerate(zip(table.geometry, records, strict=True), start=1)
    )
    return GivenFile(path, features, before)


def _read(path: Path, layer: str | None, fault: type[ReetraceError]) -> GeoDataFrame:
    import pyogrio

    if not path.is_file():
        raise fault(f"{path}: no such file.")
    size = path.stat().st_size
    if size > _MOST_BYTES:
        raise fault(
            f"{path.name}: holds {size / 1e6:,.0f} MB, more than the {_MOST_BYTES / 1e6:,.0f} that "
            "are read. Save the features of the site alone, with the precision of a metre."
        )
    try:
        with warnings.catch_warnings():
            # What GDAL only warns of (an odd ring, a doubled id) is looked at below, or harmless.
            warnings.simplefilter("ignore")
            layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
            chosen = _layer(path, layers, layer, fault)
            table: GeoDataFrame = pyogrio.read_dataframe(path, layer=chosen)
    except ReetraceError:
        raise
    except Exception as reason:  # pyogrio, GDAL and shapely share no base but Exception
        if "closed linestring" in str(reason):
            raise fault(
                f"{path.name}: the ring of an outline is not closed; its last position must "
                "repeat the first."
            ) from reason
        raise fault(
            f"{path.name}: cannot be read ({_one_line(reason)}). GeoJSON, GeoPackage, KML or "
            "Shapefile is needed."
        ) from reason
    if "geometry" not in table.columns:
        raise fault(f"{path.name}: is a table without places. Outlines or points are needed.")
    return table


def _layer(path: Path, layers: list[str], layer: str | None, fault: type[ReetraceError]) -> str:
    if not layers:
        raise fault(f"{path.name}: holds no layer with places. Draw at least one outline.")
    if layer is None and len(layers) > 1:
        raise fault(
            f"{path.name}: holds {len(layers)} layers; name one with --layer: {', '.join(layers)}."
        )
    if layer is not None and layer not in layers:
        raise fault(f"{path.name}: has no layer {layer!r}; it has {', '.join(layers)}.")
    return layer or layers[0]


def _one_line(reason: Exception) -> str:
    return " ".join(str(reason).split())


def _checked(shape: BaseGeometry | None, where: str, fault: type[ReetraceError]) -> BaseGeometry:
    import shapely

    if shape is None or shape.is_empty:
        raise fault(f"{where}: has no geometry. Draw it or remove it.")
    if shape.geom_type not in _POINTS | _POLYGONS:
        raise fault(f"{where}: is a {shape.geom_type}; an outline (polygon) or a point is needed.")
    flat = shapely.force_2d(shape)
    reason = place_fault((float(x), float(y)) for x, y in shapely.get_coordinates(flat))
    if reason:
        raise fault(f"{where}: {reason}")
    return flat


def _plain(fields: Mapping[Hashable, object]) -> dict[str, object]:
    """Attribute values as JSON has them: no missing-value objects, no numpy numbers."""
    import pandas as pd

    plain: dict[str, object] = {}
    for name, value in fields.items():
        if value is None or (not isinstance(value, list | dict) and bool(pd.isna(value))):  # type: ignore[call-overload]
            plain[str(name)] = None
        elif hasattr(value, "item"):
            plain[str(name)] = value.item()
        elif isinstance(value, str | int | float | bool | list | dict):
            plain[str(name)] = value
        else:
            plain[str(name)] = str(value)
    return plain
