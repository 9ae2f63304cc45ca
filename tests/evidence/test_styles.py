"""Rasters open in QGIS as the report shows them."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
import rasterio

from reetrace.evidence.styles import raster_styles
from tests import made_up, made_up_inputs, made_up_world


def _styles(bag: Path) -> dict[str, Element]:
    return {
        path.stem: fromstring(path.read_text("utf-8"))  # noqa: S314 - written by the program
        for path in (bag / "data" / "rasters").glob("*.qml")
    }


def _drawn(style: Element, kind: str) -> Element:
    found = style.find(f"pipe/rasterrenderer[@type='{kind}']")
    assert found is not None
    return found


def test_every_raster_has_a_style_beside_it(sealed):
    """Under the name at which QGIS looks for it."""
    rasters = {path.stem for path in (sealed / "data" / "rasters").glob("*.tif")}

    styles = _styles(sealed)
    assert styles.keys() == rasters
    assert {style.tag for style in styles.values()} == {"qgis"}


@pytest.mark.parametrize("name", ["landcover_2020", "change_2005-2020"])
def test_classes_look_as_in_the_file(sealed, name):
    """One entry a class, in the colours of the file's own table; outside is clear."""
    entries = _drawn(_styles(sealed)[name], "paletted").findall("colorPalette/paletteEntry")

    with rasterio.open(sealed / "data" / "rasters" / f"{name}.tif") as raster:
        table, tags = raster.colormap(1), raster.tags()
    classes = {key.removeprefix("CLASS_"): said for key, said in tags.items() if "CLASS_" in key}
    assert {each.get("value"): each.get("label") for each in entries} == classes
    for each in entries:
        red, green, blue, alpha = table[int(each.get("value", ""))]
        assert each.get("color") == f"#{red:02x}{green:02x}{blue:02x}"
        assert each.get("alpha") == str(alpha)


def test_a_composite_opens_in_natural_colour(sealed):
    """Red, green and blue are the bands of these roles, stretched in reflectance."""
    drawn = _drawn(_styles(sealed)["composite_2020"], "multibandcolor")

    for role in ("red", "green", "blue"):
        assert drawn.get(f"{role}Band") == str(made_up_inputs.BANDS.index(role) + 1)
        assert drawn.findtext(f"{role}ContrastEnhancement/minValue") == "0.0"
        assert drawn.findtext(f"{role}ContrastEnhancement/maxValue") == "0.35"


@pytest.mark.parametrize("name", ["ndvi_2020", "observations_2020"])
def test_grades_rise_from_the_least_to_the_most(sealed, name):
    """Values in the unit of the file, each with its colour."""
    items = _drawn(_styles(sealed)[name], "singlebandpseudocolor").findall(
        "rastershader/colorrampshader/item"
    )

    values = [float(each.get("value", "")) for each in items]
    assert values == sorted(set(values))
    assert len({each.get("color") for each in items}) == len(items)


def test_an_image_without_the_three_colours_opens_in_grey():
    """A sensor may lack blue."""
    whole = made_up.made_up_evidence()
    epochs = tuple(replace(each, bands=("green", "nir")) for each in whole.epochs)

    styles = raster_styles(replace(whole, epochs=epochs))

    assert b'type="singlebandgray"' in styles["rasters/composite_2020.qml"]


def test_a_name_cannot_break_out_of_a_style():
    """Letters that mean something to XML are kept as letters."""
    whole = made_up.made_up_evidence()
    classes = tuple(
        replace(each, title='<x y="&">') if each.code == made_up_world.MINE else each
        for each in whole.legend.classes
    )
    styles = raster_styles(replace(whole, legend=replace(whole.legend, classes=classes)))

    root = fromstring(styles["rasters/landcover_2020.qml"])  # noqa: S314 - written just above
    assert '<x y="&">' in {each.get("label") for each in root.iter("paletteEntry")}


_OPEN_IN_QGIS = """
import sys
from qgis.core import QgsApplication, QgsRasterLayer, QgsVectorLayer
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
data = sys.argv[1]
raster = QgsRasterLayer(f"{data}/rasters/landcover_2020.tif", "landcover")
vector = QgsVectorLayer(f"{data}/vectors/evidence.gpkg|layername=patches", "patches")
print(raster.isValid(), raster.renderer().type(), vector.isValid(), vector.renderer().type(),
      vector.attributeAlias(vector.fields().indexFromName("largest_ha")), sep="|")
"""


def test_qgis_takes_the_styles_up(sealed):
    """Where QGIS is installed: what it shows is what the styles say."""
    python = shutil.which("python3", path="/usr/bin")
    known = python and subprocess.run(
        [python, "-c", "import qgis.core"], capture_output=True, check=False
    )
    if not python or not known or known.returncode:
        pytest.skip("QGIS is not installed")

    run = subprocess.run(
        [python, "-c", _OPEN_IN_QGIS, str(sealed / "data")],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    said = "True|paletted|True|categorizedSymbol|Largest area (ha)"
    assert run.stdout.strip().splitlines()[-1] == said


def test_a_style_of_drawn_imagery_says_so_and_one_of_real_imagery_does_not():
    """A style may be passed on without the raster that it belongs to."""
    real = made_up.made_up_evidence()

    said = raster_styles(made_up.simulated(real)).values()

    assert all("SIMULATED IMAGERY – NOT EVIDENCE" in each.decode() for each in said)
    assert not any(b"SIMULATED" in each for each in raster_styles(real).values())
