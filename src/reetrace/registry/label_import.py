"""Labels from points and polygons that were drawn in other programs."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from reetrace.core.errors import LabelError
from reetrace.core.landcover import Legend
from reetrace.core.samples import Design, Label, Labels, Stratum
from reetrace.core.site import Site
from reetrace.registry.given import GivenFeature, GivenFile, read_given
from reetrace.registry.label_places import Drawing, Spot, from_points, from_polygons
from reetrace.registry.labels import labels_document, labels_of
from reetrace.zoning import lay_grid

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
    drawing: Drawing = field(default_factory=Drawing)
    pixel_m: float = 30.0
    layer: str | None = None
    sample: Design | None = None
    """Design of a probability sample; None is training, chosen by eye."""
    strata: tuple[Stratum, ...] = ()
    """Of a stratified sample; the field `stratum` says in which each point lies."""
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


def import_labels(order: LabelOrder, site: Site, legend: Legend) -> ImportedLabels:
    """Labels for a site, from points or polygons.

    They are for training, chosen by eye, unless points are said to be a probability sample. Inside
    polygons, pixel centres of the site's grid are drawn by the seed, none twice.

    Raises:
        LabelError: With the file, the field, its value and what was needed.
    """
    given = _chosen(read_given(order.file, layer=order.layer, fault=LabelError), order)
    grid = lay_grid(site, order.pixel_m)
    kinds = {feature.is_point for feature in given.features}
    if len(kinds) > 1:
        raise LabelError(f"{given.path.name}: mixes points and polygons; one kind is needed.")
    if order.drawing.outside and order.drawing.outside not in legend.names:
        raise LabelError(f"--outside {order.drawing.outside!r}: {_needs(legend)}")
    classes = [_classes(feature, order, given.path.name, legend) for feature in given.features]
    remarks: list[str] = []
    if order.sample is not None and kinds != {True}:
        raise LabelError(
            f"{given.path.name}: holds polygons; a probability sample is points that were drawn "
            "before anyone looked."
        )
    if kinds == {True}:
        if order.drawing.outside:
            raise LabelError(f"{given.path.name}: holds points; --outside needs polygons.")
        spots = list(from_points(given, classes, site, grid, remarks))
    else:
        spots = list(from_polygons(given, classes, order.drawing, site, grid, remarks))
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
    for name, value in order.where:
        if name not in features[0].fields:
            known = ", ".join(features[0].fields) or "none"
            raise LabelError(f"{given.path.name}: has no field {name!r}; its fields are {known}.")
        left = tuple(each for each in features if _word(each.fields[name]) == value)
        if not left:
            values = sorted({_word(each.fields[name]) for each in features})
            raise LabelError(
                f"{given.path.name}: no feature has {name}={value}; there are "
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
    for _, name_of in order.fields:
        where = f"{file}: feature {feature.number}"
        if name_of and name_of not in feature.fields:
            known = ", ".join(feature.fields) or "none"
            raise LabelError(f"{where}: has no field {name_of!r}; its fields are {known}.")
        said = _word(feature.fields[name_of]) if name_of else order.landcover
        name = renamed.get(said, said)
        if name not in legend.names:
            of = f"{name_of} is {said!r}" if name_of else f"--as {said!r}"
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


def _labels(
    spots: Sequence[Spot], place: int, epoch: str, order: LabelOrder, site_id: str, width: int
) -> Labels:
    points = tuple(
        _label(spot, spot.classes[place], f"p{number:0{width}d}", epoch, order)
        for number, spot in enumerate(spots, start=1)
    )
    twice = len(points) - len({label.id for label in points})
    if twice:
        raise LabelError(f"{order.file.name}: field 'id': {twice} ids stand twice; rename them.")
    made = Labels(
        site=site_id,
        epoch=epoch,
        purpose="training" if order.sample is None else "probability-sample",
        design=order.sample or "purposive",
        strata=order.strata,
        points=tuple(sorted(points, key=lambda label: label.id)),
        source=order.file.name,
        digest="",
    )
    # Read back as a file is: a stratum that is not declared is refused before anything is written.
    return labels_of(labels_document(made), order.file.name, "")


def _label(spot: Spot, landcover: str, number: str, epoch: str, order: LabelOrder) -> Label:
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
        stratum=own["stratum"],
        extra=extra,
        **texts,
    )
