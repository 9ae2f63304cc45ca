"""What went into the made-up run: images, labels, forests."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from reetrace.core.evidence import (
    EpochRecord,
    LabelRecord,
    ModelRecord,
)
from reetrace.core.landcover import NOT_SEEN, OUTSIDE
from reetrace.core.model import Knobs, Model
from reetrace.core.raster import Scene
from reetrace.core.samples import Label, Labels, Stratum
from reetrace.zoning import lonlat_of
from tests import made_up_spectra
from tests import made_up_world as world

SENSORS = {
    "2005": ("landsat5-tm", "Landsat 5 TM", "LANDSAT_5", "LT05"),
    "2010": ("landsat5-tm", "Landsat 5 TM", "LANDSAT_5", "LT05"),
    "2015": ("landsat8-oli", "Landsat 8 OLI", "LANDSAT_8", "LC08"),
    "2020": ("landsat8-oli", "Landsat 8 OLI", "LANDSAT_8", "LC08"),
}


BANDS = ("blue", "green", "red", "nir", "swir1", "swir2")


@lru_cache
def made_up_models() -> tuple[Model, ...]:
    """One small forest a sensor family, as plain arrays."""
    return tuple(_forest(family, seed) for seed, family in enumerate(("tm", "oli")))


def _forest(family: str, seed: int) -> Model:
    trees = 50
    chance = np.random.default_rng(seed)
    feature = np.tile(np.array([0, -1, 0, -1, -1], dtype=np.int8), trees)
    splits = feature == 0
    feature[splits] = chance.integers(0, 7, splits.sum())
    threshold = np.zeros(trees * 5, dtype=np.uint16)
    threshold[splits] = chance.integers(8_000, 16_000, splits.sum())
    start = np.arange(trees, dtype=np.int32)[:, np.newaxis] * 5
    inner = np.array([True, False, True, False, False])
    left = np.where(inner, start + np.array([1, 0, 3, 0, 0]), -1)
    right = np.where(inner, start + np.array([2, 0, 4, 0, 0]), -1)
    return Model(
        features=(*BANDS, "ndvi"),
        classes=("non-mine", "mine"),
        codes=(1, 2),
        tree_start=np.arange(0, trees * 5 + 1, 5, dtype=np.int32),
        feature=feature,
        threshold=threshold,
        left=left.ravel().astype(np.int32),
        right=right.ravel().astype(np.int32),
        leaf_class=np.tile(np.array([-1, 0, -1, 1, 0], dtype=np.int16), trees),
        knobs=Knobs(trees=trees, seed=7),
        sensor_family=family,
        trained_on=tuple(world.digest(f"labels:{epoch}") for epoch in _EPOCHS_OF[family]),
        training_points=395,
        simulated=False,
    )


_EPOCHS_OF = {"tm": ("2005", "2010"), "oli": ("2015", "2020")}


@lru_cache
def made_up_labels() -> tuple[Labels, ...]:
    """Training labels and a probability sample of every epoch."""
    return tuple(
        _labels(epoch, purpose, points)
        for epoch in world.EPOCHS
        for purpose, points in (("training", 282), ("probability-sample", 400))
    )


def _labels(epoch: str, purpose: str, points: int) -> Labels:
    # The probability sample is a panel: the same places at every epoch.
    seed = 5 if purpose == "probability-sample" else int(epoch)
    codes = world.landcover(epoch)
    chance = np.random.default_rng(seed)
    rows, cols = np.nonzero(codes != OUTSIDE)
    chosen = np.sort(chance.choice(len(rows), points, replace=False))
    longitudes, latitudes = lonlat_of(rows[chosen], cols[chosen], world.grid())
    names = {NOT_SEEN: "non-mine", world.NON_MINE: "non-mine", world.MINE: "mine"}
    stratified = purpose == "probability-sample"
    area_m2 = 57.6e6
    strata = (
        Stratum("likely-mine", 6e6, "Near a pit"),
        Stratum("elsewhere", area_m2 - 6e6, "Everywhere else"),
    )
    return Labels(
        site="kachin-nujiang",
        epoch=epoch,
        purpose=purpose,  # type: ignore[arg-type]
        design="stratified" if stratified else "purposive",
        strata=strata if stratified else (),
        points=tuple(
            Label(
                id=f"{'s' if stratified else 't'}{position:04d}",
                longitude=round(float(longitudes[position]), 7),
                latitude=round(float(latitudes[position]), 7),
                landcover=names[int(codes[rows[chosen[position]], cols[chosen[position]]])],
                interpreter=("A. Reader", "ခင် (B)")[position % 2],
                image_source="very high resolution mosaic",
                image_date=f"{epoch}-12-01",
                confidence=("high", "medium")[position % 5 == 0],
                stratum=strata[position % 2].id if stratified else "",
                extra=(("slope_deg", "12.5"), ("seen_by", '["A", "ခင်"]')) if position == 0 else (),
            )
            for position in range(points)
        ),
        source=f"{epoch}-sample.geojson" if stratified else f"{epoch}.geojson",
        digest=world.digest(f"labels:{epoch}" if not stratified else f"sample:{epoch}"),
        extra=(("campaign", '"made up"'),),
    )


def epoch_record(label: str) -> EpochRecord:
    """One epoch with four images."""
    sensor, title, platform, prefix = SENSORS[label]
    days = ("01-13", "02-14", "11-09", "12-06")
    scenes = tuple(
        Scene(
            id=f"{prefix}_L2SP_132042_{label}{day.replace('-', '')}_02_T1",
            date=f"{label}-{day}",
            sensor=sensor,
            platform=platform,
            checksums=tuple((band, world.digest(f"{label}{day}{band}")) for band in BANDS),
            clear_share=0.97 - 0.11 * position,
            resampling="none",
            simulated=False,
            licence="public domain (U.S. Geological Survey)",
            processing="Collection 2 Level 2",
            warnings=("thin haze in the south",) if position == 2 else (),
        )
        for position, day in enumerate(days)
    )
    months = (1, 2, 3, 4, 11, 12)
    first, last = f"{label}-01-01", f"{label}-12-31"
    return EpochRecord(label, first, last, months, sensor, title, BANDS, scenes, 2)


def spectral_scenes() -> tuple[Scene, ...]:
    """The images of the screening."""
    return tuple(
        Scene(
            id=date.scene,
            date=date.date,
            sensor=date.sensor,
            platform="sentinel-2a",
            checksums=tuple((band, world.digest(f"{date.scene}{band}")) for band in ("B05", "B06")),
            clear_share=0.93,
            resampling="average to 20 m",
            simulated=False,
            licence="Copernicus Sentinel data, free and open",
            processing="L2A, baseline 05.00",
        )
        for date in made_up_spectra.spectral()[0].dates
    )


def label_record(labels: Labels) -> LabelRecord:
    """What the evidence says of a label file."""
    classes = [point.landcover for point in labels.points]
    strata = [point.stratum for point in labels.points]
    return LabelRecord(
        labels.epoch,
        labels.purpose,
        labels.design,
        labels.source,
        labels.digest,
        len(labels.points),
        tuple((name, classes.count(name)) for name in world.LEGEND.names),
        tuple((each.id, each.area_m2, strata.count(each.id)) for each in labels.strata),
        tuple(sorted({point.interpreter for point in labels.points})),
        tuple(sorted({point.image_source for point in labels.points})),
        labels.simulated,
    )


def model_record(model: Model) -> ModelRecord:
    """What the evidence says of a forest."""
    epochs = _EPOCHS_OF[model.sensor_family]
    return ModelRecord(
        model.sensor_family, epochs, model.features, model.knobs, model.digest, 395, 169, 300.0
    )
