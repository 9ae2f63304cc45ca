"""Charts in words, for readers who do not see them: what each shows, with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from reetrace.core.evidence import Evidence
from reetrace.core.results import BandValue, ReferenceSpectrum, SpectralCheck, ZoneArea
from reetrace.reading import lookup, numerals
from reetrace.reading.language import in_one_language, quote, say
from reetrace.report.told import STUDY_AREA, joined, parted

_AROUND_NM = (700.0, 790.0)
"""Bands on both sides of the absorption at 740 nm, and the one within it."""


@in_one_language
def class_areas(evidence: Evidence) -> str:
    """Areas of the classes."""
    areas = lookup.areas(evidence, *STUDY_AREA, evidence.legend.target)
    others = [
        say(
            "“{landcover}” {areas}",
            landcover=lookup.class_title(evidence, each.name),
            areas=joined(_mapped(evidence, each.name)),
        )
        for each in evidence.legend.classes
        if each.name != evidence.legend.target
    ]
    return say(
        "Two bar charts of {place}. Left, all classes as mapped: {others}. Right, “{target}” "
        "alone: {areas}.",
        place=quote(evidence.study_area.title),
        others=parted(others),
        target=lookup.target_title(evidence),
        areas=parted([_both(evidence, each) for each in areas]),
    )


def _mapped(evidence: Evidence, landcover: str) -> list[str]:
    return [
        say(
            "{value} in {epoch}",
            value=numerals.value(lookup.mapped(evidence, each)),
            epoch=each.epoch,
        )
        for each in lookup.areas(evidence, *STUDY_AREA, landcover)
    ]


def _both(evidence: Evidence, area: ZoneArea) -> str:
    """The bar and the whisker of one area."""
    mapped = numerals.value(lookup.mapped(evidence, area))
    if area.adjusted.value is None:
        return say("in {epoch}, {area} mapped, no estimate", epoch=area.epoch, area=mapped)
    return say(
        "in {epoch}, {area} mapped, {estimate} estimated",
        epoch=area.epoch,
        area=mapped,
        estimate=numerals.with_interval(area.adjusted),
    )


@in_one_language
def gains_and_losses(evidence: Evidence) -> str:
    """Ground that joined and left the target class."""
    told = [
        say(
            "{first} to {last}, {gain} joined and {loss} left",
            first=each.first,
            last=each.last,
            gain=numerals.value(each.gain),
            loss=numerals.value(each.loss),
        )
        for each in lookup.changes(evidence, *STUDY_AREA)
    ]
    return say(
        "Bar chart of ground that joined and left the class “{target}” in {place}, as mapped: "
        "{told}.",
        target=lookup.target_title(evidence),
        place=quote(evidence.study_area.title),
        told=parted(told),
    )


@in_one_language
def countries(evidence: Evidence) -> str:
    """The target class on each side, under every edition."""
    told = []
    for zone_set in lookup.country_sets(evidence):
        for zone in zone_set.zones:
            areas = lookup.areas(evidence, zone_set.id, zone.id, evidence.legend.target)
            if areas:
                told.append(
                    say(
                        " {country} side, edition “{edition}”: {areas}.",
                        country=quote(zone.name),
                        edition=zone_set.edition or quote(zone_set.title),
                        areas=parted([_both(evidence, each) for each in areas]),
                    )
                )
    return say(
        "Bar charts of the class “{target}” on each side of the border, one an edition.{told}",
        target=lookup.target_title(evidence),
        told="".join(told),
    )


@in_one_language
def spectra(
    minerals: Sequence[ReferenceSpectrum], checks: Sequence[SpectralCheck], names: Sequence[str]
) -> str:
    """Reference minerals beside the ground that was screened."""
    told = []
    if minerals:
        found = [
            say(
                "{mineral} {depth}",
                mineral=quote(each.title),
                depth=numerals.number(each.depth, 3),
            )
            for each in minerals
        ]
        told.append(
            say(" Depth at 740 nm of the reference minerals: {depths}.", depths=joined(found))
        )
    for name, check in zip(names, checks, strict=True):
        if check.pit_spectrum:
            values = _around(check.pit_spectrum)
            told.append(
                say(" Mean reflectance of mine ground at {place}: {values}.",
                    place=name, values=values)
            )  # fmt: skip
        if check.background_spectrum:
            values = _around(check.background_spectrum)
            told.append(
                say(" Mean reflectance of matched bare ground at {place}: {values}.",
                    place=name, values=values)
            )  # fmt: skip
    return say(
        "Line charts of reflectance against wavelength up to 900 nm, reference minerals on the "
        "left and each zone screened beside them.{told}",
        told="".join(told),
    )


def _around(values: Sequence[BandValue]) -> str:
    low, high = _AROUND_NM
    near = sorted(
        (each for each in values if low <= each.centre_nm <= high), key=lambda each: each.centre_nm
    )
    told = [
        say(
            "{reflectance} at {wavelength} nm",
            reflectance=numerals.number(each.reflectance, 3),
            wavelength=numerals.number(each.centre_nm, 0),
        )
        for each in near
    ]
    return joined(told or [say("no band near 740 nm")])


@in_one_language
def depths(checks: Sequence[SpectralCheck], names: Sequence[str]) -> str:
    """Depths pixel by pixel."""
    told = [
        say(
            "at {place}, {mine} mine pixels and {bare} bare pixels",
            place=name,
            mine=_positive(check.histogram_edges, check.pit_histogram),
            bare=_positive(check.histogram_edges, check.background_histogram),
        )
        for name, check in zip(names, checks, strict=True)
    ]
    return say(
        "Histograms of the depth at 740 nm of mine pixels and of matched bare ground. Shares in "
        "the steps wholly above zero, where light is absorbed: {told}.",
        told=parted(told),
    )


def _positive(edges: Sequence[float], counts: Sequence[int]) -> str:
    total = sum(counts)
    if not total:
        return say("none of 0")
    above = sum(count for low, count in zip(edges, counts, strict=False) if low >= 0)
    return say(
        "{share} of {count}", share=numerals.share(above / total), count=numerals.count(total)
    )
