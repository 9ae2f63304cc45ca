"""Real files of four sensors pass; real files with real defects are refused with the evidence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reetrace import tables
from reetrace.core.errors import ImageryError, SettingError
from reetrace.core.raster import decode_reflectance
from reetrace.engines.local import LocalEngine
from reetrace.engines.local.register import Registered, Request, add_scene
from tests import worlds
from tests.real_data import real

LA_PAMPA = "landsat8_lapampa_mine/LC08_003069_20180906_sr_clip.tif"
PORTO_VELHO = "landsat8_portovelho_2019/LC08_232066_20190727_sr.tif"
COSTA_RICA = "landsat5_costarica_1986_2001/LT05_015053_19860206_sr_"
TROMBETAS = "sentinel2_porto_trombetas/S2_L2A_porto_trombetas_with_0p1_offset.tif"


def _add(
    folder: Path,
    name: str,
    sensor: str,
    date: str,
    *,
    bands: tuple[str, ...] = (),
    scale: float | None = None,
    offset: float | None = None,
) -> Registered:
    request = Request((real(name),), sensor, date, bands=bands, scale=scale, offset=offset)
    return add_scene(request, folder)


@pytest.mark.parametrize(
    ("name", "sensor", "date", "scale", "offset", "bands"),
    [
        (LA_PAMPA, "landsat8-oli", "2018-09-06", 0.0001, None, 6),
        (PORTO_VELHO, "landsat8-oli", "2019-07-27", 0.0001, None, 6),
        (f"{COSTA_RICA}reflectance.tif", "landsat5-tm", "1986-02-06", None, None, 4),
        (TROMBETAS, "sentinel2-msi", "2023-08-14", 0.0001, -0.1, 10),
    ],
)
def test_real_surface_reflectance_passes(
    tmp_path: Path,
    name: str,
    sensor: str,
    date: str,
    scale: float | None,
    offset: float | None,
    bands: int,
) -> None:
    """Forest, savanna, town, river and bare mine floor: the bands are found by their names."""
    added = _add(tmp_path / "scenes", name, sensor, date, scale=scale, offset=offset)

    assert len(added.item.roles) == bands
    assert not added.inspection.simulated
    assert added.inspection.doubts == (
        "no quality band: cloud and shadow in it were not taken out",
    )


@pytest.mark.parametrize(
    ("name", "sensor", "scale", "offset", "evidence"),
    [
        ("landsat5_para_1988/LT05_224063_19880814_dn.tif", "landsat5-tm", None, None, "8-bit"),
        (f"{COSTA_RICA}as_distributed.tif", "landsat5-tm", 0.0001, None, "green 0.495"),
        (TROMBETAS, "sentinel2-msi", 0.0001, 0.0, "the same 0.10-0.12"),
        (TROMBETAS, "sentinel2-msi", 0.0001, -0.2, "subtracted twice"),
        (LA_PAMPA, "landsat8-oli", None, None, r"blue is darker than -0\.03"),
        (PORTO_VELHO, "landsat8-oli", 0.001, None, "nir lies outside"),
    ],
    ids=[
        "digital numbers", "ten times too large", "offset left in", "offset removed twice",
        "ten-thousandths read as Collection 2", "scale ten times too large",
    ],
)  # fmt: skip
def test_real_defects_are_refused_with_the_evidence(
    tmp_path: Path,
    name: str,
    sensor: str,
    scale: float | None,
    offset: float | None,
    evidence: str,
) -> None:
    """The message holds the figures that gave it away; nothing is written."""
    date = "1988-08-14" if sensor == "landsat5-tm" else "2019-07-27"

    with pytest.raises(ImageryError, match=evidence):
        _add(tmp_path / "scenes", name, sensor, date, scale=scale, offset=offset)

    assert not (tmp_path / "scenes").exists()


def test_a_series_without_crs_is_refused(tmp_path: Path) -> None:
    """26 layers of a vegetation index that do not say in which zone they lie."""
    bands = ("red", *["-"] * 25)

    with pytest.raises(ImageryError, match=r"no CRS; its upper left corner is 348480 -1415010"):
        _add(
            tmp_path / "scenes",
            "landsat_pv_series_26layers/landsat_pv_percent_26_layers.tif",
            "landsat5-tm",
            "1990-08-01",
            bands=bands,
            scale=0.01,
        )


def test_the_offset_of_a_real_sentinel_2_file_has_to_be_declared(tmp_path: Path) -> None:
    """The file does not say its baseline, so nothing is guessed."""
    with pytest.raises(SettingError, match="changed in 2022"):
        _add(tmp_path / "scenes", TROMBETAS, "sentinel2-msi", "2023-08-14", scale=0.0001)


def test_the_mine_floor_of_la_pampa_is_bright_and_its_forest_dark(tmp_path: Path) -> None:
    """In the southern hemisphere, on the grid of its own, with the hectares of the clip."""
    _add(tmp_path / "scenes", LA_PAMPA, "landsat8-oli", "2018-09-06", scale=0.0001)
    corners = ((-70.0105, -12.8990), (-69.9809, -12.8990), (-69.9809, -12.8717))
    ring = (*corners, (-70.0105, -12.8717), corners[0])
    site = worlds.site_of(((ring,),), "la-pampa")
    from reetrace.zoning import lay_grid

    grid = lay_grid(site)
    engine = LocalEngine([tmp_path / "scenes"], work=tmp_path / "work")

    composite = engine.composite(
        site,
        worlds.year(2018),
        grid,
        sensors=tables.landsat_for_year(2018),
        min_observations=1,
    )

    red, nir = decode_reflectance(engine.read(composite, ("red", "nir")))
    hectares = red.size * grid.pixel_area_m2 / 10_000
    assert grid.epsg == 32619
    assert grid.north_m < 0
    assert hectares == pytest.approx(992, abs=5)
    assert np.nanmedian(red[(nir - red) / (nir + red) > 0.7]) < 0.03
    assert np.nanmedian(red[:30, 70:]) > 0.15
