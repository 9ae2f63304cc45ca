"""Tables of judgement: how right the maps are, and published figures beside computed."""

from __future__ import annotations

from itertools import product

from reetrace.core.evidence import Evidence
from reetrace.core.results import (
    Accuracy,
    ArithmeticFault,
    Measure,
    PublishedComparison,
)
from reetrace.core.table import Table
from reetrace.ledger.columns import Field, build, count, measured, number, text

_EPOCH = "Span of dates judged as one moment."
_BASIS = (
    "Which labels: “held-out” (kept from training), “cross-validation” (each held out once), "
    "“probability-sample” (drawn by a stated design)."
)

_Metric = tuple[Accuracy, str, str, Measure]


def _metrics(accuracy: Accuracy) -> list[_Metric]:
    by_class = [
        (accuracy, metric, name, value)
        for metric, values in (("users", accuracy.users), ("producers", accuracy.producers))
        for name, value in zip(accuracy.classes, values, strict=True)
    ]
    return [
        (accuracy, "overall", "", accuracy.overall),
        *by_class,
        (accuracy, "kappa", "", accuracy.kappa),
        (accuracy, "quantity-disagreement", "", accuracy.quantity_disagreement),
        (accuracy, "allocation-disagreement", "", accuracy.allocation_disagreement),
    ]


def accuracy(evidence: Evidence) -> Table:
    """One row for each metric of each error matrix."""
    fields: list[Field[_Metric]] = [
        text("epoch", "Epoch", _EPOCH, lambda row: row[0].epoch),
        text("basis", "Basis", _BASIS, lambda row: row[0].basis),
        text(
            "metric",
            "Metric",
            "“overall”; “users” (of what is mapped, the share that is right) and “producers” (of "
            "what is there, the share that is mapped) by class; “kappa”; the two disagreements.",
            lambda row: row[1],
        ),
        text(
            "landcover",
            "Class",
            "Class the metric speaks of; empty where it speaks of all.",
            lambda row: row[2],
        ),
        *measured("value", "Value", "1", "0 to 1.", lambda row: row[3], decimals=3),
        text(
            "weighting",
            "Weighting",
            "“area” where labels count for the area they stand for, “count” where each counts one.",
            lambda row: "area" if row[0].area_weighted else "count",
        ),
        text("source", "Interval", "How value and interval were made.", lambda row: row[3].source),
        text("method", "Method", "How the intervals were made.", lambda row: row[0].method),
        count("labels", "Labels", "Labels of the matrix.", lambda row: row[0].labels),
        count(
            "labels_lost",
            "Labels lost",
            "Labels whose pixel was not seen or lies outside.",
            lambda row: row[0].lost,
        ),
    ]
    return build(
        "accuracy",
        "How right the maps are",
        "Every metric of every error matrix, with its 95 % interval.",
        fields,
        [metric for each in evidence.accuracies for metric in _metrics(each)],
    )


def error_matrix(evidence: Evidence) -> Table:
    """Every cell of every error matrix."""
    fields: list[Field[tuple[Accuracy, int, int]]] = [
        text("epoch", "Epoch", _EPOCH, lambda row: row[0].epoch),
        text("basis", "Basis", _BASIS, lambda row: row[0].basis),
        text(
            "class_on_map",
            "Class on the map",
            "What the map says.",
            lambda row: row[0].classes[row[1]],
        ),
        text(
            "class_of_label",
            "Class of the label",
            "What the interpreter says.",
            lambda row: row[0].classes[row[2]],
        ),
        count(
            "labels",
            "Labels",
            "Labels counted in this cell.",
            lambda row: row[0].counts[row[1]][row[2]],
        ),
        number(
            "area_share",
            "Share of area",
            "Share of the area this cell stands for.",
            lambda row: row[0].matrix[row[1]][row[2]] if row[0].area_weighted else None,
            decimals=4,
            blank="Share of area: these labels were not drawn by a design that gives areas",
        ),
    ]
    return build(
        "error_matrix",
        "Error matrices",
        "Rows of the matrix are the map, columns the reference.",
        fields,
        [
            (each, on_map, reference)
            for each in evidence.accuracies
            for on_map, reference in product(range(len(each.classes)), repeat=2)
        ],
    )


def published(evidence: Evidence) -> Table:
    """Published figures beside the computed ones."""
    fields: list[Field[PublishedComparison]] = [
        text("study", "Study", "Who published the figure.", lambda row: row.study),
        text("what", "What", "What the figure speaks of.", lambda row: row.what),
        text("zone", "Zone", "Zone it speaks of.", lambda row: row.zone),
        text("epochs", "Epochs", "Epoch or span.", lambda row: row.epochs),
        text("unit", "Unit", "Unit of both figures.", lambda row: row.published.unit),
        *measured(
            "published",
            "Published",
            "",
            "As printed by the study.",
            lambda row: row.published,
            interval=False,
        ),
        *measured("computed", "Computed", "", "By this run.", lambda row: row.computed),
        text("source", "Place", "Where the study prints it.", lambda row: row.published.source),
        text("note", "Note", "What to bear in mind; may be empty.", lambda row: row.note),
    ]
    return build(
        "published",
        "Published beside computed",
        "Figures others have printed about these sites; none of them enters the computation.",
        fields,
        evidence.published,
    )


def faults(evidence: Evidence) -> Table:
    """Published figures that do not follow from their own numbers."""
    fields: list[Field[ArithmeticFault]] = [
        text("study", "Study", "Who published the figure.", lambda row: row.study),
        text("place", "Place", "Where it is printed.", lambda row: row.where),
        text("printed", "Printed", "As printed.", lambda row: row.printed),
        text(
            "recomputed",
            "Recomputed",
            "From the study's own numbers.",
            lambda row: row.recomputed,
        ),
        text("explanation", "Explanation", "The arithmetic.", lambda row: row.explanation),
    ]
    return build(
        "faults",
        "Published figures that do not add up",
        "Found by arithmetic on the study's own numbers.",
        fields,
        evidence.faults,
    )
