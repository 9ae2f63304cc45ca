"""A map whose pictures come from Earth Engine while the session lasts: folium, through geemap."""

from __future__ import annotations

import functools
import html
import importlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from reetrace.core.errors import OutputError
from reetrace.core.landcover import NOT_SEEN, OUTSIDE, Legend
from reetrace.core.raster import NDVI_SCALE, UNSEEN, Composite, LandcoverMap
from reetrace.engines.earthengine.counting import features_of
from reetrace.engines.earthengine.remote import RemotePixels
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.trees import band_names

if TYPE_CHECKING:
    import ee

KINDS = ("Natural colour", "False colour", "Vegetation index (NDVI)", "Land cover")

_PARTS = Path(__file__).with_name("webmap_parts")

_LIBRARIES = "cdn.jsdelivr.net"
"""The one host that the page's own programs come from."""

_GAMMA = 1 / 0.75
"""The lift of the shadows of every other picture: value ** 0.75."""

_NDVI_PALETTE = ("fffbe0", "d9f0a3", "78c679", "238443", "004529")


@dataclass(frozen=True)
class Tiles:
    """One picture of one epoch, computed on the server tile by tile."""

    kind: str
    epoch: str
    image: ee.Image
    look: dict[str, Any]
    """Visualisation parameters as Earth Engine has them."""
    tag: str


@dataclass(frozen=True)
class Outlines:
    """Zones or footprints that are shown and hidden together."""

    title: str
    features: tuple[dict[str, Any], ...]
    """GeoJSON, each with the property `name`."""
    colour: str
    dashes: str
    shown: bool


def picture(
    composite: Composite[RemotePixels],
    kind: Literal["Natural colour", "False colour"],
    roles: tuple[str, str, str],
    limits: Sequence[tuple[float, float]],
) -> Tiles:
    """Three bands as red, green and blue.

    Args:
        composite: Holds the bands.
        kind: What the list calls it.
        roles: In the order red, green, blue.
        limits: Stored reflectance that is black and that is full, for each of them.
    """
    image, bands = composite.pixels.image, list(band_names(roles))
    return Tiles(
        kind,
        composite.epoch.label,
        image.updateMask(image.select(0).neq(UNSEEN)).select(bands),
        {
            "bands": bands,
            "min": [low for low, _ in limits],
            "max": [high for _, high in limits],
            "gamma": _GAMMA,
        },
        composite.pixels.tag,
    )


def vegetation(composite: Composite[RemotePixels]) -> Tiles:
    """The vegetation index, 0 to 0.9."""
    image = composite.pixels.image
    index = features_of(image, ("ndvi",)).updateMask(image.select(0).neq(UNSEEN))
    look = {"min": NDVI_SCALE, "max": 1.9 * NDVI_SCALE, "palette": list(_NDVI_PALETTE)}
    return Tiles(KINDS[2], composite.epoch.label, index, look, composite.pixels.tag)


def landcover(classified: LandcoverMap[RemotePixels], legend: Legend) -> Tiles:
    """The classes in the legend's colours."""
    image = classified.pixels.image
    seen = image.neq(NOT_SEEN).And(image.neq(OUTSIDE))
    colours = {each.code: each.colour.lstrip("#") for each in legend.classes}
    look = {
        "min": min(colours),
        "max": max(colours),
        "palette": [colours.get(code, "000000") for code in range(min(colours), max(colours) + 1)],
    }
    return Tiles(
        KINDS[3], classified.epoch.label, image.updateMask(seen), look, classified.pixels.tag
    )


def write_map(
    path: Path,
    service: Service,
    *,
    title: str,
    facts: str,
    notice: str,
    tiles: Sequence[Tiles],
    outlines: Sequence[Outlines],
    bounds: tuple[float, float, float, float],
) -> None:
    """Ask for the tiles of every picture, and write the page that shows them.

    Args:
        path: The file.
        service: Gives an address for the tiles of a picture, which holds for some hours.
        title: Of the page.
        facts: What else is to be said of it, in plain text.
        notice: Of drawn imagery; empty for real imagery.
        tiles: Pictures, by kind and epoch.
        outlines: Drawn above them.
        bounds: (west, south, east, north) in degrees, shown first.

    Raises:
        ServiceError: The service refused.
        OutputError: The file cannot be written.
    """
    page = page_of(
        service, title=title, facts=facts, notice=notice, tiles=tiles, outlines=outlines,
        bounds=bounds,
    )  # fmt: skip
    aside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(page, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error}). Free some space, or name "
            "another file with --out."
        ) from error


