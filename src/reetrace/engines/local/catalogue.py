"""Folders of STAC items in, the scenes they describe out; no pixel is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reetrace import tables
from reetrace.core.errors import ImageryError
from reetrace.core.geometry import MultiPolygon
from reetrace.core.sensor import Band, QualityBand, Sensor
from reetrace.engines.local.encoding import Encoding, encoding_of
from reetrace.engines.local.features import INDEX_FIELD, Geometry, footprint_of, read_features

SENSOR_PROPERTY = "reetrace:sensor"
SIMULATED_PROPERTY = "reetrace:simulated"
PARTIAL_PROPERTY = "reetrace:partial"
"""True for a user's own scene that has fewer bands than its sensor."""
CHECKSUM_FIELD = "file:checksum"
SHA256_MULTIHASH = "1220"
"""A multihash begins with its kind and length: SHA-256, 32 bytes."""


@dataclass(frozen=True)
class Layer:
    """One band of one file."""

    name: str
    """Band id of the sensor, e.g. `SR_B4`."""
    path: Path
    index: int
    """Band of the file, from 1."""
    encoding: Encoding
    checksum: str = ""
    """SHA-256 that the item states for the file; empty where it states none."""


@dataclass(frozen=True)
class Item:
    """One scene as its catalogue describes it."""

    id: str
    date: dt.date
    sensor: Sensor
    platform: str
    geometry: Geometry
    bands: tuple[tuple[str, Layer], ...]
    """(role, layer) in the order of the sensor file."""
    quality: tuple[tuple[QualityBand, Layer], ...]
    missing: tuple[str, ...]
    """Ids of bands that the sensor has and the item lacks without saying that it is partial."""
    cloud_cover: float | None
    """Per cent of the whole scene, as the provider states it."""
    simulated: bool
    licence: str
    processing: str
    path: Path
    """The item's own file."""

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles in the order of the sensor file."""
        return tuple(role for role, _ in self.bands)


def read_catalogue(folder: Path) -> tuple[Item, ...]:
    """Every scene of known sensors beneath a folder, by date, then id.

    A catalogue's own files, foreign GeoJSON and items of other instruments are passed over.

    Raises:
        ImageryError: A JSON file is broken, or an item lacks what makes it one.
    """
    found = [
        item
        for path in sorted(folder.rglob("*.json"))
        # A hidden folder is one that a killed run left half-made.
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
        for feature in read_features(path)
        if (item := _to_item(path, feature, path.parent)) is not None
    ]
    return tuple(sorted(found, key=lambda item: (item.date, item.id, str(item.path))))


def read_item(path: Path, feature: Mapping[str, Any], *, base: Path) -> Item:
    """One item whose content is at hand.

    Args:
        path: Where the item lies or will lie, for messages.
        feature: Its content.
        base: Folder that its relative links start from.

    Raises:
        ImageryError: It is no item of a known sensor.
    """
    item = _to_item(path, feature, base)
    if item is None:
        raise ImageryError(f"{path}: not a scene of a known sensor.")
    return item


def meets(item: Item, area: MultiPolygon) -> bool:
    """Whether the item's footprint touches an area, also across the date line."""
    from shapely.affinity import translate
    from shapely.geometry import shape

    from reetrace.zoning import to_shapely

    wanted, footprint = to_shapely(area), shape(dict(item.geometry)).buffer(0)
    return any(wanted.intersects(translate(footprint, xoff=turn)) for turn in (-360, 0, 360))


def _to_item(path: Path, feature: Mapping[str, Any], base: Path) -> Item | None:
    properties: Mapping[str, Any] = feature["properties"]
    sensor = _sensor(properties)
    if sensor is None:
        return None
    said = _Statements(path, base, properties, sensor)
    assets: Mapping[str, Mapping[str, Any]] = feature["assets"]
    bands, missing = [], []
    for band in sensor.bands:
        layer = _layer(said, assets, band)
        if layer is None:
            missing.append(band.id)
        else:
            bands.append((band.role, layer))
    # An item with none of the sensor's bands is a product of its own (temperature, say).
    if not bands:
        return None
    quality = tuple(
        (flags, layer)
        for flags in sensor.quality
        if (layer := _layer(said, assets, flags)) is not None
    )
    cloud = properties.get("eo:cloud_cover")
    return Item(
        id=str(_needed(path, feature, "id")),
        date=_date(path, properties),
        sensor=sensor,
        platform=str(properties.get("platform", "")),
        geometry=footprint_of(path, feature),
        bands=tuple(bands),
        quality=quality,
        missing=() if properties.get(PARTIAL_PROPERTY) else tuple(missing),
        cloud_cover=float(cloud) if isinstance(cloud, int | float) else None,
        simulated=bool(properties.get(SIMULATED_PROPERTY, False)),
        licence=str(properties.get("license", "")),
        processing=_processing(properties),
        path=path,
    )


