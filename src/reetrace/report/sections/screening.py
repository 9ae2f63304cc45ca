"""The spectral screening: what it is, what it showed, and what it does not show."""

from __future__ import annotations

from functools import partial
from typing import Any

from reetrace.core.evidence import Evidence
from reetrace.core.results import SpectralCheck
from reetrace.reading import findings as sentences
from reetrace.reading import lookup, numerals
from reetrace.reading.language import quote, say, titles
from reetrace.report import told_charts
from reetrace.report.figures import spectra
from reetrace.report.figures.plate import Elastic
from reetrace.report.sections.checks import as_set
from reetrace.report.sections.job import TEXT_MM, Job
from reetrace.report.sections.results import with_interval
from reetrace.report.template import Section


def spectral(job: Job, section: Section) -> list[Any]:
    """The 740 nm screening: what it is, what it showed, what it does not show."""
    made = job.opening(section, "Spectral screening at 740 nm")
    evidence, press = job.evidence, job.press
    if not evidence.spectral:
        why = (evidence.spectral_not_run or "no imagery").removeprefix("not run: ").rstrip(".")
        made.append(press.text(say("Not run: {reason}.", reason=quote(why))))
        return made
    names = [lookup.any_zone_title(evidence, each.zone) for each in evidence.spectral]
    made += [press.text(_verdict(evidence, each) + _because(each)) for each in evidence.spectral]
    lines = partial(
        spectra.spectra,
        evidence.reference_spectra,
        evidence.spectral,
        names,
        simulated=evidence.simulated,
        width_mm=TEXT_MM,
    )
    made.append(
        press.figure(
            Elastic(lines, "height_mm", 74, 100, 60),
            say(
                "Left: library spectra of minerals as the sensor’s bands up to 900 nm would see "
                "them. Right: mean reflectance of mine ground and of matched bare ground, with the "
                "middle four fifths of the pixels. The dashed line marks 740 nm, where neodymium "
                "absorbs. A dip at the line in a mean spectrum does not identify a mineral: water, "
                "leach ponds and plastic sheets dip too."
            ),
            told_charts.spectra(evidence.reference_spectra, evidence.spectral, names),
            least_scale=0.9,
        )
    )
    steps = partial(
        spectra.depths, evidence.spectral, names, simulated=evidence.simulated, width_mm=TEXT_MM
    )
    told = told_charts.depths(evidence.spectral, names)
    caption = say("Depth at 740 nm, pixel by pixel.")
    taller = Elastic(steps, "height_mm", 58, 84, 50)
    made.append(press.figure(taller, caption, told, least_scale=0.9))
    return made + _dates(job, names) + _minerals(job)


_STATES_DEPTH = "The strongest tenth of the pits"
"""How a reason begins that gives the depth with its interval."""


def _verdict(evidence: Evidence, check: SpectralCheck) -> str:
    """What the test says, with the depth unless a reason that follows gives it."""
    if any(each.startswith(_STATES_DEPTH) for each in check.reasons):
        return sentences.spectral_verdict(evidence, check)
    return sentences.spectral_sentence(evidence, check)


def _because(check: SpectralCheck) -> str:
    reasons = " ".join(as_set(quote(f"{each.rstrip('.')}.")) for each in check.reasons)
    return f" {reasons}" if reasons else ""


def _dates(job: Job, names: list[str]) -> list[Any]:
    rows = [
        [
            name,
            each.date,
            numerals.count(each.pit_pixels),
            numerals.count(each.background_pixels),
            say(", ").join(
                f"{quote(reason)} {numerals.count(pixels)}" for reason, pixels in each.masked
            )
            or say("none"),
            with_interval(each.excess),
            _p_value(each.p_value),
        ]
        for name, check in zip(names, job.evidence.spectral, strict=True)
        for each in check.dates
    ]
    return job.press.table(
        say(
            "The test by date. Excess is how much deeper the strongest tenth of the mine pixels "
            "reaches than that of matched bare ground; positive is absorption."
        ),
        (
            *titles("Zone", "Date", "Mine pixels", "Bare pixels", "Set aside (pixels)"),
            say("Excess (95 %)"),
            "p",
        ),
        rows,
        (31.2, 17.6, 12.6, 12.6, 47.4, 36, 12.6),
        align=("left", "left", "right", "right", "left", "right", "right"),
        names=(0,),
    )


def _p_value(share: float | None) -> str:
    if share is None:
        return numerals.BLANK
    return "< 0.001" if share < 0.001 else numerals.number(share, 3)  # noqa: PLR2004


def _minerals(job: Job) -> list[Any]:
    rows = [
        [quote(each.title), numerals.number(each.depth, 3), quote(each.source)]
        for each in job.evidence.reference_spectra
    ]
    if not rows:
        return []
    return job.press.table(
        say("Depth at 740 nm of the reference minerals, pure, as the sensor would see them."),
        titles("Mineral", "Depth", "Source"),
        rows,
        (40, 16, 114),
        align=("left", "right"),
        names=(0, 2),
    )
