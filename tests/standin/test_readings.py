"""The engine's own graphs give the same under every reading of what nobody documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import ee
import numpy as np
import pytest

from reetrace import tables
from reetrace.core.raster import OBSERVATIONS
from reetrace.core.site import Site
from reetrace.engines.earthengine import composing, counting, listing, sampling
from reetrace.engines.earthengine.archive import ARCHIVES
from reetrace.engines.earthengine.trees import band_names
from tests import worlds
from tests.core.test_kernel import random_model
from tests.standin import StandIn, World
from tests.standin.offline import features, pixels, value
from tests.standin.readings import Readings, alternatives
from tests.standin.small import COLLECTION, image, layer, on_pixels, service

LEGEND = tables.legend("mine")
YEAR = worlds.year(2020)


def _cases() -> Iterator[Any]:
    for each in alternatives():
        turned = [f"{name} {choice}" for name, choice in vars(each).items()]
        usual = [f"{name} {choice}" for name, choice in vars(Readings()).items()]
        name = " ".join(one for one in turned if one not in usual)
        if name:
            yield pytest.param(each, id=name)


@dataclass(frozen=True)
class Ground:
    """A mine under some clouds, on a site that reaches beyond the scenes."""

    site: Site
    folder: Path


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Two dates of both instruments; one corner is never clear, one side has no scene."""
    bounds_m = (450_065.0, 2_859_305.0, 450_665.0, 2_859_895.0)
    site = worlds.site_of(worlds.rectangle(32647, bounds_m))
    folder = tmp_path_factory.mktemp("readings")
    fine = worlds.forest(rows=24, cols=16, west_m=450_015.0, north_m=2_859_975.0)
    fine = fine.dig(slice(4, 10), slice(4, 10)).cloud("2020-01-01", slice(0, 3), slice(0, 5))
    fine = fine.cloud("2020-02-01", slice(0, 12), slice(0, 16))
    worlds.write_landsat(folder, fine, ["2020-01-01", "2020-02-01"])
    coarse = worlds.forest(rows=36, cols=24, pixel_m=20.0, west_m=450_000.0, north_m=2_859_960.0)
    coarse = coarse.dig(slice(6, 15), slice(6, 15)).cloud("2020-01-01", slice(0, 4), slice(0, 7))
    worlds.write_sentinel(folder, coarse, ["2020-01-01", "2020-02-01"])
    return Ground(site, folder)


@cache
def _answers(ground: Ground, readings: Readings, sensor_id: str, pixel_m: float) -> dict[str, Any]:
    """Composite, values beneath places, map and counts, as the engine asks for them."""
    from reetrace.zoning import lay_grid

    backend = StandIn(World.from_catalogue(ground.folder), readings)
    sensor, archive = tables.sensor(sensor_id), ARCHIVES[sensor_id]
    grid = lay_grid(ground.site, pixel_m)
    listed = listing.read_scenes(
        features(backend, listing.scenes_of(ground.site, [sensor], YEAR.first, YEAR.last))
    )
    composite = composing.composite(listed, sensor, archive, grid, 1)
    model, _ = random_model(4, trees=4, features=len(sensor.roles), classes=2, depth=3)
    model = type(model)(**{**vars(model), "features": sensor.roles, "codes": (1, 2)})
    landcover = counting.landcover(composite, model, ground.site, grid)
    zones = worlds.zone_set(worlds.zone_of("z", "mine", ground.site.area_of_interest.geometry))
    # Every seventh pixel: some unseen, some beyond all scenes.
    rows, cols = (each.ravel()[::7] for each in np.indices(grid.shape))
    bands = band_names((*sensor.roles, OBSERVATIONS))
    beneath = features(backend, sampling.values_beneath(composite, bands[:-1], rows, cols, grid))
    where: dict[str, Any] = {"west": grid.west_m, "north": grid.north_m, "pixel": pixel_m}
    histograms = value(
        backend, counting.counts([[landcover]], [zones], LEGEND, ground.site, grid, 1)
    )
    return {
        "composite": pixels(backend, composite, rows=grid.rows, cols=grid.cols, **where).tolist(),
        "map": pixels(backend, landcover, rows=grid.rows, cols=grid.cols, **where).tolist(),
        "beneath": sampling.read_values(beneath, bands[:-1], rows.size).tolist(),
        "counts": counting.crosstab(histograms["z0c0"], zones, ["2020"], LEGEND).counts.tolist(),
        "shares": value(
            backend,
            composing.clear_pixels(listed, sensor, archive, grid, ground.site, 1),
        ),
    }


@pytest.mark.parametrize("readings", list(_cases()))
@pytest.mark.parametrize(
    ("sensor_id", "pixel_m"), [("landsat8-oli", 30.0), ("sentinel2-msi", 20.0)]
)
def test_the_engines_answers_do_not_depend_on_what_nobody_documents(
    ground: Ground, readings: Readings, sensor_id: str, pixel_m: float
):
    """Ties, unseen pixels, edges of composites, text of numbers: turned one at a time."""
    usual = _answers(ground, Readings(), sensor_id, pixel_m)

    turned = _answers(ground, readings, sensor_id, pixel_m)

    assert turned == usual


def test_there_is_something_that_could_differ(ground: Ground):
    """Pixels that no scene saw, pixels beyond every scene, and both classes."""
    usual = _answers(ground, Readings(), "landsat8-oli", 30.0)

    observed = {pixel[-1] for row in usual["composite"] for pixel in row}
    classes = {pixel[0] for row in usual["map"] for pixel in row}

    assert observed == {0, 1, 2}
    assert classes == {0, 1, 2, 255}


def _relying() -> dict[str, tuple[Any, Any]]:
    """By open question a graph that relies on it, and the question's other reading."""
    import ee

    scenes = ee.ImageCollection(COLLECTION)
    stumps = [f"1) root 9 9 9\n2) a<=9 9 9 {k} *\n3) a>9 9 9 {k} *" for k in (1, 2)]
    histogram = ee.Reducer.frequencyHistogram().unweighted()
    counted = image().reduceRegion(histogram, image().geometry(), **on_pixels())
    return {
        "tie": (image().classify(ee.Classifier.decisionTreeEnsemble(stumps)), "lowest"),
        "unseen_count": (scenes.count().mask(), "zero"),
        "whole_key": (counted, "double"),
        "composite_extent": (scenes.median().unmask(7).mask(), "union"),
        "listed_index": (ee.ImageCollection([image()]).first().get("system:index"), "kept"),
        "quotient": (image().divide(3), "double"),
        "middle": (scenes.median(), "single"),
        "properties": (image().add(1).get("system:index"), "kept"),
    }


@pytest.mark.parametrize("question", [each.name for each in fields(Readings)])
def test_every_reading_makes_a_difference_to_a_graph_that_relies_on_it(question: str):
    """Or turning it would show nothing."""
    relying, other = _relying()[question]
    usual = service(a=[[1, 0]])

    def answer(readings: Readings) -> Any:
        backend = StandIn(usual.world, readings)
        if isinstance(relying, ee.Image):
            found = layer(backend, relying, 1, 3)
            return found.dtype.name, found.tolist()
        return value(backend, relying)

    assert answer(replace(Readings(), **{question: other})) != answer(Readings())