def _sensor(properties: Mapping[str, Any]) -> Sensor | None:
    if SENSOR_PROPERTY in properties:
        known = {each.id: each for each in tables.sensors()}
        return known.get(str(properties[SENSOR_PROPERTY]))
    # Landsat 5 carried the older Multispectral Scanner as well.
    if "mss" in str(properties.get("instruments")).casefold():
        return None
    return tables.sensor_of_platform(str(properties.get("platform", "")))


def _needed(path: Path, feature: Mapping[str, Any], field: str) -> object:
    value = feature.get(field)
    if value in (None, ""):
        raise ImageryError(f"{path}: the item has no {field}. Fetch the catalogue again.")
    return value


def _date(path: Path, properties: Mapping[str, Any]) -> dt.date:
    given = properties.get("datetime") or properties.get("start_datetime")
    try:
        return dt.date.fromisoformat(str(given)[:10])
    except ValueError as fault:
        raise ImageryError(
            f"{path}: datetime is {given!r}; a date such as 2018-09-06 is needed."
        ) from fault


def _processing(properties: Mapping[str, Any]) -> str:
    """Level and baseline in the provider's own words."""
    said = []
    for field, title in (
        ("landsat:correction", "correction"),
        ("landsat:collection_number", "collection"),
        ("landsat:collection_category", "tier"),
        ("s2:product_type", "product"),
        ("processing:level", "level"),
        ("s2:processing_baseline", "baseline"),
    ):
        if properties.get(field):
            said.append(f"{title} {properties[field]}")
    return ", ".join(said)


@dataclass(frozen=True)
class _Statements:
    """What holds for all assets of an item."""

    path: Path
    base: Path
    properties: Mapping[str, Any]
    sensor: Sensor


def _layer(
    said: _Statements, assets: Mapping[str, Mapping[str, Any]], wanted: Band | QualityBand
) -> Layer | None:
    """The asset, or band of an asset, that holds a band of the sensor."""
    names = {name.casefold() for name in (wanted.id, *wanted.aliases)}
    exact = wanted.id.casefold()
    # Sentinel-2's own names carry the pixel size, for some bands are published at several.
    pixel_m = wanted.pixel_m if isinstance(wanted, Band) else said.sensor.bands[-1].pixel_m
    names |= {f"{name}_{pixel_m:.0f}m" for name in names}
    # The key first; then the bands an asset says it has; then the provider's file name.
    for key in sorted(assets, key=lambda key: (key.casefold() != exact, key)):
        if key.casefold() in names:
            index = int(assets[key].get(INDEX_FIELD, 1))
            return _of_asset(said, assets[key], index, wanted)
    for key in sorted(assets):
        for index, name in enumerate(_band_names(assets[key]), start=1):
            if name.casefold() in names:
                return _of_asset(said, assets[key], index, wanted)
    for key in sorted(assets):
        stem = Path(str(assets[key].get("href", ""))).stem.casefold()
        if stem.endswith((f"_{exact}", f"_{exact}_{pixel_m:.0f}m")):
            return _of_asset(said, assets[key], 1, wanted)
    return None


def _band_names(asset: Mapping[str, Any]) -> list[str]:
    bands = asset.get("eo:bands") or asset.get("bands") or []
    return [str(band.get("name", "")) for band in bands]


def _of_asset(
    said: _Statements, asset: Mapping[str, Any], index: int, wanted: Band | QualityBand
) -> Layer:
    if isinstance(wanted, Band):
        encoding = encoding_of(said.path, said.properties, asset, index, said.sensor)
    else:
        encoding = Encoding(1.0, 0.0, (), "")
    stated = str(asset.get(CHECKSUM_FIELD, ""))
    checksum = stated.removeprefix(SHA256_MULTIHASH) if stated.startswith(SHA256_MULTIHASH) else ""
    return Layer(wanted.id, _file(said.base, str(asset.get("href", ""))), index, encoding, checksum)


def _file(base: Path, href: str) -> Path:
    """Where an asset lies. A link to a server stands for the file of its name beside the item."""
    if "://" not in href or href.startswith("file://"):
        return (base / href.removeprefix("file://")).resolve()
    downloaded = base / href.partition("?")[0].rpartition("/")[2]
    return downloaded.resolve() if downloaded.is_file() else Path(href)