def page_of(
    service: Service,
    *,
    title: str,
    facts: str,
    notice: str,
    tiles: Sequence[Tiles],
    outlines: Sequence[Outlines],
    bounds: tuple[float, float, float, float],
) -> str:
    """The page of `write_map`."""
    folium_map = _empty_map()
    layers = [_tile_layer(service, each) for each in tiles]
    for layer in layers:
        layer.add_to(folium_map)
    for each in outlines:
        _outline_layer(each).add_to(folium_map)
    west, south, east, north = bounds
    folium_map.fit_bounds([[south, west], [north, east]])
    _compare(folium_map, tiles, layers)
    folium_map.add_layer_control()
    figure = folium_map.get_root()
    figure.title = html.escape(f"{notice} · {title}" if notice else title)
    host = _host(layers)
    figure.header.add_child(_frame("head", host=host, libraries=_LIBRARIES), name="policy")
    figure.html.add_child(
        _frame("frame", title=title, facts=facts, notice=notice, host=host, libraries=_LIBRARIES),
        name="frame",
    )
    return _readable(str(figure.render()))


def _readable(page: str) -> str:
    """What folium leaves out: the language, and leave to enlarge the page."""
    page = page.replace("<html>", '<html lang="en">', 1)
    return re.sub(r",\s*maximum-scale=1\.0,\s*user-scalable=no", "", page, count=1)


def _empty_map() -> Any:  # noqa: ANN401 - geemap has no types
    """A map without a base layer: whoever serves one would learn which place is looked at."""
    empty = _foliumap().Map(
        ee_initialize=False,
        tiles=None,
        plugin_Draw=False,
        plugin_Fullscreen=False,
        search_control=False,
        height="100%",
        control_scale=True,
    )
    # Icons, buttons and jQuery of folium's own are not used, and each is another host.
    empty.default_js = [each for each in empty.default_js if each[0] == "leaflet"]
    empty.default_css = [each for each in empty.default_css if each[0] == "leaflet_css"]
    return empty


def _foliumap() -> Any:  # noqa: ANN401 - geemap has no types
    """The folium side of geemap, which needs to be told, and hides behind its widgets."""
    os.environ.setdefault("USE_FOLIUM", "1")
    geemap: Any = importlib.import_module("geemap")
    # Who imported geemap before, as in a notebook, has a table in place of this module of its.
    shown = geemap.basemaps
    geemap.basemaps = importlib.import_module("geemap.basemaps")
    try:
        return importlib.import_module("geemap.foliumap")
    finally:
        geemap.basemaps = shown


def _tile_layer(service: Service, tiles: Tiles) -> Any:  # noqa: ANN401 - geemap has no types
    """The layer, once the service has told where its tiles are."""
    from geemap.ee_tile_layers import EEFoliumTileLayer  # type: ignore[import-untyped]

    name = html.escape(f"{tiles.epoch} {tiles.kind}")
    make = functools.partial(EEFoliumTileLayer, tiles.image, dict(tiles.look), name, shown=False)
    doing = f"asking for the tiles of {tiles.epoch}, {tiles.kind}"
    layer = service.ask(make, tiles.tag, doing)
    layer.control = False
    return layer


def _outline_layer(outlines: Outlines) -> Any:  # noqa: ANN401 - folium has no types
    import folium

    style = {
        "color": outlines.colour,
        "weight": 2,
        "dashArray": outlines.dashes or None,
        "fillOpacity": 0.0,
    }
    collection = {
        "type": "FeatureCollection",
        # Leaflet takes what it is given for HTML.
        "features": [
            {**each, "properties": {"name": html.escape(str(each["properties"]["name"]))}}
            for each in outlines.features
        ],
    }
    return folium.GeoJson(
        collection,
        name=html.escape(outlines.title),
        show=outlines.shown,
        style_function=lambda _: style,
        tooltip=folium.GeoJsonTooltip(fields=["name"], labels=False),
    )


def _compare(folium_map: Any, tiles: Sequence[Tiles], layers: Sequence[Any]) -> None:  # noqa: ANN401 - folium has no types
    """The divider, and the lists that choose what lies on either side of it."""
    from folium.plugins import SideBySideLayers
    from folium.template import Template

    control: Any = SideBySideLayers(layers[0], layers[-1])  # type: ignore[no-untyped-call]
    template = (_PARTS / "compare.js.j2").read_text(encoding="utf-8")
    control._template = Template(template)  # noqa: SLF001 - the one way to say what it draws
    control.choices = [
        {"kind": each.kind, "epoch": each.epoch, "layer": layer.get_name()}
        for each, layer in zip(tiles, layers, strict=True)
    ]
    control.add_to(folium_map)


def _frame(part: str, **facts: str) -> Any:  # noqa: ANN401 - branca has no types
    from branca.element import Element
    from jinja2 import Environment

    written = (_PARTS / f"{part}.html.j2").read_text(encoding="utf-8")
    text = Environment(autoescape=True).from_string(written).render(**facts)
    # Branca takes it for a template of its own.
    return Element("{% raw %}" + text.replace("{%", "{ %") + "{% endraw %}")


def _host(layers: Sequence[Any]) -> str:
    """Scheme and host of the tiles."""
    from urllib.parse import urlsplit

    parts = urlsplit(layers[0].url_format)
    return f"{parts.scheme}://{parts.netloc}"
