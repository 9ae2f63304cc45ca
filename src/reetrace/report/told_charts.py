"""Charts in words, for readers who do not see them: what each shows, with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from reetrace.core.evidence import Evidence
from reetrace.core.results import BandValue, ReferenceSpectrum, SpectralCheck, ZoneArea
from reetrace.reading import lookup, numerals
from reetrace.reading.language import in_english
from reetrace.report.told_maps import STUDY_AREA, joined

_AROUND_NM = (700.0, 790.0)
"""Bands on both sides of the absorption at 740 nm, and the one within it."""


@in_english
def class_areas(evidence: Evidence) -> str:
    """Areas of the classes."""
    areas = lookup.areas(evidence, *STUDY_AREA, evidence.legend.target)
    others = [
        f"“{each.title}” {joined(_mapped(evidence, each.name))}"
        for each in evidence.legend.classes
        if each.name != evidence.legend.target
    ]
    return (
        f"Two bar charts of {evidence.study_area.title}. Left, all classes as mapped: "
        f"{'; '.join(others)}. Right, “{lookup.target_title(evidence)}” alone: "
        f"{'; '.join(_both(evidence, each) for each in areas)}."
    )


def _mapped(evidence: Evidence, landcover: str) -> list[str]:
    return [
        f"{numerals.value(lookup.mapped(evidence, each))} in {each.epoch}"
        for each in lookup.areas(evidence, *STUDY_AREA, landcover)
    ]


def _both(evidence: Evidence, area: ZoneArea) -> str:
    """The bar and the whisker of one area."""
    mapped = f"in {area.epoch}, {numerals.value(lookup.mapped(evidence, area))} mapped"
    if area.adjusted.value is None:
        return f"{mapped}, no estimate"
    return f"{mapped}, {numerals.with_interval(area.adjusted)} estimated"


@in_english
def gains_and_losses(evidence: Evidence) -> str:
    """Ground that joined and left the target class."""
    told = [
        f"{each.first} to {each.last}, {numerals.value(each.gain)} joined and "
        f"{numerals.value(each.loss)} left"
        for each in lookup.changes(evidence, *STUDY_AREA)
    ]
    return (
        f"Bar chart of ground that joined and left the class “{lookup.target_title(evidence)}” in "
        f"{evidence.study_area.title}, as mapped: {'; '.join(told)}."
    )


@in_english
def countries(evidence: Evidence) -> str:
    """The target class on each side, under every edition."""
    told = []
    for zone_set in lookup.country_sets(evidence):
        for zone in zone_set.zones:
            areas = lookup.areas(evidence, zone_set.id, zone.id, evidence.legend.target)
            if areas:
                listed = "; ".join(_both(evidence, each) for each in areas)
                edition = zone_set.edition or zone_set.title
                told.append(f"{zone.name} side, edition “{edition}”: {listed}.")
    return (
        f"Bar charts of the class “{lookup.target_title(evidence)}” on each side of the border, "
        f"one an edition. {' '.join(told)}"
    )


@in_english
def spectra(
    minerals: Sequence[ReferenceSpectrum], checks: Sequence[SpectralCheck], names: Sequence[str]
) -> str:
    """Reference minerals beside the ground that was screened."""
    told = []
    if minerals:
        depths = [f"{each.title} {numerals.number(each.depth, 3)}" for each in minerals]
        told.append(f"Depth at 740 nm of the reference minerals: {joined(depths)}.")
    for name, check in zip(names, checks, strict=True):
        for what, values in (
            ("mine ground", check.pit_spectrum),
            ("matched bare ground", check.background_spectrum),
        ):
            if values:
                told.append(f"Mean reflectance of {what} at {name}: {_around(values)}.")
    return (
        "Line charts of reflectance against wavelength up to 900 nm, reference minerals on the "
        f"left and each zone screened beside them. {' '.join(told)}"
    )


def _around(values: Sequence[BandValue]) -> str:
    low, high = _AROUND_NM
    near = sorted(
        (each for each in values if low <= each.centre_nm <= high), key=lambda each: each.centre_nm
    )
    return joined(
        [
            f"{numerals.number(each.reflectance, 3)} at {numerals.number(each.centre_nm, 0)} nm"
            for each in near
        ]
        or ["no band near 740 nm"]
    )


@in_english
def depths(checks: Sequence[SpectralCheck], names: Sequence[str]) -> str:
    """Depths pixel by pixel."""
    told = [
        f"at {name}, {_positive(check.histogram_edges, check.pit_histogram)} mine pixels and "
        f"{_positive(check.histogram_edges, check.background_histogram)} bare pixels"
        for name, check in zip(names, checks, strict=True)
    ]
    return (
        "Histograms of the depth at 740 nm of mine pixels and of matched bare ground. Shares in "
        f"the steps wholly above zero, where light is absorbed: {'; '.join(told)}."
    )


def _positive(edges: Sequence[float], counts: Sequence[int]) -> str:
    total = sum(counts)
    if not total:
        return "none of 0"
    above = sum(count for low, count in zip(edges, counts, strict=False) if low >= 0)
    return f"{numerals.share(above / total)} of {numerals.count(total)}"
