"""Tables of what went in: epochs, images, labels, models."""

from __future__ import annotations

from reetrace.core.evidence import (
    EpochRecord,
    Evidence,
    LabelRecord,
    ModelRecord,
)
from reetrace.core.raster import Scene
from reetrace.core.table import Table
from reetrace.ledger.columns import Field, build, count, number, share, text

_EPOCH = "Span of dates judged as one moment."
_SCREENING = "screening"
"""Stands where the epoch would, in rows of images that were only used for the screening."""


def epochs(evidence: Evidence) -> Table:
    """The spans of dates and the instrument of each."""
    fields: list[Field[EpochRecord]] = [
        text("epoch", "Epoch", _EPOCH, lambda row: row.label),
        text("first_day", "First day", "Included.", lambda row: row.first, kind="date"),
        text("last_day", "Last day", "Included.", lambda row: row.last, kind="date"),
        text(
            "months",
            "Months",
            "Calendar months of clear imagery; empty is all.",
            lambda row: ", ".join(str(month) for month in row.months),
        ),
        text("sensor", "Sensor", "Instrument by id.", lambda row: row.sensor),
        text("sensor_title", "Instrument", "Instrument in words.", lambda row: row.sensor_title),
        text("bands", "Bands", "Bands used, by role.", lambda row: ", ".join(row.bands)),
        count("scenes", "Scenes", "Images that took part.", lambda row: len(row.scenes)),
        count(
            "min_observations",
            "Clear observations needed",
            "Pixels seen clear less often than this count as not seen.",
            lambda row: row.min_observations,
        ),
    ]
    return build(
        "epochs",
        "Epochs",
        "The moments the maps speak of.",
        fields,
        evidence.epochs,
    )


def _scenes(evidence: Evidence) -> list[tuple[str, Scene]]:
    """Images by the epoch they were used for, those of the screening last."""
    mapped = [(epoch.label, scene) for epoch in evidence.epochs for scene in epoch.scenes]
    return [*mapped, *((_SCREENING, scene) for scene in evidence.spectral_scenes)]


def scenes(evidence: Evidence) -> Table:
    """Every image that took part, so that anybody can find it again."""
    fields: list[Field[tuple[str, Scene]]] = [
        text(
            "epoch", "Epoch", f"{_EPOCH} “{_SCREENING}” is the test at 740 nm.", lambda row: row[0]
        ),
        text("scene", "Scene", "Id given by the provider.", lambda row: row[1].id),
        text("date", "Date", "Day the image was taken.", lambda row: row[1].date, kind="date"),
        text("sensor", "Sensor", "Instrument.", lambda row: row[1].sensor),
        text("platform", "Platform", "Satellite.", lambda row: row[1].platform),
        share(
            "clear_share",
            "Clear share",
            "Share of the area of interest seen clear in this image, 0-1.",
            lambda row: row[1].clear_share,
        ),
        text(
            "resampling",
            "Resampling",
            "“none” where the image lies on the site's grid, else the method.",
            lambda row: row[1].resampling,
        ),
        text("processing", "Processing", "Level and baseline.", lambda row: row[1].processing),
        text("licence", "Licence", "Terms of use as stated.", lambda row: row[1].licence),
        text(
            "drawn",
            "Drawn",
            "“yes” for drawn imagery, which is no evidence of anything.",
            lambda row: "yes" if row[1].simulated else "no",
        ),
        text(
            "doubts",
            "Doubts",
            "What to bear in mind; empty where there is nothing.",
            lambda row: "; ".join(row[1].warnings),
        ),
    ]
    return build(
        "scenes",
        "Images used",
        "One row for each image and epoch.",
        fields,
        _scenes(evidence),
    )


def scene_files(evidence: Evidence) -> Table:
    """The digest of every file that was read."""
    fields: list[Field[tuple[str, str, str]]] = [
        text("scene", "Scene", "Id given by the provider.", lambda row: row[0]),
        text("band", "Band", "Band as the provider names it.", lambda row: row[1]),
        text("sha256", "SHA-256", "Digest of the file that was read.", lambda row: row[2]),
    ]
    rows = {
        (scene.id, band, sha256)
        for _, scene in _scenes(evidence)
        for band, sha256 in scene.checksums
    }
    return build(
        "scene_files",
        "Image files read",
        "One row for each file of each image, with its digest.",
        fields,
        sorted(rows),
    )


