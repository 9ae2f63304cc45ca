"""Registry, label, catalogue and raster files that cannot be what they are said to be."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reetrace import tables
from tests import worlds
from tests.cli.refusing import Bad, ids, refused
from tests.registry import made_up_sites as sites

ROLES = tables.sensor("landsat8-oli").roles
SITES = ("sites", "list", "--registry", "reg")
SHOW = ("labels", "list", "--registry", "reg")
SCENES = ("scenes", "list", "--scenes", "scenes")
ADD = (
    "scenes",
    "add",
    "clip.tif",
    "--sensor",
    "landsat8-oli",
    "--date",
    "2018-09-06",
    "--bands",
    ",".join(ROLES),
)

IMPORT = ("labels", "import", "mine-A", "p.geojson", "--as", "mine")
POINT = ("sites", "add", "my-mine", "--point", "10", "50")

Made = Callable[[Path], object]


def _file(name: str, content: bytes) -> Made:
    def put(folder: Path) -> object:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.write_bytes(content)

    return put


def _site(*features: Any, **record: Any) -> Made:
    made = sites.document(*features, **record)
    return _file("reg/sites/made-up.geojson", json.dumps(made).encode())


def _ring(*places: tuple[float, float]) -> Made:
    return _site(sites.feature(ring=[list(place) for place in places]))


def _labels(*points: Any, **record: Any) -> Made:
    made = json.dumps(sites.labels_document(*points, **record)).encode()
    return _file("reg/labels/made-up/2020.geojson", made)


def _touched(path: Path) -> Path:
    path.touch()
    return path


def _printed(folder: Path) -> object:
    point = sites.point(1, interpreter="\u0645\u0646")
    made = json.dumps(sites.labels_document(point, site="kachin-nujiang"))
    return _file("reg/labels/kachin-nujiang/2020.geojson", made.encode())(folder)


def _linked(name: str) -> Made:
    def put(folder: Path) -> object:
        path = folder / name
        path.parent.mkdir(parents=True)
        path.symlink_to(path)
        return path

    return put


HOME = "reg/sites/made-up.geojson"

REGISTRY = (
    Bad("site garbage", SITES, ("made-up.geojson", "not valid JSON"), _file(HOME, b"\xb5\x00")),
    Bad("site empty", SITES, ("made-up.geojson", "not valid JSON"), _file(HOME, b"")),
    Bad("site cut off", SITES, ("made-up.geojson", "FeatureCollection"), _file(HOME, b'{"a": ')),
    Bad("site nested", SITES, ("nested too deeply",), _file(HOME, b"[" * 100_000)),
    Bad("site list", SITES, ("made-up.geojson", "needed"), _file(HOME, b"[]")),
    Bad("site goes round", SITES, ("made-up.geojson", "cannot be read"), _linked(HOME)),
    Bad("site version", SITES, ("reetrace.schema", "site-9", "`site-1`"), _site(schema="site-9")),
    Bad("site id is a path", SITES, ("reetrace.id", "../x"), _site(id="../x")),
    Bad("site id other", SITES, ("must be called other.geojson",), _site(id="other")),
    Bad(
        "name steers", SITES, ("reetrace.names",), _site(names=[{"text": "\x1b", "language": "en"}])
    ),
    Bad("alias taken", SITES, ("mine-a", "already names"), _site(aliases=["mine-A"])),
    Bad("precision", SITES, ("precision_m",), _site(sites.feature(precision_m=float("nan")))),
    Bad("licence", SITES, ("licence",), _site(sites.feature(licence=""))),
    Bad(
        "role twice",
        SITES,
        ("area-of-interest", "exactly 1"),
        _site(sites.feature(), sites.feature()),
    ),
    Bad("swapped", SITES, ("swapped",), _ring((50, 100), (51, 100), (51, 101), (50, 100))),
    Bad(
        "projected", SITES, ("metres", "EPSG:4326"), _ring((4e5, 2), (4e5, 3), (4.1e5, 3), (4e5, 2))
    ),
    Bad(
        "bow-tie",
        SITES,
        ("not valid",),
        _ring((10, 50), (10.1, 50.1), (10.1, 50), (10, 50.1), (10, 50)),
    ),
    Bad("open ring", SITES, ("not closed",), _ring((10, 50), (10.1, 50), (10.1, 50.1), (10, 50.1))),
    Bad("no ring", SITES, ("coordinates",), _ring()),
    Bad(
        "part of nothing",
        ("report", "--site", "made-up", "--years", "2020", "--registry", "reg"),
        ("reetrace.part_of", "'nowhere'"),
        _site(part_of="nowhere"),
    ),
    Bad(
        "no imagery",
        ("report", "--site", "made-up", "--years", "2020", "--registry", "reg"),
        ("made-up 2020: no scene", "scenes add"),
        _site(),
    ),
    Bad(
        "name without letters",
        ("report", "--site", "made-up", "--years", "2020", "--registry", "reg"),
        ("site made-up, name (en): no font of the report has", "U+1FAA8"),
        _site(names=[{"text": "Rock \U0001faa8", "language": "en"}], part_of=None),
    ),
    Bad(
        "interpreter without letters",
        ("report", "--site", "mine-A", "--years", "2020", "--registry", "reg"),
        ("labels of kachin-nujiang 2020, p1: interpreter: no font", "U+0645"),
        _printed,
    ),
    Bad(
        "published cut off",
        ("sites", "show", "mine-A", "--registry", "reg"),
        ("own.toml: not valid TOML",),
        _file("reg/published/own.toml", b"id ="),
    ),
)

LABELS = (
    Bad(
        "labels garbage",
        SHOW,
        ("2020.geojson", "not valid JSON"),
        _file("reg/labels/x/2020.geojson", b"\xff"),
    ),
    Bad("labels version", SHOW, ("reetrace.schema is 'labels-9'",), _labels(schema="labels-9")),
    Bad("labels design", SHOW, ("reetrace.design is 'random'",), _labels(design="random")),
    Bad("no strata", SHOW, ("reetrace.strata is empty",), _labels(design="stratified")),
    Bad("id twice", SHOW, ("'p1'", "stands twice"), _labels(sites.point(1), sites.point(1))),
    Bad("nobody saw it", SHOW, ("'p1'", "interpreter"), _labels(sites.point(1, interpreter=""))),
    Bad(
        "no place",
        SHOW,
        ("'p1'", "not a number"),
        _labels(
            {**sites.point(1), "geometry": {"type": "Point", "coordinates": [float("nan"), 5]}}
        ),
    ),
    Bad(
        "map without =",
        (*IMPORT, "--epoch", "2005", "--map", "x"),
        ("--map 'x'",),
    ),
    Bad(
        "epoch is a path",
        (*IMPORT, "--epoch", "../2005"),
        ("--epoch '../2005'",),
    ),
    Bad(
        "no label file",
        (*IMPORT, "--epoch", "2005"),
        ("p.geojson: no such file",),
    ),
)

ADDING = (
    Bad("no radius", POINT, ("--radius-km",)),
    Bad("endless radius", (*POINT, "--radius-km", "inf"), ("radius",)),
    Bad(
        "point is nan",
        ("sites", "add", "my-mine", "--point", "nan", "50", "--radius-km", "2"),
        ("not a number",),
    ),
    Bad(
        "point swapped",
        ("sites", "add", "my-mine", "--point", "25.89", "98.53", "--radius-km", "2"),
        ("swapped",),
    ),
    Bad(
        "id taken",
        ("sites", "add", "mine-A", "--point", "10", "50", "--radius-km", "2"),
        ("'mine-A'", "already"),
    ),
    Bad("id is a path", (*POINT[:2], "../x", *POINT[3:], "--radius-km", "2"), ("id '../x'",)),
    Bad(
        "unknown legend",
        (*POINT, "--radius-km", "2", "--legend", "mines"),
        ("'mines'", "'mine'"),
    ),
    Bad(
        "too near",
        ("sites", "add", "my-mine", "--point", "98.53", "25.89", "--radius-km", "2"),
        ("--near-ok",),
    ),
    Bad(
        "garbage outline",
        ("sites", "add", "my-mine", "file.geojson"),
        ("file.geojson",),
        _file("file.geojson", b"\x00\xff"),
    ),
    Bad(
        "endless outline",
        ("sites", "add", "my-mine", "file.geojson"),
        ("file.geojson: holds 60 MB, more than the 50 that are read",),
        lambda folder: os.truncate(_touched(folder / "file.geojson"), 60_000_000),
    ),
    Bad("nothing to import", ("sites", "import", "no.geojson"), ("no.geojson: no such file",)),
)


def _clip(folder: Path) -> Path:
    generator = np.random.default_rng(2)
    world = worlds.forest(40, 40)
    bands = np.stack(
        [world.reflectance(role) * 10_000 + generator.integers(0, 40, (40, 40)) for role in ROLES]
    )
    return worlds.write_raster(folder / "clip.tif", bands.astype("int16"), world)


def _cut(folder: Path) -> object:
    path = _clip(folder)
    return path.write_bytes(path.read_bytes()[:9_000])


def _flat(value: float, dtype: str, **profile: Any) -> Made:
    def put(folder: Path) -> object:
        import rasterio
        from rasterio.transform import Affine

        wanted = {
            "driver": "GTiff", "height": 20, "width": 20, "count": 6, "dtype": dtype,
            "crs": "EPSG:32647", "transform": Affine(30, 0, 452_919, 0, -30, 2_863_586), **profile,
        }  # fmt: skip
        with rasterio.open(folder / "clip.tif", "w", **wanted) as raster:
            raster.write(np.full((6, 20, 20), value, dtype))
        return folder

    return put


RASTERS = (
    Bad("no raster", ADD, ("clip.tif: no such file",)),
    Bad("empty raster", ADD, ("clip.tif: cannot be read",), _file("clip.tif", b"")),
    Bad(
        "garbage raster", ADD, ("clip.tif: cannot be read",), _file("clip.tif", b"II*\x00 garbage")
    ),
    Bad("raster cut off", ADD, ("clip.tif", "fetch it again"), _cut),
    Bad("no CRS", ADD, ("clip.tif: no CRS", "gdal_translate"), _flat(9_000, "uint16", crs=None)),
    Bad("8 bit", ADD, ("clip.tif", "8-bit digital numbers"), _flat(100, "uint8")),
    Bad("all no data", ADD, ("clip.tif", "no pixel holds a measurement"), _flat(0, "uint16")),
    Bad("near sensor", (*ADD[:4], "landsat8-ol", *ADD[5:]), ("mean 'landsat8-oli'",), _clip),
    Bad(
        "German date",
        (*ADD[:6], "06.09.2018", *ADD[7:]),
        ("--date 06.09.2018", "2018-09-06"),
        _clip,
    ),
    Bad("day to come", (*ADD[:6], "2990-01-01", *ADD[7:]), ("--date 2990-01-01", "served"), _clip),
    Bad("misspelt band", (*ADD[:8], "read,green"), ("--bands",), _clip),
    Bad("scale of nothing", (*ADD, "--scale", "0"), ("--scale 0",), _clip),
    Bad("scale ten times", (*ADD, "--scale", "0.001"), ("clip.tif",), _clip),
    Bad("scale is nan", (*ADD, "--scale", "nan"), ("scale",), _clip),
    Bad(
        "quality missing",
        (*ADD, "--scale", "0.0001", "--qa", "qa.tif"),
        ("qa.tif: no such file",),
        _clip,
    ),
    Bad(
        "scenes is a file",
        (*ADD, "--scale", "0.0001", "--scenes", "clip.tif"),
        ("clip.tif: is a file",),
        _clip,
    ),
    Bad("item cut off", SCENES, ("x.json: not valid JSON",), _file("scenes/x.json", b"{")),
    Bad("item nested", SCENES, ("x.json: not valid JSON",), _file("scenes/x.json", b"[" * 100_000)),
    Bad("item goes round", SCENES, ("x.json: cannot be read",), _linked("scenes/x.json")),
    Bad(
        "item without assets",
        SCENES,
        ("x.json: assets is",),
        _file(
            "scenes/x.json",
            b'{"type": "Feature", "stac_version": "1", "id": "x", "assets": 3, "properties": {}}',
        ),
    ),
)


@pytest.mark.parametrize("case", [*REGISTRY, *LABELS, *ADDING, *RASTERS], ids=ids)
def test_a_bad_file_is_one_line_and_leaves_nothing(case, tmp_path, capsys, monkeypatch):
    """The line names the file and what is wrong with it; what lay there lies there still."""
    refused(case, tmp_path, capsys, monkeypatch)
