"""Small patches of the target class that come and go between epochs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reetrace.change.adjustment import COUNTED, NO_COUNT_INTERVAL
from reetrace.change.footprint import EIGHT_NEIGHBOURS
from reetrace.change.zones import is_whole, zone_code
from reetrace.core.grid import Grid
from reetrace.core.landcover import NOT_SEEN, Legend
from reetrace.core.results import Measure, Patch, PatchState
from reetrace.core.site import ZoneSet
from reetrace.core.units import M2_PER_HA, hectares
from reetrace.zoning import lonlat_of

LARGEST_HA = 5.0
"""Ground that ever was target class and hangs together over more than this is no small patch."""

MIN_PIXELS = 2
"""A patch of a single pixel is as likely an error of the map, and does not count as there."""

APART_PIXELS = 2
"""Ground this near to larger workings is part of them: their edges flicker from map to map."""

_DECIMALS = 6


def transient_patches(
    maps: Sequence[NDArray[np.uint8]],
    epochs: Sequence[str],
    *,
    grid: Grid,
    legend: Legend,
    zone_sets: Sequence[ZoneSet],
    zone_codes: Mapping[str, NDArray[np.int16]],
    largest_ha: float = LARGEST_HA,
) -> tuple[Patch, ...]:
    """Patches apart from larger workings that are there at some epochs and not at others.

    A patch is ground that was target class at one epoch or more and hangs together, corners
    included. Epochs at which most of it was not seen say nothing of it.

    Args:
        maps: Class codes at each epoch, shape (rows, cols).
        epochs: Their labels, in order of time.
        grid: The maps'.
        legend: Whose target is looked for.
        zone_sets: The study area itself is not named among a patch's zones.
        zone_codes: For each zone set, by its id, which zone each pixel lies in.
        largest_ha: Larger ones are workings, not patches.

    Returns:
        North to south, then west to east, numbered in that order.
    """
    stack = np.stack(list(maps))
    ever = (stack == legend.target_code).any(axis=0)
    patches: list[Patch] = []
    for rows, cols in _small_and_apart(ever, largest_ha * M2_PER_HA / grid.pixel_area_m2):
        found = _patch(
            f"patch-{len(patches) + 1:03d}",
            stack[:, rows, cols],
            epochs,
            grid=grid,
            target=legend.target_code,
            place=(rows, cols),
            zones=_zones_at(rows, cols, zone_sets, zone_codes),
        )
        if found is not None:
            patches.append(found)
    return tuple(patches)


def _small_and_apart(
    ever: NDArray[np.bool_], most_pixels: float
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Rows and columns of each small piece of ground that is not part of larger workings."""
    from scipy.ndimage import binary_dilation, find_objects, label

    labels, count = label(ever, structure=EIGHT_NEIGHBOURS)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    large = sizes > most_pixels
    large[0] = False
    workings = large[labels]
    if workings.any():
        workings = binary_dilation(workings, structure=EIGHT_NEIGHBOURS, iterations=APART_PIXELS)
    attached = np.bincount(labels[workings], minlength=count + 1) > 0
    for number, box in enumerate(find_objects(labels), start=1):
        if not attached[number] and sizes[number] >= MIN_PIXELS:
            rows, cols = np.nonzero(labels[box] == number)
            yield rows + box[0].start, cols + box[1].start


def _patch(
    name: str,
    classes: NDArray[np.uint8],
    epochs: Sequence[str],
    *,
    grid: Grid,
    target: int,
    place: tuple[NDArray[np.int64], NDArray[np.int64]],
    zones: tuple[str, ...],
) -> Patch | None:
    """The patch, if it is there at one epoch and not at another.

    Args:
        name: Its id.
        classes: Shape (epochs, pixels of the patch).
        epochs: Labels.
        grid: For areas and places.
        target: Class code looked for.
        place: Rows and columns of its pixels.
        zones: Ids of the zones it lies in.
    """
    pixels = (classes == target).sum(axis=1)
    unseen = 2 * (classes == NOT_SEEN).sum(axis=1) > classes.shape[1]
    there = (pixels >= MIN_PIXELS) & ~unseen
    seen = np.flatnonzero(~unseen).tolist()
    present = np.flatnonzero(there).tolist()
    if not present or present == seen:
        return None
    before = [index for index in seen if index < present[0]]
    after = [index for index in seen if index > present[-1]]
    largest_ha = hectares(int(pixels.max()) * grid.pixel_area_m2)
    # A centre's easting and northing grow evenly with its column and row, so the mean may be taken.
    longitude, latitude = lonlat_of(place[0].mean(), place[1].mean(), grid)
    return Patch(
        id=name,
        longitude=round(float(longitude), _DECIMALS),
        latitude=round(float(latitude), _DECIMALS),
        largest=Measure(largest_ha, "ha", None, None, COUNTED, NO_COUNT_INTERVAL),
        state=_state(there[seen]),
        first_seen=epochs[present[0]],
        last_seen=epochs[present[-1]],
        appeared_between=(epochs[before[-1]] if before else "", epochs[present[0]]),
        gone_between=(epochs[present[-1]], epochs[after[0]] if after else ""),
        unseen_epochs=tuple(epochs[index] for index in np.flatnonzero(unseen).tolist()),
        zones=zones,
    )


def _state(there: NDArray[np.bool_]) -> PatchState:
    """How a patch came and went, from its presence at the epochs at which it was seen."""
    spells = int(there[0]) + int((there[1:] & ~there[:-1]).sum())
    if spells > 1:
        return "intermittent"
    if there[0]:
        return "went"
    return "came" if there[-1] else "came-and-went"


def _zones_at(
    rows: NDArray[np.int64],
    cols: NDArray[np.int64],
    zone_sets: Sequence[ZoneSet],
    zone_codes: Mapping[str, NDArray[np.int16]],
) -> tuple[str, ...]:
    """Zones that hold a pixel of the patch; two countries where editions or the line divide it."""
    names: list[str] = []
    for zone_set in zone_sets:
        if is_whole(zone_set):
            continue
        held = set(zone_codes[zone_set.id][rows, cols].tolist())
        names += [zone.id for zone in zone_set.zones if zone_code(zone_set, zone.id) in held]
    return tuple(dict.fromkeys(names))
