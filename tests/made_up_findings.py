"""Results counted from the drawn arrays of `tests.made_up_world`, with plausible intervals."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from reetrace.core.landcover import NOT_SEEN
from reetrace.core.results import (
    Accuracy,
    Basis,
    ChangeMatrix,
    Footprint,
    Growth,
    GrowthVerdict,
    Measure,
    Observation,
    Patch,
    Transition,
    ZoneArea,
)
from reetrace.core.site import ZoneSet
from tests import made_up_world as world

_COUNTED = "pixels counted × pixel area"


_NO_MAP_INTERVAL = "a count of pixels has no sampling interval"


_ESTIMATED = "stratified estimator over the probability sample"


_NO_SAMPLE = "the probability sample was not designed for this zone"


_CODES = {"not-seen": NOT_SEEN, "non-mine": world.NON_MINE, "mine": world.MINE}


def measure(
    value: float | None, unit: str, half: float = 0.0, source: str = _ESTIMATED, reason: str = ""
) -> Measure:
    """A measure with a symmetric interval that never falls below zero for an area."""
    if value is None:
        return Measure(None, unit, None, None, source, reason)
    if half == 0:
        return Measure(value, unit, None, None, source, reason or _NO_MAP_INTERVAL)
    return Measure(value, unit, value - half, value + half, source, reason)


def _km2(pixels: int) -> float:
    return pixels * world.grid().pixel_area_m2 / 1e6


def _mapped(pixels: int) -> Measure:
    return measure(_km2(pixels), "km²", source=_COUNTED)


def _estimated(zone_set: str, zone: str) -> bool:
    return zone_set in {"study-area", "countries-osm"} or zone == "mine-A"


def _adjusted(
    zone_set: str, zone: str, landcover: str, mask: NDArray[np.bool_], epoch: str
) -> Measure:
    if landcover == "not-seen":
        return measure(None, "km²", reason="ground that was not seen has no class")
    if not _estimated(zone_set, zone):
        return measure(None, "km²", reason=_NO_SAMPLE)
    codes = world.landcover(epoch)
    mine = _km2(int((mask & (codes == world.MINE)).sum()))
    seen = _km2(int((mask & (codes != NOT_SEEN)).sum()))
    value = 0.96 * mine if landcover == "mine" else seen - 0.96 * mine
    return measure(value, "km²", 0.05 * mine + 0.02)


def areas(zone_set: ZoneSet) -> list[ZoneArea]:
    """Every zone, epoch and class, not-seen ground included."""
    return [
        ZoneArea(
            zone_set.id,
            zone,
            epoch,
            landcover,
            pixels,
            _mapped(pixels),
            _adjusted(zone_set.id, zone, landcover, mask, epoch),
        )
        for zone, mask in world.zone_masks(zone_set)
        for epoch in world.EPOCHS
        for landcover, code in _CODES.items()
        for pixels in [int((mask & (world.landcover(epoch) == code)).sum())]
    ]


def observations(zone_set: ZoneSet) -> list[Observation]:
    """How well every zone was seen."""
    found = []
    for zone, mask in world.zone_masks(zone_set):
        for epoch in world.EPOCHS:
            pixels = int(mask.sum())
            seen = int((mask & (world.landcover(epoch) != NOT_SEEN)).sum())
            often = world.observations(epoch)[mask] if pixels else np.zeros(1)
            found.append(
                Observation(
                    zone_set.id,
                    zone,
                    epoch,
                    pixels,
                    seen,
                    seen / pixels if pixels else 0.0,
                    _mapped(seen),
                    _mapped(pixels - seen),
                    float(np.median(often)),
                    2,
                )
            )
    return found


def spans() -> list[tuple[str, str]]:
    """Each consecutive pair of epochs, then first-last."""
    return [*pairwise(world.EPOCHS), (world.EPOCHS[0], world.EPOCHS[-1])]


def changes(zone_set: ZoneSet) -> list[ChangeMatrix]:
    """From-to matrices of every zone."""
    return [
        _matrix(zone_set.id, zone, mask, first, last)
        for first, last in spans()
        for zone, mask in world.zone_masks(zone_set)
    ]


def _matrix(set_id: str, zone: str, mask: NDArray[np.bool_], first: str, last: str) -> ChangeMatrix:
    cells, pixels_of = [], {}
    for before, after in product(_CODES, _CODES):
        was = world.landcover(first) == _CODES[before]
        now = world.landcover(last) == _CODES[after]
        pixels = int((mask & was & now).sum())
        pixels_of[before, after] = pixels
        adjusted = measure(None, "km²", reason=_NO_SAMPLE)
        if set_id == "study-area" and "not-seen" not in (before, after):
            adjusted = measure(0.97 * _km2(pixels), "km²", 0.08 * _km2(pixels) + 0.02)
        cells.append(Transition(before, after, pixels, _mapped(pixels), adjusted))
    gained, lost = pixels_of["non-mine", "mine"], pixels_of["mine", "non-mine"]
    net = measure(None, "km²", reason=_NO_SAMPLE)
    if _estimated(set_id, zone):
        net = measure(0.96 * _km2(gained - lost), "km²", 0.05 * _km2(gained + lost) + 0.03)
    return ChangeMatrix(
        set_id, zone, first, last, tuple(cells), _mapped(gained), _mapped(lost), net
    )


def growth(matrices: list[ChangeMatrix]) -> list[Growth]:
    """Growth of the mine class, absolute first, for every matrix of a named zone."""
    found = []
    for matrix in matrices:
        if matrix.zone in {"none", "several"}:
            continue
        pixels = {
            (side, getattr(cell, side)): 0 for cell in matrix.cells for side in ("before", "after")
        }
        for cell in matrix.cells:
            pixels["before", cell.before] += cell.pixels
            pixels["after", cell.after] += cell.pixels
        before, after = pixels["before", "mine"], pixels["after", "mine"]
        percent = measure(None, "%", reason=matrix.net.reason or "the mine class began at zero")
        if before and matrix.net.value is not None and matrix.net.low is not None:
            half = 100 * (matrix.net.value - matrix.net.low) / _km2(before)
            percent = measure(100 * matrix.net.value / _km2(before), "%", half * 1.3)
        found.append(
            Growth(
                matrix.zone_set,
                matrix.zone,
                matrix.first,
                matrix.last,
                _mapped(before),
                _mapped(after),
                matrix.net,
                percent,
                _verdict(matrix.net),
                matrix.net.value - matrix.net.low
                if matrix.net.value is not None and matrix.net.low is not None
                else None,
            )
        )
    return found


def _verdict(change: Measure) -> GrowthVerdict:
    if change.low is None or change.high is None:
        return "cannot-tell"
    if change.low > 0:
        return "grew"
    return "shrank" if change.high < 0 else "no-change-detectable"


def footprints(zone_set: ZoneSet) -> list[Footprint]:
    """Outlines of the mine class."""
    from scipy.ndimage import label

    return [
        Footprint(
            zone_set.id,
            zone,
            epoch,
            _mapped(int(here.sum())),
            int(label(here, structure=np.ones((3, 3)))[1]),
            world.footprint(here),
        )
        for zone, mask in world.zone_masks(zone_set)
        if zone not in {"none", "several"}
        for epoch in world.EPOCHS
        for here in [mask & (world.landcover(epoch) == world.MINE)]
    ]


def patches() -> list[Patch]:
    """The four small pits."""
    described = [
        ("came-and-went", ("2005", "2010"), ("2010", "2015"), ()),
        ("came-and-went", ("2005", "2010"), ("2015", "2020"), ()),
        ("went", ("", "2005"), ("2005", "2010"), ()),
        ("came", ("2015", "2020"), ("2020", ""), ("2010",)),
    ]
    found = []
    for position, ((east, north, epochs), (state, came, gone, unseen)) in enumerate(
        zip(world.SMALL_PITS, described, strict=True), start=1
    ):
        longitude, latitude = world.rectangle(east, north, east + 1, north + 1)[0][0][0]
        country = "MMR" if north > -6000 else "CHN"
        found.append(
            Patch(
                f"patch-{position:03d}",
                longitude,
                latitude,
                measure(1.8 + 0.1 * position, "ha", source=_COUNTED),
                state,  # type: ignore[arg-type]
                epochs[0],
                epochs[-1],
                came,
                gone,
                unseen,
                (country,),
            )
        )
    return found


def _wilson(hits: float, of: float) -> Measure:
    share = hits / of
    centre = (share + 1.92 / of) / (1 + 3.84 / of)
    half = 1.96 * np.sqrt(share * (1 - share) / of + 0.96 / of**2) / (1 + 3.84 / of)
    return Measure(share, "share", float(centre - half), float(centre + half), "Wilson interval")


def accuracy(epoch: str, basis: Basis, counts: tuple[tuple[int, int], tuple[int, int]]) -> Accuracy:
    """An error matrix of two classes (rows the map) with everything read from it."""
    (a, b), (c, d) = counts
    total = a + b + c + d
    weighted = basis == "probability-sample"
    chance = ((a + b) * (a + c) + (c + d) * (b + d)) / total**2
    agree = (a + d) / total
    kappa = (agree - chance) / (1 - chance)
    quantity, allocation = abs(b - c) / total, 2 * min(b, c) / total
    return Accuracy(
        epoch,
        basis,
        "stratified design" if weighted else "Wilson interval, labels held out by block",
        ("non-mine", "mine"),
        tuple(tuple(cell / total if weighted else float(cell) for cell in row) for row in counts),
        counts,
        weighted,
        total,
        2 if epoch == "2010" else 0,
        _wilson(a + d, total),
        (_wilson(a, a + b), _wilson(d, c + d)),
        (_wilson(a, a + c), _wilson(d, b + d)),
        Measure(kappa, "1", kappa - 0.05, min(1.0, kappa + 0.03), "delta method"),
        Measure(quantity, "share", max(0.0, quantity - 0.01), quantity + 0.01, "bootstrap"),
        Measure(allocation, "share", max(0.0, allocation - 0.01), allocation + 0.01, "bootstrap"),
    )


def accuracies() -> list[Accuracy]:
    """Held-out, cross-validation and probability-sample matrices of every epoch."""
    found = []
    for shift, epoch in enumerate(world.EPOCHS):
        found.append(accuracy(epoch, "held-out", ((53, 2), (1 + shift % 2, 29))))
        found.append(accuracy(epoch, "cross-validation", ((178, 4), (3 + shift, 97))))
        found.append(accuracy(epoch, "probability-sample", ((268, 5), (4 + shift, 123))))
    return found
