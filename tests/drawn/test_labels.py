"""The drawn labels: counts, strata, the panel, and errors where errors are likely."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray

from reetrace.core.grid import Grid
from reetrace.core.site import Site
from reetrace.registry import load_registry
from reetrace.registry.labels import load_labels
from reetrace.zoning import inside, lay_grid, pixel_of
from tests.drawn.reading import labels

IntArray = NDArray[np.int64]

YEARS = ("2005", "2010", "2015", "2020")


def _study_grid() -> tuple[Site, Grid]:
    site = load_registry().site("kachin-nujiang")
    return site, lay_grid(site)


def _pixels(document: dict[str, Any], grid: Grid) -> tuple[IntArray, IntArray]:
    return pixel_of(*_places(document), grid)


def _places(document: dict[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lonlat = np.array([each["geometry"]["coordinates"] for each in document["features"]])
    return lonlat[:, 0], lonlat[:, 1]


def _classes(document: dict[str, Any]) -> list[str]:
    return [each["properties"]["landcover"] for each in document["features"]]


@pytest.mark.parametrize("year", YEARS)
def test_training_points_are_as_many_as_the_studys(drawn_world: Path, year: str):
    """282 an epoch: 100 mine and 182 non-mine, said to be purposive and simulated."""
    document = labels(drawn_world, year)

    assert _classes(document).count("mine") == 100
    assert _classes(document).count("non-mine") == 182
    assert document["reetrace"]["design"] == "purposive"
    assert document["reetrace"]["simulated"] is True


@pytest.mark.parametrize("name", [*YEARS, *(f"{year}-sample" for year in YEARS)])
def test_the_registry_reads_the_drawn_labels(drawn_world: Path, name: str):
    """They pass the same checks as anybody's labels."""
    path = drawn_world / "labels" / "kachin-nujiang" / f"{name}.geojson"

    read = load_labels(path)

    assert read.simulated
    assert read.site == "kachin-nujiang"
    assert len(read.points) == (700 if "sample" in name else 282)


def test_points_lie_on_pixel_centres_inside_the_study_area(drawn_world: Path):
    """Each point stands for one 30 m pixel."""
    site, grid = _study_grid()
    area = inside(site, grid)
    for name in (*YEARS, "2020-sample"):
        longitudes, latitudes = _places(labels(drawn_world, name))
        rows, cols = pixel_of(longitudes, latitudes, grid)
        # A millionth of a degree is some 10 cm: a nudge must not leave the pixel.
        nudged = pixel_of(longitudes + 1e-6, latitudes - 1e-6, grid)
        assert area[rows, cols].all()
        assert len(set(zip(rows, cols, strict=True))) == rows.size
        assert np.array_equal(nudged, (rows, cols))


def test_no_two_training_points_touch(drawn_world: Path):
    """Neighbouring pixels share their light: they would leak from training to test."""
    _, grid = _study_grid()
    for year in YEARS:
        rows, cols = _pixels(labels(drawn_world, year), grid)
        apart = np.maximum(
            np.abs(rows[:, None] - rows[None, :]), np.abs(cols[:, None] - cols[None, :])
        )
        np.fill_diagonal(apart, 99)
        assert apart.min() >= 2


def test_training_points_fill_enough_blocks_to_hold_some_out(drawn_world: Path):
    """At least 60 blocks of 300 m have points, at least 15 of them mine points."""
    _, grid = _study_grid()
    for year in YEARS:
        document = labels(drawn_world, year)
        rows, cols = _pixels(document, grid)
        blocks = list(zip(rows // 10, cols // 10, strict=True))
        is_mine = [name == "mine" for name in _classes(document)]
        assert len(set(blocks)) >= 60
        assert len({block for block, mine in zip(blocks, is_mine, strict=True) if mine}) >= 15


def test_strata_add_up_to_the_area_of_interest(drawn_world: Path):
    """Whole pixels, none left over: the weights of the estimate are exact."""
    site, grid = _study_grid()
    pixels = int(inside(site, grid).sum())
    for year in YEARS:
        strata = labels(drawn_world, f"{year}-sample")["reetrace"]["strata"]
        counts = [stratum["area_m2"] / grid.pixel_area_m2 for stratum in strata]
        assert sum(round(count) for count in counts) == pixels
        assert counts == pytest.approx([round(count) for count in counts], abs=1e-6)


def test_the_sample_is_a_panel(drawn_world: Path):
    """The same places under the same ids in the same strata at every epoch."""
    documents = [labels(drawn_world, f"{year}-sample") for year in YEARS]
    panels = [
        [
            (each["properties"]["id"], each["properties"]["stratum"], each["geometry"])
            for each in document["features"]
        ]
        for document in documents
    ]

    assert panels[1:] == [panels[0]] * 3
    assert len({_tuple for _tuple, _, _ in panels[0]}) == 700


def test_the_strata_are_not_the_truth(drawn_world: Path, truth_folder: Path):
    """The outline of the workings holds other ground, and misses some of the mine."""
    document = labels(drawn_world, "2020-sample")
    truth = _true_mine(truth_folder, document, "2020")
    worked = np.array(
        [each["properties"]["stratum"].endswith("workings") for each in document["features"]]
    )

    assert truth[~worked].any()
    assert (~truth[worked]).sum() > 10


def test_the_interpreter_errs_seldom_and_not_in_the_deep_forest(
    drawn_world: Path, truth_folder: Path
):
    """Between one and forty of the 3,848 readings are wrong, none of them far from any mine."""
    wrong = 0
    for year in YEARS:
        for name in (year, f"{year}-sample"):
            document = labels(drawn_world, name)
            read = np.array([each == "mine" for each in _classes(document)])
            differs = read != _true_mine(truth_folder, document, year)
            strata = np.array(
                [each["properties"].get("stratum", "") for each in document["features"]]
            )
            wrong += int(differs.sum())
            assert not (differs & (strata == "rest")).any()

    assert 1 <= wrong <= 40


def _true_mine(truth_folder: Path, document: dict[str, Any], year: str) -> NDArray[np.bool_]:
    _, grid = _study_grid()
    rows, cols = _pixels(document, grid)
    with rasterio.open(truth_folder / f"mine-share-{year}.tif") as source:
        share = source.read(1)
    return np.asarray(share[rows, cols] > 100)
