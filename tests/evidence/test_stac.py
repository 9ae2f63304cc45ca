"""The catalogue beside the rasters describes just these rasters, by the standard's own schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pystac
import pytest
import rasterio
from pystac.validation.stac_validator import JsonSchemaSTACValidator

from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.evidence import stac
from reetrace.evidence.files import sha256_of
from tests import made_up


def _collection(bag: Path) -> pystac.Collection:
    return pystac.Collection.from_file(str(bag / "data" / stac.COLLECTION))


def _documents(bag: Path) -> dict[str, dict[str, Any]]:
    folder = bag / "data" / "rasters"
    return {path.name: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}


def test_collection_and_items_keep_the_schema_of_stac(sealed, sealed_simulated):
    """The schemas of STAC 1.1 as its own library ships them; no network."""
    types = pystac.STACObjectType
    kinds = {"Collection": types.COLLECTION, "Feature": types.ITEM}
    for bag in (sealed, sealed_simulated):
        for name, document in _documents(bag).items():
            kind = kinds[document["type"]]
            said = JsonSchemaSTACValidator().validate_core(document, kind, stac.VERSION)
            assert said, name


# What the four extensions ask of the members used here.
_ASSET = {
    "type": "object",
    "required": ["href", "type", "title", "roles", "file:checksum", "file:size", "bands"],
    "properties": {
        "href": {"pattern": r"^\./[A-Za-z0-9_.-]+\.tif$"},
        "file:checksum": {"pattern": "^1220[0-9a-f]{64}$"},
        "file:size": {"type": "integer", "minimum": 1},
        "data_type": {"enum": ["uint8", "uint16"]},
        "raster:scale": {"type": "number"},
        "raster:offset": {"type": "number"},
        "raster:spatial_resolution": {"type": "number", "exclusiveMinimum": 0},
        "bands": {"type": "array", "minItems": 1, "items": {"required": ["name"]}},
        "classification:classes": {
            "type": "array",
            "minItems": 1,
            "items": {
                "required": ["value", "name"],
                "properties": {
                    "value": {"type": "integer"},
                    "name": {"pattern": "^[0-9A-Za-z-_]+$"},
                    "color_hint": {"pattern": "^[0-9A-F]{6}$"},
                    "nodata": {"type": "boolean"},
                },
            },
        },
    },
}  # fmt: skip
_ITEM = {
    "required": ["assets", "properties", "stac_extensions"],
    "properties": {
        "assets": {"minProperties": 1, "additionalProperties": _ASSET},
        "properties": {
            "required": ["proj:code", "proj:shape", "proj:transform", "reetrace:simulated"],
            "properties": {
                "proj:code": {"pattern": "^EPSG:326[0-9]{2}$"},
                "proj:shape": {"type": "array", "minItems": 2, "maxItems": 2},
                "proj:transform": {"type": "array", "minItems": 6, "maxItems": 9},
                "proj:bbox": {"type": "array", "minItems": 4, "maxItems": 4},
                "reetrace:simulated": {"type": "boolean"},
            },
        },
    },
}  # fmt: skip


def test_items_keep_what_their_extensions_ask(sealed):
    """And every extension that is used is declared, and none besides."""
    for document in _documents(sealed).values():
        if document["type"] != "Feature":
            continue
        jsonschema.validate(document, _ITEM)
        text = json.dumps(document)
        used = {
            name
            for name, start in (
                ("classification", '"classification:'),
                ("file", '"file:'),
                ("projection", '"proj:'),
                ("raster", '"raster:'),
            )
            if start in text
        }
        assert document["stac_extensions"] == [stac.EXTENSIONS[each] for each in sorted(used)]


def test_every_raster_is_described_once_by_its_digest_and_size(sealed):
    """Neither a raster without description nor a description without raster."""
    assets = [asset for item in _collection(sealed).get_items() for asset in item.assets.values()]
    described = {Path(asset.href).name: asset.extra_fields for asset in assets}

    rasters = {path.name: path for path in (sealed / "data" / "rasters").glob("*.tif")}
    assert described.keys() == rasters.keys()
    assert len(assets) == len(rasters)
    for name, path in rasters.items():
        assert described[name]["file:checksum"] == f"1220{sha256_of(path)}"
        assert described[name]["file:size"] == path.stat().st_size


def test_items_say_what_the_rasters_say(sealed):
    """Grid, bands, type, scale and blank value are those in the files."""
    for item in _collection(sealed).get_items():
        for asset in item.assets.values():
            with rasterio.open(sealed / "data" / "rasters" / Path(asset.href).name) as raster:
                assert item.properties["proj:code"] == f"EPSG:{raster.crs.to_epsg()}"
                assert tuple(item.properties["proj:shape"]) == raster.shape
                assert tuple(item.properties["proj:transform"]) == tuple(raster.transform)[:6]
                names = tuple(band["name"] for band in asset.extra_fields["bands"])
                assert names == raster.descriptions
                assert asset.extra_fields["data_type"] == raster.dtypes[0]
                assert asset.extra_fields.get("nodata") == raster.nodata
                assert asset.extra_fields.get("raster:scale", 1.0) == raster.scales[0]
                assert asset.extra_fields.get("raster:offset", 0.0) == raster.offsets[0]
                assert asset.extra_fields.get("unit") == raster.units[0]


def test_classes_have_the_names_and_colours_of_the_legend(sealed):
    """As in the file's own colour table."""
    (item,) = [each for each in _collection(sealed).get_items() if each.id.endswith("_2020")]

    classes = item.assets["landcover"].extra_fields["classification:classes"]
    assert [(each["value"], each["name"], each["color_hint"]) for each in classes] == [
        (0, "not-seen", "D9D9D9"),
        (1, "non-mine", "009E73"),
        (2, "mine", "D55E00"),
        (255, "outside", "FFFFFF"),
    ]


