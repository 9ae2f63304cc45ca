"""The arithmetic every evidence must pass before a word of it is written.

Two tables can disagree only if two parts of the evidence do; so they are compared here, once.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence
from reetrace.core.results import Accuracy, ChangeMatrix, Growth, Measure
from reetrace.core.units import square_kilometres

# Sums of 64-bit floats in another order differ in the last digits; a pixel differs by far more.
_TOLERANCE = 1e-9

_PARTS = ("none", "several")
_WHOLE = "all"
_NOT_SEEN = "not-seen"

_Pixels = dict[tuple[str, str, str, str], int]


def check(evidence: Evidence) -> None:
    """Refuse an evidence whose numbers contradict one another.

    Raises:
        EvidenceError: Names the first pair of numbers that do not agree.
    """
    _check_notice(evidence)
    for where, measure in _measures(evidence, "evidence"):
        _check_measure(where, measure)
    pixels = {
        (row.zone_set, row.zone, row.epoch, row.landcover): row.pixels for row in evidence.areas
    }
    if len(pixels) != len(evidence.areas):
        raise EvidenceError("areas: a zone, epoch and class has two rows. One was needed.")
    _check_names(evidence)
    _check_areas(evidence, pixels)
    _check_observations(evidence, pixels)
    for matrix in evidence.changes:
        _check_change(matrix, evidence, pixels)
    for growth in evidence.growth:
        _check_growth(growth, evidence, pixels)
    for footprint in evidence.footprints:
        here = (footprint.zone_set, footprint.zone, footprint.epoch, evidence.legend.target)
        if here in pixels:
            _agree(
                f"footprint of {'/'.join(here)}", footprint.area.value, _km2(evidence, pixels[here])
            )
    for accuracy in evidence.accuracies:
        _check_accuracy(accuracy)
    for record in evidence.labels:
        where = f"labels {record.source} of {record.epoch}"
        _agree(f"{where}, classes", sum(count for _, count in record.by_class), record.points)


def _agree(where: str, found: float | None, expected: float) -> None:
    if found is None or not math.isclose(found, expected, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE):
        raise EvidenceError(f"{where}: {found} does not agree with {expected}.")


def _agree_mapped(where: str, mapped: Measure, pixels: int, evidence: Evidence) -> None:
    """A mapped area is its pixels; a blank stands only where no ground was seen."""
    if mapped.value is None and pixels == 0:
        return
    _agree(where, mapped.value, _km2(evidence, pixels))


def _check_notice(evidence: Evidence) -> None:
    scenes = [scene for epoch in evidence.epochs for scene in epoch.scenes]
    drawn = [scene.id for scene in (*scenes, *evidence.spectral_scenes) if scene.simulated]
    drawn += [record.source for record in evidence.labels if record.simulated]
    if drawn and not evidence.simulated:
        raise EvidenceError(
            f"{drawn[0]} is drawn, but the evidence does not say so. "
            "Evidence from drawn imagery must be marked as simulated."
        )


def _measures(value: Any, where: str) -> Iterator[tuple[str, Measure]]:  # noqa: ANN401 - any noun
    """Every measure in the evidence with the path to it; geometries hold none."""
    if isinstance(value, Measure):
        yield where, value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _measures(getattr(value, field.name), f"{where}.{field.name}")
    elif isinstance(value, tuple) and value and is_dataclass(value[0]):
        for position, item in enumerate(value):
            yield from _measures(item, f"{where}[{position}]")


def _check_measure(where: str, measure: Measure) -> None:
    numbers = [each for each in (measure.value, measure.low, measure.high) if each is not None]
    if not all(math.isfinite(each) for each in numbers):
        raise EvidenceError(f"{where}: {numbers} is not finite. Leave it blank, with its reason.")
    if measure.value is None and (measure.low is not None or measure.high is not None):
        raise EvidenceError(f"{where}: an interval without a value.")
    if (measure.low is None) != (measure.high is None):
        raise EvidenceError(f"{where}: an interval with one end.")
    if measure.low is None or measure.high is None or measure.value is None:
        if not measure.reason:
            raise EvidenceError(f"{where}: a blank without its reason.")
        return
    slack = _TOLERANCE * max(1.0, abs(measure.value))
    if not measure.low - slack <= measure.value <= measure.high + slack:
        raise EvidenceError(
            f"{where}: {measure.value} lies outside its interval {measure.low} to {measure.high}."
        )


def _check_names(evidence: Evidence) -> None:
    epochs = {epoch.label for epoch in evidence.epochs}
    zones = {
        (zone_set.id, zone)
        for zone_set in evidence.zone_sets
        for zone in (*(each.id for each in zone_set.zones), *_PARTS, _WHOLE)
    }
    classes = {*evidence.legend.names, _NOT_SEEN}
    for row in evidence.areas:
        if row.epoch not in epochs:
            raise EvidenceError(f"areas: epoch {row.epoch!r} is not one of {sorted(epochs)}.")
        if (row.zone_set, row.zone) not in zones:
            raise EvidenceError(f"areas: {row.zone_set}/{row.zone} is no zone of the evidence.")
        if row.landcover not in classes:
            raise EvidenceError(f"areas: class {row.landcover!r} is not one of {sorted(classes)}.")


def _check_areas(evidence: Evidence, pixels: _Pixels) -> None:
    """Zones add up to the study area, class by class, whatever zones it is divided into."""
    by_class: dict[tuple[str, str, str], int] = defaultdict(int)
    by_zone: dict[tuple[str, str, str], int] = defaultdict(int)
    divided = {zone_set for zone_set, zone, *_ in pixels if zone not in (_WHOLE, *_PARTS)}
    for row in evidence.areas:
        here = (row.zone_set, row.zone, row.epoch, row.landcover)
        _agree_mapped(f"mapped area of {'/'.join(here)}", row.mapped, row.pixels, evidence)
        by_zone[row.zone_set, row.zone, row.epoch] += row.pixels
        if row.zone != _WHOLE or row.zone_set not in divided:
            by_class[row.zone_set, row.epoch, row.landcover] += row.pixels
    totals: dict[tuple[str, str], int] = {}
    for (zone_set, epoch, landcover), total in by_class.items():
        expected = totals.setdefault((epoch, landcover), total)
        _agree(f"{landcover} of {epoch} over all zones of {zone_set}, pixels", total, expected)
    for zone_set, zone, epoch, landcover in pixels:
        if zone == _WHOLE:
            whole = pixels[zone_set, zone, epoch, landcover]
            _agree(
                f"{landcover} of {epoch} in the whole of {zone_set}, pixels",
                whole,
                totals[epoch, landcover],
            )
    sizes: dict[tuple[str, str], int] = {}
    for (zone_set, zone, epoch), total in by_zone.items():
        expected = sizes.setdefault((zone_set, zone), total)
        _agree(f"size of {zone_set}/{zone} in {epoch}, pixels", total, expected)


def _km2(evidence: Evidence, pixels: int) -> float:
    return square_kilometres(pixels * evidence.grid.pixel_area_m2)


def _check_observations(evidence: Evidence, pixels: _Pixels) -> None:
    for row in evidence.observations:
        where = f"observations of {row.zone_set}/{row.zone}/{row.epoch}"
        _agree(f"{where}, area seen", row.seen_area.value, _km2(evidence, row.seen))
        hidden = row.pixels - row.seen
        _agree(f"{where}, area not seen", row.unseen_area.value, _km2(evidence, hidden))
        unseen = pixels.get((row.zone_set, row.zone, row.epoch, _NOT_SEEN))
        if unseen is not None:
            _agree(f"{where}, pixels not seen", hidden, unseen)


def _check_change(matrix: ChangeMatrix, evidence: Evidence, pixels: _Pixels) -> None:
    where = f"change of {matrix.zone_set}/{matrix.zone} {matrix.first}-{matrix.last}"
    target = evidence.legend.target
    before: dict[str, int] = defaultdict(int)
    after: dict[str, int] = defaultdict(int)
    gain = loss = 0
    for cell in matrix.cells:
        before[cell.before] += cell.pixels
        after[cell.after] += cell.pixels
        here = f"{where}, {cell.before} to {cell.after}"
        _agree(here, cell.mapped.value, _km2(evidence, cell.pixels))
        if _NOT_SEEN not in (cell.before, cell.after):
            gain += cell.pixels * (cell.before != target) * (cell.after == target)
            loss += cell.pixels * (cell.before == target) * (cell.after != target)
    for epoch, margin in ((matrix.first, before), (matrix.last, after)):
        for landcover, total in margin.items():
            known = pixels.get((matrix.zone_set, matrix.zone, epoch, landcover))
            if known is not None:
                _agree(f"{where}, {landcover} of {epoch}, pixels", total, known)
    _agree(f"{where}, gain", matrix.gain.value, _km2(evidence, gain))
    _agree(f"{where}, loss", matrix.loss.value, _km2(evidence, loss))


def _check_growth(growth: Growth, evidence: Evidence, pixels: _Pixels) -> None:
    where = f"growth of {growth.zone_set}/{growth.zone} {growth.first}-{growth.last}"
    for epoch, mapped in ((growth.first, growth.mapped_first), (growth.last, growth.mapped_last)):
        known = pixels.get((growth.zone_set, growth.zone, epoch, evidence.legend.target))
        if known is not None:
            _agree_mapped(f"{where}, mapped area of {epoch}", mapped, known, evidence)
    low, high = growth.change.low, growth.change.high
    if low is None or high is None:
        earned = "cannot-tell"
    elif low > 0:
        earned = "grew"
    else:
        earned = "shrank" if high < 0 else "no-change-detectable"
    if growth.verdict not in {earned, "cannot-tell"}:
        raise EvidenceError(f"{where}: {growth.verdict!r}, but its interval says {earned!r}.")


def _check_accuracy(accuracy: Accuracy) -> None:
    where = f"accuracy of {accuracy.epoch} ({accuracy.basis})"
    size = len(accuracy.classes)
    for matrix in (accuracy.matrix, accuracy.counts):
        if len(matrix) != size or any(len(row) != size for row in matrix):
            raise EvidenceError(f"{where}: the matrix is not {size} by {size} classes.")
    if len(accuracy.users) != size or len(accuracy.producers) != size:
        raise EvidenceError(f"{where}: a class has no user's or producer's accuracy.")
    _agree(f"{where}, labels", sum(sum(row) for row in accuracy.counts), accuracy.labels)
    total = sum(sum(row) for row in accuracy.matrix)
    if accuracy.overall.value is not None and total > 0:
        agreed = sum(accuracy.matrix[each][each] for each in range(size)) / total
        # The matrix may be stored rounded to fewer digits than the metric.
        if not math.isclose(accuracy.overall.value, agreed, abs_tol=1e-6):
            raise EvidenceError(
                f"{where}: overall accuracy {accuracy.overall.value} does not agree with "
                f"{agreed} of its matrix."
            )
