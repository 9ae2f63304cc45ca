"""A complete made-up evidence: two countries, two mines, four epochs, every section filled.

Its areas, changes and footprints are counted from small drawn arrays, so they agree with one
another and with the rasters that `made_up_bag` writes beside them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from reetrace.core.evidence import (
    SCHEMA_VERSION,
    EpochRecord,
    Evidence,
    LabelRecord,
    ModelRecord,
    RasterRecord,
    SoftwareRecord,
)
from reetrace.core.landcover import NOT_SEEN, OUTSIDE
from reetrace.core.model import Knobs, Model
from reetrace.core.raster import Scene, ndvi_feature
from reetrace.core.results import ArithmeticFault, Measure, PublishedComparison
from reetrace.core.samples import Label, Labels, Stratum
from reetrace.evidence.rasters import RasterKind, change_codes, write_raster
from reetrace.zoning import lonlat_of
from tests import made_up_findings as findings
from tests import made_up_world as world

SENSORS = {
    "2005": ("landsat5-tm", "Landsat 5 TM", "LANDSAT_5", "LT05"),
    "2010": ("landsat5-tm", "Landsat 5 TM", "LANDSAT_5", "LT05"),
    "2015": ("landsat8-oli", "Landsat 8 OLI", "LANDSAT_8", "LC08"),
    "2020": ("landsat8-oli", "Landsat 8 OLI", "LANDSAT_8", "LC08"),
}
BANDS = ("blue", "green", "red", "nir", "swir1", "swir2")


def made_up_evidence(**changes: Any) -> Evidence:
    """The whole made-up evidence, with the given fields replaced."""
    return replace(_whole(), **changes)


def single_epoch(**changes: Any) -> Evidence:
    """Only 2020: no change, no growth, no patches."""
    full = _whole()
    last = "2020"
    return replace(
        full,
        years=last,
        epochs=tuple(each for each in full.epochs if each.label == last),
        labels=tuple(each for each in full.labels if each.epoch == last),
        models=tuple(each for each in full.models if last in each.epochs),
        observations=tuple(each for each in full.observations if each.epoch == last),
        areas=tuple(each for each in full.areas if each.epoch == last),
        accuracies=tuple(each for each in full.accuracies if each.epoch == last),
        changes=(),
        growth=(),
        footprints=tuple(each for each in full.footprints if each.epoch == last),
        patches=(),
        published=tuple(each for each in full.published if each.epochs == last),
        rasters=tuple(each for each in full.rasters if each.epochs == (last,)),
        **changes,
    )


def no_country(**changes: Any) -> Evidence:
    """A site far from any border: no country zones at all."""
    return only_zone_sets(_whole(), "study-area", "mines", **changes)


def one_country(**changes: Any) -> Evidence:
    """A site with one border edition instead of two."""
    return only_zone_sets(_whole(), "study-area", "mines", "countries-osm", **changes)


def no_sentinel2(**changes: Any) -> Evidence:
    """No spectral screening, with the reason."""
    why = "not run: no Sentinel-2 imagery covers the site in 2020"
    return replace(
        _whole(),
        spectral=(),
        spectral_scenes=(),
        reference_spectra=(),
        spectral_not_run=why,
        **changes,
    )


def only_zone_sets(full: Evidence, *kept: str, **changes: Any) -> Evidence:
    """The same evidence without the zone sets that are not named."""
    return replace(
        full,
        zone_sets=tuple(each for each in full.zone_sets if each.id in kept),
        observations=tuple(each for each in full.observations if each.zone_set in kept),
        areas=tuple(each for each in full.areas if each.zone_set in kept),
        changes=tuple(each for each in full.changes if each.zone_set in kept),
        growth=tuple(each for each in full.growth if each.zone_set in kept),
        footprints=tuple(each for each in full.footprints if each.zone_set in kept),
        **changes,
    )


def simulated(full: Evidence) -> Evidence:
    """The same evidence made from drawn imagery."""
    return replace(
        full,
        simulated=True,
        epochs=tuple(
            replace(each, scenes=tuple(replace(scene, simulated=True) for scene in each.scenes))
            for each in full.epochs
        ),
        spectral_scenes=tuple(replace(each, simulated=True) for each in full.spectral_scenes),
        labels=tuple(replace(each, simulated=True) for each in full.labels),
    )


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


def made_up_bag(folder: Path, full: Evidence | None = None) -> Evidence:
    """Write an unsealed bag without documents; returns the evidence with the rasters' digests."""
    from reetrace import evidence

    drawn = write_made_up_rasters(folder / "data", full or _whole())
    evidence.save(drawn, folder, models=made_up_models_of(drawn), labels=made_up_labels_of(drawn))
    return drawn


def made_up_models_of(full: Evidence) -> tuple[Model, ...]:
    """The forests whose records the evidence holds."""
    digests = {record.digest for record in full.models}
    return tuple(model for model in made_up_models() if model.digest in digests)


def made_up_labels_of(full: Evidence) -> tuple[Labels, ...]:
    """The labels whose records the evidence holds."""
    digests = {record.digest for record in full.labels}
    return tuple(
        replace(labels, simulated=full.simulated)
        for labels in made_up_labels()
        if labels.digest in digests
    )


