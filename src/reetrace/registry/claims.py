"""Whether a published study's figures follow from its own numbers, found by arithmetic alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from reetrace.core.results import ArithmeticFault
from reetrace.registry.catalogue import Registry
from reetrace.registry.claim_sums import (
    WHOLE,
    Fault,
    gain_faults,
    margin_faults,
    sum_fault,
    sum_faults,
)
from reetrace.registry.printed import Printed, difference, percent_room, plain, same
from reetrace.registry.published import PublishedChange, PublishedMatrix, PublishedStudy, read_study
from reetrace.registry.wrs2 import distance_km, nearest_path_row, scene_centre

# Half the diagonal of a 185 × 180 km scene is 129 km; 20 km are left for drift of the orbit.
_SCENE_REACH_KM = 150.0

# A random split's share strays; beyond five standard deviations it is another split.
_STRAY = 5.0


def arithmetic_faults(study: PublishedStudy) -> tuple[ArithmeticFault, ...]:
    """Every printed figure that does not follow from the study's own numbers.

    A figure is at fault when neither rounding nor cutting off gives the digits printed. Sums are
    given the room that the rounding of their parts leaves.
    """
    return tuple(
        ArithmeticFault(study.id, where, printed, recomputed, explanation)
        for check in (
            _matrix_faults,
            _mean_faults,
            _held_out_faults,
            sum_faults,
            margin_faults,
            gain_faults,
            _change_faults,
            _scene_faults,
            _band_faults,
        )
        for where, printed, recomputed, explanation in check(study)
    )


def _matrix_faults(study: PublishedStudy) -> Iterator[Fault]:
    for matrix in study.matrices:
        where = f"{matrix.where}, {matrix.epoch}"
        for what, printed, exact in _readings(matrix):
            if exact is None or same(printed, exact):
                continue
            yield (
                f"{where}: {what}",
                plain(printed),
                plain(exact, like=printed),
                f"The {what} follows exactly from the counts of the matrix.",
            )


def _readings(matrix: PublishedMatrix) -> Iterator[tuple[str, Decimal, Fraction | None]]:
    """(what, as printed, as the counts give it; None where it is undefined)."""
    rows = [sum(row) for row in matrix.matrix]
    columns = [sum(column) for column in zip(*matrix.matrix, strict=True)]
    agreed = [matrix.matrix[place][place] for place in range(len(rows))]
    for place, name in enumerate(matrix.classes):
        yield f"row total of {name}", Decimal(matrix.row_totals[place]), Fraction(rows[place])
        yield (
            f"column total of {name}",
            Decimal(matrix.column_totals[place]),
            Fraction(columns[place]),
        )
        yield (
            f"user’s accuracy of {name}, %",
            matrix.users_percent[place],
            _share(100 * agreed[place], rows[place]),
        )
        yield (
            f"producer’s accuracy of {name}, %",
            matrix.producers_percent[place],
            _share(100 * agreed[place], columns[place]),
        )
    yield "overall accuracy, %", matrix.overall_percent, _share(100 * sum(agreed), matrix.total)
    by_chance = sum(row * column for row, column in zip(rows, columns, strict=True))
    kappa = _share(matrix.total * sum(agreed) - by_chance, matrix.total**2 - by_chance)
    yield "kappa", matrix.kappa, kappa


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _mean_faults(study: PublishedStudy) -> Iterator[Fault]:
    for mean in study.means if study.matrices else ():
        printed = [Fraction(getattr(matrix, mean.what)) for matrix in study.matrices]
        exact = sum(printed, Fraction(0)) / len(printed)
        if not same(mean.value, exact):
            title = "overall accuracy, %" if mean.what == "overall_percent" else "kappa"
            yield (
                f"{mean.where}: mean {title}",
                plain(mean.value),
                f"{float(exact):.3f}" if mean.what == "kappa" else f"{float(exact):.1f}",
                f"The mean of the {len(printed)} printed values is another.",
            )


def _held_out_faults(study: PublishedStudy) -> Iterator[Fault]:
    if study.labels is None or study.held_out_share is None:
        return
    share = float(study.held_out_share)
    expected = study.labels * share
    spread = _STRAY * math.sqrt(study.labels * share * (1 - share))
    for matrix in study.matrices:
        if matrix.total > expected + max(spread, 1.0):
            yield (
                f"{matrix.where}, {matrix.epoch}: labels counted",
                f"{matrix.total} labels",
                f"about {expected:.0f} labels",
                (
                    f"{share:.0%} of {study.labels} labels were kept for the test, yet "
                    f"{matrix.total} are counted: training labels are among them, so this is no "
                    "held-out test."
                ),
            )


def _change_faults(study: PublishedStudy) -> Iterator[Fault]:
    areas = {(area.zone, area.epoch, area.landcover): area for area in study.areas}
    for change in study.changes:
        first = areas.get((change.zone, change.first, change.landcover))
        last = areas.get((change.zone, change.last, change.landcover))
        if first is None or last is None:
            continue
        before, after = Printed.of(first.area_km2), Printed.of(last.area_km2)
        if change.unit == "km²":
            gained = difference(after, before)
            yield from sum_fault(
                f"{change.where}: {_titled(change)}",
                Printed.of(change.value),
                gained,
                "difference of the printed areas",
            )
        elif before.exact and not same(change.value, 100 * (after.exact / before.exact - 1)):
            yield _percent_fault(change, before, after)


def _percent_fault(change: PublishedChange, before: Printed, after: Printed) -> Fault:
    exact = 100 * (after.exact / before.exact - 1)
    low, high = percent_room(before, after)
    printed = Printed.of(change.value)
    within = printed.high >= low and printed.low <= high
    finer = printed.digits + 1
    room = f"{float(low):.{finer}f} to {float(high):.{finer}f} %"
    return (
        f"{change.where}: {_titled(change)}",
        f"{plain(change.value)} %",
        f"{plain(exact, like=change.value)} %",
        f"{before} km² to {after} km² is {float(exact):+.1f} %. "
        + (
            f"Areas before rounding could give {room}, so the printed figure may come from them."
            if within
            else f"Even areas before rounding give {room} only."
        ),
    )


def _titled(change: PublishedChange) -> str:
    zone = "study area" if change.zone == WHOLE else change.zone
    return f"change of {change.landcover} area, {zone}, {change.first}–{change.last}"


def _scene_faults(study: PublishedStudy) -> Iterator[Fault]:
    if study.longitude is None or study.latitude is None:
        return
    place = (float(study.longitude), float(study.latitude))
    for scene in study.scenes:
        away = distance_km(place, scene_centre(scene.path, scene.row))
        if away > _SCENE_REACH_KM:
            path, row = nearest_path_row(place)
            yield (
                f"{scene.where}: {scene.sensor}, {scene.date}",
                f"path {scene.path}, row {scene.row}",
                f"path {path}, row {row}",
                (
                    f"The centre of path {scene.path}, row {scene.row} lies {away:,.0f} km from "
                    "the study area; such a scene does not show it."
                ),
            )


def _band_faults(study: PublishedStudy) -> Iterator[Fault]:
    seen: dict[tuple[str, Decimal, Decimal], str] = {}
    for band in study.bands:
        limits = f"{plain(band.low_um)}–{plain(band.high_um)} µm"
        where = f"{band.where}: {band.sensor} band {band.band} ({band.title})"
        if band.low_um >= band.high_um:
            yield where, limits, "lower limit first", "The limits are not in rising order."
        twin = seen.setdefault((band.sensor, band.low_um, band.high_um), band.band)
        if twin != band.band:
            yield (
                where,
                limits,
                f"not those of band {twin}",
                f"Band {twin} of the same sensor has the same limits.",
            )


def claims_of(
    target: str, registry: Registry
) -> tuple[tuple[PublishedStudy, tuple[ArithmeticFault, ...]], ...]:
    """(study, faults) of every published study of a site, or of one study's own TOML file."""
    path = Path(target)
    if path.suffix == ".toml":
        studies: tuple[PublishedStudy, ...] = (read_study(path),)
    else:
        studies = registry.published(registry.site(target).id)
    return tuple((study, arithmetic_faults(study)) for study in studies)
