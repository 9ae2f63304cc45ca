"""Styles for QGIS: outlines and rasters open with the colours, names and units of the report.

Written in the QML of QGIS 3.22, the oldest release that knows every element used here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Comment, Element, SubElement, indent, tostring

from reetrace.core.evidence import SIMULATED_NOTICE, Evidence, RasterRecord
from reetrace.evidence.rasters import ROLE_COLOURS, classes_of

_VERSION = "3.22.0"
_POINTS, _AREAS = "0", "2"

_INK = "#1f2937"
_BORDER, _MINE, _AREA = "#7b3294", "#b15928", "#1f2937"

# Okabe-Ito hues, told apart by colour-blind readers; the shapes tell them apart in grey.
_STATES = (
    ("came", "came and stayed", "#d55e00", "circle"),
    ("went", "went and stayed away", "#0072b2", "square"),
    ("came-and-went", "came and went", "#cc79a7", "triangle"),
    ("intermittent", "there at some epochs", "#e69f00", "diamond"),
)
_ROLES = (
    ("area-of-interest", "study area", _AREA, "solid"),
    ("mine", "mine", _MINE, "dash"),
    ("country", "side of a border", _BORDER, "dot"),
)

# Reflectance between these is stretched from black to white; ground rarely leaves them.
_DARK, _BRIGHT = 0.0, 0.35

# NDVI from bare ground to dense forest, light to dark so that it survives grey print.
_GREENNESS = (
    (-0.2, "#8c510a"), (0.0, "#d8b365"), (0.2, "#f6e8c3"), (0.4, "#c7eae5"),
    (0.6, "#5ab4ac"), (0.9, "#01665e"),
)  # fmt: skip
_COUNTS = ((0, "#440154"), (1, "#3b528b"), (3, "#21918c"), (6, "#5ec962"), (10, "#fde725"))


def layer_style(evidence: Evidence, layer: str, aliases: Mapping[str, str]) -> str:
    """Style of one layer of outlines.

    Args:
        evidence: Gives the colours of the classes.
        layer: Name of the layer.
        aliases: Field to the title that QGIS shows for it.
    """
    root = _root("Symbology|Fields", evidence)
    if layer == "patches":
        _by_value(root, "state", "marker", _STATES)
    elif layer == "zones":
        _by_value(root, "role", "line", _ROLES)
    else:
        colours = {each.name: each.colour for each in evidence.legend.classes}
        renderer = _renderer(root, "singleSymbol")
        _symbol(SubElement(renderer, "symbols"), 0, "fill", colours[evidence.legend.target], "")
    named = SubElement(root, "aliases")
    for index, (field, title) in enumerate(aliases.items(), start=1):
        SubElement(named, "alias", field=field, index=str(index), name=title)
    SubElement(root, "layerGeometryType").text = _POINTS if layer == "patches" else _AREAS
    return _text(root)


def raster_styles(evidence: Evidence) -> dict[str, bytes]:
    """Styles beside the rasters, by their path relative to `data/`; QGIS takes them up itself."""
    return {
        f"{record.path.removesuffix('.tif')}.qml": _raster_style(evidence, record).encode()
        for record in evidence.rasters
    }


def _raster_style(evidence: Evidence, record: RasterRecord) -> str:
    root = _root("Symbology", evidence)
    pipe = SubElement(root, "pipe")
    if record.kind in {"landcover", "change"}:
        legend = evidence.legend if record.kind == "landcover" else None
        _paletted(pipe, classes_of(legend))
    elif record.kind == "composite":
        bands = next(each.bands for each in evidence.epochs if each.label == record.epochs[0])
        _coloured(pipe, bands)
    else:
        stops: Sequence[tuple[float, str]] = _GREENNESS if record.kind == "ndvi" else _COUNTS
        _graded(pipe, stops)
    return _text(root)


def _paletted(pipe: Element, classes: Sequence[tuple[int, str, str]]) -> None:
    drawn = _drawing(pipe, "paletted", band="1")
    palette = SubElement(drawn, "colorPalette")
    *shown, (outside, beyond, blank) = classes
    for code, name, colour in shown:
        SubElement(palette, "paletteEntry", value=str(code), label=name, color=colour, alpha="255")
    SubElement(palette, "paletteEntry", value=str(outside), label=beyond, color=blank, alpha="0")


def _coloured(pipe: Element, bands: Sequence[str]) -> None:
    """Natural colour where the three bands are there, else the first band in grey."""
    if not set(ROLE_COLOURS) <= set(bands):
        drawn = _drawing(pipe, "singlebandgray", grayBand="1", gradient="BlackToWhite")
        _stretch(drawn, "contrastEnhancement")
        return
    at = {f"{role}Band": str(bands.index(role) + 1) for role in ROLE_COLOURS}
    drawn = _drawing(pipe, "multibandcolor", **at)
    for role in ROLE_COLOURS:
        _stretch(drawn, f"{role}ContrastEnhancement")


def _stretch(drawn: Element, name: str) -> None:
    stretch = SubElement(drawn, name)
    # QGIS applies the scale and offset in the file first, so these are reflectances.
    SubElement(stretch, "minValue").text = str(_DARK)
    SubElement(stretch, "maxValue").text = str(_BRIGHT)
    SubElement(stretch, "algorithm").text = "StretchToMinimumMaximum"


def _graded(pipe: Element, stops: Sequence[tuple[float, str]]) -> None:
    low, high = str(stops[0][0]), str(stops[-1][0])
    drawn = _drawing(
        pipe, "singlebandpseudocolor", band="1", classificationMin=low, classificationMax=high
    )
    shader = SubElement(SubElement(drawn, "rastershader"), "colorrampshader")
    shader.attrib |= {
        "colorRampType": "INTERPOLATED",
        "classificationMode": "1",
        "clip": "0",
        "minimumValue": low,
        "maximumValue": high,
    }
    for value, colour in stops:
        SubElement(shader, "item", value=str(value), label=str(value), color=colour, alpha="255")


def _drawing(pipe: Element, kind: str, **attributes: str) -> Element:
    looks = {"type": kind, "opacity": "1", "alphaBand": "-1", "nodataColor": "", **attributes}
    drawn = SubElement(pipe, "rasterrenderer", looks)
    SubElement(drawn, "rasterTransparency")
    return drawn


def _root(categories: str, evidence: Evidence) -> Element:
    root = Element("qgis", version=_VERSION, styleCategories=categories)
    if evidence.simulated:
        root.append(Comment(f" {SIMULATED_NOTICE} "))
    return root


def _renderer(root: Element, kind: str, **attributes: str) -> Element:
    looks = {"type": kind, "symbollevels": "0", "enableorderby": "0", "forceraster": "0"}
    return SubElement(root, "renderer-v2", looks | attributes)


def _by_value(
    root: Element, field: str, kind: str, values: Sequence[tuple[str, str, str, str]]
) -> None:
    """One symbol a value: (value, label, colour, shape or dash)."""
    renderer = _renderer(root, "categorizedSymbol", attr=field)
    categories = SubElement(renderer, "categories")
    symbols = SubElement(renderer, "symbols")
    for number, (value, label, colour, form) in enumerate(values):
        SubElement(
            categories, "category", symbol=str(number), value=value, label=label, render="true"
        )
        _symbol(symbols, number, kind, colour, form)


def _symbol(symbols: Element, number: int, kind: str, colour: str, form: str) -> None:
    outlined = "fill" if kind == "line" else kind
    symbol = SubElement(
        symbols, "symbol", type=outlined, name=str(number), alpha="1", clip_to_extent="1",
        force_rhr="0",
    )  # fmt: skip
    looks = {
        "fill": ("SimpleFill", {
            "color": _rgba(colour, 90), "style": "solid", "outline_color": _rgba(colour, 255),
            "outline_style": "solid", "outline_width": "0.4", "outline_width_unit": "MM",
            "joinstyle": "bevel",
        }),
        "line": ("SimpleLine", {
            "line_color": _rgba(colour, 255), "line_style": form, "line_width": "0.6",
            "line_width_unit": "MM", "joinstyle": "bevel", "capstyle": "square",
        }),
        "marker": ("SimpleMarker", {
            "name": form, "color": _rgba(colour, 255), "size": "3", "size_unit": "MM",
            "outline_color": _rgba(_INK, 255), "outline_style": "solid", "outline_width": "0.2",
        }),
    }  # fmt: skip
    name, options = looks[kind]
    layer = SubElement(
        symbol, "layer", attrib={"class": name, "enabled": "1", "pass": "0", "locked": "0"}
    )
    listed = SubElement(layer, "Option", type="Map")
    for option, value in options.items():
        SubElement(listed, "Option", type="QString", name=option, value=value)


def _rgba(colour: str, alpha: int) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"


def _text(root: Element) -> str:
    indent(root, " ")
    return tostring(root, encoding="unicode") + "\n"
