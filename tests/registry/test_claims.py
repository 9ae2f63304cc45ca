"""Faults of published figures are found by arithmetic; figures that add up have none."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.core.errors import RegistryError
from reetrace.core.results import Measure
from reetrace.registry import load_registry
from reetrace.registry.claims import arithmetic_faults
from reetrace.registry.comparison import compare_published
from reetrace.registry.published import (
    PublishedArea,
    PublishedBand,
    PublishedChange,
    PublishedMatrix,
    PublishedMean,
    PublishedScene,
    PublishedStudy,
    PublishedTransition,
    read_study,
)
from reetrace.registry.wrs2 import distance_km, nearest_path_row, scene_centre


def the_study() -> PublishedStudy:
    """The published study of the border mines."""
    (study,) = load_registry().published("mine-A")
    return study


@pytest.mark.parametrize(
    ("where", "printed", "recomputed"),
    [
        ("Table 4, 2005: kappa", "0.9877", "0.9767"),
        ("Table 4, 2010: kappa", "0.9918", "0.9844"),
        ("Table 4, 2015: kappa", "0.9962", "0.9923"),
        ("Table 4, 2020: kappa", "0.9958", "0.9922"),
        ("Table 4, 2005: labels counted", "282 labels", "about 85 labels"),
        ("Section 3.1: mine area, 2020", "3.78 km²", "3.94 km²"),
        ("change of mine area, study area, 2005–2020", "211 %", "210 %"),
        ("change of mine area, MMR, 2005–2020", "327 %", "329 %"),
        ("change of non-mine area, study area, 2005–2020", "-4.7 %", "-4.5 %"),
        ("Table 2: Landsat 5 TM, 2005-01-13", "path 167, row 71", "path 132, row 42"),
        ("Table 2: Landsat 8 OLI, 2020-12-06", "path 161, row 71", "path 132, row 42"),
        ("Table 1: Landsat 8 OLI band 7", "0.43–0.45 µm", "not those of band 1"),
    ],
)
def test_a_figure_that_does_not_follow_is_found(where, printed, recomputed):
    """Each was checked by hand against the study's own tables."""
    faults = [fault for fault in arithmetic_faults(the_study()) if where in fault.where]

    assert [(fault.printed, fault.recomputed) for fault in faults] == [(printed, recomputed)]


@pytest.mark.parametrize("sound", ["CHN, 2005", "accuracy", "from–to", ": mine area, 2005"])
def test_a_figure_that_follows_is_left_alone(sound):
    """China's 130 %, the accuracies in per cent, the from–to table and the 2005 areas add up."""
    faults = arithmetic_faults(the_study())

    assert not [fault for fault in faults if sound in fault.where and "mean" not in fault.where]


def test_rounding_is_weighed_and_said():
    """327 % could come from areas before rounding; a loss of 4.7 % could not."""
    by_printed = {fault.printed: fault.explanation for fault in arithmetic_faults(the_study())}

    assert "may come from them" in by_printed["327 %"]
    assert "only" in by_printed["-4.7 %"]


def corrected(study: PublishedStudy) -> PublishedStudy:
    """The same study with every figure made to follow."""
    areas = tuple(
        replace(area, area_km2=Decimal("2.33"))
        if (area.zone, area.epoch) == ("MMR", "2020")
        else area
        for area in study.areas
    )
    values = {"211": "210", "327": "302", "-4.7": "-4.5"}
    kappas = {"2005": "0.9767", "2010": "0.9844", "2015": "0.9923", "2020": "0.9922"}
    return replace(
        study,
        areas=areas,
        held_out_share=Decimal(1),
        changes=tuple(
            replace(each, value=Decimal(values.get(str(each.value), str(each.value))))
            for each in study.changes
        ),
        matrices=tuple(replace(each, kappa=Decimal(kappas[each.epoch])) for each in study.matrices),
        means=(PublishedMean("kappa", Decimal("0.9864"), "x"),),
        scenes=tuple(replace(each, path=132, row=42) for each in study.scenes),
        bands=tuple(
            replace(each, low_um=Decimal("2.11"), high_um=Decimal("2.29"))
            if (each.sensor, each.band) == ("Landsat 8 OLI", "7")
            else each
            for each in study.bands
        ),
    )


