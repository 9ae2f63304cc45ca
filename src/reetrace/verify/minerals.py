"""The four minerals of the study's figure, as a Sentinel-2 satellite would measure them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from reetrace.core.results import BandValue, ReferenceSpectrum

_NAMES = ("monazite", "fluorapatite", "goethite", "hematite")


def reference_spectra(platform: str = "sentinel-2a") -> tuple[ReferenceSpectrum, ...]:
    """Monazite and the three minerals it is compared with, in the order of the study's figure.

    Args:
        platform: The satellite; 2B has its own responses, any other is taken as 2A.

    >>> [round(each.depth, 3) for each in reference_spectra()]
    [0.448, 0.014, -0.068, -0.133]
    """
    twin = "2b" if platform.casefold().endswith("2b") else "2a"
    return tuple(_spectrum(_read(name), twin) for name in _NAMES)


@cache
def _read(name: str) -> dict[str, Any]:
    path = files("reetrace.tables").joinpath("minerals", f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _spectrum(table: dict[str, Any], twin: str) -> ReferenceSpectrum:
    values = tuple(
        BandValue(band["role"], band["id"], band[f"centre_{twin}_nm"], band[f"reflectance_{twin}"])
        for band in table["bands"]
    )
    return ReferenceSpectrum(
        table["name"], table["title"], table["source"], table[f"depth_{twin}"], values
    )
