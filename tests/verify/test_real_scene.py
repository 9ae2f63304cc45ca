"""A real Sentinel-2 image of a bauxite port, where no rare earths are: all anomalies are false."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from reetrace.verify import ScreeningImage, screen
from reetrace.verify.band_depth import band_depth, centres_of
from reetrace.verify.masks import REASONS, set_aside
from tests.real_data import real

ROLE_OF = {
    "B2": "blue", "B3": "green", "B4": "red", "B5": "red-edge-1", "B6": "red-edge-2",
    "B7": "red-edge-3", "B8": "nir", "B8A": "nir-narrow", "B11": "swir1", "B12": "swir2",
}  # fmt: skip


@pytest.fixture(scope="module")
def port() -> tuple[ScreeningImage, ScreeningImage]:
    """The image with its offset of 0.1 removed, and the same one per cent brighter as a second."""
    import rasterio

    folder = real("sentinel2_porto_trombetas")
    with rasterio.open(folder / "S2_L2A_porto_trombetas_with_0p1_offset.tif") as source:
        bands = {
            ROLE_OF[name]: source.read(number).astype(np.float32) / 10_000 - 0.1
            for number, name in enumerate(source.descriptions, start=1)
            if name in ROLE_OF
        }
    first = ScreeningImage(
        "2020-01-01", "port", "sentinel-2a", tuple(bands), np.stack(list(bands.values()))
    )
    second = dataclasses.replace(
        first, date="2020-02-01", scene="port-again", reflectance=first.reflectance * 1.01
    )
    return first, second


def _polygons(kind: str, shape: tuple[int, int]) -> NDArray[np.bool_]:
    import geopandas
    import rasterio
    from rasterio.features import rasterize

    folder = real("sentinel2_porto_trombetas")
    with rasterio.open(folder / "S2_L2A_porto_trombetas_with_0p1_offset.tif") as source:
        transform = source.transform
    drawn = geopandas.read_file(folder / "training_polygons.gpkg")
    shapes = [(each, 1) for each in drawn[drawn["class"] == kind].geometry]
    return np.asarray(rasterize(shapes, out_shape=shape, transform=transform), dtype=np.bool_)


@pytest.mark.parametrize("kind", ["village", "dryout", "water"])
def test_village_mud_and_river_are_no_anomaly(
    port: tuple[ScreeningImage, ScreeningImage], kind: str
):
    """Roofs, red mud and river water, screened as if they were pits."""
    pits = _polygons(kind, port[0].reflectance.shape[1:])
    candidates = distance_transform_edt(~pits) * 10 >= 60

    check = screen(kind, port, pits, candidates, 10.0, seed=0)

    assert check.verdict != "SPECTRAL_ANOMALY"


def test_no_part_of_the_town_is_an_anomaly(port: tuple[ScreeningImage, ScreeningImage]):
    """Windows of half a kilometre over town and harbour, each against all the rest."""
    shape = port[0].reflectance.shape[1:]
    verdicts = []
    for top in range(0, shape[0] - 50, 60):
        for left in range(0, 100, 50):
            pits = np.zeros(shape, dtype=np.bool_)
            pits[top : top + 50, left : left + 50] = True
            candidates = distance_transform_edt(~pits) * 10 >= 60
            verdicts.append(screen("window", port, pits, candidates, 10.0, seed=0).verdict)

    assert len(verdicts) == 8
    assert "SPECTRAL_ANOMALY" not in verdicts


def test_the_masks_take_the_river_whose_depth_would_fake_neodymium(
    port: tuple[ScreeningImage, ScreeningImage],
):
    """Most river pixels are deeper than 0.02; every one of them is set aside."""
    image = port[0]
    bands = {
        role: image.reflectance[position].astype(np.float64)
        for position, role in enumerate(image.roles)
    }
    river = _polygons("water", image.reflectance.shape[1:])
    depth = band_depth(
        bands["red-edge-1"], bands["red-edge-2"], bands["red-edge-3"], centres_of("S2A")
    )

    aside = set_aside(bands)

    assert np.mean(depth[river] > 0.02) > 0.7
    assert np.mean(aside[river] == REASONS.index("water") + 1) > 0.99
