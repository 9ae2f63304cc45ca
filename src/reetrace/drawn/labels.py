"""Labels as an interpreter would give them: right where it is plain, sometimes wrong where not."""
# ruff: noqa: PLR2004 - a picture is made of measures; each says in its line what it measures

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.drawn.cover import Kind
from reetrace.drawn.files import write_json
from reetrace.drawn.frame import STUDY_AREA, BoolArray, Float32Array
from reetrace.drawn.mines import EPOCHS
from reetrace.drawn.place import StudyArea
from reetrace.drawn.strata import STRATA, lay_strata
from reetrace.drawn.truth import EpochTruth
from reetrace.zoning import lonlat_of

INTERPRETER = "drawn interpreter"
IMAGE_SOURCE = "Drawn high-resolution picture (simulated, no photograph)"

_IMAGE_DATES = {2005: "2005-01-13", 2010: "2010-12-13", 2015: "2015-11-09", 2020: "2020-12-06"}

MINE_POINTS = 100
"""As many training points as the study has, of each class."""

# Non-mine training points by what an interpreter would look for: 182 in all.
_QUOTAS = (
    ("dense", 55),
    ("mixed", 48),
    ("sparse", 24),
    ("bare", 19),
    ("bar", 9),
    ("landslide", 8),
    ("swidden", 19),
)

_LOOK_ALIKES = (Kind.BAR, Kind.LANDSLIDE, Kind.BARE, Kind.SWIDDEN)


@dataclass(frozen=True)
class Reading:
    """What the interpreter would say of every pixel of one epoch."""

    mine: BoolArray
    confidence: NDArray[np.int8]
    """0 low, 1 medium, 2 high."""


def interpret(rng: np.random.Generator, truth: EpochTruth) -> Reading:
    """Reads every pixel once, so that two points in one pixel never disagree."""
    share = truth.mine_share
    alike = sum((truth.kind_share[kind] for kind in _LOOK_ALIKES), np.zeros_like(share))
    doubt = 0.30 * np.exp(-(((share - 0.5) / 0.13) ** 2))
    doubt += 0.006 * alike * (truth.green < 0.6)
    doubt += np.where((share > 0.65) & (truth.green > 0.25), 0.02, 0.0)
    doubt[(alike + share) < 0.02] = 0.0
    wrong = rng.random(share.shape) < doubt
    confidence = np.select([doubt > 0.10, doubt > 0.004], [0, 1], 2).astype(np.int8)
    return Reading(truth.is_mine ^ wrong, confidence)


def write_labels(
    folder: Path,
    generators: dict[str, np.random.Generator],
    area: StudyArea,
    truths: list[EpochTruth],
) -> None:
    """Writes both files of each epoch: training points, and the panel of the probability sample."""
    home = folder / STUDY_AREA
    home.mkdir(parents=True)
    readings = [interpret(generators["interpret"], truth) for truth in truths]
    strata, places = lay_strata(generators["strata"], area, truths)
    sizes = [
        {
            "id": stratum.id,
            "area_m2": int((strata == code).sum()) * area.grid.pixel_area_m2,
            "title": stratum.title,
        }
        for code, stratum in enumerate(STRATA, start=1)
    ]
    for year, truth, reading in zip(EPOCHS, truths, readings, strict=True):
        found = _training_places(generators[f"training-{year}"], area, truth, reading)
        points = _features(area, found, year, reading, f"tr-{year}")
        record = _record(year, "training", "purposive", [])
        write_json(home / f"{year}.geojson", _collection(record, points))
        sampled = _features(area, places, year, reading, "ps")
        for feature, code in zip(sampled, strata[places], strict=True):
            feature["properties"]["stratum"] = STRATA[int(code) - 1].id
        record = _record(year, "probability-sample", "stratified", sizes)
        write_json(home / f"{year}-sample.geojson", _collection(record, sampled))


def _record(year: int, purpose: str, design: str, strata: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schema": "labels-1",
        "site": STUDY_AREA,
        "epoch": str(year),
        "purpose": purpose,
        "design": design,
        "strata": strata,
        "simulated": True,
    }


def _collection(record: dict[str, Any], features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "reetrace": record, "features": features}


def _features(
    area: StudyArea,
    places: tuple[NDArray[np.int64], NDArray[np.int64]],
    year: int,
    reading: Reading,
    prefix: str,
) -> list[dict[str, Any]]:
    rows, cols = places
    longitudes, latitudes = lonlat_of(rows, cols, area.grid)
    features = []
    for number, (row, col) in enumerate(zip(rows, cols, strict=True)):
        place = [round(float(longitudes[number]), 7), round(float(latitudes[number]), 7)]
        properties = {
            "id": f"{prefix}-{number + 1:04d}",
            "landcover": "mine" if reading.mine[row, col] else "non-mine",
            "interpreter": INTERPRETER,
            "image_source": IMAGE_SOURCE,
            "image_date": _IMAGE_DATES[year],
            "confidence": ("low", "medium", "high")[reading.confidence[row, col]],
        }
        features.append(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "Point", "coordinates": place},
            }
        )
    return features


def _training_places(
    rng: np.random.Generator, area: StudyArea, truth: EpochTruth, reading: Reading
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Purposive: every kind of ground has its points, edges are mostly avoided, none touch."""
    share = truth.mine_share
    plain = np.where((share > 0.15) & (share < 0.85), 0.08, 1.0)
    groups = [(reading.mine, MINE_POINTS)]
    groups += [(_ground(name, truth) & ~reading.mine, count) for name, count in _QUOTAS]
    taken = np.zeros(area.grid.shape, dtype=np.bool_)
    chosen: list[tuple[int, int]] = []
    wanted = 0
    for where, count in (*groups, (~reading.mine, 0)):
        wanted += count
        # What a scarce kind of ground lacks is made up from the next.
        chosen += _spread(rng, where & area.inside, plain, taken, wanted - len(chosen))
    places = np.array(sorted(chosen), dtype=np.int64)
    return places[:, 0], places[:, 1]


def _ground(name: str, truth: EpochTruth) -> BoolArray:
    kinds = {"bare": Kind.BARE, "bar": Kind.BAR, "landslide": Kind.LANDSLIDE}
    kinds["swidden"] = Kind.SWIDDEN
    if name in kinds:
        here: BoolArray = truth.kind_share[kinds[name]] > 0.5
        return here
    wild = truth.kind_share[Kind.FOREST] + truth.kind_share[Kind.OVERGROWN]
    low, high = {"dense": (0.92, 1.1), "mixed": (0.75, 0.92), "sparse": (0.0, 0.75)}[name]
    between: BoolArray = (wild > 0.4) & (truth.green >= low) & (truth.green < high)
    return between


def _spread(
    rng: np.random.Generator,
    where: BoolArray,
    weight: Float32Array,
    taken: BoolArray,
    count: int,
) -> list[tuple[int, int]]:
    """Up to `count` pixels, none beside another; marks them and their neighbours as taken."""
    rows, cols = np.nonzero(where)
    # Weighted order without replacement (Efraimidis and Spirakis 2006).
    order = np.argsort(-np.log(rng.random(rows.size)) / weight[rows, cols], kind="stable")
    chosen: list[tuple[int, int]] = []
    for at in order:
        if len(chosen) >= count:
            break
        row, col = int(rows[at]), int(cols[at])
        if not taken[row, col]:
            taken[max(row - 1, 0) : row + 2, max(col - 1, 0) : col + 2] = True
            chosen.append((row, col))
    return chosen
