"""Tables of the screening at 740 nm: verdicts, images, spectra."""

from __future__ import annotations

from reetrace.core.evidence import Evidence
from reetrace.core.results import (
    Accuracy,
    BandValue,
    Measure,
    SpectralCheck,
    SpectralDate,
)
from reetrace.core.table import Table
from reetrace.ledger.columns import Field, build, count, measured, number, text

_EPOCH = "Span of dates judged as one moment."
_BASIS = (
    "Which labels: “held-out” (kept from training), “cross-validation” (each held out once), "
    "“probability-sample” (drawn by a stated design)."
)

_Metric = tuple[Accuracy, str, str, Measure]


def spectral_summary(evidence: Evidence) -> Table:
    """The verdict of the 740 nm screening by zone."""
    not_run = Measure(None, "1", None, None, "", evidence.spectral_not_run or "not run")
    rows: list[SpectralCheck | str] = list(evidence.spectral) or [evidence.site.id]
    fields: list[Field[SpectralCheck | str]] = [
        text(
            "zone", "Zone", "Zone screened.", lambda row: row if isinstance(row, str) else row.zone
        ),
        text(
            "verdict",
            "Verdict",
            "“SPECTRAL_ANOMALY”, “NO_ANOMALY”, “INCONCLUSIVE”, or “NOT_RUN”: "
            "a screening, no more than that.",
            lambda row: "NOT_RUN" if isinstance(row, str) else row.verdict,
        ),
        *measured(
            "excess_depth",
            "Excess depth at 740 nm",
            "1",
            "Band depth of the pit minus that of matched bare ground, over all dates.",
            lambda row: not_run if isinstance(row, str) else row.excess,
            decimals=4,
        ),
        number(
            "p_value",
            "p value",
            "One-sided permutation test over all dates.",
            lambda row: None if isinstance(row, str) else row.p_value,
            decimals=3,
            blank="p value: the permutation test could not be run",
        ),
        *measured(
            "detectable_monazite",
            "Detectable monazite",
            "share",
            "Share of monazite in the ground that the test would have shown with a power of 0.8.",
            lambda row: not_run if isinstance(row, str) else row.detectable_fraction,
        ),
        text(
            "why",
            "Why",
            "Why this verdict.",
            lambda row: (
                evidence.spectral_not_run if isinstance(row, str) else " ".join(row.reasons)
            ),
        ),
    ]
    return build(
        "spectral_summary",
        "Screening at 740 nm: verdicts",
        "A screening for an absorption of neodymium; the default answer is inconclusive.",
        fields,
        rows,
    )


def spectral(evidence: Evidence) -> Table:
    """The 740 nm screening image by image."""
    fields: list[Field[tuple[str, SpectralDate]]] = [
        text("zone", "Zone", "Zone screened.", lambda row: row[0]),
        text("date", "Date", "Date of the image.", lambda row: row[1].date, kind="date"),
        text("scene", "Scene", "Id of the image.", lambda row: row[1].scene),
        text("sensor", "Sensor", "Instrument.", lambda row: row[1].sensor),
        count("pit_pixels", "Pit pixels", "Pixels compared.", lambda row: row[1].pit_pixels),
        count(
            "background_pixels",
            "Background pixels",
            "Pixels of matched bare ground outside the mine.",
            lambda row: row[1].background_pixels,
        ),
        text(
            "masked",
            "Set aside",
            "Pit pixels set aside, by reason.",
            lambda row: ", ".join(f"{reason} {pixels}" for reason, pixels in row[1].masked),
        ),
        *measured(
            "depth",
            "Depth, pit",
            "1",
            "Band depth that the strongest tenth of the pit pixels reach; positive is absorption.",
            lambda row: row[1].depth,
            decimals=4,
        ),
        *measured(
            "background_depth",
            "Depth, background",
            "1",
            "Band depth that the strongest tenth of matched background reach.",
            lambda row: row[1].background_depth,
            decimals=4,
        ),
        *measured(
            "excess_depth",
            "Excess depth",
            "1",
            "Pit minus background.",
            lambda row: row[1].excess,
            decimals=4,
        ),
        number(
            "p_value",
            "p value",
            "One-sided permutation test.",
            lambda row: row[1].p_value,
            decimals=3,
            blank="p value: the permutation test could not be run",
        ),
    ]
    return build(
        "spectral",
        "Screening at 740 nm: image by image",
        "One row for each zone and image.",
        fields,
        [(check.zone, date) for check in evidence.spectral for date in check.dates],
    )


def spectra(evidence: Evidence) -> Table:
    """Mean spectra of pits and background, and the reference minerals, band by band."""
    rows: list[tuple[str, str, str, BandValue]] = [
        (check.zone, ground, "measured in this run", value)
        for check in evidence.spectral
        for ground, values in (
            ("pit", check.pit_spectrum),
            ("background", check.background_spectrum),
        )
        for value in values
    ]
    rows += [
        (mineral.name, "reference mineral", mineral.source, value)
        for mineral in evidence.reference_spectra
        for value in mineral.values
    ]
    blank = "Interval: a single spectrum has none"
    fields: list[Field[tuple[str, str, str, BandValue]]] = [
        text("name", "Name", "Zone or mineral.", lambda row: row[0]),
        text("ground", "Ground", "“pit”, “background” or mineral.", lambda row: row[1]),
        text("band", "Band", "Band as the provider names it.", lambda row: row[3].band),
        text("role", "Role", "What the band is for.", lambda row: row[3].role),
        number(
            "centre_nm",
            "Centre (nm)",
            "Response-weighted centre of the band.",
            lambda row: row[3].centre_nm,
            decimals=1,
        ),
        number(
            "reflectance",
            "Reflectance",
            "Mean reflectance, 0-1.",
            lambda row: row[3].reflectance,
            decimals=4,
        ),
        number(
            "reflectance_low",
            "Reflectance, low",
            "Lower end of the 95 % interval.",
            lambda row: row[3].low,
            decimals=4,
            blank=blank,
        ),
        number(
            "reflectance_high",
            "Reflectance, high",
            "Upper end of the 95 % interval.",
            lambda row: row[3].high,
            decimals=4,
            blank=blank,
        ),
        text("source", "Source", "Where the spectrum comes from.", lambda row: row[2]),
    ]
    return build(
        "reference_spectra",
        "Spectra: pit, background and reference minerals",
        "Reflectance band by band; minerals are library spectra resampled to the sensor.",
        fields,
        rows,
    )
