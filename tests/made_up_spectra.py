"""The screening of the made-up run, and the minerals beside it."""

from __future__ import annotations

from reetrace.core.results import (
    BandValue,
    ReferenceSpectrum,
    SpectralCheck,
    SpectralDate,
)
from tests.made_up_findings import measure

_S2 = (
    ("red-edge-1", "B5", 704.1),
    ("red-edge-2", "B6", 740.5),
    ("red-edge-3", "B7", 782.8),
    ("nir", "B8", 832.8),
)


def spectrum(values: tuple[float, ...], half: float | None = None) -> tuple[BandValue, ...]:
    """Mean reflectance in four Sentinel-2 bands."""
    return tuple(
        BandValue(*band, value, *((value - half, value + half) if half else (None, None)))
        for band, value in zip(_S2, values, strict=True)
    )


def spectral() -> list[SpectralCheck]:
    """An inconclusive screening of mine A and one without anomaly of mine B."""
    return [
        _check("mine-A", "INCONCLUSIVE", "Only 38 pit pixels are free of water and vegetation.", 0),
        _check("mine-B", "NO_ANOMALY", "The pit is no deeper at 740 nm than bare ground.", -0.004),
    ]


def _check(zone: str, verdict: str, reason: str, excess: float) -> SpectralCheck:
    dates = tuple(
        SpectralDate(
            date,
            f"S2A_{date.replace('-', '')}",
            "sentinel2-msi",
            38 + day,
            412 + day,
            (("bright plastic", 2), ("vegetation", 41), ("water", 17)),
            measure(0.004 + excess + day / 1000, "1", 0.009, "median, bootstrap"),
            measure(-0.007, "1", 0.002, "median, bootstrap"),
            measure(0.011 + excess + day / 1000, "1", 0.01, "pit minus background, bootstrap"),
            0.08 + day / 100,
        )
        for day, date in enumerate(("2020-11-02", "2020-11-22", "2020-12-12"))
    )
    return SpectralCheck(
        zone,
        verdict,  # type: ignore[arg-type]
        (reason,),
        dates,
        measure(0.011 + excess, "1", 0.008, "mean over dates, bootstrap"),
        0.09,
        measure(0.06, "share", 0.02, "power of 0.8 on simulated admixture"),
        spectrum((0.210, 0.226, 0.241, 0.250), 0.01),
        spectrum((0.205, 0.223, 0.240, 0.252), 0.008),
        (-0.04, -0.02, 0.0, 0.02, 0.04),
        (3, 12, 15, 8),
        (60, 180, 140, 32),
    )


def reference_spectra() -> list[ReferenceSpectrum]:
    """The four minerals of the study's figure."""
    return [
        ReferenceSpectrum(name, title, "USGS Spectral Library 06", depth, spectrum(values))
        for name, title, depth, values in (
            ("monazite", "Monazite HS255.3B", 0.448, (0.4685, 0.2350, 0.3758, 0.3465)),
            ("fluorapatite", "Fluorapatite WS416", 0.014, (0.71, 0.70, 0.71, 0.72)),
            ("goethite", "Goethite WS222", -0.068, (0.24, 0.29, 0.30, 0.28)),
            ("hematite", "Hematite GDS27", -0.134, (0.14, 0.19, 0.20, 0.17)),
        )
    ]
