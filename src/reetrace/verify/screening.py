"""The screening test at 740 nm for one zone: image by image, all together, and what may be said."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from reetrace.core.errors import GridMismatch
from reetrace.core.results import Measure, SpectralCheck, SpectralDate, SpectralVerdict
from reetrace.verify.comparison import BLOCK_M, Comparison, compare
from reetrace.verify.ground import Look, ScreeningImage, ground_of, look_at
from reetrace.verify.masks import REASONS, BoolArray
from reetrace.verify.null_model import IntArray
from reetrace.verify.pictures import HISTOGRAM_EDGES, histogram, mean_spectrum
from reetrace.verify.power import POWER, detectable_share
from reetrace.verify.verdict import ALPHA, LEAST_DEPTH, Findings, judge

UNLIKE = "no like background"
"""Reason for a usable pit pixel that no background pixel resembles."""

_DEPTH = "depth reached by the strongest tenth of the pit pixels"
_BACKGROUND = "what background of the same brightness, greenness and redness would have shown"
_EXCESS = (
    "strongest tenth of the pits less strongest tenth of like background; interval by resampling "
    "blocks of ground"
)
_POWER = f"monazite mixed into background of these images; power {POWER:g}, level {ALPHA:g}"


def screen(
    zone_id: str,
    images: Sequence[ScreeningImage],
    pits: BoolArray,
    candidates: BoolArray,
    pixel_m: float = 20.0,
    *,
    seed: int,
) -> SpectralCheck:
    """The 740 nm screening of one zone's pits against like ground outside the mine.

    Args:
        zone_id: Names the check, and gives each zone random numbers of its own.
        images: One a date, all on one grid; their order does not matter.
        pits: Shape (rows, cols): pixels of mined ground in the zone.
        candidates: Shape (rows, cols): pixels that may serve as background.
        pixel_m: Pixel size of the grid.
        seed: Seed of every random draw.

    Raises:
        GridMismatch: Pits and candidates do not share a shape.
        ImageryError: An image lacks a band or lies on another grid.
    """
    if pits.shape != candidates.shape:
        raise GridMismatch(
            f"{zone_id}: the pits have shape {pits.shape}, the background {candidates.shape}; "
            "one shape is needed. Make both on the screening grid."
        )
    ordered = sorted(images, key=lambda image: (image.date, image.scene))
    looks = [look_at(image, pits.shape) for image in ordered]
    ever_usable = np.zeros(pits.shape, dtype=np.bool_)
    for look in looks:
        ever_usable |= look.aside == 0
    rows, cols = np.nonzero((pits | candidates) & ever_usable)
    places = (rows.astype(np.int64), cols.astype(np.int64), pits[rows, cols])
    block_pixels = max(1, round(BLOCK_M / pixel_m))
    zone_seed = (seed, zlib.crc32(zone_id.encode()))
    by_date = [
        compare(ground_of([look], *places), block_pixels, (*zone_seed, number))
        for number, look in enumerate(looks, start=1)
    ]
    together = _together(looks, places, block_pixels, (*zone_seed, 0))
    detectable = _detectable(looks, together, (*zone_seed, len(looks) + 1))
    findings = Findings(
        pit_pixels=int(pits.sum()),
        by_date=tuple(by_date),
        together=together,
        aside=_aside_shares(looks, pits),
        detectable=detectable,
    )
    verdict, reasons = judge(findings)
    dates = tuple(_dated(look, test, pits) for look, test in zip(looks, by_date, strict=True))
    return _check(zone_id, looks, findings, dates, (verdict, reasons))


def _together(
    looks: Sequence[Look],
    places: tuple[IntArray, IntArray, BoolArray],
    block_pixels: int,
    seed: tuple[int, ...],
) -> Comparison | str:
    if not looks:
        return "No image of the site could be used."
    return compare(ground_of(looks, *places), block_pixels, seed)


def _detectable(
    looks: Sequence[Look], together: Comparison | str, seed: tuple[int, ...]
) -> float | None:
    if isinstance(together, str):
        return None
    return detectable_share(looks, together, alpha=ALPHA, smallest_depth=LEAST_DEPTH, seed=seed)


def _aside_shares(looks: Sequence[Look], pits: BoolArray) -> tuple[tuple[str, float], ...]:
    """(reason, share of the pit pixels set aside on the average date)."""
    pixels = len(looks) * int(pits.sum())
    if not pixels:
        return ()
    counts = sum(np.bincount(look.aside[pits], minlength=len(REASONS) + 1) for look in looks)
    shares = np.asarray(counts)[1:] / pixels
    return tuple((reason, float(share)) for reason, share in zip(REASONS, shares, strict=True))


def _dated(look: Look, test: Comparison | str, pits: BoolArray) -> SpectralDate:
    counts = np.bincount(look.aside[pits], minlength=len(REASONS) + 1)
    unmatched = 0 if isinstance(test, str) else test.unmatched
    masked = [(reason, int(count)) for reason, count in zip(REASONS, counts[1:], strict=True)]
    masked.append((UNLIKE, unmatched))
    depth, background, excess = _measures(test)
    return SpectralDate(
        date=look.image.date,
        scene=look.image.scene,
        sensor=look.image.platform,
        pit_pixels=int(counts[0]) - unmatched,
        background_pixels=0 if isinstance(test, str) else int((~test.ground.pit).sum()),
        masked=tuple((reason, count) for reason, count in masked if count),
        depth=depth,
        background_depth=background,
        excess=excess,
        p_value=None if isinstance(test, str) else test.p_value,
    )


def _measures(test: Comparison | str) -> tuple[Measure, Measure, Measure]:
    """(depth, background depth, excess) of a test, or three blanks with the reason."""
    if isinstance(test, str):
        blanks = [Measure(None, "1", None, None, each, test) for each in _SOURCES]
        return blanks[0], blanks[1], blanks[2]
    return (
        Measure(test.pit_depth, "1", test.depth_low, test.depth_high, _DEPTH),
        Measure(
            test.pit_depth - test.excess,
            "1",
            None,
            None,
            _BACKGROUND,
            "its uncertainty is part of the interval of the excess",
        ),
        Measure(test.excess, "1", test.low, test.high, _EXCESS),
    )


_SOURCES = (_DEPTH, _BACKGROUND, _EXCESS)


def _check(
    zone_id: str,
    looks: Sequence[Look],
    findings: Findings,
    dates: tuple[SpectralDate, ...],
    judged: tuple[SpectralVerdict, tuple[str, ...]],
) -> SpectralCheck:
    together = findings.together
    ground = None if isinstance(together, str) else together.ground
    return SpectralCheck(
        zone=zone_id,
        verdict=judged[0],
        reasons=judged[1],
        dates=dates,
        excess=_measures(together)[2],
        p_value=None if isinstance(together, str) else together.p_value,
        detectable_fraction=_share_measure(findings),
        pit_spectrum=() if ground is None else mean_spectrum(looks, ground.take(ground.pit)),
        background_spectrum=()
        if ground is None
        else mean_spectrum(looks, ground.take(~ground.pit)),
        histogram_edges=HISTOGRAM_EDGES,
        pit_histogram=histogram(None if ground is None else ground.depth[ground.pit]),
        background_histogram=histogram(None if ground is None else ground.depth[~ground.pit]),
    )


def _share_measure(findings: Findings) -> Measure:
    if isinstance(findings.together, str):
        return Measure(None, "share", None, None, _POWER, findings.together)
    if findings.detectable is None:
        reason = "no share of monazite would have been sure to show"
        return Measure(None, "share", None, None, _POWER, reason)
    reason = "the smallest of the shares tried that shows; it has no interval"
    return Measure(findings.detectable, "share", None, None, _POWER, reason)
