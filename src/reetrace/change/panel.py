"""Labels of a probability sample at one or more epochs, joined place by place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import LabelError
from reetrace.core.landcover import NOT_SEEN, OUTSIDE, Legend
from reetrace.core.panel import Panel
from reetrace.core.samples import Label, Labels, Samples, Stratum

__all__ = ["Panel", "panel_of"]

# Strata are measured on other grids and ellipsoids; more than this is another area.
_AREA_TOLERANCE = 0.02

_Pixel = tuple[int, int]


def panel_of(
    samples: Sequence[Samples],
    maps: Sequence[NDArray[np.uint8]],
    *,
    legend: Legend,
    area_m2: float,
) -> Panel:
    """The panel of a probability sample: the same ids are the same places at every epoch.

    Points outside the area of interest are counted as lost. A point that is labelled at some
    epochs only keeps its place and has no reference class at the others.

    Args:
        samples: One an epoch, in the order of the epochs.
        maps: For each of `samples`, the class codes, shape (rows, cols).
        legend: Names to codes.
        area_m2: The whole area of interest, which the strata must add up to.

    Raises:
        LabelError: Files differ in design or strata, a place moved between epochs, a class or
            stratum is not known, the strata do not add up to the area of interest, or one of them
            has no label.
    """
    first = samples[0].labels
    for each in samples[1:]:
        _same_design(first, each.labels)
    strata = _strata(first, area_m2)
    places: dict[str, tuple[_Pixel, int]] = {}
    for each in samples:
        for index, label in enumerate(each.labels.points):
            pixel = int(each.rows[index]), int(each.cols[index])
            place = pixel, _stratum_of(label, strata, each.labels)
            if places.setdefault(label.id, place) != place:
                raise LabelError(
                    f"{each.labels.source}: label {label.id} lies elsewhere or in another stratum "
                    f"than in {first.source}. The same id must be the same place at every epoch."
                )
    within = [name for name in sorted(places) if _within(places[name][0], maps[0])]
    pixels = np.array([places[name][0] for name in within], dtype=np.int64).reshape(-1, 2)
    panel = Panel(
        ids=tuple(within),
        rows=pixels[:, 0],
        cols=pixels[:, 1],
        stratum=np.array([places[name][1] for name in within], dtype=np.int64),
        strata=strata,
        epochs=tuple(each.labels.epoch for each in samples),
        reference=np.column_stack([_reference(within, each.labels, legend) for each in samples]),
        mapped=np.column_stack([codes[pixels[:, 0], pixels[:, 1]] for codes in maps]),
        design=first.design,
        lost=len(places) - len(within),
    )
    _check_filled(panel, [each.labels.source for each in samples])
    return panel


def _same_design(first: Labels, other: Labels) -> None:
    if other.design != first.design:
        raise LabelError(
            f"{other.source}: design is '{other.design}', '{first.design}' in {first.source}. "
            "A panel needs one design at every epoch."
        )
    if [(each.id, each.area_m2) for each in other.strata] != [
        (each.id, each.area_m2) for each in first.strata
    ]:
        raise LabelError(
            f"{other.source}: strata differ from those in {first.source}. "
            "A panel is drawn once and keeps its strata at every epoch."
        )


def _strata(labels: Labels, area_m2: float) -> tuple[Stratum, ...]:
    if labels.design != "stratified":
        return (Stratum("all", area_m2, "Whole area of interest"),)
    together = sum(each.area_m2 for each in labels.strata)
    if not abs(together - area_m2) <= _AREA_TOLERANCE * area_m2:
        raise LabelError(
            f"{labels.source}: strata add up to {together / 1e6:.2f} km², the area of interest is "
            f"{area_m2 / 1e6:.2f} km². Give every stratum with its whole area."
        )
    return labels.strata


def _stratum_of(label: Label, strata: tuple[Stratum, ...], labels: Labels) -> int:
    if labels.design != "stratified":
        return 0
    for index, each in enumerate(strata):
        if each.id == label.stratum:
            return index
    known = ", ".join(each.id for each in strata)
    raise LabelError(
        f"{labels.source}: label {label.id}: stratum '{label.stratum}' is not one of {known}. "
        "Name the stratum the point was drawn from."
    )


def _check_filled(panel: Panel, sources: Sequence[str]) -> None:
    for epoch, source in zip(panel.epochs, sources, strict=True):
        judged = panel.stratum[panel.labelled(epoch)]
        for index in np.flatnonzero(panel.areas_m2 > 0):
            if not (judged == index).any():
                raise LabelError(
                    f"{source}: stratum '{panel.strata[index].id}' has no label inside the area of "
                    "interest, at least 1 is needed. Add labels or merge it with another stratum."
                )


def _within(pixel: _Pixel, codes: NDArray[np.uint8]) -> bool:
    row, col = pixel
    return row >= 0 and col >= 0 and int(codes[row, col]) != OUTSIDE


def _reference(ids: Sequence[str], labels: Labels, legend: Legend) -> NDArray[np.uint8]:
    classes = {label.id: label.landcover for label in labels.points}
    codes = np.full(len(ids), NOT_SEEN, dtype=np.uint8)
    for index, name in enumerate(ids):
        if name in classes:
            codes[index] = _code(name, classes[name], labels, legend)
    return codes


def _code(name: str, landcover: str, labels: Labels, legend: Legend) -> int:
    if landcover not in legend.names:
        raise LabelError(
            f"{labels.source}: label {name}: class '{landcover}' is not in the legend "
            f"'{legend.id}' ({', '.join(legend.names)}). Correct the label."
        )
    return legend.code(landcover)
