"""The shipped tables say what the instruments' own documents say."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from reetrace import tables
from reetrace.core.errors import SettingError
from reetrace.core.sensor import Sensor


def test_a_year_is_given_the_landsat_that_served_it() -> None:
    """The study's years: TM for 2005 and 2010, OLI for 2015 and 2020."""
    first = {year: tables.landsat_for_year(year)[0].id for year in (2005, 2010, 2015, 2020)}

    assert first == {
        2005: "landsat5-tm",
        2010: "landsat5-tm",
        2015: "landsat8-oli",
        2020: "landsat8-oli",
    }


def test_landsat_7_with_its_gaps_comes_last() -> None:
    """Every other Landsat in service is preferred to ETM+ without its scan-line corrector."""
    last = {tables.landsat_for_year(year)[-1].id for year in range(2000, 2024)}

    assert last == {"landsat7-etm"}


def test_no_sensor_serves_before_it_was_launched() -> None:
    """Landsat 5 began in 1984."""
    assert tables.landsat_for_year(1983) == ()


@pytest.mark.parametrize("sensor", tables.sensors(), ids=lambda sensor: sensor.id)
def test_names_of_a_sensor_are_not_ambiguous(sensor: Sensor) -> None:
    """An asset name or alias means one band of a sensor, never two."""
    names = [{band.id, *band.aliases} for band in sensor.bands]
    names += [{flags.id, *flags.aliases} for flags in sensor.quality]

    shared = [one & other for one, other in itertools.combinations(names, 2)]

    assert not any(shared)


@pytest.mark.parametrize("sensor", tables.sensors(), ids=lambda sensor: sensor.id)
def test_the_bands_of_a_sensor_are_where_light_is(sensor: Sensor) -> None:
    """Centres lie between 400 and 2500 nm and rise, but for the wide near-infrared of MSI."""
    centres = [band.centre_nm for band in sensor.bands]

    assert centres == sorted(centres)
    assert 400 < min(centres) < max(centres) < 2500


def test_only_the_cirrus_band_of_oli_can_tell_cirrus() -> None:
    """Bit 2 of QA_PIXEL is unused for TM and ETM+ and must not take pixels out."""
    flags = {
        each.id: {flag.name for flag in each.quality[0].reject}
        for each in tables.sensors()
        if each.id.startswith("landsat")
    }

    assert {name for name, found in flags.items() if "cirrus" in found} == {
        "landsat8-oli",
        "landsat9-oli",
    }


def test_saturation_bits_count_bands_from_one() -> None:
    """Bit n - 1 of QA_RADSAT is band n: 6 is OLI's SWIR 2 (band 7) and TM's, too."""
    for sensor_id in ("landsat5-tm", "landsat8-oli"):
        radsat = tables.sensor(sensor_id).quality[1]
        assert {flag.name: flag.bit for flag in radsat.reject}["saturated swir2"] == 6


def test_only_sentinel_2_screens_for_neodymium() -> None:
    """No Landsat has a band near 740 nm."""
    assert [each.id for each in tables.spectral_sensors()] == ["sentinel2-msi"]


@pytest.mark.parametrize("platform", ["sentinel-2b", "Sentinel-2B", "SENTINEL-2B"])
def test_a_platform_is_known_however_it_is_written(platform: str) -> None:
    """Catalogues differ in capitals."""
    found = tables.sensor_of_platform(platform)

    assert found is not None
    assert found.id == "sentinel2-msi"


def test_an_unknown_platform_is_no_sensor() -> None:
    """A radar is not guessed to be anything else."""
    assert tables.sensor_of_platform("sentinel-1a") is None


def test_a_misspelt_sensor_is_answered_with_the_nearest() -> None:
    """A near miss names what was probably meant."""
    with pytest.raises(SettingError, match="Did you mean 'landsat8-oli'"):
        tables.sensor("landsat8_oli")


def test_the_mine_legend_reports_the_mine() -> None:
    """Class 2 is the target; 0 and 255 stay free for what is no class."""
    legend = tables.legend("mine")

    assert (legend.names, legend.target_code) == (("non-mine", "mine"), 2)


@pytest.mark.parametrize("legend_id", ["mine", "forest"])
def test_legend_colours_differ_in_grey_print(legend_id: str) -> None:
    """Lightness differs by at least a quarter of the scale between any two classes."""
    lightness = []
    for each in tables.legend(legend_id).classes:
        red, green, blue = (int(each.colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        lightness.append(0.299 * red + 0.587 * green + 0.114 * blue)

    assert abs(lightness[0] - lightness[1]) > 0.25


def _legend_file(folder: Path, text: str) -> Path:
    (folder / "legends.toml").write_text(text, encoding="utf-8")
    return folder


_OWN = """
[own]
target = "pond"
classes = [
  {{ code = 1, name = "land", colour = "#ffffff" }},
  {{ code = {code}, name = "{name}", colour = "{colour}" }},
]
"""


def test_a_users_legend_is_layered_over_the_shipped_ones(tmp_path: Path) -> None:
    """Both the user's own and the shipped legends can be asked for."""
    folder = _legend_file(tmp_path, _OWN.format(code=9, name="pond", colour="#000000"))

    assert tables.legend("own", folder=folder).target_code == 9
    assert tables.legend("mine", folder=folder).target == "mine"


@pytest.mark.parametrize(
    ("code", "name", "colour", "named"),
    [
        (255, "pond", "#000000", "code is 255"),
        (1, "pond", "#000000", "code 1 stands twice"),
        (2, "land", "#000000", "name land stands twice"),
        (2, "Pond!", "#000000", "name is 'Pond!'"),
        (2, "pond", "black", "colour is 'black'"),
        (2, "pit", "#000000", "target is 'pond'"),
    ],
)
def test_a_legend_that_cannot_be_printed_is_refused(
    tmp_path: Path, code: int, name: str, colour: str, named: str
) -> None:
    """The message names the file, the field and the value."""
    folder = _legend_file(tmp_path, _OWN.format(code=code, name=name, colour=colour))

    with pytest.raises(SettingError, match=named):
        tables.legend("own", folder=folder)


def test_a_legend_file_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    """One line with the file's name, no traceback."""
    for written in ("[own", "own = " + "[" * 5_000):
        folder = _legend_file(tmp_path, written)

        with pytest.raises(SettingError, match=r"legends\.toml: not valid TOML"):
            tables.legend("mine", folder=folder)


def test_a_class_that_is_no_table_is_refused(tmp_path: Path) -> None:
    """Names alone say no colour and no code."""
    folder = _legend_file(tmp_path, '[own]\ntarget = "pit"\nclasses = ["pit", "land"]')

    with pytest.raises(SettingError, match=r"own\.classes\[0\] is 'pit'; a table"):
        tables.legend("own", folder=folder)