def test_an_item_leads_to_the_scenes_it_was_made_from(sealed):
    """Each link points at the very entry of the list of images."""
    scenes = json.loads((sealed / "data" / "scenes.json").read_text("utf-8"))
    found = {}
    for epoch in made_up.made_up_evidence().epochs:
        document = _documents(sealed)[f"{epoch.label}.json"]
        links = [each for each in document["links"] if each["rel"] == "derived_from"]
        found[epoch.label] = [each["title"] for each in links]
        for link in links:
            file, _, pointer = link["href"].partition("#")
            assert file == "../scenes.json"
            _, _, number, _, place = pointer.split("/")
            assert scenes["epochs"][int(number)]["scenes"][int(place)]["id"] == link["title"]

    assert found == {
        epoch.label: [scene.id for scene in epoch.scenes]
        for epoch in made_up.made_up_evidence().epochs
    }


def test_change_leads_to_the_two_maps_it_was_made_from(sealed):
    """And those items are there."""
    document = _documents(sealed)["2005-2020.json"]

    links = [each["href"] for each in document["links"] if each["rel"] == "derived_from"]
    assert links == ["./2005.json", "./2020.json"]


def test_every_link_leads_to_a_file_of_the_folder(sealed):
    """Nothing outside, so that the folder can be moved or published as it is."""
    folder = sealed / "data" / "rasters"
    for document in _documents(sealed).values():
        for link in document["links"]:
            assert (folder / link["href"].partition("#")[0]).resolve().is_file()


def test_drawn_imagery_is_said_in_every_item_and_asset(sealed_simulated, sealed):
    """In words and as a flag; real imagery carries neither."""
    for document in _documents(sealed_simulated).values():
        assert document["notice"] == SIMULATED_NOTICE
        if document["type"] == "Feature":
            assert document["properties"]["reetrace:simulated"] is True
            assert document["properties"]["title"].startswith(SIMULATED_NOTICE)
            for asset in document["assets"].values():
                assert asset["title"].startswith(SIMULATED_NOTICE)
    assert SIMULATED_NOTICE not in json.dumps(_documents(sealed), ensure_ascii=False)


def test_the_box_holds_the_area_of_interest(sealed):
    """In degrees, west before east."""
    west, south, east, north = _documents(sealed)["2020.json"]["bbox"]

    assert west == pytest.approx(98.515, abs=0.001)
    assert east == pytest.approx(98.556, abs=0.001)
    assert (south, north) == (pytest.approx(25.790, abs=0.001), pytest.approx(25.921, abs=0.001))


def test_a_folder_without_rasters_has_no_catalogue(tmp_path):
    """An empty collection would describe nothing."""
    assert stac.describe(made_up.made_up_evidence(rasters=()), tmp_path) == {}