def write_made_up_rasters(data: Path, full: Evidence) -> Evidence:
    """Write every raster that the evidence names below `data`; returns it with their digests."""
    return replace(
        full,
        rasters=tuple(
            replace(
                record,
                sha256=write_raster(
                    data / record.path,
                    _pixels(record),
                    world.grid(),
                    kind=record.kind,
                    title=record.title,
                    simulated=full.simulated,
                    band_names=BANDS if record.kind == "composite" else (),
                    legend=world.LEGEND if record.kind == "landcover" else None,
                ),
            )
            for record in full.rasters
        ),
    )


def _pixels(record: RasterRecord) -> np.ndarray[Any, Any]:
    first = record.epochs[0]
    if record.kind == "landcover":
        return world.landcover(first)
    if record.kind == "composite":
        return world.composite(first)
    if record.kind == "observations":
        return world.observations(first)
    if record.kind == "ndvi":
        bands = world.composite(first)
        return ndvi_feature(bands[2], bands[3])
    last = record.epochs[-1]
    return change_codes(world.landcover(first), world.landcover(last), world.MINE)


def _raster_records() -> tuple[RasterRecord, ...]:
    titles: dict[RasterKind, str] = {
        "composite": "Surface reflectance",
        "ndvi": "Vegetation index (NDVI)",
        "landcover": "Land cover",
        "observations": "Clear observations",
        "change": "Change of the mine class",
    }
    spans = {"change": findings.spans()}
    return tuple(
        RasterRecord(
            path=f"rasters/{kind}_{'-'.join(epochs)}.tif",
            title=f"{title}, {'–'.join(epochs)}",
            kind=kind,
            epochs=tuple(epochs),
            sha256=world.digest(f"{kind}:{epochs}"),
        )
        for kind, title in titles.items()
        for epochs in spans.get(kind, [(epoch,) for epoch in world.EPOCHS])
    )


def _epoch(label: str) -> EpochRecord:
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


def _spectral_scenes() -> tuple[Scene, ...]:
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
        for date in findings.spectral()[0].dates
    )


def _label_record(labels: Labels) -> LabelRecord:
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


def _model_record(model: Model) -> ModelRecord:
    epochs = _EPOCHS_OF[model.sensor_family]
    return ModelRecord(
        model.sensor_family, epochs, model.features, model.knobs, model.digest, 395, 169, 300.0
    )


def _published() -> tuple[PublishedComparison, ...]:
    printed = {"2005": 1.22, "2020": 3.78}
    return tuple(
        PublishedComparison(
            "Border mines study",
            "mine area",
            "all",
            epoch,
            Measure(printed[epoch], "km²", None, None, "table 5", "printed without an interval"),
            next(
                each.mapped
                for each in findings.areas(world.whole())
                if each.epoch == epoch and each.landcover == "mine" and each.zone == "all"
            ),
            "The study counts the pixels of its map.",
        )
        for epoch in printed
    )


@lru_cache
def _whole() -> Evidence:
    sets = (
        world.whole(),
        world.mines(),
        world.countries("osm"),
        world.countries("natural-earth"),
    )
    changes = [each for zone_set in sets for each in findings.changes(zone_set)]
    outlined = sets[:3]
    return Evidence(
        schema_version=SCHEMA_VERSION,
        reetrace_version="0.1.0",
        run_id="0123456789abcdef",
        simulated=False,
        engine="local",
        site=world.mine_a(),
        study_area=world.study_area(),
        years="2005-2020",
        issue_date="2020-12-12",
        grid=world.grid(),
        legend=world.LEGEND,
        zone_sets=sets,
        epochs=tuple(_epoch(label) for label in world.EPOCHS),
        labels=tuple(_label_record(labels) for labels in made_up_labels()),
        models=tuple(_model_record(model) for model in made_up_models()),
        observations=tuple(each for one in sets for each in findings.observations(one)),
        areas=tuple(each for one in sets for each in findings.areas(one)),
        accuracies=tuple(findings.accuracies()),
        changes=tuple(changes),
        growth=tuple(findings.growth(changes)),
        footprints=tuple(each for one in outlined for each in findings.footprints(one)),
        patches=tuple(findings.patches()),
        spectral=tuple(findings.spectral()),
        spectral_not_run="",
        spectral_scenes=_spectral_scenes(),
        reference_spectra=tuple(findings.reference_spectra()),
        published=_published(),
        faults=(
            ArithmeticFault(
                "Border mines study",
                "table 3, kappa of 2005",
                "0.9877",
                "0.9767",
                "Kappa recomputed from the printed matrix [98 1; 2 181].",
            ),
            ArithmeticFault(
                "Border mines study",
                "growth of Myanmar's side",
                "327 %",
                "329 %",
                "(2.49 - 0.58) / 0.58 is 3.29.",
            ),
        ),
        warnings=("2010: 990 pixels in the north-west were not seen clear twice.",),
        rasters=_raster_records(),
        software=(SoftwareRecord("numpy", "2.3.0"), SoftwareRecord("scikit-learn", "1.7.0")),
    )