def test_the_corrected_study_has_no_fault():
    """Nothing is hard-coded: mend the figures and the faults are gone."""
    assert arithmetic_faults(corrected(the_study())) == ()


hundredths = st.integers(1, 5000)


@st.composite
def consistent_studies(draw: st.DrawFn) -> PublishedStudy:
    """Studies whose every figure was computed from the ones before it, then rounded."""

    def km2(number: int) -> Decimal:
        return Decimal(number).scaleb(-2)

    stayed, left, came, never = (draw(hundredths) for _ in range(4))
    here = draw(st.integers(0, stayed + left)), draw(st.integers(0, stayed + came))
    first, last = stayed + left, stayed + came
    agreed, missed, false, right = (draw(st.integers(1, 200)) for _ in range(4))
    total = agreed + missed + false + right
    chance = (agreed + false) * (agreed + missed) + (missed + right) * (false + right)
    matrix = PublishedMatrix(
        epoch="2020",
        classes=("mine", "non-mine"),
        matrix=((agreed, false), (missed, right)),
        row_totals=(agreed + false, missed + right),
        column_totals=(agreed + missed, false + right),
        users_percent=(_percent(agreed, agreed + false), _percent(right, missed + right)),
        producers_percent=(_percent(agreed, agreed + missed), _percent(right, false + right)),
        overall_percent=_percent(agreed + right, total),
        kappa=_round((total * (agreed + right) - chance) / (total**2 - chance), 4),
        where="Table 2",
    )
    zones = [("all", first, last), ("AAA", *here), ("BBB", first - here[0], last - here[1])]
    areas = [
        PublishedArea(zone, epoch, "mine", km2(area), "Table 1")
        for zone, before, after in zones
        for epoch, area in (("2005", before), ("2020", after))
    ]
    cells = [("mine", "mine", stayed), ("mine", "rest", left), ("rest", "mine", came)]
    return PublishedStudy(
        id="made-up", title="", citation="", doi="", sites=(), longitude=Decimal("98.5"),
        latitude=Decimal("25.9"), study_area_km2=km2(stayed + left + came + never),
        labels=total, held_out_share=Decimal(1), areas=tuple(areas), matrices=(matrix,),
        transitions=tuple(
            PublishedTransition("2005", "2020", before, after, km2(area), "Table 3")
            for before, after, area in [*cells, ("rest", "rest", never)]
        ),
        changes=(
            PublishedChange("all", "mine", "2005", "2020", km2(last - first), "km²", "Text"),
            PublishedChange(
                "all", "mine", "2005", "2020", _round(100 * (last / first - 1), 1), "%", "Text"
            ),
        ),
        scenes=(PublishedScene("Landsat 8 OLI", "2020-12-06", 132, 42, "Table 4"),),
        bands=(PublishedBand("A", "1", "", Decimal("0.4"), Decimal("0.5"), "Table 5"),),
    )  # fmt: skip


def _round(number: float, digits: int) -> Decimal:
    return Decimal(f"{number:.{digits}f}")


def _percent(part: int, whole: int) -> Decimal:
    return _round(100 * part / whole, 2)


@settings(max_examples=60, deadline=None)
@given(consistent_studies())
def test_a_study_that_adds_up_has_no_fault(study):
    """Whatever the figures, rounding alone is never called a fault."""
    assert arithmetic_faults(study) == ()


def test_more_gained_over_the_whole_span_than_in_its_periods_is_found():
    """Ground cannot become mine between 2005 and 2020 without doing so in one of the periods."""
    study = the_study()
    slow = tuple(
        replace(each, area_km2=Decimal("1.0"))
        if each.last != "2020" or each.first != "2005"
        else each
        for each in study.transitions
    )

    faults = arithmetic_faults(replace(study, transitions=slow))

    assert ("3.20 km²", "at most 3.0 km²") in {
        (fault.printed, fault.recomputed) for fault in faults
    }


