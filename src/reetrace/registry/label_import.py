"""Labels from points and polygons that were drawn in other programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import LabelError
from reetrace.core.geometry import MultiPolygon
from reetrace.core.grid import Grid
from reetrace.core.landcover import Legend
from reetrace.core.samples import Label, Labels
from reetrace.core.site import Site, Zone, ZoneSet
from reetrace.registry.given import GivenFeature, GivenFile, read_given
from reetrace.registry.shapes import mend, widened
from reetrace.zoning import from_shapely, inside, lay_grid, lonlat_of, pixel_of, zone_codes

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_FEW = 8
_KNOWN = ("id", "landcover", "interpreter", "image_source", "image_date", "confidence", "stratum")


@dataclass(frozen=True)
class LabelOrder:
    """How labels are to be read from a file, as the user said it."""

    file: Path
    fields: tuple[tuple[str, str], ...]
    """(epoch, field with the class at that epoch); an empty field takes `landcover` for all."""
    landcover: str = ""
    """Class of every feature, where no field says it."""
    renamed: tuple[tuple[str, str], ...] = ()
    """(class in the file, class of the legend)."""
    where: tuple[tuple[str, str], ...] = ()
    """(field, value): only features with all these values take part."""
    per_class: int = 100
    """Most points drawn inside the polygons of each class."""
    outside: str = ""
    """Class of points drawn outside all polygons; empty draws none."""
    outside_count: int = 100
    outside_buffer_m: float = 60.0
    """Points outside keep this far from every polygon."""
    seed: int = 0
    pixel_m: float = 30.0
    layer: str | None = None
    interpreter: str = ""
    image_source: str = ""
    image_date: str = ""
    """Date of the image looked at; empty takes the epoch. These three serve where the file has no
    field of the name."""


@dataclass(frozen=True)
class ImportedLabels:
    """Labels of each epoch, the same places at all of them, and what was left out."""

    labels: tuple[Labels, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class _Spot:
    """A place with its class at each epoch."""

    longitude: float
    latitude: float
    classes: tuple[str, ...]
    fields: Mapping[str, object]


def import_labels(order: LabelOrder, site: Site, legend: Legend) -> ImportedLabels:
    """Training labels of purposive design for a site, from points or polygons.

    Inside polygons, pixel centres of the site's grid are drawn by the seed, none twice.

    Raises:
        LabelError: With the file, the field, its value and what was needed.
    """
    given = _chosen(read_given(order.file, layer=order.layer, fault=LabelError), order)
    grid = lay_grid(site, order.pixel_m)
    kinds = {feature.is_point for feature in given.features}
    if len(kinds) > 1:
        raise LabelError(f"{given.path.name}: mixes points and polygons; one kind is needed.")
    if order.outside and order.outside not in legend.names:
        raise LabelError(f"--outside {order.outside!r}: {_needs(legend)}")
    classes = [_classes(feature, order, given.path.name, legend) for feature in given.features]
    remarks: list[str] = []
    if kinds == {True}:
        if order.outside:
            raise LabelError(f"{given.path.name}: holds points; --outside needs polygons.")
        spots = list(_from_points(given, classes, site, grid, remarks))
    else:
        spots = list(_from_polygons(given, classes, order, site, grid, remarks))
    if not spots:
        raise LabelError(
            f"{given.path.name}: none of its {len(given.features)} features lies in the area of "
            f"interest of {site.id}. Is it the right file or site?"
        )
    width = len(str(len(spots)))
    labels = tuple(
        _labels(spots, place, epoch, order, site.id, width)
        for place, (epoch, _) in enumerate(order.fields)
    )
    return ImportedLabels(labels, tuple(remarks))


def _chosen(given: GivenFile, order: LabelOrder) -> GivenFile:
    """The features that have the values asked for."""
    features = given.features
    for field, value in order.where:
        if field not in features[0].fields:
            known = ", ".join(features[0].fields) or "none"
            raise LabelError(f"{given.path.name}: has no field {field!r}; its fields are {known}.")
        left = tuple(each for each in features if _word(each.fields[field]) == value)
        if not left:
            values = sorted({_word(each.fields[field]) for each in features})
            raise LabelError(
                f"{given.path.name}: no feature has {field}={value}; there are "
                f"{', '.join(values[:_FEW])}{' …' if len(values) > _FEW else ''}."
            )
        features = left
    return replace(given, features=features)


def _classes(
    feature: GivenFeature, order: LabelOrder, file: str, legend: Legend
) -> tuple[str, ...]:
    """The feature's class at each epoch, in the legend's words."""
    renamed = dict(order.renamed)
    found = []
    for _, field in order.fields:
        where = f"{file}: feature {feature.number}"
        if field and field not in feature.fields:
            known = ", ".join(feature.fields) or "none"
            raise LabelError(f"{where}: has no field {field!r}; its fields are {known}.")
        said = _word(feature.fields[field]) if field else order.landcover
        name = renamed.get(said, said)
        if name not in legend.names:
            of = f"{field} is {said!r}" if field else f"--as {said!r}"
            raise LabelError(f"{where}: {of}; {_needs(legend)}")
        found.append(name)
    return tuple(found)


def _needs(legend: Legend) -> str:
    return f"needed: a class of legend {legend.id} ({', '.join(legend.names)}). Rename with --map."


def _word(value: object) -> str:
    """A class as it is written: 2.0 from a table of numbers is 2."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _from_points(
    given: GivenFile,
    classes: Sequence[tuple[str, ...]],
    site: Site,
    grid: Grid,
    remarks: list[str],
) -> Iterator[_Spot]:
    within = inside(site, grid)
    outside = 0
    for feature, names in zip(given.features, classes, strict=True):
        for point in getattr(feature.geometry, "geoms", [feature.geometry]):
            rows, cols = pixel_of(np.array([point.x]), np.array([point.y]), grid)
            if rows[0] < 0 or not within[rows[0], cols[0]]:
                outside += 1
                continue
            yield _Spot(point.x, point.y, names, feature.fields)
    if outside:
        remarks.append(f"{outside} points lie outside the area of interest and were left out.")


