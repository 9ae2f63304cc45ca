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
    Evidence,
    RasterRecord,
    SoftwareRecord,
)
from reetrace.core.model import Model
from reetrace.core.raster import ndvi_feature
from reetrace.core.results import ArithmeticFault, Measure, PublishedComparison
from reetrace.core.samples import Labels
from reetrace.evidence.rasters import RasterKind, change_codes, write_raster
from tests import made_up_findings as findings
from tests import made_up_spectra
from tests import made_up_world as world
from tests.made_up_inputs import (
    BANDS,
    epoch_record,
    label_record,
    made_up_labels,
    made_up_models,
    model_record,
    spectral_scenes,
)

__all__ = [
    "made_up_bag",
    "made_up_evidence",
    "made_up_labels",
    "made_up_labels_of",
    "made_up_models",
    "made_up_models_of",
    "no_country",
    "no_sentinel2",
    "one_country",
    "simulated",
    "single_epoch",
    "write_made_up_rasters",
]


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
        epochs=tuple(epoch_record(label) for label in world.EPOCHS),
        labels=tuple(label_record(labels) for labels in made_up_labels()),
        models=tuple(model_record(model) for model in made_up_models()),
        observations=tuple(each for one in sets for each in findings.observations(one)),
        areas=tuple(each for one in sets for each in findings.areas(one)),
        accuracies=tuple(findings.accuracies()),
        changes=tuple(changes),
        growth=tuple(findings.growth(changes)),
        footprints=tuple(each for one in outlined for each in findings.footprints(one)),
        patches=tuple(findings.patches()),
        spectral=tuple(made_up_spectra.spectral()),
        spectral_not_run="",
        spectral_scenes=spectral_scenes(),
        reference_spectra=tuple(made_up_spectra.reference_spectra()),
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
