"""Whether a scene's numbers can be what its catalogue says they are.

A refusal carries its evidence. What is odd but possible is a doubt, kept beside the scene. The
thresholds were set on real files: surface reflectance of four sensors over forest, savanna, bare
mine floor, town and water passes; digital numbers, a band ten times too large and an offset not
removed do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import ImageryError
from reetrace.core.raster import UNSEEN, decode_reflectance

FEWEST_PIXELS = 100
"""Below this many clear pixels a percentile says little; the checks are left out, with a doubt."""

# Atmospheric correction overshoots by a few hundredths over water and shade, never over half a
# scene. Reflectance times 10,000 read with Collection 2's scale has its median near -0.15.
_NEGATIVE, _NEGATIVE_SHARE, _DOUBTFUL_NEGATIVE_SHARE = -0.03, 0.3, 0.05

# Values outside -0.2 to 1.6 are no reflectance. Glint and cloud edges give a few.
_IMPOSSIBLE_SHARE, _DOUBTFUL_IMPOSSIBLE_SHARE = 0.2, 0.01

# An offset of 0.1 not removed lifts every band's floor to the same 0.10-0.12. Real floors differ:
# shade is darker in the short-wave infrared than in blue, desert far brighter, snow the reverse.
_FLOOR_PERCENTILE, _LIFTED_FLOOR, _EQUAL_FLOORS = 1.0, (0.07, 0.15), 0.03

# No ground is white in the short-wave infrared as well; Collection 2's integers read as
# ten-thousandths have all their floors near 0.73.
_WHITE_FLOOR = 0.6

# Leaves reflect 0.01-0.06 in blue and red. NIR over red above 2.5 is a green canopy even where
# 0.1 was added to both (0.45 / 0.13); 0.09 leaves room for haze and young crops.
_CANOPY_RATIO, _CANOPY_FLOOR, _CANOPY_PIXELS = 2.5, 0.09, 100

# No ground is this much brighter in one band than in the other, where the first is at all bright.
# Red soil reaches 2 in red over green, dry soil 1.2 in SWIR 2 over SWIR 1.
_STEPS = (
    ("blue", "green", 2.0),
    ("green", "blue", 5.0),
    ("green", "red", 4.0),
    ("red", "green", 4.0),
    ("red", "nir", 2.5),
    ("nir", "swir1", 20.0),
    ("swir1", "nir", 4.0),
    ("swir2", "swir1", 2.5),
)
_BRIGHT, _STEP_SHARE = 0.1, 0.5

# Soil rises from green to near infrared, leaves leap, snow and cloud are level, water is dark in
# the near infrared. Bright ground that falls from green to near infrared and is not white is none
# of these; turquoise ponds come near it but stay a small part of a scene.
_GREEN_BRIGHT, _GREEN_OVER_NIR, _NIR_LAND, _WHITE = 0.15, 1.2, 0.1, 0.85
_UNNATURAL_SHARE = 0.25

# Open water alone is this dark in the near infrared all over; so is a scale ten times too small.
_DARK_NIR = 0.05

# Digital numbers of 8 bits, however stored, take at most 256 values.
_VALUES_OF_8_BITS, _ENOUGH_TO_COUNT = 256, 5_000


@dataclass(frozen=True)
class Look:
    """A sample of one scene, the same places in every band."""

    name: str
    """The file or scene, as messages call it."""
    stored: Mapping[str, NDArray[np.uint16]]
    """Stored reflectance by role, shape (places,); `UNSEEN` where the file has no measurement."""
    measured: Mapping[str, NDArray[np.bool_]]
    """Where the file holds a number that is not its no-data value, possible or not."""
    clear: NDArray[np.bool_]
    """Where the quality bands take no exception."""
    family: str
    """Sensor family."""


def examine(look: Look) -> tuple[str, ...]:
    """The doubts about a scene that can be what it is said to be.

    Raises:
        ImageryError: It cannot.
    """
    doubts = _refuse_impossible(look)
    seen = look.clear.copy()
    for values in look.stored.values():
        seen &= values != UNSEEN
    if int(seen.sum()) < FEWEST_PIXELS:
        return (*doubts, f"only {int(seen.sum())} clear pixels, too few to check its values")
    bands = {role: decode_reflectance(values[seen]) for role, values in look.stored.items()}
    doubts += _refuse_negative(look.name, bands)
    _refuse_lifted_floor(look.name, bands)
    doubts += _refuse_lifted_canopy(look, bands)
    _refuse_steps(look.name, bands)
    _refuse_bright_visible(look.name, bands)
    return (*doubts, *_weigh_range(look, bands))


def _figures(bands: Mapping[str, float]) -> str:
    return ", ".join(f"{role} {value:.3f}" for role, value in bands.items())


def _refuse_impossible(look: Look) -> tuple[str, ...]:
    doubts: list[str] = []
    for role, measured in look.measured.items():
        clear = measured & look.clear
        total = int(clear.sum())
        if total == 0:
            continue
        impossible = float((look.stored[role][clear] == UNSEEN).mean())
        if impossible > _IMPOSSIBLE_SHARE and total >= FEWEST_PIXELS:
            raise ImageryError(
                f"{look.name}: {impossible:.0%} of {role} lies outside the reflectances -0.2 to "
                "1.6. Its scale or offset is not the one stated, or these are digital numbers; "
                "state the right --scale and --offset."
            )
        if impossible > _DOUBTFUL_IMPOSSIBLE_SHARE:
            doubts.append(f"{impossible:.1%} of {role} is outside the reflectances -0.2 to 1.6")
    return tuple(doubts)


def _weigh_range(look: Look, bands: Mapping[str, NDArray[np.float32]]) -> tuple[str, ...]:
    doubts: list[str] = []
    if "nir" in bands and float(np.percentile(bands["nir"], 99)) < _DARK_NIR:
        doubts.append(f"nir is nowhere brighter than {_DARK_NIR}: water alone, or a wrong scale")
    distinct = {role: np.unique(values).size for role, values in bands.items()}
    if look.clear.size >= _ENOUGH_TO_COUNT and max(distinct.values()) <= _VALUES_OF_8_BITS:
        doubts.append(
            f"no band holds more than {max(distinct.values())} different values, "
            "as digital numbers of 8 bits do"
        )
    return tuple(doubts)


def _refuse_negative(name: str, bands: Mapping[str, NDArray[np.float32]]) -> tuple[str, ...]:
    doubts: list[str] = []
    for role, values in bands.items():
        negative = float((values < _NEGATIVE).mean())
        if negative > _NEGATIVE_SHARE:
            raise ImageryError(
                f"{name}: {negative:.0%} of {role} is darker than {_NEGATIVE} (median "
                f"{np.median(values):.3f}). Its scale is not the one stated, or an offset was "
                "subtracted twice; state the right --scale and --offset."
            )
        if negative > _DOUBTFUL_NEGATIVE_SHARE:
            doubts.append(f"{negative:.1%} of {role} is darker than {_NEGATIVE}")
    return tuple(doubts)


def _refuse_lifted_floor(name: str, bands: Mapping[str, NDArray[np.float32]]) -> None:
    floors = {
        role: float(np.percentile(values, _FLOOR_PERCENTILE)) for role, values in bands.items()
    }
    lowest, highest = min(floors.values()), max(floors.values())
    # Bands of one hue may share a floor by nature: it takes a near-infrared beside a visible one.
    across = {"nir", "red"} <= set(floors)
    lifted = _LIFTED_FLOOR[0] <= lowest <= _LIFTED_FLOOR[1] and highest - lowest <= _EQUAL_FLOORS
    if "swir1" in floors and lowest >= _WHITE_FLOOR:
        raise ImageryError(
            f"{name}: every band is brighter than {lowest:.2f} everywhere ({_figures(floors)}), "
            "which no ground is. Its scale is not the one stated; state the right --scale and "
            "--offset."
        )
    if across and lifted:
        raise ImageryError(
            f"{name}: the darkest hundredth of every band lies at the same {lowest:.2f}-"
            f"{highest:.2f} ({_figures(floors)}). An offset was not removed or the scale is wrong; "
            "for Sentinel-2 since baseline 04.00 state --offset -0.1."
        )


def _refuse_lifted_canopy(look: Look, bands: Mapping[str, NDArray[np.float32]]) -> tuple[str, ...]:
    if not {"blue", "red", "nir"} <= set(bands):
        return ()
    canopy = bands["nir"] > _CANOPY_RATIO * bands["red"]
    if int(canopy.sum()) < _CANOPY_PIXELS:
        return ()
    floors = {role: float(np.percentile(bands[role][canopy], 5)) for role in ("blue", "red")}
    if min(floors.values()) <= _CANOPY_FLOOR:
        return ()
    evidence = f"green canopy reflects nowhere less than {_figures(floors)}"
    if look.family == "msi":
        raise ImageryError(
            f"{look.name}: {evidence}, leaves reflect 0.01-0.06. The offset of baselines since "
            "04.00 was not removed; state --offset -0.1."
        )
    return (f"{evidence}, leaves reflect 0.01-0.06: haze, or a wrong scale",)


def _refuse_steps(name: str, bands: Mapping[str, NDArray[np.float32]]) -> None:
    for bright, dark, most in _STEPS:
        if not {bright, dark} <= set(bands):
            continue
        over = (bands[bright] > _BRIGHT) & (bands[bright] > most * np.maximum(bands[dark], 0.005))
        share = float(over.mean())
        if share > _STEP_SHARE:
            medians = {role: float(np.median(values)) for role, values in bands.items()}
            raise ImageryError(
                f"{name}: {bright} is more than {most:g} times {dark} in {share:.0%} of the scene, "
                f"which no ground is (medians {_figures(medians)}). A band is scaled differently "
                "from the others; correct it or leave it out with --bands."
            )


def _refuse_bright_visible(name: str, bands: Mapping[str, NDArray[np.float32]]) -> None:
    if not {"blue", "green", "nir"} <= set(bands):
        return
    blue, green, nir = bands["blue"], bands["green"], bands["nir"]
    unnatural = (
        (green > _GREEN_BRIGHT)
        & (green > _GREEN_OVER_NIR * nir)
        & (nir > _NIR_LAND)
        & (blue < _WHITE * green)
    )
    share = float(unnatural.mean())
    if share > _UNNATURAL_SHARE:
        medians = {role: float(np.median(values)) for role, values in bands.items()}
        raise ImageryError(
            f"{name}: {share:.0%} of the scene is bright ground that is greener than it is bright "
            f"in the near infrared, which no ground is (medians {_figures(medians)}). Visible "
            "bands are about ten times too large for nir, or nir too small; correct the scale."
        )