def labels(evidence: Evidence) -> Table:
    """One row for each label file and class."""
    fields: list[Field[tuple[LabelRecord, str, int]]] = [
        text("epoch", "Epoch", _EPOCH, lambda row: row[0].epoch),
        text(
            "purpose",
            "Purpose",
            "“training” or “probability-sample”.",
            lambda row: row[0].purpose,
        ),
        text(
            "design",
            "Design",
            "How the places were chosen; “purposive” gives no unbiased area.",
            lambda row: row[0].design,
        ),
        text("landcover", "Class", "Class given by the interpreter.", lambda row: row[1]),
        count("points", "Points", "Labels of this class.", lambda row: row[2]),
        text(
            "interpreters",
            "Interpreters",
            "Who read the images.",
            lambda row: ", ".join(row[0].interpreters),
        ),
        text(
            "image_sources",
            "Images read",
            "Imagery the labels were read from.",
            lambda row: ", ".join(row[0].image_sources),
        ),
        text("file", "File", "Name of the label file.", lambda row: row[0].source),
        text("sha256", "SHA-256", "Digest of the label file.", lambda row: row[0].digest),
    ]
    return build(
        "labels",
        "Labels used",
        "Points read by eye; the points themselves lie in “labels.geojson”.",
        fields,
        [(each, name, points) for each in evidence.labels for name, points in each.by_class],
    )


def strata(evidence: Evidence) -> Table:
    """The strata of stratified labels."""
    fields: list[Field[tuple[LabelRecord, tuple[str, float, int]]]] = [
        text("epoch", "Epoch", _EPOCH, lambda row: row[0].epoch),
        text("file", "File", "Name of the label file.", lambda row: row[0].source),
        text("stratum", "Stratum", "Part sampled at its own rate.", lambda row: row[1][0]),
        number("area_km2", "Area (km²)", "Area of the stratum.", lambda row: row[1][1] / 1e6),
        count("points", "Points", "Labels in it.", lambda row: row[1][2]),
    ]
    return build(
        "strata",
        "Strata of the samples",
        "Parts of the study area sampled at their own rate, with their size.",
        fields,
        [(each, stratum) for each in evidence.labels for stratum in each.strata],
    )


def models(evidence: Evidence) -> Table:
    """The fitted forests and their knobs."""
    fields: list[Field[ModelRecord]] = [
        text("model", "Model", "Family of sensors it reads.", lambda row: row.sensor_family),
        text("epochs", "Epochs", "Epochs it mapped.", lambda row: ", ".join(row.epochs)),
        text("features", "Features", "In order.", lambda row: ", ".join(row.features)),
        count("trees", "Trees", "Number of trees.", lambda row: row.knobs.trees),
        text(
            "variables_per_split",
            "Variables per split",
            "Features tried at each split.",
            lambda row: str(row.knobs.variables_per_split or "√ of the number of features"),
        ),
        number(
            "bag_fraction",
            "Bag fraction",
            "Share of the training points each tree sees.",
            lambda row: row.knobs.bag_fraction,
        ),
        count(
            "min_leaf_population",
            "Smallest leaf",
            "Fewest points in a leaf.",
            lambda row: row.knobs.min_leaf_population,
        ),
        text(
            "max_nodes",
            "Most leaves",
            "Most leaves of a tree.",
            lambda row: str(row.knobs.max_nodes or "no limit"),
        ),
        count("seed", "Seed", "Seed of all chance.", lambda row: row.knobs.seed),
        count(
            "training_points",
            "Training points",
            "Labels it was fitted to.",
            lambda row: row.training_points,
        ),
        count(
            "held_out_points",
            "Held-out points",
            "Labels kept from training to test it.",
            lambda row: row.held_out_points,
        ),
        number(
            "block_m",
            "Block (m)",
            "Labels closer together than this are held out together.",
            lambda row: row.block_m,
            decimals=0,
        ),
        text("sha256", "Digest", "SHA-256 over all that decides a class.", lambda row: row.digest),
    ]
    return build(
        "models",
        "Models and their knobs",
        "The trees themselves lie in “model.json”.",
        fields,
        evidence.models,
    )