@settings(max_examples=30, deadline=None)
@given(consistent_studies(), st.integers(5, 40))
def test_a_country_area_that_is_off_is_found(study, off):
    """Five hundredths of a square kilometre are more than three rounded figures can hide."""
    wrong = tuple(
        replace(area, area_km2=area.area_km2 + Decimal(off).scaleb(-2))
        if (area.zone, area.epoch) == ("AAA", "2020")
        else area
        for area in study.areas
    )

    faults = arithmetic_faults(replace(study, areas=wrong))

    assert "Table 1: mine area, 2020" in {fault.where for fault in faults}


@pytest.mark.parametrize(
    ("path_row", "place"),
    [
        ((131, 42), (100.2, 25.6)),
        ((15, 53), (-84.0, 10.03)),
        ((3, 69), (-70.0, -12.89)),
        ((232, 66), (-63.9, -8.8)),
        ((39, 35), (-115.53, 35.48)),
    ],
)
def test_a_place_lies_in_the_scene_that_is_known_to_show_it(path_row, place):
    """Dali, Volcán Barva, La Pampa, Porto Velho, Mountain Pass; a scene reaches 93 km each way."""
    assert distance_km(scene_centre(*path_row), place) < 93


def test_the_path_and_row_over_a_place_is_found():
    """The study area lies in path 132, row 42."""
    assert nearest_path_row((98.53, 25.89)) == (132, 42)


def test_published_figures_stand_beside_what_the_run_has():
    """Only what the run judges is compared; the published interval is blank with its reason."""
    computed = Measure(1.3, "km²", 1.1, 1.5, "made up")

    def lookup(zone: str, epochs: tuple[str, ...], what: str) -> Measure | None:
        known = {("CHN", ("2020",), "area mine"), ("all", ("2005", "2020"), "from mine to mine")}
        return computed if (zone, epochs, what) in known else None

    found = compare_published(the_study(), lookup)

    assert [(each.zone, each.epochs, each.published.value) for each in found] == [
        ("CHN", "2020", 1.45),
        ("all", "2005–2020", 0.57),
    ]
    assert found[0].computed == computed
    assert found[0].published.low is None
    assert "no interval" in found[0].published.reason


def test_everything_asked_of_a_lookup_is_in_its_vocabulary():
    """The pipeline can answer by these words alone."""
    asked = []
    compare_published(the_study(), lambda *key: asked.append(key))

    kinds = {what.split(" ")[0] for _, _, what in asked}

    assert kinds == {"area", "from", "growth", "change", "overall", "kappa"}
    assert {len(epochs) for _, epochs, _ in asked} == {1, 2}


@pytest.mark.parametrize(
    "text",
    [
        "id = ",
        "id = 1",
        'id = "x"',
        'id = "x"\ntitle = ""\ncitation = ""\nlable = 3',
        '[[areas]]\nzone = "all"\narea_km2 = "much"',
        'id = ""\ntitle = ""\ncitation = ""\nlongitude = nan',
        'id = ""\ntitle = "two\\nlines"\ncitation = ""',
        'id = ""\ntitle = ""\ncitation = ""\nheld_out_share = 30',
        'id = ""\ntitle = ""\ncitation = ""\nlongitude = 1e400',
        'id = ""\ntitle = ""\ncitation = ""\n[[means]]\nwhat = "kappa"\nvalue = 1\nx = 1',
    ],
)
def test_a_published_file_that_cannot_be_is_one_line(tmp_path, text):
    """The user's own published tables are data too, and may be wrong."""
    path = tmp_path / "own.toml"
    path.write_text(text)

    with pytest.raises(RegistryError, match=r"^own\.toml: [^\n]+$"):
        read_study(path)