def _from_polygons(
    given: GivenFile,
    classes: Sequence[tuple[str, ...]],
    order: LabelOrder,
    site: Site,
    grid: Grid,
    remarks: list[str],
) -> Iterator[_Spot]:
    shapes = [from_shapely(mend(feature.geometry)[0]) for feature in given.features]
    combinations = sorted(set(classes))
    zones = tuple(
        _zone(
            str(place),
            tuple(
                polygon
                for shape, names in zip(shapes, classes, strict=True)
                if names == combination
                for polygon in shape
            ),
        )
        for place, combination in enumerate(combinations)
    )
    codes = np.where(inside(site, grid), zone_codes(ZoneSet("labels", "", zones), grid), 0)
    mixed = int((codes < 0).sum())
    if mixed:
        remarks.append(f"{mixed} pixels lie in polygons of different classes and were left out.")
    random = np.random.default_rng(order.seed)
    for place, combination in enumerate(combinations, start=1):
        called = " to ".join(dict.fromkeys(combination))
        yield from _drawn(
            codes == place, order.per_class, combination, grid, random, remarks, called
        )
    if order.outside:
        everything = tuple(polygon for shape in shapes for polygon in shape)
        around = (
            widened(everything, order.outside_buffer_m / 1000.0)
            if order.outside_buffer_m
            else everything
        )
        near = zone_codes(ZoneSet("near", "", (_zone("near", around),)), grid) != 0
        names = (order.outside,) * len(order.fields)
        free = inside(site, grid) & ~near
        called = f"{order.outside}, outside the polygons"
        yield from _drawn(free, order.outside_count, names, grid, random, remarks, called)


def _zone(zone_id: str, geometry: MultiPolygon) -> Zone:
    return Zone(zone_id, "mine", zone_id, geometry, "", "", "", 1.0)


def _drawn(
    candidates: NDArray[np.bool_],
    count: int,
    classes: tuple[str, ...],
    grid: Grid,
    random: np.random.Generator,
    remarks: list[str],
    called: str,
) -> Iterator[_Spot]:
    rows, cols = np.nonzero(candidates)
    if len(rows) < count:
        remarks.append(f"{called}: {len(rows)} pixels, fewer than the {count} asked for; all used.")
    chosen = np.sort(random.permutation(len(rows))[:count])
    longitudes, latitudes = lonlat_of(rows[chosen], cols[chosen], grid)
    for longitude, latitude in zip(longitudes, latitudes, strict=True):
        yield _Spot(round(float(longitude), 8), round(float(latitude), 8), classes, {})


def _labels(
    spots: Sequence[_Spot], place: int, epoch: str, order: LabelOrder, site_id: str, width: int
) -> Labels:
    points = tuple(
        _label(spot, spot.classes[place], f"p{number:0{width}d}", epoch, order)
        for number, spot in enumerate(spots, start=1)
    )
    twice = len(points) - len({label.id for label in points})
    if twice:
        raise LabelError(f"{order.file.name}: field 'id': {twice} ids stand twice; rename them.")
    return Labels(
        site=site_id,
        epoch=epoch,
        purpose="training",
        design="purposive",
        strata=(),
        points=tuple(sorted(points, key=lambda label: label.id)),
        source=order.file.name,
        digest="",
    )


def _label(spot: _Spot, landcover: str, number: str, epoch: str, order: LabelOrder) -> Label:
    own = {name: _word(spot.fields.get(name)) for name in _KNOWN}
    texts = {
        "interpreter": own["interpreter"] or order.interpreter,
        "image_source": own["image_source"] or order.image_source,
        "image_date": own["image_date"] or order.image_date or epoch,
    }
    for name, value in texts.items():
        if not value.strip():
            raise LabelError(
                f"{order.file.name}: {name} is missing; say it with --{name.replace('_', '-')}."
            )
    if not _DATE.fullmatch(texts["image_date"]):
        raise LabelError(
            f"{order.file.name}: image_date is {texts['image_date']!r}; a year or ISO date such as "
            "2018-09-06 is needed."
        )
    extra = tuple(
        (name, json.dumps(value, ensure_ascii=False, sort_keys=True))
        for name, value in sorted(spot.fields.items())
        if name not in _KNOWN
    )
    return Label(
        id=own["id"] or number,
        longitude=spot.longitude,
        latitude=spot.latitude,
        landcover=landcover,
        confidence=own["confidence"],
        extra=extra,
        **texts,
    )
