"""What the map shows, laid out for the page: pictures by epoch, outlines, values to look up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.evidence import Evidence
from reetrace.core.landcover import NOT_SEEN, OUTSIDE
from reetrace.reading import lookup, numerals
from reetrace.reading.rasters import Rasters
from reetrace.reading.stretch import FALSE_COLOUR, NATURAL, stretched
from reetrace.webmap import colours, pixels
from reetrace.zoning import inside

NATURAL_KEY, FALSE_KEY, NDVI_KEY = "natural", "false-colour", "ndvi"
OFTEN_KEY, LANDCOVER_KEY, UNSEEN_KEY = "observations", "landcover", "not-seen"
FOOTPRINT_KEY = "footprint"

_NDVI_TITLE = "Vegetation index (NDVI)"
_FALSE_NOTE = "Near-infrared as red: dense plants are bright red"
_NDVI_NOTE = "How green: bare ground near 0, dense plants near 1"
_OFTEN_NOTE = "How often the ground was seen without cloud"
_CLASS_NOTE = "What each pixel was classified as"


@dataclass(frozen=True)
class Swatch:
    """One line of a legend."""

    colour: str
    words: str


@dataclass(frozen=True)
class Layer:
    """One line of the list of layers."""

    key: str
    title: str
    note: str
    shown: bool
    opacity: int
    """Per cent at first."""
    legend: tuple[Swatch, ...] = ()
    ramp: tuple[Swatch, ...] = ()
    """Colours that run into each other at even steps, with words where there are some."""
    hatched: bool = False


@dataclass(frozen=True)
class Picture:
    """One raster of one epoch."""

    layer: str
    uri: str


@dataclass
class EpochPictures:
    """Everything drawn of one epoch, the lowest first."""

    number: int
    """Position among the epochs, from 0."""
    label: str
    sensor: str
    dates: str
    pictures: list[Picture] = field(default_factory=list)
    unseen: str = ""
    """Stencil of the ground not seen; empty where all was."""


def epoch_pictures(evidence: Evidence, rasters: Rasters) -> list[EpochPictures]:
    """The rasters of every epoch as pictures."""
    within = _within(evidence, rasters)
    made = {
        each.label: EpochPictures(
            number,
            each.label,
            each.sensor_title,
            _dates([scene.date for scene in each.scenes]),
        )
        for number, each in enumerate(evidence.epochs)
    }
    for key, roles in ((NATURAL_KEY, NATURAL), (FALSE_KEY, FALSE_COLOUR)):
        for label, picture in stretched(rasters, roles).items():
            made[label].pictures.append(Picture(key, pixels.photograph(picture)))
    for label, epoch in made.items():
        epoch.pictures += _coded(evidence, rasters, label)
        unseen = _unseen(evidence, rasters, label) & within
        epoch.unseen = pixels.stencil(unseen) if unseen.any() else ""
    return list(made.values())


def _dates(dates: Sequence[str]) -> str:
    days = sorted(set(dates))
    if not days:
        return ""
    return days[0] if len(days) == 1 else f"{len(days)} dates, {days[0]} to {days[-1]}"


def _coded(evidence: Evidence, rasters: Rasters, label: str) -> Iterator[Picture]:
    if rasters.has_bands(label, "red", "nir"):
        palette = colours.told_apart(colours.ndvi_palette())
        codes = _ndvi_codes(rasters.ndvi(label))
        yield Picture(NDVI_KEY, pixels.classes(codes, palette, clear=[0]))
    if rasters.has(label, "observations"):
        views = np.minimum(rasters.observations(label), colours.MOST_VIEWS).astype(np.uint8)
        palette = colours.told_apart(colours.views_palette())
        yield Picture(OFTEN_KEY, pixels.classes(views, palette))
    if rasters.has(label, "landcover"):
        palette = landcover_palette(evidence)
        codes = rasters.landcover(label)
        yield Picture(LANDCOVER_KEY, pixels.classes(codes, palette, clear=[NOT_SEEN, OUTSIDE]))


def _ndvi_codes(ndvi: NDArray[np.float32]) -> NDArray[np.uint8]:
    steps = np.rint(np.nan_to_num(ndvi) * colours.NDVI_STEPS) + colours.NDVI_STEPS + 1
    return np.where(np.isnan(ndvi), 0, steps).astype(np.uint8)


def landcover_palette(evidence: Evidence) -> list[colours.Colour]:
    """Colour by class code, each its own."""
    by_code = {each.code: colours.parse(each.colour) for each in evidence.legend.classes}
    highest = max(by_code)
    return colours.told_apart([by_code.get(code, (0, 0, 0)) for code in range(highest + 1)])


def _within(evidence: Evidence, rasters: Rasters) -> NDArray[np.bool_]:
    """Shape of the rasters as read: whether a pixel lies in the area of interest."""
    whole = inside(evidence.study_area, evidence.grid)
    rows, cols = rasters.shape
    down = ((np.arange(rows) + 0.5) * evidence.grid.rows / rows).astype(np.int64)
    right = ((np.arange(cols) + 0.5) * evidence.grid.cols / cols).astype(np.int64)
    return np.asarray(whole[down][:, right])


def _unseen(evidence: Evidence, rasters: Rasters, label: str) -> NDArray[np.bool_]:
    if rasters.has(label, "landcover"):
        return np.asarray(rasters.landcover(label) == NOT_SEEN)
    if rasters.has(label, "observations"):
        fewest = next(each.min_observations for each in evidence.epochs if each.label == label)
        return np.asarray(rasters.observations(label) < fewest)
    return np.zeros(rasters.shape, dtype=np.bool_)


def values(evidence: Evidence) -> dict[str, dict[str, Any]]:
    """For every raster whose values are told: its colours and the words of each."""
    steps = range(-colours.NDVI_STEPS, colours.NDVI_STEPS + 1)
    ndvi = ["", *(numerals.number(step / colours.NDVI_STEPS, 2) for step in steps)]
    views = [str(number) for number in range(colours.MOST_VIEWS)]
    titles = {each.code: each.title for each in evidence.legend.classes}
    palette = landcover_palette(evidence)
    return {
        LANDCOVER_KEY: {
            "title": "Land cover",
            "colours": palette,
            "words": [titles.get(code, "") for code in range(len(palette))],
        },
        NDVI_KEY: {
            "title": "NDVI",
            "colours": colours.told_apart(colours.ndvi_palette()),
            "words": ndvi,
        },
        OFTEN_KEY: {
            "title": "Clear views",
            "colours": colours.told_apart(colours.views_palette()),
            "words": [*views, f"{colours.MOST_VIEWS} or more"],
        },
    }


def raster_layers(evidence: Evidence, epochs: Sequence[EpochPictures]) -> list[Layer]:
    """The layers there is a picture of, the lowest first."""
    there = {picture.layer for epoch in epochs for picture in epoch.pictures}
    index_first = NATURAL_KEY not in there
    often = tuple(Swatch(colour, words) for _, colour, words in colours.OFTEN)
    classes = tuple(Swatch(each.colour, each.title) for each in evidence.legend.classes)
    layers = [
        Layer(NATURAL_KEY, "Natural colour", "Red, green and blue light", shown=True, opacity=100),
        Layer(FALSE_KEY, "False colour", _FALSE_NOTE, shown=False, opacity=100),
        Layer(NDVI_KEY, _NDVI_TITLE, _NDVI_NOTE, shown=index_first, opacity=100, ramp=_ramp()),
        Layer(OFTEN_KEY, "Clear views", _OFTEN_NOTE, shown=False, opacity=100, legend=often),
        Layer(LANDCOVER_KEY, "Land cover", _CLASS_NOTE, shown=False, opacity=70, legend=classes),
    ]
    return [each for each in layers if each.key in there]


def _ramp() -> tuple[Swatch, ...]:
    """The legend of the vegetation index, a little below 0 to 1."""
    palette = colours.ndvi_palette()
    stops = ((-0.25, ""), (0.0, "0"), (0.25, ""), (0.5, "0.5"), (0.75, ""), (1.0, "1"))
    codes = [1 + round((place + 1) * colours.NDVI_STEPS) for place, _ in stops]
    return tuple(
        Swatch(colours.written(palette[code]), words)
        for code, (_, words) in zip(codes, stops, strict=True)
    )


def outline_layers(evidence: Evidence, epochs: Sequence[EpochPictures]) -> list[Layer]:
    """Footprints and ground not seen, which change with the epoch as the pictures do."""
    layers = []
    if evidence.footprints:
        labels = [each.label for each in evidence.epochs]
        shades = colours.extent_colours(len(labels))
        title = lookup.target_title(evidence)
        layers.append(
            Layer(
                FOOTPRINT_KEY,
                f"Footprint of “{title}”",
                "Outline of that class at the year shown",
                shown=True,
                opacity=100,
                legend=tuple(Swatch(*each) for each in zip(shades, labels, strict=True)),
            )
        )
    if any(each.unseen for each in epochs):
        layers.append(
            Layer(
                UNSEEN_KEY,
                "Not seen",
                "No clear view: counted in no class",
                shown=True,
                opacity=100,
                hatched=True,
            )
        )
    return layers
