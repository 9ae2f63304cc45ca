"""What a run will ask of the service, by order of magnitude, and what it did ask.

Google publishes no price of a computation in EECU (Earth Engine compute units); these were found:

- 5,344 EECU-seconds for 21,316 requests of 512 x 512 pixels of one band, read and not computed
  with: 0.25 a request, 0.000001 a pixel (M. DeWitt, datensee, docs/case-study-scale-run.md, 2026).
- About 6,500 EECU-seconds for a vegetation index of Switzerland, 41,285 km2 at 10 m: 0.00002 a
  pixel of the result (swisstopo, topo-satromo, issue 96, 2024).
- About 350,000 EECU-seconds for a mosaic of the same country with masks, terrain shadow and images
  fitted to each other: 0.0008 a pixel of the result (the same, tools/completed_tasks.csv, 2024).

So a reading of one band of one image at one pixel is taken as 0.000002 EECU-seconds, which makes a
composite of ten images 0.0002 a pixel, and a request as 0.25. The truth may be ten times less, for
what was computed before is not computed again, or ten times more. Google itself says that the same
request can cost very different amounts
(developers.google.com/earth-engine/guides/computation_overview).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reetrace.core.grid import Grid
from reetrace.core.sensor import Sensor
from reetrace.engines.earthengine.tiles import tiles
from reetrace.engines.earthengine.usage import Usage

EECU_SECONDS_A_READING = 2e-6
EECU_SECONDS_A_REQUEST = 0.25
UNCERTAINTY = 10.0
"""Factor by which the estimate may be off, either way."""

COMMUNITY_EECU_HOURS = 150
"""A month of the smallest non-commercial tier (developers.google.com/earth-engine/guides/
noncommercial_tiers, in force since 27 April 2026)."""

# Counts, values beneath labels and lists of scenes come home as text; these are measured sizes.
_BYTES_A_LISTED_SCENE = 350
_BYTES_A_LABEL = 260
_BYTES_A_CELL = 20
# What the client fetches when it is initialised: its description of the service, twice, the list
# of functions, a token.
_REQUESTS_TO_SIGN_IN, _BYTES_TO_SIGN_IN = 4, 830_000
_SCENES_A_QUESTION = 64
_BYTES_A_PIXEL = 2
# What travels together, and what is exported first: as `rasters` has it.
_TOGETHER_BYTES, _TOGETHER_SCENES = 40_000_000, 64
_MOST_TILES = 16
# Beside its start an export is looked for, in three lists, and asked after some twenty times.
_REQUESTS_AN_EXPORT = 25


@dataclass(frozen=True)
class Picture:
    """One composite that a run will make."""

    grid: Grid
    sensor: Sensor
    scenes: int
    labels: int = 0
    """Places whose values are asked for."""

    @property
    def readings(self) -> int:
        """Bands times scenes times pixels that go into it."""
        bands = len(self.sensor.bands) + len(self.sensor.quality)
        return self.grid.rows * self.grid.cols * self.scenes * bands

    @property
    def bytes_a_pixel(self) -> int:
        """Of its bands and the number of observations."""
        return (len(self.sensor.bands) + 1) * _BYTES_A_PIXEL

    @property
    def bytes_home(self) -> int:
        """As it comes home, uncompressed."""
        return self.grid.rows * self.grid.cols * self.bytes_a_pixel

    @property
    def is_exported(self) -> bool:
        """Whether it is too large to be computed tile by tile."""
        return len(tiles(self.grid, self.bytes_a_pixel)) > _MOST_TILES


@dataclass(frozen=True)
class Stage:
    """One kind of question that a run puts to the service."""

    name: str
    requests: int
    bytes_home: int
    readings: int
    """Of one band of one scene at one pixel."""


@dataclass(frozen=True)
class Estimate:
    """What a run will ask, if nothing was asked before and nothing has to be asked again."""

    stages: tuple[Stage, ...]
    pixel_scenes: int
    """Pixels times scenes that the composites are made of."""

    @property
    def requests(self) -> int:
        """All requests."""
        return sum(each.requests for each in self.stages)

    @property
    def bytes_home(self) -> int:
        """All bytes that come home."""
        return sum(each.bytes_home for each in self.stages)

    @property
    def eecu_seconds(self) -> float:
        """Compute, uncertain by the factor `UNCERTAINTY` either way."""
        readings = sum(each.readings for each in self.stages)
        asked = self.requests - _REQUESTS_TO_SIGN_IN
        return readings * EECU_SECONDS_A_READING + asked * EECU_SECONDS_A_REQUEST

    def lines(self) -> tuple[str, ...]:
        """Requests by stage, bytes and compute in plain words."""
        by_stage = ", ".join(f"{each.requests} to {each.name}" for each in self.stages)
        low, high = self.eecu_seconds / UNCERTAINTY, self.eecu_seconds * UNCERTAINTY
        share = high / (COMMUNITY_EECU_HOURS * 3600)
        compute = (
            f"compute in the order of {rounded(self.eecu_seconds)} EECU-seconds, which may as well "
            f"be {rounded(low)} or {rounded(high)}: {self.pixel_scenes:,} pixels of single images "
            "go into it, every band is read several times, and what Earth Engine remembers is free"
        )
        tier = (
            f"even {rounded(high)} is {_percent(share)} of the {COMMUNITY_EECU_HOURS} EECU-hours a "
            "month that Google's Community tier allows for non-commercial use"
        )
        return (
            f"about {self.requests} requests: {by_stage}",
            f"about {self.bytes_home / 1e6:,.1f} MB to fetch",
            compute,
            tier,
        )


def estimate(
    pictures: Sequence[Picture],
    screening: Sequence[Picture],
    *,
    listed: int,
    searches: int = 0,
    cells: int,
    forests: int = 0,
    editions: int = 0,
) -> Estimate:
    """What a report will ask of the service.

    Args:
        pictures: The composites that land cover is mapped from, one an epoch.
        screening: The single dates screened at 740 nm.
        listed: Scenes that the archive will name.
        searches: Times that it will be asked in vain besides.
        cells: Cells of all tables of counts together.
        forests: How many forests are grown there.
        editions: Further editions of borders fetched from there.
    """
    readings = sum(each.readings for each in pictures)
    labelled = [each for each in pictures if each.labels]
    exported = [each for each in (*pictures, *screening) if each.is_exported]
    shares = [*(each.scenes for each in pictures), sum(each.scenes for each in screening)]
    stages = [
        Stage("sign in", _REQUESTS_TO_SIGN_IN, _BYTES_TO_SIGN_IN, 0),
        Stage("find images", len(pictures) + searches, listed * _BYTES_A_LISTED_SCENE, 0),
        Stage(
            "count clear pixels",
            sum(math.ceil(scenes / _SCENES_A_QUESTION) for scenes in shares),
            sum(shares) * _BYTES_A_CELL,
            readings + sum(each.readings for each in screening),
        ),
        Stage("have large images exported", len(exported) * _REQUESTS_AN_EXPORT, 0, 0),
        _fetching("fetch composites", pictures, travelling="alone"),
        Stage(
            "read beneath labels",
            len(labelled),
            sum(each.labels for each in labelled) * _BYTES_A_LABEL,
            sum(each.readings for each in labelled),
        ),
        Stage("grow forests", forests, forests * 100_000, 0),
        Stage("fetch borders", editions, editions * 200_000, 0),
        _fetching("fetch maps", pictures, bytes_a_pixel=1),
        Stage("count changes", 1, cells * _BYTES_A_CELL, readings),
        _fetching("fetch images for screening", screening),
        Stage("ask what was used", 1, 100, 0),
    ]
    pixel_scenes = (
        each.grid.rows * each.grid.cols * each.scenes for each in (*pictures, *screening)
    )
    return Estimate(tuple(each for each in stages if each.requests), sum(pixel_scenes))


def _fetching(
    name: str,
    pictures: Sequence[Picture],
    *,
    bytes_a_pixel: int | None = None,
    travelling: Literal["alone", "together"] = "together",
) -> Stage:
    """Pictures brought home, large ones in tiles; small ones may share a request."""
    requests, size, bytes_now, scenes_now = 0, 0, math.inf, 0
    for each in pictures:
        deep = bytes_a_pixel or each.bytes_a_pixel
        bytes_each = each.grid.rows * each.grid.cols * deep
        size += bytes_each
        fits = (
            bytes_now + bytes_each <= _TOGETHER_BYTES
            and scenes_now + each.scenes <= _TOGETHER_SCENES
        )
        if travelling == "together" and fits:
            bytes_now, scenes_now = bytes_now + bytes_each, scenes_now + each.scenes
        else:
            requests += len(tiles(each.grid, deep))
            bytes_now, scenes_now = bytes_each, each.scenes
    return Stage(name, requests, size, sum(each.readings for each in pictures))


def rounded(number: float) -> str:
    """One digit and zeros: no more is known.

    >>> rounded(0.034), rounded(2.7), rounded(1_849)
    ('0.03', '3', '2,000')
    """
    if number <= 0:
        return "0"
    step = 10.0 ** math.floor(math.log10(number))
    single = round(number / step) * step
    return f"{single:,.0f}" if single >= 1 else f"{single:.1g}"


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else "less than 1 %"  # noqa: PLR2004 - a hundredth


def spent(usage: Usage) -> tuple[str, ...]:
    """What a run asked of the service, as sentences for the evidence."""
    up, down = usage.bytes_up.total(), usage.bytes_down.total()
    asked = _counted(usage.requests_made, "request")
    moved = f"{down / 1e6:.1f} MB came home and {up / 1e6:.1f} MB went out"
    sentences = [f"{asked} to Earth Engine; {moved}."]
    told = [
        f"{value:,.1f} EECU-seconds for {what}"
        for value, what in (
            (usage.eecu_seconds, "direct answers"),
            (usage.batch_eecu_seconds, "batch exports"),
        )
        if value is not None
    ]
    sentences.append(
        f"It states a compute of {' and '.join(told)}."
        if told
        else "It did not state what compute that took; the project's cost report does, by tag."
    )
    if usage.retries:
        causes = ", ".join(f"{cause}: {usage.retries[cause]}" for cause in sorted(usage.retries))
        sentences.append(
            f"{_counted(usage.retries.total(), 'request')} had to be sent again ({causes}), which "
            "loses and doubles nothing."
        )
    if usage.tiles_quartered:
        sentences.append(
            f"{_counted(usage.tiles_quartered, 'piece')} of a picture came home in four parts, "
            "being too large for one answer; the pixels do not depend on it."
        )
    if usage.exports:
        folder = min(usage.exports).rpartition("/")[0]
        sentences.append(
            f"{_counted(len(usage.exports), 'export')} stayed in {folder} for the next run to use. "
            f"Once you need none of them: earthengine rm -r {folder}"
        )
    if usage.restricted:
        sentences.append(
            "The project is in restricted mode: over its non-commercial quota of the month, it is "
            "served more slowly."
        )
    return tuple(sentences)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
